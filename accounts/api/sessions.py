"""REST: the browsers in which one is signed in."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import actions
from accounts.models import Session
from accounts.rules import device_of
from core.api.out import Out
from core.api.views import ResourceViewSet


class SessionOut(Out):
    """A browser: its device in words, where and when it was last seen; `is_current` marks the one that asks."""

    device = serializers.SerializerMethodField()
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ["id", "device", "agent", "ip", "method", "last_seen_at", "is_current"]
        fields += ["created_at", "lock_version"]

    def get_device(self, session) -> str:
        return device_of(session.agent)

    def get_is_current(self, session) -> bool:
        return session.session_key == self.context["request"].session.session_key


class SessionViewSet(ResourceViewSet):
    """One's own browsers; DELETE signs one out at once.

    A key has none: the list is empty and other people's sessions are as absent as those that never were.
    """

    model, out = Session, SessionOut

    def rows(self):
        lifetime = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return super().rows().alive(now=timezone.now(), lifetime=lifetime)

    def destroy(self, request, pk):
        row = self.find()
        self.seen(row)
        actions.end_session(self.actor, session=row)
        return Response(status=204)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="end-others")
    def end_others(self, request):
        """Sign out everywhere but in the browser that asks."""
        actions.end_other_sessions(self.actor, session_key=request.session.session_key)
        return Response(status=204)


ROUTES = [("sessions", SessionViewSet)]
