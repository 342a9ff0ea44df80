#!/usr/bin/env python3
"""Proves our declaration of the PJRT ABI (src/abi) against three sources: the measured facts of core.json, the ctypes
declarations inside the PyPI package pypjrt (minor 114), and the real plugins themselves, each function of which is
called with struct_size 0 and answers the size it wants.

usage: layout.py LIBPJRT_EASY [PLUGIN_FOLDER]...     (with the Python of build/venv; prints TAP)
"""
import ctypes
import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import reports
from reports import check

ROOT = pathlib.Path(__file__).resolve().parents[2]
FACTS = json.loads((ROOT / "tests/abi/core.json").read_text())
STRUCTS = {struct["name"]: struct for struct in FACTS["structs"]}
NEWEST, OLDEST = FACTS["api_minor"], 57
VERSIONS = {"cpu-81": "0.81-cpu", "cpu-106": "0.106-cpu", "cpu-115": "0.115-cpu"}
# Fields of the table itself are the slots.
TABLE = "PJRT_Api"
# We only read these and never tell their size: plugins make extensions, and the others have no size member.
ONLY_READ = {"PJRT_Extension_Base"} | {name for name, struct in STRUCTS.items() if struct["struct_size"] is None}


def program():
    """A C++ program that prints what our headers say, one fact a line."""
    lines = ["#include <cstdio>", '#include "abi/pjrt_abi.h"', '#include "pjrt_easy.h"', "int main() {"]

    def emit(kind, name, *values):
        lines.append(f'  std::printf("{kind} {name}' + ' %lld' * len(values) + '\\n", '
                     + ", ".join(f"static_cast<long long>({value})" for value in values) + ");")

    for name, struct in STRUCTS.items():
        if name == TABLE:
            continue
        emit("struct", name, f"sizeof({name})", f"alignof({name})", f"pje::abi::struct_size<{name}>")
        for field in struct["fields"]:
            member = f"{name}, {field['name']}"
            emit("field", f"{name}.{field['name']}", f"offsetof({member})", f"sizeof({name}::{field['name']})")
        lines.append(f"  for (int minor = {OLDEST}; minor <= {NEWEST}; ++minor)")
        lines.append(f'    std::printf("size {name}@%d %zu\\n", minor, pje::abi::struct_size_at<{name}>(minor));')
    for enum in FACTS["enums"]:
        for value in enum["values"]:
            emit("enum", value["name"], value["name"])
    for macro in public_constants():
        emit("public", macro, macro)
    lines.append('  std::printf("table PJRT_Api %zu %zu\\n", sizeof(PJRT_Api), pje::abi::kHeaderSize);')
    lines.append("  for (const auto &info : pje::abi::kFunctions)")
    lines.append('    std::printf("slot %s %zu %zu %d\\n", info.name, info.offset, info.args_size, info.since_minor);')
    lines.append('  std::printf("versions PJRT_Api %d %d\\n", pje::abi::kMajor, pje::abi::kNewestMinor);')
    return "\n".join(lines + ["}"])


def public_constants():
    text = (ROOT / "include/pjrt_easy/types.h").read_text()
    return sorted(set(re.findall(r"\b(PJE_[A-Z0-9_]+) = \d+,", text)))


def ours():
    """What the program prints, as {(kind, name): values}."""
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder) / "print.cc", pathlib.Path(folder) / "print"
        source.write_text(program())
        command = [os.environ.get("CXX", "g++"), "-std=c++20", "-Wno-invalid-offsetof", f"-I{ROOT}/src",
                   f"-I{ROOT}/include", str(source), "-o", str(binary)]
        built = subprocess.run(command, capture_output=True, text=True)
        if built.returncode:
            sys.exit(f"layout.py: the printing program does not compile; what core.json names is missing:\n{built.stderr}")
        text = subprocess.run([str(binary)], capture_output=True, text=True, check=True).stdout
    facts = {}
    for line in text.splitlines():
        kind, name, *values = line.split()
        facts[kind, name] = tuple(map(int, values))
    return facts


def size_at(struct, minor):
    """The size a struct had at a minor, from when each field came."""
    ends = [field["offset"] + field["size"] for field in struct["fields"] if field["since_minor"] <= minor]
    return max(ends, default=0)


def compare_with_facts(facts):
    for name, struct in STRUCTS.items():
        if name == TABLE:
            continue
        wanted = (struct["size"], struct["align"], 0 if name in ONLY_READ else struct["struct_size"])
        check(f"core.json struct {name}", facts["struct", name] == wanted, f"{facts['struct', name]}, facts {wanted}")
        for field in struct["fields"]:
            full = f"{name}.{field['name']}"
            wanted = (field["offset"], field["size"])
            check(f"core.json field {full}", facts["field", full] == wanted, f"{facts['field', full]}, facts {wanted}")
        if name in ONLY_READ:
            continue
        wrong = [minor for minor in range(max(OLDEST, struct["since_minor"]), NEWEST + 1)
                 if facts["size", f"{name}@{minor}"] != (size_at(struct, minor),)]
        check(f"growth.def {name}", not wrong,
              "; ".join(f"0.{minor}: {facts['size', f'{name}@{minor}']}, fields say {size_at(struct, minor)}"
                        for minor in wrong[:3]))
    for index, function in enumerate(FACTS["functions"]):
        name = function["name"]
        wanted = (function["offset"], function["args_struct_size"])
        got = facts.get(("slot", name))
        check(f"core.json slot {name}", got is not None and got[:2] == wanted and function["index"] == index,
              f"{got}, facts {wanted}")
        since = function["since_minor"] if function["since_minor"] > OLDEST else 0
        mine = got[2] if got and got[2] > OLDEST else 0
        check(f"functions.def since {name}", mine == since, f"{mine}, facts {since}")
    known = {function["name"] for function in FACTS["functions"]}
    slots = {name for kind, name in facts if kind == "slot"}
    check("core.json has every slot of ours", slots == known, f"differ in {sorted(slots ^ known)}")
    table = FACTS["api_struct"]
    check("core.json table", facts["table", TABLE] == (table["size"], table["first_function_offset"]),
          str(facts["table", TABLE]))
    check("core.json versions", facts["versions", TABLE] == (FACTS["api_major"], NEWEST), str(facts["versions", TABLE]))
    for enum in FACTS["enums"]:
        for value in enum["values"]:
            check(f"core.json enum {value['name']}", facts["enum", value["name"]] == (value["value"],),
                  f"{facts['enum', value['name']]}, facts {value['value']}")


def declared_structs():
    names = set()
    for header in (ROOT / "src/abi").rglob("*.h"):
        names |= set(re.findall(r"^struct (PJRT_\w+) \{", header.read_text(), flags=re.M))
    return names


def compare_with_pypjrt(facts):
    module = importlib.import_module("pypjrt._abi.pjrt_0_114")
    seen = 0
    for name, struct in STRUCTS.items():
        theirs = getattr(module, name, None)
        if theirs is None or name == TABLE or not issubclass(theirs, ctypes.Structure):
            continue
        seen += 1
        compare_struct(facts, name, struct, theirs)
    check("pypjrt has the structs", seen >= 150, f"only {seen} structs are there")
    for name, index in module.SLOT.items():
        got = facts.get(("slot", name))
        check(f"pypjrt slot {name}", got is not None and got[0] == 40 + 8 * index, f"{got}, pypjrt index {index}")
    for enum in FACTS["enums"]:
        for value in enum["values"]:
            if hasattr(module, value["name"]):
                check(f"pypjrt enum {value['name']}", facts["enum", value["name"]] == (getattr(module, value["name"]),),
                      str(getattr(module, value["name"])))


def compare_struct(facts, name, struct, theirs):
    wrong = []
    for field in struct["fields"]:
        if field["since_minor"] > 114:
            continue
        descriptor = getattr(theirs, field["name"], None)
        got = facts["field", f"{name}.{field['name']}"]
        if descriptor is None:
            wrong.append(f"{field['name']} is not there")
        elif (descriptor.offset, descriptor.size) != got:
            wrong.append(f"{field['name']} {got}, pypjrt {(descriptor.offset, descriptor.size)}")
    check(f"pypjrt struct {name}", not wrong, "; ".join(wrong))
    size = getattr(sys.modules[theirs.__module__], f"{name}_STRUCT_SIZE", None)
    if size is not None and "size" in struct:
        check(f"pypjrt struct_size {name}", size == size_at(struct, 114), f"{size_at(struct, 114)}, pypjrt {size}")


def compare_public(facts, library):
    """Numbers and names of the public header against the ABI's, there and back."""
    library.pje_dtype_name.restype = library.pje_code_name.restype = ctypes.c_char_p
    library.pje_dtype_from_name.restype = ctypes.c_bool
    values = {enum["name"]: {value["name"]: value["value"] for value in enum["values"]} for enum in FACTS["enums"]}
    for name, number in values["PJRT_Buffer_Type"].items():
        short = name.removeprefix("PJRT_Buffer_Type_")
        public = "PJE_DTYPE_INVALID" if number == 0 else f"PJE_{short}"
        check(f"dtype {short} number", facts.get(("public", public)) == (number,), str(facts.get(("public", public))))
        spoken = library.pje_dtype_name(number)
        check(f"dtype {short} name", spoken == short.lower().encode(), str(spoken))
        back = ctypes.c_int(-1)
        found = library.pje_dtype_from_name(spoken, ctypes.byref(back))
        check(f"dtype {short} there and back", number == 0 or (found and back.value == number), f"{found} {back.value}")
    for name, number in values["PJRT_Error_Code"].items():
        short = name.removeprefix("PJRT_Error_Code_")
        check(f"code {short}", facts.get(("public", f"PJE_{short}")) == (number,)
              and library.pje_code_name(number) == short.encode(), str(library.pje_code_name(number)))
    for name, number in values["PJRT_HostBufferSemantics"].items():
        short = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removeprefix("PJRT_HostBufferSemantics_k")).upper()
        check(f"semantics {short}", facts.get(("public", f"PJE_HOST_{short}")) == (number + 1,), short)
    for name, number in values["PJRT_NamedValue_Type"].items():
        short = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.removeprefix("PJRT_NamedValue_k")).upper()
        check(f"value kind {short}", facts.get(("public", f"PJE_VALUE_{short}")) == (number,), short)
    compare_extensions(facts, library, values["PJRT_Extension_Type"])
    compare_element_types(library)


def compare_element_types(library):
    """Bits, host size, alignment and kind of each element type against NumPy's and ml_dtypes' own."""
    import ml_dtypes
    import numpy
    for function in (library.pje_dtype_bits, library.pje_dtype_host_size, library.pje_dtype_alignment):
        function.restype = ctypes.c_size_t
    kinds = {"b": 1, "i": 2, "u": 3, "f": 4, "c": 5}
    known = 0
    for number in range(1, 34):
        ours = library.pje_dtype_name(number).decode()
        if ours == "pred":
            theirs, bits, kind = numpy.dtype(bool), 8, "b"
        else:
            prefix, digits = re.fullmatch(r"(bf|[sufc])(\d\w*)|token", ours).groups() if ours != "token" else ("", "")
            name = {"s": "int", "u": "uint", "f": "float", "bf": "bfloat", "c": "complex"}.get(prefix, "") + \
                re.sub(r"^(\d)(e)", r"\1_\2", digits)
            if not hasattr(ml_dtypes, name) and not hasattr(numpy, name):
                continue
            theirs = numpy.dtype(getattr(ml_dtypes, name, None) or getattr(numpy, name))
            kind = {"s": "i", "bf": "f"}.get(prefix, prefix)
            info = ml_dtypes.iinfo if kind in "iu" else ml_dtypes.finfo
            bits = theirs.itemsize * 8 if kind == "c" else info(theirs).bits
        known += 1
        got = (library.pje_dtype_bits(number), library.pje_dtype_host_size(number), library.pje_dtype_alignment(number),
               library.pje_dtype_kind_of(number))
        check(f"element type {ours}", got == (bits, theirs.itemsize, theirs.alignment, kinds[kind]),
              f"{got}: {theirs} has {bits, theirs.itemsize, theirs.alignment, kind}")
    # All but token, s1 and u1, which neither of the two has.
    check("element types with a counterpart", known == 30, str(known))


class Extension(ctypes.Structure):
    pass


Extension._fields_ = [("struct_size", ctypes.c_size_t), ("type", ctypes.c_uint), ("next", ctypes.POINTER(Extension))]


class Table(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("extension_start", ctypes.POINTER(Extension)),
                ("version_size", ctypes.c_size_t), ("version_extension", ctypes.c_void_p),
                ("major", ctypes.c_int), ("minor", ctypes.c_int)]


def compare_extensions(facts, library, types):
    """A table that holds nothing but one extension of each type, seen through the library."""
    chain = [Extension(24, number, None) for number in types.values()]
    for extension, following in zip(chain, chain[1:]):
        extension.next = ctypes.pointer(following)
    table = Table(40, ctypes.pointer(chain[0]), 24, None, 0, NEWEST)
    plugin = ctypes.c_void_p()
    library.pje_plugin_from_api.restype = ctypes.c_void_p
    library.pje_plugin_extension.restype = ctypes.c_bool
    refused = library.pje_plugin_from_api(ctypes.byref(table), ctypes.byref(plugin))
    check("a table of extensions alone", refused is None, "refused")
    for index, (full, number) in enumerate(types.items()):
        short = full.removeprefix("PJRT_Extension_Type_")
        public = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", short).upper()
        kind, name = ctypes.c_int32(-1), ctypes.c_char_p()
        there = library.pje_plugin_extension(plugin, ctypes.c_size_t(index), ctypes.byref(kind), ctypes.byref(name), None)
        check(f"extension {short}", there and kind.value == number and name.value == short.encode()
              and facts.get(("public", f"PJE_EXTENSION_{public}")) == (number,), f"{kind.value} {name.value} {public}")


def compare_with_plugin(facts, folder):
    """What the plugin wants, asked in a child process: a plugin may crash on what it does not expect."""
    version = VERSIONS[folder.name]
    minor = int(version.split("-")[0].split(".")[1])
    shared = next(folder.glob("*.so"), None)
    check(f"{folder.name} is there", shared is not None, "run make plugins")
    if shared is None:
        return
    asked = subprocess.run([sys.executable, str(ROOT / "tests/abi/ask_sizes.py"), str(shared), json.dumps(
        [[function["name"], function["offset"], function["returns"]] for function in FACTS["functions"]])],
        capture_output=True, text=True)
    check(f"{folder.name} answers", asked.returncode == 0, asked.stderr.strip().splitlines()[-1:])
    answers = dict(line.split(" ", 1) for line in asked.stdout.splitlines() if line.startswith("PJRT_"))
    table = [function for function in FACTS["functions"] if function["since_minor"] <= minor]
    check(f"{folder.name} has the slots of its minor", len(answers) == len(table), f"{len(answers)}, facts {len(table)}")
    for function in table:
        compare_answer(facts, folder.name, version, minor, function, answers.get(function["name"], "no answer"))


def compare_answer(facts, plugin, version, minor, function, answer):
    name = function["name"]
    if function["returns"] == "void":
        return
    test = f"{plugin} {name}"
    wanted = function["plugin_min_struct_size"].get(version)
    # Not the struct's name: several functions of real plugins speak of another one.
    sizes = re.search(r"Unexpected \w+ size: expected (\d+), got 0", answer)
    if sizes is None:
        # Some answer before they look at the size; the facts have no size for them either.
        check(test, wanted is None, answer)
        return
    expected = int(sizes[1])
    own = facts["size", f"{function['args_struct']}@{minor}"][0]
    struct = STRUCTS[function["args_struct"]]
    ends = {field["offset"] + field["size"] for field in struct["fields"]}
    check(test, expected == wanted and expected <= own and expected in ends,
          f"{answer}; facts {wanted}, ours at its minor {own}")


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    facts = ours()
    compare_with_facts(facts)
    unknown = declared_structs() - set(STRUCTS)
    check("no struct of ours without facts", not unknown, str(sorted(unknown)))
    compare_with_pypjrt(facts)
    compare_public(facts, ctypes.CDLL(arguments[0]))
    for folder in arguments[1:]:
        compare_with_plugin(facts, pathlib.Path(folder))
    return reports.end()


sys.exit(main(sys.argv[1:]))
