"""Who has access to a campaign: the partners, and the members who see only what is granted."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.models import Grant
from accounts.views import form_page
from campaigns.forms.grants import SHORT_WORDS, GrantForm, NewGrantForm
from campaigns.views import find_campaign, today_of
from core.errors import PharosError

AFTER_THE_END = timedelta(days=30)  # a partner's access to a campaign goes on so long, unless somebody says otherwise


def rows_of(request, campaign):
    rows = Grant.objects.visible_to(request.actor).of_campaign(campaign.pk)
    return rows.select_related("organization", "membership__user").order_by(
        "organization__name", "membership__user__name"
    )


def grants(request, slug, code):
    """The page; a form for a partner, or with ?for=member for a member, stands below."""
    campaign = find_campaign(request, code)
    found = [shown(row, today_of(campaign)) for row in rows_of(request, campaign)]
    is_partner = request.GET.get("for") != "member"
    taken = [row.organization_id if is_partner else row.membership_id for row in found]
    last = max(campaign.finish_date, today_of(campaign)) + AFTER_THE_END if is_partner else None
    options = {"actor": request.actor, "is_partner": is_partner, "taken": [one for one in taken if one]}
    form = NewGrantForm(request.POST or None, initial={"finish_date": last}, **options)
    if form.carries_out(lambda **typed: actions.create_grant(request.actor, campaign=campaign, **typed)):
        messages.success(request, said(shown(form.result, today_of(campaign))))
        return redirect("campaigns:grants", slug, code)
    more = {"campaign": campaign, "is_partner": is_partner, "partners": [], "members": []}
    for row in found:
        more["partners" if row.organization_id else "members"].append(row)
    return form_page(request, "campaigns/grants.html", form, **more)


def shown(row, today):
    """A grant with its sections in words and how it stands today."""
    row.sections = [(SHORT_WORDS[area], level) for area, level in row.areas.items() if area in SHORT_WORDS]
    row.is_over = bool(row.finish_date and row.finish_date < today)
    row.is_ahead = bool(row.start_date and row.start_date > today)
    row.days_left = (row.finish_date - today).days if row.finish_date and not row.is_over else None
    return row


def said(row):
    """What came of giving access, as its days say it."""
    if row.is_over:
        return _("Saved, but its last day has passed: %(name)s sees nothing.") % {"name": row}
    if row.is_ahead:
        return _("%(name)s has access from %(day)s on.") % {"name": row, "day": row.start_date}
    return _("%(name)s has access now.") % {"name": row}


def grant(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = get_object_or_404(rows_of(request, campaign), pk=pk)
    form = GrantForm(request.POST or None, row=row, actor=request.actor, is_partner=row.organization_id is not None)
    if form.carries_out(lambda **typed: actions.update_grant(request.actor, grant=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:grants", slug, code)
    return form_page(request, "campaigns/grant.html", form, campaign=campaign, grant=row)


@require_POST
def end(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = get_object_or_404(rows_of(request, campaign), pk=pk)
    try:
        actions.end_grant(request.actor, grant=row)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s has no access to this campaign any more.") % {"name": row})
    return redirect(reverse("campaigns:grants", args=[slug, code]))
