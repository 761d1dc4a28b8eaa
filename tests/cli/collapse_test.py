#!/usr/bin/env python3
"""A vertebra followed to fracture tells how it comes down: mode, heights, wedge, wall and canal; of a segment each level."""
import csv
import json
import subprocess
import unittest
from support import ROOT, CommandLine, calcar

LESION = """[[lesion]]
name = "one"
kind = "lytic"
in_ct = false
shape = "sphere"
radius_mm = 8
centre = {{ landmark = "{landmark}", offset_mm = {{ {offset} }} }}
"""
END = """[voxels]
size_mm = {voxel_mm}
[output]
fields = false
[[activity]]
name = "compression_pmma_1000N"
[fracture_load]
law = "quadric_damage"
{more}
"""


class Collapse(CommandLine):
    def setUp(self):
        super().setUp()
        self.phantom = self.folder / "vertebra"
        code, _, err = calcar("phantom", "vertebra", "--voxel-mm", 2, "-o", self.phantom)
        self.assertEqual(code, 0, err)

    def follow(self, name, lesion="", more="", voxel_mm=3):
        """The phantom's own case to its first lesion or activity, then these."""
        head = (self.phantom / "case.toml").read_text()
        head = head[:min(at for at in (head.find("[[lesion]]"), head.find("[[activity]]")) if at >= 0)]
        case = self.phantom / (name + ".toml")
        case.write_text(head + lesion + END.format(voxel_mm=voxel_mm, more=more))
        code, out, err = calcar("run", case, "-o", self.folder / name, "--ranks", 1)
        self.assertEqual(code, 0, err)
        results = json.loads((self.folder / name / "results.json").read_text())
        return [variant["fracture"][0] for variant in results["variants"]], out

    def only(self, path):
        self.assertEqual(len(path["collapse"]["vertebrae"]), 1)
        return path["collapse"]["vertebrae"][0]

    def test_lesions_at_the_front_and_at_the_back_give_a_wedge_and_a_bulge(self):
        (twin, front), out = self.follow("front", LESION.format(landmark="anterior_wall", offset="posterior = 5"))
        plain, wedged = self.only(twin), self.only(front)
        for vertebra in (plain, wedged):
            self.assertEqual(vertebra["level"], "L3")
            self.assertTrue(vertebra["mode"])
            self.assertIsNone(vertebra["why_not"])
            before, after = vertebra["before"], vertebra["at_end"]
            self.assertGreater(before["heights_mm"]["mean"], 22)
            self.assertLess(before["heights_mm"]["mean"], 30)
            self.assertLess(after["heights_mm"]["mean"], before["heights_mm"]["mean"])
            self.assertAlmostEqual(vertebra["lost_at_end"]["mm"]["middle"],
                                   before["heights_mm"]["middle"] - after["heights_mm"]["middle"], places=9)
            # The canal is made as an ellipse 24 mm wide and 17.5 mm deep.
            self.assertAlmostEqual(before["canal_area_mm2"], 330, delta=25)
        self.assertEqual(wedged["mode"], "wedge_anterior")
        self.assertGreater(wedged["wedge_change_deg"], 1.2 * plain["wedge_change_deg"])
        self.assertIn("How the vertebra comes down", out)
        self.assertIn("L3: wedge (anterior)", out)
        self.assertIn("not the shape in which it ends", out)
        self.assertIn("unconfirmed: a decision of this project", out)
        (_, back), _ = self.follow("back", LESION.format(landmark="posterior_wall", offset="anterior = 5"))
        bulge = "posterior_wall_bulge_mm"
        self.assertGreater(self.only(back)["at_end"][bulge], 2 * plain["at_end"][bulge])
        done = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                               "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                               self.folder / "back/results.json", ROOT / "cases/schema/results.schema.json"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = list(csv.DictReader((self.folder / "front/path_as_is_compression_pmma_1000N.csv").read_text().splitlines()))
        lost = [float(row["height_lost_percent_L3"]) for row in rows]
        self.assertEqual(len(lost), len(front["steps"]))
        self.assertAlmostEqual(lost[-1], wedged["lost_at_end"]["percent"]["mean"], places=3)

    def test_a_lesion_below_an_endplate_moves_the_collapse_there(self):
        shares = {}
        for name, landmark, offset in (("superior", "superior_endplate_centre", "caudal = 7"),
                                       ("inferior", "inferior_endplate_centre", "cranial = 7")):
            (twin, path), _ = self.follow(name, LESION.format(landmark=landmark, offset=offset))
            shares[name] = self.only(path)["figures"]
        self.assertGreater(shares["superior"]["superior"], 1.3 * self.only(twin)["figures"]["superior"])
        self.assertGreater(shares["inferior"]["inferior"], 1.3 * self.only(twin)["figures"]["inferior"])

    def test_no_collapse_is_named_before_the_peak(self):
        (path,), out = self.follow("short", more="largest_displacement_mm = 0.2")
        vertebra = self.only(path)
        self.assertFalse(path["peak_reached"])
        self.assertIsNone(vertebra["mode"])
        self.assertIn("no collapse: the load was still rising", vertebra["why_not"])
        self.assertIn("L3: no collapse", out)
        self.assertIsNone(vertebra["load_at_height_loss"])

    def test_each_level_of_a_segment_is_told_and_the_place_of_failure_names_its_level(self):
        self.phantom = self.folder / "segment"
        code, _, err = calcar("phantom", "spine_segment", "--levels", "L2:L3", "--voxel-mm", 3, "-o", self.phantom)
        self.assertEqual(code, 0, err)
        paths, out = self.follow("segment_run", more="largest_displacement_mm = 1")
        vertebrae = paths[-1]["collapse"]["vertebrae"]
        self.assertEqual([v["level"] for v in vertebrae], ["L2", "L3"])
        self.assertAlmostEqual(sum(v["failure"]["share_of_all_percent"] for v in vertebrae), 100, places=6)
        self.assertRegex(paths[-1]["begins_at"]["words"], "^L[23]: ")
        most = max(vertebrae, key=lambda v: v["failure"]["share_of_all_percent"])
        self.assertTrue(most["mode"] or most["why_not"])
        for vertebra in vertebrae:
            self.assertIn(f"    {vertebra['level']}: ", out)


if __name__ == "__main__":
    unittest.main()
