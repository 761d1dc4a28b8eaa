#!/usr/bin/env python3
"""Study mode through the program: a bar of known stiffness, reactions, fields, and what is refused."""
import json
import unittest
from support import CommandLine, calcar, read_nifti, write_nifti

CASE = """
title = "bar"
[bone]
modulus_image = "E.nii.gz"
poisson_ratio = 0.0
[[support]]
name = "bottom"
region = {{ file = "regions.nii.gz", label = 1, side = "-k" }}
fix = ["i", "j", "k"]
[[support]]
name = "top"
region = {{ file = "regions.nii.gz", label = 2, side = "+k" }}
{top}
{more}
"""


class Study(CommandLine):
    size = (4, 3, 10)

    def bar(self, top='fix = []\ndisplacement_mm = { k = -0.1 }', more="", moduli=None, labels=None, **options):
        ni, nj, nk = self.size
        count = ni * nj * nk
        write_nifti(self.folder / "E.nii.gz", self.size, moduli or [1000.0] * count, spacing=(0.5, 1, 2), **options)
        if labels is None:
            labels = [1 if n // (ni * nj) == 0 else 2 if n // (ni * nj) == nk - 1 else 0 for n in range(count)]
        write_nifti(self.folder / "regions.nii.gz", self.size, labels, spacing=(0.5, 1, 2), kind="uint8", **options)
        return self.write("case.toml", CASE.format(top=top, more=more))

    def test_a_bar_pressed_together_has_the_closed_form_reaction_and_fields(self):
        case = self.bar(more="[output]\nnifti = true\n")
        results = self.run_json("run", case, "-o", self.folder / "out", "--json")
        # E A / L * u = 1000 * (2 * 3) / 20 * 0.1 = 30 N
        reactions = {s["name"]: s["reaction_N"] for s in results["supports"]}
        self.assertAlmostEqual(reactions["top"][2], -30, places=5)
        self.assertAlmostEqual(reactions["bottom"][2], 30, places=5)
        self.assertEqual(results["axes"], "ijk")
        self.assertEqual(results["solver"]["unknowns"], 3 * 5 * 4 * 11)
        self.assertLessEqual(results["solver"]["relative_residual"], 1e-8)
        self.assertAlmostEqual(results["study"]["strain_energy_Nmm"], 0.5 * 30 * 0.1, places=6)
        size, energy = read_nifti(self.folder / "out/fields/strain_energy_density_MPa.nii.gz")
        self.assertEqual(tuple(size), self.size)
        for value in energy:
            self.assertAlmostEqual(value, 0.5 * 1000 * 0.005**2, places=7)
        for name in ("results.json", "summary.csv", "provenance.json", "case_resolved.toml", "log.jsonl", "fields/study.vti"):
            self.assertTrue((self.folder / "out" / name).is_file(), name)
        saved = json.loads((self.folder / "out/results.json").read_text())
        self.assertEqual(saved["supports"], results["supports"])

    def test_the_answer_does_not_depend_on_the_orientation_in_the_affine(self):
        case = self.bar()
        plain = self.run_json("run", case, "-o", self.folder / "a", "--json")
        turned = [[0, -1, 0, 7], [0.5, 0, 0, 3], [0, 0, 2, 1]]
        self.bar(affine=turned)
        other = self.run_json("run", case, "-o", self.folder / "b", "--json")
        for a, b in zip(plain["supports"], other["supports"]):
            for x, y in zip(a["reaction_N"], b["reaction_N"]):
                self.assertAlmostEqual(x, y, places=6)

    def test_a_force_on_a_region_is_carried_by_the_support(self):
        case = self.bar(top='fix = ["i", "j"]', more="""
[[force]]
name = "press"
region = { file = "regions.nii.gz", label = 2, side = "+k" }
force_N = { k = -12.5 }
""")
        results = self.run_json("run", case, "-o", self.folder / "out", "--json", "--ranks", "1")
        reactions = {s["name"]: s["reaction_N"] for s in results["supports"]}
        self.assertAlmostEqual(reactions["bottom"][2], 12.5, places=5)

    def test_ranks_agree(self):
        case = self.bar(moduli=[500.0 + 37 * (n % 11) for n in range(120)], more="[solver]\nrelative_residual = 1e-12\n")
        alone = self.run_json("run", case, "-o", self.folder / "a", "--json", "--ranks", "1")
        three = self.run_json("run", case, "-o", self.folder / "b", "--json", "--ranks", "3")
        for a, b in zip(alone["supports"], three["supports"]):
            for x, y in zip(a["reaction_N"], b["reaction_N"]):
                self.assertAlmostEqual(x, y, delta=1e-9 * 30)

    def test_loose_pieces_are_dropped_with_a_warning_and_refused_when_loaded(self):
        ni, nj, nk = self.size
        moduli = [0.0 if (n // (ni * nj)) == 5 else 1000.0 for n in range(ni * nj * nk)]
        labels = [1 if n // (ni * nj) == 0 else 2 if n // (ni * nj) == 4 else 3 if n // (ni * nj) == 9 else 0
                  for n in range(ni * nj * nk)]
        case = self.bar(moduli=moduli, labels=labels)
        results = self.run_json("run", case, "-o", self.folder / "out", "--json")
        self.assertIn("loose_pieces_dropped", [w["code"] for w in results["warnings"]])
        self.assertEqual(results["solver"]["voxels"], 5 * ni * nj)
        self.bar(moduli=moduli, labels=labels, more="""
[[force]]
region = { file = "regions.nii.gz", label = 3, side = "+k" }
force_N = { k = -1 }
""")
        self.refused(3, "loaded but touches no support", words=("run", case, "-o", "out2"))
        self.assertFalse((self.folder / "out2").exists())

    def test_a_free_motion_is_named(self):
        case = self.bar(top="displacement_mm = { k = -0.1 }")
        text = case.read_text().replace('fix = ["i", "j", "k"]', 'fix = ["k"]')
        case.write_text(text)
        self.refused(3, "translation along i", words=("run", case, "-o", "out"))

    def test_an_axis_both_fixed_and_moved_is_refused(self):
        case = self.bar(top='fix = ["k"]\ndisplacement_mm = { k = -0.1 }')
        self.refused(2, "case.toml", "both in fix and in displacement_mm", words=("run", case, "-o", "out"))

    def test_wrong_regions_are_refused_with_the_labels_there_are(self):
        case = self.bar()
        case.write_text(case.read_text().replace("label = 2", "label = 7"))
        self.refused(3, "label 7", "labels 1, 2", words=("run", case, "-o", "out"))
        case = self.bar()
        case.write_text(case.read_text().replace('side = "+k"', 'side = "k"'))
        self.refused(2, 'unknown side "k"', "+k", words=("run", case, "-o", "out"))
        case = self.bar()
        ni, nj, nk = self.size
        write_nifti(self.folder / "regions.nii.gz", (nj, ni, nk), [1] * (ni * nj * nk), spacing=(1, 0.5, 2), kind="uint8")
        self.refused(3, "regions.nii.gz", "size", words=("run", case, "-o", "out"))

    def test_bad_moduli_are_refused_with_the_voxel(self):
        moduli = [1000.0] * 120
        moduli[17] = -5.0
        self.refused(3, "-5 MPa", "voxel (1, 1, 1)", words=("run", self.bar(moduli=moduli), "-o", "out"))
        self.refused(3, "every modulus is 0", words=("run", self.bar(moduli=[0.0] * 120), "-o", "out"))
        moduli[17] = float("nan")
        self.refused(3, "E.nii.gz", "NaN", words=("run", self.bar(moduli=moduli), "-o", "out"))

    def test_a_study_without_support_or_load_is_refused(self):
        case = self.bar(top='fix = ["i"]')
        self.refused(2, "nothing loads the body", words=("run", case, "-o", "out"))
        case.write_text('[bone]\nmodulus_image = "E.nii.gz"\npoisson_ratio = 0.3\n')
        self.refused(2, "no [[support]]", words=("run", case, "-o", "out"))

    def test_a_solver_that_may_not_iterate_enough_says_so(self):
        case = self.bar(moduli=[500.0 + 37 * (n % 11) for n in range(120)],
                        more="[solver]\nmax_iterations = 1\nrelative_residual = 1e-13\n")
        code, _, err = calcar("run", case, "-o", self.folder / "out")
        self.assertEqual(code, 5, err)
        self.assertIn("not converged", err)
        self.assertFalse((self.folder / "out").exists())
        self.assertEqual([p.name for p in self.folder.iterdir() if "part" in p.name], [])


if __name__ == "__main__":
    unittest.main()
