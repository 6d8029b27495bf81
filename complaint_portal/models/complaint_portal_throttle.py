import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

KEEP = timedelta(days=1)


class ComplaintPortalThrottle(models.Model):
    """Counts what one sender posts in one hour, over all workers.

    The sender is stored as a keyed hash only: the table names nobody.
    """

    _name = "complaint.portal.throttle"
    _description = "Complaint Portal: Posts per Sender"
    _log_access = False
    _rec_name = "key"

    key = fields.Char("Sender", required=True, readonly=True)
    window_start = fields.Datetime("Hour", required=True, readonly=True)
    hits = fields.Integer("Posts", required=True, readonly=True)

    _key_window_unique = models.UniqueIndex("(key, window_start)")

    @api.model
    def _allows(self, scope, sender, limit):
        """Count one post and tell whether it is within ``limit`` per hour."""
        # sudo: the secret of the database makes the hash, and never leaves it
        key = hmac(self.env(su=True), f"complaint_portal.throttle.{scope}", sender)
        window = fields.Datetime.now().replace(minute=0, second=0)
        [(hits,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO complaint_portal_throttle AS t (key, window_start, hits)
                VALUES (%s, %s, 1)
                ON CONFLICT (key, window_start) DO UPDATE SET hits = t.hits + 1
                RETURNING hits
                """,
                key,
                window,
            )
        )
        return hits <= limit

    @api.model
    def _get_network(self, address):
        """Return what counts as one sender: an IPv4 address, or an IPv6 /64, which
        one household has for itself."""
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return "unknown"
        if parsed.version == 4:
            return str(parsed)
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))

    @api.autovacuum
    def _gc_old_windows(self):
        oldest = fields.Datetime.now() - KEEP
        self.env.execute_query(
            SQL(
                "DELETE FROM complaint_portal_throttle WHERE window_start < %s"
                " RETURNING id",
                oldest,
            )
        )
