"""Static files: hashed and compressed; references to source maps, which are not shipped, stay as they are."""

from hashlib import sha256
from threading import Lock

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

UNUSED = ["*.map", "redoc*", "rest_framework", "tree_queries", "account", "ext", "htmx-2*", "htmax*"]


class PackageFinder(AppDirectoriesFinder):
    """What our pages use of the packages; the rest of their files is not shipped."""

    def list(self, ignore_patterns):
        return super().list([*(ignore_patterns or ()), *UNUSED])


class OnceCompressor(Compressor):
    """Each file lies there under its plain and under its hashed name: the same bytes are compressed once."""

    def __init__(self, **options):
        super().__init__(**options)
        self._locks, self._found = {}, {}

    def compress_brotli(self, data):
        return self._once("br", data, Compressor.compress_brotli)

    def compress_gzip(self, data):
        return self._once("gz", data, Compressor.compress_gzip)

    def _once(self, kind, data, compress):
        key = kind, sha256(data).digest()
        with self._locks.setdefault(key, Lock()):
            if key not in self._found:
                self._found[key] = compress(data)
        return self._found[key]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Rewrites addresses in style sheets only. Modules import each other by their plain names."""

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",
                (
                    r"""(?P<matched>@import\s*(?P<quote>["'])\s*(?P<url>.*?)(?P=quote))""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )

    def create_compressor(self, **options):
        return OnceCompressor(**options)
