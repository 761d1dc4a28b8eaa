#!/usr/bin/env python3
"""[fracture_load]: a synthetic femur followed to fracture; lesions of growing size, places and kinds; what is refused."""
import csv
import json
import subprocess
import unittest
from support import ROOT, CommandLine, calcar

VOXEL_MM = 3
HEAD = f"""title = "to fracture"
[patient]
body_mass_kg = 70
height_m = 1.7
[bone]
kind = "femur"
side = "left"
image = "femur/density.nii.gz"
mask = {{ file = "femur/labels.nii.gz", label = 1 }}
[calibration]
name = "density"
phantom = "K2HPO4"
unit = "mg/cm3"
[protocol]
name = "keyak2005_linear"
convert_phantom = true
[voxels]
size_mm = {VOXEL_MM}
[output]
nifti = true
fields = false
[[activity]]
name = "one_leg_stance"
"""
MESH_HEAD = HEAD.replace(f"[voxels]\nsize_mm = {VOXEL_MM}\n", "").replace("nifti = true\nfields = false", "fields = true")
LESION = """[[lesion]]
name = "one"
kind = "lytic"
in_ct = false
shape = "sphere"
radius_mm = {radius}
centre = {{ landmark = "{landmark}", offset_mm = {{ {offset} }} }}
"""


class Fracture(CommandLine):
    def setUp(self):
        super().setUp()
        code, _, err = calcar("phantom", "femur", "--side", "left", "--piece", "proximal", "--voxel-mm", VOXEL_MM, "-o",
                              self.folder / "femur")
        self.assertEqual(code, 0, err)

    def follow(self, name, text, *options):
        case = self.write(name + ".toml", HEAD + text)
        code, out, err = calcar("run", case, "-o", self.folder / name, *options)
        self.assertEqual(code, 0, err)
        return json.loads((self.folder / name / "results.json").read_text()), out

    def test_a_femur_breaks_at_a_sensible_load_and_a_growing_hole_lowers_it(self):
        loads = []
        for radius in (6, 9, 12):
            lesion = LESION.format(radius=radius, landmark="femoral_neck_centre", offset="medial = 0")
            results, out = self.follow(f"r{radius}", "[fracture_load]\n" + lesion)
            twin, as_is = (variant["fracture"][0] for variant in results["variants"])
            for path in (twin, as_is):
                self.assertTrue(path["peak_reached"], path["ended"])
                self.assertGreater(path["ultimate_load"], 1500)
                self.assertLess(path["ultimate_load"], 14000)
                self.assertLessEqual(path["first_yield_load"], path["yield_load"])
                self.assertLessEqual(path["yield_load"], path["ultimate_load"])
                largest = max(step["load_factor"] for step in path["steps"])
                self.assertAlmostEqual(path["ultimate_load_factor"], largest)
                self.assertLess(path["steps"][-1]["load_factor"], largest)
                self.assertTrue(path["begins_at"]["words"])
            self.assertAlmostEqual(as_is["over_healthy_twin"], as_is["ultimate_load"] / twin["ultimate_load"])
            self.assertGreater(as_is["over_linear_criterion"], 0.3)
            self.assertLess(as_is["over_linear_criterion"], 5)
            self.assertIn("Load that breaks the bone (non-linear)", out)
            loads.append(as_is["ultimate_load"])
        self.assertLess(loads[0], 1.001 * twin["ultimate_load"])
        self.assertGreater(loads[0], loads[1])
        self.assertGreater(loads[1], loads[2])
        done = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                               "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                               self.folder / "r12/results.json", ROOT / "cases/schema/results.schema.json"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.folder / "r12/path_as_is_one_leg_stance.csv") as table:
            rows = list(csv.DictReader(table))
        self.assertEqual(len(rows), len(as_is["steps"]))
        self.assertAlmostEqual(max(float(row["load_N"]) for row in rows), as_is["ultimate_load"], delta=1)
        names = [p.name for p in (self.folder / "r12/fields").iterdir()]
        self.assertIn("as_is_one_leg_stance_fracture_fracture_state.nii.gz", names)

    def test_a_mesh_breaks_at_about_the_load_of_the_voxels(self):
        voxels, _ = self.follow("voxels", "[fracture_load]\n")
        coarse = "[fracture_load]\nend_at = 0.97\n[mesh]\nedge_mm = 8\nsurface_mm = 8\n"
        case = self.write("mesh.toml", "method = \"mesh\"\n" + MESH_HEAD + coarse)
        code, out, err = calcar("run", case, "-o", self.folder / "mesh")
        self.assertEqual(code, 0, err)
        mesh = json.loads((self.folder / "mesh/results.json").read_text())
        (there, ), (here, ) = (results["variants"][0]["fracture"] for results in (voxels, mesh))
        self.assertTrue(here["peak_reached"], here["ended"])
        self.assertAlmostEqual(here["ultimate_load"] / there["ultimate_load"], 1, delta=0.2)
        self.assertLessEqual(here["first_yield_load"], here["ultimate_load"])
        self.assertGreater(here["softened_mm3"], 0)
        self.assertTrue(here["begins_at"]["words"])
        self.assertIn("Load that breaks the bone (non-linear)", out)
        self.assertTrue((self.folder / "mesh/path_as_is_one_leg_stance.csv").exists())
        field = self.folder / "mesh/fields/as_is_one_leg_stance_fracture.vtu"
        self.assertIn(b"fracture_state", field.read_bytes())

    def test_two_ranks_find_the_same_load(self):
        one, _ = self.follow("one", "[fracture_load]\n")
        case = self.folder / "one.toml"
        from support import CALCAR
        done = subprocess.run(["mpirun", "--oversubscribe", "-n", "2", CALCAR, "run", case, "-o", self.folder / "two"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        two = json.loads((self.folder / "two/results.json").read_text())
        paths = [results["variants"][0]["fracture"][0] for results in (one, two)]
        self.assertAlmostEqual(paths[0]["ultimate_load"] / paths[1]["ultimate_load"], 1, places=3)
        self.assertEqual(len(paths[0]["steps"]), len(paths[1]["steps"]))

    def test_a_path_that_ends_before_its_peak_says_so(self):
        results, out = self.follow("short", "[fracture_load]\nlargest_displacement_mm = 0.3\n")
        path = results["variants"][0]["fracture"][0]
        self.assertFalse(path["peak_reached"])
        self.assertEqual(path["ended"], "the largest displacement was reached")
        self.assertIn("over ", out)
        self.assertIn("still rising", out)

    def test_other_laws_can_be_named_and_are_told(self):
        results, _ = self.follow("cone", "[fracture_load]\nlaw = \"drucker_prager\"\n")
        path = results["variants"][0]["fracture"][0]
        self.assertEqual(path["law"], "drucker_prager")
        self.assertIn("unconfirmed", path["law_unconfirmed"])

    def refuse(self, text, *parts):
        case = self.write("bad.toml", HEAD + text)
        self.refused(2, *parts, words=["run", case, "-o", "out"])

    def test_what_makes_no_sense_is_refused_with_the_place_and_what_to_do(self):
        self.refuse("[fracture_load]\nactivities = [\"level_walking\"]\n", "bad.toml:", "level_walking", "one_leg_stance",
                    "[[activity]]")
        self.refuse("[fracture_load]\nstep = 2\n", "bad.toml:", "step", "0.005 to 0.3")
        self.refuse("[fracture_load]\nend_at = 1\n", "end_at", "0.2 to 0.98")
        self.refuse("[fracture_load]\nlargest_displacement_mm = 0\n", "largest_displacement_mm", "up to 100")
        self.refuse("[fracture_load]\npoints = \"nine\"\n", "points", "centre", "eight")
        self.refuse("[fracture_load]\nlaw = \"keyak\"\n", "keyak", "keyak2005")
        self.refuse("[fracture_load]\nlaws = 1\n", "laws", "law")
        for mesh, given, parts in (("order = 1", "", ("fracture_load", "first-order", "order = 2", "method = \"voxel\"")),
                                   ("order = 2", "points = \"eight\"\n", ("points", "method = \"voxel\"")),
                                   ("order = 2", "keep = \"all\"\n", ("keep", "method = \"voxel\""))):
            case = self.write("mesh.toml", "method = \"mesh\"\n" + MESH_HEAD + "[fracture_load]\n" + given + "[mesh]\n" + mesh)
            self.refused(2, "mesh.toml:", *parts, words=["run", case, "-o", "out"])


if __name__ == "__main__":
    unittest.main()
