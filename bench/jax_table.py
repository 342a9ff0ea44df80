#!/usr/bin/env python3
"""Times JAX beside the library and raw C: one table, one machine, one run.

usage: jax_table.py BUILD [--rounds N] [--json FILE]; run by `make bench-jax`, with a Python that has JAX.

JAX brings a plugin of its own, in this process; the library and its raw twin run in pje_bench. The two take turns,
case by case and round by round, so that a busy minute slows them alike.
"""
import argparse
import gc
import itertools
import json
import mmap
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import jax
import numpy as np

WIDTH = 64
IN_FLIGHT = 32
MIB = 1 << 20
BLOCK_SECONDS = 0.02


def block(outputs):
    for output in outputs:
        output.block_until_ready()


def upload(host):
    return lambda: jax.device_put(host).block_until_ready()


def read_back(num_bytes, fresh):
    """Copies into memory of the caller, as the others do: NumPy's own would keep pages from one copy to the next."""
    array = jax.device_put(np.ones(num_bytes // 4, np.float32)).block_until_ready()
    warm = np.zeros(num_bytes // 4, np.float32)

    def read():
        place = np.frombuffer(mmap.mmap(-1, num_bytes), np.float32) if fresh else warm
        np.copyto(place, np.asarray(array))

    return read


def compiles():
    x = np.ones(4, np.float32)
    # A number of its own each time: nothing may come from a cache.
    numbers = itertools.count()

    def compile_once():
        number = float(next(numbers))
        jax.jit(lambda x: x + number).lower(x).compile()

    return compile_once


def cases():
    """By the name of the case of pje_bench, what JAX does for it."""
    add_one = jax.jit(lambda x: x + 1)
    wide = jax.jit(lambda *args: tuple(x + x for x in args))
    one = jax.device_put(np.ones(4, np.float32))
    many = [jax.device_put(np.ones(4, np.float32)) for _ in range(WIDTH)]
    return {
        "execute blocking": lambda: add_one(one).block_until_ready(),
        "execute pipelined": lambda: block([add_one(one) for _ in range(IN_FLIGHT)]),
        f"execute {WIDTH} arguments": lambda: block(wide(*many)),
        "upload 16 B copied": upload(np.ones(4, np.float32)),
        "upload 1 MiB copied": upload(np.ones(MIB // 4, np.float32)),
        "read-back 16 B reused": read_back(16, fresh=False),
        "read-back 1 MiB reused": read_back(MIB, fresh=False),
        "read-back 1 MiB fresh": read_back(MIB, fresh=True),
        "read-back 64 MiB fresh": read_back(64 * MIB, fresh=True),
        "compile": compiles(),
    }


def time_jax(body):
    """Nanoseconds of one repetition, from a block that is long against the clock."""
    repetitions = 1
    while True:
        start = time.perf_counter_ns()
        for _ in range(repetitions):
            body()
        took = time.perf_counter_ns() - start
        if took >= BLOCK_SECONDS * 1e9:
            return took / repetitions
        repetitions *= 2


def time_ours(build, case, folder):
    """(ours, raw) in nanoseconds of one repetition."""
    result = folder / "case.json"
    plugin = build / "plugins/libpjrt_cpu.so"
    done = subprocess.run([build / "pje_bench", "--build", build, "--plugin", plugin, "--json", result, "--case", case,
                           "--case-ms", "100"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"jax_table.py: pje_bench --case '{case}' failed:\n{done.stderr[-3000:]}")
    row, = json.loads(result.read_text())
    return row["ours_ns"], row["raw_ns"]


def text_of(nanoseconds):
    for unit, size in (("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.2f} {unit}"
    return f"{nanoseconds:.0f} ns"


def measure(build, case, body, rounds):
    body()
    times = []
    with tempfile.TemporaryDirectory() as name:
        for _ in range(rounds):
            gc.collect()
            times.append((*time_ours(build, case, pathlib.Path(name)), time_jax(body)))
    ours, raw, by_jax = (statistics.median(column) for column in zip(*times))
    return {"case": case, "ours_ns": ours, "raw_ns": raw, "jax_ns": by_jax, "ratio": ours / raw,
            "jax_ratio": by_jax / raw}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    print(f"JAX {jax.__version__} on {jax.default_backend()}, {options.rounds} rounds")
    print(f"{'case':<26}{'raw C':>12}{'ours':>12}{'JAX':>12}{'ours/raw':>10}{'JAX/raw':>10}{'JAX/ours':>10}")
    rows = []
    for case, body in cases().items():
        row = measure(options.build.resolve(), case, body, options.rounds)
        rows.append(row)
        print(f"{case:<26}{text_of(row['raw_ns']):>12}{text_of(row['ours_ns']):>12}{text_of(row['jax_ns']):>12}"
              f"{row['ratio']:>10.2f}{row['jax_ratio']:>10.2f}{row['jax_ns'] / row['ours_ns']:>10.2f}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
