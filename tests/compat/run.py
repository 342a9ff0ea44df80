#!/usr/bin/python3
"""The fake plugin at many minors, and without each of its functions.

usage: run.py [--update] [--minors N,N-M,…] BUILD TEST_PROGRAM...

At each minor the tests of the C API run as they are; those that need something newer are rows of expected.tsv
(`test<TAB>minor that added it<TAB>what`): such a test must fail below that minor, saying UNIMPLEMENTED or, where it looks at
what is there, with another text that the row gives; any other failure, and a row that does not come true, counts as
failed. Then a smoke test runs with every function NULL, with the table cut there, and with exact struct sizes: it ends
well, and what is missing is UNIMPLEMENTED naming that function. The last line is `N passed, M failed, K skipped`.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPECTED = pathlib.Path(__file__).with_name("expected.tsv")
SECONDS = 300
NEWEST = 116


def read_expected():
    rows = {}
    for line in EXPECTED.read_text().splitlines():
        if line and not line.startswith("#"):
            test, since, what = line.split("\t")
            rows[test] = (int(since), what)
    return rows


def functions():
    text = (ROOT / "src/abi/functions.def").read_text()
    return [("PJRT_" + name, int(since)) for name, since in re.findall(r"^PJE_FUNCTION\((\w+), (\d+)", text, re.M)]


def parse_minors(text):
    minors = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        minors += range(int(low), int(high or low) + 1)
    return minors


def run_suite(program, minor):
    """{test: failure text or None} of one program at one minor."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        environment = {**os.environ, "PJE_TEST_CONTROLS": f"minor={minor}", "CMOCKA_MESSAGE_OUTPUT": "xml",
                       "CMOCKA_XML_FILE": str(report)}
        try:
            done = subprocess.run([str(program)], env=environment, cwd=folder, capture_output=True, text=True,
                                  errors="replace", timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return {program.name: f"no end after {SECONDS} s"}
        results = {}
        if report.exists():
            text = re.sub(r"<\?xml[^>]*\?>", "", report.read_text(errors="replace"))
            for case in ElementTree.fromstring(f"<all>{text}</all>").iter("testcase"):
                failure = case.find("failure")
                results[case.get("name")] = None if failure is None else (failure.text or "") + done.stdout + done.stderr
        # A test that failed may leave objects behind, which end the process at its exit.
        if not results or (done.returncode < 0 and not any(results.values())):
            results[program.name] = f"exit {done.returncode}: {done.stderr[-300:]}"
        return results


def judge_minor(minor, results, expected, update):
    """(passed, [problem])"""
    passed, problems = 0, []
    for test, failure in sorted(results.items()):
        since, what = expected.get(test, (0, ""))
        lacking = minor < since
        if failure is None and lacking:
            problems.append(f"{test} passed, though expected.tsv says that {what} is newer")
        elif failure is not None and not lacking:
            newer = [int(number) for number in re.findall(r"added in 0\.(\d+)", failure) if int(number) > minor]
            if update and newer:
                expected[test] = (max(newer + [since]), "function or dtype")
            problems.append(f"{test}: {' '.join(failure.split())[:300]}")
        else:
            passed += 1
    return passed, problems


def run_smoke(build, controls):
    environment = {**os.environ, "PJRT_FAKE": controls + ";leaks=abort" * ("null=" not in controls and "cut=" not in controls)}
    try:
        done = subprocess.run([str(build / "compat_smoke"), str(build / "libpjrt_fake.so")], env=environment,
                              capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return ["no end after 60 s"]
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines or lines.pop() != "done":
        return [f"exit {done.returncode}: {' '.join((done.stdout + done.stderr).split())[-300:]}"]
    return lines


def smoke_cases():
    """(name, controls, functions that may be missing)"""
    slots = functions()
    for i, (name, _) in enumerate(slots):
        yield f"null={name}", f"null={name}", {name}
        yield f"cut={name}", f"cut={name}", {slot for slot, _ in slots[i:]}
    for minor in range(57, NEWEST + 2):
        newer = {name for name, since in slots if since > minor}
        for sizes in ("atleast", "exact"):
            yield f"minor={minor} sizes={sizes}", f"minor={minor};sizes={sizes}", newer


def judge_smoke(build, case):
    name, controls, missing = case
    for line in run_smoke(build, controls):
        words = line.split(" ", 2)
        if words[0] != "UNIMPLEMENTED" or not any(re.search(rf"\b{function}\b", line) for function in missing):
            return f"smoke {name}: {line}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--minors", default="57,60,81,97,106,115,116,117")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("programs", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    options.build = options.build.resolve()
    programs = [program.resolve() for program in options.programs]
    expected = read_expected()
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for minor in parse_minors(options.minors):
            results = {}
            for part in pool.map(lambda program: run_suite(program, minor), programs):
                results.update(part)
            good, problems = judge_minor(minor, results, expected, options.update)
            passed, failed = passed + good, failed + len(problems)
            for problem in problems:
                print(f"FAIL 0.{minor} {problem}")
            print(f"0.{minor}: {good} as expected, {len(problems)} not", flush=True)
        cases = list(smoke_cases())
        problems = [problem for problem in pool.map(lambda case: judge_smoke(options.build, case), cases) if problem]
    for problem in problems:
        print(f"FAIL {problem}")
    print(f"smoke: {len(cases) - len(problems)} of {len(cases)}")
    passed, failed = passed + len(cases) - len(problems), failed + len(problems)
    if options.update:
        EXPECTED.write_text("# test\tminor that added what it needs\twhat that is\n" +
                            "".join(f"{test}\t{since}\t{what}\n" for test, (since, what) in sorted(expected.items())))
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


sys.exit(main())
