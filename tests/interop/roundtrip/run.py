#!/usr/bin/env python3
"""Every template that CloudFormation accepts can be written in alt: tried on real ones.

    tests/interop/roundtrip/run.py [--keep FOLDER] [ALTC] [TEMPLATE]...

Prints each template as a program of alt in two styles, compiles it, and compares. The templates are
those of corners/ and, where npm is, of the packages in packages.lock. What CloudFormation itself
would not take stands in refused.txt with the finding and the reason.
"""

import argparse
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "spec" / "import")]

import sources
import template
from program import Program

STYLES = ("plain", "cfn")
HAS_YAML = importlib.util.find_spec("yaml") is not None
ENDINGS = (".json", ".template") + ((".yaml", ".yml") if HAS_YAML else ())


def packages():
    """(name, version, integrity) of packages.lock."""
    return list(sources.read_lock(HERE / "packages.lock").values())


def unpack(archive, folder):
    with tarfile.open(archive) as package:
        for member in package:
            wanted = member.isfile() and member.name.endswith(ENDINGS)
            parts = pathlib.PurePosixPath(member.name).parts
            if wanted and ".." not in parts and parts[0] != "/":
                target = folder.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(package.extractfile(member).read())


def fetched(cache):
    """{name: path} of the templates of all packages; says which are missing."""
    found = {}
    for name, version, integrity in packages():
        folder = cache / ("%s-%s" % (name.replace("@", "").replace("/", "-"), version))
        try:
            if not folder.exists():
                unpack(sources.fetch_package(cache, name, version, integrity), folder)
        except (OSError, subprocess.SubprocessError) as error:
            print("SKIP %s@%s cannot be fetched: %s" % (name, version, error))
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found["%s/%s" % (name, path.relative_to(folder))] = path
    return found


def all_templates(cache):
    found = {"corners/" + path.name: path for path in sorted(HERE.glob("corners/*.json"))}
    if not HAS_YAML:
        print("SKIP templates in YAML: PyYAML is not installed")
    if shutil.which("npm"):
        found.update(fetched(cache))
    else:
        print("SKIP templates of npm packages: npm is missing")
    return found


def refusals():
    """{template: (code, reason)}"""
    lines = (HERE / "refused.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split(None, 2) for line in lines if line and not line.startswith("#")]
    return {name: (code, reason) for name, code, reason in words}


class Judge:
    def __init__(self, altc, work):
        self.altc, self.work = altc, work
        self.refused = refusals()
        self.passed = self.failed = 0

    def fail(self, name, why):
        self.failed += 1
        print("FAIL %s: %s" % (name, why))

    def try_one(self, name, path, style):
        data = template.read(path)
        if data is None:
            return
        folder = self.work / re.sub(r"[^A-Za-z0-9.-]+", "_", name) / style
        folder.mkdir(parents=True, exist_ok=True)
        program, output = folder / "template.alt", folder / "template.json"
        program.write_text(Program(data, style).text(), encoding="utf-8")
        run = subprocess.run([self.altc, "-q", program, "-o", output], capture_output=True,
                             text=True, errors="replace", check=False)
        self.judge("%s (%s)" % (name, style), name, run, data, output)

    def judge(self, title, name, run, data, output):
        errors = re.findall(r"^\S.*error.*$", run.stderr, re.M)
        if run.returncode == 0 and name in self.refused:
            self.fail(title, "compiles, though refused.txt says it does not")
        elif run.returncode == 0:
            found = template.read(output)
            wanted = template.normal_template(data)
            text = template.difference(wanted, template.normal_template(found or {}))
            self.count(title, text)
        elif run.returncode == 1 and name in self.refused:
            code = self.refused[name][0]
            others = [line for line in errors if code not in line]
            self.count(title, others and others[0])
        else:
            self.fail(title, errors[0] if errors else "exit code %d" % run.returncode)

    def count(self, title, problem):
        if problem:
            self.fail(title, problem)
        else:
            self.passed += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=pathlib.Path, help="leave the programs there")
    parser.add_argument("altc", nargs="?", default=str(ROOT / "build" / "altc"))
    parser.add_argument("templates", nargs="*")
    options = parser.parse_args()
    cache = ROOT / "build" / "roundtrip"
    cache.mkdir(parents=True, exist_ok=True)
    chosen = {name: pathlib.Path(name) for name in options.templates} or all_templates(cache)
    with tempfile.TemporaryDirectory() as folder:
        work = options.keep or pathlib.Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        judge = Judge(str(pathlib.Path(options.altc).resolve()), work)
        for name, path in chosen.items():
            for style in STYLES:
                judge.try_one(name, path, style)
    print("roundtrip: %d passed, %d failed" % (judge.passed, judge.failed))
    sys.exit(0 if judge.passed and not judge.failed else 1)


if __name__ == "__main__":
    main()
