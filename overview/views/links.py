"""Addresses of the pages of things, by their model."""

from django.urls import NoReverseMatch, reverse

PAGES = {  # model → (route, attributes that its address needs after the workspace)
    "accounts.membership": ("accounts:people", ()),
    "accounts.organization": ("accounts:organizations", ()),
    "accounts.absence": ("accounts:absences", ()),
    "accounts.workcalendar": ("accounts:calendar", ("pk",)),
    "accounts.workspace": ("accounts:settings", ()),
    "campaigns.campaign": ("overview:cockpit", ("code",)),
    "campaigns.programme": ("campaigns:programme", ("pk",)),
    "campaigns.goal": ("campaigns:goals", ("campaign.code",)),
    "campaigns.kpi": ("campaigns:kpi", ("campaign.code", "pk")),
    "campaigns.briefversion": ("campaigns:brief-versions", ("campaign.code",)),
    "campaigns.phase": ("campaigns:phases", ("campaign.code",)),
    "campaigns.annotation": ("campaigns:notes", ("campaign.code",)),
    "campaigns.exchangerate": ("campaigns:exchange-rates", ()),
    "campaigns.accessitem": ("campaigns:access-item", ("campaign.code", "pk")),
    "campaigns.readinessline": ("campaigns:readiness-line", ("campaign.code", "pk")),
    "campaigns.readinesssnapshot": ("overview:readiness-snapshot", ("campaign.code", "pk")),
    "tasks.task": ("tasks:detail", ("campaign.code", "pk")),
    "tasks.recurrence": ("tasks:recurrences", ("campaign.code",)),
    "tasks.baseline": ("tasks:baseline", ("campaign.code", "pk")),
    "tasks.problem": ("tasks:problem", ("campaign.code", "pk")),
    "assets.asset": ("assets:detail", ("campaign.code", "pk")),
    "assets.outputstandard": ("assets:standards", ()),
    "placements.placement": ("placements:detail", ("campaign.code", "pk")),
    "placements.adaccount": ("placements:accounts", ()),
    "risks.risk": ("risks:detail", ("campaign.code", "pk")),
    "risks.playbook": ("risks:playbook", ("pk",)),
    "risks.incident": ("risks:incident", ("campaign.code", "pk")),
    "analytics.source": ("analytics:source", ("pk",)),
    "analytics.import": ("analytics:import", ("pk",)),
}


def link_to(slug, row):
    """The page of a row; "" where it has none."""
    name, needed = PAGES.get(row._meta.label_lower, ("", ()))
    return url(name, slug, *(_attribute(row, path) for path in needed)) if name else ""


def link_to_subject(slug, line, codes):
    """The page of what a line of the logbook is about. `codes` is {campaign id: code}."""
    name, needed = PAGES.get(line.subject_type, ("", ()))
    return _known(name, needed, slug, line.subject_id, codes.get(line.campaign_id))


def link_to_found(slug, found):
    """The page of what the search found."""
    name, needed = PAGES.get(found.model, ("", ()))
    return _known(name, needed, slug, found.pk, found.campaign)


def _known(name, needed, slug, pk, code):
    known = {"pk": pk, "code": code, "campaign.code": code}
    args = [known[path] for path in needed]
    return url(name, slug, *args) if name and all(args) else ""


def url(name, *args):
    """A page's address; "" where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _attribute(row, path):
    for name in path.split("."):
        row = getattr(row, name, "")
    return row
