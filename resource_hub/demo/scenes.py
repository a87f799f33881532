"""What the demo's micro-lessons show: each scene draws itself at a moment between 0 and 1."""

from math import asin, cos, degrees, pi, radians, sin

from resource_hub.demo.easel import BLUE, GOLD, GREEN, GREY, INK, RED, Easel, Point, around, between

SLICES = 16
FRACTIONS = ((1, 2), (2, 4), (3, 6), (4, 8))


def circle_area(easel: Easel, at: float) -> None:
    """A circle is cut into slices, which line up into what is nearly a rectangle."""
    easel.words((320, 34), "把圆剪开，拼成近似的长方形", 26)
    radius, centre = 84.0, (150.0, 170.0)
    step = 360 / SLICES
    # Slices point up and down in turn; the width of one at its rim is r times its angle.
    across = radius * radians(step)
    moved = ease((at - 0.15) / 0.7)
    for number in range(SLICES):
        upright = number % 2 == 0
        goal = (250 + across * (number + 1) / 2, 128.0 if upright else 128.0 + radius)
        turn_goal = 90.0 if upright else 270.0
        apex = between(centre, goal, moved)
        turn = number * step + step / 2
        turn += ((turn_goal - turn + 180) % 360 - 180) * moved
        colour = BLUE if upright else GOLD
        easel.sector(apex, radius, turn - step / 2, turn + step / 2, colour)
    if moved >= 1:
        easel.circle(centre, radius, None, GREY)
        easel.line([centre, around(centre, radius, 0)], RED, 3)
        easel.words((192, 155), "r", 22, RED)
        middle = 250 + across * (SLICES + 1) / 4
        easel.words((middle, 240), "长 ＝ πr（周长的一半）", 22, RED)
        easel.words((middle + 190, 170), "宽 ＝ r", 22, RED)
        easel.words((320, 310), "圆的面积 ＝ πr × r ＝ πr²", 28)
    else:
        easel.words((320, 310), "分成 16 份、32 份、64 份……份数越多越接近", 22, GREY)


def pythagoras(easel: Easel, at: float) -> None:
    """Four equal triangles in one frame: first c² is free, then a² and b²."""
    easel.words((320, 30), "四个全等的直角三角形，大正方形不变", 24)
    left, top, a, b = 80.0, 64.0, 80.0, 160.0
    side = a + b
    # Where each triangle has its right angle, and the directions of its legs a and b.
    before: list[tuple[Point, Point, Point]] = [
        ((0, 0), (a, 0), (0, b)),
        ((side, 0), (side, a), (side - b, 0)),
        ((side, side), (side - a, side), (side, side - b)),
        ((0, side), (0, side - a), (b, side)),
    ]
    after: list[tuple[Point, Point, Point]] = [
        ((0, a), (a, a), (0, side)),
        ((side, 0), (side, a), (a, 0)),
        ((a, side), (0, side), (a, a)),
        ((a, a), (a, 0), (side, a)),
    ]
    moved = ease((at - 0.25) / 0.5)
    easel.box(left, top, left + side, top + side, "#f3e7c8")
    for old, new in zip(before, after, strict=True):
        corners = [between(first, last, moved) for first, last in zip(old, new, strict=True)]
        easel.polygon([(left + x, top + y) for x, y in corners], BLUE)
    if moved <= 0:
        easel.words((left + side / 2, top + side / 2), "c²", 40, RED)
    elif moved >= 1:
        easel.words((left + a / 2, top + a / 2), "a²", 34, RED)
        easel.words((left + a + b / 2, top + a + b / 2), "b²", 40, RED)
    easel.words((480, 150), "空白部分的面积", 24)
    easel.words((480, 200), "c²" if moved <= 0 else "……" if moved < 1 else "a² ＋ b²", 38, RED)
    if moved >= 1:
        easel.words((480, 260), "所以 a² ＋ b² ＝ c²", 26)


def clock(easel: Easel, at: float) -> None:
    """The long hand goes once round, the short one a twelfth of it: from 3 to 4 o'clock."""
    centre, minutes = (190.0, 190.0), round(60 * at)
    easel.words((320, 30), "分针走一圈，时针走一大格", 26)
    easel.circle(centre, 132, "#ffffff")
    for hour in range(1, 13):
        easel.words(around(centre, 108, hour * 30 - 90), str(hour), 24)
    for minute in range(60):
        start = 122 if minute % 5 == 0 else 127
        easel.line([around(centre, start, minute * 6), around(centre, 131, minute * 6)], INK, 2)
    easel.line([centre, around(centre, 62, (3 + minutes / 60) * 30 - 90)], RED, 7)
    easel.line([centre, around(centre, 96, minutes * 6 - 90)], BLUE, 4)
    easel.circle(centre, 6, INK)
    hour, minute = (4, 0) if minutes == 60 else (3, minutes)
    easel.words((470, 140), f"{hour} 时 {minute} 分" if minute else f"{hour} 时整", 40)
    easel.words((470, 210), f"分针走了 {minutes} 小格", 24, BLUE)
    easel.words((470, 260), "1 时 ＝ 60 分", 28, RED)


def moon_phases(easel: Easel, at: float) -> None:
    """The moon circles the earth once; a box shows how it looks from the northern hemisphere."""
    easel.words((320, 28), "月相：同一个月球，看到的亮面不同", 24)
    for row in range(5):
        easel.arrow((20, 110 + 45 * row), (70, 110 + 45 * row), GOLD, 3)
    easel.words((45, 330), "太阳光", 20, GOLD)
    earth = (225.0, 195.0)
    easel.circle(earth, 115, None, GREY)
    easel.circle(earth, 26, BLUE)
    # The new moon stands between sun and earth (left); seen from above the north pole the
    # moon goes counter-clockwise.
    angle = 180 - 360 * at
    moon = around(earth, 115, angle)
    easel.sector(moon, 15, 90, 270, "#ffffff")
    easel.sector(moon, 15, 270, 450, "#3a3f4a")
    sky = (490.0, 170.0)
    easel.circle(sky, 92, "#1c2230", None)
    _lit_face(easel, sky, 74, at)
    names = ("新月", "上弦月", "满月", "下弦月")
    day = 1 + round(29 * at)
    quarter = at * 4
    name = names[round(quarter) % 4] if abs(quarter - round(quarter)) < 0.12 else ""
    easel.words((490, 290), f"农历约第 {day} 天" if day <= 29 else "下一个月", 24)
    easel.words((490, 325), name, 26, RED)


def _lit_face(easel: Easel, centre: Point, radius: float, at: float) -> None:
    """The bright part, row by row: waxing on the right, waning on the left."""
    easel.circle(centre, radius, "#3a3f4a", None)
    edge = cos(2 * pi * at)
    for row in range(-round(radius), round(radius) + 1):
        half = (radius**2 - row**2) ** 0.5
        left, right = (edge * half, half) if at <= 0.5 else (-half, -edge * half)
        if right - left > 1:
            y = centre[1] + row
            easel.line([(centre[0] + left, y), (centre[0] + right, y)], "#f6f0d8", 1.5)


def refraction(easel: Easel, at: float) -> None:
    """A ray enters water; the steeper it comes, the less it is bent."""
    easel.words((320, 28), "光从空气斜射入水中", 26)
    easel.box(0, 190, 640, 360, "#d6ebf5")
    meeting = (300.0, 190.0)
    easel.dashes((300, 60), (300, 340), INK)
    easel.words((318, 70), "法线", 20, INK, "lm")
    coming = 70 - 70 * at
    # Snell's law with 1.33 for water.
    going = degrees(asin(sin(radians(coming)) / 1.33))
    start, end = around(meeting, 140, 270 - coming), around(meeting, 140, 90 - going)
    easel.arrow(start, between(start, meeting, 0.55), RED, 4)
    easel.line([start, meeting], RED, 4)
    easel.line([meeting, end], RED, 4)
    easel.arrow(meeting, between(meeting, end, 0.6), RED, 4)
    easel.words((60, 172), "空气", 20)
    easel.words((60, 214), "水", 20)
    easel.words((500, 100), f"入射角 {coming:.0f}°", 26, BLUE)
    easel.words((500, 260), f"折射角 {going:.0f}°", 26, GREEN)
    hint = "折射光线向法线偏折" if coming > 1 else "垂直入射，方向不变"
    easel.words((500, 310), hint, 22)


def equal_fractions(easel: Easel, at: float) -> None:
    """The same bar, cut finer and finer: the coloured part stays as long as it was."""
    easel.words((320, 32), "分得越細，取得越多，長度不變", 26)
    shown = min(len(FRACTIONS), 1 + int(at * len(FRACTIONS)))
    for row, (above, below) in enumerate(FRACTIONS[:shown]):
        top = 70 + 62 * row
        for part in range(below):
            left = 60 + 420 * part / below
            easel.box(left, top, left + 420 / below, top + 44, GREEN if part < above else "#fff")
        easel.words((540, top + 22), f"{above}/{below}", 30, RED)
    if at >= 1:
        easel.words((320, 336), "1/2 ＝ 2/4 ＝ 3/6 ＝ 4/8", 26)


def ease(share: float) -> float:
    """Start and stop gently: 0 before, 1 after, smooth in between."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
