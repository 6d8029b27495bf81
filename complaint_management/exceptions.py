from odoo.exceptions import AccessError, UserError


class GateError(UserError):
    """A case can't enter a step yet.

    The message alone says all of it, for imports, mails and programs. ``context``
    goes to the browser with it (see ``odoo.http.serialize_exception``), where a
    dialog makes links of it.

    :param str message: everything that is missing, as text
    :param list missing: one dict a missing point: ``heading`` (which case, which
        step), ``label``, ``details`` (texts), ``res_model``, ``res_id`` and ``field``
        (name of the field to go to, or "")
    """

    def __init__(self, message, missing):
        super().__init__(message)
        self.context = {"missing": missing}


class HoldError(AccessError):
    """What somebody wants to change or delete is under a legal hold."""
