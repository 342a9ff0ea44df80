"""Every program of tests/programs, in every form, on every real plugin, through the command."""
import functools
import re
import sys

from harness import PLUGINS, PROGRAMS, ROOT, Failure, Test, describe, expect_failure, expect_success

FORMS = {"text": "program.mlir", "bytecode": "program.mlirbc", "hlo": "program.hlo.pb"}
PLUGIN_NAMES = ("cpu-115", "cpu-106", "cpu-81")
# These take seconds to compile: one form on each plugin, every form on the default one.
BIG = {"gpt2_small": "text", "resnet50": "bytecode"}
COMPILE_ERROR_LIMIT = 60


@functools.cache
def compare_module():
    sys.path.insert(0, str(ROOT / "tests"))
    import compare
    return compare


def read_unsupported():
    rows = {}
    for line in (ROOT / "tests/real/unsupported.tsv").read_text().splitlines():
        # Rows that begin with test: belong to tests/real/real_tests.
        if line and not line.startswith(("#", "test:")):
            program, form, plugin, reason = line.split("\t")
            rows[program, form, plugin] = reason
    return rows


def is_unsupported(rows, program, form, plugin):
    return any((program, some_form, some_plugin) in rows for some_form in (form, "*") for some_plugin in (plugin, "*"))


def per_device(name, devices):
    """A spec of the command for a file name of meta.txt, where %d stands for each device."""
    return ",".join(str(name).replace("%d", str(d)) for d in range(devices)) if "%d" in str(name) else str(name)


def run_arguments(meta, folder, program_file, plugin, out_pattern):
    devices = int(meta["replicas"]) * int(meta["partitions"])
    words = ["run", "--plugin", PLUGINS / plugin / "libpjrt_cpu.so", "--replicas", meta["replicas"],
             "--partitions", meta["partitions"]]
    words += [f"--{flag}" for flag in ("spmd", "shardy") if meta[flag] == "1"]
    for entry in meta["in"]:
        words += ["--input", per_device(folder / entry["file"], devices)]
    for index, _ in enumerate(meta["out"]):
        words += ["--output", str(out_pattern).replace("%o", str(index))]
    return [*words, program_file]


def check_supported(context, folder, form, plugin):
    meta = compare_module().read_meta(folder)
    devices = int(meta["replicas"]) * int(meta["partitions"])
    pattern = str(context.folder / ("out%o.d%d.npy" if devices > 1 else "out%o.npy"))
    expect_success(context.run(*run_arguments(meta, folder, folder / FORMS[form], plugin, pattern)))
    if not meta["out"]:
        return
    verdict = compare_module().compare(folder, pattern)
    if not verdict["ok"]:
        raise Failure("; ".join(f"output {row['output']} device {row['device']}: {row['error']}"
                                for row in verdict["outputs"] if row["error"]))


def check_unsupported(context, folder, form, plugin):
    meta = compare_module().read_meta(folder)
    outcome = context.run(*run_arguments(meta, folder, folder / FORMS[form], plugin, context.folder / "out%o.npy"))
    if outcome.status == 0:
        raise Failure("passes although tests/real/unsupported.tsv lists it; delete that row")
    expect_failure(outcome)


def check_compile_error(context, folder, meta, plugin):
    outcome = context.run("run", "--plugin", PLUGINS / plugin / "libpjrt_cpu.so", folder / meta["file"],
                          limit=COMPILE_ERROR_LIMIT)
    expect_failure(outcome)
    # What the library itself refuses never reaches the plugin, whose code meta.txt gives.
    refused = re.match(r"pjrt-easy: pje_program_from_file: INVALID_ARGUMENT: ", outcome.stderr)
    answered = re.match(rf"pjrt-easy: PJRT_Client_Compile: {meta['want_error']}: ", outcome.stderr)
    if not refused and not answered:
        raise Failure(f"expected {meta['want_error']} of PJRT_Client_Compile: {describe(outcome)}")


def tests(run_everything):
    unsupported = read_unsupported()
    used = set()
    for folder in sorted(path.parent for path in PROGRAMS.glob("*/meta.txt")):
        meta = compare_module().read_meta(folder)
        for plugin in PLUGIN_NAMES:
            if meta["kind"] == "compile_error":
                yield Test(f"programs/{folder.name}/{plugin}",
                           functools.partial(check_compile_error, folder=folder, meta=meta, plugin=plugin))
                continue
            for form, file in FORMS.items():
                is_extra = folder.name in BIG and plugin != "cpu-115" and form != BIG[folder.name]
                if not (folder / file).exists() or (is_extra and not run_everything):
                    continue
                check = check_unsupported if is_unsupported(unsupported, folder.name, form, plugin) else check_supported
                used.add((folder.name, form, plugin))
                yield Test(f"programs/{folder.name}/{form}/{plugin}",
                           functools.partial(check, folder=folder, form=form, plugin=plugin))
    stale = [row for row in unsupported if not any(all(w in ("*", g) for w, g in zip(row, got)) for got in used)]
    yield Test("programs/unsupported_rows_name_programs", functools.partial(check_no_stale_rows, stale=stale))


def check_no_stale_rows(_context, stale):
    if stale:
        raise Failure(f"tests/real/unsupported.tsv has rows for nothing: {stale}")
