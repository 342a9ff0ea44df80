"""Cases of run.sh, as TAP: one for each check of the judge, and one for each of ours about the judge.

usage: cases.py BUILD

not_run.tsv lists the checks that the judge does not run, each with its reason; a listed check that it runs is a
failure. The judge's exit status is left out of account: it is 0 for a plugin that has no functions.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

NOT_RUN = pathlib.Path(__file__).resolve().parent / "not_run.tsv"
CHECKS = 63
OLDER = "abi.unknown_slot_is_clean_error"


def judged(plugin, controls):
    """({check: (result, detail)}, exit status, what was printed)"""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        done = subprocess.run([sys.executable, "-m", "pypjrt.conform", plugin, "--json", report], text=True, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PJRT_FAKE": controls})
        checks = json.loads(report.read_text())["checks"] if report.exists() else []
    return {check["id"]: (check["result"], check["detail"]) for check in checks}, done.returncode, done.stdout


def expected_results():
    rows = [line.split("\t") for line in NOT_RUN.read_text().splitlines() if not line.startswith("#")]
    return {check: result for check, result, _ in rows}


def wrong_checks(results, expected):
    """{check: what is wrong with it, or None}"""
    wrong = {}
    for check in sorted(set(results) | set(expected)):
        result, detail = results.get(check, ("not there", ""))
        want = expected.get(check, "pass")
        wrong[check] = None if result == want else f"{result}, expected {want}: {detail}"
    return wrong


def main(build):
    plugin = build / "libpjrt_fake.so"
    expected = expected_results()
    number = 0

    def case(name, problem):
        nonlocal number
        number += 1
        print(f"ok {number} - {name}" if problem is None else f"not ok {number} - {name} # {problem}".replace("\n", " "))

    newest, _, output = judged(plugin, "")
    for check, problem in wrong_checks(newest, expected).items():
        case(check, problem)
    case("the judge has all its checks", None if len(newest) == CHECKS else f"{len(newest)} of {CHECKS}: {output[-400:]}")

    older, _, output = judged(plugin, "minor=106")
    problems = wrong_checks(older, {check: want for check, want in expected.items() if check != OLDER})
    case("an older plugin", next((f"{check}: {problem}" for check, problem in problems.items() if problem), None)
         if len(older) == CHECKS else f"{len(older)} checks: {output[-400:]}")

    nothing, status, _ = judged(plugin, "cut=PJRT_Plugin_Initialize")
    refused = sum(problem is not None for problem in wrong_checks(nothing, expected).values())
    case("a plugin without functions is refused here, though not by the judge",
         None if status == 0 and refused > CHECKS // 2 else f"exit {status}, {refused} checks are wrong")
    print(f"1..{number}")


main(pathlib.Path(sys.argv[1]))
