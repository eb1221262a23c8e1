"""Ids as databases give them: to make one of its digits costs more than all else that is done to a value read."""

from functools import lru_cache
from uuid import UUID

MOST = 16_384  # some megabytes

made = lru_cache(maxsize=MOST)(UUID)
