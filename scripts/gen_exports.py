#!/usr/bin/python3
"""Writes src/capi/exports.map from the functions the public header declares.

usage: gen_exports.py           write the map
       gen_exports.py --check   fail when the map is not what would be written
       gen_exports.py --list    print the names
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAP = ROOT / "src/capi/exports.map"
NODE = "PJRT_EASY_0.1"


def declared_functions():
    names = set()
    for header in sorted((ROOT / "include").rglob("*.h")):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", header.read_text(), flags=re.S)
        text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", " ", text, flags=re.M)
        for declaration in re.findall(r"\bPJE_EXPORT\b([^;{]*)", text):
            match = re.search(r"\b(pje_\w+)\s*\(", declaration)
            if not match:
                raise SystemExit(f"{header.relative_to(ROOT)}: PJE_EXPORT without a function: {declaration.strip()}")
            if match[1] in names:
                raise SystemExit(f"{header.relative_to(ROOT)}: {match[1]} is declared twice")
            names.add(match[1])
    return sorted(names)


def main(arguments):
    names = declared_functions()
    text = f"{NODE} {{\n  global:\n" + "".join(f"    {name};\n" for name in names) + "  local:\n    *;\n};\n"
    if arguments == ["--list"]:
        print("\n".join(names))
    elif arguments == ["--check"]:
        if not MAP.exists() or MAP.read_text() != text:
            raise SystemExit(f"{MAP.relative_to(ROOT)} is not what the headers declare: run scripts/gen_exports.py")
        print(f"{MAP.relative_to(ROOT)}: {len(names)} functions, as the headers declare")
    elif not arguments:
        MAP.write_text(text)
        print(f"{MAP.relative_to(ROOT)}: {len(names)} functions")
    else:
        raise SystemExit(__doc__)


main(sys.argv[1:])
