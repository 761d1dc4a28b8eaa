#!/usr/bin/env python3
"""PETSc beside the voxel engine: its Krylov solvers with their own options, and the check against MUMPS."""
import json
import re
import unittest
from support import ROOT, CommandLine, calcar, write_nifti

BAR = ROOT / "cases/examples/03_study_bar.toml"
MONITOR = re.compile(r"^ +\d+ KSP Residual norm [0-9.e+-]+ *$", re.MULTILINE)

CUBE = """
[bone]
modulus_image = "E.nii.gz"
poisson_ratio = 0.3
[[support]]
name = "bottom"
region = { file = "regions.nii.gz", label = 1, side = "-k" }
fix = ["i", "j", "k"]
[[support]]
name = "top"
region = { file = "regions.nii.gz", label = 2, side = "+k" }
displacement_mm = { k = -0.1 }
"""


class Solver(CommandLine):
    def cube(self, edge):
        count = edge**3
        write_nifti(self.folder / "E.nii.gz", (edge, edge, edge), [1000.0 + n % 7 for n in range(count)])
        labels = [1] * edge**2 + [0] * (count - 2 * edge**2) + [2] * edge**2
        write_nifti(self.folder / "regions.nii.gz", (edge, edge, edge), labels, kind="uint8")
        return self.write("cube.toml", CUBE)

    def reactions(self, results):
        return [x for support in results["supports"] for x in support["reaction_N"]]

    def test_petsc_gives_the_same_answer_and_its_monitor_leaves_json_alone(self):
        own = self.run_json("run", BAR, "-o", self.folder / "own", "--json")
        code, out, err = calcar("run", BAR, "-o", self.folder / "petsc", "--json", "--petsc",
                                "-ksp_type cg -ksp_monitor -ksp_converged_reason")
        self.assertEqual(code, 0, err)
        petsc = json.loads(out)
        for a, b in zip(self.reactions(own), self.reactions(petsc)):
            self.assertAlmostEqual(a, b, delta=1e-5)
        self.assertLessEqual(petsc["solver"]["relative_residual"], 1e-8)
        lines = MONITOR.findall(err)
        self.assertEqual(len(lines), petsc["solver"]["iterations"] + 1, err)
        self.assertIn("converged due to CONVERGED_RTOL", err)
        self.assertNotIn("check", petsc["solver"])

    def test_the_monitor_writes_to_stdout_as_petsc_does(self):
        code, out, err = calcar("run", BAR, "-o", self.folder / "out", "--petsc", "-ksp_monitor", "--ranks", "2")
        self.assertEqual(code, 0, err)
        self.assertGreater(len(MONITOR.findall(out)), 2, out)
        self.assertIn("strain energy", out)
        self.assertEqual(MONITOR.findall(err), [])
        provenance = json.loads((self.folder / "out/provenance.json").read_text())
        self.assertIn('--petsc "-ksp_monitor"'.replace('"', ""), provenance["command"].replace('"', ""))

    def test_options_that_look_like_our_own_reach_petsc(self):
        # -o and -v are ours; behind --petsc a word is PETSc's, whatever it begins with.
        err = self.refused(2, "-options_left", words=("run", BAR, "-o", "out", "--petsc", "-options_left"))
        self.assertIn("does not know -options_left", err)
        self.refused(2, "does not know -version", words=("run", BAR, "-o", "out", "--petsc=-version"))
        self.assertFalse((self.folder / "out").exists())

    def test_every_instruction_set_gives_the_same_answer(self):
        self.cube(24)
        case = self.write("exact.toml", CUBE + "[solver]\nrelative_residual = 1e-12\n")
        answers = {}
        for name in ("sse2", "avx2", "avx512"):
            code, out, err = calcar("run", case, "-o", self.folder / name, "--json", "-v", environment={"CALCAR_ISA": name})
            if code == 2 and name != "sse2":
                self.assertIn(f'CALCAR_ISA is "{name}"', err)  # this processor lacks it
                continue
            self.assertEqual(code, 0, err)
            self.assertIn(f"kernels: {name}", err)
            results = json.loads(out)
            answers[name] = [max(map(abs, self.reactions(results))), results["study"]["strain_energy_Nmm"],
                             results["study"]["smallest_principal_strain"], results["study"]["largest_displacement_mm"]]
        for name, answer in answers.items():
            for a, b in zip(answers["sse2"], answer):
                self.assertAlmostEqual(a / b, 1, delta=1e-10, msg=name)

    def test_an_unknown_instruction_set_is_refused_before_anything_is_computed(self):
        out = self.folder / "out"
        code, _, err = calcar("run", BAR, "-o", out, environment={"CALCAR_ISA": "neon"})
        self.assertEqual(code, 2, err)
        for part in ('CALCAR_ISA is "neon"', "sse2", "leave it unset"):
            self.assertIn(part, err)
        self.assertFalse(out.exists())

    def test_the_solution_is_checked_against_the_assembled_matrix(self):
        for ranks in ("1", "3"):
            for extra in ((), ("--petsc", "-ksp_type fcg")):
                out = self.folder / f"out{ranks}{len(extra)}"
                code, text, err = calcar("run", BAR, "-o", out, "--json", "--check-solver", "--ranks", ranks, *extra)
                self.assertEqual(code, 0, err)
                self.assertIn("checked against the assembled matrix", err)
                check = json.loads(text)["solver"]["check"]
                for name in ("displacement_difference", "reaction_difference", "energy_difference"):
                    self.assertLess(check[name], 1e-5, name)
                self.assertEqual(check["unknowns"], json.loads(text)["solver"]["unknowns"])
                saved = json.loads((out / "results.json").read_text())
                self.assertEqual(saved["solver"]["check"], check)
                self.assertEqual(saved["variants"][0]["solver"]["check"], check)

    def test_a_body_too_large_to_check_is_refused_before_it_is_solved(self):
        case = self.cube(32)
        self.refused(2, "--check-solver", "107811 unknowns", "at most 100000", "larger voxels",
                     words=("run", case, "-o", "out", "--check-solver"))
        self.assertFalse((self.folder / "out").exists())

    def test_malformed_options_are_refused_before_the_ranks_start(self):
        for words, part in (("ksp_monitor", '"ksp_monitor" is neither an option nor the value of one'),
                            ("-ksp_type cg fast", '"fast" is neither'), ("", "no option is given"),
                            ("-options_file x", "-options_file is not possible here")):
            err = self.refused(2, "--petsc", part, "for example", words=("run", BAR, "-o", "out", "--petsc", words))
            self.assertNotIn("solve", err.split("error")[0])
        self.refused(2, "--petsc", "missing", words=("run", BAR, "-o", "out", "--petsc"))

    def test_unknown_options_and_types_are_named(self):
        for ranks in ("1", "2"):
            for words, part in (("-ksp_monotor", "does not know -ksp_monotor"),
                                ("-ksp_type cg -ksp_gmres_restart 9", "does not know -ksp_gmres_restart"),
                                ("-ksp_type fast", "Unable to find requested KSP type fast"),
                                ("-ksp_max_it many", "PETSc refuses the options")):
                self.refused(2, "--petsc", part,
                             words=("run", BAR, "-o", "out", "--ranks", ranks, "--petsc", words))
        self.assertFalse((self.folder / "out").exists())

    def test_a_krylov_solver_that_does_not_converge_is_told_with_petscs_reason(self):
        self.refused(5, "DIVERGED_ITS", "after 2 iterations",
                     words=("run", BAR, "-o", "out", "--petsc", "-ksp_max_it 2"))


if __name__ == "__main__":
    unittest.main()
