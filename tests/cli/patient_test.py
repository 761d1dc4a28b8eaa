#!/usr/bin/env python3
"""A patient's case through the program on a coarse synthetic femur: results, invariances, and everything that is refused."""
import gzip
import json
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path
from support import REAL_DATA, ROOT, CommandLine, calcar

VOXEL_MM = 3


def load(path):
    """(header bytes, list of values) of a NIfTI the program wrote."""
    raw = gzip.open(path, "rb").read()
    code = struct.unpack_from("<h", raw, 70)[0]
    letter = {2: "B", 4: "h", 8: "i", 16: "f"}[code]
    offset = int(struct.unpack_from("<f", raw, 108)[0])
    return bytearray(raw[:offset]), list(struct.unpack(f"<{(len(raw) - offset) // struct.calcsize(letter)}{letter}", raw[offset:])), letter


def save(path, header, values, letter):
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(bytes(header) + struct.pack(f"<{len(values)}{letter}", *values))


class Patient(CommandLine):
    @classmethod
    def setUpClass(cls):
        cls.shared = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", str(VOXEL_MM), "-o", cls.shared / "femur")
        assert code == 0, err

    def setUp(self):
        super().setUp()
        shutil.copytree(self.shared / "femur", self.folder / "femur")
        self.case = self.folder / "femur" / "case.toml"
        self.set("[patient]", f"[voxels]\nsize_mm = {VOXEL_MM}\n\n[patient]")

    def set(self, old, new):
        text = self.case.read_text()
        self.assertIn(old, text)
        self.case.write_text(text.replace(old, new, 1))

    def edit(self, name, change):
        """Rewrites an image of the case: change(header, values) returns new values or None."""
        path = self.folder / "femur" / name
        header, values, letter = load(path)
        changed = change(header, values)
        save(path, header, values if changed is None else changed, letter)

    def refuse(self, code, *parts):
        err = self.refused(code, *parts, words=("run", self.case, "-o", "out"))
        self.assertFalse((self.folder / "out").exists(), "a results folder was left behind")
        self.assertEqual([p.name for p in self.folder.iterdir() if "part" in p.name], [])
        return err

    # ---- what a run gives

    def test_a_run_gives_results_that_hold_to_the_schema_and_the_lesion_lowers_strength(self):
        code, out, err = calcar("run", self.case, "-o", self.folder / "out")
        self.assertEqual(code, 0, err)
        self.assertIn("Daily activities", out)
        self.assertIn("Accidents", out)
        done = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                               "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                               self.folder / "out/results.json", ROOT / "cases/schema/results.schema.json"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        results = json.loads((self.folder / "out/results.json").read_text())
        self.assertEqual([v["name"] for v in results["variants"]], ["healthy twin", "as is"])
        for activity in results["variants"][1]["activities"]:
            # Where the weakest place is far from the lesion it changes nothing; it never makes the bone stronger.
            self.assertLess(activity["strength_over_healthy_twin"], 1.01, activity["name"])
            self.assertAlmostEqual(activity["load_factor"] * activity["utilisation"], 1, places=9)
            self.assertAlmostEqual(activity["fracture_load_N"],
                                   activity["load_factor"] * activity["reference_load"]["value"], places=3)
        ratios = {a["name"]: a["strength_over_healthy_twin"] for a in results["variants"][1]["activities"]}
        self.assertLess(ratios["level_walking"], 0.98)
        rows = (self.folder / "out/summary.csv").read_text().splitlines()
        self.assertEqual(len(rows), 1 + 2 * 6)
        # Supports carry what is applied: the stance reaction opposes hip force and muscles together.
        self.assertTrue(all(len(s["reaction_N"]) == 3 for s in results["supports"]))
        # The resolved case gives the same answer.
        resolved = self.folder / "femur" / "resolved.toml"
        shutil.copy(self.folder / "out/case_resolved.toml", resolved)
        again = self.run_json("run", resolved, "-o", self.folder / "again", "--json")
        for a, b in zip(results["variants"][1]["activities"], again["variants"][1]["activities"]):
            self.assertAlmostEqual(a["utilisation"], b["utilisation"], delta=1e-6 * a["utilisation"])

    def test_an_existing_results_folder_is_refused_and_overwritten_on_request(self):
        self.only_walking()
        code, _, err = calcar("run", self.case, "-o", self.folder / "out", "-q")
        self.assertEqual(code, 0, err)
        before = (self.folder / "out/results.json").read_text()
        self.refused(2, "exists and is not empty", "--overwrite", words=("run", self.case, "-o", "out"))
        self.assertEqual((self.folder / "out/results.json").read_text(), before)
        self.assertEqual(calcar("run", self.case, "-o", self.folder / "out", "--overwrite", "-q")[0], 0)
        (self.folder / "mine").mkdir()
        (self.folder / "mine/thesis.txt").write_text("years of work")
        self.refused(2, "no results.json", words=("run", self.case, "-o", "mine", "--overwrite"))
        self.assertTrue((self.folder / "mine/thesis.txt").exists())

    def test_a_check_predicts_and_leaves_nothing(self):
        self.only_walking()
        prediction = self.run_json("check", self.case, "--json")
        self.assertGreater(prediction["unknowns"], 10000)
        self.assertEqual(prediction["solves"], 2)
        again = self.run_json("run", self.case, "--dry-run", "--json", "-o", self.folder / "out")
        for name in ("memory_MB", "memory_with_aggregation_MB"):
            # What the process holds before it solves differs by a few MB from run to run.
            self.assertAlmostEqual(again.pop(name), prediction.pop(name), delta=20)
        self.assertEqual(again, prediction)
        self.assertFalse((self.folder / "out").exists())

    def only_walking(self):
        text = self.case.read_text()
        self.case.write_text(text[: text.index("[[activity]]")] + '[[activity]]\nname = "level_walking"\n')

    def test_a_phantom_in_hounsfield_units_gives_the_same_answer(self):
        self.only_walking()
        density = self.run_json("run", self.case, "-o", self.folder / "density", "--json")
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", VOXEL_MM, "--output-unit", "HU", "-o",
                              self.folder / "hu")
        self.assertEqual(code, 0, err)
        self.case = self.folder / "hu" / "case.toml"
        self.set("[patient]", f"[voxels]\nsize_mm = {VOXEL_MM}\n\n[patient]")
        self.only_walking()
        hu = self.run_json("run", self.case, "-o", self.folder / "hu_out", "--json")
        for a, b in zip(density["variants"], hu["variants"]):
            # HU are stored in single precision; fat and air lie outside the bone.
            self.assertAlmostEqual(a["activities"][0]["utilisation"], b["activities"][0]["utilisation"], delta=1e-4)

    # ---- what is refused

    def test_all_errors_of_a_case_file_come_at_once(self):
        self.set("body_mass_kg = 70", "body_mass_kg = -70")
        self.set('side = "left"', 'side = "lfet"')
        self.set("radius_mm = 12", "radios_mm = 12")
        self.set('name = "stumble"', 'name = "stumbel"')
        err = self.refuse(2, "body_mass_kg", 'did you mean "left"?', 'unknown key "radios_mm"', 'did you mean "radius_mm"?',
                          'did you mean "stumble"?')
        self.assertGreaterEqual(err.count("error:"), 5)

    def test_wrong_names(self):
        self.set("[patient]", '[protocol]\nname = "rizzoli"\n\n[patient]')
        self.refuse(2, 'unknown protocol "rizzoli"', "rizzoli_linear")

    def test_a_protocol_of_the_other_phantom(self):
        self.set("[patient]", '[protocol]\nname = "rizzoli_linear"\n\n[patient]')
        self.refuse(2, "CHA", "K2HPO4", "rizzoli_linear_k2hpo4")
        self.only_walking()
        self.set('name = "rizzoli_linear"', 'name = "rizzoli_linear"\nconvert_phantom = true')
        results = self.run_json("run", self.case, "-o", self.folder / "out", "--json")
        self.assertTrue(any("phantom" in w["code"] for w in results["warnings"]), results["warnings"])

    def test_a_missing_phantom(self):
        self.set('phantom = "K2HPO4"\n', "")
        self.refuse(2, "phantom")

    def test_a_fixation_without_a_template_is_refused_not_ignored(self):
        self.case.write_text(self.case.read_text() + '\n[[fixation]]\nname = "nail"\n')
        self.refuse(2, "template", "cephalomedullary_nail_long")

    def test_the_wrong_side(self):
        self.set('side = "left"', 'side = "right"')
        self.refuse(3, "left femur")

    def test_missing_and_truncated_files(self):
        image = self.folder / "femur/density.nii.gz"
        image.write_bytes(image.read_bytes()[: image.stat().st_size // 2])
        self.refuse(3, "density.nii.gz")
        image.unlink()
        self.refuse(3, "density.nii.gz")

    def test_an_empty_label(self):
        self.set("label = 1", "label = 4")
        self.refuse(3, "label 4", "1")

    def test_a_mask_on_another_grid_and_swapped_axes(self):
        def shifted(header, _):
            struct.pack_into("<f", header, 280 + 12, struct.unpack_from("<f", header, 280 + 12)[0] + 5)
            struct.pack_into("<f", header, 268, struct.unpack_from("<f", header, 268)[0] + 5)

        self.edit("labels.nii.gz", shifted)
        self.refuse(3, "labels.nii.gz", "origin")
        shutil.copy(self.shared / "femur/labels.nii.gz", self.folder / "femur/labels.nii.gz")

        def swapped(header, _):
            size = struct.unpack_from("<8h", header, 40)
            struct.pack_into("<3h", header, 42, size[3], size[2], size[1])

        self.edit("labels.nii.gz", swapped)
        self.refuse(3, "labels.nii.gz", "axes")

    def test_hounsfield_where_density_is_promised_and_the_reverse(self):
        self.edit("density.nii.gz", lambda _, values: [v / 0.775 - 1000 * (v < 10) for v in values])
        self.refuse(3, "density.nii.gz", "HU")
        shutil.copy(self.shared / "femur/density.nii.gz", self.folder / "femur/density.nii.gz")
        self.set('name = "density"\nphantom = "K2HPO4"\nunit = "mg/cm3"',
                 'name = "linear"\nphantom = "K2HPO4"\nslope_g_cm3_per_HU = 0.0008\nintercept_g_cm3 = 0.0')
        self.refuse(3, "density.nii.gz", "HU")

    def test_units_off_by_a_thousand(self):
        self.set('unit = "mg/cm3"', 'unit = "g/cm3"')
        self.refuse(3, "density.nii.gz", "mg/cm3")
        self.set('unit = "g/cm3"', 'unit = "mg/cm3"')
        self.edit("density.nii.gz", lambda _, values: [v / 1000 for v in values])
        self.refuse(3, "density.nii.gz", "g/cm3")
        shutil.copy(self.shared / "femur/density.nii.gz", self.folder / "femur/density.nii.gz")

        def metres(header, _):
            for at in [80, 84, 88] + [280 + 4 * n for n in range(12)] + [268, 272, 276]:
                struct.pack_into("<f", header, at, struct.unpack_from("<f", header, at)[0] / 1000)

        self.edit("density.nii.gz", metres)
        self.edit("labels.nii.gz", metres)
        self.refuse(3, "mm")

    def test_a_mass_that_is_no_human(self):
        self.set("body_mass_kg = 70", "body_mass_kg = 70000")
        self.refuse(2, "body_mass_kg", "70000")

    def test_not_a_number_and_zero_spacing(self):
        self.edit("density.nii.gz", lambda _, values: [float("nan") if n == 1000 else v for n, v in enumerate(values)])
        self.refuse(3, "NaN")
        shutil.copy(self.shared / "femur/density.nii.gz", self.folder / "femur/density.nii.gz")

        def flat(header, _):
            struct.pack_into("<f", header, 88, 0)
            for row in range(3):
                struct.pack_into("<f", header, 280 + 16 * row + 8, 0)

        self.edit("density.nii.gz", flat)
        self.refuse(3, "spacing")

    def size(self):
        header, _, _ = load(self.folder / "femur/labels.nii.gz")
        return struct.unpack_from("<8h", header, 40)[1:4]

    def test_two_large_pieces_are_refused_and_a_small_one_is_dropped(self):
        ni, nj, nk = self.size()
        self.edit("labels.nii.gz", lambda _, values: [0 if nk // 2 == n // (ni * nj) else v for n, v in enumerate(values)])
        self.refuse(3, "pieces", "cm3")
        shutil.copy(self.shared / "femur/labels.nii.gz", self.folder / "femur/labels.nii.gz")
        self.edit("labels.nii.gz", lambda _, values: [1 if n == 0 else v for n, v in enumerate(values)])
        self.only_walking()
        results = self.run_json("run", self.case, "-o", self.folder / "out", "--json")
        self.assertIn("small_pieces_dropped", [w["code"] for w in results["warnings"]])

    def test_a_head_cut_off_by_the_field_of_view(self):
        header, values, _ = load(self.folder / "femur/labels.nii.gz")
        ni, nj, nk = self.size()
        truth = json.loads((self.folder / "femur/truth.json").read_text())
        head = truth["landmarks_lps_mm"]["femoral_head_centre"]
        # The bone stands upright in the synthetic scan: rows of the affine give the slice of the head's centre.
        z0, dz = struct.unpack_from("<f", header, 280 + 32 + 12)[0], struct.unpack_from("<f", header, 280 + 32 + 8)[0]
        cut = round((head[2] - z0) / dz)
        self.edit("labels.nii.gz", lambda _, v: [x if n // (ni * nj) <= cut else 0 for n, x in enumerate(v)])
        self.refuse(3, "head")

    def test_a_mask_that_is_no_femur(self):
        ni, nj, nk = self.size()
        self.edit("labels.nii.gz", lambda _, values: [int(nk // 4 < n // (ni * nj) < 3 * nk // 4) for n, _ in enumerate(values)])
        self.refuse(3, "femur")

    def test_a_lesion_outside_the_bone_and_at_an_unknown_landmark(self):
        self.set('centre = { landmark = "medial_neck_cortex" }',
                 'centre = { landmark = "medial_neck_cortex", offset_mm = { medial = 90 } }')
        self.refuse(3, "outside the bone")
        self.set("offset_mm = { medial = 90 }", "offset_mm = { medail = 9 }")
        self.refuse(2, "medail", 'did you mean "medial"?')
        self.set('landmark = "medial_neck_cortex", offset_mm = { medail = 9 }', 'landmark = "medial_neck"')
        self.refuse(2, "medial_neck", "medial_neck_cortex")

    # ---- invariances

    def test_ranks_agree(self):
        self.only_walking()
        self.case.write_text(self.case.read_text() + "\n[solver]\nrelative_residual = 1e-12\n")
        found = []
        for ranks in (1, 2, 3):
            results = self.run_json("run", self.case, "-o", self.folder / f"out{ranks}", "--json", "--ranks", ranks)
            found.append([v["activities"][0]["utilisation"] for v in results["variants"]])
        for other in found[1:]:
            for a, b in zip(found[0], other):
                self.assertAlmostEqual(a, b, delta=1e-10 * a)


@unittest.skipUnless(REAL_DATA.is_dir(), f"the real bones are not at {REAL_DATA}")
class RealFemur(CommandLine):
    def test_it_runs_as_a_right_femur_and_is_refused_as_a_left_one(self):
        text = (ROOT / "cases/examples/02_real_proximal_femur.toml").read_text()
        data = REAL_DATA / "femur_proximal_qct"
        text = text.replace("../../../shared/data/femur_proximal_qct", str(data)).replace("size_mm = 1.0", "size_mm = 2.0")
        results = self.run_json("run", self.write("case.toml", text), "-o", self.folder / "out", "--json")
        walking = results["variants"][-1]["activities"][0]
        self.assertTrue(4000 < walking["fracture_load_N"] < 14000, walking["fracture_load_N"])
        self.write("left.toml", text.replace('side = "right"', 'side = "left"'))
        self.refused(3, "right femur", words=("run", "left.toml", "-o", "left"))
        self.write("cha.toml", text.replace("rizzoli_linear_k2hpo4", "rizzoli_linear"))
        self.refused(2, "CHA", "rizzoli_linear_k2hpo4", words=("run", "cha.toml", "-o", "cha"))


if __name__ == "__main__":
    unittest.main()
