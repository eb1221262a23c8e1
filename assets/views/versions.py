"""What is handed in for an asset: the next version by text, file or address; its bytes and pictures going out."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assets import actions
from assets.forms import AddressForm, FileForm, TextForm
from assets.models import AssetVersion, Rendition
from assets.rules import types
from assets.views import asset_of
from assets.views.one import page_of
from campaigns.rules.brief import diff_text
from campaigns.views import find_campaign
from core.errors import PharosError, Stale
from core.files import played, served, shown

FORMS = {"text": TextForm, "file": FileForm, "url": AddressForm}


@require_POST
def add(request, slug, code, pk):
    """Hand in the next version."""
    asset = asset_of(request, code, pk)
    way = next((name for name in FORMS if name in {*request.POST, *request.FILES}), "file")
    form = FORMS[way](request.POST, request.FILES) if way == "file" else FORMS[way](request.POST)
    if not form.is_valid():
        return refused(request, asset, way, form)
    values = dict(form.cleaned_data)
    if way == "file":
        values["upload"] = values.pop("file")
    try:
        made = actions.add_version(request.actor, asset=asset, **values)
    except Stale:
        return conflict(request, asset, form)
    except PharosError as error:
        form.add_error(None, " ".join(map(str, error.errors.values())) or str(error))
        return refused(request, asset, way, form)
    same = hasattr(made, "is_same")
    messages.success(request, _("Nothing differs from the version there is.") if same else done(made))
    return redirect(asset)


def done(version):
    return _("Version %(number)d is handed in.") % {"number": version.number}


NAMES = {"text": "text_form", "file": "file_form", "url": "address_form"}


def refused(request, asset, way, form):
    """The page with the form as it was filled in."""
    form.auto_id = f"{NAMES[way].removesuffix('_form')}_%s"
    return page_of(request, asset, status=422, **{NAMES[way]: form})


def conflict(request, asset, form):
    """Somebody handed in a version first: it stands beside the words, which stay as they were typed."""
    asset.refresh_from_db(fields=["current_number", "lock_version", "stage"])
    theirs = AssetVersion.objects.get(asset=asset, number=asset.current_number)
    typed = form.cleaned_data["text"]
    form.data = form.data.copy()
    form.data["based_on"] = asset.current_number
    rows = [{"kind": row.kind, "left": row.old or (), "right": row.new or ()} for row in diff_text(theirs.text, typed)]
    differences = [{"label": _("Their version on the left, your words on the right"), "rows": rows}]
    form.auto_id = "text_%s"
    return page_of(request, asset, status=422, text_form=form, theirs=theirs, sections=differences)


def version_of(request, code, pk):
    """A version of the campaign of the address, or 404."""
    rows = AssetVersion.objects.visible_to(request.actor).select_related("file", "asset")
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def file(request, slug, code, pk):
    """The file as it was handed in: to keep, never to be opened as a page of ours."""
    version = version_of(request, code, pk)
    if version.file is None:
        raise Http404
    return served(version.file)


def picture(request, slug, code, pk):
    """A picture that was drawn anew from a version."""
    rows = Rendition.objects.visible_to(request.actor).select_related("file")
    return shown(get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code)).file, "image/webp")


def video(request, slug, code, pk):
    """The video of a version piece by piece, if its first bytes say that it is one."""
    version = version_of(request, code, pk)
    kind = types.PLAYED.get(version.measures.get("type"))
    if version.file is None or kind is None or version.asset.kind != "video":
        raise BadRequest("no video that can be played")
    return played(version.file, kind, request.headers.get("Range", ""))
