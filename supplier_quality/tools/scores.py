"""Points of a supplier, from rates to one score. Figures without data stay out."""


def rate(part, whole):
    """Return the share in percent, None without anything to count."""
    if not whole:
        return None
    return 100 * part / whole


def ppm(rejected, received):
    """Return rejected parts per million received, None without receipts."""
    if not received or received < 0:
        return None
    return rejected / received * 1_000_000


def ppm_points(value, limit):
    """Return 100 points for 0 ppm, falling in a line to 0 points at the limit."""
    if value is None:
        return None
    if limit <= 0:
        return 100 if value <= 0 else 0
    return min(100, max(0, 100 * (1 - value / limit)))


def weighted_score(parts):
    """Return the weighted mean of the points that exist, None without any.

    :param parts: ``[(points or None, weight), …]``; the weight of what has no data
        goes to the others in proportion
    """
    rated = [(points, weight) for points, weight in parts if points is not None]
    total = sum(weight for _points, weight in rated)
    if not total or total < 0:
        return None
    return sum(points * weight for points, weight in rated) / total
