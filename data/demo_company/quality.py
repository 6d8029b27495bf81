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
}
LEAD, REVIEWER, VERIFIER = "investigator", "manager", "quality"
# Days for an action of each kind, and from its deadline to the check of its effect.
DAYS = {"immediate": 2, "correction": 8, "prevention": 6}
CHECK_DAYS = {"correction": 9, "prevention": 2}


class Quality:
    """The 8D way of a story."""

    def __init__(self, story):
        self.story = story
        self.world, self.plan = story.world, story.plan
        self.report = None
        # {kind: actions}
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
        before = getattr(self, f"before_{code}", None)
        step = self.step(code, LEAD)
        step.content = self.plan.story["steps"][code]
        if before and step.state == "draft":
            before(step)
        step.action_submit()

    # -- what a discipline asks for ------------------------------------------------
    def before_d2(self, step):
        names = ("dimension", "present", "absent", "distinction", "change")
        for number, texts in enumerate(self.plan.story["isnot"], start=1):
            line = dict(zip(names, texts, strict=True))
            self.add_line("complaint.rca.isnot", sequence=10 * number, **line)

    def add_line(self, model, host=None, **values):
        """Add a line to a record of the investigation, else to the report."""
        host = host or self.report
        place = {"res_model": host._name, "res_id": host.id}
        return self.story.by(LEAD).env[model].create({**values, **place})

    def before_d3(self, step):
        self.story.by(LEAD).env["complaint.eightd.containment"].create(
            [
                {
                    "eightd_id": self.report.id,
                    "place": place,
                    "quantity": quantity,
                    "quantity_checked": checked,
                    "quantity_defective": found,
                    "action": action,
                    "responsible_id": self.world.users[LEAD].id,
                }
                for place, quantity, checked, found, action in self.plan.story[
                    "containment"
                ]
            ]
        )

    def draw_fishbone(self):
        branches, parents = "complaint_management.complaint_ishikawa_branch_", {}
        for code, parent, name, weight, verdict, evidence in self.plan.story[
            "fishbone"
        ]:
            parents[name] = self.add_line(
                "complaint.rca.cause",
                branch_id=self.world.env.ref(branches + code).id,
                parent_id=parent and parents[parent].id,
                name=name,
                weight=weight,
                verdict=verdict,
                evidence=evidence,
            )

    def before_d4(self, step):
        self.draw_fishbone()
        self.ask_why(self.report)
        self.world.as_user(
            self.report, LEAD, self.story.company
        ).root_cause = self.plan.story["root_cause"]
        self.story.by(LEAD).env["complaint.rca.root"].create(
            [
                {
                    "res_model": self.report._name,
                    "res_id": self.report.id,
                    "sequence": 10 * number,
                    "name": cause,
                    "cell": cell,
                    "contribution": share,
                }
                for number, (cell, share, cause, __) in enumerate(
                    self.plan.story["causes"], start=1
                )
            ]
        )

    def before_d5(self, step):
        """The planned correction removes the first cause; the others have theirs."""
        causes = self.report.root_cause_ids
        for cause, (__, __, __, measure) in zip(
            causes, self.plan.story["causes"], strict=True
        ):
            self.add_action("d5", "correction", measure, complaint_root_id=cause.id)

    def before_d6(self, step):
        step.validation = self.plan.story["steps"]["d6"]

    def before_d7(self, step):
        self.add_action("d7", "prevention")

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
        if code == "d3":
            story.at(
                story.last + timedelta(hours=1), self.add_action, code, "immediate"
            )
        if code == "d4":
            story.at(story.last + timedelta(hours=1), self.record_cause)
        if code == "d6":
            self.close_actions("immediate")
            self.close_actions("correction")

    # -- steps --------------------------------------------------------------------
    def record_cause(self):
        story = self.story
        self.ask_why(story.case)
        story.by(LEAD).root_cause = self.plan.story["root_cause"]
        story.go("action", LEAD)
        if self.plan.eightd % 2 == 0:
            story.by(LEAD).action_transfer_nonconformity()
            self.plan_nonconformity()

    def ask_why(self, host):
        """Each answer is asked again: the chain is one branch of the tree."""
        chain, above = self.plan.story["whys"], False
        for number, (question, answer, evidence) in enumerate(chain, start=1):
            above = self.add_line(
                "complaint.rca.why",
                host,
                sequence=10 * number,
                parent_id=above and above.id,
                question=question,
                answer=answer,
                evidence=evidence,
                is_root=number == len(chain),
            )

    def add_action(self, code, kind, measure="", **values):
        """An action with owner, deadline, criterion and somebody else who checks."""
        story = self.story
        __, name, criterion = next(
            action for action in self.plan.story["actions"] if action[0] == kind
        )
        today = fields.Date.context_today(story.case)
        days = DAYS[kind]
        env = story.by(LEAD).env
        action = env["mgmtsystem.action"].create(
            {
                "name": measure or name,
                "type_action": kind,
                "user_id": self.world.users[LEAD].id,
                "company_id": story.company.id,
                "complaint_step_id": self.step(code, LEAD).id,
                "date_deadline": today + timedelta(days=days),
                "verifier_id": self.world.users[VERIFIER].id,
                "effectiveness_criterion": criterion,
                "effectiveness_check_date": kind != "immediate"
                and today + timedelta(days=days + CHECK_DAYS[kind]),
                "effectiveness_checker_id": self.world.users[REVIEWER].id,
                **values,
            }
        )
        action.case_open()
        self.actions[kind] = self.get_actions(kind) | action.sudo().with_env(
            self.world.env
        )

    def get_actions(self, kind):
        return self.actions.get(kind, self.world.env["mgmtsystem.action"])

    def close_actions(self, kind):
        actions = self.get_actions(kind)
        # Some are forgotten: the register shows them as overdue.
        if actions and not (kind == "correction" and self.plan.eightd % 5 == 2):
            self.story.at(
                self.story.last + timedelta(hours=3), self.set_action_stage, actions
            )

    def set_action_stage(self, actions):
        stage = self.world.env.ref("mgmtsystem_action.stage_close")
        self.world.as_user(actions, LEAD, self.story.company).stage_id = stage
        seen = self.world.as_user(actions, VERIFIER, self.story.company)
        seen.verification_note = "Seen on site; photo and signed instruction."
        seen.action_verify()

    def finish(self):
        """The customer is told; the report ends when the actions are checked."""
        self.story.judge()
        self.story.decide()

    def watch(self):
        story = self.story
        self.close_actions("prevention")
        if any(
            not action.stage_id.is_ending
            for actions in self.actions.values()
            for action in actions
        ):
            return
        for kind in ("correction", "prevention"):
            day = max(self.get_actions(kind).mapped("effectiveness_check_date"))
            moment = fields.Datetime.to_datetime(day) + timedelta(hours=7)
            moment = max(moment, story.last + timedelta(hours=2))
            if not story.at(moment, self.check_effect, kind):
                return
        if not story.at(story.last + timedelta(hours=1), self.hand_in, "d8"):
            return
        if not self.review("d8"):
            return
        if not story.at(story.last + timedelta(hours=2), self.conclude):
            return
        if story.at(story.last + timedelta(days=7), self.close_nonconformity):
            story.part(story.last + timedelta(hours=4))

    def check_effect(self, kind):
        actions = self.world.as_user(
            self.get_actions(kind), REVIEWER, self.story.company
        )
        criterion = actions[0].effectiveness_criterion
        actions.write(
            {
                "effectiveness_result": "effective",
                "effectiveness_note": "Service records and line figures of the weeks "
                f"since then were checked: {criterion}",
            }
        )

    def before_d8(self, step):
        """What was learned is for everybody who meets the like of it."""
        title, text = self.plan.story["lesson"]
        case = self.story.by(LEAD)
        case.lesson = text
        lessons = case.env["complaint.lesson"]
        if not lessons.search_count([("name", "=", title)], limit=1):
            lesson = lessons.browse(case.action_make_lesson()["res_id"])
            lesson.write({"name": title, "text": text})
            lesson.action_publish()

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
