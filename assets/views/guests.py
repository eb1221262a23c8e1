"""What a guest sees and does by their link, without an account: /g/<token>/.

The link is looked up anew for each request; wrong, expired and revoked ones are the same 404. Everything a guest names
(a version, a picture, a remark) is looked for among what this link shows.
"""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_scopes import scope

from assets import actions
from assets.choices import Shape
from assets.forms import GuestPasswordForm, GuestPinForm, GuestReplyForm
from assets.models import AssetVersion, Pin, Rendition
from assets.permissions import can_remark
from assets.rules import types
from assets.views import proof
from core.errors import PharosError, RuleBroken
from core.files import played, served, shown
from core.middleware import address_of
from core.secret_links import secret_page

SESSION = "guest_links"


def known(request, link):
    """What this browser has shown of itself at this link: `unlocked` (password given), `name`."""
    return request.session.get(SESSION, {}).get(str(link.pk), {})


def remember(request, link, **more):
    held = request.session.get(SESSION, {})
    request.session[SESSION] = {**held, str(link.pk): {**known(request, link), **more}}


def is_locked(request, link):
    return bool(link.password_hash) and not known(request, link).get("unlocked")


def behind(view):
    """A view that gets the open link instead of its token; a locked one shows its door alone."""

    @secret_page
    @wraps(view)
    def answer(request, token, **named):
        link = actions.link_of(token)
        if link is None:
            raise Http404
        with scope(workspace=link.workspace_id), timezone.override(link.workspace.time_zone):
            if is_locked(request, link):
                return door(request, token)
            return view(request, link, token, **named)

    return answer


def door(request, token, form=None, status=None):
    """The question for the password; it says nothing of what lies behind."""
    context = {"form": form or GuestPasswordForm(), "action": reverse("guests:enter", args=[token])}
    return render(
        request, "assets/guest_door.html", context, status=status or (200 if request.method == "GET" else 403)
    )


@require_POST
@secret_page
def enter(request, token):
    """Give the password. The session is renewed, and open for this link alone."""
    link = actions.link_of(token)
    if link is None:
        raise Http404
    form = GuestPasswordForm(request.POST)
    if form.is_valid():
        try:
            with scope(workspace=link.workspace_id):
                is_right = actions.unlock(link, address=address_of(request), **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            return door(request, token, form, 429)
        if is_right:
            request.session.cycle_key()
            remember(request, link, unlocked=True)
            return redirect("guests:look", token)
        form.add_error("password", _("This is not the password."))
    return door(request, token, form, 422)


def versions_of(link):
    """The versions that a link shows, newest first."""
    rows = AssetVersion.objects.filter(asset=link.asset).select_related("asset", "file", "workspace", "campaign")
    return rows.filter(pk=link.version_id) if link.version_id else rows


@behind
def look(request, link, token):
    """The newest version the link shows, or `?version=<number>`; `?page=` of a PDF."""
    versions = list(versions_of(link))
    version = proof.chosen(versions, request.GET.get("version"))
    if version is None and request.GET.get("version"):
        raise Http404
    actions.note_visit(link)
    if version is None:
        return render(request, "assets/guest_empty.html", {"link": link})
    return render(request, "assets/guest.html", page_of(request, link, token, version, versions))


def page_of(request, link, token, version, versions, form=None):
    """What the guest's page and its list of remarks show."""
    at = next(index for index, one in enumerate(versions) if one.pk == version.pk)
    page = proof.number_of(request.GET.get("page"))

    def picture_url(drawn):
        return reverse("guests:picture", args=[token, drawn.pk])

    video_url = reverse("guests:video", args=[token, version.pk])
    pins = list(Pin.objects.by_link(link).filter(version=version).listed())
    for pin in pins:
        pin.place, pin.where = (
            proof.place(pin),
            proof.rules.said({name: getattr(pin, name) for name in proof.rules.PLACE}),
        )
        pin.answer_url = reverse("guests:answer", args=[token, pin.pk])
    name = known(request, link).get("name", "")
    may_remark = bool(can_remark(actions.visitor(link), version, link))
    return {
        "link": link,
        "token": token,
        "asset": link.asset,
        "version": version,
        "versions": versions,
        "newer": versions[at - 1] if at else None,
        "older": versions[at + 1] if at + 1 < len(versions) else None,
        "stage": proof.stage(version, page, picture_url, video_url),
        "page_url": f"{reverse('guests:look', args=[token])}?version={version.number}",
        "query": f"?page={page}" if page else "",
        "pins": pins,
        "count": len(pins),
        "form": form or GuestPinForm(initial={"shape": "whole", "page": page, "guest_name": name}, auto_id="pin_%s"),
        "guest_name": name,
        "may_remark": may_remark,
        "add_url": reverse("guests:remark", args=[token, version.pk]),
        "opinion_url": reverse("guests:opinion", args=[token, version.pk]),
        "download_url": reverse("guests:file", args=[token, version.pk]) if _may_download(link, version) else "",
    }


def _may_download(link, version):
    return link.may_download and version.file_id is not None


def version_of(link, pk):
    return get_object_or_404(versions_of(link), pk=pk)


def answered(request, link, token, version, number=None, form=None):
    """After an act: the fresh list, or back to the page."""
    if form is not None and not form.errors:
        remember(request, link, name=" ".join(form.cleaned_data["guest_name"].split()))
    has_failed = form is not None and form.errors
    if request.htmx or has_failed:
        context = page_of(request, link, token, version, list(versions_of(link)), form if has_failed else None)
        name = "assets/_guest_remarks.html" if request.htmx else "assets/guest.html"
        return render(request, name, context, status=422 if has_failed else 200)
    page = request.GET.get("page")
    more = f"&page={page}" if proof.number_of(page) else ""
    anchor = f"#pin-{number}" if number else ""
    return redirect(f"{reverse('guests:look', args=[token])}?version={version.number}{more}{anchor}")


@require_POST
@behind
def remark(request, link, token, pk):
    """A guest's remark on a version."""
    version = version_of(link, pk)
    form = GuestPinForm(request.POST, auto_id="pin_%s")
    if form.carries_out(lambda **typed: add(link, version, is_blocking=False, **typed)):
        return answered(request, link, token, version, form.result.number, form)
    return answered(request, link, token, version, form=form)


def add(link, version, guest_name, **typed):
    actor = actions.visitor(link, guest_name)
    return actions.add_pin(actor, version=version, guest=link, guest_name=guest_name, **typed)


@require_POST
@behind
def opinion(request, link, token, pk):
    """What a guest thinks of the whole: a remark, no verdict."""
    version, is_good = version_of(link, pk), request.POST.get("opinion") == "good"
    words = request.POST.get("text", "").strip()
    said = " ".join(filter(None, [_("Looks good.") if is_good else _("Changes required."), words]))
    form = GuestPinForm({**request.POST.dict(), "text": said, "shape": Shape.WHOLE}, auto_id="pin_%s")
    if form.carries_out(lambda **typed: add(link, version, is_blocking=not is_good, **typed)):
        return answered(request, link, token, version, form.result.number, form)
    return answered(request, link, token, version, form=form)


@require_POST
@behind
def answer(request, link, token, pk):
    """A guest's word in the thread of a remark made by the same link."""
    rows = Pin.objects.by_link(link).filter(version__in=versions_of(link))
    related = ("version__asset", "version__campaign", "version__workspace", "step", "campaign", "workspace")
    pin = get_object_or_404(rows.select_related(*related), pk=pk)
    form = GuestReplyForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(" ".join(error for errors in form.errors.values() for error in errors))
        actor = actions.visitor(link, form.cleaned_data["guest_name"])
        actions.answer_pin(actor, pin=pin, guest=link, **form.cleaned_data)
    except PharosError as error:
        messages.error(request, str(error))
        form = None
    return answered(request, link, token, pin.version, pin.number, form)


@behind
def picture(request, link, token, pk):
    """A picture that was drawn anew from a version that the link shows."""
    rows = Rendition.objects.filter(version__in=versions_of(link)).select_related("file")
    return shown(get_object_or_404(rows, pk=pk).file, "image/webp")


@behind
def video(request, link, token, pk):
    """A video to be played, piece by piece."""
    version = version_of(link, pk)
    kind = types.PLAYED.get(version.measures.get("type"))
    if version.file is None or kind is None or version.asset.kind != "video":
        raise Http404
    return played(version.file, kind, request.headers.get("Range", ""))


@behind
def file(request, link, token, pk):
    """The original, where the link allows it."""
    version = version_of(link, pk)
    if not _may_download(link, version):
        raise Http404
    return served(version.file)
