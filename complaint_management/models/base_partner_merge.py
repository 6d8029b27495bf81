from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merging points everything of a contact to another one, by SQL: not what
        belongs to a complaint under legal hold."""
        partners = self.env["res.partner"].browse(partner_ids)
        partners._check_not_held()
        self._check_no_held_author(partners)
        self._join_answers(partners)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _join_answers(self, partners):
        """Two contacts who both answered about one complaint become one person, whose
        last answer counts. Merging knows nothing of that and would delete one."""
        # sudo: no answer may get lost, whoever merges
        answers = self.env["complaint.feedback"].sudo()
        found = answers.search([("partner_id", "in", partners.ids)])
        for case, same in found.grouped("case_id").items():
            if len(same.partner_id) > 1:
                last = same.sorted(lambda answer: (answer.answered_at, answer.id))[-1:]
                same._keep_latest()
                note = case._describe_feedback(same - last, last)
                case._journal_log("feedback_joined", note=note)
        self.env.flush_all()

    def _check_no_held_author(self, partners):
        """Refuse to merge who wrote or got a message of a held complaint."""
        if not self.env["complaint.legal.hold"]._is_any_active() or not partners:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT held
                  FROM mail_message AS message,
                       LATERAL complaint_held_mail_message(message.id) AS held
                 WHERE message.author_id = ANY(%(ids)s)
                    OR EXISTS (SELECT FROM mail_message_res_partner_rel AS link
                                WHERE link.mail_message_id = message.id
                                  AND link.res_partner_id = ANY(%(ids)s))
                 LIMIT 1
                """,
                ids=partners.ids,
            )
        )
        if case_ids := [row[0] for row in self.env.cr.fetchall()]:
            partners[:1]._raise_held(case_ids)
