"""The readiness board: what a line says, and whether a campaign may go live. Plain values in and out."""

from dataclasses import dataclass

from campaigns.choices import LineGroup, LineState


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
