"""The coordinates of a page as viewers show it: its crop box, turned by its rotation."""

from collections.abc import Iterable
from typing import NamedTuple

Box = tuple[float, float, float, float]
_ROTATIONS = {90: (0, 1, 1, 0), 180: (-1, 0, 0, 1), 270: (0, -1, -1, 0)}


class View(NamedTuple):
    """The affine map from PDF user space (ISO 32000-1, 8.3) to points from the page's top left.

    x' = ax + cy + e and y' = bx + dy + f; `width` and `height` are those of the shown page.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box of user space as (x0, top, x1, bottom)."""
        xs = sorted((self.a * x0 + self.c * y0 + self.e, self.a * x1 + self.c * y1 + self.e))
        ys = sorted((self.b * x0 + self.d * y0 + self.f, self.b * x1 + self.d * y1 + self.f))
        return xs[0], ys[0], xs[1], ys[1]


def view(media: Iterable[float], crop: Iterable[float], rotation: int) -> View:
    """The view of a page; a crop box outside the media box is ignored.

    Args:
        media: the media box, two corners in points.
        crop: the crop box.
        rotation: of the page, in degrees clockwise.

    >>> view((0, 0, 200, 100), (0, 0, 200, 100), 90).box(0, 0, 10, 20)
    (0, 0, 20, 10)
    """
    outer, inner = _sorted(media), _sorted(crop)
    x0, y0 = max(inner[0], outer[0]), max(inner[1], outer[1])
    x1, y1 = min(inner[2], outer[2]), min(inner[3], outer[3])
    if x0 >= x1 or y0 >= y1:
        x0, y0, x1, y1 = outer
    a, b, c, d = _ROTATIONS.get(rotation % 360, (1, 0, 0, -1))
    e = {90: -y0, 180: x1, 270: y1}.get(rotation % 360, -x0)
    f = {90: -x0, 180: -y0, 270: x1}.get(rotation % 360, y1)
    width, height = (y1 - y0, x1 - x0) if rotation % 180 else (x1 - x0, y1 - y0)
    return View(a, b, c, d, e, f, width, height)


def _sorted(box: Iterable[float]) -> Box:
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
