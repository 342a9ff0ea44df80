#!/usr/bin/python3
"""Each trap of tests/traps.tsv must have tests that ran and passed, on every plugin that it is tried on.

usage: traps_table.py TABLE RESULTS
RESULTS is build/results.tsv, to which test programs append what ran. PLUGIN in a test's name stands for each plugin of
the row. Prints the table, then a closing line with one result for each trap.
"""
import re
import sys


def read_results(path):
    """{(suite, name): result} of the last run of each test."""
    latest = {}
    with open(path) as file:
        for line in file:
            suite, name, result = line.rstrip("\n").split("\t")[:3]
            latest[suite, name.split(".", 1)[1] if suite == "capi" else name] = result
    return latest


def tests_of(test, plugins):
    """[(suite, name)] that one word of a row stands for."""
    suite, _, name = test.partition(":")
    names = [plugin.replace("-", "_") for plugin in plugins]
    if suite == "real":
        return [(suite, f"{plugin}.{name}") for plugin in names]
    if "PLUGIN" in name:
        return [(suite, name.replace("PLUGIN", plugin)) for plugin in names]
    return [(suite, name)]


def judge(row, results):
    if len(row) != 4 or row[0] not in ("data", "dies", "input", "open"):
        return "expected kind, trap, plugins and tests"
    if row[0] == "open":
        return "" if len(row[3].split()) > 5 else "expected a reason"
    plugins = [] if row[2] == "-" else row[2].split(" ")
    if not all(re.fullmatch(r"cpu-\d+", plugin) for plugin in plugins):
        return f"unknown plugins: {row[2]}"
    tests = [one for test in row[3].split(" ") for one in tests_of(test, plugins)]
    if plugins and not re.search("real:|PLUGIN", row[3]):
        return "no test on its plugins"
    for test in tests:
        if results.get(test) != "pass":
            return f"{':'.join(test)} {'did not pass' if test in results else 'did not run'}"
    return ""


def main(table, results):
    with open(table) as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    results = read_results(results)
    passed = bad = 0
    for row in rows:
        wrong = judge(row, results)
        is_open = row[0] == "open"
        bad += bool(wrong)
        # No test stands behind an open one.
        passed += not wrong and not is_open
        print("\t".join(row[:3]) + "\t" + (wrong or ("no guard" if is_open else "ok")))
        if wrong:
            print(f"FAIL {row[1] if len(row) > 1 else row}: {wrong}", file=sys.stderr)
    print(f"{passed} passed, {bad} failed, 0 skipped")
    return 1 if bad or not passed else 0


if len(sys.argv) != 3:
    sys.exit(__doc__)
sys.exit(main(*sys.argv[1:]))
