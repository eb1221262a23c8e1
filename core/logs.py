"""Log lines: one JSON object each, with the request id; secrets are never in arguments, so none can leak here."""

import json
import logging
import traceback
from datetime import UTC, datetime

from core.context import current, hidden


class LineFormatter(logging.Formatter):
    def format(self, entry):
        line = {
            "at": datetime.fromtimestamp(entry.created, UTC).isoformat(timespec="milliseconds"),
            "level": entry.levelname.lower(),
            "logger": entry.name,
            "message": hidden(entry.getMessage()),
            "request": current().request_id,
        }
        if entry.exc_info:
            line["trace"] = hidden("".join(traceback.format_exception(*entry.exc_info, limit=-8)))
        return json.dumps({k: v for k, v in line.items() if v}, ensure_ascii=False, default=str)
