"""Reads what somebody typed into a complaint form."""

import base64
import binascii
import secrets
import time

from odoo.http import request
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

from ..tools.upload import UploadError
from .portal_common import explain_upload, read_uploads

KEY_SCOPE = "complaint_portal.form"
# A person needs longer than a program to fill in the form.
MIN_SECONDS = 3
MAX_SECONDS = 24 * 60 * 60
TEXTS = {
    "name": 200,
    "company": 200,
    "email": 200,
    "phone": 60,
    "on_behalf_of": 200,
    "subject": 200,
    "description": 50_000,
    "product": 200,
    "lot": 100,
    "order_ref": 100,
    "quantity": 20,
    "category": 60,
    "remedy": 30,
}
FLAGS = ("anonymous", "confidential")
PERSONAL = ("name", "company", "email", "phone", "on_behalf_of")
# Fields of the intake that have another name on the form.
INTAKE_NAMES = {"partner": "email", "attachments": "files", "payload": "form"}


def new_form_key():
    """Return a signed key: when the form was shown, and a number for this form."""
    # sudo: the secret of the database signs the key, and never leaves it
    return hash_sign(
        request.env(su=True), KEY_SCOPE, [secrets.token_hex(16), int(time.time())]
    )


def read_form_key(key):
    """Return (number, seconds since the form was shown), or None for a bad key."""
    try:
        # sudo: see new_form_key
        values = verify_hash_signed(request.env(su=True), KEY_SCOPE, key or "")
    except (ValueError, IndexError, binascii.Error, UnicodeError):
        return None
    return (values[0], time.time() - values[1]) if values else None


class FormData:
    """Values, errors and files of one sent form.

    ``values`` always holds everything that was typed, so that it can be shown again;
    ``errors`` is {field: what to do}.
    """

    def __init__(self, post, is_public):
        self.is_public = is_public
        self.values = {name: self._text(post.get(name)) for name in TEXTS}
        self.values |= {name: bool(post.get(name)) for name in FLAGS}
        self.values["anonymous"] = self.values["anonymous"] and is_public
        self.key = self._text(post.get("form_key"))
        self.honeypot = self._text(post.get("homepage"))
        self.errors, self.files, self.quantity, self.number = {}, [], None, None

    def _text(self, value):
        if not isinstance(value, str):
            return ""
        return value.replace("\x00", "").replace("\r\n", "\n").strip()

    def check(self):
        """Fill ``errors``; return whether there are none."""
        self._check_required()
        self._check_lengths()
        self._check_contact()
        self._check_quantity()
        self._check_files()
        if not self.errors:
            self._check_person()
        return not self.errors

    def _check_required(self):
        env = request.env
        if not self.values["subject"]:
            self.errors["subject"] = env._("Say in a few words what it is about.")
        if not self.values["description"]:
            self.errors["description"] = env._("Tell us what happened.")

    def _check_lengths(self):
        for name, limit in TEXTS.items():
            if len(self.values[name]) > limit:
                self.errors[name] = request.env._(
                    "This is too long: please use at most %s characters.", limit
                )

    def _check_contact(self):
        env, email = request.env, self.values["email"]
        if not self.is_public or self.values["anonymous"]:
            return
        if email and not email_normalize(email, strict=True):
            self.errors["email"] = env._(
                "This isn't a mail address. It looks like name@example.com."
            )
        elif not email and not self.values["phone"]:
            self.errors["email"] = env._(
                "Give a mail address or a phone number so that we can answer you, or "
                "choose to stay anonymous."
            )
        if not self.values["name"]:
            self.errors["name"] = env._(
                "Tell us your name, or choose to stay anonymous."
            )

    def _check_quantity(self):
        text = self.values["quantity"].replace(",", ".").replace("٫", ".")
        if not text:
            return
        try:
            self.quantity = float(text)
        except ValueError:
            self.quantity = -1.0
        if not 0 <= self.quantity < 1e9:
            self.errors.setdefault(
                "quantity", request.env._("Write a number, for example 3.")
            )

    def _check_files(self):
        try:
            self.files = read_uploads()
        except UploadError as error:
            self.errors["files"] = explain_upload(error)

    def _check_person(self):
        """Refuse programs; a person who is caught by it only has to send again."""
        env, key = request.env, read_form_key(self.key)
        if self.honeypot:
            self.errors["homepage"] = env._("Please leave this field empty.")
        elif not key or key[1] > MAX_SECONDS:
            self.key = ""
            self.errors["form"] = env._(
                "This page was open for a long time. Please send the form once more."
            )
        elif key[1] < MIN_SECONDS:
            self.errors["form"] = env._(
                "That was very fast. Please check your text and send it once more."
            )
        else:
            self.number = key[0]

    def take_intake_errors(self, errors):
        """Show refusals of the intake at the fields of the form."""
        for name, message in errors.items():
            name = INTAKE_NAMES.get(name, name)
            known = name in TEXTS or name == "files"
            self.errors.setdefault(name if known else "form", message)

    def prepare_payload(self, channel):
        """Return the payload for ``complaint.case.intake``."""
        values = self.values
        payload = {
            name: values[name]
            for name in ("subject", "lot", "order_ref", "category", "remedy")
        }
        payload |= self._prepare_product()
        payload |= {
            "channel": channel,
            "idempotency_key": f"{channel}:{self.number}",
            "language": request.lang.code,
            "quantity": self.quantity,
            "confidential": values["confidential"],
            "anonymous": values["anonymous"],
            "attachments": [
                {
                    "name": name,
                    "mimetype": mimetype,
                    "data": base64.b64encode(content).decode(),
                }
                for name, mimetype, content in self.files
            ],
        }
        if not values["anonymous"]:
            payload["on_behalf_of"] = values["on_behalf_of"]
            payload["partner"] = {
                key: values[key] for key in ("name", "email", "phone", "company")
            }
        return {key: value for key, value in payload.items() if value not in ("", None)}

    def _prepare_product(self):
        """Return the product when it is known by its code; else its name goes along
        with the text, because a customer may call it as they like."""
        text, product = self.values["description"], self.values["product"]
        if not product:
            return {"description": text}
        # sudo: only tells whether a code exists, and only to the intake
        known = request.env["complaint.case"].sudo()._find_products({product})
        if product in known:
            return {"description": text, "product": product}
        line = request.env._("Product: %s", product)
        return {"description": f"{text}\n\n{line}"}


def get_form_choices():
    """Return [(code, label)] of categories and remedies that a form offers."""
    # sudo: names of public choices; suppliers and law are for staff to judge
    categories = (
        request.env["complaint.category"]
        .sudo()
        .search(
            [
                ("origin", "in", ("product", "service")),
                ("parent_id", "!=", False),
                ("code", "!=", False),
                ("company_id", "in", (request.env.company.id, False)),
            ]
        )
    )
    remedies = request.env["complaint.case"]._fields["remedy"]
    return {
        "categories": [(category.code, category.name) for category in categories],
        "remedies": remedies._description_selection(request.env),
    }
