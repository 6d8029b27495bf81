from odoo import api, models


class ComplaintCalendarPartMixin(models.AbstractModel):
    """A part of the working hours: a change makes compiled hours void."""

    _name = "complaint.calendar.part.mixin"
    _description = "Part of Working Hours"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["resource.calendar"]._forget_business_time()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env["resource.calendar"]._forget_business_time()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["resource.calendar"]._forget_business_time()
        return result
