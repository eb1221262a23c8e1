"""The readiness board: what a line says, and whether a campaign may go live. Plain values in and out."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from campaigns.choices import LineGroup, LineState
from core.errors import Invalid

EXPIRING_DAYS = 3  # a signature that ends so soon is pointed out


@dataclass(frozen=True)
class Line:
    """One line of the board: its stable code, how it stands and why, and where its cause is mended."""

    code: str
    label: str
    state: str
    detail: str = ""
    url: str = ""
    count: int | None = None
    group: str = LineGroup.PLAN

    @property
    def blocks(self):
        return self.state == LineState.BLOCK


@dataclass(frozen=True)
class Summary:
    """The board in one word: ready if nothing blocks."""

    blocks: int
    warnings: int
    total: int

    @property
    def is_ready(self):
        return not self.blocks


def summary(lines):
    states = [line.state for line in lines]
    return Summary(states.count(LineState.BLOCK), states.count(LineState.WARN), len(states))


def in_order(lines):
    """Group by group as the board shows them; within a group as they came."""
    order = LineGroup.values
    return sorted(lines, key=lambda line: order.index(line.group))


def objections(lines):
    """The sentences that stand against a launch."""
    return [f"{line.label}: {line.detail}" if line.detail else str(line.label) for line in lines if line.blocks]


def signed_state(is_signed, expires, today):
    """How a line that somebody signs stands: unsigned and expired are red, one that ends soon is pointed out."""
    if not is_signed or (expires and expires < today):
        return LineState.BLOCK
    return LineState.WARN if expires and expires <= today + timedelta(EXPIRING_DAYS) else LineState.OK


def signature(*, owner, needed, by, at, evidence, expires, today):
    """A signed line in one sentence: who signed what when, or who has to."""
    if at is None:
        text = _("Not signed yet; %(owner)s signs.") % {"owner": owner}
        return " ".join(filter(None, (text, needed and _("Needed: %(needed)s") % {"needed": needed})))
    words = {"by": by, "at": f"{at:%Y-%m-%d %H:%M}", "evidence": evidence}
    text = _("Signed by %(by)s, %(at)s: %(evidence)s") % words
    if expires is None:
        return text
    until = _("ended on %(day)s") if expires < today else _("valid until %(day)s")
    return f"{text} · {until % {'day': expires}}"


def check_evidence(evidence, has_file):
    """Whoever signs says what they saw, or attaches it."""
    if not evidence.strip() and not has_file:
        sentence = _("Say what you saw, or attach a file.")
        raise Invalid(sentence, code="no_evidence", errors={"evidence": sentence})


def check_expiry(expires, today):
    """A signature is good for today at least."""
    if expires and expires < today:
        sentence = _("This day is over already.")
        raise Invalid(sentence, code="days", errors={"expires_date": sentence})


def content_of(campaign, lines, words, *, at, by, is_launch, override_reason):
    """What a kept board holds, in plain values: `campaign` and `by` are {name: text}, `words` the lines as they read
    in each language, {language: lines}."""
    spoken = {language: {line.code: line for line in found} for language, found in words.items()}
    return {
        "campaign": campaign,
        "at": at,
        "by": by,
        "is_launch": is_launch,
        "override_reason": override_reason,
        "lines": [_kept(line, spoken) for line in lines],
    }


def _kept(line, spoken):
    said = {language: found.get(line.code, line) for language, found in spoken.items()}
    return {
        "code": line.code,
        "group": str(line.group),
        "state": str(line.state),
        "count": line.count,
        "label": {language: str(one.label) for language, one in said.items()},
        "detail": {language: str(one.detail) for language, one in said.items()},
    }


def lines_in(content, language):
    """The lines of a kept board in a language."""
    return [
        Line(
            code=line["code"],
            label=_in(language, line["label"]),
            state=line["state"],
            detail=_in(language, line["detail"]),
            count=line["count"],
            group=line["group"],
        )
        for line in content["lines"]
    ]


def _in(language, texts):
    return texts.get(language) or next(iter(texts.values()), "")


def canonical(content):
    """The bytes that are signed: JSON with its keys in order, without spaces, in UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content):
    """SHA-256 of the content in canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()
