"""One file of an import: looked at with what is known of it, and what remains to be asked before its figures count."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from analytics.actions.accounts import OTHER, check_account_answer, same_account
from analytics.importers.answers import LEVELS
from analytics.importers.report import inspect
from analytics.models import ColumnMapping, Fact, ImportFile
from core.audit import plain
from core.errors import Invalid
from core.files import opened
from core.tabular import Unreadable
from placements.models import AdAccount
from placements.rules.platforms import platform_name

KEPT_ANSWERS = ("columns", "level", "date_order", "number_format", "encoding")
WHOLE = ("account", "campaign", "ad_group", "ad")  # levels whose objects together are the account's whole
OWN_ANSWERS = ("account", "accounts", "counting_level", "skip", "remember_as")
DICTS = frozenset({"account", "accounts", "columns", "period"})  # answers that are objects themselves
MOST_SAMPLES = 6


@dataclass
class Part:
    """A scope inside a file: whose figures, level, breakdown, days, metrics, how many rows."""

    account: str | None
    level: str
    breakdown: str
    first: object
    last: object
    rows: int = 0
    metrics: set = field(default_factory=set)

    def add(self, record):
        """Widen the scope by a record."""
        self.first, self.last = min(self.first, record.date_from), max(self.last, record.date_to)
        self.rows += 1
        self.metrics.update(record.values)

    def holds(self, record):
        """Whether a record belongs to this scope."""
        return (record.account, record.level, dimensions(record)) == (self.account, self.level, self.breakdown)


def dimensions(record):
    """Names of the record's breakdown: "age|gender"."""
    return "|".join(piece.partition("=")[0] for piece in record.breakdown.split("|")) if record.breakdown else ""


def reader_answers(answers):
    """The answers that the reader of files understands."""
    return {name: value for name, value in answers.items() if name not in OWN_ANSWERS}


def open_report(row):
    """The file's report by what was answered. Raises Unreadable."""
    return inspect(opened(row.stored), name=row.stored.name, answers=reader_answers(row.answers))


def parts_of(report):
    """The scopes in a report without open questions, coarsest level first."""
    found = {}
    for record in report.records():
        key = (record.account, record.level, dimensions(record))
        part = found.get(key) or found.setdefault(key, Part(*key, record.date_from, record.date_to))
        part.add(record)
    return sorted(found.values(), key=lambda part: (LEVELS.index(part.level), part.breakdown, part.account or ""))


def look(row):
    """Read the file again and note on the row (not saved here) what it holds and what its own questions are."""
    try:
        report = _report_with_memory(row)
        row.report = _noted(row, report)
        row.layout, row.platform = report.layout or "", report.platform or ""
        row.fingerprint, row.error = report.fingerprint, ""
    except Unreadable as problem:
        row.report, row.error = {"questions": [], "parts": []}, str(problem)


def _report_with_memory(row):
    """The report by the answers given, filled up by what was answered earlier for the same layout or file."""
    report = open_report(row)
    memory = ColumnMapping.objects.filter(workspace_id=row.workspace_id, fingerprint=report.fingerprint).first()
    if memory and any(name not in row.answers for name in memory.answers):
        row.answers = {**memory.answers, **row.answers}
        report = open_report(row)
    if "account" not in row.answers and (earlier := _earlier(row, report.fingerprint)):
        row.answers = {**row.answers, "account": str(earlier.ad_account_id)}
    return report


def _earlier(row, fingerprint=None):
    """The committed file that this one is a newer copy of: same name and layout."""
    files = ImportFile.objects.filter(
        workspace_id=row.workspace_id,
        stored__name=row.stored.name,
        fingerprint=fingerprint or row.fingerprint,
        imported__state="committed",
        ad_account__isnull=False,
        is_skipped=False,
    )
    return files.exclude(pk=row.pk).order_by("-imported__committed_at").first()


def earlier_copy(row):
    """The committed file whose days this newer copy owns too, or None."""
    return _earlier(row)


def _noted(row, report):
    parts = parts_of(report) if report.is_ready else []
    noted = {
        **report.as_dict(),
        "fingerprint": report.fingerprint,
        "problems": report.problems,
        "parts": [_part(part) for part in parts],
        "samples": report.samples()[:MOST_SAMPLES],
    }
    noted["same_as"] = _same_as(row)
    return noted


def _part(part):
    return {
        "account": part.account,
        "level": part.level,
        "breakdown": part.breakdown,
        "from": part.first.isoformat(),
        "to": part.last.isoformat(),
        "rows": part.rows,
        "metrics": sorted(part.metrics),
    }


def _same_as(row):
    """When the same bytes were committed before (an ISO time), or None."""
    twins = ImportFile.objects.filter(
        workspace_id=row.workspace_id, stored__sha256=row.stored.sha256, imported__state="committed"
    ).exclude(pk=row.pk)
    times = [time for time in twins.values_list("imported__committed_at", flat=True) if time]
    return max(times).isoformat() if times else None


def name_platforms(rows):
    """A new account that is answered for several files is one: it gets the platform that one of them tells."""
    told = {}
    new = [(row, row.answers["account"]) for row in rows if isinstance(row.answers.get("account"), dict)]
    for row, account in new:
        if account.get("platform") or row.platform:
            told.setdefault(account.get("name"), account.get("platform") or row.platform)
    for row, account in new:
        platform = account.get("platform") or row.platform or told.get(account.get("name")) or OTHER
        row.answers = {**row.answers, "account": {**account, "platform": platform}}


def ask_accounts(row, campaign, workspace):
    """Add the questions whose figures these are to the row's report."""
    questions = row.report["questions"] = [q for q in row.report["questions"] if q["code"] not in ("account", "level")]
    if row.error or row.is_skipped:
        return
    for named in named_accounts(row):
        if account_answer(row, named) is None:
            questions.append(_account_question(row, named, campaign, workspace))
            return


def named_accounts(row):
    """The accounts that the file names (None: it names none)."""
    return list(dict.fromkeys(part["account"] for part in row.report["parts"])) or [None]


def account_answer(row, named):
    """What is known of whose figures they are: an answer, or the id of the account that the file names; else None."""
    given = row.answers.get("accounts") or {}
    if named is not None and isinstance(given, dict) and named in given:
        return given[named]
    if "account" in row.answers:
        return row.answers["account"]
    if named is not None and (known := same_account(row.workspace_id, row.platform, named)):
        return str(known.pk)
    return None


def _account_question(row, named, campaign, workspace):
    accounts = AdAccount.objects.filter(workspace_id=row.workspace_id).active()
    accounts = list(accounts.filter(platform=row.platform) if row.platform else accounts)
    options = [{"value": str(one.pk), "label": f"{one.name} · {one.currency}"} for one in accounts]
    new = _new_account(row, named, campaign or workspace)
    text = _("Whose figures are these? Choose the ad account, or add it as a new one.")
    if named:
        text = _("The file names the account “%(name)s”. Which ad account is that?") % {"name": named}
    is_likely = len(options) == 1 and not named and accounts[0].currency == new["currency"]
    default = options[0]["value"] if is_likely else new
    return {"code": "account", "text": text, "options": options, "default": default, "new": new}


def _new_account(row, named, home):
    """The account as it would be added; `home` is the campaign or workspace whose currency and zone it gets."""
    currency = _currency(row) or home.currency
    platform = row.platform or OTHER
    name = f"{platform_name(platform)} {currency}" if row.platform else row.stored.name.rpartition(".")[0]
    return {"platform": platform, "name": named or name[:160], "currency": currency, "time_zone": home.time_zone}


def ask_levels(files):
    """Ask once per ad account which of its levels counts in totals, where the files leave that open."""
    by_account = {}
    for row in files:
        if row.error or row.is_skipped:
            continue
        row.report["questions"] = [q for q in row.report["questions"] if q["code"] != "counting_level"]
        for part in row.report["parts"]:
            answer = account_answer(row, part["account"])
            if answer is not None and not part["breakdown"]:
                by_account.setdefault(_same(row, answer), []).append((row, part["level"]))
    for (_kind, account), found in by_account.items():
        levels = sorted({level for _row, level in found}, key=LEVELS.index)
        first = found[0][0]
        if "counting_level" not in first.answers and (question := _level_question(account, levels)):
            first.report["questions"].append(question)


def _currency(row):
    """The one currency of the file's money, if it is known."""
    stated = row.report.get("currency")
    return stated if isinstance(stated, str) else row.answers.get("currency")


def _same(row, answer):
    """Two answers that mean the same account are equal."""
    if isinstance(answer, dict):
        platform = str(answer.get("platform") or row.platform or OTHER)
        known = AdAccount.objects.filter(
            workspace_id=row.workspace_id, platform=platform, name=str(answer.get("name", "")).strip()
        ).first()
        return ("known", str(known.pk)) if known else ("new", f"{platform} {answer.get('name')}")
    return "known", answer


def _level_question(account, levels):
    now = current_level(account)
    if now is None:
        if len(levels) == 1 and levels[0] in WHOLE:
            return None
        choices, default = levels, levels[0]
    elif LEVELS.index(levels[0]) < LEVELS.index(now):
        choices, default = [levels[0], now], levels[0]
    else:
        return None
    text = _("At which level do this account's figures count in totals? The other levels are kept for drill-down.")
    return {"code": "counting_level", "text": text, "options": choices, "default": default}


def current_level(account):
    """The level at which an account (its id) counts already, None while it has no figures there."""
    found = AdAccount.objects.filter(pk=account).first() if len(account) == 36 and " " not in account else None
    if found is None:
        return None
    facts = Fact.objects.filter(account_link__ad_account=found, object__level=found.counting_level, breakdown="")
    return found.counting_level if facts.exists() else None


def check_answers(actor, answers):
    """Refuse answers that no file can have: for all files flat, or an object per file name or id."""
    if not isinstance(answers, dict):
        raise Invalid(_("Send the answers as an object: question code to answer."))
    named = answers.get("accounts") if isinstance(answers.get("accounts"), dict) else {}
    for account in [answers.get("account"), *named.values()]:
        if account is not None:
            check_account_answer(actor, account)
    if answers.get("counting_level") not in (None, *LEVELS):
        raise Invalid(
            _("Choose one of the levels named."), errors={"counting_level": _("Choose one of the levels named.")}
        )
    for name, value in answers.items():
        if isinstance(value, dict) and name not in DICTS:
            check_answers(actor, value)
    return plain(answers)  # they are kept as JSON, which knows no exact decimals


def kept_answers(row):
    """The answers worth remembering for the next file of this layout; of a known layout its columns say the rest."""
    names = KEPT_ANSWERS if row.layout else (*KEPT_ANSWERS, "currency")
    return {name: row.answers[name] for name in names if name in row.answers}
