#!/usr/bin/env python3
"""Compares two results of `make bench`. usage: compare.py OLD.json NEW.json

A case counts as changed when its ratio moved by more than the noise that both controls show and 2 %.
"""
import json
import pathlib
import sys

MIN_CHANGE = 0.02


def read(path):
    try:
        return {row["case"]: row for row in json.loads(pathlib.Path(path).read_text())}
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"compare.py: {path}: {error}: expected the JSON that make bench writes")


def noise(*rows):
    return sum(abs(row["control"] - 1) for row in rows)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: compare.py OLD.json NEW.json")
    old, new = read(sys.argv[1]), read(sys.argv[2])
    worse = 0
    print(f"{'case':<32}{'old':>8}{'new':>8}{'change':>9}")
    for case in [*old, *(name for name in new if name not in old)]:
        if case not in old or case not in new:
            print(f"{case:<32}{'only in ' + ('old' if case in old else 'new'):>25}")
            continue
        before, after = old[case]["ratio"], new[case]["ratio"]
        change = after / before - 1
        allowed = max(MIN_CHANGE, noise(old[case], new[case]))
        word = "" if abs(change) <= allowed else "  slower" if change > 0 else "  faster"
        worse += word == "  slower"
        print(f"{case:<32}{before:>8.3f}{after:>8.3f}{change:>+9.1%}{word}")
    print(f"{worse} cases became slower")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
