"""A record of scripts/benchmark as text: the targets of the design with what was measured, and what it was measured on.

A target is judged on what this record holds and on nothing else: without its rows it is "not run".
"""

BEGIN, END = "<!-- benchmark:begin -->", "<!-- benchmark:end -->"
MEGA = 1e6


class Missing(Exception):
    """A row that a target needs was not run."""


class Failed(Exception):
    """A row that a target needs has failed."""


def find(record, name, **wanted):
    """The row of that name with these entries."""
    for row in record["rows"]:
        if row["name"] == name and all(row.get(key) == value for key, value in wanted.items()):
            if "failed" in row:
                raise Failed(row["failed"])
            return row
    raise Missing(f"{name} {wanted}")


def solved(record, body, ranks=1, loads="one", alone=False):
    return find(record, "solve", body=body, ranks=ranks, loads=loads, alone=alone)


def total_s(row):
    """Set-up and solve together, the best repetition."""
    return min(a + b for a, b in zip(row["set_up_s"], row["solve_s"]))


def per_unknown(row):
    return row["memory"]["bytes_per_unknown"]


def figure(value, digits=2):
    """At least `digits` significant digits, and no fewer before the point."""
    text = f"{value:.{digits}g}"
    return f"{value:.0f}" if "e" in text or value >= 10 ** digits else text


def parts(row):
    """Times of a solve in words."""
    return (f"{figure(total_s(row), 3)} s (set-up {figure(min(row['set_up_s']), 2)}, solve "
            f"{figure(min(row['solve_s']), 2)})")


# Each target returns (measured, met); met is None where there is nothing to meet.

def operator(record):
    row = find(record, "operator", ranks=1)
    plain, past = row["triad"]["plain_bytes_per_s"], row["triad"]["non_temporal_bytes_per_s"]
    text = (f"{share(row, 'plain')}: {row['float_per_s'] / MEGA:.0f} M unknowns/s single ({row['double_per_s'] / MEGA:.0f} "
            f"double) on one core; triad {plain / 1e9:.1f} GB/s ({past / 1e9:.1f} with non-temporal stores: "
            f"{share(row, 'non_temporal')})")
    try:
        two = find(record, "operator", ranks=2)
    except Missing:
        return text, row["of_bound"]["plain"] >= 0.5
    return (text + f"; two ranks {share(two, 'plain')}: {two['float_per_s'] / MEGA:.0f} M unknowns/s, triad "
            f"{two['triad']['plain_bytes_per_s'] / 1e9:.1f} GB/s", row["of_bound"]["plain"] >= 0.5)


def share(row, stores):
    """Of the bandwidth bound, in words; a processor may lack non-temporal stores."""
    ratio = row["of_bound"][stores]
    return "–" if ratio is None else f"{100 * ratio:.0f} %"


def cube(kind):
    def target(record):
        row = solved(record, f"{kind} 128")
        above = row["memory"]["above_floor_bytes"] / MEGA
        return (f"{parts(row)}, {row['iterations'][0]} iterations, {above:.0f} MB above the floor",
                total_s(row) <= 4 and above <= 400)
    return target


def porous(record):
    row = solved(record, "porous 128", ranks=2)
    return f"{parts(row)}, {row['iterations'][0]} iterations", total_s(row) <= 5


def memory_of(body, most):
    def target(record):
        used = per_unknown(solved(record, body))
        return f"{used:.0f} B", used <= most
    return target


def memory_when_split(record):
    one, two = solved(record, "heterogeneous 128"), solved(record, "heterogeneous 128", ranks=2)
    at_once = two["memory"]["above_floor_at_once_bytes"] / one["memory"]["above_floor_at_once_bytes"]
    peaks = per_unknown(two) / per_unknown(one)
    return f"{at_once:.2f}× in use at once; the ranks' own peaks, at different times, add up to {peaks:.2f}×", at_once <= 1.15


def small_cube(record):
    row = solved(record, "grouped 40")
    others = {m: find(record, "calculix", method=m, threads=1, body="grouped 40") for m in ("scaling", "spooles")
              if any(r["name"] == "calculix" and r["method"] == m for r in record["rows"])}
    ratios = "".join(f"; {min(other['wall_s']) / total_s(row):.0f} times faster than CalculiX "
                     f"{'iterative' if method == 'scaling' else 'SPOOLES'}" for method, other in others.items())
    return parts(row) + ratios, total_s(row) <= 0.1


def two_ranks(record):
    def speed_up(body):
        return total_s(solved(record, body)) / total_s(solved(record, body, ranks=2))
    wanted = speed_up("heterogeneous 128")
    more = []
    for body in ("solid 128", "porous 128", "real femur 0.5"):
        try:
            more.append(f"{body} {speed_up(body):.2f}×")
        except Missing:
            pass
    return f"{wanted:.2f}× (heterogeneous 128)" + "".join(", " + words for words in more), wanted >= 1.8


def six(record):
    words, ratios = [], []
    for body, ranks in (("heterogeneous 64", 1), ("heterogeneous 64", 2), ("heterogeneous 96", 1), ("heterogeneous 96", 2),
                        ("real femur 1", 1), ("real femur 1", 2)):
        try:
            together = solved(record, body, ranks, "six", False)
            alone = solved(record, body, ranks, "six", True)
        except Missing:
            continue
        ratios.append(min(together["solve_s"]) / min(alone["solve_s"]))
        words.append(f"{body} on {ranks}: {ratios[-1]:.2f} of the time, {sum(together['iterations'])} iterations for "
                     f"{sum(alone['iterations'])}")
    if not words:
        raise Missing("six right-hand sides")
    # Times of two runs of the same work scatter by a few per cent.
    return "; ".join(words), max(ratios) <= 1.03


def growth(record):
    rows = [solved(record, f"heterogeneous {edge}") for edge in (69, 128, 255)]
    counts = [row["iterations"][0] for row in rows]
    sizes = [f"{row['unknowns'] / MEGA:.1f} M: {count}" for row, count in zip(rows, counts)]
    return ", ".join(sizes), max(counts) <= 1.2 * min(counts)


def largest(record):
    used = per_unknown(solved(record, "solid 128"))
    return f"{24e9 / used / MEGA:.0f} M by the {used:.0f} B of the solid cube (computed, not run)", 24e9 / used >= 350e6


def real_femur(record):
    rows = [row for row in record["rows"] if row["name"] == "report" and "failed" not in row]
    if not rows:
        return find(record, "report")
    best = min(rows, key=lambda row: min(row["wall_s"]))
    each = ", ".join(f"{min(row['wall_s']):.1f} s on {row['ranks']} rank{'s' * (row['ranks'] > 1)}" for row in rows)
    return f"{each} (1 mm, program start to end)", min(best["wall_s"]) <= 10


def tetrahedra(record):
    row = find(record, "mesh", body="tet10 34", ranks=2)
    try:
        one = f"; 1 rank {mesh_words(find(record, 'mesh', body='tet10 34', ranks=1))}"
    except Missing:
        one = ""
    return (f"{row['unknowns'] / MEGA:.2f} M unknowns: {mesh_words(row)}, {per_unknown(row):.0f} B per unknown{one}",
            total_s(row) <= 60)


def mesh_words(row):
    return f"{parts(row)}, {row['iterations'][0]} iterations, {sum(row['memory']['peak_bytes']) / 1e9:.1f} GB"


TARGETS = (
    ("product K u, share of the bandwidth bound at 16 B per unknown, single precision", "≥ 50 %", operator),
    ("solid cube 128³, 6.4 M unknowns, 1 rank", "≤ 4 s, ≤ 400 MB", cube("solid")),
    ("the same, moduli differing 400×", "≤ 4 s, ≤ 400 MB", cube("heterogeneous")),
    ("porous cube 128³, struts, a third solid, 2 ranks", "≤ 5 s", porous),
    ("cube 40³, 0.2 M unknowns, 1 rank", "≤ 0.1 s", small_cube),
    ("2 ranks against 1", "≥ 1.8×", two_ranks),
    ("6 right-hand sides together against alone", "not slower (3 % for noise)", six),
    ("iterations from 1 M to 50 M unknowns", "within 20 %", growth),
    ("largest solid model in 24 GB", "≥ 350 M unknowns", largest),
    ("memory per unknown, solid cube", "≤ 60 B", memory_of("solid 128", 60)),
    ("memory per unknown, real femur at 0.5 mm", "≤ 90 B", memory_of("real femur 0.5", 90)),
    ("memory per unknown, porous cube", "≤ 120 B, ≤ 200 B with aggregates", memory_of("porous 128", 200)),
    ("memory of 2 ranks against 1", "≤ 1.15×", memory_when_split),
    ("bone in quadratic tetrahedra, 2 ranks, to 1e-8", "≤ 60 s, memory stated", tetrahedra),
    ("real femur, CT to results, 3 activities", "≤ 10 s", real_femur),
)


def verdict(target, record):
    """(measured, "met" | "not met" | "not run" | "failed")."""
    try:
        measured, met = target(record)
    except Missing:
        return "", "not run"
    except Failed:
        return "", "failed"
    return measured, "met" if met else "**not met**"


def rows_of_solves(record):
    """The bodies in the order measured, with what one and two ranks took."""
    lines = []
    single = [row for row in record["rows"] if row["name"] == "solve" and row.get("loads") == "one" and row["ranks"] == 1
              and "failed" not in row]
    for row in single:
        try:
            two = parts(solved(record, row["body"], 2))
        except (Missing, Failed):
            two = "not run"
        lines.append(f"| {row['body']} | {row['unknowns'] / MEGA:.2f} M | {row['iterations'][0]} | {parts(row)} | {two} | "
                     f"{per_unknown(row):.0f} |")
    return lines


METHODS = {"scaling": "iterative, diagonal scaling", "cholesky": "iterative, incomplete Cholesky", "spooles": "SPOOLES (direct)"}


def rows_of_calculix(record):
    lines = []
    for row in record["rows"]:
        if row["name"] == "calculix" and "failed" not in row:
            lines.append(f"| CalculiX, {METHODS[row['method']]}, {row['threads']} thread{'s' * (row['threads'] > 1)} | "
                         f"{figure(min(row['wall_s']), 3)} s | {row['peak_bytes'] / MEGA:.0f} MB | "
                         f"{row['relative_difference']:.1g} |")
    for row in record["rows"] if lines else []:
        if row["name"] == "solve" and row["body"].startswith("grouped") and "failed" not in row:
            lines.append(f"| Calcar, {row['ranks']} rank{'s' * (row['ranks'] > 1)} | {figure(total_s(row), 3)} s | "
                         f"{sum(row['memory']['peak_bytes']) / MEGA:.0f} MB | |")
    return lines


def describe(record):
    machine, settings = record["machine"], record["settings"]
    return (f"{machine['processor']}{' (virtual machine)' if machine['virtual'] else ''}, {machine['cores']} cores, "
            f"{machine['memory_bytes'] / 1e9:.0f} GB, {machine['compiler']}, commit {machine['commit']}, {machine['date']}; "
            f"load {machine['load_at_start']:.1f} when it started. To a relative residual of 1e-6 (tetrahedra 1e-8) from zero, body to "
            f"gathered answer; the best of {settings['repetitions']} (SPOOLES and 50 M unknowns: once).")


def markdown(record):
    lines = [describe(record), "", "| what | target | measured | |", "|---|---|---|---|"]
    for what, wanted, target in TARGETS:
        measured, met = verdict(target, record)
        lines.append(f"| {what} | {wanted} | {measured} | {met} |")
    solves = rows_of_solves(record)
    if solves:
        lines += ["", "| body | unknowns | iterations | 1 rank | 2 ranks | B per unknown |", "|---|---|---|---|---|---|", *solves]
    others = rows_of_calculix(record)
    if others:
        edge = next(row["body"].split()[1] for row in record["rows"] if row["name"] == "calculix")
        lines += ["", f"| cube {edge}³, C3D8 | time | peak of the process | displacement differs from Calcar's by |",
                  "|---|---|---|---|", *others]
    failures = [f"- failed: {row['name']} {row.get('body', '')}" for row in record["rows"] if "failed" in row]
    left_out = [f"- not run: {entry['what']} ({entry['why']})" for entry in record["not_run"]]
    if failures or left_out:
        lines += ["", *failures, *left_out]
    return "\n".join(lines) + "\n"


def replaced(readme, text):
    """The README with the block between the two marks written anew."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        raise SystemExit(f"README.md must have the lines {BEGIN} and {END} once each, in this order: the table goes between them")
    return readme[: readme.index(BEGIN) + len(BEGIN)] + "\n" + text + readme[readme.index(END):]


def one_line(row):
    """What was just measured, for whoever waits."""
    words = [str(row[key]) for key in ("name", "body", "method") if key in row]
    words += [f"{row[key]} {key}" for key in ("ranks", "threads") if key in row]
    words += [f"{row['loads']} load{'s' * (row['loads'] == 'six')}{' alone' * row['alone']}"] if "loads" in row else []
    if "failed" in row:
        return ", ".join(words) + ": FAILED: " + row["failed"].strip()
    if row["name"] in ("solve", "mesh"):
        what = f"{parts(row)}, iterations {row['iterations']}, {per_unknown(row):.0f} B per unknown"
    elif row["name"] == "operator":
        what = f"{row['float_per_s'] / MEGA:.0f} M unknowns/s, {100 * row['of_bound']['plain']:.0f} % of the bound"
    else:
        what = f"{figure(min(row['wall_s']), 3)} s"
    return ", ".join(words) + ": " + what
