"""A video of 500 MB is streamed through REST into the store: the memory of the serving process stays flat."""

import http.client
import os
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from django_scopes import scope

from accounts.actions import create_api_key
from assets.models import AssetVersion
from tests import factories
from tests.conftest import build

pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]

SIZE, CHUNK, MOST_MB = 500 * 2**20, 2**20, 60
HEAD = b"\x00\x00\x00\x18ftypmp42" + bytes(CHUNK - 12)


def rss_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Watch(threading.Thread):
    """The highest memory of this process while it runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.highest, self.is_over = rss_mb(), threading.Event()

    def run(self):
        while not self.is_over.wait(0.02):
            self.highest = max(self.highest, rss_mb())


def body_of(asset):
    """(length, pieces) of a multipart body with the video, made piece by piece."""
    start = (
        f'--x\r\nContent-Disposition: form-data; name="asset"\r\n\r\n{asset.pk}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
    ).encode()
    end, rest = b"\r\n--x--\r\n", bytes(CHUNK)

    def pieces():
        yield start
        yield HEAD
        for _n in range(SIZE // CHUNK - 1):
            yield rest
        yield end

    return len(start) + SIZE + len(end), pieces()


def test_memory_stays_flat(live_server):
    world = build()
    with scope(workspace=world.workspace.pk):
        film = factories.asset(world.campaign, "Film", "video", maker=world.owner)
        until = timezone.now() + timedelta(days=1)
        _key, secret = create_api_key(world.actor, name="Upload", scopes=["*"], expires_at=until)
        length, pieces = body_of(film)
        connection = http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=300)
        before, watch = rss_mb(), Watch()
        watch.start()
        began = time.monotonic()
        headers = {"Authorization": f"Bearer {secret}", "Content-Length": str(length)}
        headers["Content-Type"] = "multipart/form-data; boundary=x"
        connection.request("POST", "/api/v1/asset-versions/", body=pieces, headers=headers)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()[:500]
        watch.is_over.set()
        rise = watch.highest - before
        print(f"500 MB in {time.monotonic() - began:.1f} s, memory rose by {rise:.1f} MB")
        version = AssetVersion.objects.select_related("file").get()
        assert (version.file.size, version.file.content_type) == (SIZE, "video/mp4")
        assert rise < MOST_MB
