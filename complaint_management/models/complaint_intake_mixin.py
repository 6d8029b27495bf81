import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import intake_payload

_logger = logging.getLogger(__name__)

INTEGRATION_GROUP = "complaint_management.complaint_group_integration"
# A program that isn't sure repeats one complaint, not a large batch; locks are few.
MAX_LOCKED_ITEMS = 20


class ComplaintIntakeMixin(models.AbstractModel):
    """Cases from other programs: whatever the channel, the same case comes out."""

    _name = "complaint.intake.mixin"
    _description = "Complaint Intake"

    channel_id = fields.Many2one(
        "complaint.channel",
        index="btree_not_null",
        check_company=True,
        help="How the complaint reached the company.",
    )
    channel_icon = fields.Char("Icon of the channel", related="channel_id.icon")
    idempotency_key = fields.Char(
        "Idempotency key",
        readonly=True,
        copy=False,
        help="Sent by the program that took the complaint in; sent twice it finds the "
        "same case.",
    )
    external_ref = fields.Char(
        "External reference",
        copy=False,
        help="Number of the complaint in the system that it came from.",
    )

    _idempotency_key_unique = models.UniqueIndex(
        "(company_id, idempotency_key) WHERE idempotency_key IS NOT NULL",
        "A case with this idempotency key exists already.",
    )
    _external_ref_unique = models.UniqueIndex(
        "(company_id, channel_id, external_ref) WHERE external_ref IS NOT NULL",
        "A case with this external reference exists already for the channel.",
    )

    @api.model
    def intake(self, payloads):
        """Take in complaints from another program (public, for JSON-2).

        The keys of a payload are those of ``tools/intake_payload.KEYS``. Each item is
        atomic by itself. An idempotency key, or an external reference of the same
        channel, that is known already returns the case that has it.

        :param list payloads: dicts; times are ISO 8601 with offset, files base64
        :return: list of dicts in the same order: ``status`` (created, existing, error),
            ``id``, ``name``, ``tracking_url``, ``errors`` {key: message}
        :raise AccessError: neither in the integration group nor allowed to create
        :raise UserError: ``payloads`` isn't a list
        """
        self._check_intake_right()
        if not isinstance(payloads, list):
            raise UserError(self.env._("Send a list of complaints."))
        # sudo: the right is checked above; this method is all that an integration
        # user can reach, and it returns nothing but number and tracking link
        # what a caller puts into the context must decide nothing: it is replaced
        # pylint: disable-next=context-overridden
        intake = self.with_context(self._get_intake_context()).sudo()
        items = [intake._read_payload(payload) for payload in payloads]
        intake._find_codes(items)
        intake._find_existing(items)
        intake._create_from_items(items)
        return [item.result(intake) for item in items]

    @api.model
    def _get_intake_context(self):
        """Return all that is taken over from the context of the caller. Their defaults
        would be written, and their companies entered, with the rights of the system."""
        user = self.env.user
        wanted = self.env.context.get("allowed_company_ids") or ()
        allowed = [c for c in wanted if c in user._get_company_ids()]
        return {
            "lang": self.env.context.get("lang"),
            # Named always: with_context() keeps those of the caller when it isn't.
            "allowed_company_ids": allowed or user.company_id.ids,
            "mail_create_nosubscribe": True,
            "mail_create_nolog": True,
        }

    @api.model
    def _check_intake_right(self):
        if not (
            self.env.su
            or self.env.user.has_group(INTEGRATION_GROUP)
            or self.has_access("create")
        ):
            raise AccessError(self.env._("You are not allowed to take in complaints."))

    @api.model
    def _read_payload(self, payload):
        item = IntakeItem()
        try:
            item.data = intake_payload.parse(payload, translate=self._say)
        except intake_payload.PayloadError as error:
            item.errors = error.errors
        else:
            self._check_moment(item)
        return item

    def _say(self, text, **values):
        """Translate a message of ``tools/intake_payload``."""
        return self.env._(text, **values) if values else self.env._(text)

    def _check_moment(self, item):
        received_at = item.data.get("received_at")
        if received_at and received_at > fields.Datetime.add(
            fields.Datetime.now(), minutes=5
        ):
            item.errors["received_at"] = self.env._("This is in the future.")

    @api.model
    def _find_codes(self, items):
        """Replace the codes of all items by records; unknown ones are errors."""
        for key, find in self._get_code_finders().items():
            wanted = {item.data[key] for item in items if item.data.get(key)}
            found = find(wanted) if wanted else {}
            for item in items:
                code = item.data.get(key)
                if not code:
                    continue
                if code in found:
                    item.records[key] = found[code]
                else:
                    item.errors[key] = self.env._("“%s” is not known.", code[:100])

    @api.model
    def _get_code_finders(self):
        """Return {payload key: function({codes}) -> {code: id}}."""
        return {
            "channel": lambda codes: self._find_by_code("complaint.channel", codes),
            "category": lambda codes: self._find_by_code("complaint.category", codes),
            "error_type": lambda codes: self._find_by_code(
                "complaint.error.type", codes
            ),
            "product": self._find_products,
            "remedy": self._find_remedies,
            "language": self._find_languages,
        }

    def _find_by_code(self, model, codes):
        records = self.env[model].search(
            [
                ("code", "in", list(codes)),
                ("company_id", "in", (self.env.company.id, False)),
            ],
            order="company_id desc",
        )
        return {record.code: record.id for record in records}

    def _find_products(self, codes):
        products = self.env["product.product"].search(
            [
                "|",
                ("default_code", "in", list(codes)),
                ("barcode", "in", list(codes)),
                ("company_id", "in", (self.env.company.id, False)),
            ]
        )
        by_barcode = {product.barcode: product.id for product in products}
        return by_barcode | {product.default_code: product.id for product in products}

    def _find_remedies(self, codes):
        return {code: code for code, __ in self._fields["remedy"].selection}

    def _find_languages(self, codes):
        """Accept ``tr``, ``tr_TR`` and ``tr-TR`` of the languages that are active."""
        active = [code for code, __ in self.env["res.lang"].get_installed()]
        found = {code.partition("_")[0]: code for code in reversed(active)}
        found |= {code: code for code in active}
        return {
            code: found[key]
            for code in codes
            if (key := code.replace("-", "_")) in found
        }

    @api.model
    def _find_existing(self, items):
        """Find cases that an earlier call made, with one query."""
        valid = [item for item in items if not item.errors]
        if not any(item.key or item.reference for item in valid):
            return
        cases = self.with_context(active_test=False).search(
            self._get_existing_domain(valid)
        )
        by_key = {case.idempotency_key: case for case in cases if case.idempotency_key}
        by_reference = {(case.channel_id.id, case.external_ref): case for case in cases}
        for item in valid:
            item.existing = by_key.get(item.key) or by_reference.get(item.reference)

    @api.model
    def _get_existing_domain(self, items):
        """Return the domain of what may be the cases of some items."""
        keys = [item.key for item in items if item.key]
        references = [item.reference for item in items if item.reference]
        return Domain("company_id", "=", self.env.company.id) & (
            Domain("idempotency_key", "in", keys)
            | Domain("external_ref", "in", [ref for __, ref in references])
            & Domain("channel_id", "in", [channel for channel, __ in references])
        )

    @api.model
    def _create_from_items(self, items):
        """Create what is new: all at once, or one by one when one of them fails."""
        seen, fresh = {}, []
        for item in items:
            if item.errors or item.existing:
                continue
            item.twin = seen.get(("key", item.key)) or seen.get(("ref", item.reference))
            if item.twin:
                continue
            seen |= {
                mark: item
                for mark in (("key", item.key), ("ref", item.reference))
                if mark[1]
            }
            fresh.append(item)
        self._claim(fresh)
        if fresh and not self._try_create(fresh):
            for item in fresh:
                self._try_create([item])

    def _claim(self, items):
        """Let only one of several calls at the same moment make the cases of some keys.
        The unique indexes would refuse the others too, but with an error in the log
        that shows what the customer wrote.

        :raise ConcurrencyError: another call is at it; the server tries again later,
            and then finds the case
        """
        marks = [
            f"{self.env.company.id}:{mark!r}"
            for item in items
            for mark in (item.key, item.reference)
            if mark
        ]
        if not marks or len(items) > MAX_LOCKED_ITEMS:
            return
        self.env.cr.execute(
            "SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended(mark, 0)))"
            " FROM unnest(%s) AS mark",
            (sorted(marks),),
        )
        if not self.env.cr.fetchone()[0] or self._is_made_meanwhile(items):
            raise ConcurrencyError("The same complaint is coming in twice")

    def _is_made_meanwhile(self, items):
        """Tell whether another call was done between the beginning of this transaction,
        whose snapshot can't show it, and the lock."""
        with self.pool.cursor() as cr:
            intake = self.with_env(self.env(cr=cr))
            domain = intake._get_existing_domain(items)
            return bool(intake.with_context(active_test=False).search_count(domain))

    def _try_create(self, items):
        """Create the cases of some items together; tell whether that worked."""
        try:
            with self.env.cr.savepoint():
                cases = self.create([self._prepare_intake_vals(item) for item in items])
                self._attach_files(cases, items)
                self.env.flush_all()
        except psycopg2.errors.UniqueViolation as error:
            # Another call with the same key won the race. Its case can't be seen in
            # this transaction's snapshot; the server tries the request again.
            raise ConcurrencyError(str(error)) from error
        except (UserError, ValidationError, psycopg2.Error) as error:
            if len(items) == 1:
                _logger.info("An item of the intake was refused: %s", type(error))
                items[0].errors["payload"] = self._describe_refusal(error)
            return False
        for case, item in zip(cases, items, strict=True):
            item.created = case
        return True

    def _describe_refusal(self, error):
        if isinstance(error, psycopg2.Error):
            return self.env._("The complaint could not be stored.")
        return str(error)

    def _prepare_intake_vals(self, item):
        """Return the values of the case that an item of the API asks for."""
        data, records = item.data, item.records
        partner = data.get("partner") or {}
        subject = data.get("subject") or data["description"]
        vals = {
            "channel_id": records["channel"],
            "subject": " ".join(subject.split())[:200],
            "description": data.get("description"),
            "partner_name": partner.get("name"),
            "email_from": partner.get("email"),
            "partner_phone": partner.get("phone"),
            "partner_company": partner.get("company"),
            "is_anonymous": data.get("anonymous", False),
            "is_confidential": data.get("confidential", False),
            "category_id": records.get("category"),
            "error_type_id": records.get("error_type"),
            "product_id": records.get("product"),
            "remedy": records.get("remedy"),
            "lang": records.get("language"),
        }
        for key in ("idempotency_key", "external_ref", "on_behalf_of", "lot"):
            vals[key] = data.get(key)
        vals |= {"order_ref": data.get("order_ref"), "quantity": data.get("quantity")}
        vals["received_at"] = data.get("received_at") or fields.Datetime.now()
        vals |= item.extra_vals
        return {key: value for key, value in vals.items() if value not in (None, "")}

    def _attach_files(self, cases, items):
        # They are searched for legal terms like any file that is put into a case.
        self.env["ir.attachment"].create(
            [
                self._prepare_intake_file_vals(case, *file)
                for case, item in zip(cases, items, strict=True)
                for file in item.data.get("attachments", ())
            ]
        )

    def _prepare_intake_file_vals(self, case, name, mimetype, content):
        """Return the values of a file that came with the complaint."""
        return {
            "name": name,
            "raw": content,
            "res_model": self._name,
            "res_id": case.id,
            **({"mimetype": mimetype} if mimetype else {}),
        }

    def _get_tracking_url(self):
        """Return the address at which the customer follows the case, if any."""
        return False


class IntakeItem:
    """One payload on its way through the intake."""

    def __init__(self):
        self.data, self.records, self.errors = {}, {}, {}
        # Values that the server adds and no payload can name.
        self.extra_vals = {}
        self.existing = self.created = self.twin = None

    @property
    def key(self):
        return self.data.get("idempotency_key") or None

    @property
    def reference(self):
        """(channel id, external reference), which names a case in its source."""
        if not self.data.get("external_ref"):
            return None
        return self.records.get("channel"), self.data["external_ref"]

    def result(self, intake):
        """Return what the caller gets for this item."""
        source = self.twin or self
        case = source.existing or source.created
        if self.errors or not case:
            errors = self.errors or (self.twin and self.twin.errors) or {}
            nothing = dict.fromkeys(("id", "name", "tracking_url"))
            return {"status": "error", **nothing, "errors": errors}
        status = "created" if self.created else "existing"
        return {
            "status": status,
            "id": case.id,
            "name": case.name,
            "tracking_url": case._get_tracking_url(),
            "errors": {},
        }
