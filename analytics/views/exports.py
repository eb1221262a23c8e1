"""The dashboard's figures as files: one table, or all of them as sheets of one workbook."""

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics.models.board import accounts, replaced
from analytics.models.summary import answer
from analytics.rules.summary import CHANNEL, DAY
from analytics.views.parts import TABLE, placement_rows
from analytics.views.place import Place
from core.export import XLSX_TYPE, download, table_response, xlsx_bytes


def export(request, slug, table, code=None):
    """`table` as csv or xlsx (`?kind=`); `all` as one workbook."""
    place = Place(request, slug, code)
    asked, _problem = place.ask()
    name = f"{code or slug}-{asked.question.period.first}-{asked.question.period.last}"
    if table == "all":
        sheets = [(title, *build(request.actor, place, asked)) for title, build in _tables().values()]
        return download(xlsx_bytes(sheets), f"{name}.xlsx", XLSX_TYPE)
    if table not in TABLES:
        raise Http404
    _title, build = _tables()[table]
    kind = "xlsx" if request.GET.get("kind") == "xlsx" else "csv"
    return table_response(kind, f"{name}-{table}", *build(request.actor, place, asked))


def _tables():
    return {
        "days": (_("Days"), days),
        "channels": (_("Channels"), channels),
        "placements": (_("Placements"), placements),
        "accounts": (_("Accounts"), account_rows),
    }


TABLES = ("days", "channels", "placements", "accounts")


def days(actor, place, asked):
    """A row for each day and the total."""
    return _grouped(actor, asked, DAY, _("Day"))


def channels(actor, place, asked):
    """A row for each channel and the total."""
    return _grouped(actor, asked, CHANNEL, _("Channel"))


def _grouped(actor, asked, group_by, title):
    found = answer(actor, replaced(asked.question, group_by=group_by), asked.metrics, today=asked.today)
    codes = asked.question.metrics
    lines = [(group.key if group_by == DAY else group.label, group.sums) for group in found.groups]
    lines += [(_("Total"), found.totals), (_("Unassigned"), found.unassigned)]
    rows = [[name, _currency(found, sums), *_values(found, sums, codes)] for name, sums in lines]
    return [title, _("Currency"), *_names(asked, codes)], rows


def _currency(found, sums):
    return found.question.currency or sums.currency or " + ".join(sorted(sums.money))


def _values(found, sums, codes):
    values = found.values(sums)
    return [values[code] for code in codes]


def _names(asked, codes):
    language = get_language() or "en"
    return [asked.metrics[code].name(language) for code in codes]


def placements(actor, place, asked):
    """A row for each placement, and what is unassigned."""
    rows, found = placement_rows(actor, place, asked)
    header = [_("Placement"), _("Code"), _("Planned"), *_names(asked, TABLE)]
    lines = [[row["label"], row["code"], row["planned"], *(row["values"][code] for code in TABLE)] for row in rows]
    lines.append([_("Unassigned"), "", None, *_values(found, found.unassigned, TABLE)])
    return header, lines


def account_rows(actor, place, asked):
    """A row for each ad account: matched, unassigned, both, and the platform's own total."""
    rows = accounts(actor, asked.question, asked.metrics, today=asked.today)
    header = [_("Account"), _("Currency"), _("Matched"), _("Unassigned"), _("Platform total"), _("As stated")]
    lines = []
    for row in rows:
        money = [row.cost(sums) for sums in (row.group.sums, row.group.unassigned, row.total)]
        lines.append([row.group.label, _currency(row.found, row.total), *money, row.stated])
    return header, lines
