#!/usr/bin/python3
"""Writes docs/coverage.md from what ran, and fails on what is not covered.

usage: table.py [--update] BUILD TEST_PROGRAM...

Reads BUILD/coverage/NAME.trace of each test program (the fake plugin's trace) and BUILD/recorder/PLUGIN/calls of each
real plugin. tests/coverage/unreached.tsv lists, each with its reason, the rows that no call reaches; a listed row that
is reached is a failure, and so is whatever the document says of a function that did not come true. The last line is
`N passed, M failed, K skipped`.
"""
import argparse
import collections
import pathlib
import re
import sys

import hollow
from facts import Facts, ROOT, area_of
from real import Calls, PLUGINS
from trace import Trace

DOCUMENT = ROOT / "docs/coverage.md"
UNREACHED = ROOT / "tests/coverage/unreached.tsv"


def read_unreached():
    rows = {}
    for line in UNREACHED.read_text().splitlines():
        if line and not line.startswith("#"):
            name, reason = line.split("\t", 1)
            rows[name] = reason
    return rows


class Claim:
    """What a row of the document says of a function."""
    def __init__(self, cells):
        self.name, _, exports, self.test, *ran = cells
        self.exports = set(re.findall(r"pje_\w+", exports))
        self.ran = {plugin for plugin, cell in zip(PLUGINS, ran) if cell == "ran"}


def read_claims():
    """{function: Claim} of the document that is checked in."""
    claims = {}
    for line in DOCUMENT.read_text().splitlines() if DOCUMENT.exists() else []:
        cells = [cell.strip(" `") for cell in line.split("|")[1:-1]]
        if len(cells) == 4 + len(PLUGINS) and cells[0].startswith("PJRT_"):
            claims[cells[0]] = Claim(cells)
    return claims


def untrue_claim(claim, exports, test, ran):
    """What the document says of a function that did not come true, or None."""
    if claim is None:
        return "has no row"
    if claim.exports - exports:
        return f"is wrapped by {', '.join(sorted(claim.exports - exports))}, says the row"
    if claim.test and claim.test != test:
        return f"is tested by {claim.test}, says the row"
    if claim.ran - ran:
        return f"ran on {', '.join(sorted(claim.ran - ran))}, says the row"
    return None


class Judge:
    """Counts rows, and says which are wrong."""
    def __init__(self, unreached):
        self.unreached = unreached
        self.passed = self.failed = 0
        self.seen = set()

    def row(self, name, reached, problem):
        self.seen.add(name)
        wrong = ""
        if reached and name in self.unreached:
            wrong = "is reached, though tests/coverage/unreached.tsv lists it"
        elif not reached and name not in self.unreached:
            wrong = problem
        self.failed += bool(wrong)
        self.passed += not wrong
        if wrong:
            print(f"FAIL {name}: {wrong}")

    def claim(self, name, untrue):
        self.failed += untrue is not None
        self.passed += untrue is None
        if untrue:
            print(f"FAIL {name} {untrue}")

    def finish(self):
        for name in sorted(set(self.unreached) - self.seen):
            self.failed += 1
            print(f"FAIL tests/coverage/unreached.tsv: there is no row {name}")


def field_rows(facts):
    for name, body in facts.structs.items():
        if name in ("PJRT_Api", "PJRT_Api_Version", "PJRT_Extension_Base") or name.endswith("FunctionTable"):
            continue
        for field in facts.inputs(name):
            yield name, field["name"], field["since_minor"]


def totals(title, rows):
    lines = [f"| {title} | functions | wrapped | tested | " + " | ".join(PLUGINS.values()) + " |",
             "|---|---|---|---|" + "---|" * len(PLUGINS)]
    for name, counts in rows:
        lines.append(f"| {name} | " + " | ".join(str(count) for count in counts) + " |")
    return lines


class Document:
    def __init__(self, facts, chosen, trace, real, unreached):
        self.facts, self.chosen, self.trace, self.real, self.unreached = facts, chosen, trace, real, unreached

    def counts(self, functions):
        names = [function["name"] for function in functions]
        return [len(names), sum(bool(self.facts.exports.get(name)) for name in names),
                sum(self.chosen[name][0] is not None for name in names),
                *(sum(name in ran for name in names) for ran in self.real.values())]

    def areas(self):
        areas = collections.defaultdict(list)
        for function in self.facts.functions:
            areas[area_of(function["name"])].append(function)
        return [(area, self.counts(functions)) for area, functions in areas.items()] + \
            [("**all**", self.counts(self.facts.functions))]

    def extensions(self):
        rows = []
        for extension in self.facts.extensions:
            name = extension["type_name"].removeprefix("PJRT_Extension_Type_")
            functions = [function["member"] for function in extension.get("functions", [])]
            wrapped = sum(bool(self.facts.exports.get(function)) for function in functions)
            tested = sum(function in self.trace.answered for function in functions)
            rows.append(f"| {extension['type']} | {name} | {len(functions)} | {wrapped} | {tested} |")
        return ["| type | extension | functions | wrapped | tested |", "|---|---|---|---|---|", *rows]

    def extension_function_rows(self):
        lines = ["| extension | function | since | C API |", "|---|---|---|---|"]
        for extension in self.facts.extensions:
            name = extension["type_name"].removeprefix("PJRT_Extension_Type_")
            for function in extension.get("functions", []):
                exports = ", ".join(f"`{export}`" for export in self.facts.exports.get(function["member"], []))
                since = function.get("since_minor")
                lines.append(f"| {name} | `{function['member']}` | {f'0.{since}' if since else ''} | {exports} |")
        return lines

    def function_rows(self):
        lines = ["| function | since | C API | test | " + " | ".join(PLUGINS.values()) + " |",
                 "|---|---|---|---|" + "---|" * len(PLUGINS)]
        for function in self.facts.functions:
            name = function["name"]
            exports = ", ".join(f"`{export}`" for export in self.facts.exports.get(name, []))
            test = self.chosen[name][0]
            ran = " | ".join("ran" if name in calls else "" for calls in self.real.values())
            since = f"0.{function['since_minor']}" if function["since_minor"] else ""
            lines.append(f"| `{name}` | {since} | {exports} | {f'`{test}`' if test else ''} | {ran} |")
        return lines

    def field_lines(self):
        lines = ["| struct | fields that a caller sets | reached |", "|---|---|---|"]
        fields = collections.defaultdict(list)
        for name, field, _ in field_rows(self.facts):
            fields[name].append(field)
        for name, names in fields.items():
            reached = [field for field in names if (name, field) in self.trace.fields]
            lines.append(f"| `{name}` | {len(names)} | {len(reached)} |")
        return lines

    def text(self):
        unreached = [f"| `{name}` | {reason} |" for name, reason in sorted(self.unreached.items())]
        return "\n".join([
            "# Coverage of the PJRT ABI", "",
            "Made by `scripts/check.sh slots` from what ran: do not edit. *Wrapped* functions are named by the comment of",
            "an exported function; *tested* ones have a test of the C API on the fake plugin that turns red when the",
            "function answers OK without doing anything; *ran* means that the tests on that real plugin called it and it",
            "answered OK.", "",
            "## By area", "", *totals("area", self.areas()), "",
            "## Extensions", "", *self.extensions(), "",
            "## Functions", "", *self.function_rows(), "",
            "## Functions of extensions", "", *self.extension_function_rows(), "",
            "## Fields", "",
            "A field is reached when a test passed something other than zero in it.", "", *self.field_lines(), "",
            "## Not reached", "", "| row | why |", "|---|---|", *unreached, ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("programs", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    facts = Facts()
    trace = Trace(facts)
    for program in options.programs:
        trace.read(options.build / "coverage" / f"{program.name}.trace", str(program.resolve()))
    unreached = read_unreached()
    claims = read_claims()
    # A choice which still holds stays.
    chosen = hollow.choose(facts, trace, {name: claim.test for name, claim in claims.items()})
    calls = Calls(options.build, facts)
    real = calls.ran()
    judge = Judge(unreached)
    for function in facts.functions:
        name = function["name"]
        judge.row(f"{name} wrapped", bool(facts.exports.get(name)), "no comment of the public header names it")
        judge.row(f"{name} tested", chosen[name][0] is not None, chosen[name][1])
    for name in sorted(facts.deprecated):
        judge.row(f"{name} deprecated", name in facts.successors, "no comment of the public header names its successor")
    for name, field, _ in field_rows(facts):
        judge.row(f"{name}.{field}", (name, field) in trace.fields, "no call passed anything in this field")
    for enum in facts.enums:
        if enum != "PJRT_Extension_Type":
            for constant, value in facts.constants(enum):
                judge.row(constant, (enum, value) in trace.constants, "no call passed or answered it")
    for name, untrue in calls.judge():
        judge.claim(name, untrue)
    judge.finish()
    text = Document(facts, chosen, trace, real, unreached).text()
    (options.build / "coverage.md").write_text(text)
    if options.update:
        DOCUMENT.write_text(text)
        claims = read_claims()
    for function in facts.functions:
        name = function["name"]
        ran = {plugin for plugin, functions in real.items() if name in functions}
        untrue = untrue_claim(claims.get(name), set(facts.exports.get(name, [])), chosen[name][0], ran)
        judge.claim(f"docs/coverage.md: {name}", untrue and f"{untrue}: make coverage")
    if DOCUMENT.read_text() != text:
        print("docs/coverage.md tells less than there is, or other sums: make coverage")
    print(f"{judge.passed} passed, {judge.failed} failed, 0 skipped")
    return 1 if judge.failed else 0


if __name__ == "__main__":
    sys.exit(main())
