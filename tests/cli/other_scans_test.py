#!/usr/bin/env python3
"""The other scans of a bone: the other side, candidate lesions, an earlier scan; what they tell and what is refused."""
import gzip
import json
import struct
import subprocess
import tempfile
import unittest
from array import array
from pathlib import Path
from support import ROOT, CommandLine, calcar, read_nifti

VOXEL_MM = 2.5
HEAD = """title = "other scans"
[patient]
body_mass_kg = 70
height_m = 1.7
scan_date = 2026-11-02
[bone]
kind = "femur"
side = "left"
image = "{image}"
mask = {{ file = "left/labels.nii.gz", label = 1 }}
[calibration]
name = "density"
phantom = "K2HPO4"
unit = "mg/cm3"
[output]
fields = false
[[activity]]
name = "one_leg_stance"
"""
COARSE, FINER = "[voxels]\nsize_mm = 4\n", "[voxels]\nsize_mm = 2\n"
LESION = '[[lesion]]\nname = "neck"\nkind = "lytic"\nmask = { file = "neck.nii.gz", label = 1 }\n'
OTHER = '[contralateral]\nimage = "{image}"\nmask = {{ file = "right/labels.nii.gz", label = 1 }}\n'


def pieces(file):
    """Header, size, affine rows (RAS) and values of a phantom's image: float32 densities or int32 labels."""
    raw = gzip.open(file, "rb").read()
    start = int(struct.unpack_from("<f", raw, 108)[0])
    letter = {16: "f", 8: "i"}[struct.unpack_from("<h", raw, 70)[0]]
    rows = [struct.unpack_from("<4f", raw, 280 + 16 * r) for r in range(3)]
    values = array(letter)
    values.frombytes(raw[start:])
    return bytearray(raw[:start]), struct.unpack_from("<8h", raw, 40)[1:4], rows, values


def put(file, header, values):
    with gzip.open(file, "wb", compresslevel=1) as out:
        out.write(bytes(header) + values.tobytes())


def paint(image, target, centre_lps, radius_mm, value, alone=False):
    """A ball of one value in a copy of an image; `alone` on nothing else."""
    header, (nx, ny, nz), rows, values = pieces(image)
    if alone:
        values = array(values.typecode, bytes(values.itemsize * len(values)))
    centre = (-centre_lps[0], -centre_lps[1], centre_lps[2])  # NIfTI is RAS
    for k in range(nz):
        for j in range(ny):
            for i in range(nx):
                if sum((r[0] * i + r[1] * j + r[2] * k + r[3] - c) ** 2 for r, c in zip(rows, centre)) < radius_mm ** 2:
                    values[i + nx * (j + ny * k)] = value
    put(target, header, values)


def changed(image, target, factor=1, mirrored=False):
    """A copy with other values, or with a header whose first axis runs the other way."""
    header, _, rows, values = pieces(image)
    if mirrored:
        struct.pack_into("<h", header, 252, 0)  # the sform alone
        struct.pack_into("<4f", header, 280, *[-v for v in rows[0]])
    put(target, header, array(values.typecode, [factor * v for v in values]))


class OtherScans(CommandLine):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.keep.cleanup)
        cls.base = Path(cls.keep.name)
        for name, side, more in (("left", "left", ()), ("right", "right", ()), ("then", "left", ("--rotate-deg", "4,-3,6"))):
            seed = {"left": 1, "right": 2, "then": 3}[name]
            voxel = VOXEL_MM - (0.3 if name == "then" else 0)  # so that an earlier scan has to be resampled
            code, _, err = calcar("phantom", "femur", "--side", side, "--piece", "proximal", "--voxel-mm", voxel, "--noise-HU", 20,
                                  "--seed", seed, *more, "-o", cls.base / name)
            assert code == 0, err
        cls.neck = {}  # between the neck's middle and its medial cortex
        for name in ("left", "right", "then"):
            truth = json.loads((cls.base / name / "truth.json").read_text())["landmarks_lps_mm"]
            cls.neck[name] = [(a + b) / 2 for a, b in zip(truth["femoral_neck_centre"], truth["medial_neck_cortex"])]
        paint(cls.base / "left/density.nii.gz", cls.base / "ill.nii.gz", cls.neck["left"], 12, 0)
        paint(cls.base / "left/labels.nii.gz", cls.base / "neck.nii.gz", cls.neck["left"], 12, 1, alone=True)
        paint(cls.base / "then/density.nii.gz", cls.base / "smaller.nii.gz", cls.neck["then"], 8, 0)
        paint(cls.base / "then/labels.nii.gz", cls.base / "then_neck.nii.gz", cls.neck["then"], 8, 1, alone=True)

    def setUp(self):
        super().setUp()
        self.folder = self.base

    def case(self, name, text, image="ill.nii.gz"):
        return self.write(name + ".toml", HEAD.format(image=image) + ("" if "[voxels]" in text else COARSE) + text)

    def run_case(self, name, text, image="ill.nii.gz"):
        code, out, err = calcar("run", self.case(name, text, image), "-o", self.base / name)
        self.assertEqual(code, 0, err)
        return json.loads((self.base / name / "results.json").read_text()), out

    def codes(self, results):
        return [warning["code"] for warning in results["warnings"]]

    def test_the_other_side_is_solved_and_a_lesion_is_weaker_than_it(self):
        results, out = self.run_case("sides", LESION + FINER + OTHER.format(image="right/density.nii.gz"))
        self.assertEqual([v["name"] for v in results["variants"]], ["healthy twin", "other side", "as is"])
        side = results["contralateral"]
        self.assertEqual(side["side"], "right")
        self.assertLess(side["surface_rms_mm"], 0.6 * VOXEL_MM)
        self.assertGreater(side["surface_matched_share"], 0.95)
        self.assertGreater(side["filled_like_other_side"], 0.6 * side["filled_voxels"])
        ratio = side["activities"][0]
        self.assertLess(ratio["strength_over_other_side"], 0.6)
        self.assertIn("weaker than the other side", ratio["words"])
        self.assertAlmostEqual(ratio["healthy_twin_over_other_side"], 1, delta=0.1)
        self.assertTrue(side["difference_by_nature"]["unconfirmed"])
        self.assertIn("how much sides differ by nature is unconfirmed", out)
        self.assertIn("Other side (right)", out)
        self.assertIn("weaker than the other side", out)
        self.assertNotIn("contralateral_lesion", self.codes(results))
        self.assertIn("contralateral_voxels", self.codes(results))
        strengths = {v["name"]: v["activities"][0]["utilisation"] for v in results["variants"]}
        self.assertAlmostEqual(ratio["strength_over_other_side"], strengths["other side"] / strengths["as is"])
        self.assertTrue((self.base / "sides/other_side/landmarks.png").exists())

    def test_two_healthy_sides_are_no_difference(self):
        results, out = self.run_case("healthy", FINER + OTHER.format(image="right/density.nii.gz"), "left/density.nii.gz")
        self.assertEqual([v["name"] for v in results["variants"]], ["other side", "as is"])
        ratio = results["contralateral"]["activities"][0]
        self.assertAlmostEqual(ratio["strength_over_other_side"], 1, delta=0.1)
        self.assertIn("no difference between the sides", out)

    def test_a_lesion_of_the_other_side_is_told_and_not_filled_from(self):
        head = json.loads((self.base / "right/truth.json").read_text())["landmarks_lps_mm"]["femoral_head_centre"]
        paint(self.base / "right/density.nii.gz", self.base / "right_ill.nii.gz", head, 11, 700)
        results, out = self.run_case("both", LESION + OTHER.format(image="right_ill.nii.gz"))
        self.assertIn("contralateral_lesion", self.codes(results))
        self.assertIn("it may have a lesion itself: blastic", out)

    def test_candidates_are_offered_and_change_nothing(self):
        other = OTHER.format(image="right/density.nii.gz")
        asked, out = self.run_case("asked", other + '[candidates]\nagainst = "contralateral"\n')
        plain, _ = self.run_case("plain", other)
        self.assertEqual(*[[v["activities"][0]["utilisation"] for v in r["variants"]] for r in (asked, plain)])
        found = asked["candidates"]["found"]
        self.assertEqual(found[0]["kind"], "lytic")
        centre = found[0]["centre"]["point_lps_mm"]
        self.assertLess(sum((a - b) ** 2 for a, b in zip(centre, self.neck["left"])) ** 0.5, 5)
        self.assertIn("Candidate lesions against the mirrored other side", out)
        self.assertIn("nothing is computed with them", asked["candidates"]["trust"])
        size, labels = read_nifti(self.base / "asked/candidates.nii.gz")
        volume = sum(1 for value in labels if value == 1) * VOXEL_MM ** 3
        self.assertAlmostEqual(volume, found[0]["volume_mm3"], delta=1e-3 * volume)
        self.assertFalse((self.base / "plain/candidates.nii.gz").exists())
        self.assertNotIn("candidates", plain)

    def test_candidates_by_template_tell_how_little_they_are_worth(self):
        results, out = self.run_case("template", '[candidates]\nagainst = "template"\ntemplate = "femur_adult"\n')
        self.assertIn("a healthy real femur had three such regions", out)
        self.assertTrue(any("neck" in c["words"] and c["kind"] == "lytic" for c in results["candidates"]["found"]), out)

    def earlier(self, image="smaller.nii.gz", date="date = 2026-05-02", more=""):
        return (f'[earlier_scan]\nimage = "{image}"\nmask = {{ file = "then/labels.nii.gz", label = 1 }}\n{date}\n{more}'
                '[[earlier_scan.lesion]]\nname = "neck"\nmask = { file = "then_neck.nii.gz", label = 1 }\n')

    def test_growth_between_two_scans_is_measured(self):
        results, out = self.run_case("growth", LESION + self.earlier())
        earlier = results["earlier_scan"]
        self.assertAlmostEqual(earlier["months"], 184 / 30.4375, delta=0.01)
        self.assertGreater(earlier["registration"]["correlation"], 0.9)
        self.assertGreater(earlier["registration"]["mask_overlap"], 0.9)
        truth = (4 ** 2 + 3 ** 2 + 6 ** 2) ** 0.5  # of small turns one after the other
        self.assertAlmostEqual(earlier["registration"]["turn_deg"], truth, delta=0.4)
        self.assertFalse(earlier["control"]["scanners_differ"], earlier["control"]["words"])
        lesion = earlier["lesions"][0]
        self.assertAlmostEqual(lesion["growth_mm_per_month"], 4 / earlier["months"], delta=0.1)
        self.assertGreater(lesion["growth_mm_per_month"], lesion["growth_uncertainty_mm_per_month"])
        self.assertTrue(lesion["beyond_noise"])
        self.assertLess(lesion["against_control_g_cm3"], -0.05)
        self.assertTrue(any("lytic" in words and "neck" in words for words in earlier["most_change"]), earlier["most_change"])
        self.assertIn("mm of radius a month", out)
        subprocess.run(["/usr/bin/python3", "-c", "import json, sys, jsonschema; "
                        "jsonschema.validate(*[json.load(open(f)) for f in sys.argv[1:]])",
                        self.base / "growth/results.json", ROOT / "cases/schema/results.schema.json"], check=True)
        self.assertTrue((self.base / "growth/density_change.nii.gz").exists())

    def test_a_bone_that_did_not_change_is_told_so(self):
        paint(self.base / "then/density.nii.gz", self.base / "same.nii.gz", self.neck["then"], 12, 0)
        text = self.earlier("same.nii.gz").split("[[earlier_scan.lesion]]")[0]
        results, out = self.run_case("same", LESION + text)
        lesion = results["earlier_scan"]["lesions"][0]
        self.assertFalse(lesion["beyond_noise"], lesion["words"])
        self.assertNotIn("growth_mm_per_month", lesion)
        self.assertFalse(results["earlier_scan"]["control"]["scanners_differ"])

    def test_another_scale_of_the_scanner_is_no_biology(self):
        changed(self.base / "smaller.nii.gz", self.base / "scaled.nii.gz", factor=1.12)
        results, out = self.run_case("scaled", LESION + self.earlier("scaled.nii.gz"))
        self.assertIn("scanner_difference", self.codes(results))
        self.assertIn("not as biology", out)

    def refused_case(self, code, text, *parts, image="ill.nii.gz"):
        self.refused(code, *parts, words=("check", self.case("refused", text, image)))

    def test_a_scan_that_is_no_other_side_is_refused(self):
        left = OTHER.format(image="then/density.nii.gz").replace("right/labels", "then/labels")
        self.refused_case(3, left, "right")
        same = '[contralateral]\nmask = { file = "left/labels.nii.gz", label = 1 }\n'
        self.refused_case(3, same, "right")
        for name in ("density", "labels"):
            changed(self.base / f"left/{name}.nii.gz", self.base / f"mirrored_{name}.nii.gz", mirrored=True)
        copy = '[contralateral]\nimage = "mirrored_density.nii.gz"\nmask = { file = "mirrored_labels.nii.gz", label = 1 }\n'
        self.refused_case(3, copy, "mirrored, the other side is the bone itself", image="left/density.nii.gz")
        code, _, err = calcar("phantom", "humerus", "--side", "right", "--voxel-mm", 3, "-o", self.base / "humerus")
        self.assertEqual(code, 0, err)
        humerus = OTHER.format(image="humerus/density.nii.gz").replace("right/labels", "humerus/labels")
        self.refused_case(3, humerus, "femur")

    def test_dates_and_calibrations_that_make_no_sense_are_refused(self):
        self.refused_case(2, LESION + self.earlier(date=""), "[earlier_scan] has no date")
        self.refused_case(2, LESION + self.earlier(date="date = 2026-11-02"), "the same day", "before [patient] scan_date")
        self.refused_case(2, LESION + self.earlier(date="date = 2027-01-02"), "which is before it")
        head = HEAD.format(image="ill.nii.gz").replace("scan_date = 2026-11-02\n", "")
        undated = self.write("undated.toml", head + LESION + self.earlier())
        self.refused(2, "[patient] has no scan_date", words=("check", undated))
        cha = '[earlier_scan.calibration]\nname = "density"\nphantom = "CHA"\nunit = "mg/cm3"\n'
        self.refused_case(2, LESION + self.earlier(more=cha), "one phantom for both")
        self.refused_case(2, self.earlier(), "no [[lesion]] of this case is called \"neck\"")
        self.refused_case(2, '[candidates]\nagainst = "contralateral"\n', "candidates against a side that is not given")

    def test_an_earlier_scan_of_another_bone_is_refused(self):
        code, _, err = calcar("phantom", "femur", "--side", "left", "--piece", "proximal", "--voxel-mm", VOXEL_MM, "--size", 0.8,
                              "--neck-shaft-angle-deg", 140, "-o", self.base / "stranger")
        self.assertEqual(code, 0, err)
        text = self.earlier("stranger/density.nii.gz").split("[[earlier_scan.lesion]]")[0].replace("then/labels", "stranger/labels")
        self.refused_case(3, LESION + text, "does not match the bone as a rigid body")


if __name__ == "__main__":
    unittest.main()
