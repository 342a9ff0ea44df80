#!/usr/bin/env python3
"""Compares outputs that a program of tests/programs gave with the expected ones.

usage: compare.py --program DIR --outputs PATTERN [--json]

PATTERN names the written .npy files: %o is the output's index, %d the device's; without %d there is one
device. An element passes when |got - want| <= atol + rtol * |want|, with the tolerances of DIR/meta.txt;
a NaN never passes. Prints a line per output; exit 0 when all agree, 1 when not, 2 for wrong usage.
"""
import argparse
import json
import pathlib
import sys

import ml_dtypes
import numpy as np

NATIVE = {
    "pred": np.bool_, "s8": np.int8, "s16": np.int16, "s32": np.int32, "s64": np.int64,
    "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64,
    "f16": np.float16, "f32": np.float32, "f64": np.float64, "c64": np.complex64, "c128": np.complex128,
}
BITS_OF_FLOAT = {
    "bf16": ml_dtypes.bfloat16, "f8e5m2": ml_dtypes.float8_e5m2, "f8e4m3": ml_dtypes.float8_e4m3,
    "f8e4m3fn": ml_dtypes.float8_e4m3fn, "f8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "f8e5m2fnuz": ml_dtypes.float8_e5m2fnuz, "f8e4m3b11fnuz": ml_dtypes.float8_e4m3b11fnuz,
    "f8e3m4": ml_dtypes.float8_e3m4, "f8e8m0fnu": ml_dtypes.float8_e8m0fnu,
}
SUB_BYTE = {"s1": 1, "s2": 2, "s4": 4, "u1": 1, "u2": 2, "u4": 4, "f4e2m1fn": 4}


class Mismatch(Exception):
    pass


def read_meta(folder):
    """meta.txt as a dict; `out` is a list of dicts with type, dims, file, rtol, atol."""
    meta = {"out": [], "in": []}
    for line in (folder / "meta.txt").read_text().splitlines():
        key, _, rest = line.partition(" ")
        if key not in ("in", "out"):
            meta[key] = rest
            continue
        _, dtype, dims, file, *extra = rest.split()
        entry = {"type": dtype, "file": file, "dims": [] if dims == "scalar" else [int(d) for d in dims.split(",")]}
        entry.update(item.split("=") for item in extra if "=" in item)
        meta[key].append(entry)
    return meta


def decode(array, dtype):
    """Values of an array whose elements are stored as .npy can hold them: small types as bit patterns."""
    if dtype in NATIVE:
        wanted = np.dtype(NATIVE[dtype])
        if array.dtype == wanted:
            return array
        raise Mismatch(f"element type {array.dtype}, expected {wanted} for {dtype}")
    if dtype in BITS_OF_FLOAT:
        wanted = np.dtype(BITS_OF_FLOAT[dtype])
        if array.dtype.itemsize != wanted.itemsize:
            raise Mismatch(f"elements of {array.dtype.itemsize} bytes, expected {wanted.itemsize} for {dtype}")
        return np.ascontiguousarray(array).view(wanted).reshape(array.shape)
    bits = SUB_BYTE[dtype]
    if array.dtype.itemsize != 1:
        raise Mismatch(f"elements of {array.dtype.itemsize} bytes, expected one byte each for {dtype}")
    low = np.ascontiguousarray(array).view(np.uint8).reshape(array.shape) & ((1 << bits) - 1)
    if dtype == "f4e2m1fn":
        return low.view(ml_dtypes.float4_e2m1fn)
    if dtype.startswith("s"):
        sign = 1 << (bits - 1)
        return (low.astype(np.int16) ^ sign) - sign
    return low


def widen(values):
    if np.iscomplexobj(values):
        return values.astype(np.complex128)
    if values.dtype.kind in "biu":
        return values.astype(object)  # 64-bit integers keep every digit
    return values.astype(np.float64)


def largest_difference(got, want, rtol, atol):
    """(largest |got - want|, number of elements out of tolerance)"""
    if got.size == 0:
        return 0.0, 0
    got, want = widen(got), widen(want)
    if got.dtype == object:
        difference = np.abs(got - want)
        passed = difference <= atol + rtol * np.abs(want)
    else:
        # Infinities have no distance: they are equal or wrong.
        equal = got == want
        with np.errstate(invalid="ignore"):
            difference = np.where(equal, 0.0, np.abs(got - want))
            passed = equal | (np.isfinite(got) & np.isfinite(want) & (difference <= atol + rtol * np.abs(want)))
    return float(np.max(difference)), int(np.size(passed) - np.count_nonzero(passed))


def compare_file(want_path, got_path, entry):
    rtol, atol = float(entry["rtol"]), float(entry["atol"])
    if not got_path.exists():
        raise Mismatch(f"{got_path} was not written")
    want = decode(np.load(want_path), entry["type"])
    got = decode(np.load(got_path), entry["type"])
    if list(got.shape) != entry["dims"]:
        raise Mismatch(f"shape {list(got.shape)}, expected {entry['dims']}")
    largest, wrong = largest_difference(got, want, rtol, atol)
    if wrong:
        raise Mismatch(f"{wrong} of {got.size} elements off, largest difference {largest:g} (rtol={rtol:g} atol={atol:g})")
    return largest


def compare(folder, pattern):
    meta = read_meta(folder)
    num_devices = int(meta["replicas"]) * int(meta["partitions"])
    if num_devices > 1 and "%d" not in pattern:
        raise SystemExit(f"compare.py: {meta['name']} runs on {num_devices} devices: --outputs needs a %d")
    rows = []
    for index, entry in enumerate(meta["out"]):
        for device in range(num_devices):
            row = {"output": index, "device": device, "type": entry["type"], "dims": entry["dims"],
                   "largest_difference": None, "error": None}
            want_path = folder / entry["file"].replace("%d", str(device))
            got_path = pathlib.Path(pattern.replace("%o", str(index)).replace("%d", str(device)))
            try:
                row["largest_difference"] = compare_file(want_path, got_path, entry)
            except (Mismatch, ValueError, OSError) as error:
                row["error"] = str(error)
            rows.append(row)
    return {"program": meta["name"], "devices": num_devices, "outputs": rows,
            "ok": all(row["error"] is None for row in rows)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path, metavar="DIR")
    parser.add_argument("--outputs", required=True, metavar="PATTERN")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.program / "meta.txt").exists():
        parser.error(f"{arguments.program} has no meta.txt")
    if "%o" not in arguments.outputs:
        parser.error("--outputs needs a %o, the index of the output")
    result = compare(arguments.program, arguments.outputs)
    if arguments.json:
        print(json.dumps(result))
    else:
        for row in result["outputs"]:
            where = f"output {row['output']}" + (f" device {row['device']}" if result["devices"] > 1 else "")
            shape = f"{row['type']}[{','.join(map(str, row['dims']))}]"
            outcome = row["error"] or f"largest difference {row['largest_difference']:.3g}"
            print(f"  {where}: {shape}  {'FAIL: ' if row['error'] else ''}{outcome}")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
