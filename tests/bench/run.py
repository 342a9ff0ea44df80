#!/usr/bin/python3
"""Every case of the benchmark runs, on both sides, and its results have the form that programs rely on.

usage: run.py BUILD. What the cases cost is not looked at: one short round on a busy machine tells nothing.
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Names that others look for.
PROMISED = ["execute blocking", "execute pipelined", "execute 64 arguments", "prepared call"]
NUMBERS = ["ratio", "control", "goal", "ours_ns", "raw_ns", "p10", "p90"]


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, good, why=""):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print(f"FAILED: {what}{': ' if why else ''}{why}")


def bench(build, *arguments):
    done = subprocess.run([build / "pje_bench", "--build", build, "--plugin", build / "plugins/libpjrt_cpu.so", *arguments],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"run.py: pje_bench {' '.join(map(str, arguments))} exited with {done.returncode}:\n"
                 f"{(done.stdout + done.stderr)[-3000:]}\n0 passed, 1 failed, 0 skipped")
    return done.stdout


def check_row(report, name, row):
    wrong = [key for key in NUMBERS if not (isinstance(row.get(key), (int, float)) and math.isfinite(row[key]) and row[key] > 0)]
    report.check(name, row.get("case") == name and isinstance(row.get("ok"), bool) and not wrong,
                 f"expected a case of this name, a verdict, and numbers above 0 for {', '.join(wrong) or 'all'}: {row}")


def check_compare(report, folder, rows):
    def compare(new):
        (folder / "new.json").write_text(json.dumps(new))
        return subprocess.run([ROOT / "bench/compare.py", folder / "rows.json", folder / "new.json"],
                              capture_output=True, text=True)

    report.check("compare: the same run twice", compare(rows).returncode == 0)
    # Beyond any noise that the controls of one short round can show.
    slower = [{**row, "ratio": row["ratio"] * 1e6} for row in rows]
    done = compare(slower)
    report.check("compare: a slower run", done.returncode == 1 and f"{len(rows)} cases became slower" in done.stdout,
                 done.stdout[-200:])


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    report = Report()
    names = bench(build, "--list").splitlines()
    report.check("every name is there once", len(set(names)) == len(names))
    for name in PROMISED:
        report.check(f"case '{name}'", name in names)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        bench(build, "--rounds", "1", "--case-ms", "0", "--block-ms", "0.01", "--json", folder / "rows.json")
        rows = json.loads((folder / "rows.json").read_text())
        report.check("as many rows as cases", len(rows) == len(names), f"{len(rows)} of {len(names)}")
        for name, row in zip(names, rows):
            check_row(report, name, row)
        check_compare(report, folder, rows)
    print(f"{report.passed} passed, {report.failed} failed, 0 skipped")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
