#!/usr/bin/env python3
"""Hold the rooms of the solver to their layering.

usage: check_layers.py SOLVER_DIR [LAYERS_TXT]

A room may include headers of the rooms in its MAY_USE list and of what those may use, and of itself. The table is
LAYERS_TXT ("room: may use ..." a line, written by CMake) or, without it, the add_room lines of
SOLVER_DIR/CMakeLists.txt. Third-party headers are held to their rooms as well.
Exit code: 0 when all includes are allowed, 1 when one is not (each is named), 2 when the call is wrong.
"""
import re
import sys
from pathlib import Path

# Third-party headers and the rooms they stay in; "*.cc" means sources only, anywhere.
THIRD_PARTY = {
    r"itk\w+\.h|gdcm.*": {"image"},
    r"petsc\w*\.h": {"petsc", "voxel", "solid"},
    r"deal\.II/.*": {"mesh", "solid", "*.cc"},
    r"CGAL/.*": {"mesh"},
    r"vtk\w+\.h": {"geometry", "mesh", "report"},
    r"dcmtk/.*": {"image", "report"},
    r"cairo.*|pango.*": {"report"},
    r"boost/program_options.*": {"app"},
    r"toml\.hpp|toml/.*|spdlog/.*": {"base"},
}
SOURCES = {".hpp", ".cc", ".h", ".cpp", ".hh", ".cxx", ".ipp", ".inl"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def read_layers(solver, layers_txt):
    """{room: set of rooms it may use directly}, in the order written."""
    layers = {}
    if layers_txt:
        for line in layers_txt.read_text().splitlines():
            if ":" in line:
                room, uses = line.split(":", 1)
                layers[room.strip()] = set(uses.split())
        return layers
    text = re.sub(r"#.*", "", (solver / "CMakeLists.txt").read_text())
    for name, arguments in re.findall(r"^\s*add_room\s*\(\s*(\w+)([^)]*)\)", text, re.M):
        words, uses, reading = arguments.split(), set(), False
        for word in words:
            if word in ("MAY_USE", "LINK"):
                reading = word == "MAY_USE"
            elif reading:
                uses.add(word)
        layers[name] = uses
    return layers


def closure(layers):
    """Everything a room may include, itself among it; stops on an unknown room or a ring."""
    reach = {}
    for room, uses in layers.items():  # bottom to top: a room uses only rooms above its own line
        reach[room] = {room}
        for used in uses:
            if used not in reach:
                sys.exit(f"add_room({room}): may use {used}, which is not a room listed before it")
            reach[room] |= reach[used]
    return reach


def third_party_problem(header, room, path):
    for pattern, rooms in THIRD_PARTY.items():
        if re.fullmatch(pattern, header):
            if room in rooms or ("*.cc" in rooms and path.suffix == ".cc"):
                return None
            return f"<{header}> stays in {', '.join(sorted(rooms))}"
    return None


def problems_of(path, room, solver, reach):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        header = match.group(1)
        target = None
        if ".." in Path(header).parts:
            resolved = (path.parent / header).resolve()
            if solver.resolve() in resolved.parents:
                target = resolved.relative_to(solver.resolve()).parts[0]
        elif "/" in header:
            target = header.split("/", 1)[0]
        if target in reach:
            if target not in reach[room]:
                allowed = ", ".join(sorted(reach[room] - {room})) or "no other room"
                yield f"{path}:{number}: room {room} includes {header}; it may include {allowed}"
        elif problem := third_party_problem(header, room, path):
            yield f"{path}:{number}: {problem}"


def main(arguments):
    if len(arguments) not in (1, 2) or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    solver = Path(arguments[0])
    layers = read_layers(solver, Path(arguments[1]) if len(arguments) == 2 else None)
    if not layers:
        print(f"{solver}: no add_room lines found", file=sys.stderr)
        return 1
    reach = closure(layers)
    found = []
    count = 0
    for folder in sorted(p for p in solver.iterdir() if p.is_dir()):
        files = sorted(p for p in folder.rglob("*") if p.suffix in SOURCES)
        if files and folder.name not in reach:
            found.append(f"{folder}: holds sources but is not a room; add an add_room line")
            continue
        for path in files:
            count += 1
            found += problems_of(path, folder.name, solver, reach)
    for problem in found:
        print(problem)
    print(f"{count} files in {len(layers)} rooms, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
