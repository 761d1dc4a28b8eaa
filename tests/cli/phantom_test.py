#!/usr/bin/env python3
"""`calcar phantom BONE`: every bone, adult and child, what the scanner makes of it, and what is refused."""
import json
import tomllib
import unittest
from support import CommandLine, calcar, read_nifti

# Bone, coarse voxel size in mm, whether it has a side, its levels' example.
BONES = [("femur", 5, True, None), ("tibia", 5, True, None), ("humerus", 5, True, None), ("vertebra", 2.5, False, "L1"),
         ("pelvis", 5, True, None), ("rib", 2, True, "5"), ("skull", 5, False, None)]


class Phantom(CommandLine):
    def make(self, bone, *options, name="p", runs=True):
        """Makes a phantom; its folder, case and truth. Of some pieces no activity is possible: such a case does not run."""
        folder = self.folder / name
        code, out, err = calcar("phantom", bone, "-o", folder, *options)
        self.assertEqual(code, 0, err)
        self.assertIn("run it: calcar run" if runs else "no activity that comes with Calcar is possible", out)
        return folder, tomllib.loads((folder / "case.toml").read_text()), json.loads((folder / "truth.json").read_text())

    def refuse(self, *parts, words):
        return self.refused(2, *parts, words=["phantom", *words, "-o", "x"])

    def landmarks_of(self, bone):
        code, out, err = calcar("list", "landmarks", bone)
        self.assertEqual(code, 0, err)
        return sorted(out.split())

    def test_every_bone_of_an_adult_has_a_case_with_lesion_and_activities(self):
        for bone, voxel, has_side, level in BONES:
            with self.subTest(bone):
                options = [*(["--side", "right"] if has_side else []), *(["--level", level] if level else [])]
                folder, case, truth = self.make(bone, "--voxel-mm", voxel, *options, name=bone)
                self.assertEqual(case["bone"]["kind"], bone)
                self.assertEqual(case["bone"].get("side"), "right" if has_side else None)
                self.assertEqual(truth["side"], "right" if has_side else "midline")
                self.assertEqual(case["bone"].get("level"), level)
                self.assertEqual(case["bone"]["mask"], {"file": "labels.nii.gz", "label": 1})
                self.assertTrue(truth["whole"])
                self.assertEqual(len(case["lesion"]), 1)
                self.assertIn(case["lesion"][0]["centre"]["landmark"], truth["landmarks_lps_mm"])
                self.assertGreaterEqual(len(case["activity"]), 2)
                known = self.landmarks_of(bone)
                self.assertEqual(sorted([*truth["landmarks_lps_mm"], *truth["absent"]]), known)
                size, values = read_nifti(folder / "density.nii.gz")
                labels_size, labels = read_nifti(folder / "labels.nii.gz")
                self.assertEqual(size, labels_size)
                self.assertGreater(sum(1 for l in labels if l == 1), 500)
                self.assertGreater(max(values), 300)

    def test_a_child_has_growth_plates_in_labels_and_case(self):
        for bone, voxel in (("femur", 3), ("tibia", 3), ("humerus", 3)):
            with self.subTest(bone):
                folder, case, _ = self.make(bone, "--age-years", 9, "--sex", "female", "--voxel-mm", voxel, name=bone)
                self.assertEqual(case["bone"]["mask"]["labels"], [1, 2])
                self.assertEqual(case["bone"]["growth_plates"], {"file": "labels.nii.gz", "label": 2})
                self.assertEqual(case["patient"]["age_years"], 9)
                self.assertEqual(case["patient"]["sex"], "female")
                self.assertLess(case["patient"]["height_m"], 1.45)
                self.assertNotIn("lesion", case)
                self.assertIn(2, set(read_nifti(folder / "labels.nii.gz")[1]))

    def test_a_spine_segment_has_each_vertebra_with_its_label_landmarks_and_discs(self):
        folder, case, truth = self.make("spine_segment", "--voxel-mm", 2.5)
        self.assertEqual(case["bone"], {"kind": "spine_segment", "level": "L3", "image": "density.nii.gz",
                                        "mask": {"file": "labels.nii.gz", "levels": {"L2": 11, "L3": 12, "L4": 13}}})
        self.assertEqual(case["lesion"][0]["centre"], {"landmark": "body_centre"})
        self.assertGreaterEqual(len(case["activity"]), 2)
        self.assertEqual(truth["level"], "L3")
        known = self.landmarks_of("vertebra")
        labels = read_nifti(folder / "labels.nii.gz")[1]
        for label, level, vertebra in zip((11, 12, 13), ("L2", "L3", "L4"), truth["vertebrae"], strict=True):
            self.assertEqual((vertebra["label"], vertebra["level"], vertebra["whole"]), (label, level, True))
            self.assertEqual(sorted(vertebra["landmarks_lps_mm"]), known)
            self.assertGreater(labels.count(label), 1500)
        heights = [vertebra["landmarks_lps_mm"]["body_centre"][2] for vertebra in truth["vertebrae"]]
        self.assertTrue(heights[0] - 25 > heights[1] > heights[2] + 25, heights)
        self.assertEqual([disc["between"] for disc in truth["discs"]], [["L2", "L3"], ["L3", "L4"]])
        self.assertTrue(all(6 < disc["height_mm"] < 13 and disc["wedge_deg"] > 0 for disc in truth["discs"]))
        self.assertGreater(truth["lordosis_deg"], 10)

    def test_a_spine_segment_takes_levels_index_and_the_options_of_a_vertebra(self):
        folder, case, truth = self.make("spine_segment", "--levels", "T12,L1", "--level", "L1", "--sex", "female", "--age-years", 10,
                                        "--voxel-mm", 2, "--rotate-deg", "5,10,0", "--output-unit", "HU", "--phantom", "--noise-HU", 10,
                                        "--metal")
        self.assertEqual(case["bone"]["level"], "L1")
        self.assertEqual(case["bone"]["mask"]["levels"], {"T12": 11, "L1": 12})
        self.assertNotIn("lesion", case)
        self.assertEqual(case["calibration"]["name"], "rods")
        self.assertEqual([v["growth_plates_label"] for v in truth["vertebrae"]], [21, 22])
        labels = read_nifti(folder / "labels.nii.gz")[1]
        plates = read_nifti(folder / "growth_plates.nii.gz")[1]
        self.assertEqual(set(plates), {0, 21, 22})
        self.assertTrue(all(l == p - 10 for l, p in zip(labels, plates) if p))
        self.assertIn("growth_plates.nii.gz: T12 = 21, L1 = 22", (folder / "case.toml").read_text())
        self.assertIn("101", truth["rods_mg_cm3"])

    def test_a_scan_with_a_phantom_is_calibrated_by_its_rods(self):
        folder, case, truth = self.make("femur", "--voxel-mm", 3, "--proximal-mm", 150, "--output-unit", "HU", "--phantom",
                                        "--noise-HU", 15, "--blur-mm", 2, "--rotate-deg", "-10,5,20")
        self.assertEqual(case["calibration"]["name"], "rods")
        rods = case["calibration"]["rods"]
        self.assertEqual([rod["density_mg_cm3"] for rod in rods], [0, 50, 100, 200, 400])
        self.assertEqual({str(rod["region"]["label"]): rod["density_mg_cm3"] for rod in rods}, truth["rods_mg_cm3"])
        values = read_nifti(folder / "ct.nii.gz")[1]
        labels = read_nifti(folder / "labels.nii.gz")[1]
        for rod in rods:
            inside = [v for v, l in zip(values, labels) if l == rod["region"]["label"]]
            mean = sum(inside) / len(inside)
            self.assertAlmostEqual(-20.66 + 0.775 * mean, rod["density_mg_cm3"], delta=3)
        self.assertFalse(truth["whole"])
        self.assertIn("medial_condyle", truth["absent"])

    def test_metal_beside_the_bone_is_seen_as_metal(self):
        folder, case, _ = self.make("humerus", "--voxel-mm", 3, "--piece", "proximal", "--output-unit", "HU", "--metal", "--body")
        self.assertEqual(case["calibration"]["name"], "linear")
        values = read_nifti(folder / "ct.nii.gz")[1]
        labels = read_nifti(folder / "labels.nii.gz")[1]
        self.assertGreater(max(values), 2500)
        self.assertLess(max(v for v, l in zip(values, labels) if l == 1), 2500)

    def test_the_same_options_give_the_same_bytes_and_another_seed_other_noise(self):
        options = ["--voxel-mm", 4, "--piece", "lateral", "--noise-HU", 30]
        one = self.make("rib", *options, name="one", runs=False)[0]
        two = self.make("rib", *options, name="two", runs=False)[0]
        other = self.make("rib", *options, "--seed", 5, name="other", runs=False)[0]
        for name in ("density.nii.gz", "labels.nii.gz", "truth.json", "case.toml"):
            self.assertEqual((one / name).read_bytes(), (two / name).read_bytes(), name)
        self.assertNotEqual((one / "density.nii.gz").read_bytes(), (other / "density.nii.gz").read_bytes())

    def test_dimensions_can_be_set_by_name_and_the_old_options_stand_for_them(self):
        _, _, by_name = self.make("femur", "--voxel-mm", 5, "--set", "length_mm=400", "--set", "version_deg=20", name="a")
        _, _, by_option = self.make("femur", "--voxel-mm", 5, "--length-mm", 400, "--version-deg", 20, name="b")
        self.assertEqual(by_name, by_option)
        self.assertEqual(by_name["measures"]["length_mm"]["value"], 400)
        self.assertEqual(by_name["measures"]["version_deg"]["value"], 20)
        dense = read_nifti(self.make("femur", "--voxel-mm", 5, name="c")[0] / "density.nii.gz")[1]
        for density in ("osteoporotic", "0.6"):
            thin = read_nifti(self.make("femur", "--voxel-mm", 5, "--density", density, name=density)[0] / "density.nii.gz")[1]
            self.assertLess(sum(thin), 0.97 * sum(dense))

    def test_a_crop_along_named_directions_ends_the_image(self):
        _, _, truth = self.make("vertebra", "--voxel-mm", 2.5, "--crop", "posterior=-100:15", "--crop", "cranial=-5:100",
                                runs=False)
        self.assertFalse(truth["whole"])
        self.assertIn("spinous_process", truth["absent"])
        self.assertIn("inferior_endplate_centre", truth["absent"])
        self.assertIn("superior_endplate_centre", truth["landmarks_lps_mm"])

    def test_spacing_per_axis(self):
        folder, _, _ = self.make("femur", "--spacing-mm", "4,5,6")
        info = self.run_json("info", folder / "density.nii.gz", "--json")
        self.assertEqual([round(s, 6) for s in info["grid"]["spacing_mm"]], [4, 5, 6])

    def test_the_help_of_a_bone_lists_its_dimensions_pieces_and_directions(self):
        code, out, _ = calcar("phantom", "vertebra", "--help")
        self.assertEqual(code, 0)
        for word in ("Dimensions of a vertebra", "body", "cranial", "--set", "--level"):
            self.assertIn(word, out)
        self.assertIn("length_mm = 440", calcar("phantom", "femur", "--help")[1])
        segment = calcar("phantom", "spine_segment", "--help")[1]
        self.assertIn("those of an L3", segment)
        self.assertNotIn("Pieces for --piece", segment)

    def test_what_cannot_be_is_refused_in_words(self):
        self.refuse('no synthetic "femurr"', 'did you mean "femur"?', words=["femurr"])
        self.refuse('--side is "lfet"', "left, right", words=["femur", "--side", "lfet"])
        self.refuse("--side is given of a vertebra", "midline", words=["vertebra", "--side", "left"])
        self.refuse("--level is given of a tibia", "vertebra or rib", words=["tibia", "--level", "L3"])
        self.refuse("--side is given of a spine_segment", "midline", words=["spine_segment", "--side", "left"])
        self.refuse("--levels is given of a vertebra", "spine_segment", "write --level", words=["vertebra", "--levels", "L2:L4"])
        self.refuse("L2, L4 are no neighbours", "L2:L4", words=["spine_segment", "--levels", "L2,L4"])
        self.refuse('unknown level "L6"', "T12, L1, L2", words=["spine_segment", "--levels", "L4:L6"])
        self.refuse("index level of a spine segment: L5", "L2, L3, L4", words=["spine_segment", "--level", "L5"])
        self.refuse("--piece is given of a spine_segment", "--crop", words=["spine_segment", "--piece", "body"])
        self.refuse("the crop leaves nothing of L4", words=["spine_segment", "--voxel-mm", 4, "--crop", "cranial=0:90"])
        self.refuse('--sex is "femle"', 'did you mean "female"?', words=["femur", "--sex", "femle"])
        self.refuse('--density is "osteopenik"', "healthy, osteopenic, osteoporotic", words=["femur", "--density", "osteopenik"])
        self.refuse("age_years of a child = 3", "6 to 16", words=["femur", "--age-years", 3])
        self.refuse("size = 3", "0.7 to 1.3", words=["femur", "--size", 3])
        self.refuse('unknown dimension "head_radius"', 'did you mean "head_radius_mm"?', words=["femur", "--set", "head_radius=24"])
        self.refuse("unknown dimension", words=["skull", "--head-radius-mm", 24])
        self.refuse("--set length_mm", "NAME=VALUE with a number", words=["femur", "--set", "length_mm"])
        self.refuse("head_radius_mm = 60", "15 to 32", words=["femur", "--set", "head_radius_mm=60"])
        self.refuse('unknown piece "proksimal"', "proximal", words=["femur", "--piece", "proksimal"])
        self.refuse('unknown direction "up"', "cranial", words=["vertebra", "--crop", "up=0:5"])
        self.refuse("proximal from 5 to 1", "larger than its start", words=["femur", "--crop", "proximal=5:1"])
        self.refuse("--crop proximal=5", "DIRECTION=FROM:TO", words=["femur", "--crop", "proximal=5"])
        self.refuse("the crop leaves nothing", words=["femur", "--voxel-mm", 4, "--crop", "proximal=500:600"])
        self.refuse("--proximal-mm is -3", "positive length", words=["femur", "--proximal-mm", "-3"])
        self.refuse('--rotate-deg is "1,2"', "three numbers", words=["femur", "--rotate-deg", "1,2"])
        self.refuse('--spacing-mm is "1,2,x"', "three numbers", words=["femur", "--spacing-mm", "1,2,x"])
        self.refuse("voxel_mm = 40", "0.2 to 10", words=["femur", "--voxel-mm", 40])
        self.refuse("noise_HU = 900", words=["femur", "--voxel-mm", 4, "--noise-HU", 900])
        self.refuse("--phantom in an image of density", "add --output-unit HU", words=["femur", "--phantom"])
        self.refuse('--output-unit is "hu"', "density, HU", words=["femur", "--output-unit", "hu"])
        self.make("femur", "--voxel-mm", 5)
        self.refused(2, "holds a phantom already", "--overwrite", words=["phantom", "femur", "--voxel-mm", 5, "-o", "p"])


if __name__ == "__main__":
    unittest.main()
