"""The sentence of every act of the logbook. The person stands before it: "Li Na archived the campaign Double 11"."""

from django.utils.translation import gettext_lazy as _

PLACE = "%(thing)s"
APPS = {
    "campaigns": _("Plan"),
    "placements": _("Placements"),
    "analytics": _("Figures"),
    "accounts": _("Workspace and people"),
}
SENTENCES = {
    "accounts.api_key_created": _("made the API key %(thing)s"),
    "accounts.api_key_revoked": _("revoked the API key %(thing)s"),
    "accounts.member_added": _("added %(thing)s to the workspace"),
    "accounts.member_changed": _("changed the role or organisation of %(thing)s"),
    "accounts.member_removed": _("removed %(thing)s from the workspace"),
    "accounts.organization_archived": _("archived the organisation %(thing)s"),
    "accounts.organization_changed": _("changed the organisation %(thing)s"),
    "accounts.organization_created": _("added the organisation %(thing)s"),
    "accounts.organization_restored": _("restored the organisation %(thing)s"),
    "accounts.person_created": _("created the account of %(thing)s"),
    "accounts.person_deactivated": _("deactivated the account of %(thing)s"),
    "accounts.profile_changed": _("changed the profile of %(thing)s"),
    "accounts.view_deleted": _("deleted the saved view %(thing)s"),
    "accounts.view_saved": _("saved the view %(thing)s"),
    "accounts.workspace_changed": _("changed the workspace %(thing)s"),
    "accounts.workspace_created": _("created the workspace %(thing)s"),
    "campaigns.annotation_added": _("added the note %(thing)s"),
    "campaigns.annotation_changed": _("changed the note %(thing)s"),
    "campaigns.annotation_deleted": _("deleted the note %(thing)s"),
    "campaigns.brief_saved": _("saved the brief %(thing)s"),
    "campaigns.brief_shared": _("shared a section of the brief: %(thing)s"),
    "campaigns.brief_unshared": _("took back a shared section of the brief: %(thing)s"),
    "campaigns.campaign_archived": _("archived the campaign %(thing)s"),
    "campaigns.campaign_changed": _("changed the campaign %(thing)s"),
    "campaigns.campaign_created": _("created the campaign %(thing)s"),
    "campaigns.campaign_moved": _("moved the campaign %(thing)s to its next state"),
    "campaigns.campaign_restored": _("restored the campaign %(thing)s"),
    "campaigns.comment_added": _("commented: %(thing)s"),
    "campaigns.comment_edited": _("edited a comment: %(thing)s"),
    "campaigns.comment_removed": _("took back a comment: %(thing)s"),
    "campaigns.goal_archived": _("archived the goal %(thing)s"),
    "campaigns.goal_changed": _("changed the goal %(thing)s"),
    "campaigns.goal_created": _("set the goal %(thing)s"),
    "campaigns.goal_moved": _("moved the goal %(thing)s"),
    "campaigns.goal_restored": _("restored the goal %(thing)s"),
    "campaigns.kpi_archived": _("archived the KPI %(thing)s"),
    "campaigns.kpi_changed": _("changed the KPI %(thing)s"),
    "campaigns.kpi_created": _("set the KPI %(thing)s"),
    "campaigns.kpi_restored": _("restored the KPI %(thing)s"),
    "campaigns.kpi_targets_set": _("set the targets of %(thing)s"),
    "campaigns.member_added": _("gave a function: %(thing)s"),
    "campaigns.member_removed": _("took a function away: %(thing)s"),
    "campaigns.phase_changed": _("changed the phase %(thing)s"),
    "campaigns.phase_created": _("added the phase %(thing)s"),
    "campaigns.phase_deleted": _("deleted the phase %(thing)s"),
    "campaigns.programme_archived": _("archived the programme %(thing)s"),
    "campaigns.programme_changed": _("changed the programme %(thing)s"),
    "campaigns.programme_created": _("created the programme %(thing)s"),
    "campaigns.programme_restored": _("restored the programme %(thing)s"),
    "campaigns.rate_deleted": _("deleted the exchange rate %(thing)s"),
    "campaigns.rate_set": _("set the exchange rate %(thing)s"),
    "campaigns.rates_pasted": _("pasted exchange rates into %(thing)s"),
    "campaigns.word_added": _("added the word %(thing)s"),
    "campaigns.word_archived": _("archived the word %(thing)s"),
    "campaigns.word_changed": _("changed the word %(thing)s"),
    "campaigns.word_restored": _("restored the word %(thing)s"),
    "placements.ad_account_archived": _("archived the ad account %(thing)s"),
    "placements.ad_account_changed": _("changed the ad account %(thing)s"),
    "placements.ad_account_created": _("added the ad account %(thing)s"),
    "placements.ad_account_restored": _("restored the ad account %(thing)s"),
    "placements.days_set": _("changed planned days of %(thing)s"),
    "placements.flight_changed": _("changed the flight %(thing)s"),
    "placements.flight_created": _("added the flight %(thing)s"),
    "placements.flight_deleted": _("deleted the flight %(thing)s"),
    "placements.placement_archived": _("archived the placement %(thing)s"),
    "placements.placement_changed": _("changed the placement %(thing)s"),
    "placements.placement_created": _("added the placement %(thing)s"),
    "placements.placement_moved": _("moved the placement %(thing)s to another state"),
    "placements.placement_restored": _("restored the placement %(thing)s"),
    "placements.placements_reordered": _("reordered the placements of %(thing)s"),
    "analytics.object_unlinked": _("took figures away from %(thing)s"),
    "analytics.objects_linked": _("assigned figures to %(thing)s"),
    "analytics.objects_matched": _("matched the figures of %(thing)s by rule"),
    "analytics.pull_started": _("started the pull %(thing)s"),
    "analytics.source_archived": _("archived the data source %(thing)s"),
    "analytics.source_changed": _("changed the data source %(thing)s"),
    "analytics.source_created": _("connected the data source %(thing)s"),
    "analytics.source_paused": _("paused the data source %(thing)s"),
    "analytics.source_restored": _("restored the data source %(thing)s"),
    "analytics.source_resumed": _("resumed the data source %(thing)s"),
}
OTHER = _("changed %(thing)s")


def sentence(verb):
    """`(before, after)`: the words around the thing's name; the plain one for a verb that is gone from the code."""
    before, _place, after = str(SENTENCES.get(verb, OTHER)).partition(PLACE)
    return before, after


def spoken(verb, thing):
    """The sentence with the thing's name in it, for files and the API."""
    before, after = sentence(verb)
    return f"{before}{thing}{after}"
