"""What changed, in words: fields as their table calls them, values as people say them, nobody's address."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DecimalField
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from assets.choices import Decision, ReviewState, Stage
from campaigns.rules.brief import LABELS as SECTIONS
from core.policy import manager
from core.text import listed, money

MOST = 6
LONGEST = 30  # figures of a number; a longer one is left as it is written
EMPTY = (None, "", [], {})
ADDRESSES = {"email", "phone", "contact"}
UNTOLD = {"sha256", "archived_at", "position", "rank", "search_text", "lock_version", "password"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
CELL = re.compile(r"(\d{4}-\d\d-\d\d) (\w+)")  # a planned figure of a day: "2026-11-01 amount"
MONEY = re.compile(r"(-?\d{1,20}(?:\.\d{1,6})?) ([A-Z]{3})")  # "1200 CNY"
AMOUNT = DecimalField()
CHOICES = {  # of what is told beside the thing's own fields
    "decision": Decision,
    ("assets.asset", "state"): ReviewState,
    ("assets.assetversion", "stage"): Stage,
    ("campaigns.briefversion", "sections"): SECTIONS,
}
LABELS = {
    "added": gettext_lazy("Added"),
    "amount": gettext_lazy("Amount"),
    "annotation": gettext_lazy("Note"),
    "answered_at": gettext_lazy("Answered at"),
    "answered_by": gettext_lazy("Answered by"),
    "author": gettext_lazy("Author"),
    "cells": gettext_lazy("Cells"),
    "columns": gettext_lazy("Columns"),
    "current_number": gettext_lazy("Version"),
    "decided_at": gettext_lazy("Decided at"),
    "decision": gettext_lazy("Verdict"),
    "delivered_at": gettext_lazy("Delivered at"),
    "edits": gettext_lazy("Edits"),
    "events": gettext_lazy("Events"),
    "flights": gettext_lazy("Flights"),
    "frozen_at": gettext_lazy("Frozen at"),
    "frozen_by": gettext_lazy("Frozen by"),
    "gone": gettext_lazy("Gone"),
    "kpi": gettext_lazy("KPI"),
    "kpis": gettext_lazy("KPIs"),
    "level": gettext_lazy("Level"),
    "locked_at": gettext_lazy("Locked at"),
    "number": gettext_lazy("Number"),
    "organization": gettext_lazy("Organisation"),
    "parent": gettext_lazy("Parent"),
    "predecessor": gettext_lazy("Predecessor"),
    "proof": gettext_lazy("Proof"),
    "quantity": gettext_lazy("Quantity"),
    "reason": gettext_lazy("Reason"),
    "recurrence": gettext_lazy("Recurring task"),
    "released_at": gettext_lazy("Released at"),
    "remark": gettext_lazy("Remark"),
    "reply": gettext_lazy("Reply"),
    "requested_by": gettext_lazy("Requested by"),
    "rows": gettext_lazy("Rows"),
    "sections": gettext_lazy("Sections"),
    "signed_at": gettext_lazy("Signed at"),
    "signed_by": gettext_lazy("Signed by"),
    "solved_at": gettext_lazy("Solved at"),
    "stage": gettext_lazy("Stage"),
    "targets_by_date": gettext_lazy("Targets by day"),
    "tasks": gettext_lazy("Tasks"),
    "uploader": gettext_lazy("Uploaded by"),
    "version": gettext_lazy("Version"),
    "words": gettext_lazy("What was said"),
}


def told(row, actor):
    """[(the field in words, before, after)] of a line; what was empty and stays so is not told."""
    pairs = [(name, pair) for name, pair in row.changes.items() if isinstance(pair, list) and len(pair) == 2]
    is_private = row.user_id != actor.user_id and not manager(actor)
    found = []
    for name, pair in pairs:
        if name in UNTOLD or all(value in EMPTY for value in pair):
            continue
        hide = is_private and is_address(name)
        field = AMOUNT if CELL.fullmatch(name) else _field(row.subject_type, name)
        choices = _choices(row.subject_type, name)
        before, after = ("•••" if hide and value not in EMPTY else said(value, field, choices) for value in pair)
        found.append((label_of(row.subject_type, name), before, after))
    return found


def is_address(name):
    """Does a field hold somebody's address or number?"""
    return bool(ADDRESSES & set(name.split("_")))


def public(row, actor):
    """The changes of a line as they are kept, without the addresses of others."""
    if row.user_id == actor.user_id or manager(actor) or not any(map(is_address, row.changes)):
        return row.changes
    return {name: [None, None] if is_address(name) else pair for name, pair in row.changes.items()}


def label_of(kind, name):
    """A field as its table calls it, rows that point at it as theirs does; else what it is called beside it."""
    cell = CELL.fullmatch(name)
    if cell:
        return f"{_day(parse_date(cell[1]))} · {LABELS.get(cell[2], cell[2])}"
    field = _field(kind, name)
    if name in LABELS and (field is None or field.auto_created or field.verbose_name == name.replace("_", " ")):
        return str(LABELS[name])
    if field is None:
        return _(capfirst(name.replace("_", " "))) if name.replace("_", "").islower() else name
    words = field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name
    return _(capfirst(words))  # a field without words of its own may bear a word of the pages


@lru_cache(maxsize=2000)
def _field(kind, name):
    try:
        return apps.get_model(kind)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _choices(kind, name):
    chosen = CHOICES.get((kind, name)) or CHOICES.get(name)
    field = _field(kind, name)
    return dict(getattr(chosen, "choices", chosen)) if chosen else dict(getattr(field, "flatchoices", None) or ())


def said(value, field=None, choices=None):
    """A value in words; "" where there is none."""
    if value in EMPTY and value is not False:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed((said(each, field, choices) for each in value), get_language())
    if isinstance(value, dict):
        return ngettext("%(count)d value", "%(count)d values", len(value)) % {"count": len(value)}
    if choices and value in choices:
        return str(choices[value])
    return _text(str(value), field)


def _text(value, field):
    """A text: days, moments and amounts as the person's language writes them."""
    if MOMENT.match(value) and (moment := _parsed(parse_datetime, value)):
        return date_format(timezone.localtime(moment) if timezone.is_aware(moment) else moment, "DATETIME_FORMAT")
    if DAY.fullmatch(value) and (day := _parsed(parse_date, value)):
        return _day(day)
    if isinstance(field, DecimalField):
        return _number(value)
    amount = MONEY.fullmatch(value)
    return money(amount[1], amount[2], get_language()) if amount else value


def _parsed(parse, value):
    try:
        return parse(value)
    except ValueError:
        return None


def _day(day):
    return date_format(day, "DATE_FORMAT") if isinstance(day, date) else ""


def _number(value):
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite() or abs(amount.adjusted()) > LONGEST:
        return value
    whole, _point, part = f"{amount:f}".partition(".")
    part = part.rstrip("0")
    return number_format(f"{whole}.{part:0<2}" if part else whole, force_grouping=True)
