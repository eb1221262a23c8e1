"""Pictures and texts of the demo's assets: drawn here, never somebody else's."""

import io
import math

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

NIGHT, SNOW, LAMP, SEA = (24, 32, 72), (236, 240, 250), (255, 196, 87), (63, 79, 217)


def lighthouse(width, height, *, sky=NIGHT, light=LAMP, kind="PNG", name="poster.png"):
    """A lighthouse by night in any format: its beam crosses the picture, the sea lies below."""
    picture = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(picture)
    _sky(draw, width, height, sky)
    sea = round(height * 0.78)
    foot, top = (round(width * 0.5), sea), (round(width * 0.5), round(height * 0.3))
    half = max(width // 22, 6)
    beam = [(top[0], top[1]), (width, round(height * 0.08)), (width, round(height * 0.34))]
    draw.polygon(beam, fill=_mixed(sky, light, 0.45))
    draw.rectangle((0, sea, width, height), fill=SEA)
    for n in range(6):
        y = sea + (height - sea) * (n + 1) // 8
        draw.line((0, y, width, y), fill=_mixed(SEA, SNOW, 0.12 + 0.05 * n), width=max(height // 240, 1))
    draw.polygon(
        [(foot[0] - half * 2, sea), (foot[0] + half * 2, sea), (top[0] + half, top[1]), (top[0] - half, top[1])],
        fill=SNOW,
    )
    for n in (1, 3):
        y = top[1] + (sea - top[1]) * n // 5
        draw.rectangle((foot[0] - half * 2, y, foot[0] + half * 2, y + (sea - top[1]) // 10), fill=(194, 47, 53))
    draw.rectangle((top[0] - half, top[1] - half, top[0] + half, top[1]), fill=light)
    draw.polygon(
        [(top[0] - half * 1.4, top[1] - half), (top[0] + half * 1.4, top[1] - half), (top[0], top[1] - half * 2.4)],
        fill=(194, 47, 53),
    )
    return saved(picture, kind, name)


def _sky(draw, width, height, sky):
    """A sky that gets lighter towards the sea, and some stars."""
    for y in range(0, round(height * 0.78), 4):
        draw.rectangle((0, y, width, y + 4), fill=_mixed(sky, SNOW, 0.28 * y / height))
    for n in range(40):
        x, y = (n * 137) % width, round(abs(math.sin(n * 3.7)) * height * 0.5)
        draw.ellipse((x, y, x + 3, y + 3), fill=_mixed(sky, SNOW, 0.8))


def _mixed(one, other, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def saved(picture, kind, name):
    out = io.BytesIO()
    picture.save(out, kind)
    return ContentFile(out.getvalue(), name=name)


EDM = """<!doctype html><html><head><title>A quiet winter 安静的冬天</title>
<meta name="from" content="Petrel 海雁"></head>
<body><table width="640" align="center"><tr><td><h1>A quiet winter 安静的冬天</h1>
<p>Haiyan Q3: quiet on every commute. 海雁 Q3，通勤路上安静下来。</p>
<p><a href="https://petrel.example/w2">See the headphones 查看新品</a></p>
<p><a href="https://petrel.example/unsubscribe">Unsubscribe 退订</a></p></td></tr></table></body></html>"""
