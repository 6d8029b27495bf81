"""Who wrote a mail that somebody passed on: blocks as the mail programs write them."""

import pytest
from complaint_tools.mail_forward import find_senders, is_forward

LEYLA = ("Leyla Həsənova", "leyla@customer.example")
BLOCKS = {
    "Gmail": (
        "FYI\n\n---------- Forwarded message ---------\n"
        "From: Leyla Həsənova <leyla@customer.example>\n"
        "Date: Mon, 9 Mar 2026 at 10:12\nSubject: Cold oven\nTo: <info@x.example>\n"
    ),
    "Outlook, bold and link as a footnote": (
        "*From:* Leyla Həsənova <leyla@customer.example> [1]\n"
        "*Sent:* Monday, March 9, 2026\n*To:* Info\n*Subject:* Cold oven\n"
    ),
    "old Outlook": (
        "From: Leyla Həsənova [mailto:Leyla@Customer.example]\nSent: Monday\n"
    ),
    "Turkish Outlook": (
        "Kimden: Leyla Həsənova <leyla@customer.example>\n"
        "Gönderildi: 9 Mart 2026 Pazartesi\nKime: Bilgi\nKonu: Soğuk fırın\n"
    ),
    "Turkish Gmail": (
        "Gönderen: Leyla Həsənova <leyla@customer.example>\n"
        "Date: 9 Mar 2026\nSubject: Soğuk fırın\n"
    ),
    "Azerbaijani": (
        "Kimdən: Leyla Həsənova <leyla@customer.example>\n"
        "Göndərilib: 9 mart 2026\nKimə: Məlumat\nMövzu: Soba\n"
    ),
    "Persian": (
        "\u202bاز: Leyla Həsənova <leyla@customer.example>\u202c\n"
        "\u200fتاریخ: ۱۸ اسفند ۱۴۰۴\nبه: پشتیبانی\nموضوع: اجاق\n"
    ),
    "Persian, other word": (
        "فرستنده: Leyla Həsənova <leyla@customer.example>\nارسال‌شده: دوشنبه\n"
    ),
    "quoted": (
        "> From: Leyla Həsənova <leyla@customer.example>\n>\n> Subject: Cold oven\n"
    ),
    "on the next line": (
        "From:\nLeyla Həsənova <leyla@customer.example>\nTo:\nInfo\nSubject: x\n"
    ),
}


@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS)
def test_sender_in_block_is_found(text):
    assert find_senders(text) == [LEYLA]


def test_sender_of_attached_mail_comes_first():
    found = find_senders(BLOCKS["Turkish Gmail"], ["Ali <ali@shop.example>"])
    assert found == [("Ali", "ali@shop.example"), LEYLA]


def test_sender_without_address_is_a_name():
    assert find_senders("From: Leyla Həsənova\nSent: Monday\nTo: x\n") == [
        ("Leyla Həsənova", "")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From: what I read the oven should heat.\nIt does not.\n",
        "The letter is from: my neighbour\n",
        "Date: today\nSubject: From me\n",
    ],
)
def test_words_that_are_no_block_name_nobody(text):
    assert find_senders(text) == []


@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: oven",
        "FW: oven",
        "Re: Fwd: oven",
        "İLT: fırın",
        "ilt: fırın",
        "Ynt: FW: fırın",
        "WG: Ofen",
        "هدایت: اجاق",
        "[Fwd: oven]",
    ],
)
def test_subject_says_that_the_mail_was_passed_on(subject):
    assert is_forward(subject)


@pytest.mark.parametrize(
    "subject", ["", None, "Re: oven", "Forward gear broken", "FWD"]
)
def test_subject_that_says_nothing_of_it(subject):
    assert not is_forward(subject)


def test_long_text_takes_no_time():
    find_senders("> " * 200_000 + "\n" + "From:\n" * 5_000 + "*" * 100_000)
