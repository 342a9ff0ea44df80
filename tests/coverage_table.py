#!/usr/bin/python3
"""The table of exported functions by tests of the C API: each must have a case that succeeds and one that fails.

Test programs append what ran to build/results.tsv; tests of the C API are named FUNCTION__ok_CASE or
FUNCTION__fails_CASE. A test counts only when it passed, and its program must really refer to the function.

usage: coverage_table.py LIBRARY RESULTS TEST_PROGRAM...
Prints the table, then a closing line with one result for each exported function.
"""
import collections
import re
import subprocess
import sys


def symbols(path, *options):
    output = subprocess.run(["nm", "-D", *options, path], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in output.splitlines() if "pje_" in line}


def read_results(path):
    """{function: {kind: [(case, result)]}} of the last run of each test."""
    latest = {}
    with open(path) as file:
        for line in file:
            suite, name, result = line.rstrip("\n").split("\t")[:3]
            match = re.match(r"\w+\.(pje_\w+?)__(ok|fails)_(\w+)$", name)
            if suite == "capi" and match:
                latest[match.groups()] = result
    table = collections.defaultdict(lambda: {"ok": [], "fails": []})
    for (function, kind, case), result in latest.items():
        table[function][kind].append((case, result))
    return table


def judge(function, kinds, called):
    missing = [kind for kind in ("ok", "fails") if not any(result == "pass" for _, result in kinds[kind])]
    if missing:
        return "no " + " and no ".join({"ok": "succeeding", "fails": "failing"}[kind] for kind in missing) + " case"
    return "" if function in called else "no test program calls it"


def main(library, results, *programs):
    exported = symbols(library, "--defined-only")
    called = set().union(*(symbols(program, "--undefined-only") for program in programs))
    table = read_results(results)
    bad = 0
    for function in sorted(exported | set(table)):
        kinds = table[function]
        wrong = judge(function, kinds, called) if function in exported else "not exported: a test is misnamed"
        bad += bool(wrong)
        print(f"{function}\t{len(kinds['ok'])} succeeding\t{len(kinds['fails'])} failing\t{wrong or 'ok'}")
        for kind in ("ok", "fails"):
            for case, result in sorted(kinds[kind]):
                print(f"\t{kind}\t{case}\t{result}")
        if wrong:
            print(f"FAIL {function}: {wrong}", file=sys.stderr)
    total = len(exported | set(table))
    print(f"{len(exported)} exported functions, {sum(len(k['ok']) + len(k['fails']) for k in table.values())} cases")
    print(f"{total - bad} passed, {bad} failed, 0 skipped")
    return 1 if bad or not exported else 0


if len(sys.argv) < 4:
    sys.exit(__doc__)
sys.exit(main(*sys.argv[1:]))
