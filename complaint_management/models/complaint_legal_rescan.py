import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

BATCH = 100


class ComplaintLegalRescan(models.Model):
    """Searches cases again, after the list of terms changed: in the background, in
    batches, going on where it was when the server stopped."""

    _name = "complaint.legal.rescan"
    _description = "Search for Legal Terms Again"
    _inherit = ["complaint.guard.mixin"]
    _order = "id desc"
    _guarded_fields = (
        *("state", "last_case_id", "total", "done_count", "found_count"),
        *("gone_count", "failed_count", "user_id", "started_at", "finished_at"),
    )

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    is_open_only = fields.Boolean(
        "Open cases only",
        default=True,
        help="Otherwise closed cases too; those alert legal as open ones do.",
    )
    state = fields.Selection(
        [
            ("draft", "Not started"),
            ("running", "Running"),
            ("done", "Finished"),
            ("stopped", "Stopped"),
        ],
        readonly=True,
        required=True,
        default="draft",
    )
    user_id = fields.Many2one("res.users", "Started by", readonly=True)
    started_at = fields.Datetime("Started on", readonly=True)
    finished_at = fields.Datetime("Finished on", readonly=True)
    last_case_id = fields.Integer("Up to", readonly=True)
    total = fields.Integer("Cases", readonly=True)
    done_count = fields.Integer("Searched", readonly=True)
    found_count = fields.Integer("New words", readonly=True)
    gone_count = fields.Integer("No longer on the list", readonly=True)
    failed_count = fields.Integer("Could not be searched", readonly=True)
    progress = fields.Float("Progress (%)", compute="_compute_progress")

    @api.depends("total", "done_count", "state")
    def _compute_progress(self):
        for scan in self:
            share = 100 * scan.done_count / scan.total if scan.total else 0
            scan.progress = 100 if scan.state == "done" else min(share, 99)

    @api.depends("started_at")
    def _compute_display_name(self):
        for scan in self:
            moment = scan.started_at and fields.Datetime.context_timestamp(
                scan, scan.started_at
            )
            scan.display_name = (
                moment and moment.strftime("%Y-%m-%d %H:%M") or self.env._("New search")
            )

    # -- buttons ---------------------------------------------------------------------
    def action_start(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This search was started already."))
        # sudo: guarded fields, and the number of all cases; the right was checked
        scan_sudo = self.sudo()
        scan_sudo.write(
            {
                "state": "running",
                "user_id": self.env.uid,
                "started_at": fields.Datetime.now(),
                "total": scan_sudo._get_cases().search_count(scan_sudo._get_domain()),
            }
        )
        self.env["ir.cron"]._wake_complaint_job("legal_rescan")

    def action_stop(self):
        self.check_access("write")
        # sudo: guarded fields, the right was checked
        running = self.sudo().filtered(lambda scan: scan.state == "running")
        running.write({"state": "stopped", "finished_at": fields.Datetime.now()})

    # -- searching -------------------------------------------------------------------
    def _get_cases(self):
        return self.env["complaint.case"].with_context(active_test=False)

    def _get_domain(self):
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("id", ">", self.last_case_id),
        ]
        return domain + [("is_open", "=", True)] if self.is_open_only else domain

    @api.model
    def _cron_rescan(self):
        """Search the next batches; a bad case doesn't stop the rest."""
        for scan in self.search([("state", "=", "running")], order="id"):
            while scan.try_lock_for_update() and scan.state == "running":
                scan._search_batch()
                remaining = max(scan.total - scan.done_count, 0)
                remaining = remaining if scan.state == "running" else 0
                cron = self.env["ir.cron"]
                if not cron._commit_progress(BATCH, remaining=remaining):
                    return

    def _search_batch(self):
        """Search the next cases, and note how far it got."""
        cases = self._get_cases().search(self._get_domain(), limit=BATCH, order="id")
        if not cases:
            self.write({"state": "done", "finished_at": fields.Datetime.now()})
            return
        try:
            with self.env.cr.savepoint():
                counts = self._search_cases(cases)
        except Exception:
            # One of them: find out which.
            counts = [self._search_guarded(case) for case in cases]
            counts = [sum(column) for column in zip(*counts, strict=True)]
        found, gone, failed = counts
        self.write(
            {
                "last_case_id": cases[-1].id,
                "done_count": self.done_count + len(cases),
                "found_count": self.found_count + found,
                "gone_count": self.gone_count + gone,
                "failed_count": self.failed_count + failed,
            }
        )

    def _search_guarded(self, case):
        try:
            with self.env.cr.savepoint():
                return self._search_cases(case)
        except Exception:
            _logger.exception("Case %s can't be searched for legal terms", case.id)
            return 0, 0, 1

    @api.model
    def _search_cases(self, cases):
        new, gone = cases._legal_search_again()
        return len(new), len(gone), 0
