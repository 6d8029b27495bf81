"""Rich Text: the examples that its specifications print, and letters of all kinds."""

from complaint_tools import rtf_text

# MS-OXRTFCP 3.1.1 and 3.1.2
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
    "0af32068656c090020627705b06c647d0a800fa0"
)
REPEATED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_packed_examples_of_the_specification_are_unpacked():
    assert rtf_text.decompress(HELLO) == (
        b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    )
    assert rtf_text.decompress(REPEATED) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert rtf_text.read_compressed(HELLO) == "hello world"


def test_text_that_is_not_packed_is_taken_as_it_is():
    text = b"{\\rtf1\\ansi plain}"
    head = len(text).to_bytes(4, "little") * 2 + b"MELA" + bytes(4)
    assert rtf_text.read_compressed(head + text) == "plain"


def test_words_have_their_letters_and_lines():
    text = (
        rb"{\rtf1\ansi\ansicpg1254{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}"
        rb"{\*\generator Riched20;}\uc1 \'deikayet\par F\'fdr\'fdn\tab so\u287?uk"
        rb"\line \u1587?\u1604?\u1575?\u1605? \u-10179?\u-8704? \{a\\b\} }"
    )
    assert rtf_text.read(text) == "Şikayet\nFırın\tsoğuk\nسلام 😀 {a\\b}"


def test_tags_of_a_mail_that_was_html_are_no_words():
    text = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}Kettle{\*\htmltag72 </p>}"
        rb"\htmlrtf \par \htmlrtf0 leaks}"
    )
    assert rtf_text.read(text) == "Kettle\nleaks"


def test_damaged_text_raises_nothing():
    for content in (b"", b"x", HELLO[:16], HELLO[:-6], b"\xff" * 40, b"{" * 5000):
        rtf_text.read_compressed(content)
        rtf_text.read(content)
