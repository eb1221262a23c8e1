"""An asset of each kind at hand, and the two doors every act is tried through."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

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
def api(owner):
    return Api(owner)


@pytest.fixture
def copy(world):
    """A text whose maker is known."""
    return factories.asset(world.campaign, "Winter headline", maker=world.owner)


@pytest.fixture
def image(world):
    return factories.asset(world.campaign, "Feed picture", "image", maker=world.owner)
