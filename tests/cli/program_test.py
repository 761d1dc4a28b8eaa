#!/usr/bin/env python3
"""The program's words: help, unknown things, lists, init, info, exit codes."""
import json
import unittest
from support import CommandLine, calcar, write_nifti


class Program(CommandLine):
    def test_help_of_the_program_and_of_every_command(self):
        code, out, _ = calcar("--help")
        self.assertEqual(code, 0)
        commands = [line.split()[0] for line in out.splitlines() if line.startswith("  ")]
        self.assertEqual(commands, ["run", "check", "info", "phantom", "mesh", "compare", "list", "init"])
        for command in commands:
            code, text, _ = calcar(command, "--help")
            self.assertEqual(code, 0)
            self.assertIn("usage: calcar " + command, text)
            self.assertIn("example:\n  calcar " + command, text)

    def test_no_command_shows_the_overview_and_is_an_error(self):
        code, _, err = calcar()
        self.assertEqual(code, 2)
        self.assertIn("usage: calcar", err)

    def test_unknown_commands_and_options_are_suggested(self):
        self.refused(2, 'unknown command "rnu"', 'did you mean "run"?', words=["rnu"])
        self.refused(2, "unknown option", 'did you mean "--overwrite"?', words=["run", "case.toml", "--overwrit"])
        self.refused(2, "missing CASE", "calcar run CASE", words=["run"])
        self.refused(2, "too many words", words=["check", "a", "b"])
        self.refused(2, "--ranks is 0", words=["run", "case.toml", "--ranks", "0"])

    def test_a_missing_case_file_is_named(self):
        self.refused(2, "nothing.toml: no such file", words=["run", "nothing.toml"])
        self.refused(2, "nothing.toml: no such file", words=["check", "nothing.toml"])

    def test_errors_can_be_read_by_a_program(self):
        code, out, _ = calcar("check", "nothing.toml", "--json", cwd=self.folder)
        self.assertEqual(code, 2)
        errors = json.loads(out)
        self.assertEqual(errors["exit_code"], 2)
        self.assertEqual(errors["errors"][0]["place"], "nothing.toml")

    def test_lists(self):
        for what in ("laws", "strengths", "strain_limits", "ash_conversions", "criteria", "protocols", "tissues", "alloys",
                     "bones", "activities", "rigs", "landmarks"):
            code, out, err = calcar("list", what)
            self.assertEqual(code, 0, err)
            self.assertTrue(out.strip(), what)
            entries = self.run_json("list", what, "--json")
            self.assertTrue(all(entry["name"] for entry in entries))
        self.assertIn("morgan2003_femoral_neck", calcar("list", "laws")[1])
        self.assertIn("unconfirmed", calcar("list", "laws")[1])
        self.assertIn("femoral_head_centre", calcar("list", "landmarks", "femur")[1])
        self.refused(2, 'unknown list "lawz"', 'did you mean "laws"?', words=["list", "lawz"])
        self.refused(2, 'unknown bone "femurr"', 'did you mean "femur"?', words=["list", "landmarks", "femurr"])

    def test_init_writes_a_template_that_checks_but_for_its_files(self):
        code, out, _ = calcar("init", "case.toml", cwd=self.folder)
        self.assertEqual(code, 0)
        self.refused(3, "labels.nii.gz" if (self.folder / "ct.nii.gz").exists() else "ct.nii.gz", words=["check", "case.toml"])
        self.refused(2, "the file exists", words=["init", "case.toml"])

    def test_info_tells_grid_values_and_labels(self):
        write_nifti(self.folder / "labels.nii.gz", (3, 4, 5), [0] * 30 + [2] * 20 + [7] * 10, spacing=(1, 2, 3), kind="uint8")
        info = self.run_json("info", self.folder / "labels.nii.gz", "--json")
        self.assertEqual(info["kind"], "labels")
        self.assertEqual(info["grid"]["size"], [3, 4, 5])
        self.assertEqual([(l["label"], l["voxels"]) for l in info["labels"]], [(2, 20), (7, 10)])
        # NIfTI is RAS, Calcar LPS: the first axis points to the patient's right.
        self.assertEqual(info["grid"]["axes_lps"][0], [-1, 0, 0])
        code, out, _ = calcar("info", self.folder / "labels.nii.gz")
        self.assertIn("label 2: 20 voxels", out)
        self.refused(3, "no_file.nii.gz", words=["info", "no_file.nii.gz"])

    def test_phantom_refuses_what_it_cannot_make(self):
        self.refused(2, 'no synthetic "tibja"', 'did you mean "tibia"?', words=["phantom", "tibja", "-o", "x"])
        self.refused(2, '--side is "lfet"', 'did you mean "left"?', words=["phantom", "femur", "-o", "x", "--side", "lfet"])
        self.refused(2, "missing output", words=["phantom", "femur"])


if __name__ == "__main__":
    unittest.main()
