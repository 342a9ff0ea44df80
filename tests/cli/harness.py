"""Running the command, and judging what it did."""
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / "tests/programs"
PLUGINS = ROOT / "build/plugins"
TIME_LIMIT = 240
PASS, FAIL, SKIP = "pass", "fail", "skip"


class Failure(Exception):
    """A test did not find what it expects."""


@dataclasses.dataclass
class Outcome:
    status: int
    stdout: str
    stderr: str


@dataclasses.dataclass
class Test:
    name: str
    body: object  # called with a Context


class Context:
    """What a test works with: the command, the fake plugin, and a folder of its own."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.command = build / "pjrt-easy"
        self.fake = build / "libpjrt_fake.so"

    def run(self, *arguments, env=None, prefix=(), limit=TIME_LIMIT, stdout=subprocess.PIPE):
        words = [*prefix, str(self.command), *map(str, arguments)]
        environment = {key: value for key, value in os.environ.items()
                       if key not in ("PJRT_FAKE", "PJE_PLUGIN_PATH", "PJRT_NAMES_AND_LIBRARY_PATHS")}
        environment.update(env or {})
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, timeout=limit,
                                  env=environment, cwd=self.folder)
        except subprocess.TimeoutExpired:
            raise Failure(f"no end after {limit} s: {' '.join(words)}") from None
        return Outcome(done.returncode, (done.stdout or b"").decode(errors="replace"), done.stderr.decode(errors="replace"))


def describe(outcome):
    status = outcome.status
    how = f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit {status}"
    return f"{how}\nstdout: {outcome.stdout[-1500:]}\nstderr: {outcome.stderr[-1500:]}"


def expect_success(outcome, stdout=""):
    if outcome.status != 0 or outcome.stderr or not re.search(stdout, outcome.stdout):
        raise Failure(f"expected exit 0, nothing on stderr, and stdout like '{stdout}': {describe(outcome)}")


def expect_failure(outcome, stderr="", stdout="$"):
    """Exit 1 and exactly one line on stderr that names the command, then has every text of `stderr`, in order."""
    one_line = re.fullmatch(r"pjrt-easy: [^\n]+\n", outcome.stderr)
    if outcome.status != 1 or not one_line or not re.search(stderr, outcome.stderr) or not re.match(stdout, outcome.stdout):
        raise Failure(f"expected exit 1 and one line on stderr like '{stderr}': {describe(outcome)}")


def expect_usage(outcome, stderr=""):
    if outcome.status != 2 or outcome.stdout or not re.search(stderr, outcome.stderr):
        raise Failure(f"expected exit 2, nothing on stdout, and stderr like '{stderr}': {describe(outcome)}")


def expect(truth, text):
    if not truth:
        raise Failure(text)


def read_skips(suite):
    """Reasons from tests/skips.txt by test name; rows are `test` or `suite:test`, a tab, the reason."""
    rows = {}
    path = ROOT / "tests/skips.txt"
    for line in path.read_text().splitlines() if path.exists() else []:
        if line and not line.startswith("#"):
            name, _, reason = line.partition("\t")
            rows[name.removeprefix(f"{suite}:")] = reason.strip()
    return rows


def run_test(test, build):
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            test.body(Context(build, pathlib.Path(folder)))
        return PASS, time.monotonic() - started, ""
    except Exception as error:  # pylint: disable=broad-except
        return FAIL, time.monotonic() - started, f"{type(error).__name__}: {error}"


def run_all(tests, build, suite, workers, tsv):
    """Prints failures, progress and the closing line; True when something passed and nothing failed."""
    skips = read_skips(suite)
    count = {PASS: 0, FAIL: 0, SKIP: 0}
    rows = []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        pending = {pool.submit(run_test, test, build): test for test in tests if test.name not in skips}
        for done, future in enumerate(concurrent.futures.as_completed(pending), 1):
            name = pending[future].name
            result, seconds, text = future.result()
            count[result] += 1
            rows.append((suite, name, result, f"{seconds:.3f}"))
            if text:
                print(f"FAIL {name}: {text}", flush=True)
            if done % 50 == 0:
                print(f"{done} of {len(pending)} run", flush=True)
    for test in tests:
        if test.name in skips:
            count[SKIP] += 1
            rows.append((suite, test.name, SKIP, "0.000"))
            print(f"skip {test.name}: {skips[test.name]}")
    if tsv:
        with open(tsv, "a", encoding="utf-8") as file:
            file.writelines("\t".join(row) + "\n" for row in rows)
    print(f"{count[PASS]} passed, {count[FAIL]} failed, {count[SKIP]} skipped")
    return count[PASS] > 0 and count[FAIL] == 0


def missing_pieces(build):
    """What has to be made before these tests can run."""
    needed = [(build / "pjrt-easy", "make"), (build / "libpjrt_fake.so", "make")]
    needed += [(PLUGINS / name / "libpjrt_cpu.so", "make plugins") for name in ("cpu-115", "cpu-106", "cpu-81")]
    return [f"{path} is missing: run {command} first" for path, command in needed if not path.exists()]


def use_python_with_numpy():
    """Starts over in the tests' own Python when this one lacks NumPy, which judges the results."""
    try:
        import numpy  # noqa: F401
        import ml_dtypes  # noqa: F401
    except ImportError:
        python = ROOT / "build/venv/bin/python"
        if pathlib.Path(sys.prefix) == python.parent.parent:
            raise
        subprocess.run([ROOT / "scripts/venv.sh"], check=True)
        os.execv(python, [str(python), *sys.argv])
