#!/usr/bin/python3
"""Calls every function of the header that answers an error and has outputs, with outputs that hold something and nothing that
could make it succeed, outside and inside a callback. A refused call must leave every output zero, and inside a callback all
but what the header calls Callback-safe must be refused for that reason. Prints a line for each thing found and ends with
status 1 when there is any.

usage: outputs.py LIBRARY
"""
import ctypes
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = HERE.parents[1] / "include/pjrt_easy"
FAILED_PRECONDITION = 9
SAFE = re.compile(r"(?<!Not )\bCallback-safe\b|May be called inside a callback")
ALL_SAFE = re.compile(r"(?:[Aa]ny thread,|Everything here:) Callback-safe")
DIRTY = 0x5555555555555555
# A parameter that looks like an output: what it is instead.
NO_OUTPUT = {
    ("pje_buffer_from_array_consume", "array"): "consumed on success, untouched otherwise",
    ("pje_completion_queue_next", "tags"): "as many are written as `count`, which is cleared, says",
    ("pje_completion_queue_next", "errors"): "the same",
    ("pje_request_queue_next", "ids"): "the same",
    ("pje_buffer_dynamic_dims", "indices"): "the same",
    ("pje_topology_memory_kind_ids", "kind_ids"): "the same",
    ("pje_buffer_unpadded_dims", "dims"): "a list of numbers, as long as the rank",
    ("pje_layout_to_byte_strides", "byte_strides"): "the same",
    ("pje_event_any", "index"): "written when the event becomes ready",
}


class Parameter:
    def __init__(self, function, text):
        text = re.sub(r"\s+", " ", re.sub(r"PJE_NULLABLE", "", text)).strip()
        self.type, self.name = re.match(r"(.*?)(\w+)$", text).groups()
        self.type = self.type.replace(" ", "")
        pointer = self.type.endswith("*") and not re.search(r"const\*$", self.type)
        pointee = self.type[:-1]
        to_pointer = pointee.endswith("*")
        scalar = re.fullmatch(r"(size_t|bool|u?int\d+_t|double|float|pje_dtype|pje_code|pje_\w+_format)", pointee)
        self.is_output = bool(pointer and (to_pointer or scalar) and (function, self.name) not in NO_OUTPUT)
        self.is_real = self.type in ("float", "double")


class Function:
    def __init__(self, about_all, comment, declaration):
        head = re.match(r"PJE_EXPORT (.*?)\b(pje_\w+)\((.*)\)", re.sub(r"\s+", " ", declaration))
        self.name = head[2]
        self.is_call = head[1].strip() == "pje_error *"
        self.is_callback_safe = bool(SAFE.search(comment) or ALL_SAFE.search(about_all))
        texts = [text for text in head[3].split(",") if text.strip() not in ("", "void")]
        self.parameters = [Parameter(self.name, text) for text in texts]
        self.outputs = [parameter.name for parameter in self.parameters if parameter.is_output]


def functions():
    for header in sorted(HEADERS.glob("*.h")):
        text = re.sub(r"PJE_NOEXCEPT|PJE_NODISCARD", "", header.read_text())
        for comment, declaration in re.findall(r"/\*\*((?:(?!\*/).)*)\*/\s*(PJE_EXPORT[^;]*;)", text, re.S):
            function = Function(text[:text.index("*/")], re.sub(r"\n\s*\* ?", " ", comment), declaration)
            if function.is_call and function.outputs:
                yield function


class Library:
    def __init__(self, path):
        self.c = ctypes.CDLL(path)
        self.c.pje_error_code.argtypes = [ctypes.c_void_p]
        self.c.pje_error_detail.argtypes = [ctypes.c_void_p]
        self.c.pje_error_detail.restype = ctypes.c_char_p
        self.c.pje_error_release.argtypes = [ctypes.c_void_p]

    def refuse(self, function):
        """(code, text, outputs that were left as they were): one of each count, NULL for everything else."""
        call = getattr(self.c, function.name)
        call.restype = ctypes.c_void_p
        outputs = {name: ctypes.c_uint64(DIRTY) for name in function.outputs}
        arguments = []
        for parameter in function.parameters:
            if parameter.is_output:
                arguments.append(ctypes.byref(outputs[parameter.name]))
            elif parameter.is_real:
                arguments.append(ctypes.c_double(0))
            else:
                arguments.append(ctypes.c_uint64(1 if parameter.type == "size_t" else 0))
        error = call(*arguments)
        code, text = self.c.pje_error_code(error), (self.c.pje_error_detail(error) or b"").decode()
        self.c.pje_error_release(error)
        # Outputs narrower than the place for them leave the rest.
        left = [name for name, place in outputs.items() if place.value & 0xFF == DIRTY & 0xFF]
        return code, text, left

    def in_callback(self, body):
        callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: body())
        event = ctypes.c_void_p()
        self.c.pje_event_create.argtypes = [ctypes.c_void_p]
        for error in (self.c.pje_event_create(ctypes.byref(event)), self.c.pje_event_on_ready(event, callback, None),
                      self.c.pje_event_set(event, None)):
            assert not error
        self.c.pje_event_release(event)


def judge(function, code, text, left, in_callback):
    if in_callback and not function.is_callback_safe and (code != FAILED_PRECONDITION or "inside a callback" not in text):
        return f"answered {code}: {text}"
    if code != 0 and left:
        return f"left {', '.join(left)} as it was"
    return None


def main(path):
    library = Library(path)
    every = list(functions())
    results = [(function, library.refuse(function), False) for function in every]
    library.in_callback(lambda: results.extend((function, library.refuse(function), True) for function in every))
    findings = []
    for function, answer, in_callback in results:
        wrong = judge(function, *answer, in_callback)
        if wrong:
            findings.append(f"{function.name} {'inside' if in_callback else 'outside'} callbacks: {wrong}")
    num_refused = sum(answer[0] != 0 for _, answer, _ in results)
    if len(results) != 2 * len(every) or num_refused <= len(every):
        findings.append(f"{num_refused} of {len(results)} calls were refused")
    print("\n".join(findings) or f"{num_refused} refused calls of {len(every)} functions")
    return 1 if findings else 0


sys.exit(main(sys.argv[1]))
