from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Cancelled actions keep nothing open any more; an action that didn't work counts
    as replaced by the next one of its complaint, as it did until now."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if stage := env.ref("mgmtsystem_action.stage_cancel", raise_if_not_found=False):
        stage.is_cancelled = stage.is_ending
    env.flush_all()
    cr.execute(
        """
        UPDATE mgmtsystem_action AS action
           SET follows_id = failed.id
          FROM (SELECT earlier.id, later.id AS later_id
                  FROM mgmtsystem_action AS earlier
                  JOIN LATERAL (
                       SELECT id FROM mgmtsystem_action
                        WHERE complaint_case_id = earlier.complaint_case_id
                          AND id > earlier.id
                     ORDER BY id LIMIT 1) AS later ON TRUE
                 WHERE earlier.effectiveness_result = 'not_effective') AS failed
         WHERE action.id = failed.later_id AND action.follows_id IS NULL
     RETURNING failed.id
        """
    )
    failed = env["mgmtsystem.action"].browse(row[0] for row in cr.fetchall())
    env.invalidate_all()
    env.add_to_compute(failed._fields["next_step"], failed)
    env.flush_all()
