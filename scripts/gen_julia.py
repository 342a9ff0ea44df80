#!/usr/bin/python3
"""Writes the raw layer of the Julia binding, bindings/julia/src/raw.jl, from the public header.

usage: gen_julia.py           write it
       gen_julia.py --check   fail when it is not what would be written

Everything the header declares is in it: constants, enums, opaque types, options structs, and one function per export
that is nothing but the ccall. A declaration that this program cannot read is an error, never left out.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "bindings/julia/src/raw.jl"
LIBRARY = "libpjrt_easy.so.0"
WIDTH = 120

SCALARS = {
    "void": "Cvoid", "bool": "Bool", "size_t": "Csize_t", "float": "Cfloat", "double": "Cdouble", "char": "UInt8",
    "int": "Cint", "int8_t": "Int8", "int16_t": "Int16", "int32_t": "Int32", "int64_t": "Int64",
    "uint8_t": "UInt8", "uint16_t": "UInt16", "uint32_t": "UInt32", "uint64_t": "UInt64",
}
KEYWORDS = {"begin", "end", "function", "module", "type", "in", "let", "local", "global", "quote", "where", "export",
            "import", "using", "macro", "struct", "abstract", "primitive", "mutable", "return", "const", "do", "for"}


def headers():
    """Every section in the order in which the header includes them, each after those it needs."""
    order, folder = [], ROOT / "include"

    def visit(path):
        if path in order:
            return
        for name in re.findall(r'^#include "(pjrt_easy/\w+\.h)"', path.read_text(), re.M):
            visit(folder / name)
        order.append(path)

    visit(folder / "pjrt_easy.h")
    missing = set((folder / "pjrt_easy").glob("*.h")) - set(order)
    if missing:
        raise SystemExit(f"not included by pjrt_easy.h: {', '.join(sorted(path.name for path in missing))}")
    return order


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)


class Header:
    def __init__(self):
        self.constants = []  # (name, Julia expression)
        self.enums = []      # (type, [(name, value)])
        self.opaque = []     # names
        self.callbacks = {}  # typedef name -> its C text
        self.structs = []    # (name, [(member, C type)])
        self.functions = []  # (name, C return type, [(parameter, C type)])
        for path in headers():
            self.read(path)
        self.functions.sort()

    def read(self, path):
        text = without_comments(path.read_text())
        where = path.relative_to(ROOT)
        for name, value in re.findall(r"^#define (PJE_VERSION_\w+) (.+)$", text, re.M):
            self.constants.append((name, value.replace("(", "").replace(")", "") if "*" in value else value))
        text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", " ", text, flags=re.M)
        text = re.sub(r"\b(?:PJE_NULLABLE|PJE_NOEXCEPT|PJE_NODISCARD|PJE_ENUM_BASE|PJE_BEGIN_DECLS|PJE_END_DECLS)\b", " ", text)
        for declaration in split(text):
            if not self.declare(declaration):
                raise SystemExit(f"{where}: cannot read: {declaration}")

    def declare(self, text):
        match = re.fullmatch(r"typedef struct (\w+) \1", text)
        if match:
            self.opaque.append(match[1])
            return True
        match = re.fullmatch(r"typedef enum (\w+) \{(.*)\} \1", text)
        if match:
            self.enums.append((match[1], enumerators(match[2])))
            return True
        match = re.fullmatch(r"typedef struct (\w+) \{(.*)\} \1", text)
        if match:
            members = [member.strip() for member in match[2].split(";") if member.strip()]
            self.structs.append((match[1], [named(member) for member in members]))
            return True
        match = re.fullmatch(r"typedef [^()]+\(\*\s*(\w+)\)\s*\(.*\)", text)
        if match:
            self.callbacks[match[1]] = text
            return True
        match = re.fullmatch(r"PJE_EXPORT (.*?)\b(pje_\w+)\s*\((.*)\)", text)
        if match:
            parameters = [] if match[3].strip() == "void" else [named(one) for one in parts(match[3])]
            self.functions.append((match[2], match[1].strip(), parameters))
            return True
        return False

    def julia_type(self, c_type, place):
        """`place` is "parameter", "result" or "member": text is passed as Cstring, which checks for NUL bytes."""
        words = c_type.replace("*", " * ").split()
        stars = words.count("*")
        base = [word for word in words if word not in ("const", "struct", "*")]
        if len(base) != 1:
            raise SystemExit(f"cannot read the type '{c_type}'")
        name = base[0]
        if name == "char" and stars == 1 and "const" in words and place == "parameter":
            return "Cstring"
        if name in self.callbacks:
            julia = "Ptr{Cvoid}"
        elif name in SCALARS:
            julia = SCALARS[name]
        elif name in (enum for enum, _ in self.enums):
            julia = "Int32"
        elif name in self.opaque or name in (struct for struct, _ in self.structs):
            julia = name
        else:
            raise SystemExit(f"unknown type '{name}' in '{c_type}'")
        for _ in range(stars):
            julia = f"Ptr{{{julia}}}"
        return julia


def split(text):
    """The declarations of a header: what ends with `;` outside braces."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if sign == ";" and depth == 0:
            yield " ".join(text[start:place].split())
            start = place + 1
    rest = text[start:].strip()
    if rest:
        raise SystemExit(f"text after the last declaration: {rest}")


def parts(text):
    """Splits at the commas outside parentheses."""
    depth, start, found = 0, 0, []
    for place, sign in enumerate(text + ","):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            found.append(text[start:place].strip())
            start = place + 1
    return found


def named(text):
    """("name", "C type") of a parameter or member."""
    match = re.fullmatch(r"[^()]+\(\*\s*(\w+)\)\s*\(.*\)", text)
    if match:
        return match[1], "void *"
    match = re.fullmatch(r"(.*?[\s*])(\w+)", text)
    if not match:
        raise SystemExit(f"cannot read '{text}'")
    return match[2], match[1].strip()


def enumerators(text):
    found = []
    for entry in text.split(","):
        if entry.strip():
            name, value = (side.strip() for side in entry.split("="))
            found.append((name, "typemax(Int32)" if value == "INT32_MAX" else str(int(value, 0))))
    return found


def identifier(name):
    return name + "_" if name in KEYWORDS else name


def function_lines(header, name, result, parameters):
    names = [identifier(parameter) for parameter, _ in parameters]
    types = [header.julia_type(c_type, "parameter") for _, c_type in parameters]
    listed = f"({', '.join(types)}{',' if len(types) == 1 else ''})"
    head = f"@inline {name}({', '.join(names)}) ="
    call = f"ccall((:{name}, LIBRARY), {header.julia_type(result, 'result')}, {listed}{''.join(', ' + one for one in names)})"
    if len(head) + len(call) + 1 <= WIDTH:
        return f"{head} {call}\n"
    return f"{wrapped(head, 0)}\n{wrapped(call, 4)}\n"


def wrapped(text, indent):
    lines, line = [], " " * indent
    for word in text.split(" "):
        if len(line) + len(word) + 1 > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = " " * (indent + 4)
        line += word + " "
    return "\n".join(lines + [line.rstrip()])


def defaults(header, name, members):
    """A constructor by keywords: members that are appended later stay zero in code that does not know them."""
    names = [identifier(member) for member, _ in members]
    values = [f"sizeof({name})"] + ["C_NULL" if header.julia_type(c_type, "member").startswith("Ptr") else "0"
                                    for _, c_type in members[1:]]
    head = f"{name}(; " + ", ".join(f"{one} = {value}" for one, value in zip(names, values)) + ") ="
    return f"{wrapped(head, 0)}\n{wrapped(f'{name}({chr(44).join(chr(32) + one for one in names).strip()})', 4)}\n"


def written(header):
    out = ["# Made by scripts/gen_julia.py from the public header: change that, not this.\n\n",
           '"""\n    PjrtEasy.Raw\n\nThe C API as it is: one function per export, under the same name, that is nothing but the call. Handles are\n'
           "`Ptr`s, errors are returned. What each function does is written in the C header.\n\"\"\"\nmodule Raw\n\n",
           f'# The name under which the loader knows the library; `PJRT_EASY_LIB` is loaded before it is asked for.\nconst LIBRARY = "{LIBRARY}"\n\n']
    out += [f"const {name} = {value}\n" for name, value in header.constants]
    for name, values in header.enums:
        out.append(f"\n# {name}\n")
        out += [f"const {constant} = Int32({value})\n" if value.lstrip("-").isdigit() else f"const {constant} = {value}\n"
                for constant, value in values]
    out.append("\n")
    out += [f"struct {name} end\n" for name in header.opaque]
    for name, members in header.structs:
        out.append(f"\nstruct {name}\n")
        out += [f"    {identifier(member)}::{header.julia_type(c_type, 'member')}\n" for member, c_type in members]
        out.append("end\n")
        if members[0][0] == "struct_size":
            out.append(defaults(header, name, members))
    structs = ", ".join(name for name, _ in header.structs)
    out.append(f"\nconst STRUCTS = ({structs})\n\nconst FUNCTIONS = [\n")
    out += [f"    :{name},\n" for name, _, _ in header.functions]
    out.append("]\n\n")
    out += [function_lines(header, *function) for function in header.functions]
    out.append("\nend\n")
    return "".join(out)


def main(arguments):
    header = Header()
    text = written(header)
    summary = f"{OUTPUT.relative_to(ROOT)}: {len(header.functions)} functions, {len(header.structs)} structs"
    if arguments == ["--check"]:
        if not OUTPUT.exists() or OUTPUT.read_text() != text:
            raise SystemExit(f"{OUTPUT.relative_to(ROOT)} is not what the header declares: run scripts/gen_julia.py")
        print(f"{summary}, as the header declares")
    elif not arguments:
        OUTPUT.write_text(text)
        print(summary)
    else:
        raise SystemExit(__doc__)


main(sys.argv[1:])
