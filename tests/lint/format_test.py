#!/usr/bin/env python3
"""All sources are formatted with clang-format and the root's .clang-format."""
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
tool = shutil.which("clang-format")
if not tool:
    print("clang-format is not installed; scripts/setup installs it")
    sys.exit(1)
files = [str(p) for folder in ("solver", "tests") for p in sorted((ROOT / folder).rglob("*")) if p.suffix in (".hpp", ".cc")]
done = subprocess.run([tool, "--dry-run", "-Werror", *files], capture_output=True, text=True)
print(done.stderr[:4000])
print(f"{len(files)} files")
sys.exit(done.returncode)
