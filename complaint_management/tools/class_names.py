"""What a class and its parents name in a class attribute."""

_CACHE = "_collected_names"


def collect_names(cls, attribute):
    """Return the names in ``attribute`` of a class and of each parent, each once.

    Only what a class body says itself counts, so that every mixin adds its own. Each
    write asks for several of these, and a case has 150 parents, so the class keeps the
    answer: until it gets other parents, as Odoo's classes do while modules load.

    :return: a tuple
    """
    # The attribute: the method mro() works the order out anew, a millisecond.
    parents = cls.__mro__
    known = vars(cls).get(_CACHE)
    if known is None or known[0] is not parents:
        known = (parents, {})
        setattr(cls, _CACHE, known)
    if attribute not in known[1]:
        found = (name for cl in parents for name in vars(cl).get(attribute, ()))
        known[1][attribute] = tuple(dict.fromkeys(found))
    return known[1][attribute]
