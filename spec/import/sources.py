"""Fetches the pinned packages and takes out of them what the importer reads."""

import base64
import gzip
import hashlib
import json
import pathlib
import subprocess
import tarfile

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

# The frames that must be there, by a key that only that frame has.
WANTED_FRAMES = {
    "schemas": "AWS::S3::Bucket",
    "attributes": "getatt_attribute_types",
    "attribute_overrides": "getatt_return_type_overrides",
    "lifecycle": "resource_lifecycle",
    "regions": "region_resource_types",
    "stateful": "stateful_resource_types",
    "deprecated": "deprecated_resource_types",
    "runtimes": "lambda_runtimes",
    "rules": "rule_tables",
    "extensions": "Aws::Lambda::Function",
}


class SourceError(Exception):
    """A package or frame is not what it should be."""


def read_lock(path):
    """{role: (name, version, integrity)} out of sources.lock."""
    lock = {}
    for line in pathlib.Path(path).read_text().splitlines():
        words = line.split()
        if words and not line.startswith("#"):
            role, name, version, integrity = words
            lock[role] = (name, version, integrity)
    return lock


def fetch_package(folder, name, version, integrity):
    """The package's archive below `folder`, fetched unless it is there, its hash verified."""
    archive = folder / f"{name.replace('@', '').replace('/', '-')}-{version}.tgz"
    if not archive.exists():
        subprocess.run(
            ["npm", "pack", "--silent", "--ignore-scripts", f"{name}@{version}"],
            cwd=folder, check=True, stdout=subprocess.DEVNULL)
    digest = hashlib.sha512(archive.read_bytes()).digest()
    found = "sha512-" + base64.b64encode(digest).decode()
    if found != integrity:
        raise SourceError(f"{name}@{version}: integrity is {found}, the lock says {integrity}")
    return archive


def read_member(archive, suffix):
    """The bytes of the one file of the archive whose path ends so."""
    with tarfile.open(archive) as package:
        for member in package:
            if member.isfile() and member.name.endswith(suffix):
                return package.extractfile(member).read()
    raise SourceError(f"{archive.name}: no file '{suffix}'")


def read_frames(wasm):
    """The JSON documents that the validator embeds, by our names for them."""
    documents = []
    start = wasm.find(ZSTD_MAGIC)
    while start >= 0:
        # What follows a frame is no zstd, of which the tool complains: what counts is whether
        # the text is whole. 2 MB hold any frame, packed.
        run = subprocess.run(["zstd", "-d", "-c", "-q"], input=wasm[start:start + 2_000_000],
                             capture_output=True, check=False)
        try:
            documents.append(json.loads(run.stdout))
        except ValueError:
            pass  # the four bytes stood there by chance
        start = wasm.find(ZSTD_MAGIC, start + 4)
    frames = {}
    for name, key in WANTED_FRAMES.items():
        found = [document for document in documents if key in document]
        if len(found) != 1:
            raise SourceError(f"the validator has {len(found)} frames with '{key}', not 1")
        frames[name] = found[0]
    return frames


def read_all(lock_path, folder):
    """Everything the merge needs, fetched into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = read_lock(lock_path)
    archives = {role: fetch_package(folder, *entry) for role, entry in lock.items()}
    return {
        "frames": read_frames(read_member(
            archives["validator"], "@aws/cloudformation-validate/bindings_wasm_bg.wasm")),
        "service_spec": json.loads(gzip.decompress(
            read_member(archives["service-spec"], "package/db.json.gz"))),
        "legacy": json.loads(read_member(
            archives["legacy-spec"], "package/spec/specification.json")),
        "versions": {role: f"{name}@{version}" for role, (name, version, _) in lock.items()},
    }
