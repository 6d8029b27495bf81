"""Every mail of the public collection goes through the gateway: none crashes it, none
is lost, none counts twice, and nothing is sent."""

import time
from collections import Counter
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

MAILS = Path(__file__).resolve().parents[2] / "shared" / "data" / "emails"
LIMIT_SECONDS = 90
# What the gateway may do with a mail; a mail is in exactly one of these.
CASE, REPLY, DUPLICATE = "case", "reply", "duplicate"

# Decisions that a person made after reading the mail.
JUDGED = {
    "webklex__502432__without_charset_plain_only.eml": CASE,
    "webklex__3a3a64__unknown_encoding.eml": CASE,
    "webklex__7af5c2__example_bounce.eml": "automatic: bounce",
    "spamscope__52e24b__mail_test_15.eml": CASE,
    "spamscope__1e006f__mail_malformed_3.eml": CASE,
    "spamscope__e23f27__mail_malformed_2.eml": "automatic: bounce",
    "bestpractical__8f04f3__very-long-subject.eml": CASE,
    "bestpractical__465470__nested-mime-sample.eml": CASE,
    "jhillyerd__33a39f__non-mime-html.eml": CASE,
    "jhillyerd__68d41f__mime-unquoted-tspecials-param.eml": CASE,
    "jstedfast__003c11__stack-overflow.eml": CASE,
    "jstedfast__72d613__disposition-notification.eml": "automatic: bounce",
    "mailgun__92ec16__message-external-body.eml": "quarantine: bulk",
    "mailgun__337556__aol.eml": "automatic: bounce",
    "mikel__0ec1ca__empty_in_reply_to.eml": "quarantine: mailing_list",
    "mikel__61137c__raw_email_bad_time.eml": CASE,
    "mikel__9bf1a0__raw_email_with_illegal_boundary.eml": CASE,
    "mikel__94e498__report_422.eml": "automatic: bounce",
    "nodemailer__9852a6__delivery-status.eml": "automatic: bounce",
    "sisimai__eaa0b0__rfc3834-04.eml": "automatic: auto_submitted",
    "sisimai__ed9334__lhost-yahoo-05.eml": "automatic: bounce",
    "sisimai__e9c38a__lhost-dragonfly-04.eml": "automatic: bounce",
    "sisimai__63b524__lhost-sendmail-53.eml": "automatic: bounce",
    "sisimai__3e0b25__rhost-franceptt-03.eml": "automatic: bounce",
    "sumonst21__5e9b34__mail089.eml": "automatic: auto_submitted",
    "sumonst21__8a4369__mail043.eml": "automatic: bulk",
    "sumonst21__35c699__mail008.eml": CASE,
    "sumonst21__3f353a__mail005.eml": CASE,
    "sumonst21__9c1bb4__mail048.eml": "quarantine: duplicate",
    "stalwartlabs__355c91__022.eml": CASE,
    "spamscope__0c7ae4__mail_test_16.eml": "automatic: bulk",
    "jhillyerd__0aaf73__qp-utf8-header-recursed.eml": "quarantine: error",
}
# Words that have to come out of mails with difficult letters.
WORDS = {
    "zbateson__9e1afa__m2008.eml": "Auf, laßt uns ein für allemal sterben",
    "sumonst21__8f906f__mail093.eml": "先着100施設限定",
    "mikel__2bf6ef__content_transfer_encoding_7-bit.eml": "DISCOVERÆ",
    "sumonst21__35c699__mail008.eml": "Mit freundlichen Grüßen",
    "discourse__89041f__embedded_email_russian_2.txt": "пользователь",
    "stalwartlabs__500449__002.eml": "yötä vaan",
    "mikel__9bf1a0__raw_email_with_illegal_boundary.eml": "This is an outlook test",
}
SUBJECTS = {
    "zbateson__9e1afa__m2008.eml": "Die Hasen und die Frösche",
    "mikel__58060c__attachment_pdf_non_ascii.eml": (
        "Another PDF with 🎉 Unicode chars in it 🍿"
    ),
    "php-mime-mail-parser__2e70fa__m0007.eml": "Mail avec fichier attaché de 3ko",
}
FILES = {
    "zbateson__9e1afa__m2008.eml": {"blueball.png": 1325, "greenball.png": 1298},
    "spamscope__52e24b__mail_test_15.eml": {"REQUEST FOR QUOTE.zip": 251141},
    "php-mime-mail-parser__f32847__m0003.eml": {"attach03": 13369},
    "stalwartlabs__355c91__022.eml": {"broken.eml": 87},
}


@tagged("post_install", "-at_install")
class TestMailCorpus(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not MAILS.is_dir():
            raise SkipTest("the public mails aren't here: ../shared/data/emails")
        cls.mails = sorted(
            path
            for path in MAILS.rglob("*")
            if path.is_file() and path.name != "manifest.csv"
        )
        domain = cls.env["mail.alias.domain"].create({"name": "complaints.example"})
        team = cls.env["complaint.team"].create(
            {"name": "Corpus", "alias_name": "corpus-of-mails"}
        )
        team.alias_id.alias_domain_id = domain
        cls.envelope = f"Delivered-To: {team.alias_id.alias_full_name}\r\n".encode()
        cls.cases = cls.env["complaint.case"].with_context(active_test=False)
        cls.failures = cls.env["complaint.intake.failure"]
        cls.messages = cls.env["mail.message"]

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(
                IrMail_Server, "_connect__", side_effect=AssertionError("mail is sent")
            )
        )

    @classmethod
    def _last_ids(cls):
        """Return the newest case, message of a case and kept mail."""
        return [
            model.search(domain, order="id desc", limit=1).id or 0
            for model, domain in (
                (cls.cases, []),
                (cls.messages, [("model", "=", "complaint.case")]),
                (cls.failures, []),
            )
        ]

    def _deliver(self, path):
        """Hand over one mail; return what became of it and its case."""
        before = self._last_ids()
        case_id = self.env["mail.thread"].message_process(
            False, self.envelope + path.read_bytes()
        )
        self.env.flush_all()
        new_case, new_message, new_failure = (
            now > then for now, then in zip(self._last_ids(), before, strict=True)
        )
        if new_failure:
            kept = self.failures.browse(self._last_ids()[2])
            self.assertFalse(case_id or new_case or new_message, path.name)
            self.assertEqual(kept.with_context(bin_size=False).raw_name[-4:], ".eml")
            return f"{kept.kind}: {kept.reason}", self.cases
        if case_id:
            self.assertTrue(new_message, f"{path.name}: the case has no message")
            return CASE if new_case else REPLY, self.cases.browse(case_id)
        self.assertFalse(new_case or new_message, path.name)
        return DUPLICATE, self.cases

    @mute_logger("odoo.addons.mail.models.mail_thread", "odoo.sql_db")
    def test_corpus_delivered_twice_each_mail_has_one_place(self):
        begin, begin_cpu = time.monotonic(), time.process_time()
        places = {path.name: self._deliver(path) for path in self.mails}
        seconds = time.monotonic() - begin
        cpu_seconds = time.process_time() - begin_cpu
        self._report(Counter(place for place, __ in places.values()), seconds)
        self.assertEqual(len(places), len(self.mails), "file names are not unique")
        # Not the clock on the wall, which also counts what else the machine does.
        self.assertLess(cpu_seconds, LIMIT_SECONDS)
        self._check_decisions({name: place for name, (place, __) in places.items()})
        self._check_contents({name: case for name, (__, case) in places.items()})
        self._check_duplicates(places)
        self._check_second_delivery()

    def _report(self, counts, seconds):
        print(f"\n{sum(counts.values())} mails in {seconds:.0f} s")
        for place, count in sorted(counts.items()):
            print(f"{count:5} {place}")

    def _check_decisions(self, places):
        wrong = {
            name: (places.get(name), judged)
            for name, judged in JUDGED.items()
            if places.get(name) != judged
        }
        self.assertFalse(wrong, "not what a person decided")
        # Nobody may need to look at more than a handful that could have been read.
        unread = [name for name, place in places.items() if place.endswith("error")]
        self.assertLessEqual(len(unread), 3, unread)

    def _check_contents(self, cases):
        for name, words in WORDS.items():
            self.assertIn(words, " ".join(cases[name].description.split()), name)
        for name, subject in SUBJECTS.items():
            self.assertEqual(cases[name].subject, subject, name)
        for name, files in FILES.items():
            sizes = {
                attachment.name: attachment.file_size
                for attachment in cases[name].message_ids.attachment_ids
            }
            self.assertEqual({key: sizes.get(key) for key in files}, files, name)
        numbers = {case.name for case in cases.values() if case}
        self.assertTrue(all(number.startswith("CMP/") for number in numbers))

    def _check_duplicates(self, places):
        """A mail that left no trace has a twin that did."""
        dropped = [path for path in self.mails if places[path.name][0] == DUPLICATE]
        stored = {
            line
            for path in self.mails
            if path not in dropped
            for line in [self._message_id(path)]
        }
        for path in dropped:
            self.assertIn(self._message_id(path), stored, path.name)

    @staticmethod
    def _message_id(path):
        for line in path.read_bytes().splitlines():
            if line.lower().startswith(b"message-id:"):
                return line.partition(b":")[2].strip()
        return None

    def _check_second_delivery(self):
        messages = self.messages.search_count([])
        places = {path.name: self._deliver(path)[0] for path in self.mails}
        again = {name: place for name, place in places.items() if place != DUPLICATE}
        self.assertFalse(again, "counted twice")
        self.assertEqual(self.messages.search_count([]), messages)
        self.assertFalse(self.env["mail.mail"].search([("state", "=", "sent")]))
