#!/usr/bin/env python3
"""A spine segment runs from image and labels without help; vertebrae in the wrong place are refused."""
import csv
import json
import subprocess
import tempfile
import unittest
from pathlib import Path
from support import REAL_DATA, ROOT, CommandLine, calcar

LEVELS = "levels = { L2 = 11, L3 = 12, L4 = 13 }"


class Segment(CommandLine):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.made.cleanup)
        cls.phantom = Path(cls.made.name) / "phantom"
        code, _, err = calcar("phantom", "spine_segment", "-o", cls.phantom, "--voxel-mm", 2)
        assert code == 0, err
        cls.case = (cls.phantom / "case.toml").read_text()

    def write_case(self, *changes, more=""):
        """The phantom's case with texts replaced, standing alone, on its own voxels."""
        text = self.case[:self.case.index("[[activity]]")] + more
        if "[[activity]]" not in more:
            text += '[[activity]]\nname = "standing"\n'
        text += "\n[voxels]\nsize_mm = 2\n\n[output]\nfields = false\n"
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        path = self.phantom / f"case_{self._testMethodName}.toml"
        path.write_text(text)
        return path

    def check(self, activity, levels):
        self.assertLess(activity["equilibrium"]["force_error"], 1e-6)
        self.assertLess(activity["equilibrium"]["moment_error"], 1e-6)
        self.assertEqual([v["level"] for v in activity["vertebrae"]], levels)
        worst = max(activity["vertebrae"], key=lambda v: v["utilisation"])
        self.assertAlmostEqual(worst["utilisation"], activity["utilisation"], places=9)
        self.assertAlmostEqual(worst["fracture_load_N"], activity["fracture_load_N"], places=3)
        self.assertTrue(activity["location"]["words"].startswith(worst["level"] + ": "))

    def test_a_segment_runs_and_every_vertebra_is_judged(self):
        case = self.write_case(more='[[activity]]\nname = "standing"\n[[activity]]\nname = "compression_pmma_1000N"\n')
        code, out, err = calcar("run", case, "-o", self.folder / "out", "--json", "--ranks", 1)
        self.assertEqual(code, 0, err)
        results = json.loads(out)
        done = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                               "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                               self.folder / "out/results.json", ROOT / "cases/schema/results.schema.json"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(results["bone"]["kind"], "spine_segment")
        self.assertEqual(results["bone"]["level"], "L3")
        self.assertEqual([v["level"] for v in results["bone"]["vertebrae"]], ["L2", "L3", "L4"])
        for vertebra in results["bone"]["vertebrae"]:
            self.assertGreater(vertebra["volume_mm3"], 20000)
            self.assertIn("body_centre", vertebra["landmarks_lps_mm"])
        self.assertEqual([rig["name"] for rig in results["rigs"]], ["spine_segment_discs", "spine_segment_pmma_caps"])
        layers = "\n".join(results["rigs"][0]["layers"])
        for layer in ("half disc above", "half disc below", "disc L2-L3", "disc L3-L4", "left facet joint L2-L3",
                      "right facet joint L3-L4"):
            self.assertIn(layer, layers)
        self.assertIn("segment_validation", [w["code"] for w in results["warnings"]])
        self.assertNotIn("joint_absent", [w["code"] for w in results["warnings"]])
        self.assertEqual([v["name"] for v in results["variants"]], ["healthy twin", "as is"])
        for variant in results["variants"]:
            for activity in variant["activities"]:
                with self.subTest(variant["name"] + " " + activity["name"]):
                    self.check(activity, ["L2", "L3", "L4"])
        self.assertTrue(results["lesions"][0]["centre"]["words"].startswith("L3: "))
        # The lesion lies in L3 and weakens it more than its neighbours.
        twin, as_is = (v["activities"][0]["vertebrae"] for v in results["variants"])
        change = [b["utilisation"] / a["utilisation"] for a, b in zip(twin, as_is)]
        self.assertGreater(change[1], 1.02)
        self.assertGreater(change[1], max(change[0], change[2]))
        with open(self.folder / "out/summary.csv", newline="") as stream:
            row = list(csv.DictReader(stream))[-1]
        for level in ("L2", "L3", "L4"):
            self.assertGreater(float(row[f"utilisation_{level}"]), 0)
        self.assertTrue((self.folder / "out/landmarks.png").read_bytes().startswith(b"\x89PNG"))

    def test_swapped_labels_are_refused(self):
        case = self.write_case((LEVELS, "levels = { L2 = 12, L3 = 11, L4 = 13 }"))
        err = self.refused(3, "L3 lies above L2", "which label stands for which level",
                           words=("check", case))
        self.assertIn("case_", err)

    def test_a_vertebra_that_was_left_out_is_refused(self):
        case = self.write_case((LEVELS, "levels = { L2 = 11, L3 = 13 }"))
        self.refused(3, "mm apart", "missing between them", words=("check", case))

    def test_a_label_that_is_not_there_names_its_level(self):
        case = self.write_case((LEVELS, "levels = { L2 = 11, L3 = 12, L4 = 99 }"))
        self.refused(3, "L4: ", "99", words=("check", case))

    def test_a_mesh_of_a_segment_is_refused(self):
        case = self.write_case(('title = ', 'method = "mesh"\ntitle = '))
        self.refused(2, "spine segment", "method", "kind = \"vertebra\"", words=("check", case))
        self.refused(2, "a spine segment is not meshed", words=("mesh", self.write_case(), "-o", "out.vtu"))

    def test_gaps_and_keys_that_mean_nothing_are_refused_together(self):
        case = self.write_case((LEVELS, "levels = { L2 = 11, L4 = 13 }"), ('level = "L3"', 'side = "left"'))
        self.refused(2, "between L2 and L4", "gap", "side has no meaning", words=("check", case))

    def test_the_activities_of_a_segment_are_listed(self):
        lines = self.run_json("list", "activities", "spine_segment", "--json")
        names = [line["name"] for line in lines]
        for name in ("standing", "flexion", "lifting_10kg", "cough"):
            self.assertIn(name, names)
        case = self.write_case(more='[[activity]]\nname = "level_walking"\n')
        self.refused(2, "level_walking", "standing", words=("check", case))
        self.assertIn("spine_segment", [b["name"] for b in self.run_json("list", "bones", "--json")])

    @unittest.skipUnless((REAL_DATA / "abdomen_ct").is_dir(), f"the real bones are not in {REAL_DATA}")
    def test_three_real_vertebrae_whose_facets_the_voxels_fuse(self):
        folder = REAL_DATA / "abdomen_ct"
        case = self.write("real.toml", f"""
title = "L2 to L4"
[patient]
body_mass_kg = 75
[bone]
kind = "spine_segment"
image = "{folder}/ct.nii.gz"
mask = {{ file = "{folder}/labels.nii.gz", scheme = "totalsegmentator_v2", levels = ["L2", "L3", "L4"] }}
[calibration]
name = "air_fat_muscle"
[protocol]
name = "vertebra_kopperdahl"
convert_phantom = true
[voxels]
size_mm = 2
[output]
fields = false
[[activity]]
name = "standing"
""")
        code, out, err = calcar("run", case, "-o", self.folder / "real", "--json", "--ranks", 1)
        self.assertEqual(code, 0, err)
        results = json.loads(out)
        warnings = {w["code"] for w in results["warnings"]}
        self.assertIn("vertebrae_touch", warnings)
        self.assertNotIn("joint_absent", warnings)
        activity = results["variants"][-1]["activities"][0]
        self.check(activity, ["L2", "L3", "L4"])
        for vertebra in activity["vertebrae"]:
            self.assertGreater(vertebra["utilisation"], 0.05)
            self.assertLess(vertebra["utilisation"], 1.5)


if __name__ == "__main__":
    unittest.main()
