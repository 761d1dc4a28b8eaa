"""What the command-line tests share: running the program, and writing images without any library."""
import gzip
import json
import os
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

CALCAR = os.environ["CALCAR_PROGRAM"]
ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data"

TYPES = {"uint8": (2, "B", 8), "int16": (4, "h", 16), "int32": (8, "i", 32), "float32": (16, "f", 32), "float64": (64, "d", 64)}


def calcar(*words, cwd=None, timeout=600, environment=None):
    """Runs the program; returns (exit code, stdout, stderr)."""
    done = subprocess.run([CALCAR, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=timeout,
                          env=os.environ | (environment or {}))
    return done.returncode, done.stdout, done.stderr


def write_nifti(path, size, values, spacing=(1, 1, 1), origin=(0, 0, 0), kind="float32", affine=None):
    """A NIfTI-1 file; `values` in order of i fastest; the affine is RAS rows, diagonal when not given."""
    code, letter, bits = TYPES[kind]
    if affine is None:
        affine = [[spacing[0], 0, 0, origin[0]], [0, spacing[1], 0, origin[1]], [0, 0, spacing[2], origin[2]]]
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<hh", header, 70, code, bits)
    struct.pack_into("<8f", header, 76, 1, *spacing, 1, 1, 1, 1)
    struct.pack_into("<f", header, 108, 352)
    struct.pack_into("<ff", header, 112, 1, 0)
    header[123] = 2
    struct.pack_into("<hh", header, 252, 0, 1)
    for row in range(3):
        struct.pack_into("<4f", header, 280 + 16 * row, *affine[row])
    header[344:348] = b"n+1\0"
    data = struct.pack(f"<{len(values)}{letter}", *values)
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "wb") as stream:
        stream.write(bytes(header) + data)
    return path


def read_nifti(path):
    """(size, values) of a little-endian NIfTI-1 file."""
    raw = gzip.open(path, "rb").read()
    size = struct.unpack_from("<8h", raw, 40)[1:4]
    code = struct.unpack_from("<h", raw, 70)[0]
    letter = {c: l for c, l, _ in TYPES.values()}[code]
    offset = int(struct.unpack_from("<f", raw, 108)[0])
    return size, struct.unpack_from(f"<{size[0] * size[1] * size[2]}{letter}", raw, offset)


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def run_json(self, *words):
        code, out, err = calcar(*words)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def refused(self, code, *parts, words):
        """The program refuses with this exit code and a message that has all the parts."""
        got, out, err = calcar(*words, cwd=self.folder)
        self.assertEqual(got, code, f"exit code {got}\n{out}\n{err}")
        for part in parts:
            self.assertIn(part, err)
        self.assertNotIn("bug", err)
        return err
