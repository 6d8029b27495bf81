"""What a class and its parents name in a class attribute."""


def collect_names(cls, attribute):
    """Return the names in ``attribute`` of a class and of each parent, each once.

    Only what a class body says itself counts, so that every mixin adds its own.
    """
    return list(
        dict.fromkeys(
            name for parent in cls.mro() for name in vars(parent).get(attribute, ())
        )
    )
