"""Fetches or checks the front-end libraries kept in the tree.

    python3 scripts/vendor.py           fetch the versions the manifest names, write their hashes
    python3 scripts/vendor.py --check   compare the tree with the manifest; needs no network

To update a library, change its version in the manifest, fetch, and read the difference.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "safegrid/shared/static/vendor"
MANIFEST = FOLDER / "manifest.json"


def problems(folder: Path = FOLDER) -> list[str]:
    """One sentence for every file that is missing, changed or not in the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    expected = {file["file"]: file["sha256"] for kept in manifest for file in kept["files"]}
    present = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    missing = [f"{name} is missing" for name in expected.keys() - present.keys()]
    unknown = [f"{name} is not in the manifest" for name in present.keys() - expected.keys()]
    changed = [
        f"{name} differs from the manifest"
        for name in expected.keys() & present.keys()
        if expected[name] != present[name]
    ]
    return sorted(missing + unknown + changed)


def fetch(kept: dict[str, Any]) -> None:
    """Copies the listed files out of the published package and notes their hashes."""
    package = f"{kept['name']}@{kept['version']}"
    print(f"Fetching {package} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for file in kept["files"]:
                member = archive.extractfile(f"package/{file['source']}")
                if member is None:
                    raise SystemExit(f"{package} has no {file['source']}")
                content = without_source_map(member.read())
                target = FOLDER / file["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                file["sha256"] = sha256(content).hexdigest()


def without_source_map(content: bytes) -> bytes:
    """The script without its pointer to a map that is not kept; hashed file names need that."""
    return re.sub(rb"^//# sourceMappingURL=\S+\s*\Z", b"", content, flags=re.MULTILINE)


def main() -> None:
    if sys.argv[1:] != ["--check"]:
        manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
        for kept in manifest:
            fetch(kept)
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        MANIFEST.write_text(text + "\n", encoding="utf-8")
    found = problems()
    print("\n".join(found) or "The vendored files match their manifest.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
