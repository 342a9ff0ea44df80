#!/usr/bin/python3
"""Tests of the command pjrt-easy, on the fake plugin and on XLA's CPU plugins.

usage: run.py [--all] [--only REGEX] [--workers N] [--tsv FILE] [--suite NAME] BUILD_FOLDER

The last line is `N passed, M failed, K skipped`; exit 0 when something passed and nothing failed.
"""
import argparse
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import harness  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="the big programs too in every form on every plugin")
    parser.add_argument("--only", metavar="REGEX", default="", help="tests whose name matches")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--tsv", metavar="FILE", help="append suite, test, result and seconds of each test")
    parser.add_argument("--suite", default="cli")
    parser.add_argument("build", type=lambda text: pathlib.Path(text).resolve())
    arguments = parser.parse_args()

    missing = harness.missing_pieces(arguments.build)
    if missing:
        print("\n".join(missing))
        print(f"0 passed, {len(missing)} failed, 0 skipped")
        return 1
    harness.use_python_with_numpy()
    import commands
    import real_programs
    import xla_flags
    tests = [*commands.tests(), *xla_flags.tests(), *real_programs.tests(arguments.all)]
    tests = [test for test in tests if re.search(arguments.only, test.name)]
    return 0 if harness.run_all(tests, arguments.build, arguments.suite, arguments.workers, arguments.tsv) else 1


if __name__ == "__main__":
    sys.exit(main())
