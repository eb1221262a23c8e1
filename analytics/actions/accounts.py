"""Ad accounts and sources that figures need: found, or made when they come for the first time."""

import re

from django.utils.translation import gettext as _

from accounts.rules import check_time_zone
from analytics.choices import SOURCE_RANK, SourceKind
from analytics.models import AccountLink, Source
from campaigns.rules.plan import check_currency
from core.errors import Invalid
from placements.actions import create_ad_account
from placements.models import AdAccount
from placements.rules.platforms import platform_name

OTHER = "other"


def link_of(actor, *, ad_account, kind):
    """The ad account as the workspace's own source of a kind (files, push, by hand) delivers it."""
    source = Source.objects.filter(
        workspace_id=actor.workspace_id, kind=kind, platform=ad_account.platform
    ).first() or _create_source(actor, kind, ad_account)
    return AccountLink.objects.get_or_create(
        workspace_id=actor.workspace_id, source=source, ad_account=ad_account, defaults={}
    )[0]


def _create_source(actor, kind, ad_account):
    name = f"{platform_name(ad_account.platform)} · {SourceKind(kind).label}"[:110]
    taken = Source.objects.filter(workspace_id=actor.workspace_id, name__startswith=name).count()
    return Source.objects.create(
        workspace_id=actor.workspace_id,
        kind=kind,
        platform=ad_account.platform,
        name=f"{name} {taken + 1}" if taken else name,
        rank=SOURCE_RANK[kind],
        time_zone=ad_account.time_zone,
    )


def same_account(workspace_id, platform, named):
    """The ad account that a file or push means by an id or name, or None."""
    accounts = AdAccount.objects.filter(workspace_id=workspace_id)
    if platform:
        accounts = accounts.filter(platform=platform)
    bare = _bare(named)
    fits = [one for one in accounts.order_by("pk") if bare in (_bare(one.external_id), _bare(one.name))]
    return fits[0] if fits else None


def _bare(text):
    return re.sub(r"[\s-]", "", text).casefold()


def check_account_answer(actor, answer):
    """Refuse an answer that names no ad account: the id of one there is, or what a new one is to be."""
    if isinstance(answer, str):
        _existing(actor, answer)
    elif not isinstance(answer, dict) or not str(answer.get("name", "")).strip():
        sentence = _("Choose an ad account, or give the new one a name, a currency and a time zone.")
        raise Invalid(sentence, errors={"account": sentence})
    else:
        check_currency(str(answer.get("currency") or actor.workspace.currency).upper())
        check_time_zone(str(answer.get("time_zone") or actor.workspace.time_zone))


def account_by_answer(actor, answer, *, platform):
    """The ad account that an answer names; a new one is made."""
    check_account_answer(actor, answer)
    if isinstance(answer, str):
        return _existing(actor, answer)
    platform = str(answer.get("platform") or platform or OTHER)[:40]
    name = str(answer["name"]).strip()[:160]
    known = AdAccount.objects.filter(workspace_id=actor.workspace_id, platform=platform, name=name).first()
    return known or create_ad_account(
        actor,
        platform=platform,
        name=name,
        currency=str(answer.get("currency") or actor.workspace.currency).upper(),
        time_zone=str(answer.get("time_zone") or actor.workspace.time_zone),
        external_id=str(answer.get("external_id") or "")[:120],
    )


def _existing(actor, answer):
    known = {str(key) for key in AdAccount.objects.visible_to(actor).values_list("pk", flat=True)}
    if answer not in known:
        sentence = _("This ad account does not exist in the workspace.")
        raise Invalid(sentence, errors={"account": sentence})
    return AdAccount.objects.get(pk=answer)
