from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..exceptions import HoldError
from ..tools import hold_sql
from ..tools.class_names import collect_names

# Written by Odoo itself with every change.
TECHNICAL_FIELDS = ("id", "create_uid", "create_date", "write_uid", "write_date")


class ComplaintHoldMixin(models.AbstractModel):
    """A record that belongs to complaints: while one of them is under a legal hold,
    what stands in the record stays, whoever wants to change it.

    It stands first among the parents of a model. Nobody is let through, the superuser
    and code with ``sudo()`` included; no key of the context opens it. A model says

    * ``_hold_cases_sql``: which cases a row ``rec`` belongs to;
    * ``_hold_free_fields``: what work goes on with, may change;
    * ``_hold_once_fields``: may be given while it is empty, then stays;
    * ``_hold_history``: (model, field that points here) of records that keep values of
      these fields under the same names; what they keep may be written anew;
    * ``_hold_locked_fields``: only these are locked (None: all the others);
    * ``_hold_is_host``: whether its messages and files are held too.

    Derived fields follow what they derive from. New records may be added. The same is
    kept by triggers in the database (``tools/hold_sql``).
    """

    _name = "complaint.hold.mixin"
    _description = "Kept by Legal Holds"
    _hold_cases_sql = "SELECT rec.case_id"
    _hold_free_fields = ()
    _hold_once_fields = ()
    _hold_history = None
    _hold_locked_fields = None
    _hold_is_host = True

    # -- in the database -----------------------------------------------------------
    def init(self):
        super().init()
        if self._abstract:
            return
        cr = self.env.cr
        hold_sql.create_functions(cr)
        finder = hold_sql.create_finder(
            cr, self._table, self._hold_cases_sql, self._hold_is_host
        )
        locked = self._hold_locked_fields
        hold_sql.create_trigger(
            cr,
            self._table,
            finder,
            locked=locked and self._get_hold_columns(locked),
            free=self._get_hold_columns(self._get_hold_free_fields()),
            once=self._get_hold_columns(self._get_hold_once_fields()),
            history=self._get_hold_history_columns(),
        )
        self._guard_hold_relations(finder)

    def _guard_hold_relations(self, finder):
        """Links to other records can be added, not cut. Both ends of a link may be
        protected, each has its trigger."""
        for name in self._get_hold_relation_fields():
            field = self._fields[name]
            hold_sql.create_trigger(self.env.cr, field.relation, finder, field.column1)

    @api.model
    def _get_hold_relation_fields(self):
        """Return the names of the many2many fields whose links stay."""
        names = self._hold_locked_fields
        free = self._get_hold_free_fields()
        return [
            name
            for name, field in self._fields.items()
            if field.type == "many2many"
            and field.store
            and not field.compute
            and (name in names if names is not None else name not in free)
        ]

    @api.model
    def _get_hold_columns(self, names):
        fields_ = self._fields
        return sorted(n for n in names if n in fields_ and fields_[n].column_type)

    @api.model
    def _get_hold_history_columns(self):
        if not self._hold_history:
            return "", ""
        model, field = self._hold_history
        return self.env[model]._table, field

    # -- what is locked ------------------------------------------------------------
    @api.model
    @tools.ormcache()
    def _get_hold_free_fields(self):
        """Return the names of the fields that work goes on with."""
        derived = {
            name
            for name, field in self._fields.items()
            if field.compute and field.store and field.readonly
        }
        named = collect_names(type(self), "_hold_free_fields")
        return frozenset(derived.union(named, TECHNICAL_FIELDS))

    @api.model
    def _get_hold_once_fields(self):
        return collect_names(type(self), "_hold_once_fields")

    @api.model
    def _get_hold_locked_names(self, names):
        """Return those of some field names that are locked. What hangs on a record by
        a one2many is protected there; what isn't stored leads to other fields."""
        if self._hold_locked_fields is not None:
            return [name for name in names if name in self._hold_locked_fields]
        free = self._get_hold_free_fields()
        return [
            name
            for name in names
            if name not in free
            and (field := self._fields.get(name))
            and field.store
            and field.type != "one2many"
        ]

    def _is_hold_change(self, name, value):
        """Tell whether writing a locked field takes something away from a record."""
        self.ensure_one()
        field, present = self._fields[name], self[name]
        is_once = name in self._get_hold_once_fields()
        if field.type == "many2many":
            return self._is_hold_link_cut(present, value, is_once)
        if is_once and (self._is_hold_empty(present) or self._is_hold_kept(name)):
            return False
        wanted = field.convert_to_cache(value, self, validate=False)
        return wanted != field.convert_to_cache(present, self, validate=False)

    def _is_hold_kept(self, name):
        """Tell whether the history keeps what stands in a field."""
        if not self._hold_history:
            return False
        model, pointer = self._hold_history
        history = self.env[model].search([(pointer, "=", self.id)])
        return name in history._fields and self[name] in history.mapped(name)

    @api.model
    def _is_hold_empty(self, value):
        if isinstance(value, models.BaseModel):
            return not value
        return not value or value in hold_sql.EMPTY_VALUES

    def _is_hold_link_cut(self, present, value, is_once):
        """Tell whether a list of links changes; adding is no change where a list may be
        filled."""
        wanted = set(present.ids)
        for command in value if isinstance(value, list | tuple) else ():
            if not isinstance(command, list | tuple):
                wanted.add(command)
            elif command[0] in (fields.Command.UNLINK, fields.Command.DELETE):
                wanted.discard(command[1])
            elif command[0] == fields.Command.CLEAR:
                wanted.clear()
            elif command[0] == fields.Command.SET:
                wanted = set(command[2])
            elif command[0] == fields.Command.LINK:
                wanted.add(command[1])
            elif command[0] == fields.Command.CREATE:
                wanted.add(None)
        if not value:
            wanted.clear()
        before = set(present.ids)
        return not wanted >= before if is_once else wanted != before

    # -- refusing ------------------------------------------------------------------
    def write(self, vals):
        if names := self._get_hold_locked_names(vals):
            held = self._get_held_cases()
            for record in self if held else ():
                if record.id in held and any(
                    # sudo: what stands in a record decides, whoever may read it
                    record.sudo()._is_hold_change(name, vals[name])
                    for name in names
                ):
                    record._raise_held(held[record.id])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._check_not_held()

    def _check_not_held(self):
        """Refuse with an error when one of these is under a legal hold."""
        for record_id, case_ids in self._get_held_cases().items():
            self.browse(record_id)._raise_held(case_ids)

    def _get_held_cases(self):
        """Return {id: [ids of held cases]} of those of self that belong to any; no
        query while no hold stands, else one."""
        if not self.ids or not self.env["complaint.legal.hold"]._is_any_active():
            return {}
        self.flush_recordset()
        prefix = "complaint_held_" if self._hold_is_host else "complaint_holds_of_"
        self.env.cr.execute(
            SQL(
                "SELECT rec, array_agg(DISTINCT found) FROM unnest(%s) AS rec,"
                " LATERAL %s(rec) AS found GROUP BY rec",
                list(self.ids),
                SQL.identifier(prefix + self._table),
            )
        )
        return dict(self.env.cr.fetchall())

    def _raise_held(self, case_ids):
        """Say which hold stands in the way, to whoever may know."""
        # sudo: the rights of the user decide what they are told, not those of the code
        cases = self.env["complaint.case"].browse(case_ids).sudo(False)
        case = cases._filtered_access("read")[:1]
        if not case:
            raise HoldError(
                self.env._(
                    "This record (%s) is under a legal hold. It can't be changed, "
                    "moved or deleted. Ask the legal department.",
                    self._description,
                )
            )
        raise HoldError(
            self.env._(
                "%(model)s: complaint %(case)s is under a legal hold (%(holds)s). What "
                "belongs to it can't be changed, moved or deleted; new messages and "
                "files may be added. Ask %(people)s, who can release the hold.",
                model=self._description,
                case=case.name,
                holds=case.hold_notice,
                people=case.hold_people,
            )
        )
