"""Opens winmail.dat: mails of Outlook whose text and files come in one lump (TNEF).

What is inside is wrapped by a program that nobody asked for, and often damaged on its
way; whatever can be read is returned, and nothing here raises.
"""

import logging
import struct
from contextlib import suppress
from typing import NamedTuple

from tnefparse import TNEF

from . import mail_repair, rtf_text

# Its warnings are about damage that is expected here.
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)

TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
NAME = "winmail.dat"
SIGNATURE = b"\x78\x9f\x3e\x22"
_OBJECT_HEAD = 11
# The library copies the rest of the lump at each of its objects.
MAX_WORK = 10 * 1024**3
MAX_FILES = 200


class Unpacked(NamedTuple):
    """``files``: [(name, bytes)]; ``html`` and ``text`` are "" when there is none."""

    files: list
    html: str
    text: str


def is_tnef(name, content):
    """Tell whether a file is such a lump, whatever its type claims."""
    named = (name or "").lower() == NAME
    return isinstance(content, bytes) and (
        content.startswith(SIGNATURE) or (named and SIGNATURE in content[:64])
    )


def unpack(content):
    """Return what is in a lump, as far as it can be read.

    :param bytes content: the file winmail.dat
    :return: Unpacked
    """
    if _get_work(content) > MAX_WORK:
        return Unpacked([], "", "")
    # Built in two steps: what was read before a fault stays in the object.
    lump = TNEF.__new__(TNEF)
    with suppress(Exception):
        lump.__init__(content, do_checksum=False)
    files = [_read_file(part) for part in getattr(lump, "attachments", ())[:MAX_FILES]]
    html = _decode(getattr(lump, "htmlbody", None))
    text = _decode(getattr(lump, "body", None))
    if not (html.strip() or text.strip()):
        text = rtf_text.read_compressed(getattr(lump, "_rtfbody", None) or b"")
    return Unpacked([file for file in files if file], html, text)


def _get_work(content):
    """Return how many bytes the library will copy to read a lump."""
    offset, objects = 6, 0
    while offset + _OBJECT_HEAD < len(content):
        (length,) = struct.unpack_from("<I", content, offset + 5)
        offset += length + _OBJECT_HEAD
        objects += 1
    return objects * len(content)


def _read_file(part):
    """Return (name, bytes) of a file, or None when it is empty."""
    name = ""
    with suppress(Exception):  # a broken name is none
        name = _decode(part.long_filename()) or _decode(part.name)
    data = part.data
    if isinstance(data, list):
        data = data[0] if data else b""
    if not isinstance(data, bytes) or not data:
        return None
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    return name or "attachment", data


def _decode(value):
    """Return a text, whatever the library made of it."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        value = value.decode(mail_repair.guess_charset(value), "replace")
    return (value or "").replace("\x00", "")
