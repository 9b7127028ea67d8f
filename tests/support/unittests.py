"""Runs the unittest files of a folder and counts them for `make check`: unittests.py FOLDER [PATTERN]."""

import os
import sys
import unittest


def main():
    folder = os.path.abspath(sys.argv[1])
    sys.path.insert(0, folder)
    loader = unittest.TestLoader()
    if len(sys.argv) > 2:
        loader.testNamePatterns = ["*" + sys.argv[2] + "*"]
    result = unittest.TextTestRunner(sys.stdout, verbosity=1).run(
        loader.discover(folder, "test_*.py", folder))
    skipped = {}
    for test, reason in result.skipped:
        name = test.id().rpartition(".")[0]
        skipped[(name, reason)] = skipped.get((name, reason), 0) + 1
    for (name, reason), count in skipped.items():
        print(f"SKIP {name}, {count} tests: {reason}")
    failed = len(result.failures) + len(result.errors)
    passed = result.testsRun - failed - len(result.skipped)
    print(f"{os.path.basename(folder)}: {passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
