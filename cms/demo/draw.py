"""Draws the demonstration council's pictures, so that every one of them is ours to ship.

Run once: `python -m cms.demo.draw` writes cms/demo/pictures/*.jpg.
"""

import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1500, 1000)
SCALE = 2
FOLDER = Path(__file__).parent / "pictures"
Colour = tuple[int, int, int]


class Scene:
    """A drawing in twice its size, so that its edges come out smooth."""

    def __init__(self, top: Colour, bottom: Colour, seed: int) -> None:
        self.width, self.height = SIZE[0] * SCALE, SIZE[1] * SCALE
        self.random = random.Random(seed)  # noqa: S311 - where a hill stands is no secret
        column = Image.new("RGB", (1, 256))
        for y in range(256):
            mix = tuple(int(a + (b - a) * y / 255) for a, b in zip(top, bottom, strict=True))
            column.putpixel((0, y), mix)
        self.image = column.resize((self.width, self.height), Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.image)

    def x(self, part: float) -> int:
        return int(self.width * part)

    def y(self, part: float) -> int:
        return int(self.height * part)

    def sun(self, x: float, y: float, radius: float, colour: Colour) -> None:
        r = self.y(radius)
        self.draw.ellipse((self.x(x) - r, self.y(y) - r, self.x(x) + r, self.y(y) + r), fill=colour)

    def hills(self, base: float, swell: float, colour: Colour) -> None:
        a, b = self.random.uniform(1, 2.2), self.random.uniform(0, 6)
        points = [
            (
                self.x(i / 200),
                self.y(base - swell * (math.sin(i / 200 * a * 6 + b) + math.sin(i / 60 + b) / 3)),
            )
            for i in range(201)
        ]
        self.draw.polygon([*points, (self.width, self.height), (0, self.height)], fill=colour)

    def ground(self, base: float, colour: Colour) -> None:
        self.draw.rectangle((0, self.y(base), self.width, self.height), fill=colour)

    def house(self, x: float, y: float, w: float, h: float, wall: Colour, roof: Colour) -> None:
        left, top, right, low = self.x(x), self.y(y - h), self.x(x + w), self.y(y)
        self.draw.rectangle((left, top, right, low), fill=wall)
        self.draw.polygon(
            [
                (left - self.x(0.008), top),
                ((left + right) // 2, top - self.y(h * 0.45)),
                (right + self.x(0.008), top),
            ],
            fill=roof,
        )
        for row in range(2):
            for place in (0.2, 0.6):
                wx, wy = (
                    left + int((right - left) * place),
                    top + int((low - top) * (0.15 + 0.42 * row)),
                )
                self.draw.rectangle(
                    (wx, wy, wx + self.x(w * 0.2), wy + self.y(h * 0.2)), fill=(58, 84, 98)
                )

    def tree(self, x: float, y: float, size: float, colour: Colour) -> None:
        self.draw.rectangle(
            (self.x(x) - self.x(0.004), self.y(y - size), self.x(x) + self.x(0.004), self.y(y)),
            fill=(92, 66, 48),
        )
        r = self.y(size * 0.55)
        for dx, dy in ((0, 1.25), (-0.5, 0.9), (0.5, 0.9)):
            cx, cy = self.x(x) + int(r * dx), self.y(y) - int(self.y(size) * dy)
            self.draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=colour)

    def boat(self, x: float, y: float, size: float, sail: Colour) -> None:
        cx, cy, s = self.x(x), self.y(y), self.y(size)
        self.draw.polygon(
            [
                (cx - s, cy),
                (cx + s, cy),
                (cx + s * 0.7, cy + s * 0.4),
                (cx - s * 0.7, cy + s * 0.4),
            ],
            fill=(120, 54, 38),
        )
        self.draw.polygon([(cx, cy - s * 1.9), (cx, cy - 8), (cx + s * 0.9, cy - 8)], fill=sail)
        self.draw.polygon(
            [(cx - 10, cy - s * 1.6), (cx - 10, cy - 8), (cx - s * 0.7, cy - 8)],
            fill=(246, 240, 226),
        )

    def save(self, name: str) -> None:
        small = self.image.resize(SIZE, Image.Resampling.LANCZOS).filter(
            ImageFilter.UnsharpMask(1, 40)
        )
        small.save(FOLDER / f"{name}.jpg", "JPEG", quality=80, optimize=True, progressive=True)


def harbour() -> None:
    s = Scene((150, 200, 220), (245, 226, 200), 1)
    s.sun(0.78, 0.25, 0.08, (252, 240, 214))
    s.hills(0.5, 0.04, (122, 158, 142))
    s.hills(0.58, 0.03, (88, 128, 116))
    walls = [(240, 224, 200), (222, 178, 150), (200, 216, 220), (244, 236, 224), (214, 196, 160)]
    for i in range(11):
        s.house(0.02 + i * 0.088, 0.64, 0.075, 0.12 + 0.03 * (i % 3), walls[i % 5], (150, 78, 60))
    s.ground(0.64, (70, 132, 148))
    s.ground(0.66, (62, 120, 138))
    for _ in range(60):
        y = s.random.uniform(0.68, 0.99)
        x = s.random.uniform(0, 1)
        s.draw.line((s.x(x), s.y(y), s.x(x + 0.05), s.y(y)), fill=(108, 164, 176), width=4)
    for x, y, size, sail in (
        (0.2, 0.78, 0.06, (196, 84, 48)),
        (0.5, 0.74, 0.04, (240, 200, 96)),
        (0.76, 0.86, 0.09, (70, 96, 140)),
    ):
        s.boat(x, y, size, sail)
    s.save("harbour")


def square() -> None:
    s = Scene((168, 208, 232), (240, 236, 224), 2)
    s.hills(0.55, 0.02, (150, 178, 160))
    for i in range(8):
        s.house(
            0.0 + i * 0.13,
            0.72,
            0.12,
            0.24 + 0.04 * (i % 2),
            [(230, 214, 190), (208, 170, 140), (236, 230, 214)][i % 3],
            (120, 70, 58),
        )
    s.draw.rectangle((s.x(0.46), s.y(0.2), s.x(0.54), s.y(0.72)), fill=(206, 190, 164))
    s.draw.polygon(
        [(s.x(0.45), s.y(0.2)), (s.x(0.5), s.y(0.06)), (s.x(0.55), s.y(0.2))], fill=(84, 96, 104)
    )
    s.sun(0.5, 0.29, 0.04, (250, 248, 240))
    s.draw.line((s.x(0.5), s.y(0.29), s.x(0.5), s.y(0.262)), fill=(40, 40, 40), width=8)
    s.draw.line((s.x(0.5), s.y(0.29), s.x(0.514), s.y(0.3)), fill=(40, 40, 40), width=8)
    s.ground(0.72, (200, 190, 176))
    for i in range(6):
        x = 0.06 + i * 0.16
        s.draw.polygon(
            [(s.x(x), s.y(0.76)), (s.x(x + 0.06), s.y(0.69)), (s.x(x + 0.12), s.y(0.76))],
            fill=[(196, 84, 48), (40, 104, 120), (222, 172, 70)][i % 3],
        )
        s.draw.rectangle((s.x(x + 0.01), s.y(0.76), s.x(x + 0.11), s.y(0.86)), fill=(244, 238, 226))
    s.save("market-square")


def park() -> None:
    s = Scene((176, 214, 236), (226, 240, 226), 3)
    s.sun(0.2, 0.2, 0.07, (255, 246, 214))
    s.hills(0.6, 0.04, (134, 178, 120))
    s.hills(0.7, 0.03, (106, 158, 96))
    s.ground(0.78, (124, 176, 104))
    for i in range(9):
        s.tree(
            0.05 + i * 0.115,
            0.72 + 0.05 * (i % 2),
            0.14 + 0.03 * (i % 3),
            [(64, 120, 76), (86, 138, 78), (48, 104, 72)][i % 3],
        )
    s.draw.polygon(
        [
            (s.x(0.4), s.height),
            (s.x(0.62), s.height),
            (s.x(0.53), s.y(0.72)),
            (s.x(0.51), s.y(0.72)),
        ],
        fill=(226, 208, 176),
    )
    s.draw.rectangle((s.x(0.68), s.y(0.86), s.x(0.84), s.y(0.875)), fill=(110, 72, 50))
    s.draw.rectangle((s.x(0.68), s.y(0.82), s.x(0.84), s.y(0.835)), fill=(110, 72, 50))
    s.save("park")


def library() -> None:
    s = Scene((244, 232, 212), (232, 214, 186), 4)
    s.ground(0.86, (150, 108, 78))
    colours = [
        (40, 104, 120),
        (196, 84, 48),
        (222, 172, 70),
        (88, 128, 116),
        (120, 70, 90),
        (230, 220, 200),
    ]
    for shelf in range(4):
        y = 0.1 + shelf * 0.19
        x = 0.05
        while x < 0.93:
            w, h = s.random.uniform(0.008, 0.02), s.random.uniform(0.1, 0.15)
            s.draw.rectangle(
                (s.x(x), s.y(y + 0.15 - h), s.x(x + w), s.y(y + 0.15)),
                fill=s.random.choice(colours),
            )
            x += w + 0.002
        s.draw.rectangle((s.x(0.04), s.y(y + 0.15), s.x(0.96), s.y(y + 0.165)), fill=(124, 84, 60))
    s.save("library")


def beach() -> None:
    s = Scene((120, 186, 222), (228, 240, 240), 5)
    s.sun(0.66, 0.18, 0.07, (255, 248, 224))
    s.ground(0.5, (72, 150, 176))
    s.ground(0.58, (96, 172, 188))
    s.hills(0.7, 0.02, (238, 222, 178))
    for i in range(9):
        x = 0.04 + i * 0.105
        s.house(
            x,
            0.8,
            0.075,
            0.13,
            [(196, 84, 48), (244, 238, 226), (40, 104, 120)][i % 3],
            (240, 240, 236),
        )
    s.boat(0.3, 0.56, 0.04, (196, 84, 48))
    s.save("beach")


def dusk() -> None:
    s = Scene((40, 58, 98), (240, 150, 104), 6)
    s.sun(0.3, 0.62, 0.1, (252, 204, 140))
    s.hills(0.68, 0.05, (70, 66, 98))
    s.hills(0.78, 0.04, (46, 50, 80))
    for i in range(14):
        s.house(0.01 + i * 0.072, 0.9, 0.06, 0.1 + 0.02 * (i % 4), (36, 40, 62), (26, 30, 48))
        s.draw.rectangle(
            (s.x(0.028 + i * 0.072), s.y(0.84), s.x(0.04 + i * 0.072), s.y(0.865)),
            fill=(252, 214, 120),
        )
    s.ground(0.9, (24, 28, 44))
    s.save("dusk")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for picture in (harbour, square, park, library, beach, dusk):
        picture()
