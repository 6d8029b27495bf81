"""8D reports, corrective actions and nonconformities of the grave cases."""

from datetime import timedelta

from odoo import fields

# Days after the first answer at which a discipline is handed in.
PACE = {
    "d0": 0.1,
    "d1": 0.3,
    "d2": 0.7,
    "d3": 1.0,
    "d4": 7,
    "d5": 9,
    "d6": 18,
    "d7": 24,
    "d8": 28,
}
LEAD, REVIEWER = "investigator", "manager"
ACTIONS_AT = {"d3": "immediate", "d5": "correction", "d7": "prevention"}


class Quality:
    """The 8D way of a story."""

    def __init__(self, story):
        self.story = story
        self.world, self.plan = story.world, story.plan
        self.report = None
        self.actions = {}
        # One team in three is slower than the deadlines.
        self.pace = 1.6 if self.plan.eightd % 3 == 0 else 0.8

    # -- the way ------------------------------------------------------------------
    def eightd_way(self):
        story = self.story
        if not story.at(story.last + timedelta(hours=2), story.investigate):
            return
        begin = story.last
        if not story.at(begin + timedelta(minutes=40), self.start):
            return
        for code, days in PACE.items():
            moment = begin + timedelta(days=days * self.pace)
            if not story.at(moment, self.hand_in, code):
                return
            if not self.review(code):
                return
            self.after(code)
        if story.at(story.last + timedelta(hours=20), self.finish):
            self.watch()

    def start(self):
        """The investigator opens the report and files the photo."""
        story, world = self.story, self.world
        env_case = story.by(LEAD)
        people = [world.users[login].id for login in (LEAD, "quality", story.owner)]
        report = env_case.env["complaint.eightd"].create(
            {
                "case_id": story.case.id,
                "subject": story.case.subject,
                "leader_id": world.users[LEAD].id,
                "champion_id": world.users[REVIEWER].id,
                "member_ids": [(6, 0, people)],
            }
        )
        self.report = world.env["complaint.eightd"].browse(report.id)
        env_case.env["ir.attachment"].create(
            {
                "name": f"rating-plate-{story.case.lot}.png",
                "raw": world.photo("XEZERYEL", [story.case.lot, "230 V ~ 50 Hz"]),
                "res_model": "complaint.case",
                "res_id": story.case.id,
            }
        )

    def step(self, code, login):
        step = self.report.step_ids.filtered(lambda s: s.discipline == code)
        return self.world.as_user(step, login, self.story.company)

    def hand_in(self, code):
        step = self.step(code, LEAD)
        step.content = self.plan.story["steps"][code]
        step.action_submit()

    def review(self, code):
        """The manager signs off, in one report only at the second attempt."""
        story = self.story
        if code == "d4" and self.plan.eightd % 4 == 1:
            if not story.at(story.last + timedelta(hours=6), self.send_back, code):
                return False
            if not story.at(story.last + timedelta(days=2), self.hand_in, code):
                return False
        return story.at(
            story.last + timedelta(hours=5),
            lambda: self.step(code, REVIEWER).action_accept(),
        )

    def send_back(self, code):
        step = self.step(code, REVIEWER)
        step.comment = "Why was it not detected? Please add the cause of escape."
        step.action_reject()

    def after(self, code):
        """What follows from an accepted discipline."""
        story = self.story
        if code in ACTIONS_AT:
            story.at(story.last + timedelta(hours=1), self.add_action, code)
        if code == "d4":
            story.at(story.last + timedelta(hours=1), self.record_cause)
        if code == "d6":
            self.close_action("immediate")
            self.close_action("correction")

    # -- steps --------------------------------------------------------------------
    def record_cause(self):
        story = self.story
        chain = self.plan.story["whys"]
        env = story.by(LEAD).env
        env["complaint.rca.why"].create(
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "sequence": 10 * number,
                    "question": question,
                    "answer": answer,
                    "evidence": evidence,
                    "is_root": number == len(chain),
                }
                for record in (story.case, self.report)
                for number, (question, answer, evidence) in enumerate(chain, start=1)
            ]
        )
        text = self.plan.story["root_cause"]
        self.world.as_user(self.report, LEAD, story.company).root_cause = text
        story.by(LEAD).root_cause = text
        story.go("action", LEAD)
        if self.plan.eightd % 2 == 0:
            story.by(LEAD).action_transfer_nonconformity()
            self.plan_nonconformity()

    def add_action(self, code):
        """An action with owner, deadline, criterion and somebody else who checks."""
        story, kind = self.story, ACTIONS_AT[code]
        __, name, criterion = next(
            action for action in self.plan.story["actions"] if action[0] == kind
        )
        today = fields.Date.context_today(story.case)
        days = {"immediate": 2, "correction": 14, "prevention": 30}[kind]
        env = story.by(LEAD).env
        action = env["mgmtsystem.action"].create(
            {
                "name": name,
                "type_action": kind,
                "user_id": self.world.users[LEAD].id,
                "company_id": story.company.id,
                "complaint_step_id": self.step(code, LEAD).id,
                "date_deadline": today + timedelta(days=days),
                "effectiveness_criterion": criterion,
                "effectiveness_check_date": kind != "immediate"
                and today + timedelta(days=days + 21),
                "effectiveness_checker_id": self.world.users[REVIEWER].id,
            }
        )
        action.case_open()
        self.actions[kind] = self.world.env["mgmtsystem.action"].browse(action.id)

    def close_action(self, kind):
        action = self.actions.get(kind)
        # Some are forgotten: the register shows them as overdue.
        if action and not (kind == "correction" and self.plan.eightd % 5 == 2):
            self.story.at(
                self.story.last + timedelta(hours=3), self.set_action_stage, action
            )

    def set_action_stage(self, action):
        stage = self.world.env.ref("mgmtsystem_action.stage_close")
        self.world.as_user(action, LEAD, self.story.company).stage_id = stage

    def finish(self):
        """The customer is told; the case is watched until the actions are checked."""
        self.story.judge()
        self.story.decide()

    def watch(self):
        story = self.story
        self.close_action("prevention")
        if any(not action.stage_id.is_ending for action in self.actions.values()):
            return
        for kind in ("correction", "prevention"):
            day = self.actions[kind].effectiveness_check_date
            moment = fields.Datetime.to_datetime(day) + timedelta(hours=7)
            if not story.at(moment, self.check_effect, kind):
                return
        if not story.at(story.last + timedelta(hours=2), self.conclude):
            return
        if story.at(story.last + timedelta(days=7), self.close_nonconformity):
            story.part(story.last + timedelta(hours=4))

    def check_effect(self, kind):
        action = self.world.as_user(self.actions[kind], REVIEWER, self.story.company)
        action.write(
            {
                "effectiveness_result": "effective",
                "effectiveness_note": "Service records and line figures of the weeks "
                f"since then were checked: {action.effectiveness_criterion}",
            }
        )

    def conclude(self):
        """The report is closed and with it the case is solved."""
        self.world.as_user(self.report, LEAD, self.story.company).action_done()
        self.story.solve()

    # -- nonconformity ------------------------------------------------------------
    def nonconformity(self, login):
        found = self.story.case.nonconformity_ids
        return self.world.as_user(found, login, self.story.company)

    def nc_stage(self, state):
        return self.world.env.ref(f"mgmtsystem_nonconformity.stage_{state}")

    def plan_nonconformity(self):
        record = self.nonconformity(REVIEWER)
        record.action_comments = "Actions of the 8D report; see the case."
        record.stage_id = self.nc_stage("open")

    def close_nonconformity(self):
        record = self.nonconformity(REVIEWER)
        if record:
            record.evaluation_comments = "All actions were checked and are effective."
            record.stage_id = self.nc_stage("done")
