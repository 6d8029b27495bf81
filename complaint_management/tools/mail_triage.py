"""Reads the headers of a mail: did a person write it (RFC 3834, RFC 2076)?"""

import email
import hashlib
import re
from contextlib import suppress
from email import policy
from email.header import decode_header, make_header

SURE, UNSURE = "automatic", "quarantine"
LIST_PRECEDENCES = {"bulk", "list"}
AUTOMATIC_PRECEDENCES = {"junk": "bulk", "auto_reply": "auto_submitted"}
MAILER_DAEMON = re.compile(r"^mailer-daemon(@|\b)", re.I)
AUTOMATIC_SENDER = re.compile(r"^(mailer-daemon|postmaster|no-?reply)@", re.I)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]+@[^\s<>\"'(),;:@\[\]]+")
_MESSAGE_ID = re.compile(rb"^message-id\s*:[ \t]*(\r?\n[ \t]+)?[^\s]", re.I | re.M)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def read_head(raw):
    """Return a message with the headers of a mail; the body isn't parsed, so that
    neither its size nor its depth matters.

    :param bytes raw: the mail
    """
    head = _split(raw)[0]
    return email.message_from_bytes(head + b"\n\n", policy=policy.compat32)


def header(message, name):
    """Return a header as text, or "" when it is missing or can't be read."""
    try:
        value = message.get(name)
        return "" if value is None else str(value).strip()
    except Exception:  # the parser of a broken header may raise anything
        return ""


def readable(message, name):
    """Return a header as a person reads it: encoded words and bare UTF-8 decoded."""
    values = [v for key, v in message.raw_items() if key.lower() == name.lower()]
    if not values:
        return ""
    value = values[0]
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with suppress(Exception):  # an unknown charset, for example
        text = str(make_header(decode_header(" ".join(text.split()))))
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def addresses(message, *names):
    """Return what looks like a mail address in some headers, in lower case. A plain
    search: the parsers of address lists fail on lists nested deeply enough."""
    values = [str(v) for name in names for v in message.get_all(name, ())]
    return [found.lower() for value in values for found in _ADDRESS.findall(value)]


def judge(message):
    """Tell what a mail is that no person wrote, or perhaps none.

    Mail lists and bulk senders also carry what people write (a company's own group
    address, for example), so a person looks at those; replies by machines and
    delivery reports are kept, but ask for nobody's time.

    :param email.message.Message message: parsed head of a mail
    :return: (``automatic`` or ``quarantine``, reason) or None for a person's mail;
        reasons: auto_submitted, bounce, bulk, mailing_list, calendar
    """
    if reason := _sure_reason(message):
        return SURE, reason
    if reason := _list_reason(message):
        newsletter = header(message, "List-Unsubscribe")
        return (SURE if newsletter and reason == "bulk" else UNSURE), reason
    if _content_type(message) == "text/calendar":
        return SURE, "calendar"
    return None


def _sure_reason(message):
    if is_bounce(message):
        return "bounce"
    auto_submitted = header(message, "Auto-Submitted").lower()
    if auto_submitted and not auto_submitted.startswith("no"):
        return "auto_submitted"
    for name in ("X-Autoreply", "X-Autorespond"):
        if header(message, name).lower() not in ("", "no"):
            return "auto_submitted"
    if header(message, "Return-Path") == "<>":
        return "auto_submitted"
    return AUTOMATIC_PRECEDENCES.get(header(message, "Precedence").lower())


def _list_reason(message):
    if header(message, "Precedence").lower() in LIST_PRECEDENCES:
        return "bulk"
    if header(message, "List-Id") or header(message, "List-Post"):
        return "mailing_list"
    return None


def is_bounce(message):
    """Tell a delivery or disposition report (RFC 3462), also in the dialects of the
    mail servers that don't keep to it."""
    if _content_type(message) == "multipart/report":
        return True
    address = _address(header(message, "From"))
    if MAILER_DAEMON.match(address):
        return True
    return bool(
        AUTOMATIC_SENDER.match(address) and header(message, "X-Failed-Recipients")
    )


def _content_type(message):
    try:
        return message.get_content_type()
    except Exception:  # see header()
        return ""


def _address(value):
    """Return the address in a header, or a bare name such as "MAILER-DAEMON"."""
    match = _ADDRESS.search(value)
    if match:
        return match.group()
    match = re.search(r"<([^<>\s]+)>", value) or re.match(
        r"\s*([\w.-]+)\s*(<>)?$", value
    )
    return match.group(1) if match else ""


def fingerprint(raw):
    """Return a hex digest of a mail that is the same whichever way it came: of what
    its sender wrote, not of what mail servers added. A mail without Message-ID is only
    known again when it comes exactly the same.

    :param bytes raw: the mail
    """
    head, __, body = _split(raw)
    if not _MESSAGE_ID.search(head):
        return hashlib.sha256(raw).hexdigest()
    message = read_head(raw)
    digest = hashlib.sha256(body)
    for name in ("Message-Id", "From", "To", "Date", "Subject", "Content-Type"):
        for value in message.get_all(name, ()):
            text = " ".join(str(value).split())
            digest.update(f"\n{name}:{text}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _split(raw):
    """Return (head, separator, body); a mail without head is all body."""
    found = _END_OF_HEAD.search(raw)
    if not found:
        return raw, b"", b""
    return raw[: found.start()], found.group(), raw[found.end() :]


def ensure_message_id(raw, digest):
    """Give a mail without Message-ID one that is the same at each delivery.

    :param bytes raw: the mail
    :param str digest: hex digest of the mail
    :return: bytes
    """
    if _MESSAGE_ID.search(_split(raw)[0]):
        return raw
    return add_header(raw, "Message-Id", f"<{digest[:40]}@no-message-id.invalid>")


def add_header(raw, name, value):
    """Put a header on top of a mail, where it comes before others of that name."""
    head = _split(raw)[0]
    newline = b"\r\n" if b"\r\n" in head else b"\n"
    return name.encode() + b": " + value.encode() + newline + raw
