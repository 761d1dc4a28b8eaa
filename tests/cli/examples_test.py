#!/usr/bin/env python3
"""Every example runs, and the installed program finds its data."""
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path
from support import CALCAR, REAL_DATA, ROOT, CommandLine, calcar

EXAMPLES = sorted((ROOT / "cases/examples").glob("*.toml"))


class Examples(CommandLine):
    def test_every_example_runs(self):
        folder = self.folder / "examples"
        shutil.copytree(ROOT / "cases/examples", folder, ignore=shutil.ignore_patterns("phantom"))
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", "3", "-o", folder / "phantom")
        self.assertEqual(code, 0, err)
        self.assertGreaterEqual(len(EXAMPLES), 3)
        for example in EXAMPLES:
            with self.subTest(example.name):
                case = folder / example.name
                text = case.read_text()
                if "shared/data" in text:
                    if not REAL_DATA.is_dir():
                        print(f"skipped {example.name}: the real bones are not at {REAL_DATA}")
                        continue
                    text = text.replace("../../../shared/data", str(REAL_DATA))
                # Coarse voxels: here the example's words are tested, not its figures.
                text = text.replace("size_mm = 1.0", "size_mm = 3.0")
                if "phantom/" in text:
                    text += "\n[voxels]\nsize_mm = 3.0\n"
                case.write_text(text)
                results = self.run_json("run", case, "-o", folder / (example.stem + ".out"), "--json")
                self.assertEqual(results["schema"], "calcar-results/1")

    def test_the_bar_has_the_force_that_its_comment_states(self):
        results = self.run_json("run", ROOT / "cases/examples/03_study_bar.toml", "-o", self.folder / "out", "--json")
        reactions = {s["name"]: s["reaction_N"] for s in results["supports"]}
        self.assertAlmostEqual(reactions["bottom"][2], 36 * 0.01 / (18 / 1e4 + 2 / 1e3), places=5)

    def test_the_template_is_a_valid_case_but_for_its_files(self):
        shutil.copy(ROOT / "cases/template.toml", self.folder / "case.toml")
        self.refused(3, "ct.nii.gz", words=("check", "case.toml"))

    def test_an_installed_program_finds_its_own_data(self):
        build = Path(CALCAR).resolve().parents[1]
        prefix = self.folder / "prefix"
        done = subprocess.run(["cmake", "--install", build, "--prefix", prefix], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        program = prefix / "bin/calcar"
        law = prefix / "share/calcar/materials/density_elasticity/morgan2003_femoral_neck.toml"
        (law.parent / "mine.toml").write_text(law.read_text().replace('name = "morgan2003_femoral_neck"', 'name = "mine"'))
        listed = subprocess.run([program, "list", "laws"], capture_output=True, text=True)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("mine", listed.stdout)
        # Moved as a whole, it still finds them; and CALCAR_DATA chooses others.
        moved = self.folder / "moved"
        prefix.rename(moved)
        self.assertIn("mine", subprocess.run([moved / "bin/calcar", "list", "laws"], capture_output=True, text=True).stdout)
        chosen = subprocess.run([moved / "bin/calcar", "list", "laws"], capture_output=True, text=True,
                                env={**os.environ, "CALCAR_DATA": str(ROOT)})
        self.assertNotIn("mine", chosen.stdout)


if __name__ == "__main__":
    unittest.main()
