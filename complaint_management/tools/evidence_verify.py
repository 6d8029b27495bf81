"""Verify an evidence pack, without Odoo: ``python3 verify.py [pack.zip or folder]``.

Says for each file whether it is the one that was packed, and whether the journal is
whole. Ends with 0 if nothing is wrong, else with 1. It needs Python 3.10 or later.
"""

import hashlib
import json
import pathlib
import sys
import zipfile

# As a file of a pack it lies beside the two others; as a module it is imported.
if __name__ == "__main__":
    import journal_seal
else:
    from . import journal_seal

MANIFEST, JOURNAL = "manifest.json", "journal.jsonl"


class Folder:
    """A pack that was unpacked."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def names(self):
        found = (path for path in self.path.rglob("*") if path.is_file())
        names = (path.relative_to(self.path).as_posix() for path in found)
        return {name for name in names if "__pycache__" not in name}

    def open(self, name):
        return (self.path / name).open("rb")


class Archive:
    """A pack as it was downloaded."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)

    def names(self):
        return set(self.zip.namelist())

    def open(self, name):
        return self.zip.open(name)


def digest(stream):
    """Return (SHA-256 in hexadecimal, size in bytes) of a file, read piece by piece."""
    found, size = hashlib.sha256(), 0
    while piece := stream.read(1024 * 1024):
        found.update(piece)
        size += len(piece)
    return found.hexdigest(), size


def verify(path):
    """Return the list of what is wrong with a pack, as sentences; [] if nothing is."""
    path = pathlib.Path(path)
    try:
        pack = Folder(path) if path.is_dir() else Archive(path)
        with pack.open(MANIFEST) as stream:
            manifest = json.load(stream)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        return [f"This is no evidence pack: {error}"]
    return [*_check_files(pack, manifest), *_check_journal(pack, manifest)]


def _check_files(pack, manifest):
    packed = {line["path"]: line for line in manifest["files"]}
    there = pack.names()
    for name in sorted(packed.keys() - there):
        yield f"{name}: missing"
    for name in sorted(there - packed.keys() - {MANIFEST}):
        yield f"{name}: wasn't packed"
    for name in sorted(packed.keys() & there):
        with pack.open(name) as stream:
            try:
                found = digest(stream)
            except zipfile.BadZipFile:
                found = None
        if found != (packed[name]["sha256"], packed[name]["size"]):
            yield f"{name}: changed"


def _check_journal(pack, manifest):
    chains = {}
    try:
        with pack.open(JOURNAL) as stream:
            for line in stream:
                entry = json.loads(line)
                host = f"{entry['res_model']},{entry['res_id']}"
                chains.setdefault(host, []).append(entry)
    except (OSError, KeyError, ValueError) as error:
        yield f"{JOURNAL}: can't be read: {error}"
        return
    heads = manifest["journal_heads"]
    for host in sorted(chains.keys() | heads.keys()):
        head = tuple(heads.get(host) or ("", ""))
        fault = journal_seal.find_fault(chains.get(host, []), head)
        if fault:
            yield f"{JOURNAL}: {host}: entry {fault[0]}: {fault[1]}"


def main(arguments):
    path = arguments[1] if len(arguments) > 1 else pathlib.Path(__file__).parent
    problems = verify(path)
    for problem in problems:
        sys.stdout.write(f"WRONG  {problem}\n")
    if not problems:
        sys.stdout.write("OK  every file is as it was packed, the journal is whole\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
