"""Tells from the headers of a mail whether a person wrote it (RFC 3834, RFC 2076)."""

import re

PRECEDENCES = {"bulk", "list", "junk", "auto_reply"}
AUTOMATIC_SENDER = re.compile(r"^(mailer-daemon|postmaster|no-?reply)@", re.I)
_MESSAGE_ID = re.compile(rb"^message-id\s*:", re.I | re.M)


def header(message, name):
    """Return a header as text, or "" when it is missing or can't be read."""
    try:
        value = message.get(name)
        return "" if value is None else str(value).strip()
    except Exception:
        return ""


def automatic_reason(message):
    """Return why a mail is automatic, as a code, or None when a person wrote it.

    :param email.message.Message message: parsed mail
    :return: ``auto_submitted``, ``bulk``, ``mailing_list``, ``bounce``, ``calendar``
        or None
    """
    auto_submitted = header(message, "Auto-Submitted").lower()
    if auto_submitted and not auto_submitted.startswith("no"):
        return "auto_submitted"
    if header(message, "X-Autoreply") or header(message, "X-Autorespond"):
        return "auto_submitted"
    if header(message, "Return-Path") == "<>" or _is_report(message):
        return "bounce"
    if header(message, "Precedence").lower() in PRECEDENCES:
        return "bulk"
    if header(message, "List-Id") or header(message, "List-Post"):
        return "mailing_list"
    if _content_type(message) == "text/calendar":
        return "calendar"
    return None


def _content_type(message):
    try:
        return message.get_content_type()
    except Exception:
        return ""


def _is_report(message):
    """A delivery status or a disposition notification (RFC 3462)."""
    if _content_type(message) == "multipart/report":
        return True
    return bool(AUTOMATIC_SENDER.match(_address(header(message, "From")))) and bool(
        header(message, "X-Failed-Recipients")
    )


def _address(value):
    match = re.search(r"[^\s<>\"']+@[^\s<>\"']+", value)
    return match.group() if match else ""


def ensure_message_id(raw, digest):
    """Give a mail without Message-ID one that is the same at each delivery.

    :param bytes raw: the mail
    :param str digest: hex digest of the mail
    :return: bytes
    """
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    if _MESSAGE_ID.search(head):
        return raw
    newline = b"\r\n" if b"\r\n" in head else b"\n"
    line = b"Message-Id: <" + digest[:40].encode() + b"@no-message-id.invalid>"
    return line + newline + raw
