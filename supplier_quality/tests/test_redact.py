from odoo.tests import BaseCase, tagged

from odoo.addons.complaint_management.tools.redact import MARK, find_identifiers, redact

IDENTIFIERS = [
    "Əli Əliyev",
    "ali.aliyev@mail.example",
    "+994 50 123 45 67",
    "Bakı Metal MMC",
    "SO-2024/117",
]


@tagged("post_install", "-at_install")
class TestRedact(BaseCase):
    def assertGone(self, text, *identifiers):
        cleaned = redact(f"before {text} after", identifiers or IDENTIFIERS)
        self.assertEqual(cleaned, f"before {MARK} after", text)

    def test_redact_name_in_any_spelling_is_removed(self):
        for text in (
            "Əli Əliyev",
            "ƏLİ ƏLİYEV",
            "ali eliyev".replace("ali", "eli"),
            "Əliyevin",
            "Əli Əliyev'in",
            "Bakı Metal",
            "baki metal mmc",
            "SO 2024 117",
        ):
            self.assertGone(text)

    def test_redact_name_with_hidden_joiner_or_letter_variant_is_removed(self):
        self.assertGone("A\u200bl\u00adiyev", "Aliyev")
        self.assertGone("علي كریمی", "علی کریمی")
        self.assertGone("IŞIL", "Işıl")
        self.assertGone("Müller", "Mu\u0308ller")

    def test_redact_known_phone_in_any_grouping_is_removed(self):
        for text in ("0501234567", "050 123-45-67", "+994 (50) 123 45 67", "1234567"):
            self.assertGone(text)
        self.assertGone("۰۵۰۱۲۳۴۵۶۷")

    def test_find_identifiers_takes_no_document_number_for_a_phone(self):
        for number in ("CMP/2026/00001", "2025/00001", "SO1234567"):
            self.assertFalse(find_identifiers("SCAR/2026/00001, P1234567", [number]))

    def test_redact_unknown_contact_data_is_removed_by_its_shape(self):
        for text in (
            "someone@other.example",
            "someone (at) other.example",
            "+90 532 999 88 77",
            "https://forum.example/thread?x=1",
            "www.shop.example",
            "shop.com.tr/cart",
            "@gunel_baku",
            "AZ21NABZ00000000137010001944",
            "4111 1111 1111 1111",
        ):
            self.assertGone(text)

    def test_redact_technical_text_stays(self):
        text = (
            "Lid of lot 202601150001 melted at 95.5 °C on 2026-01-15 10:30, 3 x 4 mm, "
            "article KET-500600700; steel 1.4301, metal."
        )
        self.assertEqual(
            redact(text, ["Əli Əliyev"], keep=["202601150001", "KET-500600700"]), text
        )

    def test_redact_short_name_inside_other_words_stays(self):
        self.assertEqual(
            redact("Alignment of realism", ["Ali"]), "Alignment of realism"
        )

    def test_redact_empty_input_gives_empty_text(self):
        self.assertEqual(redact(None, [None, ""]), "")
        self.assertEqual(redact("text", []), "text")

    def test_find_identifiers_ignores_single_words_but_not_the_whole(self):
        self.assertFalse(find_identifiers("the metal is thin", IDENTIFIERS))
        self.assertEqual(
            find_identifiers("goods of bakı metal mmc", IDENTIFIERS), ["bakı metal mmc"]
        )
        self.assertTrue(find_identifiers("call 0501234567", IDENTIFIERS))
        self.assertTrue(find_identifiers("ALI.ALIYEV@MAIL.EXAMPLE", IDENTIFIERS))
