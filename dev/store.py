"""The cache: folders by content key that are complete or not there at all."""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from . import paths, ui

READY = ".ready"
# Odoo unpacked is 1.2 GB, the environment and its downloads 1 GB.
ENOUGH = 3 * 10**9


def digest(*parts):
    """A short key of texts and files (a Path counts by its content)."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:12]


@contextmanager
def lock(name, folder=None):
    """Keep a second run of this tool out of the same work."""
    folder = folder or paths.cache()
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def is_ready(folder):
    return (folder / READY).is_file()


def entry(name, build):
    """The cached folder ``name``; ``build(folder)`` fills it when it isn't ready.

    The folder is built where it will stay, since a virtual environment can't be
    moved. It counts only once the mark is in it, and what an interrupted build
    left is thrown away.
    """
    folder = paths.cache() / name
    if is_ready(folder):
        return folder
    with lock(name):
        if is_ready(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        if shutil.disk_usage(folder.parent).free < ENOUGH:
            raise ui.Stop(f"less than 3 GB are free for {folder.parent}; make room")
        folder.mkdir(parents=True)
        try:
            build(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        write(folder / READY, name)
    return folder


def write(path, text):
    """Write a file so that it is never seen half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
