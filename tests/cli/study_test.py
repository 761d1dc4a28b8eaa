#!/usr/bin/env python3
"""Study mode through the program: a bar of known stiffness, reactions, fields, and what is refused."""
import json
import math
import os
import re
import struct
import subprocess
import unittest
from support import CALCAR, CommandLine, calcar, read_nifti, write_nifti

CASE = """
title = "bar"
[bone]
modulus_image = "E.nii.gz"
poisson_ratio = 0.0
[[support]]
name = "bottom"
region = {{ file = "regions.nii.gz", label = 1, side = "-k" }}
fix = ["i", "j", "k"]
[[support]]
name = "top"
region = {{ file = "regions.nii.gz", label = 2, side = "+k" }}
{top}
{more}
"""


class Study(CommandLine):
    size = (4, 3, 10)

    def bar(self, top='fix = []\ndisplacement_mm = { k = -0.1 }', more="", moduli=None, labels=None, **options):
        ni, nj, nk = self.size
        count = ni * nj * nk
        write_nifti(self.folder / "E.nii.gz", self.size, moduli or [1000.0] * count, spacing=(0.5, 1, 2), **options)
        if labels is None:
            labels = [1 if n // (ni * nj) == 0 else 2 if n // (ni * nj) == nk - 1 else 0 for n in range(count)]
        write_nifti(self.folder / "regions.nii.gz", self.size, labels, spacing=(0.5, 1, 2), kind="uint8", **options)
        return self.write("case.toml", CASE.format(top=top, more=more))

    def test_a_bar_pressed_together_has_the_closed_form_reaction_and_fields(self):
        case = self.bar(more="[output]\nnifti = true\n")
        results = self.run_json("run", case, "-o", self.folder / "out", "--json")
        # E A / L * u = 1000 * (2 * 3) / 20 * 0.1 = 30 N
        reactions = {s["name"]: s["reaction_N"] for s in results["supports"]}
        self.assertAlmostEqual(reactions["top"][2], -30, places=5)
        self.assertAlmostEqual(reactions["bottom"][2], 30, places=5)
        self.assertEqual(results["axes"], "ijk")
        self.assertEqual(results["solver"]["unknowns"], 3 * 5 * 4 * 11)
        self.assertLessEqual(results["solver"]["relative_residual"], 1e-8)
        self.assertAlmostEqual(results["study"]["strain_energy_Nmm"], 0.5 * 30 * 0.1, places=6)
        size, energy = read_nifti(self.folder / "out/fields/strain_energy_density_MPa.nii.gz")
        self.assertEqual(tuple(size), self.size)
        for value in energy:
            self.assertAlmostEqual(value, 0.5 * 1000 * 0.005**2, places=7)
        for name in ("results.json", "summary.csv", "provenance.json", "case_resolved.toml", "log.jsonl", "fields/study.vti"):
            self.assertTrue((self.folder / "out" / name).is_file(), name)
        saved = json.loads((self.folder / "out/results.json").read_text())
        self.assertEqual(saved["supports"], results["supports"])

    def test_the_answer_does_not_depend_on_the_orientation_in_the_affine(self):
        case = self.bar()
        plain = self.run_json("run", case, "-o", self.folder / "a", "--json")
        turned = [[0, -1, 0, 7], [0.5, 0, 0, 3], [0, 0, 2, 1]]
        self.bar(affine=turned)
        other = self.run_json("run", case, "-o", self.folder / "b", "--json")
        for a, b in zip(plain["supports"], other["supports"]):
            for x, y in zip(a["reaction_N"], b["reaction_N"]):
                self.assertAlmostEqual(x, y, places=6)

    def test_a_force_on_a_region_is_carried_by_the_support(self):
        case = self.bar(top='fix = ["i", "j"]', more="""
[[force]]
name = "press"
region = { file = "regions.nii.gz", label = 2, side = "+k" }
force_N = { k = -12.5 }
""")
        results = self.run_json("run", case, "-o", self.folder / "out", "--json", "--ranks", "1")
        reactions = {s["name"]: s["reaction_N"] for s in results["supports"]}
        self.assertAlmostEqual(reactions["bottom"][2], 12.5, places=5)

    def test_ranks_agree(self):
        case = self.bar(moduli=[500.0 + 37 * (n % 11) for n in range(120)], more="[solver]\nrelative_residual = 1e-12\n")
        alone = self.run_json("run", case, "-o", self.folder / "a", "--json", "--ranks", "1")
        three = self.run_json("run", case, "-o", self.folder / "b", "--json", "--ranks", "3")
        for a, b in zip(alone["supports"], three["supports"]):
            for x, y in zip(a["reaction_N"], b["reaction_N"]):
                self.assertAlmostEqual(x, y, delta=1e-9 * 30)

    def test_loose_pieces_are_dropped_with_a_warning_and_refused_when_loaded(self):
        ni, nj, nk = self.size
        moduli = [0.0 if (n // (ni * nj)) == 5 else 1000.0 for n in range(ni * nj * nk)]
        labels = [1 if n // (ni * nj) == 0 else 2 if n // (ni * nj) == 4 else 3 if n // (ni * nj) == 9 else 0
                  for n in range(ni * nj * nk)]
        case = self.bar(moduli=moduli, labels=labels)
        results = self.run_json("run", case, "-o", self.folder / "out", "--json")
        self.assertIn("loose_pieces_dropped", [w["code"] for w in results["warnings"]])
        self.assertEqual(results["solver"]["voxels"], 5 * ni * nj)
        self.bar(moduli=moduli, labels=labels, more="""
[[force]]
region = { file = "regions.nii.gz", label = 3, side = "+k" }
force_N = { k = -1 }
""")
        self.refused(3, "loaded but touches no support", words=("run", case, "-o", "out2"))
        self.assertFalse((self.folder / "out2").exists())

    def hinged(self, top='fix = []\ndisplacement_mm = { k = -0.1 }', more=""):
        """The bar with a column at its side that hangs on an edge: 6 voxels, of label 3."""
        ni, nj, nk = self.size
        places = [(n % ni, n // (ni * nj)) for n in range(ni * nj * nk)]
        column = [i == 3 and 6 <= k <= 7 for i, k in places]
        bar = [(k <= 5 and i <= 2) or (k >= 6 and i <= 1) for i, k in places]
        return self.bar(top=top, more=more, moduli=[1000.0 if b or c else 0.0 for b, c in zip(bar, column)],
                        labels=[3 if c else 1 if k == 0 else 2 if k == nk - 1 else 0 for c, (i, k) in zip(column, places)])

    def test_parts_that_can_swing_are_left_out_with_a_warning(self):
        results = self.run_json("run", self.hinged(), "-o", self.folder / "out", "--json")
        told = [w for w in results["warnings"] if w["code"] == "hinged_parts"]
        self.assertEqual(len(told), 1, results["warnings"])
        self.assertIn("1 parts with 6 voxels (7.1 % of the volume) hang on edges or corners", told[0]["text"])
        self.assertEqual(results["solver"]["voxels"], 78)
        # The same as without the part.
        case = self.hinged()
        text = (self.folder / "case.toml").read_text()
        ni, nj, nk = self.size
        self.bar(moduli=[1000.0 if (k <= 5 and i <= 2) or (k >= 6 and i <= 1) else 0.0
                         for i, k in ((n % ni, n // (ni * nj)) for n in range(ni * nj * nk))])
        case.write_text(text)
        plain = self.run_json("run", case, "-o", self.folder / "plain", "--json")
        self.assertEqual(plain["warnings"], [])
        for a, b in zip(results["supports"], plain["supports"]):
            for x, y in zip(a["reaction_N"], b["reaction_N"]):
                self.assertAlmostEqual(x, y, places=6)

    def test_parts_that_can_swing_are_refused_when_something_acts_on_them(self):
        self.refused(3, "a part of 6 voxels hangs on edges or corners", "but a force acts on it", words=(
            "run", self.hinged(more="""
[[force]]
region = { file = "regions.nii.gz", label = 3, side = "+k" }
force_N = { k = -1 }
"""), "-o", "out"))
        moved = """
[[support]]
name = "pull"
region = { file = "regions.nii.gz", label = 3, side = "+i" }
displacement_mm = { j = 0.1 }
"""
        self.refused(3, "a part of 6 voxels", 'support "pull" acts on it', "hold it in all directions", words=(
            "run", self.hinged(more=moved), "-o", "out"))
        self.assertFalse((self.folder / "out").exists())

    def test_parts_on_hinges_stay_when_supports_hold_them(self):
        held = """
[[support]]
name = "wall"
region = { file = "regions.nii.gz", label = 3, side = "+i" }
fix = ["i"]
"""
        results = self.run_json("run", self.hinged(more=held), "-o", self.folder / "out", "--json")
        self.assertEqual([w for w in results["warnings"] if w["code"] == "hinged_parts"], [])
        self.assertEqual(results["solver"]["voxels"], 84)
        # Fixed along the hinge only it still swings; its support goes with it.
        along = held.replace('["i"]', '["j"]')
        results = self.run_json("run", self.hinged(more=along), "-o", self.folder / "out2", "--json")
        self.assertEqual(len([w for w in results["warnings"] if w["code"] == "hinged_parts"]), 1)
        self.assertEqual([s["reaction_N"] for s in results["supports"] if s["name"] == "wall"], [[0, 0, 0]])

    def test_a_body_whose_halves_swing_is_refused(self):
        # Held as one rigid body, but not as two halves on a hinge.
        ni, nj, nk = self.size
        case = self.bar(top='fix = ["i", "j"]', more="""
[[force]]
region = { file = "regions.nii.gz", label = 2, side = "+k" }
force_N = { k = -1 }
""", moduli=[1000.0 if (n % ni <= 1) == (n // (ni * nj) < 5) else 0.0 for n in range(ni * nj * nk)])
        case.write_text(case.read_text().replace('fix = ["i", "j", "k"]', 'fix = ["k"]'))
        self.refused(3, "all of it hangs together by edges or corners", words=("run", case, "-o", "out"))

    def test_a_free_motion_is_named(self):
        case = self.bar(top="displacement_mm = { k = -0.1 }")
        text = case.read_text().replace('fix = ["i", "j", "k"]', 'fix = ["k"]')
        case.write_text(text)
        self.refused(3, "translation along i", words=("run", case, "-o", "out"))

    def test_an_axis_both_fixed_and_moved_is_refused(self):
        case = self.bar(top='fix = ["k"]\ndisplacement_mm = { k = -0.1 }')
        self.refused(2, "case.toml", "both in fix and in displacement_mm", words=("run", case, "-o", "out"))

    def test_wrong_regions_are_refused_with_the_labels_there_are(self):
        case = self.bar()
        case.write_text(case.read_text().replace("label = 2", "label = 7"))
        self.refused(3, "label 7", "labels 1, 2", words=("run", case, "-o", "out"))
        case = self.bar()
        case.write_text(case.read_text().replace('side = "+k"', 'side = "k"'))
        self.refused(2, 'unknown side "k"', "+k", words=("run", case, "-o", "out"))
        case = self.bar()
        ni, nj, nk = self.size
        write_nifti(self.folder / "regions.nii.gz", (nj, ni, nk), [1] * (ni * nj * nk), spacing=(1, 0.5, 2), kind="uint8")
        self.refused(3, "regions.nii.gz", "size", words=("run", case, "-o", "out"))

    def test_bad_moduli_are_refused_with_the_voxel(self):
        moduli = [1000.0] * 120
        moduli[17] = -5.0
        self.refused(3, "-5 MPa", "voxel (1, 1, 1)", words=("run", self.bar(moduli=moduli), "-o", "out"))
        self.refused(3, "every modulus is 0", words=("run", self.bar(moduli=[0.0] * 120), "-o", "out"))
        moduli[17] = float("nan")
        self.refused(3, "E.nii.gz", "NaN", words=("run", self.bar(moduli=moduli), "-o", "out"))

    def test_a_study_without_support_or_load_is_refused(self):
        case = self.bar(top='fix = ["i"]')
        self.refused(2, "nothing loads the body", words=("run", case, "-o", "out"))
        case.write_text('[bone]\nmodulus_image = "E.nii.gz"\npoisson_ratio = 0.3\n')
        self.refused(2, "no [[support]]", words=("run", case, "-o", "out"))

    def test_a_solver_that_may_not_iterate_enough_says_so(self):
        case = self.bar(moduli=[500.0 + 37 * (n % 11) for n in range(120)],
                        more="[solver]\nmax_iterations = 1\nrelative_residual = 1e-13\n")
        code, _, err = calcar("run", case, "-o", self.folder / "out")
        self.assertEqual(code, 5, err)
        self.assertIn("not converged", err)
        self.assertFalse((self.folder / "out").exists())
        self.assertEqual([p.name for p in self.folder.iterdir() if "part" in p.name], [])


class Memory(CommandLine):
    """What a run is predicted to need, what it takes, and what is refused before it starts."""

    def study(self, edge, solid, more="fields = false\n", limit=""):
        """A cube of voxels of 0.1 mm pressed together; `solid(i, j, k)` says where there is bone."""
        return self.study_of((edge,) * 3, lambda i, j, k: 9000 if solid(i, j, k) else 0, more, limit)

    def study_of(self, size, modulus, more="fields = false\n", limit=""):
        self.image("E.nii", "float32", size, lambda i, j, k: struct.pack("<f", modulus(i, j, k)))
        one, two, none = b"\1", b"\2", b"\0"
        self.image("L.nii", "uint8", size, lambda i, j, k: one if k == 0 else two if k == size[2] - 1 else none)
        return self.write("case.toml", f"""
[bone]
modulus_image = "E.nii"
poisson_ratio = 0.3
[[support]]
name = "bottom"
region = {{ file = "L.nii", label = 1, side = "-k" }}
fix = ["i", "j", "k"]
[[support]]
name = "top"
region = {{ file = "L.nii", label = 2, side = "+k" }}
fix = ["i", "j"]
displacement_mm = {{ k = -0.01 }}
[solver]
relative_residual = 1e-3
{limit}
[output]
{more}""")

    def image(self, name, kind, size, value):
        path = write_nifti(self.folder / name, size, [], spacing=(0.1, 0.1, 0.1), kind=kind)
        ni, nj, nk = size
        with open(path, "ab") as stream:
            for k in range(nk):
                stream.write(b"".join(value(i, j, k) for j in range(nj) for i in range(ni)))

    def sheets(self, edge, period=25):
        """Sheets around a gyroid surface, a fifth of the volume."""
        sine = [math.sin(2 * math.pi * n / period) for n in range(edge)]
        cosine = [math.cos(2 * math.pi * n / period) for n in range(edge)]
        return lambda i, j, k: abs(sine[i] * cosine[j] + sine[j] * cosine[k] + sine[k] * cosine[i]) < 0.3

    def compare(self, case, ranks, *more):
        """Predicted and measured peak agree within 15 %; returns the prediction."""
        code, out, err = calcar("run", case, "--dry-run", "--json", "--ranks", ranks, *more)
        self.assertEqual(code, 0, err)
        predicted = json.loads(out)
        code, _, err = calcar("run", case, "-o", self.folder / "out", "--overwrite", "--ranks", ranks, "-v", *more)
        self.assertEqual(code, 0, err)
        measured = float(re.search(r"peak memory: .*all ranks ([0-9.]+) MB", err)[1])
        self.assertLessEqual(abs(predicted["memory_MB"] - measured), 0.15 * measured,
                             f"predicted {predicted['memory_MB']} MB, measured {measured} MB on {ranks} ranks\n{err}")
        return predicted, measured

    def test_predicted_memory_is_what_a_solid_body_takes(self):
        case = self.study(80, lambda i, j, k: True)
        alone, measured = self.compare(case, 1)
        self.assertEqual(alone["unknowns"], 3 * 81**3)
        self.assertGreater(measured, 250, "the model must weigh more than the program")
        shared, _ = self.compare(case, 2)
        self.assertGreater(shared["memory_MB"], alone["memory_MB"])

    def test_predicted_memory_is_what_a_porous_body_takes(self):
        case = self.study(100, self.sheets(100))
        predicted, measured = self.compare(case, 1)
        self.assertGreater(predicted["unknowns"], 800000)
        self.assertLess(predicted["voxels"], 250000)
        self.assertGreater(measured, 250)
        self.compare(case, 2)

    def test_predicted_memory_includes_the_fields(self):
        # Whichever is larger at its peak, the solve or the fields, which are rank 0's alone.
        limit = 'coarse_space = "geometric"'
        self.compare(self.study(64, self.sheets(64), more="fields = true\n"), 1)
        self.compare(self.study(64, self.sheets(64), more="fields = true\n", limit=limit), 6)

    def test_predicted_memory_includes_the_vectors_of_petsc(self):
        case = self.study(64, lambda i, j, k: True)
        own, _ = self.compare(case, 1)
        short, _ = self.compare(case, 1, "--petsc", "-ksp_type cg")
        full, _ = self.compare(case, 2, "--petsc", "-ksp_type gmres -ksp_gmres_preallocate")
        vectors = 8e-6 * own["unknowns"]
        self.assertGreater(short["memory_MB"], own["memory_MB"] + 4 * vectors)
        self.assertGreater(full["memory_MB"], short["memory_MB"] + 29 * vectors)
        self.assertEqual(full["memory_with_aggregation_MB"], full["memory_MB"])

    def test_the_peak_in_the_log_is_that_of_the_process(self):
        case = self.study(40, lambda i, j, k: True)
        process = subprocess.Popen([CALCAR, "run", case, "-o", self.folder / "out", "--ranks", "1", "-v"],
                                   stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        err = process.stderr.read()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, err)
        logged = float(re.search(r"peak memory: rank 0 ([0-9.]+) MB", err)[1])
        self.assertAlmostEqual(logged, usage.ru_maxrss * 1024e-6, delta=0.05 * logged)

    def test_a_model_that_will_not_fit_is_refused_before_it_starts(self):
        case = self.study(40, lambda i, j, k: True, limit="memory_GB = 0.1")
        for ranks in (1, 2):
            err = self.refused(3, "memory of ", "64000 voxels, 206763 unknowns", "predicted to need",
                               "[solver] memory_GB = 0.1", "coarser voxels", words=("run", case, "-o", "out", "--ranks", ranks))
            self.assertNotIn("solve\n", err)
        self.assertFalse((self.folder / "out").exists())
        self.refused(3, "[solver] memory_GB = 0.1", words=("check", case))
        case.write_text(case.read_text().replace("memory_GB = 0.1", "memory_GB = 2"))
        code, _, err = calcar("run", case, "-o", self.folder / "out", "--ranks", "1")
        self.assertEqual(code, 0, err)
        case.write_text(case.read_text().replace("memory_GB = 2", "memory_GB = -1"))
        self.refused(2, "memory_GB", "greater than 0", words=("check", case))

    def nail(self, width=16, length=96):
        """A nail in soft marrow inside a bowed tube of bone, bent: hard for V-cycles."""
        def modulus(i, j, k):
            x, y = i + 0.5 - 0.5 * width, j + 0.5 - 0.5 * width
            if math.hypot(x, y) < 0.1 * width:
                return 110000
            radius = math.hypot(x - 0.06 * width * math.sin(math.pi * k / length), y) / width
            return 0 if radius >= 0.42 else 17000 if radius > 0.3 else 10
        case = self.study_of((width, width, length), modulus)
        text = case.read_text().replace('fix = ["i", "j"]\ndisplacement_mm = { k = -0.01 }', 'fix = ["k"]')
        return self.write("case.toml", text + """
[[force]]
region = { file = "L.nii", label = 2, side = "+k" }
force_N = { i = 1 }
""")

    def test_the_coarse_space_is_chosen_by_the_case_and_told_in_the_results(self):
        case = self.study(16, lambda i, j, k: True)
        text = case.read_text()
        for name, used in (("automatic", "geometric"), ("geometric", "geometric"), ("aggregation", "aggregation")):
            case.write_text(text.replace("[solver]", f'[solver]\ncoarse_space = "{name}"'))
            results = self.run_json("run", case, "-o", self.folder / "out", "--overwrite", "--json", "--ranks", "2")
            self.assertEqual(results["solver"]["coarse_space"], used, name)
        case.write_text(text.replace("[solver]", '[solver]\ncoarse_space = "amg"'))
        self.refused(2, "case.toml", 'unknown coarse_space "amg"', "automatic, geometric, aggregation", words=("check", case))

    def test_aggregation_takes_over_when_the_memory_allows_and_a_warning_tells_when_not(self):
        case = self.nail(width=24, length=144)
        text = case.read_text().replace("relative_residual = 1e-3", "relative_residual = 1e-8")
        case.write_text(text)
        predicted = self.run_json("run", case, "--dry-run", "--json", "--ranks", "2")
        least, most = predicted["memory_MB"], predicted["memory_with_aggregation_MB"]
        # What the process holds before it solves differs by a few MB from run to run.
        self.assertGreater(most, least + 10)
        for memory, used in ((1.05 * most, "aggregation"), (0.5 * (least + most), "geometric")):
            case.write_text(text.replace("[solver]", f"[solver]\nmemory_GB = {memory / 1000}"))
            results = self.run_json("run", case, "-o", self.folder / used, "--json", "--ranks", "2")
            self.assertEqual(results["solver"]["coarse_space"], used)
            left_out = [w for w in results["warnings"] if w["code"] == "aggregation_left_out"]
            self.assertEqual(len(left_out), 1 if used == "geometric" else 0, results["warnings"])
        self.assertIn("memory_GB", left_out[0]["text"])
        self.assertIn('coarse_space = "geometric"', left_out[0]["text"])
        # Asked for by name it must fit.
        case.write_text(text.replace("[solver]", f'[solver]\ncoarse_space = "aggregation"\nmemory_GB = {(0.5 * (least + most)) / 1000}'))
        self.refused(3, "predicted to need", "coarse_space", words=("run", case, "-o", "out", "--ranks", "2"))

    def test_a_patient_whose_model_will_not_fit_is_refused_too(self):
        code, _, err = calcar("phantom", "femur", "--side", "left", "--voxel-mm", "3", "-o", self.folder / "femur")
        self.assertEqual(code, 0, err)
        case = self.folder / "femur" / "case.toml"
        case.write_text(case.read_text() + "\n[voxels]\nsize_mm = 3\n[solver]\nmemory_GB = 0.05\n")
        self.refused(3, "memory of ", "[solver] memory_GB = 0.05", words=("run", case, "-o", "out", "--ranks", "2"))
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
