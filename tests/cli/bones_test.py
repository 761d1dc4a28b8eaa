#!/usr/bin/env python3
"""Every kind of bone runs from image and mask without help: adult and child, left and right, whole and in part."""
import json
import unittest
from support import CommandLine, calcar

# Bone, voxel size (coarse: what is tested here is the way through the program), midline bones without a side.
BONES = [("femur", 3, True), ("tibia", 3, True), ("humerus", 2.5, True), ("vertebra", 1.5, False), ("pelvis", 2.5, True),
         ("rib", 1.2, True), ("skull", 3, False)]


class Bones(CommandLine):
    def phantom(self, bone, voxel, *options):
        folder = self.folder / "_".join([bone, *map(str, options)]).replace("-", "")
        code, _, err = calcar("phantom", bone, "-o", folder, "--voxel-mm", voxel, *options)
        self.assertEqual(code, 0, err)
        case = folder / "case.toml"
        case.write_text(case.read_text() + f"\n[voxels]\nsize_mm = {voxel}\n\n[output]\nfields = false\n")
        return folder

    def run_case(self, folder):
        code, out, err = calcar("run", folder / "case.toml", "-o", folder / "out", "--json")
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def check(self, bone, folder, results):
        truth = json.loads((folder / "truth.json").read_text())
        self.assertEqual(results["bone"]["kind"], bone)
        self.assertEqual(results["bone"]["side"], truth["side"])
        self.assertTrue((folder / "out/landmarks.png").read_bytes().startswith(b"\x89PNG"))
        self.assertTrue(results["rigs"])
        as_is = results["variants"][-1]
        self.assertTrue(as_is["activities"])
        for activity in as_is["activities"]:
            with self.subTest(activity["name"]):
                self.assertGreater(activity["utilisation"], 0)
                self.assertLess(activity["equilibrium"]["force_error"], 1e-6)
                self.assertLess(activity["equilibrium"]["moment_error"], 1e-6)
                self.assertGreater(activity["fracture_load"]["value"], 0)
                self.assertIn(activity["fracture_load"]["unit"], ("N", "N m", "kPa"))
                self.assertTrue(activity["location"]["words"])

    def test_each_bone_of_an_adult_runs_unattended(self):
        for bone, voxel, has_side in BONES:
            with self.subTest(bone):
                folder = self.phantom(bone, voxel, *(["--side", "right"] if has_side else []))
                self.check(bone, folder, self.run_case(folder))

    def test_each_bone_of_a_child_runs_with_its_growth_plates(self):
        for bone, voxel, has_side in BONES:
            with self.subTest(bone):
                folder = self.phantom(bone, voxel, "--age-years", 11, *(["--side", "left"] if has_side else []))
                self.assertIn("growth_plates", (folder / "case.toml").read_text())
                self.check(bone, folder, self.run_case(folder))

    def test_a_mask_of_the_other_side_is_refused(self):
        for bone, voxel, has_side in BONES:
            if not has_side:
                continue
            with self.subTest(bone):
                folder = self.phantom(bone, voxel, "--side", "left", "--size", 0.98)
                case = folder / "case.toml"
                case.write_text(case.read_text().replace('side = "left"', 'side = "right"'))
                code, _, err = calcar("run", case, "-o", folder / "out")
                self.assertEqual(code, 3, err)
                self.assertIn("left", err)


if __name__ == "__main__":
    unittest.main()
