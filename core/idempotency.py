"""Idempotency-Key: the same request twice has one effect and one answer (kept for seven days)."""

import hashlib
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.api.problems import problem_response
from core.locks import let_be
from core.models import IdempotencyKey

KEEP = timedelta(days=7)
STUCK = timedelta(minutes=5)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class IdempotencyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.headers.get("Idempotency-Key", "")
        applies = (
            key and request.method in UNSAFE and request.path_info.startswith("/api/v1/") and request.actor.is_signed_in
        )
        if not applies:
            return self.get_response(request)
        if len(key) > 200:
            return problem_response(request, 400, "idempotency_key_too_long", _("Use at most 200 characters."))
        return self.once(request, key)

    def once(self, request, key):
        row = IdempotencyKey(
            principal=f"{request.actor.user_id}:{request.actor.workspace_id}",
            key=key,
            route=f"{request.method} {request.get_full_path()}"[:600],
            body_hash=body_hash(request),
        )
        same = IdempotencyKey.objects.filter(principal=row.principal, key=key, route=row.route)
        now = timezone.now()
        same.filter(created_at__lt=now - KEEP).delete()
        same.filter(status=None, created_at__lt=now - STUCK).delete()
        stored = self.claimed(row, same)
        if stored.pk != row.pk:
            return self.again(request, stored, row.body_hash)
        response = self.get_response(request)
        with let_be("the answer to a repeated request"):  # what was done is told all the same
            self.keep(request, row, response)
        return response

    def claimed(self, row, same):
        """The row that holds this key now: ours, or that of whoever came first.

        A first request that failed takes its row away; whoever then finds none claims anew, so that two that waited
        cannot both go on without a row.
        """
        while True:
            IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
            stored = same.first()
            if stored is not None:
                return stored

    def again(self, request, stored, digest):
        if stored.body_hash != digest:
            return problem_response(request, 422, "idempotency_key_reused", _("This key was used with another body."))
        if stored.status is None:
            return problem_response(request, 409, "in_progress", _("The first request with this key is still at work."))
        response = HttpResponse(bytes(stored.body), status=stored.status, headers=stored.headers)
        response["Idempotency-Replayed"] = "true"
        return response

    def keep(self, request, row, response):
        """Failures of ours are not answers: they may be tried again. What must not be stored leaves only a note."""
        if response.status_code >= 500 or response.status_code in (401, 403, 429) or response.streaming:
            IdempotencyKey.objects.filter(pk=row.pk).delete()
            return
        if "no-store" in response.get("Cache-Control", ""):
            response = problem_response(request, 409, "answer_not_kept", _("Done before; that answer was shown once."))
        headers = {name: response[name] for name in ("Content-Type", "ETag", "Location") if name in response}
        IdempotencyKey.objects.filter(pk=row.pk).update(
            status=response.status_code, headers=headers, body=response.content
        )


def body_hash(request):
    """SHA-256 of the body; of names and bytes of the parts for an upload (its boundary differs each time)."""
    digest = hashlib.sha256()
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"{name}/{file.name}".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
