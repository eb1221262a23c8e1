"""A visible mark over a picture that we drew ourselves: who looks at it, and when."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = (  # the first that is there knows Chinese; without any of them only Latin letters are written
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
ANGLE, WEAK, STRONG = 24, 96, 110
QUALITY = 80


def stamped(data, words):
    """The picture (WebP bytes of ours) with the words across it, as WebP."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        picture = opened.convert("RGB" if opened.mode == "RGB" else "RGBA")
    tile = _tile(words, max(12, round(max(picture.size) / 52)))
    for row, top in enumerate(range(-tile.height // 2, picture.height, tile.height)):
        for left in range(-(row % 2) * tile.width // 2 - tile.width // 4, picture.width, tile.width):
            picture.paste(tile, (left, top), tile)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=0)
    return out.getvalue()


@lru_cache(maxsize=64)
def _tile(words, size):
    """The words once, slanted: white with a dark edge, so that they are seen on any picture."""
    font, words = _font(size), words if _knows_chinese() else _latin(words)
    left, top, right, bottom = font.getbbox(words)
    text = Image.new("RGBA", (right - left + size, bottom - top + size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(text)
    at = (size // 2 - left, size // 2 - top)
    draw.text((at[0] + 1, at[1] + 1), words, font=font, fill=(0, 0, 0, WEAK))
    draw.text(at, words, font=font, fill=(255, 255, 255, STRONG))
    turned = text.rotate(ANGLE, expand=True, resample=Image.Resampling.BICUBIC)
    tile = Image.new("RGBA", (turned.width + size * 2, turned.height + size), (0, 0, 0, 0))
    tile.paste(turned, (size, size // 2))
    return tile


def _latin(words):
    """Without a font for them, Chinese signs would be boxes."""
    return " ".join("".join(sign for sign in words if ord(sign) < 0x250).split())


@lru_cache(maxsize=1)
def _path():
    return next((path for path in FONTS if Path(path).exists()), "")


def _knows_chinese():
    return bool(_path())


@lru_cache(maxsize=16)
def _font(size):
    return ImageFont.truetype(_path(), size) if _path() else ImageFont.load_default(size)
