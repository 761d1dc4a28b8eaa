#!/usr/bin/env python3
"""`calcar run` with method = "mesh", and `calcar compare`: results, files, messages, exit codes."""
import json
import re
import shutil
import unittest
from support import ROOT, CommandLine, calcar

SIZES = "\n[mesh]\nedge_mm = 9\nsurface_mm = 8\nlesion_mm = 6\napproximation_mm = 0.5\n"


class MeshRun(CommandLine):
    def setUp(self):
        super().setUp()
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", "3", "-o", self.folder / "phantom")
        self.assertEqual(code, 0, err)
        self.text = (ROOT / "cases/examples/01_lytic_neck.toml").read_text()

    def case(self, name="case.toml", more="", before=""):
        return self.write(name, before + self.text + more)

    def test_one_case_on_voxels_and_on_a_mesh_of_its_mask(self):
        case = self.case(more="\n[voxels]\nsize_mm = 3\n" + SIZES)
        voxels, mesh = self.folder / "voxels", self.folder / "mesh"
        self.run_json("run", case, "-o", voxels, "--json")
        results = self.run_json("run", case, "--method", "mesh", "-o", mesh, "--json")
        self.assertNotIn("voxel_mm", results)
        self.assertEqual(results["mesh"]["shape"], "tetrahedron")
        self.assertEqual(results["mesh"]["degree"], 2)
        self.assertIsNone(results["mesh"]["file"])
        self.assertEqual(len(results["mesh"]["regions"]), 2)  # bone and lesion
        self.assertEqual(results["solver"]["method"], "mesh")
        self.assertEqual([v["name"] for v in results["variants"]], ["healthy twin", "as is"])
        files = {f.name for f in (mesh / "fields").iterdir()}
        self.assertEqual(files, {"healthy_twin.vtu", "as_is.vtu", "healthy_twin_level_walking.vtu",
                                 "as_is_level_walking.vtu", "healthy_twin_stair_climbing.vtu",
                                 "as_is_stair_climbing.vtu"})
        compared = self.run_json("compare", voxels, mesh, "--json")
        self.assertEqual(compared["warnings"], [])
        self.assertEqual(len(compared["activities"]), 4)
        for activity in compared["activities"]:
            # Coarse on both sides: here the words are tested; agreement is in the verification suite.
            self.assertLess(abs(activity["stiffness_N_mm"]["difference"]), 0.25)
        code, out, err = calcar("compare", voxels, mesh)
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"utilisation +0\.\d+ +0\.\d+ +[+-]\d+\.\d %")
        self.assertIn("tetrahedron, order 2", out)

    def test_a_mesh_of_a_file_gives_what_the_same_mesh_made_here_gives(self):
        made = self.case(before='method = "mesh"\n', more=SIZES)
        for name in ("femur.inp", "femur.msh"):
            code, _, err = calcar("mesh", made, "-o", self.folder / name)
            self.assertEqual(code, 0, err)
        first = self.run_json("run", made, "-o", self.folder / "a", "--json")
        (self.folder / "deck.inp").write_text("*INCLUDE, INPUT=femur.inp\n")
        read = self.case("read.toml", before='method = "mesh"\n', more='\n[mesh]\nfile = "deck.inp"\n')
        second = self.run_json("run", read, "-o", self.folder / "b", "--json")
        self.assertTrue(second["mesh"]["file"].endswith("deck.inp"))
        self.assertEqual(first["mesh"]["cells"], second["mesh"]["cells"])
        for a, b in zip(first["variants"], second["variants"]):
            for x, y in zip(a["activities"], b["activities"]):
                self.assertAlmostEqual(x["utilisation"], y["utilisation"], delta=1e-6 * x["utilisation"])
        hashes = {entry["path"].split("/")[-1] for entry in
                  json.loads((self.folder / "b/provenance.json").read_text())["inputs"]}
        self.assertIn("deck.inp", hashes)
        self.assertIn("femur.inp", hashes)  # included

        # The same file taken for metres: far outside the mask, or too long for a bone.
        metres = self.case("metres.toml", before='method = "mesh"\n',
                           more='\n[mesh]\nfile = "femur.msh"\nunit = "m"\n')
        code, _, err = calcar("run", metres, "-o", self.folder / "c")
        self.assertEqual(code, 3, err)
        self.assertRegex(err, "unit|mm outside the bone's mask")
        self.assertFalse((self.folder / "c").exists())

        # A mesh elsewhere: the scan's y taken the other way round.
        text = (self.folder / "femur.msh").read_text()
        shutil.move(self.folder / "femur.msh", self.folder / "right.msh")
        (self.folder / "femur.msh").write_text(shifted(text, 200.0))
        elsewhere = self.case("elsewhere.toml", before='method = "mesh"\n',
                              more='\n[mesh]\nfile = "femur.msh"\n')
        code, _, err = calcar("run", elsewhere, "-o", self.folder / "c")
        self.assertEqual(code, 3, err)
        self.assertIn("outside the bone's mask", err)
        self.assertIn("check the mesh's unit and axes", err)

    def test_discs_and_caps_of_a_vertebra_are_in_the_mesh(self):
        code, _, err = calcar("phantom", "vertebra", "--voxel-mm", "2", "-o", self.folder / "spine")
        self.assertEqual(code, 0, err)
        text = (self.folder / "spine/case.toml").read_text().split("[[lesion]]")[0]
        text += "".join(f'[[activity]]\nname = "{name}"\n' for name in ("standing", "compression_pmma_1000N"))
        text += "[output]\nfields = false\n"

        def results(name, method, more):
            case = self.write(f"spine/{name}.toml", f'method = "{method}"\n' + text + more)
            return self.run_json("run", case, "-o", self.folder / name, "--json")

        voxels = results("voxels", "voxel", "[voxels]\nsize_mm = 2\n")
        for name, more, within in (("cubes", 'cells = "hexahedra"\nedge_mm = 2\norder = 1\n', 0.01),
                                   ("tetrahedra", "edge_mm = 6\nsurface_mm = 5\napproximation_mm = 0.4\n", 0.2)):
            with self.subTest(name):
                mesh = results(name, "mesh", "[mesh]\n" + more)
                # Each rig has its own layers, and so its own mesh.
                meshes = [mesh["mesh"], *mesh["further_meshes"]]
                self.assertEqual([m["rigs"] for m in meshes], [["vertebra_discs"], ["vertebra_pmma_caps"]])
                self.assertEqual([layer["name"] for layer in meshes[0]["layers"]], ["upper_disc", "lower_disc"])
                for a, b in zip(voxels["variants"][0]["activities"], mesh["variants"][0]["activities"]):
                    self.assertLess(b["equilibrium"]["force_error"], 1e-6)
                    self.assertLess(b["equilibrium"]["moment_error"], 1e-6)
                    ratio = b["external_work_Nmm"] / a["external_work_Nmm"]
                    self.assertLess(abs(ratio - 1), within, a["name"])

        # A mesh that somebody brings has no discs.
        case = self.write("spine/brought.toml", 'method = "mesh"\n' + text + '[mesh]\nfile = "bone.msh"\n')
        self.refused(2, "upper_disc", "bone.msh", "leave out file", words=("run", case, "-o", self.folder / "out"))

    def test_check_predicts_a_mesh(self):
        case = self.case(before='method = "mesh"\n', more=SIZES)
        prediction = self.run_json("check", case, "--json")
        self.assertGreater(prediction["cells"], 1000)
        self.assertGreater(prediction["memory_MB"], 175)
        code, out, err = calcar("check", case)
        self.assertEqual(code, 0, err)
        self.assertIn(" cells, ", out)

    def test_what_a_mesh_cannot_do_is_refused(self):
        self.case(before='method = "mesh"\n', more=SIZES)
        run = ("run", "case.toml", "-o", "out")
        self.refused(2, "--check-solver is given", words=(*run, "--check-solver"))
        self.refused(2, "--petsc is given", words=(*run, "--petsc", "-ksp_type cg"))
        self.refused(2, '--method is "grid"', "voxel, mesh", words=(*run, "--method", "grid"))
        self.case(before='method = "mesh"\n', more=SIZES + "\n[output]\nnifti = true\n")
        self.refused(2, "nifti", "remove nifti", words=run)
        self.case(before='method = "mesh"\n', more='\n[mesh]\nfile = "none.msh"\n')
        self.refused(3, "none.msh", words=run)
        self.case(before='method = "mesh"\n', more=SIZES + "\n[solver]\nmemory_GB = 0.01\n")
        self.refused(3, "cells", "make a coarser mesh", words=run)
        study = self.folder / "study.toml"
        shutil.copytree(ROOT / "cases/examples/bar", self.folder / "bar")
        shutil.copy(ROOT / "cases/examples/03_study_bar.toml", study)
        self.refused(2, "--method is given for a study", words=("run", study, "--method", "mesh", "-o", "out"))

    def test_compare_refuses_what_is_no_result(self):
        self.refused(2, "there are no results", words=("compare", "here", "there"))
        self.refused(2, "missing B", words=("compare", "here"))


def shifted(gmsh_text, by):
    """A Gmsh 4.1 file with every point moved along x."""
    head, rest = gmsh_text.split("$Nodes\n")
    nodes, tail = rest.split("$EndNodes")
    point = re.compile(r"^(\S+) (\S+) (\S+)$")
    lines = []
    for line in nodes.splitlines():
        found = point.match(line)
        lines.append(f"{float(found[1]) + by!r} {found[2]} {found[3]}" if found else line)
    return head + "$Nodes\n" + "\n".join(lines) + "\n$EndNodes" + tail


if __name__ == "__main__":
    unittest.main()
