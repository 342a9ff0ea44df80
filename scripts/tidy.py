#!/usr/bin/python3
"""Rules of the house that a machine can hold. usage: tidy.py [RULE]...  (default: all)

Every finding is a line `file:line: what`; every rule counts as one test.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
JOBS = int(os.environ.get("JOBS", os.cpu_count() or 1))

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
# path pattern, why the limits on length do not hold there
LENGTH_EXCEPTIONS = [
    (r"^src/abi/functions\.def$", "one row per function"),
    (r"^bindings/julia/src/raw\.jl$", "made from the header"),
    (r"^src/proto/debug_options\.proto$", "one row per option"),
]
# Who may include whom; a layer always sees itself, and every layer sees the public types.
LAYERS = {
    "base": [],
    "abi": ["base"],
    "core": ["base", "abi"],
    "extensions": ["base", "abi", "core"],
    "io": ["base", "abi", "core"],
    "capi": ["base", "abi", "core", "extensions", "io"],
    "conform": ["base", "abi"],  # calls plugins as they are: the library would hide what they do wrong
    "cli": ["conform"],  # a user of the library: of the rest, the public header is all it sees
}
PROTO_USERS = re.compile(r"^src/core/(compile_options\w*|device_assignment)\.(cc|hpp)$")
CODE = (".c", ".cc", ".h", ".hpp", ".def")


def tracked(*folders):
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
                            cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(name for name in listed if name and (ROOT / name).is_file())


def code_files(*folders):
    return [name for name in tracked(*folders) if name.endswith(CODE)]


def lines_of(name):
    return (ROOT / name).read_text(errors="replace").splitlines()


def without_comments_and_strings(text):
    """The same text with comments, strings and characters blanked, so that lines keep their numbers."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\'',
                         re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def rule_format():
    files = code_files("include", "src", "tests", "docs", "bench", "bindings")
    findings = []
    batches = [files[start::JOBS] for start in range(JOBS)]

    def run(batch):
        return subprocess.run(["clang-format-16", "--dry-run", "-Werror", *batch], cwd=ROOT, capture_output=True, text=True)

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for done in pool.map(run, [batch for batch in batches if batch]):
            findings += sorted({f"{match[1]}: not formatted: run make format"
                                for match in re.finditer(r"^([^\s:]+):\d+:\d+: error:", done.stderr, re.M)})
            if done.returncode and not findings:
                findings.append(done.stderr.strip())
    return findings


def rule_layers():
    findings = []
    for name in code_files("src"):
        layer = name.split("/")[1]
        if layer not in LAYERS:
            continue
        for number, line in enumerate(lines_of(name), 1):
            match = re.match(r'\s*#\s*include\s*(["<])([^">]+)', line)
            if not match:
                continue
            path = match[2]
            top = path.split("/")[0]
            if top in ("proto", "google"):
                allowed = bool(PROTO_USERS.match(name))
            elif top in ("pjrt_easy.h", "pjrt_easy"):
                allowed = path == "pjrt_easy/types.h" or layer in ("capi", "cli")
            elif match[1] == "<":
                continue
            else:
                allowed = top == layer or top in LAYERS[layer]
            if not allowed:
                findings.append(f"{name}:{number}: {layer} must not include {path}")
    return findings


def function_lengths(text):
    """(first line, number of lines) of every function body of a C or C++ file."""
    clean = without_comments_and_strings(text)
    clean = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: re.sub(r"[^\n]", " ", match[0]), clean, flags=re.M)
    # A table of cases that is expanded by name ends without a semicolon and is no part of the next function.
    clean = re.sub(r"^[A-Z0-9_]+\(\w+\)$", lambda match: " " * len(match[0]), clean, flags=re.M)
    stack = []
    previous = 0
    for match in re.finditer(r"[{};]", clean):
        sign = match[0]
        if sign == "{":
            head = clean[previous:match.start()].strip()
            # `: member{1}, other{2} {`: the braces of an initialiser are part of the function's head.
            if re.search(r"\)\s*(?:noexcept\s*)?:(?!:)[^;]*[\w>]$", head, re.S):
                stack.append((None, previous))
                continue
            scope = re.match(r"(?:inline\s+)?(?:namespace|extern)\b|(?:typedef\s+|template\s*<.*>\s*)*(?:class|struct|union|enum)\b",
                             head, re.S) and not re.search(r"\)\s*(?:const|noexcept|override|final|\s)*$", head)
            is_function = not scope and re.search(r"\)[^()=]*$|\)\s*->.*$|\)\s*:.*$", head, re.S) is not None
            start = previous + len(clean[previous:match.start()]) - len(clean[previous:match.start()].lstrip())
            inside = any(kind for kind, _ in stack)
            stack.append((is_function and not inside, start))
        elif sign == "}" and stack:
            is_function, start = stack.pop()
            if is_function is None:
                previous = start
                continue
            if is_function:
                first = clean.count("\n", 0, start) + 1
                yield first, clean.count("\n", 0, match.start()) + 2 - first
        previous = match.end()


def rule_lengths():
    findings = []
    others = [name for name in tracked("bindings", "tests") if name.endswith((".go", ".jl", ".zig", ".py", ".sh"))]
    for name in code_files("include", "src", "tests", "bench", "bindings") + tracked("scripts", "cmake", "src/proto") + others:
        if any(re.search(pattern, name) for pattern, _ in LENGTH_EXCEPTIONS):
            continue
        text = (ROOT / name).read_text(errors="replace")
        count = text.count("\n")
        if count > MAX_FILE_LINES and not name.startswith("src/capi/exports.map"):
            findings.append(f"{name}:1: {count} lines, at most {MAX_FILE_LINES}")
        if name.endswith((".c", ".cc", ".hpp")):
            for first, length in function_lengths(text):
                if length > MAX_FUNCTION_LINES:
                    findings.append(f"{name}:{first}: a function of {length} lines, at most {MAX_FUNCTION_LINES}")
    return findings


# pattern, where it is forbidden, where it is allowed, what to say
BANNED = [
    (r"->\s*PJRT_\w+", r"^(src|tests/unit)/", r"^src/abi/", "a call into a plugin goes through abi/call.hpp"),
    (r"(?<!secure_)\bgetenv\s*\(", r"^(src|tests/fake_plugin)/", r"^tests/fake_plugin/", "secure_getenv, not getenv"),
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets|alloca|tmpnam|mktemp)\s*\(", r"^(src|tests)/", r"^$", "an unbounded or racy function"),
    (r"\bstd::format\b", r"^src/", r"^$", "g++ 12 has no std::format"),
    (r"\bdlclose\s*\(", r"^src/", r"^$", "plugins are never unloaded"),
]


def rule_banned():
    findings = []
    for name in code_files("src", "tests", "bench", "include"):
        clean = without_comments_and_strings((ROOT / name).read_text(errors="replace"))
        for pattern, where, except_in, text in BANNED:
            if not re.search(where, name) or re.search(except_in, name):
                continue
            for match in re.finditer(pattern, clean):
                findings.append(f"{name}:{clean.count(chr(10), 0, match.start()) + 1}: {match[0]}: {text}")
    return findings


def rule_words():
    """Notes to oneself, and names of places that only one machine has."""
    marks = "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"])
    hosts = "|".join([r"pypi\.org", r"deb\.debian\.org", r"files\.pythonhosted"])
    pattern = re.compile(rf"\b({marks})\b|({hosts})|(?<![\w.])/(work|root|home)/\w")
    findings = []
    for name in tracked():
        if name == "scripts/tidy.py" or name.startswith("tests/programs/") or name.endswith((".json", ".pb", ".npy", ".png")):
            continue
        for number, line in enumerate(lines_of(name), 1):
            match = pattern.search(line)
            if match:
                findings.append(f"{name}:{number}: {match[0].strip()}")
    return findings


def rule_exports():
    findings = []
    for generator in ("gen_exports.py", "gen_julia.py"):
        done = subprocess.run([str(ROOT / "scripts" / generator), "--check"], capture_output=True, text=True)
        if done.returncode:
            findings.append((done.stdout + done.stderr).strip())
    header = "".join((ROOT / name).read_text() for name in tracked("include"))
    for name in re.findall(r"^typedef struct (pje_\w+) \1;", header, re.M):
        if f"{name}_release(" in header and f"{name}_describe(" not in header:
            findings.append(f"include/pjrt_easy/describe.h:1: {name} has no {name}_describe (see src/core/describe.hpp)")
    return findings


def tidy_key(command, source):
    """Hash of all that decides what clang-tidy says: the preprocessed file, its flags, the checks."""
    arguments = [word for word in shlex.split(command) if word not in ("-c",) and "ccache" not in word]
    if "-o" in arguments:
        del arguments[arguments.index("-o"):arguments.index("-o") + 2]
    done = subprocess.run([*arguments, "-E", "-C"], cwd=BUILD / "clang", capture_output=True)
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    digest.update(" ".join(arguments).encode())
    digest.update(done.stdout)
    return digest.hexdigest()


def tidy_one(entry):
    source = pathlib.Path(entry["file"])
    key = BUILD / "tidy-cache" / tidy_key(entry["command"], source)
    if key.exists():
        return []
    done = subprocess.run(["clang-tidy-16", "-quiet", "-p", str(BUILD / "clang"), str(source)],
                          cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        key.parent.mkdir(parents=True, exist_ok=True)
        key.touch()
        return []
    findings = [line.replace(f"{ROOT}/", "") for line in done.stdout.splitlines() if re.search(r": (error|warning): ", line)]
    return findings or [f"{source.relative_to(ROOT)}: clang-tidy failed: {done.stderr.strip()[-300:]}"]


def rule_clang_tidy():
    database = json.loads((BUILD / "clang/compile_commands.json").read_text())
    entries = {entry["file"]: entry for entry in database if entry["file"].startswith(f"{ROOT}/src/")}
    if not entries:
        return ["build/clang/compile_commands.json names no file of src"]
    findings = []
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for number, found in enumerate(pool.map(tidy_one, entries.values()), 1):
            findings += found
            if number % 10 == 0:
                print(f"   clang-tidy: {number} of {len(entries)} files", flush=True)
    return sorted(set(findings))


RULES = {"format": rule_format, "layers": rule_layers, "lengths": rule_lengths, "banned": rule_banned,
         "words": rule_words, "exports": rule_exports, "clang-tidy": rule_clang_tidy}


def main(arguments):
    unknown = [name for name in arguments if name not in RULES]
    if unknown:
        raise SystemExit(f"unknown rule '{unknown[0]}': {', '.join(RULES)}")
    failed = 0
    names = arguments or list(RULES)
    for name in names:
        findings = RULES[name]()
        failed += bool(findings)
        for finding in findings:
            print(f"{finding} [{name}]")
        print(f"{name}: {'ok' if not findings else f'{len(findings)} findings'}", flush=True)
    print(f"{len(names) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
