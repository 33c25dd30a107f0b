"""Check what a built wheel and sdist hold: every package, and nothing else at the top level."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path


def main(folder: Path) -> int:
    """Compare the newest wheel and sdist in ``folder`` with the source tree."""
    packages = {"advisor"} | {
        path.name for place in ("plugins", "reports") for path in Path(place).glob("advisor_*")
    }
    wheel = next(folder.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    wanted = {
        str(path.relative_to(path.parts[0]) if path.parts[0] != "advisor" else path)
        for place in ("advisor", "plugins", "reports")
        for path in Path(place).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.parent != Path(place)
    }
    missing = sorted(wanted - set(names))
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        sdist = archive.getnames()
    problems = [f"the wheel lacks {name}" for name in missing]
    problems += [f"the wheel installs {name} at the top level" for name in sorted(top - packages)]
    problems += [f"the wheel lacks the package {name}" for name in sorted(packages - top)]
    if not any(name.endswith("/pyproject.toml") for name in sdist):
        problems.append("the sdist lacks pyproject.toml")
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    sys.stdout.write(f"{wheel.name}: {len(names)} files, {len(packages)} packages\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
