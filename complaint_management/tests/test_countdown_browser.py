import json
import random
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models.complaint_sla_countdown_mixin import EPOCH, _seconds
from .common import ComplaintCommon

# The browser counts as the server does: {data, now, left, late} of many promises.
COUNT_ALL = """
(() => {
    const {countdownAt} = odoo.loader.modules.get(
        "@complaint_management/countdown/countdown"
    );
    const problems = [];
    for (const {data, now, seconds, isLate, opensAt} of %s) {
        const view = countdownAt(data, now);
        const same =
            view.seconds === seconds &&
            view.opensAt === opensAt &&
            (view.level === "late") === isLate;
        if (!same) {
            problems.push(JSON.stringify({data, now, seconds, isLate, opensAt, view}));
        }
    }
    if (problems.length) {
        console.error(problems.slice(0, 3).join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


@tagged("post_install", "-at_install")
class TestCountdownBrowser(ComplaintCommon, HttpCase):
    def test_badge_counts_on_and_opens_the_account(self):
        case = self._new_case(priority="3")
        self.start_tour(
            f"/odoo/complaints/{case.id}",
            "complaint_management_countdown",
            login=self.handler.login,
        )

    def test_browser_counts_as_the_server_does(self):
        """The same promises at the same moments, over nights, lunch and weekends."""
        dice = random.Random(19)
        self.env["complaint.sla.policy"].create(
            {
                "category_id": self.category.id,
                "unit": "business_hours",
                "respond": 3,
                "resolve": 17,
            }
        )
        now = fields.Datetime.now()
        samples = []
        for __ in range(12):
            received = now - timedelta(seconds=dice.randint(0, 4 * 86400))
            case = self._new_case(received_at=received)
            for clock in case.sla_clock_ids:
                samples += [
                    self._make_sample(clock, dice.randint(0, 2 * 86400))
                    for __ in range(8)
                ]
        self.assertTrue(any(sample["isLate"] for sample in samples))
        self.assertTrue(any(sample["opensAt"] for sample in samples))
        self.browser_js(
            "/odoo",
            COUNT_ALL % json.dumps(samples),
            ready="odoo.isReady === true",
            login=self.handler.login,
        )

    def _make_sample(self, clock, later):
        """Return what a browser shows some seconds after it got the data."""
        data = clock.sla_countdown
        moment = EPOCH + timedelta(seconds=data["now"] + later)
        left = clock._get_time_left(moment).total_seconds()
        hours = clock._get_time()
        opening = hours.add(moment, timedelta(0))
        return {
            "data": data,
            "now": _seconds(moment),
            "seconds": abs(round(left)),
            "isLate": moment > clock.deadline,
            "opensAt": _seconds(opening) if opening > moment else None,
        }
