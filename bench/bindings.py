#!/usr/bin/env python3
"""Times a run from Go, Julia and Zig against the same run from C: alternating blocks in one process, on the fake plugin.

usage: bindings.py BUILD [--rounds N] [--json FILE]

Runs the measuring program of each binding N times and prints one row per language in the form of pje_bench. With
--json the rows join those that are in FILE already.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# language, what a call may take more than from C in nanoseconds, the program that says so
LANGUAGES = [
    ("Go", 500, 'cd "$here"; "$GO" test -count=1 -v -run "^TestOverheadOfExecute$" ./pjrt'),
    ("Julia", 500, '"$here/test.sh" "a run from Julia costs"'),
    ("Zig", 20, 'cd "$here"; zig build checks -Doptimize=ReleaseFast --prefix "$BUILD/bindings/zig/bench" && '
                'PJRT_FAKE=complete=inside "$BUILD/bindings/zig/bench/bin/checks" overhead "$BUILD/libpjrt_fake.so"'),
]
FIGURES = re.compile(r"([\d.]+) ns from C, (?:.*, )?(-?[\d.]+) ns (?:more|over)")


def environment(build):
    settings = dict(line.split("=", 1) for line in subprocess.run(
        [ROOT / "bindings/stage.sh"], check=True, capture_output=True, text=True,
        env={**os.environ, "BUILD": str(build)}).stdout.split())
    # The installed library itself: the one in front of it, which counts calls, would be measured too.
    folder = pathlib.Path(settings["PKG_CONFIG_PATH"]).parent
    settings |= {"LD_LIBRARY_PATH": str(folder), "PJRT_EASY_LIB": str(folder / "libpjrt_easy.so.0")}
    return {**os.environ, **settings, "BUILD": str(build)}


def measure(language, program, settings, rounds):
    """(nanoseconds from C, nanoseconds more), one pair a round."""
    here = ROOT / "bindings" / language.lower()
    script = f'set -e; here={here}; [ ! -x "$here/setup.sh" ] || "$here/setup.sh"; [ ! -e "$here/env.sh" ] || . "$here/env.sh"; '
    pairs = []
    for _ in range(rounds):
        # One that misses its limit exits with 1, and has said by how much.
        done = subprocess.run(["sh", "-c", script + program], env=settings, capture_output=True, text=True)
        found = FIGURES.findall(done.stdout + done.stderr)
        if not found:
            sys.exit(f"bindings.py: {language} gave no figures:\n{(done.stdout + done.stderr)[-3000:]}")
        pairs.append(tuple(float(number) for number in found[-1]))
    return pairs


def quantile(values, part):
    values = sorted(values)
    at = part * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def row_of(language, limit, pairs):
    in_c = [pair[0] for pair in pairs]
    floor = statistics.median(in_c)
    ratios = [(c + more) / c for c, more in pairs]
    half = len(in_c) // 2
    control = statistics.median(in_c[half:]) / statistics.median(in_c[:half])
    more = [pair[1] for pair in pairs]
    return {"case": f"{language} per call", "ratio": round((floor + statistics.median(more)) / floor, 4),
            "control": round(control, 4), "goal": round((floor + limit) / floor, 4),
            "ok": quantile(more, 0.1) <= limit, "goal_ns": 0, "ours_ns": round(floor + statistics.median(more), 1),
            "raw_ns": floor, "p10": round(quantile(ratios, 0.1), 4), "p90": round(quantile(ratios, 0.9), 4),
            "min": round(min(ratios), 4), "max": round(max(ratios), 4), "rounds": len(pairs)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    settings = environment(options.build.resolve())
    rows = []
    for language, limit, program in LANGUAGES:
        row = row_of(language, limit, measure(language, program, settings, options.rounds))
        rows.append(row)
        band, span = f"{row['p10']:.3f}..{row['p90']:.3f}", f"{row['min']:.2f}..{row['max']:.2f}"
        print(f"{row['case']:<38} {row['ours_ns']:>12.0f} {row['raw_ns']:>12.0f} {row['ratio']:>7.3f} {band:>15} {span:>15} "
              f"{row['control']:>8.3f} {row['goal']:>6.3f}  {'ok' if row['ok'] else 'MISSED'}", flush=True)
    if options.json:
        kept = json.loads(options.json.read_text()) if options.json.exists() else []
        options.json.write_text("[\n" + ",\n".join("  " + json.dumps(row) for row in kept + rows) + "\n]\n")


if __name__ == "__main__":
    main()
