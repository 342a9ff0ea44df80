#!/usr/bin/python3
"""Runs the scenarios in every language that is there, on every plugin, and judges all of them against scenarios.json.

A language is there when it has `bindings/LANGUAGE/scenarios.sh`:
    scenarios.sh build            builds its program against the installed library (environment: see below)
    scenarios.sh run PLUGIN       answers requests, one a line, with one line of JSON each (see scenarios.md)
Both get PKG_CONFIG_PATH, PJRT_EASY_LIB and LD_LIBRARY_PATH for the installed library, and BUILD.

usage: compare_scenarios.py [--language L]... [--plugin P]... [--scenario S]... [--write-list] [--request S]
Prints TAP, and writes the table to build/bindings/table.md. On the fake plugin C is the measure of the calls made.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import re
import select
import subprocess
import sys
import time

import scenarios as listed

LANGUAGES = ["c", "go", "julia", "zig"]
SECONDS_OF_A_REPLY = 120
SECONDS_UNTIL_FREED = 20


class Wrong(Exception):
    pass


class Program:
    """One language's program on one plugin, under one set of controls."""

    def __init__(self, language, plugin, path, controls, environment):
        self.log = listed.WORK / "logs" / f"{language}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_text("")
        self.errors = open(listed.WORK / "logs" / f"{language}.stderr", "w+", errors="replace")
        environment = dict(environment, PJRT_FAKE=f"{controls};log={self.log}", TF_CPP_MIN_LOG_LEVEL="1",
                           PJE_EXPORT_COUNTS=str(listed.WORK / "counts" / language))
        self.fake = plugin == "fake"
        self.read = 0
        self.pending = b""
        script = listed.HERE / language / "scenarios.sh"
        self.process = subprocess.Popen([script, "run", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, env=environment)

    def reply(self, request):
        try:
            self.process.stdin.write(request.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Wrong("ended before its next scenario: " + self.last_words()) from None
        deadline = time.monotonic() + SECONDS_OF_A_REPLY
        while b"\n" not in self.pending:
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise Wrong(f"no reply after {SECONDS_OF_A_REPLY} s")
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                raise Wrong("ended without a reply: " + self.last_words())
            self.pending += part
        line, _, self.pending = self.pending.partition(b"\n")
        try:
            return json.loads(line)
        except ValueError:
            raise Wrong(f"not JSON: {line.decode(errors='replace')[:200]}") from None

    def calls(self):
        """The calls since the last time, once everything has been given back."""
        deadline = time.monotonic() + SECONDS_UNTIL_FREED
        while True:
            lines = self.log.read_text(errors="replace")[self.read:].splitlines()
            made = sum(line.startswith("PJRT_Client_Create ok") for line in lines)
            gone = sum(line.startswith("PJRT_Client_Destroy ok") for line in lines)
            live = [line for line in lines if line.startswith("LIVE ")]
            if made == gone:
                break
            if time.monotonic() > deadline:
                raise Wrong(f"{made} clients made, {gone} destroyed {SECONDS_UNTIL_FREED} s later")
            time.sleep(0.002)
        if live and re.search(r"=[^0]", live[-1]):
            raise Wrong(f"not given back: {live[-1]}")
        self.read = len(self.log.read_text(errors="replace"))
        return collections.Counter(tuple(line.split()[:2]) for line in lines if line.startswith("PJRT_"))

    def last_words(self):
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            status = "still running"
        self.errors.seek(0)
        return f"exit {status}; {self.errors.read().strip()[-400:]}"

    def end(self):
        """Ends it by itself, and demands that it ends well."""
        self.process.stdin.close()
        try:
            status = self.process.wait(SECONDS_UNTIL_FREED)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Wrong("did not end") from None
        if status != 0:
            raise Wrong(f"ended with {self.last_words()}")

    def kill(self):
        self.process.kill()
        self.process.wait()


def equal(got, want):
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(map(equal, got, want))
    if isinstance(want, bool) or isinstance(got, bool) or isinstance(want, str) or isinstance(got, str):
        return type(got) is type(want) and got == want
    if isinstance(want, int) and isinstance(got, int):
        return got == want
    return isinstance(got, (int, float)) and math.isclose(got, want, rel_tol=1e-6, abs_tol=1e-12)


def judge_reply(scenario, plugin, reply):
    if reply.get("scenario") != scenario.name:
        raise Wrong(f"answered for {reply.get('scenario')!r}")
    if reply.get("outcome") != "ok":
        raise Wrong(f"{reply.get('outcome')}: {reply.get('why', '')}")
    got = {key: value for key, value in reply.items() if key not in ("scenario", "outcome")}
    want = scenario.expect(plugin)
    wrong = [f"{key} is {got[key]!r}, expected {want[key]!r}" for key in want if key in got and not equal(got[key], want[key])]
    wrong += [f"{key} is missing" for key in want if key not in got]
    wrong += [f"{key} was not asked for" for key in got if key not in want]
    if wrong:
        raise Wrong("; ".join(wrong))


def judge_calls(scenario, language, calls, reference, document):
    ignored = set(document["calls_not_compared"])
    for row in document["differences"]:
        if row["language"] in (language, "*") and row["scenario"] in (scenario.name, "*"):
            ignored |= set(row["functions"])
    found = []
    for key in sorted(set(calls) | set(reference)):
        if key[0] not in ignored and calls[key] != reference[key]:
            found.append(f"{' '.join(key)} {calls[key]} times, in C {reference[key]}")
    if found:
        raise Wrong("other calls: " + "; ".join(found))


class Runner:
    def __init__(self, document, environment):
        self.document = document
        self.environment = environment
        self.paths = {name: pathlib.Path(text.replace("{build}", str(listed.BUILD)).replace("{plugins}", str(listed.BUILD / "plugins")))
                      for name, text in document["plugins"].items()}
        self.calls = {}

    def places(self, plugin):
        other = next(path for name, path in self.paths.items() if name != plugin)
        return {"other": other, "work": listed.WORK}

    def controls(self, scenario, plugin):
        return scenario.controls(self.document["fake"]) if plugin == "fake" else self.document["fake"]

    def one(self, program, language, plugin, scenario):
        reply = program.reply(listed.request(scenario, self.document, self.places(plugin)))
        judge_reply(scenario, plugin, reply)
        if plugin != "fake":
            return
        calls = program.calls()
        if language == "c":
            self.calls[scenario.name] = calls
        elif scenario.name in self.calls:
            judge_calls(scenario, language, calls, self.calls[scenario.name], self.document)

    def group(self, language, plugin, controls, members):
        """Every scenario of one set of controls, in one process for as long as all goes well."""
        program = None
        for scenario in members:
            if program is None:
                program = Program(language, plugin, self.paths[plugin], controls, self.environment)
            started = time.monotonic()
            try:
                self.one(program, language, plugin, scenario)
                if scenario is members[-1]:
                    program.end()
                yield scenario, "", time.monotonic() - started
            except Wrong as wrong:
                program.kill()
                program = None
                yield scenario, str(wrong), time.monotonic() - started

    def run(self, language, plugin, wanted):
        groups = {}
        for scenario in wanted:
            if plugin in scenario.plugins and (scenario.languages is None or language in scenario.languages):
                groups.setdefault(self.controls(scenario, plugin), []).append(scenario)
        for controls, members in groups.items():
            yield from self.group(language, plugin, controls, members)


def stage():
    """Installs the library as a user would have it; the environment that finds it."""
    done = subprocess.run([listed.HERE / "stage.sh"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bindings/stage.sh: {done.stdout}{done.stderr}")
    environment = dict(os.environ, BUILD=str(listed.BUILD))
    environment.update(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    return environment


def write_table(results, languages, plugins, wanted):
    lines = ["| scenario | " + " | ".join(f"{language}, {plugin}" for language in languages for plugin in plugins) + " |"]
    lines.append("|---" * (1 + len(languages) * len(plugins)) + "|")
    for scenario in wanted:
        cells = []
        for language in languages:
            for plugin in plugins:
                why = results.get((language, plugin, scenario.name))
                cells.append("" if why is None else "ok" if not why else "RED")
        lines.append(f"| {scenario.name} | " + " | ".join(cells) + " |")
    listed.WORK.mkdir(parents=True, exist_ok=True)
    (listed.WORK / "table.md").write_text("\n".join(lines) + "\n")


def compare(document, languages, plugins, wanted):
    environment = stage()
    runner = Runner(document, environment)
    number = failed = 0
    results = {}

    def report(name, why, seconds):
        nonlocal number, failed
        number += 1
        failed += bool(why)
        why = why.replace("#", "").replace("\n", " ")
        print(f"{'not ok' if why else 'ok'} {number} - {name} # {why or f'{seconds:.3f} s'}", flush=True)

    current = (listed.HERE / "scenarios.md").read_text() == listed.markdown(document)
    report("scenarios.md is current", "" if current else "run bindings/compare_scenarios.py --write-list", 0)
    for language in languages:
        started = time.monotonic()
        built = subprocess.run([listed.HERE / language / "scenarios.sh", "build"], env=environment, capture_output=True, text=True)
        report(f"{language}: builds", "" if built.returncode == 0 else (built.stdout + built.stderr)[-800:], time.monotonic() - started)
        if built.returncode:
            continue
        for plugin in plugins:
            for scenario, why, seconds in runner.run(language, plugin, wanted):
                results[language, plugin, scenario.name] = why
                report(f"{language}, {plugin}: {scenario.name}", why, seconds)
    print(f"1..{number}")
    # Only whole: a part that is run by itself leaves the table of all alone.
    if len(wanted) == len(document["scenarios"]) and len(languages) == len(LANGUAGES) and len(plugins) == len(document["plugins"]):
        write_table(results, languages, plugins, wanted)
    return 1 if failed else 0


def main():
    document = listed.load()
    present = [name for name in LANGUAGES if (listed.HERE / name / "scenarios.sh").exists()]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", action="append", choices=present)
    parser.add_argument("--plugin", action="append", choices=list(document["plugins"]))
    parser.add_argument("--scenario", action="append")
    parser.add_argument("--write-list", action="store_true")
    parser.add_argument("--request", metavar="SCENARIO", help="prints the request that a program is given on the fake plugin")
    arguments = parser.parse_args()
    if arguments.write_list:
        (listed.HERE / "scenarios.md").write_text(listed.markdown(document))
        return 0
    if arguments.request:
        row = next(scenario for scenario in document["scenarios"] if scenario.name == arguments.request)
        print(listed.request(row, document, Runner(document, {}).places("fake")))
        return 0
    wanted = [scenario for scenario in document["scenarios"] if not arguments.scenario or scenario.name in arguments.scenario]
    if not wanted:
        sys.exit("compare_scenarios.py: no such scenario")
    languages = [name for name in present if not arguments.language or name in arguments.language or name == "c"]
    return compare(document, languages, arguments.plugin or list(document["plugins"]), wanted)


if __name__ == "__main__":
    sys.exit(main())
