#!/usr/bin/env python3
"""Calls every function of a plugin with struct_size 0, each in a process of its own, and prints what it answers.

usage: ask_sizes.py PLUGIN '[["PJRT_X", offset, returns], ...]'
"""
import ctypes
import json
import os
import sys

ARGUMENT_BYTES = 4096


def slot(table, offset):
    return ctypes.c_void_p.from_address(table + offset).value


def message_of(table, offsets, error):
    arguments = (ctypes.c_uint64 * 5)(40, 0, error, 0, 0)
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(slot(table, offsets["PJRT_Error_Message"]))(ctypes.addressof(arguments))
    return ctypes.string_at(arguments[3], arguments[4]).decode(errors="replace")


def ask(table, offsets, name):
    arguments = ctypes.create_string_buffer(ARGUMENT_BYTES)
    function = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(slot(table, offsets[name]))
    error = function(ctypes.addressof(arguments))
    return message_of(table, offsets, error).splitlines()[0] if error else "no error"


def ask_in_child(table, offsets, name):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, ask(table, offsets, name).encode()[:4000])
        os._exit(0)
    os.close(write)
    answer = os.read(read, 4000).decode(errors="replace")
    os.close(read)
    status = os.waitpid(child, 0)[1]
    return answer if status == 0 else f"killed by signal {os.WTERMSIG(status)}"


def main(path, functions):
    library = ctypes.CDLL(path, mode=os.RTLD_NOW)
    library.GetPjrtApi.restype = ctypes.c_void_p
    table = library.GetPjrtApi()
    size = ctypes.c_size_t.from_address(table).value
    rows = json.loads(functions)
    offsets = {name: offset for name, offset, _ in rows}
    for name, offset, returns in rows:
        if offset + 8 > size:
            continue
        print(name, "returns nothing" if returns == "void" else ask_in_child(table, offsets, name), flush=True)


main(*sys.argv[1:])
