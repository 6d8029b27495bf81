import json

from odoo import api, models
from odoo.tools import SQL


class ComplaintBulkMixin(models.AbstractModel):
    """Many rows of one table in one statement, for records that only the system writes.

    Nothing of the ORM happens: no defaults, no overrides, no recomputation. The caller
    sees to what is in the cache and to what follows from the values.

    Rows travel as one JSON text, which takes a third of the time of quoting (and
    parsing) value by value.
    """

    _name = "complaint.bulk.mixin"
    _description = "Many Rows in One Statement"

    @api.model
    def _bulk_insert(self, names, vals_list):
        """Insert rows, in the order given.

        :param names: names of stored fields
        :param vals_list: dicts; what one doesn't have, or is None, becomes NULL
        :return: ids of the new records
        """
        if not vals_list:
            return []
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(names)s)"
                " SELECT %(names)s FROM %(rows)s RETURNING id",
                table=SQL.identifier(self._table),
                names=SQL(", ").join(SQL.identifier(name) for name in names),
                rows=self._bulk_rows(names, vals_list),
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _bulk_update(self, names, vals_list):
        """Update rows that are there.

        :param names: names of stored fields
        :param vals_list: dicts as in :meth:`_bulk_insert`, with the ``id`` of the row
        """
        if vals_list:
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(changes)s FROM %(rows)s"
                    " WHERE %(table)s.id = new.id",
                    table=SQL.identifier(self._table),
                    changes=SQL(", ").join(
                        SQL(
                            "%s = %s", SQL.identifier(name), SQL.identifier("new", name)
                        )
                        for name in names
                    ),
                    rows=self._bulk_rows(["id", *names], vals_list),
                )
            )

    def _bulk_rows(self, names, vals_list, lists=()):
        """Return the table ``new`` of the values.

        :param lists: names of the fields of which each row has a list of values
        """
        return SQL(
            "json_to_recordset(%s) AS new (%s)",
            json.dumps(vals_list, default=str),
            SQL(", ").join(
                SQL(
                    "%s %s[]" if name in lists else "%s %s",
                    SQL.identifier(name),
                    self._bulk_type(name),
                )
                for name in names
            ),
        )

    def _bulk_type(self, name):
        kind = "int4" if name == "id" else self._fields[name].column_type[0]
        return SQL.identifier(kind)
