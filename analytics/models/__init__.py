"""Sources and their runs, imports, figures and how they are matched to the plan."""

from analytics.models.facts import DailyMetric, DailyTotal, ExternalObject, Fact, FactRevision, MatchMemory, ObjectLink
from analytics.models.ranges import ExpectedRange, KpiSource
from analytics.models.sources import AccountLink, ColumnMapping, Delivery, Import, ImportFile, PullRun, Source

__all__ = [
    "AccountLink",
    "ColumnMapping",
    "DailyMetric",
    "DailyTotal",
    "Delivery",
    "ExpectedRange",
    "ExternalObject",
    "Fact",
    "FactRevision",
    "Import",
    "ImportFile",
    "KpiSource",
    "MatchMemory",
    "ObjectLink",
    "PullRun",
    "Source",
]
