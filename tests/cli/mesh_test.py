#!/usr/bin/env python3
"""calcar mesh: a case, a surface and a bad mesh become tetrahedra, the same in every process; what is refused says why."""
import unittest
from support import CommandLine, calcar

BOX = [(0, 2, 3), (0, 3, 1), (4, 5, 7), (4, 7, 6), (0, 1, 5), (0, 5, 4),
       (2, 6, 7), (2, 7, 3), (0, 4, 6), (0, 6, 2), (1, 3, 7), (1, 7, 5)]


def stl_of_box(size, triangles=BOX):
    corner = [[(n & 1) * size[0], (n >> 1 & 1) * size[1], (n >> 2) * size[2]] for n in range(8)]
    facets = ["facet normal 0 0 0\nouter loop\n" + "".join("vertex %g %g %g\n" % tuple(corner[c]) for c in t) +
              "endloop\nendfacet\n" for t in triangles]
    return "solid box\n" + "".join(facets) + "endsolid box\n"


class Mesh(CommandLine):
    def setUp(self):
        super().setUp()
        self.box = self.write("box.stl", stl_of_box((60, 30, 20)))

    def made(self, *words):
        return self.run_json("mesh", *words, "--json")

    def test_a_surface_becomes_the_same_file_in_every_process(self):
        first = self.made(self.box, "-o", self.folder / "one.msh", "--edge-mm", 5)
        self.made(self.box, "-o", self.folder / "two.msh", "--edge-mm", 5)
        self.assertEqual((self.folder / "one.msh").read_bytes(), (self.folder / "two.msh").read_bytes())
        self.assertAlmostEqual(first["regions"][0]["volume_mm3"], 36000, delta=100)
        self.assertGreater(first["smallest_angle_deg"], 8)
        self.assertLess(first["surface_off_mm"]["most"], 0.15)
        self.assertLess(first["surface_off_mm"]["mean"], 0.01)

    def test_how_far_the_surface_lies_off_is_printed(self):
        code, out, err = calcar("mesh", self.box, "-o", self.folder / "one.msh", "--edge-mm", 5)
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"surface within \S+ mm \(mean \S+\) of the given one")

    def test_plates_are_meshed_at_any_edge_length(self):
        plate = self.write("plate.stl", stl_of_box((40, 40, 3)))
        for edge in (2, 3, 5):
            made = self.made(plate, "-o", self.folder / f"plate{edge}.msh", "--edge-mm", edge)
            self.assertAlmostEqual(made["regions"][0]["volume_mm3"], 4800, delta=2.5)

    def test_a_mesh_is_made_anew_and_order_2_has_more_nodes(self):
        self.made(self.box, "-o", self.folder / "one.msh", "--edge-mm", 5)
        again = self.made(self.folder / "one.msh", "-o", self.folder / "two.inp", "--edge-mm", 6, "--order", 2)
        self.assertEqual(again["order"], 2)
        self.assertAlmostEqual(again["regions"][0]["volume_mm3"], 36000, delta=200)

    def test_a_case_is_meshed_with_its_lesion_as_a_region(self):
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", 3, "--proximal-mm", 150,
                              "-o", self.folder / "femur")
        self.assertEqual(code, 0, err)
        made = self.made(self.folder / "femur/case.toml", "-o", self.folder / "femur.vtu", "--edge-mm", 5, "--lesion-mm", 3)
        self.assertEqual([r["name"] for r in made["regions"]], ["bone", "medial neck"])
        self.assertGreater(made["face_sets"][0]["faces"], 20)
        for region in made["regions"]:
            self.assertAlmostEqual(region["volume_mm3"] / region["expected_mm3"], 1, delta=0.05)
        # The same case with voxels as hexahedra: the bone alone, its lesion is a matter of material.
        (self.folder / "femur/hexahedra.toml").write_text(
            (self.folder / "femur/case.toml").read_text() + '\n[mesh]\ncells = "hexahedra"\nedge_mm = 4\n')
        made = self.made(self.folder / "femur/hexahedra.toml", "-o", self.folder / "hexahedra.msh")
        self.assertEqual([r["name"] for r in made["regions"]], ["bone"])
        self.assertEqual(made["regions"][0]["volume_mm3"], 64 * made["cells"])
        self.assertAlmostEqual(made["regions"][0]["volume_mm3"] / made["regions"][0]["expected_mm3"], 1, delta=0.05)
        self.assertIn("staircase", "".join(made["warnings"]))
        code, out, err = calcar("info", self.folder / "hexahedra.msh")
        self.assertEqual(code, 0, err)
        self.assertIn("mesh of hexahedron cells", out)
        self.assertIn(str(made["cells"]), out)

    def test_what_is_refused(self):
        out = ("-o", "out.msh")
        self.refused(2, "missing output", words=("mesh", self.box))
        self.refused(2, ".msh, .inp, .vtu", words=("mesh", self.box, "-o", "out.xyz"))
        self.refused(2, "box.xyz", ".stl", ".msh", words=("mesh", "box.xyz", *out))
        self.refused(2, "--order is 3", words=("mesh", self.box, *out, "--order", "3"))
        self.refused(4, "edge_mm = 0.01", "0.2 to 50 mm", words=("mesh", self.box, *out, "--edge-mm", "0.01"))
        self.refused(4, "would give about", "times as long", words=("mesh", self.box, *out, "--edge-mm", "0.2"))
        metres = self.write("metres.stl", stl_of_box((0.06, 0.03, 0.02)))
        self.refused(3, "metres.stl", words=("mesh", metres, *out))
        crossing = self.write("crossing.stl", stl_of_box((60, 30, 20)).replace("vertex 60 30 20", "vertex -20 -10 10"))
        self.refused(4, "the surface cuts itself", words=("mesh", crossing, *out))
        self.write("there.msh", "")
        self.refused(2, "the file is there already", "--overwrite", words=("mesh", self.box, "-o", "there.msh"))
        self.assertFalse((self.folder / "out.msh").exists())


if __name__ == "__main__":
    unittest.main()
