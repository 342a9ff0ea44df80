#!/usr/bin/python3
"""Plants a bug in a binding, one at a time, and demands that the scenarios turn red.

Every bindings/LANGUAGE/planted/*.patch changes files of that binding; its first line names the scenarios that must notice:
`scenarios: NAME…`. The bindings are copied, the patch is applied, and those scenarios are run on the fake plugin; they pass
without the patch, as the scenario table shows. usage: planted.py [LANGUAGE]...      (prints TAP)
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import scenarios as listed

SECONDS = 600


def copy_tree(folder):
    """A tree whose bindings are its own and whose other folders are the repository's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Times are kept, so that nothing is built again for being new.
    shutil.copytree(listed.HERE, folder / "bindings", symlinks=True)
    for name in ("scripts", "include", "src", "tests", "build"):
        target = listed.BUILD if name == "build" else listed.ROOT / name
        (folder / name).symlink_to(target)


def plant(patch, language):
    """Why the table is red, or nothing; and what went wrong with the attempt."""
    folder = listed.WORK / "planted"
    copy_tree(folder)
    applied = subprocess.run(["patch", "--batch", "--forward", "--fuzz=0", "-p1", "-d", str(folder), "-i", str(patch)],
                             capture_output=True, text=True)
    if applied.returncode:
        return "", f"does not apply: {applied.stdout.strip()[-300:]}"
    names = re.match(r"scenarios: (.*)", patch.read_text())
    command = [folder / "bindings/compare_scenarios.py", "--language", language, "--plugin", "fake"]
    for name in names[1].split():
        command += ["--scenario", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=dict(os.environ, BUILD=str(listed.BUILD)))
    red = re.findall(rf"^not ok \d+ - {language}, fake: (\w+) # (.*)$", done.stdout, flags=re.M)
    missed = set(names[1].split()) - {name for name, _ in red}
    if "not ok" in done.stdout and not red:
        return "", "does not build: " + done.stdout[-400:].replace("\n", " ")
    return "; ".join(f"{name}: {why[:80]}" for name, why in red), f"not noticed by {', '.join(sorted(missed))}" if missed else ""


def main():
    patches = [(path.parent.parent.name, path) for path in sorted(listed.HERE.glob("*/planted/*.patch"))]
    patches = [row for row in patches if not sys.argv[1:] or row[0] in sys.argv[1:]]
    failed = 0
    for number, (language, patch) in enumerate(patches, 1):
        started = time.monotonic()
        how, wrong = plant(patch, language)
        failed += bool(wrong)
        found = f" found by {how}" if how else ""
        note = wrong or f"{time.monotonic() - started:.1f} s"
        print(f"{'not ok' if wrong else 'ok'} {number} - planted in {language}: {patch.stem}{found.replace('#', '')} # {note}", flush=True)
    shutil.rmtree(listed.WORK / "planted", ignore_errors=True)
    print(f"1..{len(patches)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
