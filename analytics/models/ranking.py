"""Placements ranked by few metrics; the others are read for those alone that are shown. Nothing here writes."""

from dataclasses import replace
from functools import cached_property

from analytics.models.summary import COLUMNS, MATCHED, Answer, names_of, rates_of, read, rows_asked, summed
from analytics.querysets import rolled
from analytics.rules.summary import CAMPAIGN, PLACEMENT, add_row, leaves_of
from analytics.store import reading
from placements.models import Placement

MOST_CAMPAIGNS = 500  # up to which an index is entered once for each


class Ranking(Answer):
    """An answer by placement: all lines hold the sums of the metrics `by`, those completed the sums of all others too.

    The roll-up has a row for each placement, day and metric. Where few of many lines are shown, most are never read.
    """

    def __init__(self, actor, question, metrics, *, by, today):
        super().__init__(question, metrics, today)
        self._actor, self._rates = actor, rates_of(actor, question.currency, question.period)
        self._known, self._leaves = leaves_of(by, metrics), leaves_of(question.metrics, metrics)
        self._others = [leaf for leaf in self._leaves if leaf not in self._known]
        self._campaigns = self._sum_up()
        for row in self._count_in([self._rows(self._known)]):
            if self.question.campaign:
                add_row(self.totals, row, self._rates)
        self.add_groups(self._with_others())

    @cached_property
    def groups(self):
        """Lines in the order in which their placements were made: names are read of those alone that are shown."""
        return sorted(self._groups.values(), key=lambda group: (group.key is None, group.key and group.key.int))

    def complete(self, keys):
        """Count the other metrics in with these lines."""
        self._count_in(self._of(keys))

    def name(self, keys):
        """Give these lines their names."""
        self.name_groups(names_of(self._actor, Placement, keys))

    def _sum_up(self):
        """The totals of all lines, and the campaigns that these are of. A campaign's lines are all counted, so that the
        metrics which they are ranked by need no other sum."""
        group_by = "" if self.question.campaign else CAMPAIGN
        whole = Answer(replace(self.question, group_by=group_by), self.metrics, self.today)
        matched = self._others if self.question.campaign else self._leaves
        whole.take(read(self._actor, whole.question, self._leaves, matched), self._rates)
        self.totals, self.unassigned = whole.totals, whole.unassigned
        return whole.keys

    def _with_others(self):
        """Lines that have figures, but none of those ranked by: nothing has any that no object is linked to."""
        rows, campaign = rolled(self._actor, reading.LINKS), self.question.campaign
        rows = rows.of("campaign_id", campaign.pk) if campaign else rows
        missing = {key for (key,) in reading.distinct([rows], ["placement_id"])} - self.keys
        return [key for rows in self._of(missing) for (key,) in reading.distinct([rows], ["placement_id"])]

    def _of(self, keys):
        """Rows of the other metrics of some lines; None is what belongs to a campaign alone."""
        if not self._others:
            return []
        rows, named = self._rows(self._others), [key for key in keys if key]
        return [rows.among("placement_id", named)] * bool(named) + [rows.of("placement_id", None)] * (None in keys)

    def _rows(self, leaves):
        rows, campaigns = rows_asked(self._actor, self.question, leaves), self._campaigns
        is_entered = not self.question.campaign and len(campaigns) <= MOST_CAMPAIGNS
        return rows.among("campaign_id", campaigns) if is_entered else rows

    def _count_in(self, parts):
        """Sort the sums of these rows in with their lines."""
        rows = [row for rows in parts for row in summed({MATCHED: rows}, self.question)]
        for row in rows:
            self.sort_in(row, COLUMNS[PLACEMENT], self._rates)
        return rows
