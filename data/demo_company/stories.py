"""Plays one complaint after the other, from arrival to today."""

from datetime import timedelta

from . import legal
from .clock import to_office_hours
from .intake import receive
from .plan import make_plans
from .quality import Quality
from .world import ZONES, say

# What is older is told with less detail: nobody looks for the mail that carried an
# answer of last winter, and a year has to load in a minute or two.
DETAIL_DAYS = 45


class Story:
    """One case and the people around it; each step happens at its own time."""

    def __init__(self, world, plan):
        self.world, self.plan = world, plan
        self.last = plan.received_at
        self.case = None
        handler = {"az": "handler", "tr": "handler2"}[plan.company]
        self.owner = "manager" if plan.is_confidential else handler
        self.company = world.companies[plan.company]
        self.tz = ZONES[plan.company]
        self.is_old = plan.received_at < world.now - timedelta(days=DETAIL_DAYS)

    # -- time ---------------------------------------------------------------------
    def at(self, moment, step, *args):
        """Do a step at a moment, not before the last one; False when it isn't yet."""
        moment = max(moment, self.last + timedelta(minutes=2))
        if not self.plan.is_grave:
            moment = to_office_hours(moment, self.tz, self.world.random.randint(3, 90))
        if moment >= self.world.now:
            return False
        self.sweep(moment)
        self.last = moment
        with self.world.travel(moment):
            step(*args)
        return True

    def sweep(self, moment):
        """Miss the promises that ended before ``moment``, as the job does."""
        clocks = self.case.sla_clock_ids
        due = clocks.filtered(lambda c: c.state == "running" and c.deadline < moment)
        for clock in due.sorted("deadline"):
            with self.world.travel(clock.deadline + timedelta(minutes=4)):
                clock._sweep()

    def deadline(self, kind):
        clock = self.case.sla_clock_ids.filtered(lambda c: c.kind == kind)[:1]
        return clock.deadline or self.last + timedelta(days=2)

    def share(self, kind, factor):
        """The moment at which a share of the promised time has passed."""
        start = self.plan.received_at
        return start + (self.deadline(kind) - start) * factor

    # -- people -------------------------------------------------------------------
    def by(self, login):
        return self.world.as_user(self.case, login, self.company)

    def names(self):
        case = self.case
        return {
            "name": case.partner_name or "",
            "number": case.name,
            "owner": self.world.users[self.owner].name,
        }

    def answer(self, kind):
        """The owner writes to the customer."""
        self.write_to_customer(self.world.phrase(self.plan.lang, kind, **self.names()))

    def write_to_customer(self, text):
        if self.case._needs_approved_answer():
            legal.answer(self, text)
            return
        partners = self.case.partner_id
        self.by(self.owner).message_post(
            body=text,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=[] if self.is_old else partners.ids,
        )

    def hear(self, kind):
        """The customer writes."""
        partner = self.case.partner_id
        if not partner:
            return
        self.case.message_post(
            body=self.world.phrase(self.plan.lang, kind, **self.names()),
            author_id=partner.id,
            email_from=partner.email_formatted or False,
            message_type="email" if partner.email else "comment",
            subtype_xmlid="mail.mt_comment",
        )

    def note(self, login, text):
        self.by(login).message_post(body=text, subtype_xmlid="mail.mt_note")

    # -- steps --------------------------------------------------------------------
    def play(self):
        with self.world.travel(self.last):
            self.case = receive(self.world, self.plan)
        if self.case.acknowledge_state == "queued":
            self.last += timedelta(minutes=self.world.random.randint(1, 6))
            if self.last < self.world.now:
                with self.world.travel(self.last):
                    self.case._acknowledge()
        self.go_on()
        self.sweep(self.world.now)

    def go_on(self):
        """Triage, answer, and the way of the flow, as far as time allows."""
        plan = self.plan
        if not self.at(self.triage_moment(), self.triage):
            return
        if plan.is_cancelled:
            self.at(self.last + timedelta(hours=5), self.cancel)
            return
        respond_at = self.share("respond", plan.respond)
        if not self.at(respond_at, self.answer, "first_response"):
            return
        if plan.is_stuck:
            return
        way = {"simple": self.simple_way, "eightd": Quality(self).eightd_way}
        way.get(plan.flow, self.standard_way)()

    def triage_moment(self):
        low, high = {"3": (8, 50), "2": (15, 120)}.get(
            self.plan.row["priority"], (40, 280)
        )
        minutes = self.world.between(low, high) * (1 if self.plan.respond < 1 else 2.5)
        return self.plan.received_at + timedelta(minutes=minutes)

    def triage(self):
        plan, env = self.plan, self.world.env
        find = env["complaint.category"].search
        flow = env["complaint.flow"].search([("code", "=", plan.flow)], limit=1)
        error = env["complaint.error.type"].search(
            [("code", "=", plan.row["error_type"])], limit=1
        )
        if plan.is_confidential:
            people = [self.world.users[login].id for login in ("manager", "legal")]
            self.case.write(
                {"is_confidential": True, "confidential_user_ids": [(6, 0, people)]}
            )
        self.by("manager" if plan.is_confidential else self.owner).write(
            {
                "category_id": find([("code", "=", plan.row["category"])], limit=1).id,
                "error_type_id": error.id,
                "priority": plan.row["priority"],
                "user_id": self.world.users[self.owner].id,
                "flow_id": flow.id,
            }
        )
        self.go("triage")
        if plan.is_legal:
            self.note_legal_risk()

    def note_legal_risk(self):
        self.by("legal").write(
            {
                "is_legal_risk": True,
                "legal_note": "The customer announces a claim or a report to an "
                "authority. Answers go through Legal.",
            }
        )
        self.note("legal", "Please send me each answer before it goes out.")

    def go(self, phase, login=None):
        """Move on to the step of a phase."""
        stage = self.case.flow_id.stage_ids.filtered(lambda s: s.phase == phase)[:1]
        if stage:
            self.by(login or self.owner).stage_id = stage

    def cancel(self):
        self.hear("withdraw")
        self.go("cancelled")
        self.finish_activities()

    def simple_way(self):
        resolve_at = self.share("resolve", self.plan.resolve)
        middle = self.last + (resolve_at - self.last) * 0.6
        self.talk(middle)
        if self.at(middle, self.judge):
            self.part(resolve_at)

    def standard_way(self):
        resolve_at = self.share("resolve", self.plan.resolve)
        begin, span = self.last, resolve_at - self.last
        if not self.at(begin + span * 0.2, self.investigate):
            return
        self.talk(begin + span * 0.35)
        if not self.at(begin + span * 0.6, self.find_cause):
            return
        if self.is_old:
            if not self.at(resolve_at, self.judge_and_solve):
                return
        elif not (
            self.at(begin + span * 0.8, self.judge) and self.at(resolve_at, self.solve)
        ):
            return
        later = timedelta(days=self.world.random.randint(6, 25))
        self.part(self.last + later)

    def talk(self, moment):
        """Half of the customers ask something on the way, and get an answer."""
        if self.world.chance(0.5) and self.at(moment, self.hear, "follow_up"):
            hours = self.world.between(0.5, 5)
            self.at(self.last + timedelta(hours=hours), self.answer, "update")

    def investigate(self):
        if self.plan.flow == "eightd":
            self.report_at_once()
        self.go("investigation")
        lang = {"handler": "az", "handler2": "tr"}.get(self.owner, "en")
        self.note(self.owner, self.world.phrase(lang, "note"))

    def report_at_once(self):
        """Tell the customer on paper what was found and done at once."""
        steps = self.plan.story["steps"]
        report = (
            self.by(self.owner)
            .env["complaint.initial.report"]
            .create(
                {
                    "case_id": self.case.id,
                    "found": steps["d2"],
                    "done": steps["d3"],
                }
            )
        )
        report._mark_sent("post", report.done_at)

    def find_cause(self):
        story = self.plan.story
        self.by(self.owner).root_cause = (
            story["root_cause"] if story else self.plain_cause()
        )
        self.go("action")

    def plain_cause(self):
        return {
            "packaging": "The carton doesn't hold the load when pallets are stacked.",
            "service": "The task had no owner between the call centre and service.",
            "documentation": "The text was taken over from the previous model.",
        }.get(
            self.case.error_type_id.parent_id.code,
            "Assembly error at one station; the end test didn't cover it.",
        )

    def plain_lesson(self):
        return {
            "packaging": "Cartons are tested with the load of the whole pallet.",
            "service": "Every task with a customer has a named owner and a date.",
            "documentation": "Texts are read against the product before printing.",
        }.get(
            self.case.error_type_id.parent_id.code,
            "What a station assembles is checked by the test at the end of the line.",
        )

    def judge(self):
        plan = self.plan
        reason = plan.story["validity_reason"] if plan.story else ""
        self.by(self.owner).write(
            {
                "validity": plan.validity,
                "validity_reason": reason
                or "Photos, warranty record and the technician's report were compared.",
            }
        )
        if plan.validity == "not_justified":
            # Nobody says no to a customer alone.
            self.by("manager").action_confirm_validity()
        self.go("response")

    def decide(self):
        """Say what was decided, in the customer's language."""
        kind = {
            "justified": "decision_justified",
            "partly": "decision_partly",
            "not_justified": "decision_not",
        }[self.plan.validity]
        text = self.world.phrase(self.plan.lang, kind)
        case = self.by(self.owner)
        case.decision = text
        self.write_to_customer(text)
        if not self.case.decision_sent_at:
            case._note_decision_told("message")

    def solve(self):
        if not self.case.decision:
            self.decide()
        self.go("monitoring")
        self.finish_activities()

    def judge_and_solve(self):
        self.judge()
        self.solve()

    def close(self):
        if not self.case.decision:
            self.decide()
        if self.case.recurrence_ids and self.case.phase == "monitoring":
            # It came back: what was done isn't enough, so it stays open.
            return
        self.by(self.owner).lesson = self.plain_lesson()
        self.go("closed")
        self.finish_activities()

    def part(self, moment):
        """Close, and hear what the customer has to say about it."""
        if self.at(moment, self.close) and self.world.chance(0.4):
            hours = self.world.between(1, 30)
            self.at(self.last + timedelta(hours=hours), self.hear, "thanks")

    def finish_activities(self):
        """What was missed is answered now."""
        activities = self.case.activity_ids
        if self.is_old:
            activities.unlink()
            return
        activities.with_user(self.world.users[self.owner]).action_feedback(
            feedback="Answered."
        )


def play_cases(world):
    plans = make_plans(world)
    for count, plan in enumerate(plans, start=1):
        story = Story(world, plan)
        story.play()
        world.stories.append(story)
        if not count % 25:
            say(f"  {count} of {len(plans)} complaints")
