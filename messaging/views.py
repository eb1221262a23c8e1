"""The operator's outbox: every mail this installation wrote while no mail server is set."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from core.models import OutboxMessage

PAGE = 50


def mails():
    return OutboxMessage.objects.filter(kind="mail")


@never_cache
def outbox(request):
    q = request.GET.get("q", "").strip()[:200]
    rows = mails().order_by("-created_at", "-pk")
    if q:
        rows = rows.filter(Q(payload__subject__icontains=q) | Q(payload__to__icontains=q))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/outbox.html", {"page": page, "q": q})


@never_cache
def mail(request, pk):
    return render(request, "messaging/mail.html", {"mail": get_object_or_404(mails(), pk=pk)})
