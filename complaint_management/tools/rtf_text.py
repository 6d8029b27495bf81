"""Reads the words out of Rich Text, as Outlook puts them into its mails.

``read_compressed`` undoes the packing of MS-OXRTFCP; ``read`` follows the RTF
specification 1.9 as far as plain words need it. Groups that begin with ``\\*``, such as
the tags of a mail that was HTML (MS-OXRTFEX), are no words.
"""

import codecs
import re
import struct

_PRESET = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss "
    rb"\fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    rb"{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING = 4096
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
MAX_SIZE = 10 * 1024 * 1024

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)",
    re.I,
)
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": "\t"}
_SIGNS = {
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
}
_SILENT = {
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"info",
    b"pict",
    b"object",
    b"header",
    b"footer",
    b"generator",
}


def read_compressed(content):
    """Return the words of packed Rich Text, "" when it can't be read."""
    try:
        return read(decompress(content))
    except (IndexError, ValueError, struct.error, RecursionError):
        return ""


def decompress(content):
    """Undo the packing of MS-OXRTFCP.

    :param bytes content: header of 16 bytes, then the packed text
    :return: bytes
    :raise ValueError: no packed Rich Text
    """
    __, size, kind, __ = struct.unpack_from("<IIII", content)
    if kind == _PLAIN:
        return content[16 : 16 + size]
    if kind != _PACKED or size > MAX_SIZE:
        raise ValueError("no packed Rich Text")
    ring = bytearray(_PRESET.ljust(_RING, b"\0"))
    place, done, position = len(_PRESET), bytearray(), 16

    def put(byte):
        nonlocal place
        done.append(byte)
        ring[place] = byte
        place = (place + 1) % _RING

    while len(done) < size and position < len(content):
        flags, position = content[position], position + 1
        for bit in range(8):
            if position >= len(content):
                break
            if not flags >> bit & 1:
                put(content[position])
                position += 1
                continue
            (pair,) = struct.unpack_from(">H", content, position)
            position += 2
            start, length = pair >> 4, (pair & 15) + 2
            if start == place:
                return bytes(done)
            for step in range(length):
                put(ring[(start + step) % _RING])
    return bytes(done)


def read(content):
    """Return the words of Rich Text.

    :param bytes content: begins with ``{\\rtf``
    """
    return _Reader().collect(content[:MAX_SIZE])


class _Reader:
    """Goes through the tokens; what belongs to no words is left out."""

    def __init__(self):
        self.words, self.pending = [], bytearray()
        self.charset, self.skip = "cp1252", 0
        # One entry for each open brace: is the group silent, how many signs follow \u
        self.groups = [(False, 1)]
        self.starred = False

    def collect(self, content):
        for match in _TOKEN.finditer(content):
            word, number, byte, sign, brace, plain = match.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, int(number) if number else None)
            elif byte:
                self._bytes(bytes([int(byte, 16)]))
            elif sign:
                self._sign(sign)
            elif plain:
                self._bytes(plain)
        self._flush()
        # Signs beyond the first 65,536 come in two halves.
        pairs = "".join(self.words).encode("utf-16-le", "surrogatepass")
        return pairs.decode("utf-16-le", "replace").strip()

    @property
    def silent(self):
        return self.groups[-1][0]

    def _brace(self, brace):
        self._flush()
        self.starred = False
        if brace == b"{":
            self.groups.append(self.groups[-1])
        elif len(self.groups) > 1:
            self.groups.pop()

    def _word(self, word, number):
        if word in _SILENT or self.starred:
            self._flush()
            self.groups[-1] = (True, self.groups[-1][1])
        elif word == b"ansicpg":
            self._set_charset(number)
        elif word == b"uc":
            self.groups[-1] = (self.silent, number or 0)
        elif word == b"u" and number is not None:
            self._put(chr(number % 65536))
            self.skip = self.groups[-1][1]
        else:
            self._put(_BREAKS.get(word) or _SIGNS.get(word, ""))
        self.starred = False

    def _set_charset(self, number):
        try:
            self.charset = codecs.lookup(f"cp{number}").name
        except LookupError:
            self.charset = "cp1252"

    def _sign(self, sign):
        if sign == b"*":
            self.starred = True
        elif sign in b"\r\n":
            self._put("\n")
        elif sign in b"\\{}":
            self._bytes(sign)
        elif sign == b"~":
            self._put("\xa0")

    def _bytes(self, found):
        rest = found[self.skip :]
        self.skip = max(0, self.skip - len(found))
        if not self.silent:
            self.pending += rest

    def _put(self, text):
        if text and not self.silent:
            self._flush()
            self.words.append(text)

    def _flush(self):
        if self.pending:
            self.words.append(self.pending.decode(self.charset, "replace"))
            self.pending.clear()
