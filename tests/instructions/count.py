#!/usr/bin/env python3
"""Counts the instructions that the library adds to calls of the fake plugin, under callgrind.

usage: count.py BUILD [--functions STEP]

Counted are the instructions of the library and of what it calls in the C and C++ libraries, not those of the
plugin: callgrind records every call from one file into another. With --functions the costliest functions of the
library are listed for one step.
"""
import argparse
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# Reached once; from then on a growth of more than this is a failure.
TOLERANCE = 1.02
LIBRARY = "libpjrt_easy"
NOT_COUNTED = (LIBRARY, "libpjrt_fake", "pje_instructions")


def run_callgrind(build, folder):
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", "--combine-dumps=no",
               str(build / "pje_instructions"), str(build / "libpjrt_fake.so"), "instructions"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PJRT_FAKE": ""})
    if done.returncode != 0:
        sys.exit(f"count.py: {' '.join(command)}\n{done.stderr[-3000:]}")
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.startswith("step\t")]
    return [(name, int(goal), int(limit), int(calls)) for _, name, goal, limit, calls in rows]


def own_costs(path):
    """The title of a dump, and the instructions of each function of the library in it: its own, and those of
    what it calls outside the library, the plugin and the driver."""
    title, names = "", {}
    costs = collections.Counter()
    where = {"ob": "", "fn": ""}
    callee = {}
    called = False

    def name(kind, text):
        match = re.match(r"\((\d+)\)(?: (.*))?", text)
        if match is None:
            return text
        key = (kind, match.group(1))
        if match.group(2):
            names[key] = match.group(2)
        return names.get(key, "?")

    for line in path.read_text().splitlines():
        if line.startswith("desc: Trigger: Client Request: "):
            title = line.split(": ", 3)[3]
        elif match := re.match(r"(c?)(ob|fn|fi|fl|fe)=(.*)", line):
            # Callees share the numbering of names with callers.
            kind = match.group(2) if match.group(2) in ("ob", "fn") else "file"
            text = name(kind, match.group(3))
            if kind in where:
                (callee if match.group(1) else where)[kind] = text
        elif line.startswith("calls="):
            called = True
        elif re.match(r"[\d+*-]", line):
            # The line after `calls=` is what the callee spent, with all that it called.
            ours = LIBRARY in where["ob"]
            if ours and not called:
                costs[where["fn"]] += int(line.split()[1])
            elif ours and not any(part in callee.get("ob", where["ob"]) for part in NOT_COUNTED):
                costs[f"{callee['fn']} called by {where['fn']}"] += int(line.split()[1])
            if called:
                callee = {}
            called = False
    return title, costs


def measure(build):
    with tempfile.TemporaryDirectory() as folder:
        steps = run_callgrind(build, folder)
        dumps = dict(own_costs(path) for path in pathlib.Path(folder).glob("out.*"))
    return steps, dumps


def check(steps, dumps):
    passed = failed = 0
    print(f"{'step':<24}{'instructions':>14}{'limit':>8}{'goal':>8}")
    for name, goal, limit, calls in steps:
        counted = sum(dumps[name].values()) / calls
        good = 0 < counted <= limit * TOLERANCE
        passed, failed = passed + good, failed + (not good)
        note = "" if good else f"  FAILED: expected at most {limit * TOLERANCE:.0f}"
        print(f"{name:<24}{counted:>14.0f}{limit:>8}{goal or '-':>8}{note}")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--functions", metavar="STEP")
    options = parser.parse_args()
    steps, dumps = measure(options.build)
    if options.functions:
        calls = steps[0][3]
        print("\n".join(f"{cost / calls:>9.1f}  {function[:150]}"
                        for function, cost in dumps[options.functions].most_common(40)))
        return 0
    passed, failed = check(steps, dumps)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
