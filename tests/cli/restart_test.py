#!/usr/bin/env python3
"""A path to fracture that is broken off and gone on with: run --resume, and what is refused."""
import json
import os
import shutil
import signal
import subprocess
import time
import unittest
from fracture_test import HEAD, VOXEL_MM
from support import CALCAR, CommandLine, calcar

FOLLOW = "[fracture_load]\nkeep = \"{keep}\"\nstep = 0.2\nend_at = 0.97\n{more}"


class Restart(CommandLine):
    def setUp(self):
        super().setUp()
        code, _, err = calcar("phantom", "femur", "--side", "left", "--piece", "proximal", "--voxel-mm", VOXEL_MM, "-o",
                              self.folder / "femur")
        self.assertEqual(code, 0, err)

    def case(self, keep="last", more="", name="case.toml"):
        return self.write(name, HEAD + FOLLOW.format(keep=keep, more=more))

    def path_in(self, name):
        results = json.loads((self.folder / name / "results.json").read_text())
        return results["variants"][0]["fracture"][0]

    def run_it(self, case, *options):
        code, _, err = calcar("run", case, *options, "--ranks", "1")
        self.assertEqual(code, 0, err)
        return err

    def kept(self, folder):
        return sorted(int(p.stem[-4:]) for p in (self.folder / folder).glob("*.path"))

    def break_off(self, case, name, step):
        """Runs until so many steps are kept, then kills."""
        with open(os.devnull, "w") as nothing:
            run = subprocess.Popen([CALCAR, "run", case, "-o", self.folder / name, "--ranks", "1"], stdout=nothing,
                                   stderr=nothing)
        until = time.monotonic() + 300
        while not any(n >= step for n in self.kept(name + ".unfinished")):
            self.assertIsNone(run.poll(), "it ended before it could be killed")
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.wait()

    def assert_same(self, path, whole, steps=True):
        self.assertTrue(path["peak_reached"])
        self.assertAlmostEqual(path["ultimate_load"] / whole["ultimate_load"], 1, delta=2e-3)
        self.assertAlmostEqual(path["energy_to_peak_J"] / whole["energy_to_peak_J"], 1, delta=2e-2)
        self.assertEqual(path["begins_at"]["words"], whole["begins_at"]["words"])
        if steps:
            self.assertLess(abs(len(path["steps"]) - len(whole["steps"])), 3)

    def test_a_killed_run_goes_on_to_the_same_load_on_one_rank_and_on_two(self):
        case = self.case()
        self.run_it(case, "-o", self.folder / "whole")
        whole = self.path_in("whole")
        self.assertEqual(whole["resumed_at_step"], 0)
        self.assertEqual(self.kept("whole/paths"), [len(whole["steps"])])
        self.break_off(case, "one", 4)
        self.assertFalse((self.folder / "one").exists())
        stood = self.kept("one.unfinished")[-1]
        shutil.copytree(self.folder / "one.unfinished", self.folder / "two.unfinished")
        self.refused(2, "one.unfinished", "--resume", "--overwrite",
                     words=["run", case, "-o", self.folder / "one", "--ranks", "1"])
        err = self.run_it(case, "--resume", self.folder / "one")
        self.assertIn(f"goes on from step {stood}", err)
        path = self.path_in("one")
        self.assertEqual(path["resumed_at_step"], stood)
        self.assert_same(path, whole)
        self.assertFalse((self.folder / "one.unfinished").exists())
        done = subprocess.run(["mpirun", "--oversubscribe", "-n", "2", CALCAR, "run", case, "--resume",
                               self.folder / "two"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(self.path_in("two"), whole)

    def test_a_finished_path_is_followed_farther_and_again_from_a_step_that_is_named(self):
        self.run_it(self.case("all", "largest_displacement_mm = 1.1\n"), "-o", self.folder / "short")
        short = self.path_in("short")
        self.assertFalse(short["peak_reached"])
        self.assertEqual(self.kept("short/paths"), list(range(1, len(short["steps"]) + 1)))
        farther = self.case("last", name="farther.toml")
        self.run_it(farther, "-o", self.folder / "whole")
        whole = self.path_in("whole")
        self.run_it(farther, "--resume", self.folder / "short", "-o", self.folder / "long")
        path = self.path_in("long")
        self.assertEqual(path["resumed_at_step"], len(short["steps"]))
        self.assertEqual(path["steps"][:len(short["steps"])], short["steps"])
        self.assert_same(path, whole)
        self.run_it(farther, "--resume", self.folder / "short", "--from-step", "2", "-o", self.folder / "second")
        path = self.path_in("second")
        self.assertEqual(path["resumed_at_step"], 2)
        self.assert_same(path, whole)
        # A path that has come to its end stands there: nothing of it is computed again.
        self.run_it(farther, "--resume", self.folder / "long", "-o", self.folder / "same")
        self.assertEqual(self.path_in("same")["steps"], self.path_in("long")["steps"])

    def test_what_cannot_be_gone_on_with_is_refused_in_words(self):
        short = "largest_displacement_mm = 0.3\n"
        case = self.case("last", short)
        run = ["run", case, "--ranks", "1"]
        self.refused(2, "--from-step", "--resume RESULTS", words=run + ["-o", "out", "--from-step", "3"])
        self.refused(2, "--resume nowhere", "no path is kept there", words=run + ["--resume", "nowhere"])
        self.refused(2, "keep", "none", "last", "all", words=["run", self.case("some", name="bad.toml"), "-o", "out"])
        self.run_it(case, "-o", self.folder / "out")
        without = self.write("without.toml", HEAD)
        self.refused(2, "--resume", "without [fracture_load]",
                     words=["run", without, "--resume", self.folder / "out", "-o", "new", "--ranks", "1"])
        heavier = self.write("heavier.toml", (self.folder / "case.toml").read_text().replace("= 70", "= 80"))
        again = ["--resume", self.folder / "out", "-o", self.folder / "new", "--ranks", "1"]
        self.refused(3, "not that of this case", "the load", words=["run", heavier] + again)
        law = self.case("last", short + "law = \"drucker_prager\"\n", name="law.toml")
        self.refused(3, "not that of this case", "how it yields", words=["run", law] + again)
        file = next((self.folder / "out/paths").glob("*.path"))
        whole = file.read_bytes()
        file.write_bytes(whole[:len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1:])
        self.refused(3, file.name, "damaged", "checksum", words=["run", case] + again)
        file.write_bytes(whole[:len(whole) // 2])
        self.refused(3, file.name, "not whole", words=["run", case] + again)


if __name__ == "__main__":
    unittest.main()
