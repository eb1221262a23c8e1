"""DRF takes the actor that the middleware found; a session must bring its CSRF token."""

from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from core.policy import SAFE, policy_for


class ActorAuthentication:
    """The middleware has resolved key or session already; here only CSRF is left to check."""

    def authenticate(self, request):
        actor = request._request.actor
        if not actor.is_signed_in:
            return None
        if actor.key is None and request.method not in SAFE:
            self.enforce_csrf(request._request)
        return actor.user, actor

    def enforce_csrf(self, request):
        check = CSRFCheck(lambda _request: None)
        check.process_request(request)
        reason = check.process_view(request, None, (), {})
        if reason:
            raise PermissionDenied(f"CSRF: {reason}")

    def authenticate_header(self, request):
        return "Bearer"


class PolicyPermission(BasePermission):
    """Deny unless the route's policy allows; the middleware asked already, this guards direct calls."""

    def has_permission(self, request, view):
        policy = policy_for(request.resolver_match.view_name) if request.resolver_match else None
        return policy is not None and policy.allows(request._request.actor, request.method)
