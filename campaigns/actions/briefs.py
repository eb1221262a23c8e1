"""Acts on the brief: every save is a version; sections are shared one by one."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once
from campaigns.models import Brief, BriefShare, BriefVersion
from campaigns.permissions import can_plan
from campaigns.rules import brief as rules
from campaigns.rules import cards
from core.audit import record
from core.errors import Invalid, Stale, require
from core.swap import erase, swap


@transaction.atomic
def save_brief(actor, *, campaign, sections, personas=(), offers=(), note="", based_on=None):
    """Write the brief's next version and return it; None when nothing changed.

    `sections`: [{"key", "text"}]; `personas` and `offers`: dicts of texts (campaigns.rules.cards); `based_on`: the
    number of the version the person began from, Stale when another has been saved since.
    """
    require(can_plan(actor, campaign))
    brief, _made = Brief.objects.get_or_create(campaign=campaign, defaults={"workspace": campaign.workspace})
    if based_on is not None and based_on != brief.current_number:
        raise Stale(current=brief.current_number)
    content = {
        "sections": cards.clean_sections(sections),
        "personas": cards.clean_cards(personas, cards.PERSONA, "personas"),
        "offers": cards.clean_cards(offers, cards.OFFER, "offers"),
    }
    before = BriefVersion.objects.filter(brief=brief, number=brief.current_number).first()
    old, new = before.texts() if before else {}, cards.as_texts(**content)
    changed = rules.changed_sections(old, new)
    if not changed:
        if not new:
            raise Invalid(_("Write at least one section."), code="brief_empty")
        return None
    return _write(actor, brief, content, note, changed, material=bool(before) and rules.is_material_change(old, new))


def _write(actor, brief, content, note, changed, *, material):
    swap(brief, current_number=brief.current_number + 1)
    version = BriefVersion.objects.create(
        workspace_id=brief.workspace_id,
        brief=brief,
        campaign=brief.campaign,
        number=brief.current_number,
        note=note,
        changed_sections=changed,
        is_material=material,
        author=actor.user,
        **content,
    )
    record(actor, "campaigns.brief_saved", version, changes={"sections": [[], changed], "note": ["", note]})
    return version


@transaction.atomic
def share_section(actor, *, brief, section, organization):
    """Let a partner organisation read one section of the brief."""
    require(can_plan(actor, brief))
    version = BriefVersion.objects.filter(brief=brief, number=brief.current_number).first()
    if section not in (version.texts() if version else {}):
        sentence = _("The brief has no such section.")
        raise Invalid(sentence, code="section_unknown", errors={"section": sentence})
    with once("organization", _("The section is shared with this organisation already.")):
        share = BriefShare.objects.create(
            workspace_id=brief.workspace_id,
            brief=brief,
            campaign=brief.campaign,
            section=section,
            organization=organization,
        )
    record(actor, "campaigns.brief_shared", share)
    return share


@transaction.atomic
def unshare_section(actor, *, share, seen=None):
    """Stop sharing a section with an organisation."""
    require(can_plan(actor, share))
    record(actor, "campaigns.brief_unshared", share)
    erase(share, seen=seen)
