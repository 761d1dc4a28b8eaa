#!/usr/bin/env python3
"""`calcar run` on hexahedra, with refine_to: results, report, messages."""
import json
import subprocess
import unittest
from support import ROOT, CommandLine, calcar


class MeshRefine(CommandLine):
    def setUp(self):
        super().setUp()
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", "3", "-o", self.folder / "phantom")
        self.assertEqual(code, 0, err)
        self.text = 'method = "mesh"\n' + (ROOT / "cases/examples/01_lytic_neck.toml").read_text()

    def case(self, mesh, name="case.toml"):
        return self.write(name, self.text + "\n[mesh]\n" + mesh + "\n")

    def test_hexahedra_are_refined_and_say_how_uncertain_they_are(self):
        case = self.case('cells = "hexahedra"\nedge_mm = 8\norder = 1\nrefine_to = 0.3\nmost_unknowns = 30000')
        results = self.run_json("run", case, "-o", self.folder / "out", "--json")
        self.assertEqual(results["mesh"]["shape"], "hexahedron")
        refinement = results["mesh"]["refinement"]
        steps = refinement["steps"]
        self.assertGreaterEqual(len(steps), 2)
        for before, after in zip(steps, steps[1:]):
            self.assertGreater(after["cells"], before["cells"])
        # Not from step to step: the materials are mapped anew, and coarse cells do not see all of their jumps.
        self.assertLess(steps[-1]["relative_error"], 0.8 * steps[0]["relative_error"])
        self.assertEqual(steps[-1]["cells"], results["mesh"]["cells"])
        self.assertLessEqual(steps[-1]["unknowns"], 30000)
        self.assertEqual(refinement["reached"], steps[-1]["relative_error"] <= 0.3)
        warned = {w["code"] for w in results["warnings"]}
        self.assertEqual("refinement_ended" in warned, not refinement["reached"])
        self.assertIn("staircase", warned)
        worst = 0
        for variant in results["variants"]:  # healthy twin and as is, on one mesh
            self.assertEqual(variant["solver"]["cells"], steps[-1]["cells"])
            for activity in variant["activities"]:
                worst = max(worst, activity["relative_error"])
                self.assertGreater(activity["strain_uncertainty"], 0)
        self.assertAlmostEqual(worst, steps[-1]["relative_error"], delta=1e-9)
        done = subprocess.run(["/usr/bin/python3", "-c", "import jsonschema, json, sys; jsonschema.validate("
                               "json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                               self.folder / "out/results.json", ROOT / "cases/schema/results.schema.json"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"strain_uncertainty", (self.folder / "out/fields/as_is_level_walking.vtu").read_bytes())
        # Supports carry what the forces bring, on whatever mesh.
        other = self.case("edge_mm = 9\nsurface_mm = 8\nlesion_mm = 6\napproximation_mm = 0.5\norder = 1", "tet.toml")
        code, out, err = calcar("run", other, "-o", self.folder / "tets")
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"; strain here is uncertain by \d+ %")
        tets = json.loads((self.folder / "tets/results.json").read_text())
        self.assertNotIn("refinement", tets["mesh"])
        for variant in tets["variants"]:
            for activity in variant["activities"]:
                self.assertGreater(activity["strain_uncertainty"], 0)
        for here, there in zip(carried(results), carried(tets)):
            self.assertAlmostEqual(here, there, delta=0.01)

    def test_what_cannot_be_refined_is_refused(self):
        run = ("run", "case.toml", "-o", "out")
        self.case("refine_to = 0.05")
        self.refused(2, "refine_to is given for a mesh of tetrahedra", 'add cells = "hexahedra"', words=run)
        self.case('cells = "hexahedra"\nrefine_to = 2')
        self.refused(2, "refine_to", "0.005 to 0.5", words=run)
        self.case("edge_mm = 9\nsurface_mm = 8\nlesion_mm = 6\napproximation_mm = 0.5")
        code, _, err = calcar("mesh", self.folder / "case.toml", "-o", self.folder / "femur.msh")
        self.assertEqual(code, 0, err)
        self.case('file = "femur.msh"\nrefine_to = 0.2')
        self.refused(3, "refine_to is given, and", "holds tetrahedra", "a file of hexahedra", words=run)


def carried(results):
    """Components of the sum of reactions, N, of each variant and activity."""
    sums = {}
    for support in results["supports"]:
        total = sums.setdefault((support["variant"], support["activity"]), [0, 0, 0])
        for axis in range(3):
            total[axis] += support["reaction_N"][axis]
    return [x for key in sorted(sums) for x in sums[key]]


if __name__ == "__main__":
    unittest.main()
