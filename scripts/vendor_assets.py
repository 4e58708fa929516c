"""Fetch the front-end files that other people wrote, or check the copies kept in static/vendor.

    python scripts/vendor_assets.py --check    compare every file with vendor.lock; no network
    python scripts/vendor_assets.py            fetch again with npm, refuse another tarball, rewrite

Only what a page loads is kept: the product is installed where no package registry is in reach.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LOCK = "vendor.lock"

# Our path inside the package's folder: the path inside its tarball.
PACKAGES = {
    "bootstrap": {
        "version": "5.3.9",
        "licence": "MIT",
        "files": {"LICENSE": "LICENSE", "bootstrap.min.css": "dist/css/bootstrap.min.css"},
    },
    "htmx.org": {
        "version": "2.0.11",
        "licence": "0BSD",
        "files": {"LICENSE": "LICENSE", "htmx.min.js": "dist/htmx.min.js"},
    },
    "echarts": {
        "version": "6.1.0",
        "licence": "Apache-2.0",
        "files": {
            "LICENSE": "LICENSE",
            "LICENSE-d3": "licenses/LICENSE-d3",
            "NOTICE": "NOTICE",
            "echarts.common.min.js": "dist/echarts.common.min.js",
        },
    },
    "bootstrap-icons": {
        "version": "1.13.2",
        "licence": "MIT",
        "files": {"LICENSE": "LICENSE"},
        # One sprite instead of two thousand files; pages name an icon as icons.svg#bell.
        "icons": [
            "arrow-counterclockwise",
            "arrow-down",
            "arrow-down-up",
            "arrow-left",
            "arrow-up",
            "bar-chart",
            "bell",
            "box-arrow-in-right",
            "box-arrow-right",
            "calendar3",
            "check2",
            "check2-circle",
            "chevron-down",
            "chevron-left",
            "chevron-right",
            "clock-history",
            "download",
            "exclamation-triangle",
            "file-earmark-text",
            "flag",
            "funnel",
            "gear",
            "house",
            "info-circle",
            "key",
            "link-45deg",
            "list",
            "list-check",
            "megaphone",
            "paperclip",
            "pencil",
            "person",
            "plus-lg",
            "printer",
            "search",
            "table",
            "three-dots",
            "trash",
            "upload",
            "x-lg",
        ],
    },
}


def problems(folder: Path) -> list[str]:
    """Name every file of the folder that the lock does not vouch for, and every one it misses."""
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    locked = {
        f"{name}-{package['version']}/{path}": digest
        for name, package in lock.items()
        for path, digest in package["files"].items()
    }
    present = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK
    }
    found = [f"missing: {path}" for path in sorted(locked.keys() - present.keys())]
    found += [f"not in the lock: {path}" for path in sorted(present.keys() - locked.keys())]
    found += [
        f"changed: {path}"
        for path in sorted(locked.keys() & present.keys())
        if sha256(present[path].read_bytes()) != locked[path]
    ]
    return found


def fetch(folder: Path) -> None:
    """Write the files of PACKAGES and a new lock, refusing a tarball other than the locked one."""
    lock_path = folder / LOCK
    lock = json.loads(lock_path.read_text(encoding="utf-8")) if lock_path.exists() else {}
    fresh = {}
    for name, package in PACKAGES.items():
        version = package["version"]
        with tempfile.TemporaryDirectory() as scratch:
            tarball = download(name, version, Path(scratch))
            integrity = sha512_integrity(tarball.read_bytes())
            known = lock.get(name, {})
            if known.get("version") == version and known["integrity"] != integrity:
                raise SystemExit(f"{name} {version}: the registry now serves a different tarball")
            contents = unpack(tarball, package)
        for path, content in contents.items():
            target = folder / f"{name}-{version}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        fresh[name] = {
            "version": version,
            "licence": package["licence"],
            "integrity": integrity,
            "files": {path: sha256(content) for path, content in sorted(contents.items())},
        }
    lock_path.write_text(json.dumps(fresh, indent=2) + "\n", encoding="utf-8")


def download(name: str, version: str, scratch: Path) -> Path:
    """Return the tarball of one version, fetched by npm into the scratch folder."""
    command = ["npm", "pack", f"{name}@{version}", "--silent"]
    done = subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True)
    return scratch / done.stdout.split()[-1]


def unpack(tarball: Path, package: dict) -> dict[str, bytes]:
    """Return our files of one package, by the path they get in its folder."""
    with tarfile.open(tarball) as archive:

        def member(path: str) -> bytes:
            return archive.extractfile(f"package/{path}").read()

        contents = {
            ours: without_source_map(member(theirs)) for ours, theirs in package["files"].items()
        }
        if icons := package.get("icons"):
            svgs = {name: member(f"icons/{name}.svg").decode() for name in icons}
            contents["icons.svg"] = sprite(svgs)
    return contents


def without_source_map(content: bytes) -> bytes:
    """Drop the pointer to a source map: hashed static storage fails on a map that is not there."""
    pattern = rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)"
    return re.sub(pattern, b"", content)


def sprite(svgs: dict[str, str]) -> bytes:
    """Join single icons into one SVG with a symbol for each."""
    symbols = []
    for name, svg in svgs.items():
        view_box = re.search(r'viewBox="([^"]+)"', svg)[1]
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1].split("\n")
        body = "".join(line.strip() for line in drawing)
        symbols.append(f'<symbol id="{name}" viewBox="{view_box}">{body}</symbol>')
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]
    return "\n".join(lines).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha512_integrity(content: bytes) -> str:
    """Return the digest in the form npm prints and lock files use."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the lock, fetch nothing")
    if not parser.parse_args().check:
        fetch(VENDOR)
    found = problems(VENDOR)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
