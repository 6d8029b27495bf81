"""A chain of hashes that makes later changes of a journal visible.

Each entry is hashed together with the hash of the entry before it, so that to
change, insert, swap or remove one entry without trace all later hashes would have
to be replaced. Cutting entries off the *end* leaves a shorter but whole chain: only
somebody who knows the last hash sees that, see ``head`` of :func:`find_break`.

Format version N: SHA-256 over ``"N\\n" + previous hash + "\\n" + canonical JSON``,
in hexadecimal; the previous hash of the first entry is empty. Canonical JSON is
UTF-8, keys sorted by code point, no spaces, nothing escaped that needn't be.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timezone
from hashlib import sha256
from typing import NamedTuple

VERSION = 1
# Versions differ in what a payload covers (``tools/journal_seal``), not in the hashing.
VERSIONS = (1, 2)
GENESIS = ""
_HASH = re.compile(r"[0-9a-f]{64}")


class Break(NamedTuple):
    """The first entry that doesn't fit, and the part of it that gives it away.

    ``index`` counts from 0 in the order given; ``field`` is ``sequence``,
    ``version``, ``previous_hash``, ``payload`` (can't be hashed at all), ``hash``
    (payload or hash changed) or ``head`` (the end of the chain is missing).
    """

    index: int
    field: str


def canonical(payload):
    """Return the one JSON text of a payload, as bytes.

    Equal contents give equal bytes, also after a way through a ``jsonb`` column:
    key order, tuple or list, and 1.0 or 1 don't matter. Datetimes become ISO 8601
    in UTC with a ``Z`` (naive ones are UTC), dates ISO 8601.

    :param payload: None, bool, int, float, str, date, datetime, and lists, tuples
        and mappings with text keys of these
    :raise TypeError: any other type, among them bytes, sets and Decimal
    :raise ValueError: NaN, infinity, or text that isn't valid Unicode
    """
    text = json.dumps(
        _plain(payload),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )
    return text.encode("utf-8")


def digest(previous_hash, payload, version=VERSION):
    """Return the hash of an entry, 64 lower-case hexadecimal characters.

    :param str previous_hash: hash of the entry before; empty for the first
    :param payload: see :func:`canonical`
    :raise ValueError: unknown version or malformed previous hash
    :raise TypeError: a payload that has no canonical form
    """
    if version not in VERSIONS or isinstance(version, bool):
        raise ValueError(f"Unknown format version of the hash chain: {version!r}.")
    previous_hash = previous_hash or GENESIS
    if previous_hash != GENESIS and not _HASH.fullmatch(previous_hash):
        raise ValueError(f"Not a SHA-256 in hexadecimal: {previous_hash!r}.")
    head = f"{version}\n{previous_hash}\n".encode("ascii")
    return sha256(head + canonical(payload)).hexdigest()


def verify(entries, first=1, head=None):
    """Return None if the chain is whole, else the index of the first bad entry.

    Arguments as in :func:`find_break`.
    """
    broken = find_break(entries, first, head)
    return None if broken is None else broken.index


def find_break(entries, first=1, head=None):
    """Return where the chain breaks first, None if it is whole.

    Entries are read one by one, so that a chain of any length can be streamed.

    :param entries: in the order of the chain, mappings with the keys ``sequence``,
        ``previous_hash``, ``hash``, ``payload`` and optionally ``version``, or
        tuples in that order
    :param int first: sequence of the first entry; they rise by one without gap
    :param str head: hash of the last entry if it is known from elsewhere; the
        index of a missing end is the number of entries
    :rtype: Break or None
    """
    last, count = GENESIS, 0
    for count, entry in enumerate(entries, start=1):
        entry = _Entry.of(entry)
        field = entry.find_fault(first + count - 1, last)
        if field:
            return Break(count - 1, field)
        last = entry.hash
    if head is not None and head != last:
        return Break(count, "head")
    return None


class _Entry(NamedTuple):
    sequence: int
    previous_hash: str
    hash: str
    payload: object
    version: int = VERSION

    @classmethod
    def of(cls, entry):
        if not isinstance(entry, Mapping):
            return cls(*entry)
        known = {name: entry[name] for name in cls._fields[:4]}
        return cls(**known, version=entry.get("version", VERSION))

    def find_fault(self, sequence, last):
        """Return the name of the field that doesn't fit, or None."""
        if self.sequence != sequence:
            return "sequence"
        if self.version not in VERSIONS:
            return "version"
        if (self.previous_hash or GENESIS) != last:
            return "previous_hash"
        try:
            expected = digest(last, self.payload, self.version)
        except (TypeError, ValueError):
            return "payload"
        return None if self.hash == expected else "hash"


def _plain(value):
    """Return the value built of JSON types only, each content in one way."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (date, datetime)):
        return _iso(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    raise TypeError(f"No canonical JSON for a {type(value).__name__}.")


def _key(key):
    # json.dumps would write 1 and "1", or None and "null", as the same key.
    if not isinstance(key, str):
        raise TypeError(f"A key must be text, not {key!r}.")
    return key


def _number(value):
    # PostgreSQL gives 1.0, -0.0 and 1e22 back as 1.0, 0.0 and a whole number: a
    # float without fraction is written as the whole number that it is.
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"No canonical JSON for {value}.")
    return int(value) if value == int(value) else float(value)


def _iso(value):
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is not None:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return f"{value.isoformat()}Z"
