#!/usr/bin/python3
"""Runs test programs and puts what they report into one closing line and build/results.tsv.

usage: summarize.py [--timeout SECONDS] SUITE gtest|cmocka|tap COMMAND...

Each COMMAND is one program with its arguments, as one word. A program that crashes, hangs or reports nothing
counts as one failed test named after it. Skips must be rows of tests/skips.txt (`test<TAB>reason`, or
`suite:test<TAB>reason`): a skip without a row fails, and so does a test with a row that ran.
Output of programs is shown only when something failed; the last line is `N passed, M failed, K skipped`.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
RESULTS = pathlib.Path(os.environ.get("PJE_RESULTS", BUILD / "results.tsv"))
SKIPS = ROOT / "tests/skips.txt"
PASS, FAIL, SKIP = "pass", "fail", "skip"


class Record:
    def __init__(self, name, result, seconds=0.0, detail=""):
        self.name, self.result, self.seconds, self.detail = name, result, seconds, detail


def read_gtest(path, _output):
    records = []
    for suite in json.loads(path.read_text())["testsuites"]:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            seconds = float(case.get("time", "0s").rstrip("s"))
            if case.get("failures"):
                records.append(Record(name, FAIL, seconds, case["failures"][0]["failure"]))
            elif case.get("result") == "SKIPPED":
                records.append(Record(name, SKIP, seconds))
            elif case.get("status") == "RUN":
                records.append(Record(name, PASS, seconds))
    return records


def read_cmocka(path, _output):
    records = []
    # cmocka writes one document per group into the same file.
    text = re.sub(r"<\?xml[^>]*\?>", "", path.read_text(errors="replace"))
    for suite in ElementTree.fromstring(f"<all>{text}</all>").iter("testsuite"):
        for case in suite.iter("testcase"):
            failed = case.find("failure")
            failed = case.find("error") if failed is None else failed
            result = FAIL if failed is not None else SKIP if case.find("skipped") is not None else PASS
            detail = "" if failed is None else (failed.text or "").strip()
            records.append(Record(f"{suite.get('name')}.{case.get('name')}", result, float(case.get("time", 0)), detail))
    return records


def read_tap(_path, output):
    records = []
    planned = None
    for line in output.splitlines():
        plan = re.match(r"1\.\.(\d+)", line)
        if plan:
            planned = int(plan[1])
        match = re.match(r"(not )?ok\b(?:\s+\d+)?(?:\s*-)?\s*([^#]*?)\s*(?:#\s*(.*))?$", line)
        if not match:
            continue
        note = match[3] or ""
        seconds = re.match(r"([\d.]+) s$", note)
        result = FAIL if match[1] else SKIP if note.upper().startswith("SKIP") else PASS
        records.append(Record(match[2], result, float(seconds[1]) if seconds else 0.0, note if match[1] else ""))
    if planned is not None and planned != len(records):
        records.append(Record("plan", FAIL, 0, f"planned {planned} tests, reported {len(records)}"))
    return records


READERS = {"gtest": read_gtest, "cmocka": read_cmocka, "tap": read_tap}


def execute(command, kind, report, timeout):
    environment = dict(os.environ)
    arguments = shlex.split(command)
    if kind == "gtest":
        arguments.append(f"--gtest_output=json:{report}")
    if kind == "cmocka":
        environment.update(CMOCKA_MESSAGE_OUTPUT="xml", CMOCKA_XML_FILE=str(report))
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            process = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, env=environment,
                                       start_new_session=True)
        except OSError as error:
            return None, str(error)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = f"no end after {timeout} s"
        output.seek(0)
        return status, output.read()


def describe(status):
    if isinstance(status, int) and status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return status if isinstance(status, str) else f"exit {status}"


def run_program(command, kind, timeout):
    """The records of one program, and its output."""
    name = pathlib.Path(shlex.split(command)[0]).name
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report"
        started = time.monotonic()
        status, output = execute(command, kind, report, timeout)
        seconds = time.monotonic() - started
        if status is None:
            return [Record(name, FAIL, 0, f"cannot be started: {output}")], ""
        try:
            records = READERS[kind](report, output)
        except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
            records = []
            output += f"\n(no readable report: {error})"
    if not records:
        records = [Record(name, FAIL, seconds, f"reported no test; {describe(status)}")]
    elif status != 0 and not any(record.result == FAIL for record in records):
        records.append(Record(name, FAIL, seconds, f"every test passed, but {describe(status)}"))
    return records, output


def read_skips():
    rows = {}
    if SKIPS.exists():
        for line in SKIPS.read_text().splitlines():
            if line and not line.startswith("#"):
                name, _, reason = line.partition("\t")
                rows[name] = reason.strip()
    return rows


def judge_skips(suite, records):
    rows = read_skips()
    for record in records:
        reason = rows.get(f"{suite}:{record.name}", rows.get(record.name))
        if record.result == SKIP and not reason:
            record.result, record.detail = FAIL, "skipped without a row and a reason in tests/skips.txt"
        elif record.result == SKIP:
            print(f"skip {record.name}: {reason}")
        elif record.result == PASS and reason is not None:
            record.result, record.detail = FAIL, "ran although tests/skips.txt lists it; delete that row"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("suite")
    parser.add_argument("kind", choices=READERS)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()

    every = []
    for command in arguments.command:
        records, output = run_program(command, arguments.kind, arguments.timeout)
        judge_skips(arguments.suite, records)
        every += records
        failed = [record for record in records if record.result == FAIL]
        if failed:
            print(f"---- output of {command}")
            print(output.rstrip())
            print("----")
        for record in failed:
            print(f"FAIL {record.name}: {record.detail}")

    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("a") as file:
        for record in every:
            file.write(f"{arguments.suite}\t{record.name}\t{record.result}\t{record.seconds:.3f}\n")
    count = {result: sum(record.result == result for record in every) for result in (PASS, FAIL, SKIP)}
    print(f"{count[PASS]} passed, {count[FAIL]} failed, {count[SKIP]} skipped")
    return 0 if count[PASS] and not count[FAIL] else 1


sys.exit(main())
