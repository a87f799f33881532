"""The drawings of the demo, on a sheet of 640 x 360 dots."""

from math import cos, pi, sin

from resource_hub.demo.easel import (
    BLUE,
    GOLD,
    GREEN,
    GREY,
    INK,
    RED,
    VIOLET,
    Easel,
    Point,
    around,
    between,
)

SOLAR_TERMS = [
    "立春",
    "雨水",
    "惊蛰",
    "春分",
    "清明",
    "谷雨",
    "立夏",
    "小满",
    "芒种",
    "夏至",
    "小暑",
    "大暑",
    "立秋",
    "处暑",
    "白露",
    "秋分",
    "寒露",
    "霜降",
    "立冬",
    "小雪",
    "大雪",
    "冬至",
    "小寒",
    "大寒",
]


def fraction_bars(easel: Easel) -> None:
    """One whole, its halves, thirds and quarters below each other."""
    easel.words((320, 34), "分数墙：同样长的纸条，平均分", 24)
    colours = ("#f3e7c8", GOLD, GREEN, BLUE)
    for row, colour in enumerate(colours):
        pieces, top = row + 1, 70 + 66 * row
        for piece in range(pieces):
            left, right = 60 + 520 * piece / pieces, 60 + 520 * (piece + 1) / pieces
            easel.box(left, top, right, top + 50, colour if piece == 0 else "#ffffff")
            label = "1" if pieces == 1 else f"1/{pieces}"
            easel.words(((left + right) / 2, top + 25), label, 24)


def squares_on_sides(easel: Easel) -> None:
    """Squares on the sides 3, 4 and 5, divided into their unit squares."""
    unit = 24.0
    corner: Point = (250.0, 216.0)
    easel.words((320, 24), "以直角三角形三边为边长作正方形", 22)
    right, up = (corner[0] + 4 * unit, corner[1]), (corner[0], corner[1] - 3 * unit)
    _grid(easel, up, (-unit, 0), (0, unit), 3, GOLD)
    _grid(easel, corner, (unit, 0), (0, unit), 4, GREEN)
    along = ((right[0] - up[0]) / 5, (right[1] - up[1]) / 5)
    _grid(easel, up, along, (along[1], -along[0]), 5, BLUE)
    easel.polygon([corner, right, up], "#ffffff", INK, 3)
    easel.words((150, 190), "9", 30, RED)
    easel.words((400, 290), "16", 30, RED)
    easel.words((470, 120), "25", 30, RED)
    easel.words((110, 330), "9 ＋ 16 ＝ 25", 24)


def _grid(easel: Easel, start: Point, along: Point, across: Point, count: int, fill: str) -> None:
    def at(i: int, j: int) -> Point:
        return (
            start[0] + along[0] * i + across[0] * j,
            start[1] + along[1] * i + across[1] * j,
        )

    easel.polygon([at(0, 0), at(count, 0), at(count, count), at(0, count)], fill)
    for step in range(1, count):
        easel.line([at(step, 0), at(step, count)], "#ffffff", 1)
        easel.line([at(0, step), at(count, step)], "#ffffff", 1)


def zhao_shuang(easel: Easel) -> None:
    """Four right triangles around a small square: the figure of Zhao Shuang."""
    a, b, left, top = 100.0, 180.0, 60.0, 70.0
    easel.words((320, 34), "赵爽弦图", 28)
    # The square on the hypotenuse, its corners on a frame of side a + b.
    corners = [(a, 0.0), (a + b, a), (b, a + b), (0.0, b)]
    outer = [(left + x * 0.95, top + y * 0.95) for x, y in corners]
    inner = []
    for position, corner in enumerate(outer):
        # The foot of the right angle lies inside, a and b away from two neighbours.
        following = outer[(position + 1) % 4]
        along = (following[0] - corner[0], following[1] - corner[1])
        inwards = (-along[1], along[0])
        share, rise = b * b / (a * a + b * b), a * b / (a * a + b * b)
        inner.append(
            (
                corner[0] + along[0] * share + inwards[0] * rise,
                corner[1] + along[1] * share + inwards[1] * rise,
            )
        )
    for position, colour in enumerate((RED, GOLD, RED, GOLD)):
        easel.polygon([outer[position], outer[(position + 1) % 4], inner[position]], colour)
    easel.polygon(inner, "#fff7d6")
    easel.words((left + 133, top + 133), "(b−a)²", 20)
    for line, words in enumerate(
        ("大正方形 ＝ 4 个三角形 ＋ 小正方形", "c² ＝ 4 × ½ab ＋ (b−a)²", "c² ＝ a² ＋ b²")
    ):
        easel.words((480, 140 + 56 * line), words, 18 + 3 * line, INK if line < 2 else RED)


def convex_lens(easel: Easel) -> None:
    """An object beyond 2F, two rays, and the smaller image upside down between F and 2F."""
    axis, lens, focal = 190.0, 320.0, 90.0
    easel.words((320, 30), "u＞2f：成倒立、缩小的实像", 24)
    easel.line([(20, axis), (620, axis)], GREY, 2)
    easel.polygon(
        [around((lens - 140, axis), 160, turn) for turn in range(-29, 30, 2)]
        + [around((lens + 140, axis), 160, turn) for turn in range(151, 210, 2)],
        "#d6ebf5",
        BLUE,
    )
    for times, name in ((1, "F"), (2, "2F")):
        for side in (-1, 1):
            x = lens + side * times * focal
            easel.circle((x, axis), 4, INK)
            easel.words((x, axis + 22), name, 18)
    far, height = 250.0, 80.0
    # 1/f = 1/u + 1/v
    near = 1 / (1 / focal - 1 / far)
    small = height * near / far
    tip, image = (lens - far, axis - height), (lens + near, axis + small)
    easel.arrow((lens - far, axis), tip, RED, 5)
    easel.line([tip, (lens, axis - height), image], GOLD, 3)
    easel.line([tip, image], GREEN, 3)
    easel.arrow((lens + near, axis), image, RED, 5)
    easel.words((lens - far, axis + 24), "物", 20)
    easel.words((lens + near + 24, axis + small - 6), "像", 20)
    easel.words((320, 335), "过光心的光线方向不变；平行于主光轴的光线过焦点", 19)


def solar_terms(easel: Easel) -> None:
    """The year as a ring of 24 sectors, one colour for each season, spring at the left."""
    centre = (190.0, 184.0)
    for number, name in enumerate(SOLAR_TERMS):
        start = 180 + number * 15
        colour = (GREEN, RED, GOLD, BLUE)[number // 6]
        easel.sector(centre, 165, start, start + 15, colour)
        easel.words(around(centre, 138, start + 7.5), name, 16, "#ffffff")
    easel.circle(centre, 108, "#fffdf7")
    for number, season in enumerate("春夏秋冬"):
        easel.words(around(centre, 66, 225 + 90 * number), season, 34)
    verses = ("春雨惊春清谷天", "夏满芒夏暑相连", "秋处露秋寒霜降", "冬雪雪冬小大寒")
    easel.words((500, 80), "二十四节气歌", 26, RED)
    for line, verse in enumerate(verses):
        easel.words((500, 135 + 44 * line), verse, 24)


def contours(easel: Easel) -> None:
    """Two summits with a saddle between them, a steep side and a gentle one."""
    easel.words((320, 28), "等高线地形图（单位：米）", 24)
    for step, height in enumerate((100, 200, 300)):
        ring = [
            (
                300 + (250 - 42 * step) * cos(turn * pi / 60) * (1 - 0.12 * cos(turn * pi / 60)),
                196 + (138 - 26 * step) * sin(turn * pi / 60) + 6 * sin(turn * pi / 20),
            )
            for turn in range(120)
        ]
        easel.polygon(ring, ("#eef5e1", "#e3edc6", "#efe0b0")[step], GREEN)
        easel.words(ring[30], str(height), 15, INK)
    for centre, size in (((215.0, 190.0), 56), ((390.0, 205.0), 44)):
        for step, height in enumerate((400, 500)):
            radius = size - 24.0 * step
            easel.circle(centre, radius, ("#e6c98c", "#d9a860")[step], GREEN)
            easel.words((centre[0], centre[1] + radius), str(height), 14, INK)
        easel.words(centre, "▲", 18, RED)
    easel.words((215, 120), "甲", 22, RED)
    easel.words((390, 148), "乙", 22, RED)
    easel.words((309, 198), "鞍部", 19, BLUE)


def monotonic(easel: Easel) -> None:
    """The parabola y = x² with a falling and a rising half, and two points to compare."""
    origin, unit = (250.0, 300.0), 46.0

    def at(x: float) -> Point:
        return (origin[0] + x * unit, origin[1] - x * x * unit)

    easel.arrow((60, 300), (450, 300), GREY, 2)
    easel.arrow((250, 340), (250, 40), GREY, 2)
    easel.line([at(-2.2 + step * 0.1) for step in range(23)], BLUE, 4)
    easel.line([at(step * 0.1) for step in range(23)], RED, 4)
    for x, name in ((0.8, "x₁"), (1.8, "x₂")):
        easel.dashes(at(x), (at(x)[0], 300))
        easel.circle(at(x), 5, INK)
        # The typeface has no small figures below the line.
        easel.words((at(x)[0], 318), name[0], 20)
        easel.words((at(x)[0] + 11, 324), "1" if name == "x₁" else "2", 12)
    easel.words((440, 320), "x", 20)
    easel.words((270, 50), "y", 20)
    easel.words((110, 200), "减", 30, BLUE)
    easel.words((390, 200), "增", 30, RED)
    easel.words((530, 90), "y ＝ x²", 30)
    easel.words((530, 140), "自变量增大", 20)
    easel.words((530, 170), "函数值随之增大", 20, RED)


def window_flower(easel: Easel) -> None:
    """A paper cut folded three times: eight equal petals, red on white."""
    centre = (220.0, 190.0)
    easel.circle(centre, 150, RED, RED)
    for number in range(8):
        turn = number * 45
        petal = [
            between(centre, around(centre, 140, turn + side), share)
            for share, side in ((0.28, 0), (0.62, -15), (0.9, 0), (0.62, 15))
        ]
        easel.polygon(petal, "#fffdf7", RED)
        easel.circle(around(centre, 118, turn + 22.5), 13, "#fffdf7", RED)
        easel.circle(around(centre, 62, turn + 22.5), 7, "#fffdf7", RED)
    easel.circle(centre, 20, "#fffdf7", RED)
    easel.dashes((220, 26), (220, 354), INK)
    easel.dashes((56, 190), (384, 190), INK)
    for line, words in enumerate(("团花窗花", "对折三次", "八个花瓣完全相同", "虚线：对称轴")):
        easel.words((510, 110 + 52 * line), words, 26 if line == 0 else 21)


def acid_scale(easel: Easel) -> None:
    """The colours of red cabbage juice from sour to alkaline."""
    easel.words((320, 40), "紫色高麗菜汁的變色", 28)
    shades = ("#d8334a", "#e0709a", "#b36fb5", VIOLET, "#4f7fb5", "#3c9a86", "#6aa84f", "#d6c93a")
    for number, shade in enumerate(shades):
        left = 50 + 68 * number
        easel.box(left, 90, left + 68, 210, shade)
    easel.arrow((310, 240), (60, 240), RED, 4)
    easel.arrow((330, 240), (580, 240), BLUE, 4)
    easel.words((110, 270), "酸性", 26, RED)
    easel.words((288, 300), "中性", 26, VIOLET)
    easel.words((530, 270), "鹼性", 26, BLUE)
    for x, words in (
        (84, "檸檬汁"),
        (170, "白醋"),
        (288, "食鹽水"),
        (400, "小蘇打水"),
        (540, "石灰水"),
    ):
        easel.words((x, 335), words, 19)


def lever(easel: Easel) -> None:
    """A beam in balance: two weights four steps away against four weights two steps away."""
    easel.words((320, 36), "槓桿平衡：力 × 力臂", 28)
    easel.polygon([(320, 190), (285, 300), (355, 300)], GOLD)
    easel.line([(80, 186), (560, 186)], INK, 8)
    for step in range(-4, 5):
        x = 320 + 55 * step
        easel.line([(x, 178), (x, 194)], "#ffffff", 2)
        easel.words((x, 165), str(abs(step)), 17)
    for place, weights in ((100.0, 2), (430.0, 4)):
        easel.line([(place, 190), (place, 210)], INK, 2)
        for number in range(weights):
            easel.box(place - 22, 210 + 24 * number, place + 22, 232 + 24 * number, BLUE)
    easel.words((150, 330), "2 個 × 4 格 ＝ 8", 22)
    easel.words((480, 330), "4 個 × 2 格 ＝ 8", 22)
