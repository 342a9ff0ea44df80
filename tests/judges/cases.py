"""Cases of run.sh, as TAP: compare.py, summarize.py, tidy.py and table.py on input whose verdict is known."""
import contextlib
import importlib.util
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import ml_dtypes
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = []


def case(function):
    CASES.append(function)
    return function


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


compare = load(ROOT / "tests/compare.py")
tidy = load(ROOT / "scripts/tidy.py")
sys.path.insert(0, str(ROOT / "tests/coverage"))
coverage = load(ROOT / "tests/coverage/table.py")


def verdict(dtype, want, got, rtol=0.0, atol=0.0, dims=None):
    """Whether compare.py accepts `got` where `want` is expected."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shape = ",".join(map(str, dims if dims is not None else want.shape)) or "scalar"
        (folder / "meta.txt").write_text(
            f"name t\nreplicas 1\npartitions 1\nout 0 {dtype} {shape} want.npy rtol={rtol} atol={atol}\n")
        np.save(folder / "want.npy", want)
        if got is not None:
            np.save(folder / "got0.npy", got)
        return compare.compare(folder, str(folder / "got%o.npy"))["ok"]


@case
def compare_accepts_equal_and_within_tolerance():
    values = np.array([1.0, -2.0, 3.0], np.float32)
    assert verdict("f32", values, values)
    assert verdict("f32", values, values + np.float32(0.01), atol=0.02)
    assert verdict("f32", values, values * np.float32(1.01), rtol=0.02)
    assert verdict("s32", np.array(7, np.int32), np.array(7, np.int32))


@case
def compare_refuses_one_element_off():
    values = np.arange(1000, dtype=np.float32)
    wrong = values.copy()
    wrong[999] += 1
    assert not verdict("f32", values, wrong, rtol=1e-5, atol=1e-5)
    assert not verdict("u64", np.array([2**63], np.uint64), np.array([2**63 + 1], np.uint64))
    assert not verdict("pred", np.array([True]), np.array([False]))
    assert not verdict("c64", np.array([1 + 1j], np.complex64), np.array([1 - 1j], np.complex64), atol=1)


@case
def compare_refuses_nan_and_infinity():
    one = np.array([1.0], np.float64)
    assert not verdict("f64", one, np.array([np.nan]), rtol=1e9, atol=1e9)
    assert not verdict("f64", np.array([np.nan]), np.array([np.nan]))
    assert not verdict("f64", one, np.array([np.inf]), rtol=1, atol=1)
    assert not verdict("f64", np.array([np.inf]), np.array([-np.inf]), rtol=1, atol=1)
    assert not verdict("f64", np.array([np.inf]), one, rtol=1, atol=1)
    assert verdict("f64", np.array([np.inf]), np.array([np.inf]))


@case
def compare_refuses_other_shapes_types_and_absence():
    values = np.zeros((2, 3), np.float32)
    assert not verdict("f32", values, values.reshape(3, 2))
    assert not verdict("f32", values, values.reshape(6))
    assert not verdict("f32", values, values.astype(np.float64))
    assert not verdict("f32", values, values.view(np.int32))
    assert not verdict("f32", values, None)


@case
def compare_decodes_small_floats_by_value():
    for dtype, kind in compare.BITS_OF_FLOAT.items():
        bits = np.uint16 if dtype == "bf16" else np.uint8
        one, two = (np.array([value], kind).view(bits) for value in (1, 2))
        assert verdict(dtype, one, one), dtype
        assert not verdict(dtype, one, two, atol=0.5), dtype
        assert verdict(dtype, one, two, atol=1), dtype


@case
def compare_decodes_sub_byte_integers_with_their_sign():
    minus_one_packed, minus_one_extended = np.array([0x0F], np.uint8), np.array([0xFF], np.uint8)
    assert verdict("s4", minus_one_packed, minus_one_extended)
    assert not verdict("s4", minus_one_packed, np.array([1], np.uint8), atol=1)
    assert verdict("s4", minus_one_packed, np.array([1], np.uint8), atol=2)
    assert not verdict("u4", minus_one_packed, np.array([1], np.uint8), atol=2)
    four = np.array([1.5], ml_dtypes.float4_e2m1fn).view(np.uint8)
    assert verdict("f4e2m1fn", four, four)


def summarize(kind, program, skips=""):
    """(exit status, closing line, recorded rows) of summarize.py in a tree of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "scripts").mkdir()
        (folder / "tests").mkdir()
        (folder / "scripts/summarize.py").write_text((ROOT / "scripts/summarize.py").read_text())
        (folder / "tests/skips.txt").write_text(skips)
        (folder / "program").write_text(program)
        (folder / "program").chmod(0o755)
        environment = {key: value for key, value in os.environ.items() if key not in ("BUILD", "PJE_RESULTS")}
        done = subprocess.run([sys.executable, folder / "scripts/summarize.py", "--timeout", "5", "s", kind,
                               str(folder / "program")], capture_output=True, text=True, env=environment)
        rows = (folder / "build/results.tsv").read_text().splitlines()
        return done.returncode, done.stdout.splitlines()[-1], rows


@case
def summarize_counts_and_records():
    status, closing, rows = summarize("tap", "#!/bin/sh\necho 'ok 1 - a'\necho 'ok 2 - b'\necho 1..2\n")
    assert (status, closing) == (0, "2 passed, 0 failed, 0 skipped"), (status, closing)
    assert [row.split("\t")[:3] for row in rows] == [["s", "a", "pass"], ["s", "b", "pass"]], rows


@case
def summarize_fails_what_fails_crashes_hangs_or_is_silent():
    for program in ("echo 'ok 1 - a'; echo 'not ok 2 - b'", "echo 'ok 1 - a'; kill -SEGV $$", "true", "exit 3",
                    "echo 'ok 1 - a'; echo 1..2", "echo 'ok 1 - a'; exec sleep 60"):
        status, closing, _ = summarize("tap", f"#!/bin/sh\n{program}\n")
        assert status == 1 and ", 1 failed, " in closing, (program, status, closing)
    for kind in ("gtest", "cmocka"):
        status, closing, _ = summarize(kind, "#!/bin/sh\nexit 0\n")
        assert (status, closing) == (1, "0 passed, 1 failed, 0 skipped"), (kind, closing)


@case
def summarize_holds_skips_to_their_list():
    program = "#!/bin/sh\necho 'ok 1 - a'\necho 'ok 2 - b # SKIP no such device'\n"
    assert summarize("tap", program)[0] == 1
    assert summarize("tap", program, "b\n")[0] == 1
    assert summarize("tap", program, "b\tno such device\n")[:2] == (0, "1 passed, 0 failed, 1 skipped")
    assert summarize("tap", program, "s:b\tno such device\n")[:2] == (0, "1 passed, 0 failed, 1 skipped")
    assert summarize("tap", program, "a\treason\nb\treason\n")[:2] == (1, "0 passed, 1 failed, 1 skipped")


@case
def summarize_reads_gtest_and_cmocka():
    gtest = """#!/bin/sh
for a; do case $a in --gtest_output=json:*) f=${a#*json:};; esac; done
cat >"$f" <<'END'
{"testsuites": [{"name": "S", "testsuite": [
 {"name": "good", "status": "RUN", "result": "COMPLETED", "time": "0.5s"},
 {"name": "off", "status": "NOTRUN", "result": "SUPPRESSED", "time": "0s"},
 {"name": "bad", "status": "RUN", "result": "COMPLETED", "time": "0s", "failures": [{"failure": "x"}]}]}]}
END
exit 1
"""
    assert summarize("gtest", gtest)[:2] == (1, "1 passed, 1 failed, 0 skipped")
    cmocka = """#!/bin/sh
for g in one two; do cat >>"$CMOCKA_XML_FILE" <<END
<?xml version="1.0" encoding="UTF-8" ?>
<testsuites><testsuite name="$g"><testcase name="good" time="0.1"></testcase>
<testcase name="bad" time="0.1"><failure><![CDATA[x != y]]></failure></testcase></testsuite></testsuites>
END
done
exit 2
"""
    assert summarize("cmocka", cmocka)[:2] == (1, "2 passed, 2 failed, 0 skipped")


@case
def tidy_measures_functions():
    body = "  a();\n" * 80
    for head in ("int f(int a) {\n", "S::S(int a)\n    : a_(a), b_{1} {\n", "auto f() -> int {\n", "void C::f() const noexcept {\n",
                 "namespace n {\nstruct S {\n  void f() {\n", 'extern "C" {\nint f(void) {\n'):
        text = head + body + "}\n" * head.count("{\n")
        assert [length for _, length in tidy.function_lengths(text) if length > tidy.MAX_FUNCTION_LINES], head
    for head in ("namespace n {\n", "struct S {\n", "enum class E : int {\n", "const int table[] = {\n"):
        assert not list(tidy.function_lengths(head + body + "}\n")), head


def findings_on(rule, name, text):
    """What a rule says about a tree that holds one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        root, tracked, tidy.ROOT = tidy.ROOT, tidy.tracked, pathlib.Path(folder)
        tidy.tracked = lambda *folders: [name] if not folders or any(name.startswith(f + "/") for f in folders) else []
        try:
            return tidy.RULES[rule]()
        finally:
            tidy.ROOT, tidy.tracked = root, tracked


@case
def tidy_rules_find_what_they_forbid():
    forbidden = [
        ("layers", "src/base/a.cc", '#include "core/b.hpp"\n'), ("layers", "src/core/a.cc", '#include "capi/b.hpp"\n'),
        ("layers", "src/io/a.cc", "#include <google/protobuf/message.h>\n"), ("layers", "src/cli/a.cc", '#include "core/b.hpp"\n'),
        ("layers", "src/core/a.hpp", '#include "pjrt_easy/client.h"\n'), ("layers", "src/core/a.cc", '#include "b.hpp"\n'),
        ("banned", "src/core/a.cc", "x = api->PJRT_Error_Code(&args);\n"), ("banned", "src/base/a.cc", 'char *p = getenv("X");\n'),
        ("words", "src/base/a.cc", "// TO" + "DO: later\n"), ("words", "docs/a.md", "see /ro" + "ot/x\n"),
        ("format", "src/base/a.cc", "int   a ;\n"), ("lengths", "src/base/a.cc", "int a;\n" * 501),
        ("lengths", "src/base/a.cc", "void f() {\n" + "  a();\n" * 80 + "}\n"),
    ]
    for rule, name, text in forbidden:
        assert findings_on(rule, name, text), (rule, name, text[:60])
    allowed = [
        ("layers", "src/core/a.cc", '#include "base/b.hpp"\n#include <vector>\n#include "pjrt_easy/types.h"\n'),
        ("layers", "src/capi/a.cc", '#include "io/b.hpp"\n#include "pjrt_easy.h"\n'),
        ("banned", "src/base/a.cc", 'char *p = secure_getenv("X"); // not getenv("X")\n'),
        ("banned", "src/abi/call.hpp", "api->PJRT_Error_Code(&args);\n"), ("format", "src/base/a.cc", "int a;\n"),
    ]
    for rule, name, text in allowed:
        assert not findings_on(rule, name, text), (rule, name, findings_on(rule, name, text))


@case
def coverage_refuses_what_the_document_only_claims():
    row = ["PJRT_X", "0.90", "`pje_x`, `pje_y`", "pje_x__ok_one", "ran", "", ""]
    claim = coverage.Claim([cell.strip(" `") for cell in row])
    exports, ran = {"pje_x", "pje_y", "pje_z"}, {"cpu-115", "cpu-81"}
    assert coverage.untrue_claim(claim, exports, "pje_x__ok_one", ran) is None
    assert "no row" in coverage.untrue_claim(None, exports, "pje_x__ok_one", ran)
    assert "pje_y" in coverage.untrue_claim(claim, {"pje_x"}, "pje_x__ok_one", ran)
    assert "pje_x__ok_one" in coverage.untrue_claim(claim, exports, None, ran)
    assert "cpu-115" in coverage.untrue_claim(claim, exports, "pje_x__ok_one", {"cpu-81"})


@case
def coverage_refuses_rows_that_nothing_reaches_and_reasons_for_what_is_reached():
    judge = coverage.Judge({"listed": "why", "reached": "why", "gone": "why"})
    with contextlib.redirect_stdout(io.StringIO()) as said:
        judge.row("plain", True, "")
        judge.row("listed", False, "")
        judge.row("bare", False, "no call")
        judge.row("reached", True, "")
        judge.finish()
    assert judge.passed == 2 and judge.failed == 3
    assert "bare: no call" in said.getvalue() and "no row gone" in said.getvalue()


@case
def traps_table_wants_each_test_on_each_plugin():
    table = "data\ta trap\tcpu-1 cpu-2\treal:a capi:b process:F/PLUGIN_x\n"
    ran = [("real", "cpu_1.a"), ("real", "cpu_2.a"), ("capi", "group.b"), ("process", "F/cpu_1_x"),
           ("process", "F/cpu_2_x")]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def passes(rows, results):
            (folder / "traps.tsv").write_text(rows)
            (folder / "results.tsv").write_text("".join("\t".join(result) + "\t0.1\n" for result in results))
            command = [ROOT / "tests/traps_table.py", folder / "traps.tsv", folder / "results.tsv"]
            return subprocess.run(command, capture_output=True, check=False).returncode == 0

        good = [(*test, "pass") for test in ran]
        assert passes(table, good)
        for i in range(len(ran)):
            assert not passes(table, good[:i] + good[i + 1:]), ran[i]
            assert not passes(table, good + [(*ran[i], "fail")]), ran[i]
        assert not passes("", good)
        assert not passes(table.replace("cpu-2", "cpu_2"), good)
        unguarded = "open\ta trap\t-\tnothing outside of the plugin can see it\n"
        assert passes(table + unguarded, good)
        assert not passes(unguarded, good)
        assert not passes(table + "open\ta trap\t-\tnone\n", good)
        assert not passes(table.replace("real:a ", "").replace(" process:F/PLUGIN_x", ""), good)


def main():
    for number, function in enumerate(CASES, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            print(f"not ok {number} - {function.__name__} # {type(error).__name__}: {str(error)[:300]}", flush=True)
    print(f"1..{len(CASES)}")


main()
