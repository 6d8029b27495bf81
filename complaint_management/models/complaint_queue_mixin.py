import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class ComplaintQueueMixin(models.AbstractModel):
    """Records that wait for a scheduled job, which takes them in batches, each once."""

    _name = "complaint.queue.mixin"
    _description = "Waits for a Scheduled Job"

    @api.model
    def _work_queue(self, domain, work, batch, order="id"):
        """Work on what waits, batch by batch; what another worker holds is left to it.

        :param domain: what waits; the work takes records out of it
        :param work: is called with the records of a batch, locked
        """
        while waiting := self.search(domain, limit=batch, order=order):
            locked = waiting.try_lock_for_update().filtered_domain(domain)
            work(locked)
            remaining = self.search_count(domain, limit=10 * batch)
            self.env["ir.cron"]._commit_progress(len(locked), remaining=remaining)
            if not locked:
                break

    def _send_each(self, send, state_field):
        """Send something about each of these; a bad one doesn't stop the rest, its
        state becomes “failed”."""
        for record in self:
            try:
                with self.env.cr.savepoint():
                    send(record)
            except Exception:
                _logger.exception("%s of %s failed", state_field, record)
                record[state_field] = "failed"
