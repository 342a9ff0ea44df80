#!/usr/bin/python3
"""pjrt-easy conform itself: the sound fake plugin passes, each planted defect is found, and the reports of the real
plugins are those kept in golden/.

usage: run.py [--update] BUILD [PLUGIN...]     PLUGIN: names of folders in BUILD/plugins [cpu-115 cpu-106 cpu-81]
The last line is `N passed, M failed, K skipped`.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
PASSING = ("PASS", "UNSUPPORTED")


def conform(build, plugin, *arguments, fake="", timeout=600):
    done = subprocess.run([str(build / "pjrt-easy"), "conform", "--plugin", str(plugin), "--json", *arguments],
                          env={**os.environ, "PJRT_FAKE": fake}, capture_output=True, text=True, timeout=timeout)
    try:
        return json.loads(done.stdout)["checks"], done
    except ValueError:
        return [], done


def verdict_of(build, name, controls):
    limit = "3" if controls.startswith(("defect=hangs", "complete=never", "hollow=")) else "30"
    checks, done = conform(build, build / "libpjrt_fake.so", "--only", name, "--timeout", limit, fake=controls)
    return (checks[0]["verdict"], checks[0]["text"]) if checks else ("none", done.stderr.strip())


def check_sound(build):
    checks, done = conform(build, build / "libpjrt_fake.so")
    bad = [f"the sound fake plugin: {check['name']}: {check['verdict']}: {check['text']}"
           for check in checks if check["verdict"] != "PASS"]
    if len(checks) < 120:
        bad.append(f"only {len(checks)} checks: {done.stderr.strip()}")
    if done.returncode != 0:
        bad.append(f"exit {done.returncode} for the sound fake plugin: {done.stderr.strip()}")
    return len(checks), bad


def check_defects(build):
    rows = [line.split("\t") for line in (HERE / "defects.tsv").read_text().splitlines() if not line.startswith("#")]
    passed, bad = 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda row: verdict_of(build, row[1], row[0]), rows)
        for (controls, name, want), (verdict, text) in zip(rows, found):
            if verdict == want:
                passed += 1
            else:
                bad.append(f"{controls}: {name} says {verdict}, expected {want}: {text}")
    if passed < 30 and not bad:
        bad.append(f"only {passed} defects")
    return passed, bad


def check_compare(build):
    """--compare tells a worse plugin from a report, and exits 1."""
    report = build / "conform-fake.json"
    fake = build / "libpjrt_fake.so"
    done = subprocess.run([str(build / "pjrt-easy"), "conform", "--plugin", str(fake), "--only", "table", "--json"],
                          capture_output=True, text=True, env={**os.environ, "PJRT_FAKE": ""})
    report.write_text(done.stdout)
    bad = []
    for controls, status in (("", 0), ("cut=PJRT_Buffer_Bitcast", 1)):
        done = subprocess.run([str(build / "pjrt-easy"), "conform", "--plugin", str(fake), "--only", "table", "--compare",
                               str(report)], capture_output=True, text=True, env={**os.environ, "PJRT_FAKE": controls})
        if done.returncode != status or (status == 1 and "table.struct_size: FAIL here, PASS there" not in done.stderr):
            bad.append(f"--compare with '{controls}': exit {done.returncode}: {done.stderr.strip()}")
    return 2 - len(bad), bad


def check_golden(build, plugin, update):
    library = next((build / "plugins" / plugin).glob("*.so"))
    checks, _ = conform(build, library)
    verdicts = {check["name"]: check["verdict"] for check in checks}
    golden = GOLDEN / f"{plugin}.json"
    if update:
        rows = [{"name": name, "verdict": verdict} for name, verdict in verdicts.items()]
        golden.write_text("{\"checks\": [\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]}\n")
    kept = {check["name"]: check["verdict"] for check in json.loads(golden.read_text())["checks"]}
    texts = {check["name"]: check["text"] for check in checks}
    bad = [f"{plugin}: {name}: {verdicts.get(name, 'absent')}, kept is {kept.get(name, 'absent')}: {texts.get(name, '')}"
           for name in sorted({*verdicts, *kept}) if verdicts.get(name) != kept.get(name)]
    counts = {verdict: list(verdicts.values()).count(verdict) for verdict in sorted(set(verdicts.values()))}
    print(f"{plugin}: {counts}", flush=True)
    return len(verdicts) - len(bad), bad


def main():
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    build = pathlib.Path(arguments[0]).resolve()
    plugins = arguments[1:] or ["cpu-115", "cpu-106", "cpu-81"]
    results = [check_sound(build), check_defects(build), check_compare(build)]
    results += [check_golden(build, plugin, "--update" in sys.argv) for plugin in plugins]
    problems = [problem for _, bad in results for problem in bad]
    for problem in problems:
        print(f"FAIL {problem}")
    print(f"{sum(passed for passed, _ in results)} passed, {len(problems)} failed, 0 skipped")
    return 1 if problems else 0


sys.exit(main())
