import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)
QUEUE_BATCH = 50


class ComplaintNonconformityQueueMixin(models.AbstractModel):
    """Cases that a rule moves on to the nonconformity module.

    Whoever changes a case need not be allowed to make nonconformities, and saving must
    not fail or wait for one. So a change only notes which rule fits; a scheduled action
    makes the nonconformity in the name of the system a moment later. A case is noted
    once in its life: taking the nonconformity away again doesn't bring another one.
    """

    _name = "complaint.nonconformity.queue.mixin"
    _description = "Nonconformities by Rule"
    _guarded_fields = ("nonconformity_rule_id", "nonconformity_move")
    _hold_free_fields = ("nonconformity_move",)
    _hold_once_fields = ("nonconformity_rule_id",)

    nonconformity_rule_id = fields.Many2one(
        "complaint.nonconformity.rule",
        "Moved on by rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    nonconformity_move = fields.Selection(
        [
            ("queued", "Nonconformity follows"),
            ("done", "Nonconformity made"),
            ("failed", "Nonconformity couldn't be made"),
        ],
        "Way to the nonconformity",
        readonly=True,
        copy=False,
    )

    _nonconformity_queue_idx = models.Index("(id) WHERE nonconformity_move = 'queued'")

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._queue_nonconformities()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= self._get_undecisive_fields():
            self._queue_nonconformities()
        return result

    @api.model
    def _get_undecisive_fields(self):
        """Return fields by which no rule decides; writing them asks no rule."""
        return {
            *self._get_guarded_fields(),
            *("message_follower_ids", "message_main_attachment_id", "activity_ids"),
            "color",
        } - {"validity_proposed_by_id"}

    def _queue_nonconformities(self):
        """Note which of these cases a rule moves on."""
        rules = self.env["complaint.nonconformity.rule"]
        if not rules._get_rule_ids():
            return
        # sudo: rules decide by all facts, and what they note is guarded
        waiting = self.sudo().filtered(
            lambda case: (
                case.is_open
                and not case.nonconformity_move
                and not case.merged_into_id
                and not case.nonconformity_ids
            )
        )
        by_rule = {}
        for case, rule in rules._match_all(waiting).items():
            by_rule[rule] = by_rule.get(rule, waiting.browse()) | case
        for rule, cases in by_rule.items():
            cases.write(
                {"nonconformity_rule_id": rule.id, "nonconformity_move": "queued"}
            )
        if by_rule:
            self.env["ir.cron"]._wake_complaint_job("nonconformity")

    # -- later ---------------------------------------------------------------------
    @api.model
    def _cron_make_nonconformities(self):
        """Make the nonconformities that rules asked for, a batch each run."""
        if self.env["complaint.nonconformity.rule"]._apply_to_open():
            self.env["ir.cron"]._wake_complaint_job("nonconformity")
        domain = [("nonconformity_move", "=", "queued")]
        cases = self.with_context(active_test=False).search(
            domain, limit=QUEUE_BATCH, order="id"
        )
        for case in cases.try_lock_for_update(allow_referencing=True):
            case._make_queued_nonconformity()
            rest = self.with_context(active_test=False).search_count(domain)
            if not self.env["ir.cron"]._commit_progress(1, remaining=rest):
                break

    def _make_queued_nonconformity(self):
        """Make the nonconformity of one case; what fails is given to a person."""
        self.ensure_one()
        case = self.with_company(self.company_id)
        if case.nonconformity_ids or not case.is_open:
            case.nonconformity_move = "done" if case.nonconformity_ids else False
            return
        # Judged anew meanwhile, or the rule was switched off: then nothing is made.
        rules = self.env["complaint.nonconformity.rule"]
        rule = rules._match_all(case).get(case)
        if not rule:
            case.nonconformity_move = False
            return
        try:
            with self.env.cr.savepoint():
                case._create_nonconformity(rule=rule)
        except Exception as error:
            # One bad case must not stop the rest; the text may hold names.
            _logger.info("No nonconformity for case %s: %s", case.id, type(error))
            self.env.invalidate_all()
            case._note_failed_nonconformity(error)

    def _note_failed_nonconformity(self, error):
        self.nonconformity_move = "failed"
        self._journal_log("nonconformity_failed", note=self.nonconformity_rule_id.name)
        user = self.user_id or self.team_id.leader_id
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id or self.env.uid,
            summary=self.env._("Make the nonconformity by hand"),
            note=self.env._(
                "The rule “%(rule)s” couldn't make it: %(error)s",
                rule=self.nonconformity_rule_id.name,
                error=str(error) or type(error).__name__,
            ),
        )
