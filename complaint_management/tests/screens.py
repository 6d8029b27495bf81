import json

from odoo.tests import HttpCase

# Opens each action in each of its views inside one browser session and waits for the
# view or for an error dialog. Views that install silently can still break here.
OPEN_ALL = """
(async () => {
    const todo = %s;
    const service = odoo.__WOWL_DEBUG__.root.env.services.action;
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const problems = [];
    const seen = (selector) => document.querySelector(selector);
    for (const [name, id, type, resId] of todo) {
        try {
            await service.doAction(id, {
                viewType: type,
                clearBreadcrumbs: true,
                props: resId ? { resId } : {},
            });
        } catch (error) {
            problems.push(`${name} ${type}: ${error.message}`);
        }
        let waited = 0;
        const ready = `.o_${type}_view, .o_action.o_view_controller.o_${type}_view`;
        while (!seen(ready) && !seen(".o_error_dialog") && waited < 5000) {
            await pause(50);
            waited += 50;
        }
        const dialog = seen(".o_error_dialog");
        if (dialog) {
            problems.push(`${name} ${type}: ${dialog.innerText.slice(0, 300)}`);
            dialog.querySelector("button.btn-primary, .btn-close")?.click();
            await pause(200);
        } else if (!seen(ready)) {
            problems.push(`${name} ${type}: the view never showed`);
        }
    }
    if (problems.length) {
        console.error(problems.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


class ScreensCase(HttpCase):
    """Opens the screens of an addon in a real browser."""

    def _open_all_screens(self, addon, login):
        """Open every window action of ``addon`` in every view type as ``login``."""
        user = self.env["res.users"].search([("login", "=", login)])
        data = self.env["ir.model.data"].search(
            [("module", "=", addon), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        todo = []
        for action in actions.filtered(lambda a: a.target == "current"):
            model = self.env[action.res_model].with_user(user)
            if not model.has_access("read") or model._transient:
                continue
            todo += self._get_views_to_open(action, model)
        self.assertTrue(todo, "There is nothing to open: the test would say nothing.")
        self.browser_js(
            "/odoo",
            OPEN_ALL % json.dumps(todo),
            ready="odoo.isReady === true",
            login=login,
            timeout=180,
        )

    def _get_views_to_open(self, action, model):
        """Return [(label, action id, view type, record id)]; without any record a form
        opens for a new one, if the user may make one."""
        record_id = model.search([], limit=1).id
        return [
            (
                action.res_model,
                action.id,
                view_type,
                record_id if view_type == "form" else False,
            )
            for view_type in action.view_mode.split(",")
            if view_type != "form" or record_id or model.has_access("create")
        ]
