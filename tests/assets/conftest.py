"""An asset of each kind at hand, and the two doors every act is tried through."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assets.actions import checks
from core import sandbox
from tests import factories
from tests.placements.conftest import Api

BOTH = pytest.mark.parametrize("door", ["page", "api"])


def picture(width=1080, height=1080, kind="PNG", name="feed.png", colour=(63, 79, 217)):
    """A picture as an uploaded file."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return upload(out.getvalue(), name)


def upload(content, name):
    return SimpleUploadedFile(name, content)


def toasts(response):
    return [str(message) for message in response.wsgi_request._messages]


@pytest.fixture
def probed_once(monkeypatch):
    """The machine looks at the same bytes once; what it said and drew then is laid down again. How it looks is tested
    in test_drop.py."""
    monkeypatch.setattr(checks, "run", _laid_down_again)


_PROBED = {}


def _laid_down_again(module, kind, path, folder, **limits):
    looked_at = kind, path.read_bytes()
    if looked_at not in _PROBED:
        said = sandbox.run(module, kind, path, folder, **limits)
        _PROBED[looked_at] = said, {one.name: one.read_bytes() for one in folder.iterdir()}
    said, drawn = _PROBED[looked_at]
    for name, content in drawn.items():
        (folder / name).write_bytes(content)
    return said


@pytest.fixture
def api(owner):
    return Api(owner)


@pytest.fixture
def copy(world):
    """A text whose maker is known."""
    return factories.asset(world.campaign, "Winter headline", maker=world.owner)


@pytest.fixture
def image(world):
    return factories.asset(world.campaign, "Feed picture", "image", maker=world.owner)
