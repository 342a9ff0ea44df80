"""The command line itself: options, files, outputs, and what bad input gets."""
import functools
import json
import os
import re
import struct
import subprocess

import npy_files
from harness import PLUGINS, PROGRAMS, ROOT, Test, expect, expect_failure, expect_success, expect_usage

ADD = PROGRAMS / "add1_f32/program.mlir"
CPU = PLUGINS / "cpu-115/libpjrt_cpu.so"
ALL_REDUCE = PROGRAMS / "replica_all_reduce"

# A name, the arguments, what stderr says.
USAGE = [
    ("no_subcommand", [], "Usage|pjrt-easy"),
    ("unknown_subcommand", ["walk"], "walk"),
    ("unknown_option", ["run", "--colour", "red", "x.mlir"], "--colour"),
    ("no_program", ["run"], "PROGRAM"),
    ("two_programs", ["run", "a.mlir", "b.mlir"], "b.mlir"),
    ("repeat_zero", ["run", "--repeat", "0", "x.mlir"], "--repeat"),
    ("repeat_word", ["run", "--repeat", "often", "x.mlir"], "--repeat"),
    ("replicas_zero", ["run", "--replicas", "0", "x.mlir"], "--replicas"),
    ("devices_negative", ["run", "--devices", "-1", "x.mlir"], "--devices"),
    ("partitions_zero", ["run", "--partitions", "0", "x.mlir"], "--partitions"),
    ("rtol_word", ["run", "--rtol", "small", "x.mlir"], "--rtol"),
    ("rtol_negative", ["run", "--rtol", "-1", "x.mlir"], "--rtol"),
    ("atol_nan", ["run", "--atol", "nan", "x.mlir"], "--atol"),
    ("option_without_value", ["run", "--option", "devices", "x.mlir"], "KEY=VALUE"),
    ("option_without_key", ["info", "--option", "=4"], "KEY=VALUE"),
    ("option_of_wrong_type", ["info", "--option", "devices:int=four"], "'four' is not of type int"),
    ("input_without_spec", ["run", "x.mlir", "--input"], "--input"),
    ("info_with_program", ["info", "x.mlir"], "x.mlir"),
]

HELP = [
    ("help", ["--help"], "Example"),
    ("help_run", ["run", "--help"], r"(?s)--expect.*--rtol.*Example"),
    ("help_info", ["info", "--help"], r"(?s)--functions.*Example"),
    ("version", ["--version"], r"^pjrt-easy \d+\.\d+\.\d+\n$"),
]

# Settings of the fake plugin, and what the one line on stderr says.
BAD_PLUGINS = [
    ("table_too_short", "short_table=1", "pje_plugin_load: INVALID_ARGUMENT: .*table has 8 bytes"),
    ("major_not_zero", "api_major=1", "pje_plugin_load: FAILED_PRECONDITION: .*1\\."),
    ("minor_too_old", "minor=56", "pje_plugin_load: FAILED_PRECONDITION: .*0\\.56"),
    ("client_create_fails", "fail=PJRT_Client_Create:1:INTERNAL:no_power", "PJRT_Client_Create: INTERNAL: no_power"),
]


def check_usage(context, arguments, text):
    expect_usage(context.run(*arguments), text)


def check_help(context, arguments, text):
    expect_success(context.run(*arguments), text)


def add(context, *arguments, **keywords):
    """Runs add1_f32 on the fake plugin, with x.npy at hand."""
    (context.folder / "x.npy").write_bytes(npy_files.f32(1, 2, 3, 4))
    return context.run("run", "--plugin", context.fake, ADD, *arguments, **keywords)


def check_bad_plugin(context, settings, text):
    expect_failure(add(context, "--input", "x.npy", env={"PJRT_FAKE": settings}), text)


def check_bad_npy(context, content, text):
    (context.folder / "bad.npy").write_bytes(content)
    expect_failure(add(context, "--input", "bad.npy"), rf"pje_array_load_npy: INVALID_ARGUMENT: .*bad\.npy.*({text})")


def check_options_after_program(context):
    expect_success(add(context, "--input", "x.npy", "--output", "y.npy"), r"output 0: f32\[4\] 2 3 4 5 -> y\.npy")
    written = (context.folder / "y.npy").read_bytes()
    expect(written.endswith(npy_files.floats(2, 3, 4, 5)), f"y.npy holds {written!r}")


def check_options_before_program(context):
    (context.folder / "x.npy").write_bytes(npy_files.f32(1, 2, 3, 4))
    outcome = context.run("run", "--input", "x.npy", "--output", "y.npy", "--plugin", context.fake, ADD)
    expect_success(outcome, "2 3 4 5")
    expect((context.folder / "y.npy").exists(), "y.npy was not written")


def check_run_json(context):
    (context.folder / "want.npy").write_bytes(npy_files.f32(2, 3, 4, 5.5))
    outcome = add(context, "--input", "x.npy", "--json", "--repeat", "3", "--expect", "want.npy", "--atol", "0.5")
    expect_success(outcome)
    report = json.loads(outcome.stdout)
    expect(report["platform"] == "fake" and report["plugin"] == str(context.fake.resolve()), report)
    expect(len(report["run_ms"]) == 3 and report["compile_ms"] >= 0, report)
    want = {"index": 0, "device": 0, "dtype": "f32", "dims": [4], "file": None, "max_abs_diff": 0.5, "ok": True}
    expect(report["outputs"] == [want], report)


def check_expect_mismatch(context):
    (context.folder / "want.npy").write_bytes(npy_files.f32(2, 3.5, 9, 5))
    outcome = add(context, "--input", "x.npy", "--expect", "want.npy")
    expect_failure(outcome, r"output 0 .*\[2\]: got 4, want 9 \(2 of 4", stdout="(?s).*NOT as expected")
    expect_success(add(context, "--input", "x.npy", "--expect", "want.npy", "--atol", "5"), "as expected")
    expect_success(add(context, "--input", "x.npy", "--expect", "want.npy", "--rtol", "0.56"), "as expected")
    outcome = add(context, "--input", "x.npy", "--expect", "want.npy", "--json")
    expect_failure(outcome, "output 0 ", stdout="(?s).*")
    expect(json.loads(outcome.stdout)["outputs"][0]["ok"] is False, outcome.stdout)


def check_expect_nan(context):
    nan = float("nan")
    (context.folder / "x.npy").write_bytes(npy_files.f32(1, nan, 3, float("inf")))
    (context.folder / "want.npy").write_bytes(npy_files.f32(2, nan, 4, float("inf")))
    (context.folder / "less.npy").write_bytes(npy_files.f32(2, 3, 4, float("inf")))
    (context.folder / "infinite.npy").write_bytes(npy_files.f32(float("inf"), nan, 4, float("inf")))
    command = ["run", "--plugin", context.fake, ADD, "--input", "x.npy", "--atol", "1e30", "--expect"]
    expect_success(context.run(*command, "want.npy"))
    expect_failure(context.run(*command, "less.npy"), r"\[1\]: got nan, want 3", stdout="(?s).*")
    expect_failure(context.run(*command, "infinite.npy"), r"\[0\]: got 2, want inf", stdout="(?s).*")


def check_expect_other_type(context):
    (context.folder / "ints.npy").write_bytes(npy_files.s32(2, 3, 4, 5))
    (context.folder / "short.npy").write_bytes(npy_files.f32(2, 3, 4))
    for file, text in (("ints.npy", r"s32\[4\], the result is f32\[4\]"), ("short.npy", r"f32\[3\], the result is f32\[4\]")):
        expect_failure(add(context, "--input", "x.npy", "--expect", file), rf"--expect 0 \({file}\): holds {text}")


def check_missing_files(context):
    expect_failure(context.run("run", "--plugin", context.fake, "none.mlir"), "pje_program_from_file: NOT_FOUND: .*none.mlir")
    expect_failure(context.run("run", "--plugin", context.fake, ROOT), "pje_program_from_file: INVALID_ARGUMENT: ")
    expect_failure(add(context, "--input", "none.npy"), "pje_array_load_npy: NOT_FOUND: .*none.npy")
    expect_failure(add(context, "--input", "x.npy", "--expect", "none.npy"), "NOT_FOUND: .*none.npy")
    expect_failure(add(context, "--input", "x.npy", "--output", "none/y.npy"), "no folder none")


def check_unreadable_files(context):
    # Root reads everything unless it gives that capability up.
    prefix = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    for name in ("p.mlir", "x.npy"):
        (context.folder / name).write_bytes(npy_files.f32(1, 2, 3, 4))
        (context.folder / name).chmod(0)
    outcome = context.run("run", "--plugin", context.fake, "p.mlir", prefix=prefix)
    expect_failure(outcome, r"pje_program_from_file: PERMISSION_DENIED: .*p\.mlir")
    outcome = context.run("run", "--plugin", context.fake, ADD, "--input", "x.npy", prefix=prefix)
    expect_failure(outcome, r"pje_array_load_npy: PERMISSION_DENIED: .*x\.npy")


def check_plugin_files(context):
    (context.folder / "text.so").write_text("not a shared object\n")
    library = context.build / "libpjrt_easy.so"
    for plugin, text in (("./none.so", "NOT_FOUND: .*none.so"), ("./text.so", "INVALID_ARGUMENT: .*text.so"),
                         (library, "INVALID_ARGUMENT: .*GetPjrtApi"), (context.folder, "INVALID_ARGUMENT|NOT_FOUND")):
        expect_failure(context.run("run", "--plugin", plugin, ADD), f"pje_plugin_load: ({text})")
        expect_failure(context.run("info", "--plugin", plugin), f"pje_plugin_load: ({text})")


def check_plugin_search(context):
    outcome = context.run("info", "--plugin", "abacus", env={"PJE_PLUGIN_PATH": "/nowhere/plugins"})
    expect_failure(outcome, rf"NOT_FOUND: .*{context.build}/plugins/libpjrt_abacus\.so.*/nowhere/plugins/libpjrt_abacus\.so")
    folder = context.folder / "found"
    folder.mkdir()
    (folder / "libpjrt_abacus.so").symlink_to(context.fake)
    expect_success(context.run("info", "--plugin", "abacus", env={"PJE_PLUGIN_PATH": str(folder)}), "fake")


def check_wrong_inputs(context):
    (context.folder / "ints.npy").write_bytes(npy_files.s32(1, 2, 3, 4))
    (context.folder / "five.npy").write_bytes(npy_files.f32(1, 2, 3, 4, 5))
    (context.folder / "square.npy").write_bytes(npy_files.npy("<f4", (2, 2), npy_files.floats(1, 2, 3, 4)))
    (context.folder / "double.npy").write_bytes(npy_files.npy("<f8", (4,), struct.pack("<4d", 1, 2, 3, 4)))
    function = "pje_loaded_executable_execute: INVALID_ARGUMENT: "
    expect_failure(add(context), function)
    expect_failure(add(context, "--input", "x.npy", "--input", "x.npy"), function)
    for file, text in (("ints.npy", "s32"), ("double.npy", "f64"), ("five.npy", r"\[5\]"), ("square.npy", r"\[2,2\]")):
        expect_failure(add(context, "--input", file), f"{function}.*{text}")


def check_reinterpretation(context):
    bits = struct.pack("<4I", *struct.unpack("<4I", npy_files.floats(1, 2, 3, 4)))
    (context.folder / "bits.npy").write_bytes(npy_files.npy("<u4", (4,), bits))
    expect_success(add(context, "--input", "bits.npy:f32"), "2 3 4 5")
    expect_failure(add(context, "--input", "x.npy:f16"), "pje_array_reinterpret: INVALID_ARGUMENT: ")
    expect_failure(add(context, "--input", "x.npy:f33"), "'f33' is not an element type")


def check_counts(context):
    expect_failure(add(context, "--input", "x.npy", "--output", "a.npy", "--output", "b.npy"), "--output .*2 times.* 1 result")
    expect(not (context.folder / "a.npy").exists(), "a.npy was written")
    expect_failure(add(context, "--input", "x.npy", "--expect", "x.npy", "--expect", "x.npy"), "--expect .*2 times")
    expect_failure(add(context, "--input", "x.npy,x.npy"), "2 files for 1 device")
    expect_success(add(context, "--input", "x.npy", "--output", "-", "--expect", "-"), "2 3 4 5\n")
    expect(not (context.folder / "-").exists(), "a file named - was written")


def check_plugin_options(context):
    expect_failure(add(context, "--input", "x.npy", "--option", "colour=red"), "PJRT_Client_Create: .*colour")
    expect_success(add(context, "--input", "x.npy", "--option", "devices=2"))
    for option in ("devices=3", "devices:int=3", "config:string=devices=3"):
        outcome = context.run("info", "--plugin", context.fake, "--json", "--option", option)
        expect_success(outcome)
        expect(len(json.loads(outcome.stdout)["devices"]) == 3, f"{option}: {outcome.stdout}")


def check_info_text(context):
    expect_success(context.run("info", "--plugin", context.fake), r"(?s)PJRT version +0\.\d+\n.*device 0.*memory 0.*attribute")


def check_info_json(context):
    outcome = context.run("info", "--plugin", CPU, "--json")
    expect_success(outcome)
    info = json.loads(outcome.stdout)
    expect(info["api_version"] == "0.115" and info["platform"] == "cpu", outcome.stdout)
    expect([device["id"] for device in info["devices"]] == [0, 1, 2, 3], info["devices"])
    for key in ("id", "kind", "local_hardware_id", "process_index", "debug_string", "memories"):
        expect(all(key in device for device in info["devices"]), f"devices lack {key}")
    expect(len(info["memories"]) == 12 and all({"id", "kind", "devices"} <= set(m) for m in info["memories"]), info["memories"])
    expect(info["attributes"]["xla_version"] == 2 and info["attributes"]["stablehlo_current_version"] == [1, 20, 0],
           info["attributes"])
    expect({4: 80, 5: None, 6: None, 9: None, 19: None, 24: 56}.keys() == {e["type"] for e in info["extensions"]},
           info["extensions"])
    expect(all({"type", "name", "struct_size"} == set(e) for e in info["extensions"]), info["extensions"])


def check_info_functions(context, settings, number):
    # No client: a plugin that cannot make one can still be looked at.
    env = {"PJRT_FAKE": f"{settings};fail=PJRT_Client_Create:1:INTERNAL"}
    outcome = context.run("info", "--plugin", context.fake, "--functions", "--json", env=env)
    expect_success(outcome)
    functions = json.loads(outcome.stdout)["functions"]
    facts = json.loads((ROOT / "tests/abi/core.json").read_text())
    expect(set(functions) == {function["name"] for function in facts["functions"]}, sorted(functions))
    expect(sum(functions.values()) == number, f"{sum(functions.values())} functions of {settings}, expected {number}")
    text = context.run("info", "--plugin", context.fake, "--functions", env=env)
    expect_success(text)
    expect(text.stdout.count("yes PJRT_") == number, text.stdout)


def all_reduce(context, *arguments):
    words = ["run", "--plugin", CPU, "--replicas", "4", ALL_REDUCE / "program.mlir"]
    return context.run(*words, "--input", ",".join(str(ALL_REDUCE / f"in0.d{d}.npy") for d in range(4)), *arguments)


def check_several_devices(context):
    outcome = all_reduce(context, "--output", "sum.npy", "--output", "replica.npy")
    expect_failure(outcome, r"--output 1 \(replica\.npy\): devices 0 and 1 hold different results.*%d")
    expect(not (context.folder / "sum.npy").exists(), "sum.npy was written although the run failed")
    outcome = all_reduce(context, "--output", "sum.npy", "--output", "replica%d.npy", "--json", "--expect",
                         ALL_REDUCE / "out0.npy", "--expect", ALL_REDUCE / "out1.d%d.npy")
    expect_success(outcome)
    report = json.loads(outcome.stdout)
    expect(report["num_devices"] == 4 and len(report["outputs"]) == 8, report)
    expect([output["file"] for output in report["outputs"][4:]] == [f"replica{d}.npy" for d in range(4)], report)
    written = sorted(path.name for path in context.folder.glob("*.npy"))
    expect(written == ["replica0.npy", "replica1.npy", "replica2.npy", "replica3.npy", "sum.npy"], written)
    outcome = all_reduce(context, "--expect", "-", "--expect", ALL_REDUCE / "out1.d0.npy")
    expect_failure(outcome, "output 1 of device 1 .*; 2 more results differ", stdout="(?s).*")


def check_number_of_devices(context):
    (context.folder / "x.npy").write_bytes(npy_files.f32(1, 2, 3, 4))
    # More than the plugin makes unasked, on every plugin whose number of devices is a choice.
    for plugin in (CPU, PLUGINS / "cpu-81/libpjrt_cpu.so", context.fake):
        command = ["run", "--plugin", plugin, ADD, "--input", "x.npy", "--output", "y.npy", "--json", "--replicas"]
        outcome = context.run(*command, "6")
        expect_success(outcome)
        expect(json.loads(outcome.stdout)["num_devices"] == 6, outcome.stdout)
        expect_success(context.run(*command, "1", "--devices", "2"))
        expect(context.run(*command, "2", "--devices", "1").status == 1, "2 replicas ran on 1 device")
        outcome = context.run(*command, "6", "--option", "cpu_device_count=2")
        expect_failure(outcome, "2 devices .*6 are asked for.*cpu_device_count")


def check_fortran_order(context):
    folder = PROGRAMS / "matmul_f32"
    content = (folder / "in0.npy").read_bytes()
    values = struct.unpack("<512f", content[-2048:])
    columns = [values[row * 32 + column] for column in range(32) for row in range(16)]
    (context.folder / "a.npy").write_bytes(npy_files.npy("<f4", (16, 32), npy_files.floats(*columns), fortran=True))
    outcome = context.run("run", "--plugin", CPU, folder / "program.mlir", "--input", "a.npy", "--input", folder / "in1.npy",
                          "--expect", folder / "out0.npy", "--rtol", "1e-5", "--atol", "1e-5")
    expect_success(outcome, "as expected")


def check_donated_repeat(context):
    folder = PROGRAMS / "gpt_step_donated"
    inputs = [word for i in range(9) for word in ("--input", folder / f"in{i}.npy")]
    wanted = [word for i in range(3) for word in ("--expect", folder / f"out{i}.npy")]
    outcome = context.run("run", "--plugin", CPU, folder / "program.mlir", *inputs, *wanted, "--repeat", "3",
                          "--rtol", "1e-4", "--atol", "1e-4", "--json")
    expect_success(outcome)
    expect(len(json.loads(outcome.stdout)["run_ms"]) == 3, outcome.stdout)


def check_expect_small_types(context):
    """The decoders tell neighbours apart in every type, and agree with what JAX computed."""
    for folder in sorted(PROGRAMS.glob("dtype_*")):
        inputs = [word for path in sorted(folder.glob("in?.npy")) for word in ("--input", path)]
        files = sorted(folder.glob("out?.npy"))
        command = ["run", "--plugin", CPU, folder / "program.mlir", *inputs, "--rtol", "0", "--atol", "0"]
        expect_success(context.run(*command, *(word for path in files for word in ("--expect", path))), "as expected")
        content = bytearray(files[0].read_bytes())
        # The lowest bit of the last element; of a complex number, of its imaginary part.
        descr = content[content.index(b"'descr'"):].split(b"'")[3]
        size = 2 if descr[1:2] == b"c" else 1
        width = int(descr[2:]) // size
        content[-width] ^= 1
        (context.folder / "near.npy").write_bytes(content)
        others = [word for path in files[1:] for word in ("--expect", path)]
        outcome = context.run(*command, "--expect", "near.npy", *others)
        expect_failure(outcome, r"output 0 .* at \[5\]: got .*\(1 of 6 elements", stdout="(?s).*")


# Element type, its name in MLIR, the codes tried, in files of which type.
DECODED = [("f16", "f16", range(0, 65536, 257), "u2"), ("bf16", "bf16", range(0, 65536, 257), "u2"),
           *((name.lower(), name, range(256), "u1") for name in ("f8E5M2", "f8E4M3FN", "f8E4M3B11FNUZ", "f8E5M2FNUZ",
                                                                 "f8E4M3FNUZ", "f8E4M3", "f8E3M4", "f8E8M0FNU")),
           ("f6e2m3fn", "f6E2M3FN", range(64), "u1"), ("f6e3m2fn", "f6E3M2FN", range(64), "u1"),
           ("f4e2m1fn", "f4E2M1FN", range(16), "u1"), ("s4", "i4", range(16), "u1"), ("u4", "ui4", range(16), "u1"),
           ("s2", "i2", range(4), "u1"), ("u2", "ui2", range(4), "u1")]


def ml_dtypes_values(dtype, codes, stored):
    """What the codes mean, by NumPy and ml_dtypes."""
    import ml_dtypes
    import numpy
    codes = numpy.array(codes, stored)
    if dtype[0] in "su":
        low = codes.astype(numpy.int64)
        return low - ((low >> (int(dtype[1:]) - 1)) << int(dtype[1:])) if dtype[0] == "s" else low
    names = {"f16": numpy.float16, "bf16": ml_dtypes.bfloat16}
    kind = names.get(dtype) or getattr(ml_dtypes, f"float{dtype[1]}_{dtype[2:]}")
    return codes.view(kind).astype(numpy.float32)


def check_element_values(context, dtype, mlir, codes, stored):
    """An identity program shows its inputs, so the text of every code can be compared."""
    chunks = [codes[start:start + 4] for start in range(0, len(codes), 4)]
    names = [f"%arg{i}" for i in range(len(chunks))]
    kinds = [f"tensor<{len(chunk)}x{mlir}>" for chunk in chunks]
    parameters = ", ".join(f"{name}: {kind}" for name, kind in zip(names, kinds))
    (context.folder / "same.mlir").write_text(
        f"module {{ func.func @main({parameters}) -> ({', '.join(kinds)}) {{\n"
        f"  return {', '.join(names)} : {', '.join(kinds)}\n}} }}\n")
    words = ["run", "--plugin", context.fake, "same.mlir"]
    for i, chunk in enumerate(chunks):
        data = b"".join(code.to_bytes(int(stored[1]), "little") for code in chunk)
        (context.folder / f"x{i}.npy").write_bytes(npy_files.npy(f"<{stored}", (len(chunk),), data))
        words += ["--input", f"x{i}.npy:{dtype}"]
    outcome = context.run(*words)
    expect_success(outcome)
    texts = " ".join(re.findall(r"^output \d+: [^ ]+ (.*)$", outcome.stdout, re.M)).split()
    values = [float(value) for value in ml_dtypes_values(dtype, list(codes), stored)]
    expect(len(texts) == len(codes), f"{len(texts)} values for {len(codes)} codes")
    for code, text, value in zip(codes, texts, values):
        expect(repr(shown(text, dtype)) == repr(value), f"code {code} is shown as {text}, and is {value}")


def shown(text, dtype):
    import numpy
    return float(text) if dtype[0] in "su" else float(numpy.float32(text))


def check_stdout_full(context):
    with open("/dev/full", "w", encoding="utf-8") as full:
        expect_failure(add(context, "--input", "x.npy", stdout=full), "cannot write to stdout: No space left")


def check_terminal_is_clean(context):
    """On a terminal the spinner is gone when the command ends; script(1) makes the terminal."""
    (context.folder / "x.npy").write_bytes(npy_files.f32(1, 2, 3, 4))
    command = f"{context.command} run --plugin {context.fake} {ADD} --input x.npy 2>&1"
    environment = {**os.environ, "PJRT_FAKE": "delay=PJRT_Client_Compile:500ms", "TERM": "xterm"}
    done = subprocess.run(["script", "-qec", command, "/dev/null"], stdin=subprocess.DEVNULL, capture_output=True,
                          env=environment, cwd=context.folder, timeout=60)
    text = done.stdout.decode()
    expect(done.returncode == 0 and "compiling" in text and " s" in text, f"no spinner: {text!r}")
    expect("\r\x1b[K" in text.split("compiling")[-1], f"the spinner was left on the terminal: {text!r}")


FUNCTIONS_AT = {"minor=57": 101, "minor=81": 118, "minor=106": 136, "minor=112": 138, "minor=81;null=PJRT_Buffer_Delete": 117}


def tests():
    for name, arguments, text in USAGE:
        yield Test(f"usage/{name}", functools.partial(check_usage, arguments=arguments, text=text))
    for name, arguments, text in HELP:
        yield Test(f"help/{name}", functools.partial(check_help, arguments=arguments, text=text))
    for name, settings, text in BAD_PLUGINS:
        yield Test(f"plugin/{name}", functools.partial(check_bad_plugin, settings=settings, text=text))
    for name, content, text in npy_files.BAD_FILES:
        yield Test(f"npy/{name}", functools.partial(check_bad_npy, content=content, text=text))
    for settings, number in FUNCTIONS_AT.items():
        yield Test(f"info/functions_{settings}", functools.partial(check_info_functions, settings=settings, number=number))
    for dtype, mlir, codes, stored in DECODED:
        yield Test(f"element_values/{dtype}", functools.partial(check_element_values, dtype=dtype, mlir=mlir, codes=codes,
                                                                stored=stored))
    for name, check in globals().items():
        if name.startswith("check_") and check.__code__.co_argcount == 1:
            yield Test(f"command/{name.removeprefix('check_')}", check)
