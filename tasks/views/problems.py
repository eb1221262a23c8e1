"""Problems of a campaign: the list, raising one on anything, one problem and its acts."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns.querysets import subject_of
from campaigns.views import menu, undone, where
from core.errors import PharosError
from core.models import Activity
from tasks.actions import problems as acts
from tasks.actions import today_of
from tasks.choices import ProblemState
from tasks.forms import ProblemForm, SolutionForm
from tasks.models import Problem
from tasks.permissions import can_solve_problem
from tasks.rules import logbook
from tasks.views import campaign_of, frame, read

PAGE, LATEST, DAYS = 50, 12, 3


def problems(request, slug, code):
    campaign = campaign_of(request, code)
    rows = Problem.objects.visible_to(request.actor).of(campaign).select_related("solver", "raised_by", "campaign")
    solvers = rows.order_by("solver__name").values_list("solver_id", "solver__name").distinct()
    state = request.GET.get("state", ProblemState.OPEN)
    shown = rows.filter(state=state) if state in ProblemState.values else rows
    shown = where(shown, "solver", request.GET.get("solver", ""))
    words = request.GET.get("q", "").strip()[:100]
    shown = shown.filter(Q(text__icontains=words) | Q(subject_label__icontains=words)) if words else shown
    page = Paginator(shown.order_by("state", "due_date", "pk"), PAGE).get_page(request.GET.get("page"))
    today = today_of(campaign)
    for row in page:
        row.is_late, row.may_solve = row.state == "open" and row.due_date < today, can_solve_problem(request.actor, row)
    choices = [(value, label) for value, label in ProblemState.choices]
    filters = [
        menu(request, "state", _("State"), [*choices[1:], ("all", _("open and solved"))], choices[0][1]),
        menu(request, "solver", _("Solver"), [(str(pk), name) for pk, name in solvers]),
    ]
    context = {"page": page, "filters": filters, "is_filtered": any(map(request.GET.get, ("q", "solver")))}
    return render(request, "tasks/problems.html", frame(request, campaign, "problems", **context))


def raise_on(request, slug, code, kind, pk):
    """Raise a problem on a thing of the campaign; the solver suggested is whoever owns the campaign."""
    campaign = campaign_of(request, code)
    subject = subject_of(request.actor, campaign, kind, pk)
    if subject is None:
        raise Http404
    initial = {"due_date": today_of(campaign) + timedelta(DAYS), "solver": campaign.owner_id}
    form = ProblemForm(request.POST or None, actor=request.actor, initial=initial)

    def act(**typed):
        return acts.raise_problem(request.actor, campaign=campaign, subject=subject, **typed)

    if form.carries_out(act):
        messages.success(request, _("%(name)s has a problem to be solved.") % {"name": subject})
        return redirect(back_to(subject, slug, campaign))
    context = {"subject": subject, "back": back_to(subject, slug, campaign)}
    return form_page(request, "tasks/problem_form.html", form, **frame(request, campaign, "problems", **context))


def back_to(subject, slug, campaign):
    """The page of what a problem stands in the way of, else the list of problems."""
    get_url = getattr(subject, "get_absolute_url", None)
    return get_url() if get_url else reverse("tasks:problems", args=[slug, campaign.code])


def problem_of(request, code, pk):
    """A problem of the campaign of the address, or 404."""
    rows = Problem.objects.visible_to(request.actor).select_related("solver", "raised_by", "workspace")
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def problem(request, slug, code, pk):
    """One problem: what it is about, its history, the form that solves it; changing it."""
    row = problem_of(request, code, pk)
    campaign = row.campaign
    form = ProblemForm(request.POST or None, actor=request.actor, row=row)
    if form.carries_out(lambda **typed: acts.change_problem(request.actor, problem=row, **typed)):
        messages.success(request, _("The problem is changed."))
        return redirect("tasks:problem", slug, code, pk)
    subject = subject_of(request.actor, campaign, row.subject_type, row.subject_id)
    lines = Activity.objects.visible_to(request.actor).about(row.pk)
    context = {
        "problem": row,
        "subject": subject,
        "subject_url": back_to(subject, slug, campaign) if hasattr(subject, "get_absolute_url") else "",
        "is_late": row.state == ProblemState.OPEN and row.due_date < today_of(campaign),
        "may_solve": can_solve_problem(request.actor, row),
        "solution": SolutionForm(),
        "activities": logbook.told(lines[:LATEST], row),
    }
    return form_page(request, "tasks/problem.html", form, **frame(request, campaign, "problems", **context))


@require_POST
def solve(request, slug, code, pk):
    row = problem_of(request, code, pk)
    try:
        acts.solve_problem(request.actor, problem=row, **read(SolutionForm(request.POST)))
    except PharosError as refused:
        messages.error(request, str(refused))
    else:
        undo = reverse("tasks:problem-reopen", args=[slug, code, pk])
        messages.success(request, _("The problem is solved."), extra_tags=undo)
    return redirect("tasks:problem", slug, code, pk)


@require_POST
def reopen(request, slug, code, pk):
    row = problem_of(request, code, pk)
    acts.reopen_problem(request.actor, problem=row)
    return undone(request, _("The problem is open again."), reverse("tasks:problem", args=[slug, code, pk]))
