#!/usr/bin/python3
"""Plants bugs in the library, one at a time, and demands that the tests find each.

Every patch changes .cc files of src. For each: the sources are copied, the patch is applied, what it touches is compiled
with the commands of the build, the library is linked again in a folder of its own, and test programs of that build run
against it until one fails. A patch that does not apply, does not compile, or that nothing notices is a failure. The same
programs must pass against the library as it is.

tests/planted/*.patch are found by the tests of the C API. Those of tests/planted/threads name the one command that finds
them (`Run: PROGRAM ARGUMENT...`) and what its output then holds (`Report: REGULAR EXPRESSION`), above the patch.

usage: run.py [--threads] [NAME]...   (build the library and its tests first, with --threads the tsan build; prints TAP)
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
THREADS = "--threads" in sys.argv
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")) / ("tsan" if THREADS else "")
PATCHES = ROOT / "tests/planted" / ("threads" if THREADS else "")
WORK = BUILD / "planted"
LIBRARY = "libpjrt_easy.so.0"
SECONDS_OF_A_PROGRAM = 300 if THREADS else 60


class Wrong(Exception):
    pass


def run(command, what, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise Wrong(f"{what}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


def compile_commands():
    rows = json.loads((BUILD / "compile_commands.json").read_text())
    return {row["file"]: (row["directory"], shlex.split(row["command"])) for row in rows
            if "pje_objects" in row["command"]}


def link_command():
    commands = run(["ninja", "-C", str(BUILD), "-t", "commands", "pjrt_easy"], "ninja").splitlines()
    return next(line for line in reversed(commands) if re.search(r"-o libpjrt_easy\.so\.\S+ ", line))


def apply_patch(patch, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "src", folder / "src")
    run(["patch", "--batch", "--forward", "--fuzz=0", "-p1", "-d", str(folder), "-i", str(patch)], "does not apply")
    changed = re.findall(r"^\+\+\+ b/(\S+)", patch.read_text(), flags=re.M)
    if not changed or not all(name.startswith("src/") and name.endswith(".cc") for name in changed):
        raise Wrong(f"must change .cc files of src, changes {changed}")
    return changed


def compile_file(name, folder, commands):
    """Compiles one patched file; returns the object it replaces and the new one."""
    directory, words = commands[str(ROOT / name)]
    output = words[words.index("-o") + 1]
    replacement = folder / (pathlib.Path(name).name + ".o")
    words = [word.replace(f"-I{ROOT}/src", f"-I{folder}/src") for word in words]
    words[words.index(str(ROOT / name))] = str(folder / name)
    for option in ("-MT", "-MF"):
        if option in words:
            del words[words.index(option):words.index(option) + 2]
    words = [word for word in words if word != "-MD"]
    words[words.index("-o") + 1] = str(replacement)
    run(words, "does not compile", cwd=directory)
    return output, replacement


def link(folder, objects):
    command = LINK
    for old, new in objects:
        if f" {old} " not in command:
            raise Wrong(f"{old} is not among the objects of the library")
        command = command.replace(f" {old} ", f" {new} ")
    command = re.sub(r"-o libpjrt_easy\.so\.\S+ ", f"-o {folder / LIBRARY} ", command)
    run(["sh", "-c", command], "does not link", cwd=BUILD)


def first_failure(folder, commands, report=""):
    """What the first failing program says, or nothing; with a report, only what holds that counts."""
    environment = dict(os.environ, LD_LIBRARY_PATH=str(folder))
    for program, *arguments in commands:
        try:
            done = subprocess.run([str(BUILD / program), *arguments], capture_output=True, env=environment,
                                  timeout=SECONDS_OF_A_PROGRAM)
        except subprocess.TimeoutExpired:
            return f"{program} did not end"
        if done.returncode == 0:
            continue
        output = (done.stdout + done.stderr).decode(errors="replace")
        if report:
            said = re.search(report, output)
            if not said:
                raise Wrong(f"{program} fails without a report of it: {output.strip()[-600:]}")
            return f"{program}: {said[0]}"
        failed = list(dict.fromkeys(re.findall(r"^\[  FAILED  \] (pje_\w+)$", output, flags=re.M)))
        started = re.findall(r"^\[ RUN      \] (pje_\w+)$", output, flags=re.M)
        found = failed[:3] or started[-1:] or [f"exit {done.returncode}"]
        return f"{program}: {', '.join(found)}" + (" and others" if len(failed) > 3 else "")
    return ""


def finder(patch):
    """The commands that must find it, and how they say so."""
    if not THREADS:
        return [[program] for program in PROGRAMS], ""
    lines = dict(re.findall(r"^(Run|Report): (.+)$", patch.read_text(), flags=re.M))
    return [shlex.split(lines["Run"])], lines["Report"]


def plant(patch):
    started = time.monotonic()
    folder = WORK / patch.stem
    try:
        objects = [compile_file(name, folder, COMMANDS) for name in apply_patch(patch, folder)]
        link(folder, objects)
        found = first_failure(folder, *finder(patch))
        return patch, bool(found), found or "no test noticed it", time.monotonic() - started
    except Wrong as wrong:
        return patch, False, str(wrong), time.monotonic() - started
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(names):
    patches = [patch for patch in sorted(PATCHES.glob("*.patch")) if not names or patch.stem in names]
    if not patches:
        sys.exit("run.py: no such patch")
    print("TAP version 13")
    commands = []
    for patch in patches:
        commands += [command for command in finder(patch)[0] if command not in commands]
    clean = first_failure(BUILD, commands)
    print(f"not ok 1 - the library as it is passes # {clean}" if clean else "ok 1 - the library as it is passes", flush=True)
    failed = bool(clean)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (patch, found, how, seconds) in enumerate(pool.map(plant, patches), 2):
            failed |= not found
            how = how.replace("#", "").replace("\n", " ")
            print(f"{'ok' if found else 'not ok'} {number} - {patch.stem} {'found by ' + how if found else ''} # "
                  f"{f'{seconds:.1f} s' if found else how}", flush=True)
    print(f"1..{len(patches) + 1}")
    return 1 if failed else 0


COMMANDS = compile_commands()
LINK = link_command()
PROGRAMS = [program.name for program in sorted(BUILD.glob("capi_*_test"))]
if not PROGRAMS:
    sys.exit(f"run.py: no test programs in {BUILD}: build capi_tests first")
sys.exit(main([name for name in sys.argv[1:] if name != "--threads"]))
