import hashlib
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from complaint_tools.hash_chain import (
    GENESIS,
    Break,
    canonical,
    digest,
    find_break,
    verify,
)
from hypothesis import assume, given
from hypothesis import strategies as st


def chain(payloads, first=1):
    entries, previous = [], GENESIS
    for sequence, payload in enumerate(payloads, start=first):
        entry = {
            "sequence": sequence,
            "previous_hash": previous,
            "hash": digest(previous, payload),
            "payload": payload,
        }
        entries.append(entry)
        previous = entry["hash"]
    return entries


FIVE = [{"event": "priority", "before": n, "after": n + 1} for n in range(5)]


def test_canonical_sorts_keys_and_keeps_letters():
    payload = {"ö": "şikâyət شکایت", "a": [1, True, None], "b": {"y": 2, "x": "\n"}}
    assert canonical(payload).decode() == (
        '{"a":[1,true,null],"b":{"x":"\\n","y":2},"ö":"şikâyət شکایت"}'
    )


def test_canonical_writes_instants_in_utc():
    naive = datetime(2026, 3, 1, 10, 30)
    baku = datetime(2026, 3, 1, 14, 30, tzinfo=timezone(timedelta(hours=4)))
    assert canonical(naive) == canonical(baku) == b'"2026-03-01T10:30:00Z"'
    assert canonical(naive.replace(microsecond=5)) == b'"2026-03-01T10:30:00.000005Z"'
    assert canonical(date(2026, 3, 1)) == b'"2026-03-01"'


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        (10**30, "1" + "0" * 30),
        (2.5e-7, "2.5e-07"),
        (True, "true"),
    ],
)
def test_canonical_writes_each_number_in_one_way(number, text):
    assert canonical(number).decode() == text


@pytest.mark.parametrize(
    "payload", [b"bytes", {1, 2}, Decimal("1.5"), {1: "a"}, {None: 1}, object()]
)
def test_canonical_refuses_other_types(payload):
    with pytest.raises(TypeError):
        canonical({"value": payload})


@pytest.mark.parametrize("payload", [float("nan"), float("inf"), "\ud800"])
def test_canonical_refuses_what_json_can_not_hold(payload):
    with pytest.raises(ValueError):
        canonical([payload])


def test_digest_of_version_1_never_changes():
    first = digest("", {"event": "received", "at": datetime(2026, 1, 2, 3, 4, 5)})
    text = '1\n\n{"at":"2026-01-02T03:04:05Z","event":"received"}'
    assert first == hashlib.sha256(text.encode()).hexdigest()
    second = digest(first, [])
    assert second == hashlib.sha256(f"1\n{first}\n[]".encode()).hexdigest()
    assert digest(None, []) == digest(False, []) == digest(GENESIS, [])


def test_digest_refuses_wrong_version_and_hash():
    for version in (0, 3, "1", None, True):
        with pytest.raises(ValueError, match="version"):
            digest("", {}, version=version)
    for previous in ("abc", "A" * 64, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="SHA-256"):
            digest(previous, {})


def test_verify_accepts_whole_chains_of_dicts_and_tuples():
    assert verify([]) is None
    entries = chain(FIVE)
    assert verify(entries) is None
    assert verify(iter(entries), head=entries[-1]["hash"]) is None
    assert verify(tuple(entry.values()) for entry in entries) is None
    assert verify({**entry, "version": 1} for entry in entries) is None
    assert verify(chain(FIVE, first=7), first=7) is None


def test_verify_finds_a_removed_entry():
    entries = chain(FIVE)
    for index in range(4):
        assert verify(entries[:index] + entries[index + 1 :]) == index
    # Renumbering the rest doesn't help.
    rest = [{**entry, "sequence": n} for n, entry in enumerate(entries[1:], start=1)]
    assert find_break(rest) == Break(0, "previous_hash")


def test_verify_finds_a_cut_end_only_by_its_head():
    entries = chain(FIVE)
    assert verify(entries[:3]) is None
    assert find_break(entries[:3], head=entries[-1]["hash"]) == Break(3, "head")
    assert find_break([], head=entries[-1]["hash"]) == Break(0, "head")


def test_verify_finds_swapped_entries():
    entries = chain(FIVE)
    entries[1], entries[2] = entries[2], entries[1]
    assert find_break(entries) == Break(1, "sequence")
    for sequence, entry in enumerate(entries, start=1):
        entry["sequence"] = sequence
    assert find_break(entries) == Break(1, "previous_hash")


def test_verify_finds_an_inserted_entry():
    entries = chain(FIVE)
    forged = {
        "sequence": 3,
        "previous_hash": entries[1]["hash"],
        "hash": digest(entries[1]["hash"], {"event": "forged"}),
        "payload": {"event": "forged"},
    }
    later = [{**entry, "sequence": entry["sequence"] + 1} for entry in entries[2:]]
    assert find_break([*entries[:2], forged, *later]) == Break(3, "previous_hash")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payload": {"event": "other"}}, "hash"),
        ({"payload": {"event": {1, 2}}}, "payload"),
        ({"hash": "0" * 64}, "hash"),
        ({"hash": None}, "hash"),
        ({"previous_hash": "0" * 64}, "previous_hash"),
        ({"previous_hash": ""}, "previous_hash"),
        ({"sequence": 4}, "sequence"),
        ({"sequence": None}, "sequence"),
        ({"version": 3}, "version"),
    ],
)
def test_verify_names_the_entry_and_the_field(changes, field):
    entries = chain(FIVE)
    entries[2].update(changes)
    assert find_break(entries) == Break(2, field)
    assert verify(entries) == 2


def test_verify_of_an_entry_without_hash_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        verify([{"sequence": 1}])


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.datetimes(),
    st.dates(),
)
payloads = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("abcçşı", max_size=3), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(payloads)
def test_canonical_survives_a_way_through_json(payload):
    text = canonical(payload)
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=6), st.data())
def test_canonical_does_not_depend_on_key_order(payload, data):
    items = data.draw(st.permutations(list(payload.items())))
    assert canonical(dict(items)) == canonical(payload)


@given(st.lists(payloads, min_size=1, max_size=6), payloads, st.data())
def test_any_tampering_is_found_at_its_place(contents, forged, data):
    entries = chain(contents)
    assert verify(entries, head=entries[-1]["hash"]) is None
    index = data.draw(st.integers(0, len(entries) - 1))
    assume(canonical(forged) != canonical(contents[index]))
    changed = [dict(entry) for entry in entries]
    changed[index]["payload"] = forged
    assert verify(changed) == index
    # With the hash of the forged entry mended, the next one (or the head) tells.
    changed[index]["hash"] = digest(changed[index]["previous_hash"], forged)
    assert verify(changed, head=entries[-1]["hash"]) == index + 1


@given(st.lists(payloads, min_size=2, max_size=6), st.data())
def test_any_reordering_removal_or_repetition_is_found(contents, data):
    entries = chain(contents)
    head = entries[-1]["hash"]
    picked = data.draw(st.lists(st.sampled_from(entries), max_size=8))
    assume([entry["sequence"] for entry in picked] != list(range(1, len(entries) + 1)))
    found = verify(picked, head=head)
    intact = 0
    while intact < len(picked) and picked[intact]["sequence"] == intact + 1:
        intact += 1
    assert found == intact
    renumbered = [{**entry, "sequence": n} for n, entry in enumerate(picked, start=1)]
    assert verify(renumbered, head=head) == intact
