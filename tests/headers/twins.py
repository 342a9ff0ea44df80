#!/usr/bin/python3
"""Holds the header to this: what blocks for long says so and has an _async twin, and every _async form has the call it is
the twin of, with the same parameters. Lists are made from the header; blocking.tsv has the exceptions. Prints a line for
each thing found and ends with status 1 when there is any.

usage: twins.py [FOLDER]      of the header's sections; default include/pjrt_easy
"""
import fnmatch
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
MARK = re.compile(r"\bBlocks\b|\bMay block\b")


class Export:
    def __init__(self, comment, declaration):
        words = re.sub(r"\n\s*\* ?", " ", comment)
        head = re.match(r"PJE_EXPORT (.*?)\b(pje_\w+)\((.*)\)", re.sub(r"\s+", " ", declaration))
        self.name = head[2]
        self.is_call = head[1].strip() == "pje_error *"
        nullable = re.sub(r"PJE_NULLABLE\s*", "", head[3])
        self.parameters = [re.sub(r"\s*\*\s*", "*", parameter.strip()) for parameter in nullable.split(",")]
        self.says_blocks = bool(MARK.search(words))
        self.beneath = set(re.findall(r"PJRT_[A-Z]\w+", words.partition("PJRT:")[2]))

    @property
    def is_async(self):
        return self.name.endswith("_async")


def read_exports(folder):
    exports = {}
    for header in sorted(folder.glob("*.h")):
        for comment, declaration in re.findall(r"/\*\*((?:(?!\*/).)*)\*/\s*(PJE_EXPORT[^;]*;)", header.read_text(), re.S):
            export = Export(comment, declaration)
            exports[export.name] = export
    return exports


def read_table():
    table = {"long": {}, "alone": {}, "names": {}}
    for line in (HERE / "blocking.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            kind, name, reason = line.split("\t")
            table[kind][name] = reason
    return table


def twin_findings(exports):
    for export in exports.values():
        if not export.is_async:
            continue
        blocking = exports.get(export.name.removesuffix("_async"))
        if blocking is None:
            yield f"{export.name}: there is no {export.name.removesuffix('_async')}"
            continue
        if not blocking.says_blocks:
            yield f"{blocking.name}: has an _async twin, but its comment does not say \"Blocks\""
        if export.says_blocks:
            yield f"{export.name}: says that it blocks"
        *same, event = export.parameters
        if same != blocking.parameters or not event.startswith("pje_event**"):
            yield f"{export.name}: expected the parameters of {blocking.name} and then a pje_event **"


def blocking_findings(exports, table):
    unused = set(table["alone"]) | set(table["names"])
    for export in exports.values():
        if export.is_async or not export.is_call:
            continue
        has_twin = export.name + "_async" in exports
        gives_event = any(parameter.startswith("pje_event**") for parameter in export.parameters)
        names = [pattern for pattern in table["names"] if fnmatch.fnmatchcase(export.name, pattern)]
        takes_long = export.beneath & set(table["long"])
        if takes_long and names and not export.says_blocks:
            unused -= set(names)
        elif takes_long and not export.says_blocks and not gives_event:
            yield f"{export.name}: is made of {sorted(takes_long)[0]}, but its comment does not say \"Blocks\""
        if not export.says_blocks:
            continue
        if export.name in table["alone"]:
            unused.discard(export.name)
            if has_twin:
                yield f"{export.name}: blocking.tsv says that it has no _async twin"
        elif not has_twin:
            yield f"{export.name}: blocks, and there is no {export.name}_async"
    for name in sorted(unused):
        yield f"blocking.tsv: {name} fits nothing any more"


def main(arguments):
    exports = read_exports(pathlib.Path(arguments[0] if arguments else HERE.parents[1] / "include/pjrt_easy"))
    findings = [*twin_findings(exports), *blocking_findings(exports, read_table())]
    print("\n".join(findings) or f"{sum(export.is_async for export in exports.values())} pairs")
    return 1 if findings else 0


sys.exit(main(sys.argv[1:]))
