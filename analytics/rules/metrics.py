"""The metric catalogue: which metrics may be summed, which are reckoned from others, which are only ever stated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from analytics.rules import formulas
from core.errors import Invalid, RuleBroken

STANDARD = Path(__file__).resolve().parents[2] / "campaigns" / "data" / "metrics.json"
ADDITIVE, UNIQUE, AVERAGE, DERIVED = "additive", "unique", "average", "derived"


@dataclass(frozen=True)
class Metric:
    """One metric: `kind` additive | unique | average | derived, `unit` count | money | ratio | seconds."""

    code: str
    label: Mapping
    kind: str
    unit: str
    direction: str = "neutral"
    formula: str | None = None
    decimals: int = 0

    @property
    def is_additive(self):
        """Whether figures of several objects or days may be summed."""
        return self.kind == ADDITIVE

    @property
    def is_stated_only(self):
        """Whether only the platform can state it (reach, users, average time): neither summed nor reckoned."""
        return self.kind in (UNIQUE, AVERAGE)

    def name(self, language):
        """The label in a language, English where there is none."""
        key = "zh-hans" if language.lower().startswith("zh") else "en"
        return self.label.get(key) or self.label["en"]


class Catalogue(Mapping):
    """Metrics by code. Workspaces add formula KPIs with `with_formula`."""

    def __init__(self, metrics):
        self._metrics = {metric.code: metric for metric in metrics}

    def __getitem__(self, code):
        return self._metrics[code]

    def __iter__(self):
        return iter(self._metrics)

    def __len__(self):
        return len(self._metrics)

    def additive(self):
        """Codes that may be summed."""
        return [code for code, metric in self.items() if metric.is_additive]

    def with_formula(self, code, formula, *, label=None, unit="ratio", direction="increase", decimals=2):
        """This catalogue and one formula KPI more. Raises Invalid or RuleBroken where the formula cannot be used."""
        check_formula(formula, self)
        made = Metric(code, label or {"en": code}, DERIVED, unit, direction, formula, decimals)
        grown = Catalogue([*self.values(), made])
        grown.leaves(code)
        return grown

    def leaves(self, code, trail=()):
        """The stored metrics a metric is reckoned from (itself, if stored), each once.

        Raises RuleBroken where formulas name each other in a circle, Invalid where a code is unknown.
        """
        if code in trail:
            raise RuleBroken(
                _("The formula of “%(code)s” leads back to itself.") % {"code": code}, code="formula_circular"
            )
        metric = known(code, self)
        if not metric.formula:
            return [code]
        named = formulas.metrics_of(metric.formula)
        return list(dict.fromkeys(leaf for name in named for leaf in self.leaves(name, (*trail, code))))

    def value(self, code, values, absent=None):
        """One metric out of stored figures `{code: Decimal}`, through its formula; None where undefined."""
        metric = self._metrics.get(code) or known(code, self)
        if not metric.formula:
            return values.get(code)
        inner = {name: self._inner(name, values, absent) for name in formulas.metrics_of(metric.formula)}
        return formulas.evaluate(metric.formula, inner, absent)

    def _inner(self, name, values, absent):
        return self.value(name, values, absent) if self[name].formula else values.get(name, absent)

    def is_additive(self, code):
        """Whether a metric's sum over days equals the sum of its days (net revenue yes, cost per click no)."""
        metric = known(code, self)
        return metric.is_additive or (bool(metric.formula) and self._is_plain_sum(formulas.parse(metric.formula)))

    def _is_plain_sum(self, tree):
        kind, *parts = tree
        if kind == "code":
            return self.is_additive(parts[0])
        return kind in ("+", "-", "minus") and all(self._is_plain_sum(part) for part in parts)


def catalogue(entries):
    """A catalogue from reference rows (`campaigns/data/metrics.json` or the table's values as dicts)."""
    fields = ("code", "label", "kind", "unit", "direction", "formula", "decimals")
    return Catalogue(Metric(**{name: entry[name] for name in fields}) for entry in entries)


@lru_cache(maxsize=1)
def standard():
    """The catalogue every workspace begins with."""
    return catalogue(json.loads(STANDARD.read_text(encoding="utf-8")))


def known(code, metrics):
    """The metric of a code. Raises Invalid with a sentence where there is none."""
    if code not in metrics:
        raise Invalid(_("There is no metric called “%(code)s”.") % {"code": code}, code="metric_unknown")
    return metrics[code]


def metrics_of(formula):
    """The metric codes a formula names, each once."""
    return formulas.metrics_of(formula)


def check_formula(formula, metrics):
    """Read a formula and make sure that all it names exists. Raises Invalid; returns the codes it names."""
    formulas.parse(formula)
    codes = metrics_of(formula)
    if not codes:
        raise Invalid(_("The formula names no metric."), code="formula_without_metric")
    for code in codes:
        known(code, metrics)
    return codes


def derive(codes, values, metrics, absent=None):
    """`{code: Decimal | None}` of the asked metrics out of stored figures; undefined is None."""
    return {code: metrics.value(code, values, absent) for code in codes}
