"""Reads what a program sends to ``complaint.case.intake``: pure checks of shape.

Nothing here looks anything up; codes are only checked to be texts.
"""

import base64
import binascii
from datetime import datetime, timezone

TEXT_KEYS = (
    "channel",
    "idempotency_key",
    "external_ref",
    "subject",
    "description",
    "on_behalf_of",
    "product",
    "lot",
    "order_ref",
    "category",
    "error_type",
    "remedy",
    "language",
)
FLAG_KEYS = ("anonymous", "confidential")
PARTNER_KEYS = ("name", "email", "phone", "company")
ATTACHMENT_KEYS = ("name", "mimetype", "data")
KEYS = (*TEXT_KEYS, *FLAG_KEYS, "partner", "quantity", "received_at", "attachments")

MAX_TEXT = 100_000
MAX_LINE = 1_000
MAX_ATTACHMENTS = 20
MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024


class PayloadError(ValueError):
    """One payload is wrong; ``errors`` is {key: message}."""

    def __init__(self, errors):
        super().__init__(errors)
        self.errors = errors


def parse(payload, translate=str):
    """Check one payload and return it clean.

    :param dict payload: see the contract of ``complaint.case.intake``
    :param translate: callable(text, **values) -> text, for the messages
    :return: dict with only known keys; ``received_at`` is naive UTC, attachments are
        [(name, mimetype or None, bytes)], texts have no NUL characters
    :raise PayloadError: names each wrong key
    """
    _ = _Translator(translate)
    if not isinstance(payload, dict):
        raise PayloadError({"payload": _("Send an object with keys and values.")})
    errors = {str(key): _("Unknown key.") for key in payload if key not in KEYS}
    clean = {}
    for key, value in payload.items():
        if key in errors or value is None:
            continue
        try:
            clean[key] = _parse_key(key, value, _)
        except ValueError as error:
            errors[key] = str(error)
    errors.update(_missing(clean, errors, _))
    if errors:
        raise PayloadError(errors)
    return clean


class _Translator:
    """Formats a message, translated when the caller can."""

    def __init__(self, translate):
        self.translate = translate

    def __call__(self, text, **values):
        if self.translate is str:
            return text % values if values else text
        return self.translate(text, **values)


def _parse_key(key, value, _):
    if key in TEXT_KEYS:
        return _text(value, MAX_TEXT if key == "description" else MAX_LINE, _)
    if key in FLAG_KEYS:
        if not isinstance(value, bool):
            raise ValueError(_("Send true or false."))
        return value
    return _PARSERS[key](value, _)


def _text(value, limit, _):
    if not isinstance(value, str):
        raise ValueError(_("Send a text."))
    value = value.replace("\x00", "").strip()
    if len(value) > limit:
        raise ValueError(_("Longer than %(limit)s characters.", limit=limit))
    return value


def _partner(value, _):
    if not isinstance(value, dict) or set(value) - set(PARTNER_KEYS):
        raise ValueError(
            _("Send an object with: %(keys)s.", keys=", ".join(PARTNER_KEYS))
        )
    return {
        key: _text(part, MAX_LINE, _)
        for key, part in value.items()
        if part not in (None, "")
    }


def _quantity(value, _):
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(_("Send a number that isn't negative."))
    if value != value or value > 1e12:
        raise ValueError(_("Send a number below a million millions."))
    return float(value)


def _received_at(value, _):
    message = _("Send a moment like 2026-03-01T09:30:00+04:00.")
    if not isinstance(value, str):
        raise ValueError(message)
    try:
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        if moment.tzinfo is None:
            raise ValueError(message)
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError) as error:
        raise ValueError(message) from error


def _attachments(value, _):
    if not isinstance(value, list):
        raise ValueError(_("Send a list."))
    if len(value) > MAX_ATTACHMENTS:
        raise ValueError(_("More than %(limit)s files.", limit=MAX_ATTACHMENTS))
    return [_attachment(item, _) for item in value]


def _attachment(item, _):
    if (
        not isinstance(item, dict)
        or set(item) - set(ATTACHMENT_KEYS)
        or not isinstance(item.get("name"), str)
        or not isinstance(item.get("data"), str)
    ):
        raise ValueError(
            _(
                "Each file is an object with: %(keys)s.",
                keys=", ".join(ATTACHMENT_KEYS),
            )
        )
    name = _text(item["name"], MAX_LINE, _) or "file"
    try:
        content = base64.b64decode(item["data"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(_("“%(name)s” isn't base64.", name=name)) from error
    if len(content) > MAX_ATTACHMENT_BYTES:
        raise ValueError(_("“%(name)s” is larger than 25 MB.", name=name))
    mimetype = item.get("mimetype")
    return name, mimetype if isinstance(mimetype, str) else None, content


_PARSERS = {
    "partner": _partner,
    "quantity": _quantity,
    "received_at": _received_at,
    "attachments": _attachments,
}


def _missing(clean, errors, _):
    """Return {key: message} of what must be there and isn't."""
    missing = {}
    if not clean.get("channel") and "channel" not in errors:
        missing["channel"] = _("Say by which channel the complaint came.")
    if not (clean.get("subject") or clean.get("description")):
        if not {"subject", "description"} & set(errors):
            missing["subject"] = _("Send a subject or a description.")
    if not (clean.get("partner") or clean.get("anonymous") or "partner" in errors):
        missing["partner"] = _(
            "Send who complains, or say that the complaint is anonymous."
        )
    return missing
