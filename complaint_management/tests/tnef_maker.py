"""Writes winmail.dat for tests, by MS-OXTNEF; shares no code with what reads it."""

import struct

MESSAGE, ATTACHMENT = 1, 2


def make_tnef(files=(), text=None, html=None, rtf=None):
    """Return the bytes of a winmail.dat.

    :param files: [(name, bytes)]
    """
    lump = struct.pack("<IH", 0x223E9F78, 1)
    lump += _attribute(MESSAGE, 0x9006, 8, struct.pack("<I", 0x10000))
    lump += _attribute(MESSAGE, 0x9007, 6, struct.pack("<II", 1252, 0))
    properties = []
    if text is not None:
        properties.append((0x1000, 0x001F, text.encode("utf-16-le") + b"\0\0"))
    if html is not None:
        properties.append((0x1013, 0x0102, html.encode("utf-8")))
    if rtf is not None:
        properties.append((0x1009, 0x0102, rtf))
    if properties:
        lump += _attribute(MESSAGE, 0x9003, 6, _properties(properties))
    for name, content in files:
        long_name = (0x3707, 0x001F, name.encode("utf-16-le") + b"\0\0")
        lump += _attribute(ATTACHMENT, 0x9002, 6, bytes(14))
        lump += _attribute(ATTACHMENT, 0x8010, 1, b"SHORT~1.DAT\0")
        lump += _attribute(ATTACHMENT, 0x800F, 6, content)
        lump += _attribute(ATTACHMENT, 0x9005, 6, _properties([long_name]))
    return lump


def _attribute(level, name, kind, content):
    head = struct.pack("<BHHI", level, name, kind, len(content))
    return head + content + struct.pack("<H", sum(content) & 0xFFFF)


def _properties(properties):
    """Values of one property each, filled up to four bytes."""
    found = struct.pack("<I", len(properties))
    for name, kind, content in properties:
        found += struct.pack("<HHII", kind, name, 1, len(content))
        found += content + bytes(-len(content) % 4)
    return found
