"""MS Project XML (MSPDI): tasks, outline, links, constraints, calendars, baselines. What is not kept is said.

Format: Microsoft, "Introduction to Project XML Data Interchange", schema mspdi_pj12.xsd. Links: 0 FF, 1 FS, 2 SF, 3 SS,
their lag in tenths of a minute; durations in hours, with a format whose even codes mean elapsed time.
"""

import math
from datetime import time
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from tasks.importers.mspdi_calendars import Calendars
from tasks.importers.mspdi_values import (
    day_of,
    hours_of,
    is_yes,
    minutes_of,
    moment_of,
    money_of,
    number_of,
    text_of,
)
from tasks.importers.result import (
    DEEPEST_OUTLINE,
    LONGEST_TASK,
    MOST_LINKS,
    ImportedBaseline,
    ImportedPlan,
    ImportedTask,
    Unreadable,
    named,
    refuse_too_many,
)
from tasks.rules.plan import MONDAY_TO_FRIDAY, Link
from tasks.rules.workdays import Calendar, WorkWeek

NAMESPACE = "{http://schemas.microsoft.com/project}"
MOST_ELEMENTS = 5_000_000
DEEPEST_ELEMENT = 40
BULKY = {"TimephasedData", "ExtendedAttribute", "OutlineCode"}
CONSTRAINTS = ("asap", "alap", "mso", "mfo", "snet", "snlt", "fnet", "fnlt")
KINDS = {0: "FF", 1: "FS", 2: "SF", 3: "SS"}
ELAPSED = {4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52}
PERCENT = {19, 20, 51, 52}
EVERY_DAY = "elapsed"  # key of the calendar that elapsed durations count in
DAY, LONGEST_NAME, LONGEST_NOTES = 1440, 200, 20_000


def read_msproject(content):
    """The ImportedPlan of MS Project XML; Unreadable for other XML."""
    return _Reader(_parsed(content)).read()


def _parsed(content):
    """The root element, without namespaces and without the bulk that is not read."""
    depth = count = 0
    root = None
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                depth, count = depth + 1, count + 1
                element.tag = element.tag.removeprefix(NAMESPACE)
                root = element if root is None else root
                if depth > DEEPEST_ELEMENT or count > MOST_ELEMENTS:
                    raise Unreadable(_("The file is nested too deeply or too large."))
            else:
                depth -= 1
                if element.tag in BULKY:
                    element.clear()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise Unreadable(_("This XML is damaged and cannot be read.")) from problem
    if root is None or root.tag != "Project":
        raise Unreadable(_("This XML is no MS Project file."))
    return root


class _Reader:
    """One file on its way in; `notes` {sentence: [task names]} become warnings."""

    def __init__(self, project):
        self.project, self.notes = project, {}
        self.plan = ImportedPlan("msproject")
        self.calendars = Calendars(project)
        self.minutes = number_of(project, "MinutesPerDay") or 480
        self.morning = _time(text_of(project, "DefaultStartTime"))
        found = project.find("Tasks")
        self.elements = [one for one in (found if found is not None else ()) if one.tag == "Task"]

    def read(self):
        """The plan: calendars, tasks, links, then what got lost."""
        refuse_too_many(len(self.elements))
        plan, project = self.plan, self.project
        plan.start, plan.finish = day_of(project, "StartDate"), None
        if text_of(project, "ScheduleFromStart") in ("0", "false") and day_of(project, "FinishDate"):
            plan.direction, plan.finish = "backward", day_of(project, "FinishDate")
        own = self.calendars.build(text_of(project, "CalendarUID"))
        if own:
            plan.calendars[None] = own
        plan.currency = text_of(project, "CurrencyCode")[:3]
        self.resources = self._resources()
        self._tasks()
        if not plan.tasks:
            raise Unreadable(_("The file has no tasks."))
        self._links()
        self._warn()
        return plan

    def _resources(self):
        """{task id: names of its resources}."""
        names = {text_of(one, "UID"): text_of(one, "Name") for one in self.project.findall("Resources/Resource")}
        found = {}
        for one in self.project.findall("Assignments/Assignment"):
            name = names.get(text_of(one, "ResourceUID"))
            if name:
                found.setdefault(text_of(one, "TaskUID"), []).append(name[:LONGEST_NAME])
        return found

    def _note(self, sentence, name):
        names = self.notes.setdefault(sentence, [])
        if name not in names[-1:]:
            names.append(name)

    # --- tasks ---

    def _tasks(self):
        """The tasks with their parents; empty lines and the summary of the whole project are left out."""
        outline, seen = [], set()  # outline: ids of the summaries above, by level
        kept = [(element, max(number_of(element, "OutlineLevel") or 1, 1)) for element in self._kept()]
        below = [*(level for _element, level in kept[1:]), 0]
        for (element, level), next_level in zip(kept, below, strict=False):
            uid = text_of(element, "UID")
            if not uid or uid in seen:
                raise Unreadable(_("Two tasks have the same number: %(id)s.") % {"id": uid})
            if level > DEEPEST_OUTLINE:
                raise Unreadable(_("The outline is deeper than %(count)s levels.") % {"count": DEEPEST_OUTLINE})
            seen.add(uid)
            del outline[level - 1 :]
            self.plan.tasks.append(self._task(element, uid, outline[-1] if outline else None, next_level > level))
            outline += [uid] * (level - len(outline))

    def _kept(self):
        """The tasks that are read: no empty lines, not the whole project's summary, none that are switched off."""
        for element in self.elements:
            is_whole = number_of(element, "OutlineLevel") == 0 and text_of(element, "UID") == "0"
            if is_yes(element, "IsNull") or is_whole:
                continue
            if text_of(element, "Active") in ("0", "false"):
                self._note(_("Inactive tasks are left out: %(names)s."), self._name(element))
                continue
            yield element

    def _name(self, element):
        return (text_of(element, "Name") or text_of(element, "UID"))[:LONGEST_NAME]

    def _task(self, element, uid, parent, is_summary):
        name = self._name(element)
        constraint = number_of(element, "ConstraintType") or 0
        constraint = CONSTRAINTS[constraint] if 0 <= constraint < len(CONSTRAINTS) else ""
        start = day_of(element, "Start")
        self._note_lost(element, name)
        duration, calendar = (0, None) if is_summary else self._duration(element, name)
        calendar = calendar or self._calendar(element)
        return ImportedTask(
            id=uid,
            name=name,
            duration=duration,
            parent=parent,
            calendar=calendar,
            constraint="" if constraint == "asap" else constraint,
            constraint_date=day_of(element, "ConstraintDate") if constraint not in ("asap", "alap") else None,
            deadline=day_of(element, "Deadline"),
            pinned_start=start if is_yes(element, "Manual") and not is_summary else None,
            start=start,
            finish=self._finish(element, calendar),
            actual_start=day_of(element, "ActualStart"),
            actual_finish=day_of(element, "ActualFinish"),
            progress=min(max(number_of(element, "PercentComplete") or 0, 0), 100),
            effort_hours=hours_of(text_of(element, "Work")),
            cost=money_of(element, "Cost"),
            resources=tuple(self.resources.get(uid, ())),
            notes=text_of(element, "Notes")[:LONGEST_NOTES],
            baselines=self._baselines(element, name),
        )

    def _duration(self, element, name):
        """(days, key of the calendar they count in, if it is not the task's)."""
        minutes, elapsed = minutes_of(text_of(element, "Duration")), number_of(element, "DurationFormat") in ELAPSED
        if minutes is None:
            self._note(_("Tasks without a duration last one day: %(names)s."), name)
            minutes, elapsed = self.minutes, False
        days = minutes / (DAY if elapsed else self.minutes)
        if days > LONGEST_TASK:
            raise Unreadable(_("“%(task)s” lasts more than %(count)s days.") % {"task": name, "count": LONGEST_TASK})
        if days != int(days):
            self._note(_("Durations were rounded up to whole working days: %(names)s."), name)
        if is_yes(element, "Milestone") and days:
            self._note(_("Milestones with a duration are kept as tasks: %(names)s."), name)
        if elapsed and days:
            self._note(_("Elapsed durations count every day of the week: %(names)s."), name)
            self.plan.calendars.setdefault(EVERY_DAY, Calendar(WorkWeek(frozenset()), name=EVERY_DAY))
        return math.ceil(days), EVERY_DAY if elapsed and days else None

    def _finish(self, element, key):
        """The last day worked: a finish on the morning of a day, before work begins, is the working day before."""
        start, finish = moment_of(element, "Start"), moment_of(element, "Finish")
        if not start or not finish:
            return None
        if finish.time() > self.morning or finish.date() <= start.date():
            return finish.date()
        calendar = self.plan.calendars.get(key) or MONDAY_TO_FRIDAY
        return max(calendar.day(calendar.number(finish.date()) - 1), start.date())

    def _calendar(self, element):
        """The key of a task's own calendar, built when first met; None for the plan's."""
        uid = text_of(element, "CalendarUID")
        if uid in ("", "-1", text_of(self.project, "CalendarUID")):
            return None
        if uid not in self.plan.calendars:
            built = self.calendars.build(uid)
            if built is None:
                return None
            self.plan.calendars[uid] = built
        return uid

    def _baselines(self, element, name):
        found = []
        for one in element.findall("Baseline"):
            start, finish = day_of(one, "Start"), day_of(one, "Finish")
            if start and finish and finish < start:
                self._note(_("Baselines that end before they start are left out: %(names)s."), name)
                continue
            minutes = minutes_of(text_of(one, "Duration"))
            days = math.ceil(minutes / self.minutes) if minutes is not None else None
            found.append(ImportedBaseline(number_of(one, "Number") or 0, start, finish, days))
        return tuple(found)

    def _note_lost(self, element, name):
        if number_of(element, "LevelingDelay"):
            self._note(_("Delays from resource levelling are not kept: %(names)s."), name)
        if is_yes(element, "IsSubproject") or is_yes(element, "ExternalTask"):
            self._note(_("Tasks of other projects are kept as plain tasks: %(names)s."), name)

    # --- links ---

    def _links(self):
        tasks, pairs = {task.id: task for task in self.plan.tasks}, set()
        for element in self.elements:
            task = tasks.get(text_of(element, "UID"))
            for one in element.findall("PredecessorLink") if task else ():
                before = tasks.get(text_of(one, "PredecessorUID"))
                if before is None or is_yes(one, "CrossProject"):
                    self._note(_("Links to tasks that are not in the file are left out: %(names)s."), task.name)
                elif (before.id, task.id) in pairs:
                    self._note(_("Second links between the same two tasks are left out: %(names)s."), task.name)
                else:
                    pairs.add((before.id, task.id))
                    kind = KINDS.get(number_of(one, "Type"), "FS")
                    self.plan.links.append(Link(before.id, task.id, kind, self._lag(one, before, task.name)))
        if len(pairs) > MOST_LINKS:
            raise Unreadable(_("The file has more than %(count)s links.") % {"count": f"{MOST_LINKS:,}"})

    def _lag(self, element, before, name):
        """Working days of a link's lag, rounded up."""
        lag, how = number_of(element, "LinkLag") or 0, number_of(element, "LagFormat")
        if not lag:
            return 0
        days = lag / 10 / self.minutes
        if how in PERCENT:
            days = before.duration * lag / 100
            self._note(_("Lags in percent were turned into days: %(names)s."), name)
        elif how in ELAPSED:
            days = lag / 10 / DAY * 5 / 7
            self._note(_("Elapsed lags were turned into working days: %(names)s."), name)
        elif days != int(days):
            self._note(_("Lags were rounded up to whole working days: %(names)s."), name)
        return min(max(math.ceil(days), -LONGEST_TASK), LONGEST_TASK)

    # --- warnings ---

    def _warn(self):
        if self.calendars.dropped:
            self.notes[_("Recurring exceptions of calendars are not kept: %(names)s.")] = self.calendars.dropped
        if self.calendars.useless:
            self.notes[_("Calendars without a working day are not kept: %(names)s.")] = self.calendars.useless
        if self.resources:
            self.plan.warnings.append(_("Of resources only the names are read, not their rates, units and calendars."))
        self.plan.warnings += [sentence % {"names": named(names)} for sentence, names in self.notes.items()]


def _time(text):
    """The time of a day that work begins at; eight o'clock when the file does not say."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return time(8)
