#!/usr/bin/python3
"""Writes pjrt/compile_options_fields.go from the header: the fields of the compile options that are one value, one list or
bytes. usage: generate.py [--check]"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = [HERE.parents[1] / "include/pjrt_easy" / name for name in ("compile_options.h",)]
OUTPUT = HERE / "pjrt/compile_options_fields.go"
WORDS = {"hlo": "HLO", "spmd": "SPMD", "fdo": "FDO", "mlir": "MLIR", "gpu": "GPU", "ids": "IDs"}
# C type of a value: type of Go, how it goes there, how it comes back
VALUES = {
    "int64_t": ("int64", "C.int64_t(value)", "int64({})"),
    "bool": ("bool", "C.bool(value)", "bool({})"),
    "pje_effort": ("Effort", "C.pje_effort(value)", "Effort({})"),
    "pje_precision": ("Precision", "C.pje_precision(value)", "Precision({})"),
}
LISTS = {"bool": "bool", "int64_t": "int64", "int32_t": "int32"}

VALUE = """
// Set{name} sets {field}: {comment}
func (o *CompileOptions) Set{name}(value {go}) error {{
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_{field}(o.raw, {there}))
}}

// {name} gives {field}.
func (o *CompileOptions) {name}() {go} {{
	defer runtime.KeepAlive(o)
	return {back}
}}
"""
STRING = """
// Set{name} sets {field}: {comment}
func (o *CompileOptions) Set{name}(value string) error {{
	defer runtime.KeepAlive(o)
	text := C.CString(value)
	defer C.free(unsafe.Pointer(text))
	return result(C.pje_compile_options_set_{field}(o.raw, text))
}}

// {name} gives {field}.
func (o *CompileOptions) {name}() string {{
	defer runtime.KeepAlive(o)
	return C.GoString(C.pje_compile_options_get_{field}(o.raw))
}}
"""
LIST = """
// Set{name} sets {field}: {comment}
func (o *CompileOptions) Set{name}(values ...{go}) error {{
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_{field}(o.raw, (*C.{c})(unsafe.SliceData(values)), C.size_t(len(values))))
}}

// {name} gives {field}.
func (o *CompileOptions) {name}() []{go} {{
	defer runtime.KeepAlive(o)
	var count C.size_t
	values := C.pje_compile_options_get_{field}(o.raw, &count)
	return append([]{go}(nil), unsafe.Slice((*{go})(values), int(count))...)
}}
"""
BYTES = """
// Set{name} sets {field}: {comment}
func (o *CompileOptions) Set{name}(data []byte) error {{
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_{field}(o.raw, unsafe.Pointer(unsafe.SliceData(data)), C.size_t(len(data))))
}}

// {name} gives {field}.
func (o *CompileOptions) {name}() []byte {{
	defer runtime.KeepAlive(o)
	var size C.size_t
	data := C.pje_compile_options_get_{field}(o.raw, &size)
	return C.GoBytes(data, C.int(size))
}}
"""


def go_name(field):
    return "".join(WORDS.get(word, word.capitalize()) for word in field.split("_"))


def declarations(text):
    """(comment, declaration) of every function."""
    for match in re.finditer(r"/\*\*((?:(?!\*/).)*)\*/\s*PJE_EXPORT\s+([^;]*);", text, re.S):
        comment = " ".join(re.sub(r"^\s*\*", "", line).strip() for line in match[1].splitlines()).strip()
        declaration = re.sub(r"\bPJE_(NOEXCEPT|NODISCARD|NULLABLE)\b", "", match[2])
        yield comment, re.sub(r"\s+", " ", declaration).strip()


def first_sentence(comment):
    sentence = re.split(r"(?<=[.;])\s|:\s|\.$", comment, maxsplit=1)[0].rstrip(".;")
    return sentence[0].lower() + sentence[1:] + "."


def fields():
    for header in HEADERS:
        rows = list(declarations(header.read_text()))
        getters = {match[1] for _, text in rows if (match := re.search(r"pje_compile_options_get_(\w+)\(", text))}
        for comment, text in rows:
            match = re.match(r"pje_error \*pje_compile_options_set_(\w+)\( ?pje_compile_options \*options, (.*)\)$", text)
            if match and match[1] in getters:
                yield match[1], match[2], first_sentence(comment)


def generated():
    out = ["// Written by generate.py from the header. Do not edit.\n\npackage pjrt\n\n// #include \"bridge.h\"\nimport \"C\"\n\n"
           "import (\n\t\"runtime\"\n\t\"unsafe\"\n)\n"]
    for field, parameters, comment in fields():
        common = {"name": go_name(field), "field": field, "comment": comment}
        value = re.match(r"(\w+) value$", parameters)
        values = re.match(r"const (\w+) \* ?values, size_t count$", parameters)
        if value and value[1] in VALUES:
            go, there, back = VALUES[value[1]]
            call = back.format(f"C.pje_compile_options_get_{field}(o.raw)")
            out.append(VALUE.format(go=go, there=there, back=call, **common))
        elif re.match(r"const char \* ?value$", parameters):
            out.append(STRING.format(**common))
        elif values:
            out.append(LIST.format(go=LISTS[values[1]], c=values[1], **common))
        elif re.match(r"const void \* ?data, size_t size$", parameters) and "proto" not in parameters and field in PLAIN_BYTES:
            out.append(BYTES.format(**common))
    return "".join(out)


# Those whose getter lends the bytes; the others return an object.
PLAIN_BYTES = ("serialized_multi_slice_config", "fdo_profile")

if __name__ == "__main__":
    text = generated()
    if "--check" in sys.argv:
        sys.exit(0 if OUTPUT.read_text() == text else f"{OUTPUT.name} is not what the header gives: run bindings/go/generate.py")
    OUTPUT.write_text(text)
