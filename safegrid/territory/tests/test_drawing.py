import re

from safegrid.territory import drawing
from safegrid.territory.models import Area
from safegrid.territory.tests import make


def _drawn(*areas: Area) -> drawing.Drawing:
    found = drawing.draw(areas)
    assert found is not None
    return found


def _area(name: str, lon: float, boundary=None) -> Area:
    return Area(code="231004", name=name, boundary=boundary or make.square(lon, 44.60))


def test_neighbours_lie_side_by_side_within_the_frame():
    drawn = _drawn(_area("西", 129.60), _area("东", 129.61))
    assert drawn.width <= drawing.WIDTH and drawn.height <= drawing.HEIGHT
    west, east = drawn.cells
    assert west.x < east.x and west.has_room
    points = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+),([\d.]+)", east.path)]
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in points)


def test_a_long_name_is_left_out_of_a_small_cell():
    drawn = _drawn(_area("甲" * 60, 129.60), _area("乙", 129.90))
    assert [cell.has_room for cell in drawn.cells] == [False, True]


def test_parts_and_holes_are_kept():
    outer = make.square(129.60, 44.60, 0.03)["coordinates"][0]
    hole = make.square(129.61, 44.61)["coordinates"][0]
    island = make.square(129.70, 44.60)["coordinates"][0]
    boundary = {"type": "MultiPolygon", "coordinates": [[outer, hole], [island]]}
    drawn = _drawn(_area("三块", 0, boundary))
    assert drawn.cells[0].path.count("M") == drawn.cells[0].path.count("Z") == 3


def test_nothing_drawn_is_no_drawing():
    assert drawing.draw([]) is None
    assert drawing.draw([Area(code="231004", name="没有边界")]) is None
