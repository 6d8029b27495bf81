"""Makes mails readable that name a wrong character set, none, or an unknown one.

Old mail programs and web forms send letters like ş, ə or ا as bare bytes. Python's
parser replaces those by question marks or gives up; here the character set is found
out from the bytes themselves.
"""

import codecs
import email
import re
from contextlib import suppress

import chardet

LAST_RESORT = "windows-1252"
ASCII = {"", "ascii", "us-ascii", "ansi_x3.4-1968"}
# Names that programs use and Python doesn't know.
ALIASES = {
    "iso-gb2312": "gb18030",
    "gb2312": "gb18030",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "",
    "utf-8mb4": "utf-8",
    "cp-850": "cp850",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "shift_jis",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
}
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
# Only what isn't ASCII tells which charset it is.
_BARE_WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_BOUNDARY = re.compile(rb"^--([^\r\n\"\\]{1,69}[^\s\"\\])[ \t]*\r?$", re.M)
_SINGLE_BYTE = re.compile(r"(iso-?8859|windows-?12|cp12|latin)", re.I)
_BARE_BYTE = re.compile(rb"[\x80-\xff]")
_Q_WORD = re.compile(rb"=\?[\w-]+\?[Qq]\?[^?]*\?=")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.I)


def known_charset(name):
    """Return a charset name that Python can decode with, or ""."""
    name = (name or "").strip("\"' ").lower()
    name = ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # base64, rot13 and the like are codecs too, but no character sets
    return name if getattr(info, "_is_text_encoding", True) else ""


def guess_charset(content):
    """Return the charset in which some bytes make sense."""
    if _is_utf8(content):
        return "utf-8"
    found = chardet.detect(content[:20_000])
    name = known_charset(found["encoding"])
    return name if name and found["confidence"] >= 0.5 else LAST_RESORT


def repair_head(raw):
    """Return a mail whose headers are UTF-8 where they hold bare bytes.

    :param bytes raw: the mail
    """
    end = _END_OF_HEAD.search(raw)
    cut = end.start() if end else len(raw)
    head = raw[:cut]
    if _is_utf8(head):
        return raw
    declared = _CHARSET.search(head)
    name = known_charset(declared.group(1).decode("ascii")) if declared else ""
    if name in ASCII or name == "utf-8":
        name = guess_charset(b" ".join(_BARE_WORD.findall(head)))
    lines = [_repair_line(line, name) for line in head.split(b"\n")]
    return b"\n".join(lines) + raw[cut:]


def _repair_line(line, charset):
    if _is_utf8(line):
        return line
    # A bare byte inside of an encoded word has the charset of that word.
    line = _Q_WORD.sub(lambda word: _BARE_BYTE.sub(_quote, word.group()), line)
    return line.decode(charset, "replace").encode("utf-8")


def _quote(match):
    return b"=%02X" % ord(match.group())


def _is_utf8(content):
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def repair_parts(message):
    """Correct, in place, the parts of a mail that can't be read as they are.

    :param email.message.EmailMessage message: parsed mail
    """
    for part in list(message.walk()):
        if part.get_content_maintype() == "multipart" and not part.is_multipart():
            _repair_boundary(part)
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            continue
        if part.get_content_maintype() == "text":
            _repair_charset(part)
        try:
            _read(part)
        except Exception:  # whatever is wrong, it becomes a plain file
            _make_file(part)


def _repair_boundary(part):
    """Split a part at the boundary that is there, not the one that was announced; a
    part without any is plain text."""
    raw = part.get_payload(decode=True) or b""
    found = _BOUNDARY.search(raw)
    kind = b"text/plain"
    if found:
        subtype = part.get_content_subtype().encode("ascii", "ignore") or b"mixed"
        kind = b'multipart/%s; boundary="%s"' % (subtype, found.group(1))
    inner = email.message_from_bytes(
        b"Content-Type: " + kind + b"\n\n" + raw, policy=part.policy
    )
    del part["Content-Type"]
    part["Content-Type"] = inner["Content-Type"]
    part.set_payload(inner.get_payload())


def _repair_charset(part):
    declared = str(part.get_param("charset") or "")
    name = known_charset(declared) or "utf-8"
    content = part.get_payload(decode=True) or b""
    if not content.isascii() and not _is_plausible(content, name):
        name = guess_charset(content)
    if name.lower() == declared.lower():
        return
    with suppress(Exception):  # the header itself is broken
        part.set_param("charset", name)
    if part.get_param("charset") != name:
        subtype = part.get_content_subtype()
        del part["Content-Type"]
        part["Content-Type"] = f"text/{subtype}; charset={name}"


def _is_plausible(content, charset):
    """Tell whether some bytes, not all ASCII, may well be in a charset. What is valid
    UTF-8 is hardly ever meant as single letters of another charset."""
    try:
        content.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return False
    return not (_SINGLE_BYTE.match(charset) and _is_utf8(content))


def _read(part):
    content = part.get_content()
    if hasattr(content, "as_bytes"):
        content.as_bytes()


def _make_file(part):
    name = "attachment"
    with suppress(Exception):  # a broken name is none
        name = part.get_filename() or name
    content = part.get_payload(decode=True)
    if content is None:
        content = str(part.get_payload()).encode("utf-8", "replace")
    for header in ("Content-Type", "Content-Disposition", "Content-Transfer-Encoding"):
        del part[header]
    part.set_content(
        content, maintype="application", subtype="octet-stream", filename=name
    )
