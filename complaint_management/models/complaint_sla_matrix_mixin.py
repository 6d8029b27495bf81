from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .complaint_sla_line_mixin import TARGET_FIELDS

CELL_FIELDS = ("company_id", "category_id", "priority", "segment_id")
VALUE_FIELDS = ("unit", *TARGET_FIELDS.values(), "calendar_id")
ALL_SEGMENTS = "all"


class ComplaintSlaMatrixMixin(models.AbstractModel):
    """All cells of the matrix at once, to see and to edit.

    Which line counts in a cell is answered by the rule that serves cases,
    ``complaint.sla.line.mixin._match``; a cell without a value for a dimension is asked
    like a case that has none.
    """

    _name = "complaint.sla.matrix.mixin"
    _description = "Matrix of Promises"

    # -- reading -----------------------------------------------------------------
    @api.model
    def get_matrix(self, company_id=None, segment_id=ALL_SEGMENTS):
        """Return the matrix as the screen shows it.

        :param company_id: False for what holds in all companies, None for the default
        :param segment_id: False for any segment, ``"all"`` for any segment and, below
            each category, the segments that have lines of their own
        :return: dict of rows and of what can be chosen
        """
        self.check_access("read")
        lines = self.search_fetch([], self._get_match_fields())
        company = self._get_matrix_company(company_id, lines)
        segments = self._search_of_company("complaint.segment", company)
        chosen = segments.browse() if segment_id == ALL_SEGMENTS else segment_id
        rows = [
            row
            for category, depth in self._get_matrix_categories(company)
            for row in lines._prepare_rows(company, category, depth, chosen, segments)
        ]
        return {
            "company_id": company.id,
            "companies": self._prepare_companies(lines),
            "segment_id": segment_id,
            "segments": [[s.id, s.name] for s in segments],
            "priorities": self._fields["priority"]._description_selection(self.env),
            "units": self._fields["unit"]._description_selection(self.env),
            "calendars": [
                [calendar.id, calendar.display_name]
                for calendar in self._search_of_company("resource.calendar", company)
            ],
            "can_edit": self.has_access("write"),
            "rows": rows,
        }

    @api.model
    def _get_matrix_company(self, company_id, lines):
        """Return the company whose lines are shown, empty for all companies."""
        if company_id is None:
            company_id = self.env.company.id if lines.company_id else False
        if company_id and company_id not in self.env.companies.ids:
            raise AccessError(
                self.env._(
                    "You don't work in this company, so its promises stay closed to "
                    "you."
                )
            )
        return self.env["res.company"].browse(company_id or ())

    @api.model
    def _prepare_companies(self, lines):
        """Return [[id, name]] to choose from; nothing when there is no choice."""
        companies = self.env.companies
        if len(companies) == 1 and not lines.company_id:
            return []
        return [[company.id, company.name] for company in companies]

    @api.model
    def _search_of_company(self, model, company):
        """Return what lines of a company may point to."""
        return self.env[model].search([("company_id", "in", (False, company.id))])

    @api.model
    def _get_matrix_categories(self, company):
        """Return [(category, depth)] as a tree, "any" on top."""
        categories = self._search_of_company("complaint.category", company)
        children = {}
        for category in categories:
            parent = category.parent_id & categories
            children.setdefault(parent.id, []).append(category)
        found, todo = [], [(categories.browse(), 0)]
        while todo:
            category, depth = todo.pop()
            found.append((category, depth))
            below = [(child, depth + 1) for child in children.get(category.id, ())]
            todo += reversed(below)
        return found

    def _prepare_rows(self, company, category, depth, chosen, segments):
        """Return the rows of a category; self are all lines."""
        own = self.filtered(
            lambda line: line.company_id == company and line.category_id == category
        )
        if isinstance(chosen, models.BaseModel):
            shown = [chosen, *(segments & own.segment_id)]
        else:
            shown = [segments.filtered(lambda segment: segment.id == chosen)]
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        return [
            {
                "category_id": category.id,
                "name": category.name or "",
                "path": category.display_name or "",
                "depth": depth,
                "segment_id": segment.id,
                "segment": segment.name or "",
                "cells": [
                    self._prepare_cell(company, category, priority, segment)
                    for priority in (*priorities, False)
                ],
            }
            for segment in shown
        ]

    def _prepare_cell(self, company, category, priority, segment):
        """Return what is promised in a cell, and by which line."""
        line = self._match(company, category, priority, segment)
        cell = (company.id, category.id, priority, segment.id)
        return {
            "priority": priority,
            "is_own": bool(line) and line._get_cell_key() == cell,
            "values": line._prepare_cell_values(),
            "calendar": line.calendar_id.display_name or "",
            "source": line._get_source_text() if line else "",
        }

    def _get_cell_key(self):
        return (
            self.company_id.id,
            self.category_id.id,
            self.priority,
            self.segment_id.id,
        )

    def _prepare_cell_values(self):
        """Return what a line promises, or False when there is none."""
        if not self:
            return False
        return {
            name: self[name].id if name == "calendar_id" else self[name]
            for name in VALUE_FIELDS
        }

    def _get_source_text(self):
        """Say which line it is that counts."""
        name = self.name
        if not self.category_id and (self.priority or self.segment_id):
            name = f"{self.env._('Any category')} · {name}"
        return f"{name} ({self.company_id.name})" if self.company_id else name

    # -- editing -----------------------------------------------------------------
    @api.model
    def set_cell(self, cell, values, seen=None):
        """Promise something of its own in a cell, or nothing of its own any more.

        A line that is taken away is archived, so that cases which were promised by it
        keep their history.

        :param dict cell: ``company_id``, ``category_id``, ``priority``, ``segment_id``
        :param values: dict of ``unit``, ``acknowledge``, ``respond``, ``resolve``,
            ``update_every``, ``calendar_id``; False lets the cell fall back
        :param seen: values of its own that the cell had on the screen, False for none;
            None skips the check that nobody was faster
        :return: values of its own that the cell had before, or False
        :raise AccessError: no right to change promises
        :raise ValidationError: a value is wrong
        :raise UserError: somebody else changed the cell since it was seen
        """
        self.check_access("write")
        self.check_access("create")
        cell = self._check_cell(cell)
        lines = self._find_cell_lines(cell)
        before = lines[:1]._prepare_cell_values()
        if seen is not None and seen != before:
            raise UserError(
                self.env._(
                    "Somebody changed this promise since you opened the matrix. It is "
                    "shown as it is now; please look at it again."
                )
            )
        if values is False:
            lines.write({"active": False})
        else:
            self._store_cell(cell, self._check_values(values), lines[:1])
        return before

    @api.model
    def _check_cell(self, cell):
        """Return the cell as values of a line."""
        if not isinstance(cell, dict) or set(cell) != set(CELL_FIELDS):
            raise ValidationError(
                self.env._("A cell has exactly these parts: %s", ", ".join(CELL_FIELDS))
            )
        self._check_choice("priority", cell["priority"] or None)
        company = self._get_matrix_company(cell["company_id"] or False, self)
        for name in ("category_id", "segment_id"):
            record = self.env[self._fields[name].comodel_name].browse(cell[name] or ())
            record.check_access("read")
            if not record.exists() and cell[name]:
                raise ValidationError(
                    self.env._("What this line is about was deleted meanwhile.")
                )
        return {**cell, "company_id": company.id}

    @api.model
    def _check_values(self, values):
        """Return values of a line; unknown ones and texts are refused."""
        unknown = set(values) - set(VALUE_FIELDS)
        if unknown:
            raise ValidationError(
                self.env._("Unknown values: %s", ", ".join(sorted(unknown)))
            )
        self._check_choice("unit", values.get("unit"))
        for name in TARGET_FIELDS.values():
            target = values.get(name, 0)
            if (
                isinstance(target, bool)
                or not isinstance(target, (int, float))
                or not 0 <= target < float("inf")
            ):
                raise ValidationError(
                    self.env._("A promised time is a number, and not a negative one.")
                )
        return values

    @api.model
    def _check_choice(self, name, value):
        """Refuse a value that isn't one of those of the field; None is left alone."""
        if value is not None and value not in self._fields[name].get_values(self.env):
            raise ValidationError(
                self.env._(
                    "“%(value)s” can't be chosen for %(field)s.",
                    value=value,
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def _find_cell_lines(self, cell, active=True):
        """Return the lines of exactly this cell, the one that counts first."""
        domain = Domain.AND(Domain(name, "=", cell[name]) for name in CELL_FIELDS)
        lines = self.with_context(active_test=False).search(
            domain & Domain("active", "=", active)
        )
        return lines.sorted(lambda line: line._get_specificity(()), reverse=True)

    @api.model
    def _store_cell(self, cell, values, line):
        """Change the line of a cell; without one take back what was archived."""
        if not line:
            line = self._find_cell_lines(cell, active=False)[-1:]
            values = {"calendar_id": False, **values, "active": True}
        if line:
            present = {**line._prepare_cell_values(), "active": line.active}
            line.write({k: v for k, v in values.items() if present[k] != v})
        else:
            self.create({**cell, **values})
