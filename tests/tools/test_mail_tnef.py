"""winmail.dat, written here by the description of the format (MS-OXTNEF)."""

import struct

import pytest
from complaint_tests.tnef_maker import make_tnef
from complaint_tools import mail_tnef

WORDS = "Soba işləmir, şikayətçiyəm"


def test_files_and_words_come_out():
    lump = make_tnef(
        files=[("şəkil.jpg", bytes(range(256)) * 9), ("C:\\temp\\bill.pdf", b"%PDF")],
        text=WORDS,
    )
    found = mail_tnef.unpack(lump)
    assert found.files == [
        ("şəkil.jpg", bytes(range(256)) * 9),
        ("bill.pdf", b"%PDF"),
    ]
    assert found.text == WORDS
    assert found.html == ""


def test_html_comes_out():
    assert "<b>cold</b>" in mail_tnef.unpack(make_tnef(html="<b>cold</b>")).html


def test_rich_text_is_read_when_there_is_nothing_else():
    words = b"{\\rtf1\\ansi The oven is cold}"
    packed = len(words).to_bytes(4, "little") * 2 + b"MELA" + bytes(4) + words
    assert mail_tnef.unpack(make_tnef(rtf=packed)).text == "The oven is cold"
    assert mail_tnef.unpack(make_tnef(rtf=packed, text="Cold")).text == "Cold"


def test_what_comes_before_the_damage_is_read():
    lump = make_tnef(files=[("a.txt", b"first"), ("b.txt", b"second")])
    found = mail_tnef.unpack(lump[: lump.index(b"second") - 30])
    assert ("a.txt", b"first") in found.files


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_damage_anywhere_raises_nothing(cut):
    lump = make_tnef(files=[("a.txt", b"first")], text=WORDS, html="<p>x</p>")
    mail_tnef.unpack(lump[:cut])
    mail_tnef.unpack(lump[:cut] + b"\xff" * 20 + lump[cut:])


def test_lump_made_to_keep_the_machine_busy_is_left_alone():
    head = struct.pack("<IH", 0x223E9F78, 1)
    tiny = struct.pack("<BHHI", 1, 0x7777, 6, 0) + b"\0\0"
    assert mail_tnef.unpack(head + tiny * 400_000) == ([], "", "")


def test_lump_is_known_by_its_content():
    lump = make_tnef(text="x")
    assert mail_tnef.is_tnef("winmail.dat", lump)
    assert mail_tnef.is_tnef("ATT00001", lump)
    assert not mail_tnef.is_tnef("winmail.dat", b"something else")
    assert not mail_tnef.is_tnef("winmail.dat", "a text")
