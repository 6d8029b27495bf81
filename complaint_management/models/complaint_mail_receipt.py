import psycopg2

from odoo import api, fields, models


class ComplaintMailReceipt(models.Model):
    """Remembers which mails were here, so that none counts twice: not when it comes
    over two ways, not when it has no Message-ID, not when two servers fetch it."""

    _name = "complaint.mail.receipt"
    _description = "Receipt of a Mail"
    _rec_name = "digest"

    digest = fields.Char(
        required=True,
        readonly=True,
        help="Fingerprint of what the sender wrote; the mail can't be read from it.",
    )

    _digest_unique = models.UniqueIndex("(digest)")

    class Known(Exception):
        """The mail was here already."""

    @api.model
    def _is_known(self, digest):
        # sudo: the gateway may run as any user
        return bool(self.sudo().search_count([("digest", "=", digest)], limit=1))

    @api.model
    def _note(self, digest):
        """Remember a mail.

        :raise Known: another delivery was faster; the transaction is broken then
        """
        try:
            # sudo: see _is_known
            self.sudo().create({"digest": digest})
        except psycopg2.errors.UniqueViolation as error:
            raise self.Known(digest) from error
