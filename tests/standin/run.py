"""Runs the tests beside this file and counts them for `make check`."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    sys.path.insert(0, HERE)
    loader = unittest.TestLoader()
    if len(sys.argv) > 1:
        loader.testNamePatterns = ["*" + sys.argv[1] + "*"]
    result = unittest.TextTestRunner(sys.stdout, verbosity=1).run(
        loader.discover(HERE, "test_*.py", HERE))
    skipped = {}
    for test, reason in result.skipped:
        name = test.id().rpartition(".")[0]
        skipped[(name, reason)] = skipped.get((name, reason), 0) + 1
    for (name, reason), count in skipped.items():
        print(f"SKIP {name}, {count} tests: {reason}")
    failed = len(result.failures) + len(result.errors)
    passed = result.testsRun - failed - len(result.skipped)
    print(f"standin: {passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
