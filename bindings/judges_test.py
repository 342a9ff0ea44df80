#!/usr/bin/python3
"""The judges of the bindings, shown to fail when they must. Prints TAP."""
import collections
import sys

import compare_scenarios
import exports
import scenarios as listed

DOCUMENT = {"plugins": {"fake": "", "cpu": ""}, "calls_not_compared": {"PJRT_Event_Await": "a wait"},
            "differences": [{"language": "go", "scenario": "add", "functions": ["PJRT_Buffer_Delete"], "why": "for this test"}]}
ROW = {"name": "add", "area": "", "what": "", "inputs": {"x": [1, 2.5], "flag": True, "other": "{other}"},
       "expect": {"y": [2, 3.5], "code": "OK", "n": 1, "ok": True}, "expect_on": {"cpu": {"n": 2}}}
SCENARIO = listed.Scenario(ROW, DOCUMENT)
GOOD = {"scenario": "add", "outcome": "ok", "y": [2, 3.5000000001], "code": "OK", "n": 1, "ok": True}


def wrong(judge, *arguments):
    """What a judge says, "" when it is content."""
    try:
        judge(*arguments)
    except compare_scenarios.Wrong as found:
        return str(found)
    return ""


def reply(changes, without=(), plugin="fake"):
    return wrong(compare_scenarios.judge_reply, SCENARIO, plugin, {k: v for k, v in {**GOOD, **changes}.items() if k not in without})


def calls(language, made, reference):
    return wrong(compare_scenarios.judge_calls, SCENARIO, language, collections.Counter(made), collections.Counter(reference), DOCUMENT)


class FakeColumn:
    language, raw, idiomatic, tested = "go", {"pje_a", "pje_b"}, {"pje_a"}, {"pje_a"}


def column(names, rows):
    return {what: found for what, found in exports.judge(FakeColumn, names, rows, True)}


A, DELETE, WAIT = ("PJRT_A", "ok"), ("PJRT_Buffer_Delete", "ok"), ("PJRT_Event_Await", "ok")
CASES = [
    ("a right reply", reply({}) == ""),
    ("a wrong number", "y is" in reply({"y": [2, 3.6]})),
    ("a short list", "y is" in reply({"y": [2]})),
    ("another code", "code is" in reply({"code": "INTERNAL"})),
    ("1 is not true", "ok is" in reply({"ok": 1})),
    ("true is not 1", "n is" in reply({"n": True})),
    ("a missing key", "n is missing" in reply({}, without=["n"])),
    ("a key too many", "z was not asked for" in reply({"z": 1})),
    ("a failed outcome", "failed: why" in reply({"outcome": "failed", "why": "why"})),
    ("the answer of another scenario", "answered for" in reply({"scenario": "subtract"})),
    ("what only one plugin gives", reply({"n": 2}, plugin="cpu") == "" and "n is" in reply({"n": 2})),
    ("the same calls", calls("zig", [A, A], [A, A]) == ""),
    ("a call too many", "PJRT_A ok 2 times, in C 1" in calls("zig", [A, A], [A])),
    ("a call too few", "PJRT_A ok 0 times, in C 1" in calls("zig", [], [A])),
    ("the same call with another outcome", "PJRT_A INTERNAL" in calls("zig", [("PJRT_A", "INTERNAL")], [A])),
    ("waits are not compared", calls("zig", [WAIT], []) == ""),
    ("a difference that is listed, for its language alone",
     calls("go", [DELETE], []) == "" and "PJRT_Buffer_Delete" in calls("zig", [DELETE], [])),
    ("a request", listed.request(SCENARIO, {"devices": 4}, {"other": "/p"}) == "add\tdevices=4\tx=1 2.5\tflag=true\tother=/p"),
    ("an export that nothing uses", column(["pje_a", "pje_b"], {})["every export is used or listed as deliberately raw"] == ["pje_b"]),
    ("an export that is listed", not column(["pje_a", "pje_b"], {"pje_b": "why"})["every export is used or listed as deliberately raw"]),
    ("an export that the raw layer lacks", column(["pje_a", "pje_c"], {"pje_c": "why"})["the raw layer has every export"] == ["pje_c"]),
    ("a listed export that is used", column(["pje_a"], {"pje_a": "why"})["raw_only.tsv is true"] == ["pje_a is used"]),
    ("a listed export that is none", "pje_z matches no export" in column(["pje_a"], {"pje_z": "why"})["raw_only.tsv is true"]),
]

if __name__ == "__main__":
    for number, (name, good) in enumerate(CASES, 1):
        print(f"{'ok' if good else 'not ok'} {number} - judges: {name}")
    print(f"1..{len(CASES)}")
    sys.exit(0 if all(good for _, good in CASES) else 1)
