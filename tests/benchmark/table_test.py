#!/usr/bin/env python3
"""The table of scripts/benchmark says met, not met, failed or not run as the record has it; no time is measured here."""
import copy
import unittest

import table


def solve(body, seconds, ranks=1, iterations=10, unknowns=6440067, **how):
    return {"name": "solve", "body": body, "ranks": ranks, "loads": "one", "alone": False, "unknowns": unknowns,
            "set_up_s": [9.0, 0.25 * seconds], "solve_s": [9.0, 0.75 * seconds], "iterations": [iterations],
            "memory": {"above_floor_bytes": 50 * unknowns, "above_floor_at_once_bytes": 49 * unknowns, "bytes_per_unknown": 50.0, "peak_bytes": [4e8] * ranks}, **how}


def six(body, seconds, alone, ranks=1):
    return {**solve(body, seconds, ranks), "loads": "six", "alone": alone, "iterations": [10 if alone else 8] * 6}


def mesh(seconds, ranks):
    return {**solve("tet10 34", seconds, ranks, unknowns=985527), "name": "mesh"}


def ccx(method, seconds):
    return {"name": "calculix", "method": method, "threads": 1, "body": "grouped 40", "wall_s": [seconds + 1, seconds],
            "user_s": [seconds], "peak_bytes": 3e8, "relative_difference": 1e-4}


RECORD = {
    "schema": "calcar-benchmark-1",
    "machine": {"processor": "P", "cores": 2, "virtual": False, "memory_bytes": 24e9, "compiler": "c++", "commit": "c",
                "date": "2020-01-01", "load_at_start": 0.0},
    "settings": {"repetitions": 3},
    "rows": [
        {"name": "operator", "ranks": 1, "float_per_s": 500e6, "double_per_s": 300e6,
         "of_bound": {"plain": 0.53, "non_temporal": 0.45},
         "triad": {"plain_bytes_per_s": 15e9, "non_temporal_bytes_per_s": 18e9}},
        solve("solid 128", 3), solve("heterogeneous 128", 3.5), solve("heterogeneous 128", 1.9, 2), solve("porous 128", 4.5, 2),
        solve("porous 128", 8), solve("grouped 40", 0.08), ccx("scaling", 4), ccx("spooles", 80),
        solve("heterogeneous 69", 0.5, unknowns=1e6), solve("heterogeneous 255", 30, iterations=12, unknowns=50e6),
        six("real femur 1", 5, False), six("real femur 1", 6, True), solve("real femur 0.5", 3),
        mesh(16, 1), mesh(8, 2),
        {"name": "report", "ranks": 2, "wall_s": [6.0]}],
    "not_run": [{"what": "this", "why": "that"}]}


def changed(body, **entries):
    record = copy.deepcopy(RECORD)
    for row in record["rows"]:
        if row.get("body") == body:
            row.update(entries)
    return record


def verdicts(record):
    return {what: table.verdict(target, record)[1] for what, _, target in table.TARGETS}


class Table(unittest.TestCase):
    def test_all_targets_of_a_good_record_are_met(self):
        self.assertEqual(set(verdicts(RECORD).values()), {"met"})

    def test_an_empty_record_meets_nothing(self):
        self.assertEqual(set(verdicts({**RECORD, "rows": []}).values()), {"not run"})

    def test_the_best_repetition_counts(self):
        self.assertAlmostEqual(table.total_s(solve("b", 3)), 3)

    def test_a_slow_cube_is_not_met_and_a_failed_one_is_failed(self):
        what = "solid cube 128³, 6.4 M unknowns, 1 rank"
        self.assertEqual(verdicts(changed("solid 128", solve_s=[4.0, 4.0]))[what], "**not met**")
        self.assertEqual(verdicts(changed("solid 128", failed="why"))[what], "failed")
        self.assertIn("- failed: solve solid 128", table.markdown(changed("solid 128", failed="why")))

    def test_memory_is_judged_as_well(self):
        fat = {"above_floor_bytes": 500e6, "above_floor_at_once_bytes": 500e6, "bytes_per_unknown": 78.0, "peak_bytes": [7e8]}
        judged = verdicts(changed("solid 128", memory=fat))
        for what in ("solid cube 128³, 6.4 M unknowns, 1 rank", "memory per unknown, solid cube", "largest solid model in 24 GB"):
            self.assertEqual(judged[what], "**not met**", what)

    def test_every_target_can_be_missed(self):
        bad = copy.deepcopy(RECORD)
        for row in bad["rows"]:
            if row["name"] == "operator":
                row["of_bound"] = {"plain": 0.3, "non_temporal": 0.2}
            if "solve_s" in row:
                row["solve_s"] = [100.0 * row["ranks"]] * 2
                row["iterations"] = [row["unknowns"] // 1e5]
                row["memory"] = {"above_floor_bytes": 1e10, "above_floor_at_once_bytes": 1e10 * row["ranks"], "bytes_per_unknown": 1500.0 * row["ranks"], "peak_bytes": [1e10]}
            if row.get("loads") == "six" and row["alone"]:
                row["solve_s"] = [50.0] * 2
            if row["name"] == "report":
                row["wall_s"] = [11.0]
        self.assertEqual(set(verdicts(bad).values()), {"**not met**"})

    def test_tetrahedra_are_judged_on_two_ranks_and_tell_time_memory_and_iterations(self):
        what = "bone in quadratic tetrahedra, 2 ranks, to 1e-8"
        text = next(table.verdict(target, RECORD)[0] for name, _, target in table.TARGETS if name == what)
        for words in ("0.99 M unknowns", ": 8 s (", "1 rank 16 s (", "10 iterations", "0.8 GB", "50 B per unknown"):
            self.assertIn(words, text)
        alone = {**RECORD, "rows": [row for row in RECORD["rows"] if row["name"] != "mesh" or row["ranks"] == 1]}
        self.assertEqual(verdicts(alone)[what], "not run")
        self.assertIn("- failed: mesh tet10 34", table.markdown(changed("tet10 34", failed="why")))
        self.assertIn("8 s", table.one_line(mesh(8, 2)))

    def test_fifty_million_unknowns_not_run_is_not_met(self):
        record = {**RECORD, "rows": [row for row in RECORD["rows"] if row.get("body") != "heterogeneous 255"]}
        self.assertEqual(verdicts(record)["iterations from 1 M to 50 M unknowns"], "not run")

    def test_the_text_has_ratio_to_calculix_and_what_was_left_out(self):
        text = table.markdown(RECORD)
        self.assertIn("50 times faster than CalculiX iterative; 1000 times faster than CalculiX SPOOLES", text)
        self.assertIn("- not run: this (that)", text)
        self.assertIn("best of 3", text)

    def test_only_the_block_of_the_readme_changes(self):
        text = f"a\n{table.BEGIN}\nold\n{table.END}\nb\n"
        self.assertEqual(table.replaced(text, "new\n"), f"a\n{table.BEGIN}\nnew\n{table.END}\nb\n")
        for wrong in ("no marks", f"{table.END}\n{table.BEGIN}", 2 * text):
            with self.assertRaisesRegex(SystemExit, "README.md must have"):
                table.replaced(wrong, "new\n")


if __name__ == "__main__":
    unittest.main()
