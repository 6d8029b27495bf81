"""What the chain of a journal covers, and what can be erased from it all the same.

An entry must never change, and a person may ask to be forgotten. Both hold because the
chain covers personal values (texts, people outside) only as salted digests: while the
salt of an entry is kept, a value that was changed doesn't fit its digest; once salt
and values are erased together, nothing can be guessed from the digests, and the chain,
which never held more than them, stays whole. An erasure counts only if a later entry
of the same chain names it, so that wiping an entry out in the database is still found.

Format version 1 (before digests) covers all values in plain; it is only read.

Entries are mappings with the keys ``res_model``, ``res_id``, ``company_id``,
``chain_sequence``, ``event``, ``actor_id``, ``logged_at`` (text, UTC), ``before``,
``after`` ({name: value}), ``note``, ``salt``, ``sealed`` ({path: digest}),
``format_version``, ``previous_hash`` and ``entry_hash``. Paths are ``before.<name>``,
``after.<name>`` and ``note``. Nothing but the standard library is needed here: the
evidence pack takes this file along.
"""

from hashlib import sha256

try:
    from . import hash_chain
except ImportError:  # as a file of an evidence pack
    import hash_chain

VERSION = 2
ERASED_EVENT = "erased"
ERASED_KEY = "erased_entries"
_PLAIN = ("res_model", "res_id", "chain_sequence", "event", "actor_id", "logged_at")


def seal(salt, path, value):
    """Return the digest (64 hexadecimal characters) that stands for a value."""
    return sha256(
        f"{salt}\n{path}\n".encode() + hash_chain.canonical(value)
    ).hexdigest()


def payload(entry):
    """Return what the hash of an entry covers, by its format version."""
    before, after = entry["before"] or {}, entry["after"] or {}
    covered = {name: entry[name] for name in _PLAIN}
    if entry["format_version"] == 1:
        return {
            **covered,
            "before": before,
            "after": after,
            "note": entry["note"] or "",
        }
    sealed = entry["sealed"] or {}
    return {
        **covered,
        "company_id": entry["company_id"] or None,
        "before": {k: v for k, v in before.items() if f"before.{k}" not in sealed},
        "after": {k: v for k, v in after.items() if f"after.{k}" not in sealed},
        "note": "" if "note" in sealed else entry["note"] or "",
        "sealed": sealed,
    }


def get_value(entry, path):
    """Return the value of an entry to which a path leads, None when it isn't there."""
    part, __, name = path.partition(".")
    return (entry[part] or {}).get(name) if name else entry[part] or None


def find_fault(entries, head=None):
    """Return (sequence, what) of the first fault of a chain, None if it is whole.

    ``what`` is a path whose value was changed, ``salt`` (erased, and no entry says so),
    ``count`` (entries are missing at the end) or a field of
    :class:`hash_chain.Break`.

    :param list entries: of one host, in their order
    :param tuple head: (sequence, hash) of the last entry, as kept elsewhere
    """
    found = hash_chain.find_break(map(_link, entries))
    if found:
        return found.index + 1, found.field
    erased = {
        sequence
        for entry in entries
        if entry["event"] == ERASED_EVENT
        for sequence in (entry["after"] or {}).get(ERASED_KEY, ())
    }
    for entry in entries:
        fault = _find_broken_seal(entry, erased)
        if fault:
            return entry["chain_sequence"], fault
    last = entries[-1] if entries else {"chain_sequence": 0, "entry_hash": ""}
    if head and head != (last["chain_sequence"], last["entry_hash"]):
        return last["chain_sequence"] + 1, "head"
    return None


def _link(entry):
    return {
        "sequence": entry["chain_sequence"],
        "previous_hash": entry["previous_hash"] or "",
        "hash": entry["entry_hash"],
        "version": entry["format_version"],
        "payload": payload(entry),
    }


def _find_broken_seal(entry, erased):
    sealed = entry["sealed"] or {}
    if sealed and not entry["salt"]:
        return None if entry["chain_sequence"] in erased else "salt"
    for path, digest in sealed.items():
        if seal(entry["salt"], path, get_value(entry, path)) != digest:
            return path
    return None
