#!/usr/bin/env python3
"""check_layers.py passes the tree as it is and fails on planted violations."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "check_layers.py"


def check(solver, *more):
    done = subprocess.run([sys.executable, SCRIPT, solver, *more], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class Layers(unittest.TestCase):
    def house(self, **files):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "CMakeLists.txt").write_text(
            "add_room(base LINK x)\nadd_room(image MAY_USE base)\nadd_room(material MAY_USE base)\n"
            "add_room(voxel MAY_USE image)\n"
        )
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return folder

    def test_the_tree_keeps_its_layering(self):
        code, text = check(ROOT / "solver")
        self.assertEqual(code, 0, text)

    def test_an_include_from_above_is_named(self):
        code, text = check(self.house(base__a_DOT_hpp='#include "image/volume.hpp"\n'))
        self.assertEqual(code, 1)
        self.assertIn("a.hpp:1: room base includes image/volume.hpp", text)

    def test_an_include_from_beside_is_refused(self):
        self.assertEqual(check(self.house(voxel__a_DOT_cc='#include "material/law.hpp"\n'))[0], 1)

    def test_an_include_from_below_is_allowed_also_through_another_room(self):
        self.assertEqual(check(self.house(voxel__a_DOT_cc='#include "base/a.hpp"\n'))[0], 0)

    def test_angle_brackets_and_relative_paths_do_not_hide_a_violation(self):
        self.assertEqual(check(self.house(base__a_DOT_cc="#  include <voxel/e.hpp>\n"))[0], 1)
        self.assertEqual(check(self.house(base__a_DOT_cc='#include "../image/v.hpp"\n'))[0], 1)

    def test_third_parties_stay_in_their_rooms(self):
        self.assertEqual(check(self.house(voxel__a_DOT_cc="#include <itkImage.h>\n"))[0], 1)
        self.assertEqual(check(self.house(image__a_DOT_cc="#include <itkImage.h>\n"))[0], 0)

    def test_a_folder_that_is_no_room_is_refused(self):
        self.assertEqual(check(self.house(attic__a_DOT_cc="int a;\n"))[0], 1)

    def test_the_table_written_by_cmake_may_be_given(self):
        house = self.house(voxel__a_DOT_cc='#include "base/a.hpp"\n')
        table = house / "layers.txt"
        table.write_text("base: \nimage: base\nvoxel: \n")
        self.assertEqual(check(house, table)[0], 1)


if __name__ == "__main__":
    unittest.main()
