"""Finds, for each function, a test that turns red when the function answers OK without doing anything."""
import concurrent.futures
import os
import subprocess
import tempfile

SECONDS = 20
MOST_TRIED = 64
# More than there are processors: many tests wait in vain for what a hollow function leaves undone.
AT_ONCE = 4 * (os.cpu_count() or 1)


def is_red(program, test, function):
    environment = {**os.environ, "PJE_TEST_ONLY": test, "PJE_TEST_CONTROLS": f"hollow={function}"}
    environment.pop("PJE_TEST_TRACE", None)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run([program], env=environment, cwd=folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return True
    return done.returncode != 0


def in_order(facts, trace, function, former):
    """The test named last time, those of the exports that wrap the function, those that called it.

    The second kind need not have called it in the run that was traced: an earlier test of the program may have had it
    called, for an object that they share. Alone, such a test calls it, or it stays green.
    """
    if not trace.calls[function]:
        return []
    names = facts.exports.get(function, [])

    def rank(test):
        export, _, case = test.partition("__")
        return (test != former, export not in names, not case.startswith("ok"), test)

    wrapping = {test for test in trace.programs if test.partition("__")[0] in names}
    return sorted(wrapping | set(trace.calls[function]), key=rank)[:MOST_TRIED]


def choose(facts, trace, former):
    """{function: (test, None) or (None, reason)}"""
    def judge(function):
        tests = in_order(facts, trace, function, former.get(function))
        if not tests:
            return None, "no test of the C API calls it with success"
        for test in tests:
            if is_red(trace.programs[test], test, function):
                return test, None
        return None, f"none of {len(tests)} tests that call it turns red when it does nothing: {tests[0]}, …"

    names = [function["name"] for function in facts.functions]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(names, pool.map(judge, names)))
