#!/usr/bin/env python3
"""The months after the scan: a synthetic femur with a growing lesion and its treatment, both bounds, and what is refused."""
import csv
import json
import subprocess
import unittest
from support import CALCAR, ROOT, CommandLine, calcar

HEAD = """title = "Left femur, in time"
[patient]
body_mass_kg = 70
age_years = 64
scan_date = 2026-11-02
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
[[activity]]
name = "level_walking"
"""
LESION = """[[lesion]]
name = "neck"
kind = "lytic"
shape = "sphere"
radius_mm = {radius}
centre = {{ landmark = "medial_neck_cortex", offset_mm = {{ distal = 8, lateral = 4 }} }}
"""
RADIOTHERAPY = "[[treatment]]\nname = \"radiotherapy\"\nstart_months = 0.25\n"


def utilisations(follow_up, bound, activity=0):
    return [point["utilisation"] for point in follow_up["activities"][activity][bound]["points"]]


class FollowUp(CommandLine):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile
        cls.shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.shared.cleanup)
        code, _, err = calcar("phantom", "femur", "--side", "left", "--piece", "proximal", "--voxel-mm", 3, "-o",
                              cls.shared.name + "/femur")
        assert code == 0, err

    def setUp(self):
        super().setUp()
        (self.folder / "femur").symlink_to(self.shared.name + "/femur")

    def follow(self, name, text, *launcher):
        case = self.write(name + ".toml", HEAD + text)
        done = subprocess.run([*launcher, CALCAR, "run", case, "-o", self.folder / name], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads((self.folder / name / "results.json").read_text()), done.stdout

    def test_a_growing_lytic_lesion_weakens_the_bone_from_date_to_date(self):
        results, out = self.follow("growing", "[follow_up]\nthreshold = 0.5\n" + LESION.format(radius=6) +
                                   "growth = { radial_mm_per_month = 1 }\n")
        follow_up = results["follow_up"]
        self.assertEqual([round(m, 2) for m in follow_up["months"]], [0, 0.46, 3, 6])
        self.assertEqual(follow_up["dates"], ["2026-11-02", "2026-11-16", "2027-02-01", "2027-05-04"])
        worse = utilisations(follow_up, "worse")
        for before, after in zip(worse, worse[1:]):
            self.assertGreater(after, before)
        self.assertGreater(worse[-1], 1.1 * worse[0])
        self.assertEqual(worse, utilisations(follow_up, "better"))  # nothing is done about it: one scenario
        self.assertEqual(follow_up["solves"], 3)  # and nothing is solved twice
        as_is = results["variants"][-1]["activities"][0]
        self.assertEqual(worse[0], as_is["utilisation"])
        for point in follow_up["activities"][0]["worse"]["points"]:
            self.assertAlmostEqual(point["fracture_load"] * point["utilisation"], as_is["reference_load"]["value"], places=3)
        lesion = follow_up["lesions"][0]
        self.assertEqual([s["grown_mm"] for s in lesion["worse"]], follow_up["months"])
        volumes = [state["volume_mm3"] for state in lesion["worse"]]
        self.assertEqual(volumes, sorted(volumes))
        self.assertLess(volumes[-1], 4.19 * 12 ** 3)  # of the sphere the part inside the bone
        self.assertTrue(any("0 to 2 mm a month" in words and "unconfirmed" in words for words in follow_up["assumptions"]))
        self.assertIn("Over the months (scenarios, linear)", out)
        self.assertEqual((self.folder / "growing/follow_up.png").read_bytes()[1:4], b"PNG")
        rows = list(csv.DictReader((self.folder / "growing/follow_up.csv").read_text().splitlines()))
        self.assertEqual(len(rows), 8)
        self.assertAlmostEqual(float(rows[3]["utilisation"]), worse[3], places=4)
        valid = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                                "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                                self.folder / "growing/results.json", ROOT / "cases/schema/results.schema.json"],
                               capture_output=True, text=True)
        self.assertEqual(valid.returncode, 0, valid.stderr)

    def test_recovery_lies_below_loss_and_is_not_credited_early(self):
        results, out = self.follow("treated", LESION.format(radius=8) + "growth = { radial_mm_per_month = 1 }\n" + RADIOTHERAPY +
                                   "[[treatment]]\nname = \"bisphosphonate\"\n")
        follow_up = results["follow_up"]
        worse, better = utilisations(follow_up, "worse"), utilisations(follow_up, "better")
        self.assertEqual(worse[0], better[0])
        self.assertLess(better[1], 1.01 * worse[1])
        self.assertLess(better[2], worse[2])
        self.assertLess(better[3], 0.95 * worse[3])
        self.assertLess(better[3], 1.001 * better[1])  # new bone in the hole never makes it weaker
        states = follow_up["lesions"][0]["better"]
        self.assertEqual(states[1]["gain_HU"], 0)  # early phase
        self.assertLessEqual(max(s["gain_HU"] for s in states), 250)
        self.assertAlmostEqual(states[3]["grown_mm"], 0.25)
        self.assertEqual(follow_up["no_credit_before_months"], 3.25)
        self.assertTrue(any("no recovery is credited before 3.3 months (2027-02-09)" in a for a in follow_up["advice"]),
                        follow_up["advice"])
        treatment = follow_up["treatments"][0]
        self.assertTrue(treatment["unconfirmed"])
        self.assertTrue(any("of 47 irradiated long bones 10 broke" in line["text"] for line in treatment["told"]))
        self.assertTrue(any("lateral cortex" in line["text"] for line in follow_up["treatments"][1]["told"]))
        codes = {w["code"] for w in results["warnings"]}
        self.assertLessEqual({"response_from_spine", "treatment_told"}, codes)
        self.assertIn("a decision of this project", out)

    def test_what_the_ct_shows_stays_and_its_loss_weakens_the_bone(self):
        shown = LESION.format(radius=8) + "in_ct = true\n"
        results, _ = self.follow("shown", "[follow_up]\nat_months = [3]\n" + shown + RADIOTHERAPY)
        follow_up = results["follow_up"]
        worse, better = utilisations(follow_up, "worse"), utilisations(follow_up, "better")
        self.assertGreater(worse[1], 1.02 * worse[0])
        self.assertLess(better[1], worse[0])
        self.assertEqual(follow_up["lesions"][0]["worse"][1]["lost_share"], 1)
        stated, _ = self.follow("stated", "[follow_up]\nat_months = [3]\n" + shown + RADIOTHERAPY + "loss_percent = 30\n")
        part = utilisations(stated["follow_up"], "worse")
        self.assertGreater(part[1], part[0])
        self.assertLess(part[1], worse[1])

    def test_bone_is_lost_everywhere_and_an_agent_may_keep_it(self):
        steroids = "[[treatment]]\nname = \"steroids\"\nrate_percent_per_year = 10\n"
        results, _ = self.follow("steroids", "[follow_up]\nat_months = [6, 12]\n" + steroids)
        follow_up = results["follow_up"]
        self.assertAlmostEqual(follow_up["whole_bone_left"]["worse"][2], 0.9)
        worse = utilisations(follow_up, "worse")
        self.assertGreater(worse[1], 1.02 * worse[0])
        self.assertGreater(worse[2], 1.02 * worse[1])
        kept, _ = self.follow("kept", "[follow_up]\nat_months = [6, 12]\n" + steroids + "[[treatment]]\nname = \"denosumab\"\n")
        self.assertEqual(utilisations(kept["follow_up"], "worse"), worse)
        self.assertEqual(utilisations(kept["follow_up"], "better"), [worse[0]] * 3)
        self.assertIn("treatments_meet", {w["code"] for w in kept["warnings"]})

    def test_a_treatment_without_data_changes_nothing_and_solves_nothing(self):
        results, out = self.follow("ablation", LESION.format(radius=9) + "[[treatment]]\nname = \"ablation\"\n")
        follow_up = results["follow_up"]
        self.assertEqual(len(set(utilisations(follow_up, "worse") + utilisations(follow_up, "better"))), 1)
        self.assertEqual(follow_up["solves"], 0)
        self.assertIn("no mechanical data, density unchanged", follow_up["treatments"][0]["effects"])

    def test_two_ranks_find_the_same(self):
        text = "[follow_up]\nat_months = [3]\n" + LESION.format(radius=9) + "growth = { diameter_mm = 26, at_months = 6 }\n" + RADIOTHERAPY
        one, _ = self.follow("one", text, "mpirun", "--oversubscribe", "-n", "1")
        two, _ = self.follow("two", text, "mpirun", "--oversubscribe", "-n", "2")
        for bound in ("worse", "better"):
            for a, b in zip(utilisations(one["follow_up"], bound), utilisations(two["follow_up"], bound)):
                self.assertAlmostEqual(a / b, 1, places=4)

    def test_nonsense_is_refused_in_words(self):
        def refuse(text, *parts):
            self.refused(2, *parts, words=["check", self.write("bad.toml", HEAD + text)])
        lesion = LESION.format(radius=9)
        refuse("[follow_up]\n" + lesion, "nothing changes in time", "growth = { radial_mm_per_month = 1 }")
        refuse(lesion + "growth = { radial_mm_per_month = -1 }\n", "0 to 20 mm a month")
        refuse(lesion + "growth = { diameter_mm = 10, at_months = 3 }\n", "in the scan it measures 1")
        refuse(lesion + "[[treatment]]\nname = \"radiotherapi\"\n", "did you mean \"radiotherapy\"")
        refuse(lesion + "[[treatment]]\nname = \"steroids\"\n", "needs rate_percent_per_year")
        refuse(lesion + RADIOTHERAPY + "lesions = [\"hip\"]\n", "unknown lesion \"hip\"", "neck")
        child = HEAD.replace("age_years = 64", "age_years = 8") + "[[treatment]]\nname = \"age\"\nrate_percent_per_year = 1\n"
        self.refused(2, "for a patient of 8 years", words=["check", self.write("child.toml", child)])
        mesh = "method = \"mesh\"\n" + HEAD + lesion + "growth = { radial_mm_per_month = 1 }\n"
        self.refused(2, "solved on voxels", words=["check", self.write("mesh.toml", mesh)])

    def test_treatments_are_listed_with_what_is_unconfirmed(self):
        code, out, err = calcar("list", "treatments")
        self.assertEqual(code, 0, err)
        for name in ("radiotherapy", "denosumab", "radium_223", "proton_therapy", "steroids"):
            self.assertIn(name, out)
        self.assertIn("unconfirmed: quoted from memory with low confidence", out)
        entries = {e["name"]: e for e in self.run_json("list", "treatments", "--json")}
        self.assertEqual(len(entries), len(list((ROOT / "materials/treatments").glob("*.toml"))))


if __name__ == "__main__":
    unittest.main()
