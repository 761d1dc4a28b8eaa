#!/usr/bin/env python3
"""`calcar info` of meshes and surfaces: counts, measures, unit, quality, defects, exit codes."""
import itertools
import struct
import unittest
from support import REAL_DATA, CommandLine, calcar


def tetrahedra(cells, size):
    """Points and tetrahedra of a box of cells x cells x cells bricks of `size`, six to a brick."""
    row = cells + 1
    points = [(size[0] * i, size[1] * j, size[2] * k)
              for k, j, i in itertools.product(range(row), repeat=3)]
    six = ((0, 1, 2, 6), (0, 2, 3, 6), (0, 3, 7, 6), (0, 7, 4, 6), (0, 4, 5, 6), (0, 5, 1, 6))
    corners = []
    for k, j, i in itertools.product(range(cells), repeat=3):
        o = i + row * j + row * row * k
        low = (o, o + 1, o + 1 + row, o + row)
        brick = low + tuple(n + row * row for n in low)
        corners += [tuple(brick[n] for n in cell) for cell in six]
    return points, corners


def gmsh(points, cells, name="Femur"):
    """Gmsh 2.2, ASCII."""
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$PhysicalNames", "1", f'3 1 "{name}"', "$EndPhysicalNames",
             "$Nodes", str(len(points))]
    lines += [f"{n + 1} {x!r} {y!r} {z!r}" for n, (x, y, z) in enumerate(points)]
    lines += ["$EndNodes", "$Elements", str(len(cells))]
    lines += [f"{n + 1} 4 2 1 1 " + " ".join(str(p + 1) for p in cell) for n, cell in enumerate(cells)]
    return "\n".join(lines + ["$EndElements", ""])


def box_stl(size, faces=12):
    """A box as binary STL whose header begins with "solid"; the first `faces` of its 12 triangles."""
    corner = [(size[0] * (n & 1), size[1] * (n >> 1 & 1), size[2] * (n >> 2 & 1)) for n in range(8)]
    quads = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
    triangles = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))][:faces]
    data = b"solid of a test".ljust(80) + struct.pack("<I", len(triangles))
    for t in triangles:
        data += struct.pack("<12fH", 0, 0, 0, *(x for n in t for x in corner[n]), 0)
    return data


class MeshInfo(CommandLine):
    def test_a_sound_mesh_in_numbers(self):
        mesh = self.write("box.msh", gmsh(*tetrahedra(3, (10, 20, 30))))
        info = self.run_json("info", mesh, "--json")
        self.assertEqual((info["kind"], info["cells_are"], info["degree"]), ("mesh", "tetrahedron", 1))
        self.assertEqual((info["cells"], info["points"], info["boundary_faces"]), (162, 64, 108))
        self.assertEqual(info["box_mm"], {"low": [0, 0, 0], "high": [30, 60, 90]})
        self.assertAlmostEqual(info["volume_mm3"], 30 * 60 * 90, places=6)
        self.assertAlmostEqual(info["area_mm2"], 2 * (30 * 60 + 60 * 90 + 90 * 30), places=6)
        self.assertEqual([r["name"] for r in info["regions"]], ["Femur"])
        self.assertEqual(sum(info["quality"]["histogram_of_shape_by_tenths"]), 162)
        self.assertEqual(info["defects"], [])
        self.assertEqual(info["unit"]["plausible"], ["mm"])
        self.assertEqual(info, self.run_json("info", "mesh", mesh, "--json"))

    def test_the_same_in_words(self):
        mesh = self.write("box.msh", gmsh(*tetrahedra(3, (10, 20, 30))))
        code, out, err = calcar("info", "mesh", mesh)
        self.assertEqual(code, 0, err)
        for words in ("mesh of tetrahedron cells, degree 1", "30 x 60 x 90 mm", "volume    162 cm3", 'region    "Femur": 162 cells',
                      "radius ratio", "0.9 - 1.0", "#", "defects   none", "plausible: mm"):
            self.assertIn(words, out)

    def test_a_mesh_in_metres_is_told_with_the_remedy(self):
        mesh = self.write("femur.msh", gmsh(*tetrahedra(3, (0.01, 0.02, 0.15))))
        code, out, err = calcar("info", mesh)
        self.assertEqual(code, 0, err)
        self.assertIn("NOT plausible for a bone; plausible: 0.45 m are 450 mm", out)
        self.assertIn('unit = "m"', out)
        info = self.run_json("info", mesh, "--unit", "m", "--json")
        self.assertTrue(info["unit"]["fits"])
        self.assertAlmostEqual(info["volume_mm3"], 30 * 60 * 450, places=5)
        self.refused(2, 'unknown unit of length "inch"', "mm, m, cm, um", words=["info", mesh, "--unit", "inch"])

    def test_defects_are_counted_and_placed(self):
        points, cells = tetrahedra(2, (10, 10, 10))
        cells[0] = (cells[0][1], cells[0][0], *cells[0][2:])
        points[13] = (10.0, 10.0, 0.05)  # the middle, pressed onto the bottom
        info = self.run_json("info", self.write("bad.msh", gmsh(points, cells)), "--json")
        codes = {defect["code"]: defect for defect in info["defects"]}
        self.assertIn("inverted_cells", codes)
        self.assertIn("slivers", codes)
        self.assertTrue(codes["slivers"]["stops"])
        self.assertRegex(codes["slivers"]["words"], r"slivers \(an angle .*: cell \d+ at \(.*\) mm")
        _, out, _ = calcar("info", self.folder / "bad.msh")
        self.assertIn("cannot be solved as it is", out)

    def test_surfaces(self):
        (self.folder / "box.stl").write_bytes(box_stl((20, 30, 40)))
        info = self.run_json("info", self.folder / "box.stl", "--json")
        self.assertEqual((info["kind"], info["triangles"], info["points"], info["parts"]), ("surface", 12, 8, 1))
        self.assertTrue(info["closed"])
        self.assertAlmostEqual(info["volume_mm3"], 24000, places=6)
        self.assertEqual(info["unit"]["plausible"], ["mm", "cm"])
        (self.folder / "open.stl").write_bytes(box_stl((20, 30, 40), 11))
        code, out, _ = calcar("info", self.folder / "open.stl")
        self.assertEqual(code, 0)
        for words in ("surface, not closed", "3 edges of one triangle only", "bounds no body"):
            self.assertIn(words, out)

    def test_what_cannot_be_read_is_refused(self):
        (self.folder / "cut.stl").write_bytes(box_stl((20, 30, 40))[:300])
        self.refused(3, "cut.stl", "12 triangles", "cut off", words=["info", "cut.stl"])
        self.refused(3, "none.ply", "no such file", words=["info", "none.ply"])
        self.write("x.step", "")
        self.refused(3, "x.step", ".msh", words=["info", "mesh", "x.step"])
        self.refused(2, "too many words", words=["info", "a.msh", "b.msh"])


@unittest.skipUnless((REAL_DATA / "surfaces").exists(), "no real data beside the project")
class RealBones(CommandLine):
    def test_the_slivers_of_the_real_femur_are_reported(self):
        info = self.run_json("info", REAL_DATA / "femur_whole_tet" / "femur.msh", "--json")
        self.assertEqual((info["cells"], info["points"]), (75840, 13095))
        size = [h - l for l, h in zip(info["box_mm"]["low"], info["box_mm"]["high"])]
        self.assertEqual([round(s) for s in size], [118, 63, 466])
        slivers = [d for d in info["defects"] if d["code"] == "slivers"]
        self.assertEqual(len(slivers), 1)
        self.assertLess(info["quality"]["least_shape"], 2e-6)
        self.assertEqual(info["unit"]["plausible"], ["mm"])

    def test_real_surfaces_are_closed_and_the_two_in_metres_are_noticed(self):
        for name, triangles, unit in (("femur_whole_mm.stl", 5924, "mm"), ("lumbar_vertebra_mm.stl", 15000, "mm"),
                                      ("femur_proximal_left_mm.stl", None, "mm"),
                                      ("humerus_proximal_right_METRES.obj", 5122, "m"), ("lumbar_L3_METRES.obj", 9262, "m")):
            info = self.run_json("info", REAL_DATA / "surfaces" / name, "--json")
            self.assertTrue(info["closed"], name)
            self.assertEqual(info["unit"]["plausible"][0], unit, name)
            if triangles:
                self.assertEqual(info["triangles"], triangles)


if __name__ == "__main__":
    unittest.main()
