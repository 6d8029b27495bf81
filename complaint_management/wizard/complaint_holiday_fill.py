from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import public_holidays

MANY_YEARS = 10


class ComplaintHolidayFill(models.TransientModel):
    """Fill working hours with the public holidays of a country. Done again, it adds
    only what isn't there."""

    _name = "complaint.holiday.fill"
    _description = "Fill in Public Holidays"

    calendar_ids = fields.Many2many(
        "resource.calendar",
        string="Working hours",
        required=True,
        default=lambda self: self._default_calendar_ids(),
    )
    country_id = fields.Many2one(
        "res.country",
        required=True,
        default=lambda self: self.env.company.country_id,
        domain=lambda self: self._get_country_domain(),
    )
    year_from = fields.Integer(
        "From year", required=True, default=lambda self: fields.Date.today().year
    )
    year_to = fields.Integer(
        "To year", required=True, default=lambda self: fields.Date.today().year + 1
    )
    with_half_days = fields.Boolean(
        "Half days",
        default=True,
        help="Closed from 13:00 on, where a country has them.",
    )
    with_bank = fields.Boolean("Bank holidays")
    with_government = fields.Boolean("Holidays of the public service")
    line_ids = fields.One2many(
        "complaint.holiday.fill.line",
        "fill_id",
        "Holidays",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    def _default_calendar_ids(self):
        if self.env.context.get("active_model") == "resource.calendar":
            return self.env.context.get("active_ids")
        return self.env.company.resource_calendar_id

    @api.model
    def _get_country_domain(self):
        return [("code", "in", sorted(public_holidays.supported_countries()))]

    @api.depends(
        *("calendar_ids", "country_id", "year_from", "year_to"),
        *("with_half_days", "with_bank", "with_government"),
    )
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "date": found.date,
                        "name": found.name,
                        "is_half_day": found.is_half_day,
                    }
                )
                for found in wizard._find_holidays("UTC")
            ]

    def _find_holidays(self, tz):
        """Return the [tools.public_holidays.Holiday] that the form asks for."""
        if not self.country_id:
            return []
        if not 0 <= self.year_to - self.year_from < MANY_YEARS:
            raise UserError(
                self.env._("Choose at most %s years, the first one first.", MANY_YEARS)
            )
        wanted = {
            "public": True,
            "half_day": self.with_half_days,
            "bank": self.with_bank,
            "government": self.with_government,
        }
        try:
            return public_holidays.find(
                self.country_id.code,
                range(self.year_from, self.year_to + 1),
                tz,
                [category for category, is_wanted in wanted.items() if is_wanted],
                self.env.lang,
            )
        except NotImplementedError as error:
            raise UserError(
                self.env._(
                    "The holidays of %s aren't known. Enter them in the working hours.",
                    self.country_id.name,
                )
            ) from error

    def action_fill(self):
        """Close the chosen working hours on the chosen holidays."""
        self.ensure_one()
        self.check_access("write")
        self.calendar_ids.check_access("read")
        chosen = {(line.date, line.is_half_day) for line in self.line_ids}
        vals_list = []
        for calendar in self.calendar_ids:
            present = {
                (leave.date_from, leave.date_to)
                for leave in calendar._get_business_time_leaves()
            }
            vals_list += [
                {
                    "name": found.name,
                    "calendar_id": calendar.id,
                    "company_id": calendar.company_id.id,
                    "date_from": found.start,
                    "date_to": found.end,
                    "time_type": "leave",
                }
                for found in self._find_holidays(calendar.tz or "UTC")
                if (found.date, found.is_half_day) in chosen
                and (found.start, found.end) not in present
            ]
        # sudo: closing whole calendars is otherwise for administrators; only managers
        # reach this form, and it adds public holidays to calendars that they may see
        self.env["resource.calendar.leaves"].sudo().create(vals_list)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(new)s holidays were added, the others were there already.",
                    new=len(vals_list),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class ComplaintHolidayFillLine(models.TransientModel):
    """One holiday of the preview; who takes it out leaves it open."""

    _name = "complaint.holiday.fill.line"
    _description = "Public Holiday to Fill in"
    _order = "date"

    fill_id = fields.Many2one(
        "complaint.holiday.fill", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    name = fields.Char(required=True)
    is_half_day = fields.Boolean("Half day")
