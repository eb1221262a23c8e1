"""JSON out. Decimals are strings, times are ISO 8601."""

from rest_framework.renderers import JSONRenderer as Base


class JSONRenderer(Base):
    charset = None
    ensure_ascii = False
