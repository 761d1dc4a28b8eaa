#!/usr/bin/env python3
"""Fixations of a synthetic femur: placed, solved in their states, compared, and what is refused."""
import csv
import json
import subprocess
import tempfile
import unittest
from support import CALCAR, ROOT, CommandLine, calcar

HEAD = """title = "Left femur, fixations"
[patient]
body_mass_kg = 70
survival_months = [6, 12]
[bone]
kind = "femur"
side = "left"
image = "femur/density.nii.gz"
mask = { file = "femur/labels.nii.gz", label = 1 }
[calibration]
name = "density"
phantom = "K2HPO4"
unit = "mg/cm3"
[voxels]
size_mm = 3
[output]
fields = false
[[lesion]]
name = "shaft"
shape = "sphere"
radius_mm = 12
centre = { landmark = "subtrochanteric_medial", offset_mm = { lateral = 6, distal = 75 } }
[[activity]]
name = "level_walking"
"""
NAIL = '[[fixation]]\nname = "Nail"\ntemplate = "femoral_nail_antegrade"\n'
THICK = '[[fixation]]\nname = "Thick nail"\ntemplate = "femoral_nail_antegrade"\nnail_diameter_mm = 20\n'
PLATE = '[[fixation]]\nname = "Plate"\ntemplate = "femoral_plate_lateral"\ncement = { fills = ["shaft"] }\n'
CEMENT = '[[fixation]]\nname = "Cement alone"\ntemplate = "cement_filling"\n'


def option(results, name):
    return next(o for o in results["fixations"]["options"] if o["name"] == name)


def verdict(results, name, state, interface=None):
    """The verdict of an option in a state; with the interface it is judged with when none is named."""
    return next(s for s in option(results, name)["states"] if s["state"] == state and
                (s["judged_with"] if interface is None else s["interface"] == interface))["activities"][0]


def unfixed(results, state):
    return next(s for s in results["fixations"]["bone_alone"] if s["state"] == state)["activities"][0]


class Fixations(CommandLine):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.shared.cleanup)
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", 2, "-o", cls.shared.name + "/femur")
        assert code == 0, err

    def setUp(self):
        super().setUp()
        (self.folder / "femur").symlink_to(self.shared.name + "/femur")

    def fix(self, name, text, *launcher):
        case = self.write(name + ".toml", HEAD + text)
        ranks = [] if launcher else ["--ranks", "1"]
        done = subprocess.run([*launcher, CALCAR, "run", case, "-o", self.folder / name, *ranks], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads((self.folder / name / "results.json").read_text()), done.stdout

    def test_options_are_placed_solved_and_compared_and_one_is_refused(self):
        results, out = self.fix("all", NAIL + THICK + PLATE + CEMENT)
        fixations = results["fixations"]
        self.assertEqual([o["name"] for o in fixations["options"]], ["Nail", "Thick nail", "Plate", "Cement alone"])
        self.assert_refused(results)
        self.assert_compared(results)
        self.assert_mechanics(results)
        self.assertGreater(fixations["solves"], 0)
        self.assertEqual(fixations["daily_cycles"]["months"], 12)
        self.assertIn("at the lesion \"shaft\"", fixations["gone"])
        self.assertIn("Nail", out)
        self.assert_files("all", fixations)
        valid = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                                "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                                self.folder / "all/results.json", ROOT / "cases/schema/results.schema.json"],
                               capture_output=True, text=True)
        self.assertEqual(valid.returncode, 0, valid.stderr)

    def assert_refused(self, results):
        thick = option(results, "Thick nail")
        self.assertFalse(thick["placed"])
        self.assertIn("canal", thick["refusal"])
        self.assertEqual(thick["states"], [])
        self.assertTrue(any(w["code"] == "fixation_refused" and "Thick nail" in w["text"] for w in results["warnings"]))

    def assert_compared(self, results):
        compared = results["fixations"]["comparison"]["options"]
        self.assertEqual(sorted(o["option"] for o in compared),
                         ["Cement alone", "Nail", "Plate", "Thick nail", "no fixation"])
        self.assertEqual(compared[-1]["option"], "Thick nail")  # what cannot be placed comes last
        for summary in compared[:-1]:
            if summary["option"] == "no fixation":
                continue
            factors = [s["activities"][0]["load_factor"] for s in option(results, summary["option"])["states"] if s["judged_with"]]
            self.assertEqual(len(factors), 3)
            self.assertAlmostEqual(summary["least_load_factor"], min(factors), places=6)
            self.assertEqual(summary["holds"], min(factors) >= 1)
        alone = next(o for o in compared if o["option"] == "no fixation")
        self.assertEqual(alone["least_load_factor"], 0)  # the segment is gone
        self.assertFalse(alone["holds"])

    def assert_mechanics(self, results):
        as_is = results["variants"][-1]["activities"][0]
        self.assertEqual(unfixed(results, "as_is")["utilisation"], as_is["utilisation"])
        self.assertGreater(unfixed(results, "grown")["utilisation"], as_is["utilisation"])
        for name in ("Nail", "Plate"):
            now, gone = verdict(results, name, "as_is"), verdict(results, name, "gone")
            # With nothing else left the metal bears what crosses the gap, and more than beside the bone.
            self.assertGreater(gone["implant_moment_share"], 0.95)
            self.assertLess(now["implant_moment_share"], gone["implant_moment_share"])
            most = [max(c["stress_MPa"] for c in v["components"]) for v in (now, gone)]
            self.assertGreater(most[1], most[0])
            self.assertLess(now["bone"]["force_error"], 1e-3)
            # Bonded, metal and bone bend as one: less moves.
            tied = verdict(results, name, "as_is", "bonded")
            self.assertLess(tied["bone"]["largest_displacement_mm"], now["bone"]["largest_displacement_mm"])
            if name == "Nail":  # a plate that is not bonded lies clear of the bone: nothing slides there
                self.assertGreater(now["interface_motion_um"], 0)
            else:
                self.assertGreater(option(results, name)["measures"]["plate_gap_mm"], 3)
            self.assertEqual(tied["interface_motion_um"], 0)
        self.assertEqual([s["interface"] for s in option(results, "Cement alone")["states"]], ["bonded"] * 3)
        self.assertLess(verdict(results, "Cement alone", "gone")["load_factor"],
                        verdict(results, "Cement alone", "as_is")["load_factor"])

    def assert_files(self, run, fixations):
        rows = list(csv.DictReader((self.folder / run / "fixations.csv").read_text().splitlines()))
        self.assertEqual({r["option"] for r in rows}, {"no fixation"} | {o["name"] for o in fixations["options"]})
        for picture in ("fixations.png", "fixation_nail.png"):
            self.assertEqual((self.folder / run / picture).read_bytes()[1:4], b"PNG")

    def test_the_bone_alone_is_the_same_with_options_beside_it(self):
        bare, _ = self.fix("bare", "")
        with_nail, _ = self.fix("nailed", NAIL + '[fixations]\nstates = ["as_is"]\ninterfaces = "stated"\n')
        self.assertNotIn("fixations", bare)
        for a, b in zip(bare["variants"], with_nail["variants"]):
            self.assertAlmostEqual(a["volume_mm3"], b["volume_mm3"])
            self.assertAlmostEqual(a["activities"][0]["utilisation"] / b["activities"][0]["utilisation"], 1, places=5)
        self.assertEqual([s["state"] for s in option(with_nail, "Nail")["states"]], ["as_is"])

    def test_two_ranks_find_the_same(self):
        bonded = NAIL.replace('"Nail"', '"Bonded nail"') + 'interface = "bonded"\n'
        text = NAIL + bonded + THICK + '[fixations]\nstates = ["as_is", "gone"]\ninterfaces = "stated"\n'
        one, _ = self.fix("one", text, "mpirun", "--oversubscribe", "-n", "1")
        two, _ = self.fix("two", text, "mpirun", "--oversubscribe", "-n", "2")
        for state in ("as_is", "gone"):
            for name, places in (("Nail", 2), ("Bonded nail", 4)):
                a, b = (verdict(r, name, state) for r in (one, two))
                self.assertAlmostEqual(a["load_factor"] / b["load_factor"], 1, places=places)
                for c, d in zip(a["components"], b["components"]):
                    self.assertAlmostEqual(c["stress_MPa"] / d["stress_MPa"], 1, places=places)
        self.assertEqual(option(one, "Thick nail")["refusal"], option(two, "Thick nail")["refusal"])

    def test_fields_of_the_options_are_written_where_they_are_asked_for(self):
        case = self.write("fields.toml", (HEAD + CEMENT).replace("fields = false", "fields = true") +
                          '[fixations]\nstates = ["as_is", "gone"]\n')
        code, _, err = calcar("run", case, "-o", self.folder / "fields", "--ranks", 1)
        self.assertEqual(code, 0, err)
        names = {p.name for p in (self.folder / "fields/fields").iterdir()}
        self.assertIn("Cement_alone_level_walking.vti", names)
        self.assertEqual(len([n for n in names if n.startswith("Cement")]), 1)  # of the state as_is alone

    def test_a_check_places_the_options_and_tells_what_is_refused(self):
        case = self.write("check.toml", HEAD + NAIL + THICK)
        code, out, err = calcar("check", case)
        self.assertEqual(code, 0, err)
        self.assertIn("Thick nail", err)
        self.assertIn("canal", err)
        solves = self.run_json("check", case, "--json")["solves"]
        bare = self.run_json("check", self.write("bare.toml", HEAD), "--json")["solves"]
        self.assertGreater(solves, bare)

    def test_nonsense_is_refused_in_words(self):
        def refuse(text, *parts):
            self.refused(2, *parts, words=["check", self.write("bad.toml", HEAD + text)])
        refuse(NAIL.replace("antegrade", "antegrad"), "did you mean \"femoral_nail_antegrade\"")
        refuse(NAIL + NAIL, "two fixations are called \"Nail\"")
        refuse(NAIL + "holes = 10\n", "holes has no meaning for \"femoral_nail_antegrade\"")
        refuse(CEMENT + "cement = { fills = \"shat\" }\n", "unknown lesion \"shat\"", "did you mean \"shaft\"")
        refuse("[fixations]\nenough = 1\n", "the case has no [[fixation]]")
        mesh = "method = \"mesh\"\n" + HEAD + NAIL
        self.refused(2, "fixations are computed on voxels", words=["check", self.write("mesh.toml", mesh)])
        self.refused(2, "fixations are computed on voxels",
                     words=["run", self.write("nail.toml", HEAD + NAIL), "--method", "mesh", "--ranks", "1", "-o", "out"])

    def test_templates_are_listed_by_bone(self):
        femur = [e["name"] for e in self.run_json("list", "fixations", "femur", "--json")]
        self.assertIn("cephalomedullary_nail_long", femur)
        self.assertIn("cement_filling", femur)
        self.assertNotIn("tibial_nail", femur)
        self.assertIn("tibial_nail", calcar("list", "implants", "tibia")[1])


if __name__ == "__main__":
    unittest.main()
