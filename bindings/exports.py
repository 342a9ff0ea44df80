#!/usr/bin/python3
"""The table export × language: whether the raw layer has it, whether the idiomatic layer uses it, whether its tests reach it.

Raw and idiomatic are read from the sources; the tests' column is counted while they run (counting.py). Prints TAP, and writes the
table to build/bindings/exports.md. A test fails on an export that a language neither uses nor lists in its raw_only.tsv, on one
that it uses and no test reaches, and on a row of raw_only.tsv that is not true any more. A language without bindings/LANGUAGE/
raw_only.tsv is shown, not judged.

usage: exports.py [--language L]... [--no-tests]
"""
import argparse
import fnmatch
import pathlib
import re
import sys

import counting
import scenarios as listed

# Where a language's layers are: files that hold every export (none: the compiler reads the header), files of the idiomatic
# layer, and what a use looks like there.
LANGUAGES = {
    "go": {"raw": [], "idiomatic": ["pjrt/*.go", "pjrt/*.h", "pjrt/*.c"], "not": ["*_test.go"], "use": r"\b(?:C\.)?(pje_\w+)\("},
    "julia": {"raw": ["src/raw.jl"], "idiomatic": ["src/*.jl"], "not": ["raw.jl"], "use": r"(?:\bRaw\.|\(:)(pje_\w+)\b"},
    "zig": {"raw": [], "idiomatic": ["src/*.zig"], "not": ["*_test.zig"], "use": r"\bc\.(pje_\w+)\b"},
}


def present():
    return [name for name in LANGUAGES if (listed.HERE / name / "scenarios.sh").exists()]


def words(language, patterns, pattern, without=()):
    found = set()
    for glob in patterns:
        for path in sorted((listed.HERE / language).glob(glob)):
            if not any(fnmatch.fnmatch(path.name, name) for name in without):
                found |= set(re.findall(pattern, path.read_text(errors="replace")))
    return found


def deliberately_raw(language):
    """{pattern: reason}, or nothing when the language has no such list."""
    path = listed.HERE / language / "raw_only.tsv"
    if not path.exists():
        return None
    rows = [line.split("\t") for line in path.read_text().splitlines() if line and not line.startswith("#")]
    for row in rows:
        if len(row) != 2 or not row[1]:
            sys.exit(f"{path}: not `export<TAB>reason`: {row}")
    return dict(rows)


class Column:
    """One language's answers."""

    def __init__(self, language, names, with_tests):
        layers = LANGUAGES[language]
        self.language = language
        self.raw = words(language, layers["raw"], r"\b(pje_\w+)\b") if layers["raw"] else set(names)
        self.idiomatic = words(language, layers["idiomatic"], layers["use"], layers["not"]) & set(names)
        counts = listed.WORK / "counts" / language
        self.tested = {name for name, n in counting.read(counts, names).items() if n} if with_tests and counts.exists() else set()

    def cell(self, name):
        marks = [mark for mark, has in (("raw", self.raw), ("idiomatic", self.idiomatic), ("test", self.tested)) if name in has]
        return ", ".join(marks)


def judge(column, names, listed_raw, with_tests):
    """(what, why it is wrong) of one language."""
    yield "the raw layer has every export", [name for name in names if name not in column.raw]
    unlisted = [name for name in names if name not in column.idiomatic
                and not any(fnmatch.fnmatchcase(name, pattern) for pattern in listed_raw)]
    yield "every export is used or listed as deliberately raw", unlisted
    stale = [f"{pattern} matches no export" for pattern in listed_raw if not fnmatch.filter(names, pattern)]
    stale += [f"{pattern} is used" for pattern in listed_raw if set(fnmatch.filter(names, pattern)) & column.idiomatic]
    yield "raw_only.tsv is true", stale
    if with_tests:
        yield "every export that is used is reached by a test", sorted(column.idiomatic - column.tested)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", action="append", choices=list(LANGUAGES))
    parser.add_argument("--no-tests", action="store_true")
    arguments = parser.parse_args()
    names = counting.exports()
    columns = [Column(name, names, not arguments.no_tests) for name in arguments.language or present()]
    number = failed = 0
    for column in columns:
        listed_raw = deliberately_raw(column.language)
        if listed_raw is None:
            continue
        for what, wrong in judge(column, names, listed_raw, not arguments.no_tests):
            number += 1
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - {column.language}: {what} # {', '.join(wrong)}")
    print(f"1..{number}")
    lines = ["| export | " + " | ".join(column.language for column in columns) + " |", "|---" * (1 + len(columns)) + "|"]
    lines += [f"| `{name}` | " + " | ".join(column.cell(name) for column in columns) + " |" for name in names]
    listed.WORK.mkdir(parents=True, exist_ok=True)
    (listed.WORK / "exports.md").write_text("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
