"""Imports: files looked at first, committed together, and taken back if they were wrong."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import store
from analytics.actions import import_files as looking
from analytics.actions import rolling
from analytics.actions.accounts import account_by_answer, link_of
from analytics.actions.facts import deliver
from analytics.choices import ImportState
from analytics.models import AccountLink, ColumnMapping, Delivery, Import, ImportFile
from analytics.permissions.imports import can_import
from core.audit import record
from core.errors import Invalid, RuleBroken, Stale, require
from core.files import store as keep
from core.jobs import enqueue
from core.models import Job
from core.swap import erase, swap
from core.tabular import Unreadable
from placements.actions import update_ad_account

AT_ONCE_ROWS = 20_000
AT_ONCE_BYTES = 8 * 2**20
MOST_FILES = 50
ALL_FILES = "*"


@transaction.atomic
def upload_files(actor, *, files, campaign=None, answers=None):
    """Take many files at once and look at them; nothing counts before `commit_import`. Large ones are read by a job.

    `answers` go for all files, or per file name (`*` for the others). Returns the Import.
    """
    require(can_import(actor))
    if not files or len(files) > MOST_FILES:
        raise Invalid(_("Choose between one and %(most)d files.") % {"most": MOST_FILES}, errors={"files": _("Files")})
    answers = looking.check_answers(actor, answers or {})
    imported = Import.objects.create(workspace_id=actor.workspace_id, campaign=campaign, uploader=actor.user)
    rows, seen = [], {}
    for position, upload in enumerate(files):
        row = _keep_file(actor, imported, position, upload, answers)
        if twin := seen.get(row.stored.sha256):
            row.error = _("The same file as “%(name)s”.") % {"name": twin}
        row.is_skipped = bool(twin or row.answers.get("skip"))
        seen.setdefault(row.stored.sha256, row.stored.name)
        rows.append(row)
    record(actor, "analytics.files_uploaded", imported, changes={"files": [None, [str(row) for row in rows]]})
    if sum(row.stored.size for row in rows) > AT_ONCE_BYTES:
        ImportFile.objects.bulk_update(rows, ["is_skipped", "error"])
        enqueue("analytics.look_at_import", workspace_id=actor.workspace_id, import_id=imported.pk)
    else:
        look_again(imported, rows)
    return imported


def _keep_file(actor, imported, position, upload, answers):
    stored = keep(upload, workspace_id=actor.workspace_id, kind="report", uploader_id=actor.user_id)
    return ImportFile.objects.create(
        workspace_id=actor.workspace_id,
        imported=imported,
        stored=stored,
        position=position,
        answers=_answers_for(answers, upload.name),
    )


def _answers_for(answers, name):
    """The answers that go for one file: its own, else those for the others, else those given flat for all."""
    if name in answers and isinstance(answers[name], dict):
        return {**(answers.get(ALL_FILES) or {}), **answers[name]}
    if isinstance(answers.get(ALL_FILES), dict):
        return dict(answers[ALL_FILES])
    if any("." in key and isinstance(value, dict) for key, value in answers.items()):
        return {}
    return dict(answers)


@transaction.atomic
def look_again(imported, rows=None):
    """Read the files of an import and note what they hold and what must be asked; safe to run twice."""
    rows = files_of(imported) if rows is None else rows
    for row in rows:
        if not row.is_skipped:
            looking.look(row)
    _ask(imported, rows)
    _save(rows)
    if imported.state == ImportState.UPLOADED:
        swap(imported, state=ImportState.PREVIEWED)
    return imported


def _ask(imported, rows):
    looking.name_platforms(rows)
    for row in rows:
        if row.report:
            looking.ask_accounts(row, imported.campaign, imported.workspace)
    looking.ask_levels([row for row in rows if row.report])


def _save(rows):
    fields = ["layout", "platform", "fingerprint", "report", "answers", "is_skipped", "error"]
    ImportFile.objects.bulk_update(rows, fields)


def files_of(imported):
    """The files of an import in their order."""
    return list(imported.files.select_related("stored", "ad_account").order_by("position"))


@transaction.atomic
def answer_questions(actor, *, imported, answers, seen=None):
    """Answer questions of an import's files; they are read anew.

    `answers` go for all files, or per file name or id. `remember_as` keeps what was said about the columns for every
    later file of the layout; `skip` leaves a file out.
    """
    require(can_import(actor))
    _check_open(imported)
    answers = looking.check_answers(actor, answers)
    rows = files_of(imported)
    changed = [row for row in rows if _take_answers(row, answers)]
    for row in changed:
        if not row.is_skipped:
            looking.look(row)
            _remember(actor, row)
    _ask(imported, rows)
    _save(rows)
    _touch(imported, seen)
    record(actor, "analytics.import_answered", imported, changes={"answers": [None, sorted(answers)]})
    return imported


def _touch(imported, seen):
    """Count the import's version up, since its files changed; Stale where somebody else answered since."""
    seen = imported.lock_version if seen is None else seen
    same = Import.objects.filter(pk=imported.pk, lock_version=seen)
    if not same.update(lock_version=F("lock_version") + 1, updated_at=timezone.now()):
        raise Stale()
    imported.refresh_from_db()


def _take_answers(row, answers):
    """Put what is answered on the row; whether anything changed."""
    given = answers.get(str(row.pk)) if isinstance(answers.get(str(row.pk)), dict) else None
    given = _answers_for(answers, row.stored.name) if given is None else given
    given = {
        name: value for name, value in given.items() if not isinstance(answers.get(name), dict) or name in looking.DICTS
    }
    if "skip" in given:
        row.is_skipped = bool(given["skip"])
    merged = {name: value for name, value in {**row.answers, **given}.items() if value is not None}
    is_new = merged != row.answers or "skip" in given
    row.answers = merged
    return is_new


def _remember(actor, row):
    name = str(row.answers.pop("remember_as", "") or "").strip()[:120]
    kept = looking.kept_answers(row)
    if name and kept and not row.error:
        ColumnMapping.objects.update_or_create(
            workspace_id=actor.workspace_id,
            fingerprint=row.fingerprint,
            defaults={"name": name, "platform": row.platform, "answers": kept},
        )


def _check_open(imported):
    if imported.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        raise RuleBroken(_("This import is closed already."), code="import_closed")


def open_questions(imported):
    """`{file name: [sentence]}` of what must be answered before the import can be committed."""
    found = {}
    for row in files_of(imported):
        if not row.is_skipped and not row.error:
            texts = [question["text"] for question in row.report.get("questions", ())]
            if texts:
                found[row.stored.name] = texts
    return found


@transaction.atomic
def commit_import(actor, *, imported, seen=None):
    """Let the figures of an import count. Large imports are handed to a job; its state shows in `commit_job`.

    Refuses with the list of open questions, and where no file can be read.
    """
    require(can_import(actor))
    _check_committable(imported)
    rows = [row for row in files_of(imported) if not row.is_skipped and not row.error]
    if sum(row.report.get("rows", 0) for row in rows) > AT_ONCE_ROWS:
        _touch(imported, seen)
        enqueue(
            "analytics.commit_import",
            workspace_id=actor.workspace_id,
            key=_job_key(imported),
            import_id=imported.pk,
            user_id=actor.user_id,
        )
        return imported
    for row in rows:
        commit_file(actor, row)
    return finish_commit(actor, imported, seen=seen)


def _check_committable(imported):
    if imported.state == ImportState.UPLOADED:
        raise RuleBroken(_("The files are still being read. Try again in a moment."), code="still_reading")
    _check_open(imported)
    questions = open_questions(imported)
    if questions:
        errors = {name: " ".join(texts) for name, texts in questions.items()}
        raise RuleBroken(_("Answer the open questions first."), code="questions_open", errors=errors)
    if all(row.is_skipped or row.error for row in files_of(imported)):
        raise RuleBroken(_("None of the files holds figures that can be stored."), code="nothing_to_commit")


def _job_key(imported):
    return f"analytics.commit_import:{imported.pk}"


def commit_job(imported):
    """The job that commits a large import, or None."""
    return Job.objects.filter(key=_job_key(imported)).first()


@transaction.atomic
def finish_commit(actor, imported, seen=None):
    """Close an import whose files are all stored."""
    diff = swap(imported, seen=seen, state=ImportState.COMMITTED, committed_at=timezone.now())
    record(actor, "analytics.import_committed", imported, changes=diff, campaign_id=imported.campaign_id)
    return imported


@transaction.atomic
def commit_file(actor, row):
    """Store the figures of one file, scope by scope; a file that is stored already is left alone."""
    if row.report.get("is_stored"):
        return row
    try:
        report = looking.open_report(row)
    except Unreadable as problem:
        raise RuleBroken(str(problem), code="unreadable") from problem
    parts = looking.parts_of(report)
    accounts = {named: _account(actor, row, named) for named in {part.account for part in parts}}
    _set_levels(actor, row, parts, accounts)
    earlier = looking.earlier_copy(row)
    for part in parts:
        done = _deliver(actor, row, report, part, accounts[part.account], earlier)
        row.rows, row.changed, row.removed = (
            row.rows + done.rows,
            row.changed + done.changed,
            row.removed + done.removed,
        )
    row.ad_account = next(iter(accounts.values()), None)
    row.report = {**row.report, "is_stored": True}
    row.save(update_fields=["rows", "changed", "removed", "ad_account", "report", "updated_at"])
    return row


def _account(actor, row, named):
    return account_by_answer(actor, looking.account_answer(row, named), platform=row.platform)


def _set_levels(actor, row, parts, accounts):
    """Let the account count at the level chosen, else at the coarsest one delivered while it has no figures yet."""
    asked = row.answers.get("counting_level")
    for named, ad_account in accounts.items():
        levels = [part.level for part in parts if part.account == named and not part.breakdown]
        chosen = asked if asked in looking.LEVELS else None
        if chosen is None and levels and looking.current_level(str(ad_account.pk)) is None:
            chosen = levels[0]
        if chosen and chosen != ad_account.counting_level:
            update_ad_account(actor, ad_account=ad_account, counting_level=chosen)


def _deliver(actor, row, report, part, ad_account, earlier):
    link = link_of(actor, ad_account=ad_account, kind="file")
    first, last = _days(report, part, link, earlier)
    records = (_of_account(record, ad_account) for record in report.records() if part.holds(record))
    return deliver(
        actor,
        account_link=link,
        level=part.level,
        breakdown=part.breakdown,
        day_from=first,
        day_to=last,
        records=records,
        is_complete=not report.problems,
        metrics=part.metrics,
        origin_id=row.pk,
    )


def _days(report, part, link, earlier):
    """The days the file speaks for: its rows', the period it states, and those of the copy it corrects."""
    days = [part.first, part.last]
    if report.period and not report.as_dict()["tables"]:
        days += report.period
    if earlier:
        scopes = Delivery.objects.filter(
            account_link=link, level=part.level, breakdown=part.breakdown, origin_id=earlier.pk
        )
        days += [day for scope in scopes for day in (scope.day_from, scope.day_to)]
    return min(days), max(days)


ACCOUNT_ID = "account"


def _of_account(record, ad_account):
    """The record with the account itself always under one id, whether or not the file names it."""
    if record.level == "account":
        record = record._replace(external_id=ACCOUNT_ID, name=ad_account.name)
    if record.parent and record.parent[0] == "account":
        record = record._replace(parent=("account", ACCOUNT_ID, ad_account.name))
    return record


@transaction.atomic
def discard_import(actor, *, imported, seen=None):
    """Put an import aside that was never committed."""
    require(can_import(actor))
    _check_open(imported)
    diff = swap(imported, seen=seen, state=ImportState.DISCARDED)
    record(actor, "analytics.import_discarded", imported, changes=diff)
    return imported


@transaction.atomic
def undo_import(actor, *, imported, seen=None):
    """Take a committed import back: the figures are what they were before it. Refuses where newer ones stand on it."""
    require(can_import(actor))
    if imported.state != ImportState.COMMITTED:
        raise RuleBroken(_("Only a committed import can be undone."), code="not_committed")
    origins = list(imported.files.values_list("pk", flat=True))
    scopes = list(Delivery.objects.filter(origin_id__in=origins).values_list("account_link_id", flat=True).distinct())
    links = AccountLink.objects.select_related("ad_account").select_for_update(of=("self",)).filter(pk__in=scopes)
    links = {link.pk: link.ad_account for link in links}
    if count := store.conflicts(imported.workspace_id, origins):
        sentence = _("Newer deliveries have changed %(count)d of these figures since. Undo those imports first.")
        raise RuleBroken(sentence % {"count": count}, code="changed_since")
    changes = store.undo(imported.workspace_id, list(links), origins, imported.pk, timezone.now())
    Delivery.objects.filter(origin_id__in=origins).delete()
    for link, change in changes.items():
        rolling.roll_up(links[link], days=change.days)
    diff = swap(imported, seen=seen, state=ImportState.UNDONE)
    record(actor, "analytics.import_undone", imported, changes=diff, campaign_id=imported.campaign_id)
    return imported


@transaction.atomic
def forget_mapping(actor, *, mapping, seen=None):
    """Forget what was said about the columns of a layout; files stored by it stay."""
    require(can_import(actor))
    record(actor, "analytics.mapping_forgotten", mapping)
    erase(mapping, seen=seen)


def days_of_import(imported):
    """(first, last) day of all that an import delivered, or None."""
    scopes = Delivery.objects.filter(origin_id__in=imported.files.values("pk"))
    days = [day for pair in scopes.values_list("day_from", "day_to") for day in pair]
    return (min(days), max(days)) if days else None
