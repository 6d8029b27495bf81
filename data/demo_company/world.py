"""What all parts of the demo company share: records by code, dice, texts, time."""

import csv
import gc
import io
import json
import random
from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from odoo import fields

from .clock import travel

HERE = Path(__file__).resolve().parent
LANGUAGES = {"az": "az_AZ", "tr": "tr_TR", "fa": "fa_IR", "en": "en_US"}
ZONES = {
    "az": "Asia/Baku",
    "tr": "Europe/Istanbul",
    "fa": "Asia/Tehran",
    "en": "Europe/London",
}
# Nobody is written to: mails are made, so that the screens show them, but not sent.
QUIET = {
    "mail_notify_force_send": False,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "lang": "en_US",
}
DAYS = 372
MORNING_UTC = 6


class World:
    """The state of the load."""

    def __init__(self, env, seed=1907):
        self.env = env(context={**env.context, **QUIET})
        self.random = random.Random(seed)
        self.now = _this_morning()
        self.start = self.now - timedelta(days=DAYS)
        self.companies, self.teams, self.users = {}, {}, {}
        self.customers, self.suppliers = {}, {}
        self.products, self.parts = {}, {}
        self.receipts, self.stories = {}, []
        self.phrases = read_phrases()
        self.case_stories = json.loads((HERE / "stories.json").read_text("utf-8"))
        self.travels = 0
        gc.freeze()

    def travel(self, moment):
        # Odoo looks through all environments of a transaction for each new one; the
        # forgotten ones go only with the garbage. Measured: a tenth of the time.
        self.travels += 1
        if self.travels % 20 == 0:
            gc.collect()
        return travel(self.env, moment)

    def has(self, model):
        """Tell whether the addon that brings ``model`` is installed."""
        return model in self.env

    def as_user(self, record, login, company=None):
        """Return ``record`` or model as seen by a demo user, in one company."""
        seen = record.with_user(self.users[login])
        company = company or (record.company_id if record and record.ids else None)
        return seen.with_company(company) if company else seen

    def phrase(self, lang, kind, **values):
        return self.random.choice(self.phrases[lang, kind]).format(**values)

    def chance(self, share):
        return self.random.random() < share

    def between(self, low, high):
        return self.random.uniform(low, high)

    def photo(self, title, lines):
        """Return a PNG that looks like the rating plate of an appliance."""
        picture = Image.new("RGB", (480, 240), (226, 228, 230))
        draw = ImageDraw.Draw(picture)
        draw.rectangle((10, 10, 470, 230), outline=(40, 44, 52), width=3)
        for row, text in enumerate((title, *lines)):
            draw.text((30, 30 + 34 * row), text, fill=(20, 24, 32))
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return stream.getvalue()


def _this_morning():
    """The story ends in the morning, so that one day always gives the same company."""
    now = fields.Datetime.now()
    morning = now.replace(hour=MORNING_UTC, minute=0, second=0)
    return morning if morning <= now else morning - timedelta(days=1)


def read_csv(name):
    with open(HERE / name, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_phrases():
    """Return {(language, kind): [texts]}."""
    phrases = {}
    for row in read_csv("texts/phrases.csv"):
        phrases.setdefault((row["lang"], row["kind"]), []).append(row["text"])
    return phrases


def say(text):
    print(text, flush=True)
