"""REST: me, workspaces, members, organisations, API keys, saved views."""

from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.choices import Density, OrganizationKind, Role, Theme
from accounts.models import ApiKey, Membership, Organization, SavedView, User, Workspace
from accounts.rules import known_scopes
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet

STAMPS = ["created_at", "updated_at", "lock_version"]


class VisibleField(serializers.PrimaryKeyRelatedField):
    """The id of a row the actor may see; a foreign id is as unknown as a made-up one."""

    def __init__(self, model, **kwargs):
        self.model = model
        super().__init__(queryset=model._base_manager.none(), **kwargs)

    def get_queryset(self):
        view = self.context.get("view")
        return self.model.objects.visible_to(view.actor) if view else self.queryset


# --- me -------------------------------------------------------------------------------------------------------------


class WorkspaceOut(Out):
    class Meta:
        model = Workspace
        fields = ["id", "name", "slug", "language", "time_zone", "currency", "requires_mfa", *STAMPS]


class MeOut(Out):
    """Who asks: a person, or the service behind an API key, with the workspace and role in force."""

    workspace = serializers.SerializerMethodField()
    role = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "kind", "email", "name", "language", "theme", "density", "time_zone"]
        fields += ["workspace", "role", "scopes", *STAMPS]

    def get_workspace(self, user) -> str | None:
        return getattr(self.context["view"].actor.workspace, "slug", None)

    def get_role(self, user) -> str:
        return self.context["view"].actor.role

    def get_scopes(self, user) -> list[str]:
        key = self.context["view"].actor.key
        return key.scopes if key else ["*"]


class MeIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    language = serializers.CharField(max_length=10, allow_blank=True)
    theme = serializers.ChoiceField(choices=Theme.choices, allow_blank=True)
    density = serializers.ChoiceField(choices=Density.choices, allow_blank=True)
    time_zone = serializers.CharField(max_length=50, allow_blank=True)


class MeView(ActorMixin, APIView):
    out = MeOut

    def get_serializer_context(self):
        return {"request": self.request, "view": self}

    @extend_schema(responses=MeOut)
    def get(self, request):
        return self.one(User.objects.get(pk=self.actor.user_id))

    @extend_schema(request=MeIn(partial=True), responses=MeOut)
    def patch(self, request):
        me = User.objects.get(pk=self.actor.user_id)
        typed = self.read(MeIn, partial=True)
        return self.one(actions.change_profile(self.actor, seen=self.seen(me), **typed))


# --- workspaces and members -----------------------------------------------------------------------------------------


class WorkspaceIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    language = serializers.CharField(max_length=10)
    time_zone = serializers.CharField(max_length=50)
    currency = serializers.CharField(max_length=3)
    requires_mfa = serializers.BooleanField(help_text="Members need a second step: 403 `second_step_required` without.")


class WorkspaceViewSet(ResourceViewSet):
    model, out = Workspace, WorkspaceOut

    @extend_schema(request=WorkspaceIn(partial=True), responses=WorkspaceOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(WorkspaceIn, partial=True)
        return self.one(actions.change_workspace(self.actor, workspace=row, seen=self.seen(row), **typed))


class MemberOut(Out):
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    is_active = serializers.BooleanField(source="user.is_active", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "name", "email", "is_active", "role", "organization", "title", "is_limited", *STAMPS]


class MemberChangeIn(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices)
    organization = VisibleField(Organization, allow_null=True, required=False)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    is_limited = serializers.BooleanField(required=False, help_text="Sees only the campaigns granted (`grants`).")


class MemberIn(MemberChangeIn):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="Needed for a person who has no account yet."
    )


class MemberFilter(filters.FilterSet):
    role = filters.ChoiceFilter(choices=Role.choices)
    organization = filters.UUIDFilter(field_name="organization_id")


class MemberViewSet(ResourceViewSet):
    model, out, filterset_class = Membership, MemberOut, MemberFilter

    def rows(self):
        return super().rows().of_people().select_related("user")

    @extend_schema(request=MemberIn, responses={201: MemberOut})
    def create(self, request):
        return self.one(actions.add_member(self.actor, **self.read(MemberIn)), 201)

    @extend_schema(request=MemberChangeIn(partial=True), responses=MemberOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(MemberChangeIn, partial=True)
        return self.one(actions.change_member(self.actor, membership=row, seen=self.seen(row), **typed))

    def destroy(self, request, pk):
        row = self.find()
        actions.remove_member(self.actor, membership=row, seen=self.seen(row))
        return Response(status=204)


# --- organisations --------------------------------------------------------------------------------------------------


class OrganizationOut(Out):
    class Meta:
        model = Organization
        fields = ["id", "kind", "name", "contact", "note", "archived_at", *STAMPS]


class OrganizationIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=OrganizationKind.choices, required=False)
    contact = serializers.CharField(max_length=200, allow_blank=True, required=False)
    note = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class OrganizationFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=OrganizationKind.choices)
    archived_at__isnull = filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull")


class OrganizationViewSet(ResourceViewSet):
    """Archived ones are listed too, with `archived_at`; DELETE archives."""

    model, out, filterset_class = Organization, OrganizationOut, OrganizationFilter

    @extend_schema(request=OrganizationIn, responses={201: OrganizationOut})
    def create(self, request):
        return self.one(actions.create_organization(self.actor, **self.read(OrganizationIn)), 201)

    @extend_schema(request=OrganizationIn(partial=True), responses=OrganizationOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(OrganizationIn, partial=True)
        return self.one(actions.change_organization(self.actor, organization=row, seen=self.seen(row), **typed))

    def destroy(self, request, pk):
        row = self.find()
        actions.archive_organization(self.actor, organization=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=OrganizationOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.one(actions.archive_organization(self.actor, organization=self.find()))

    @extend_schema(request=None, responses=OrganizationOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_organization(self.actor, organization=self.find()))


# --- API keys -------------------------------------------------------------------------------------------------------


class ApiKeyOut(Out):
    class Meta:
        model = ApiKey
        fields = ["id", "name", "last_four", "scopes", "campaign_ids", "made_by"]
        fields += ["expires_at", "revoked_at", "last_used_at", *STAMPS]


class ApiKeyMadeOut(ApiKeyOut):
    """The answer to making a key: the only one that ever holds the secret."""

    secret = serializers.CharField(read_only=True)

    class Meta(ApiKeyOut.Meta):
        fields = [*ApiKeyOut.Meta.fields, "secret"]


class ApiKeyIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=known_scopes()), allow_empty=False, max_length=20
    )
    campaign_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=500)
    expires_at = serializers.DateTimeField()


class ApiKeyViewSet(ResourceViewSet):
    model, out = ApiKey, ApiKeyOut

    def rows(self):
        return super().rows().select_related("user")

    @extend_schema(request=ApiKeyIn, responses={201: ApiKeyMadeOut})
    def create(self, request):
        key, secret = actions.create_api_key(self.actor, **self.read(ApiKeyIn))
        answer = self.one(key, 201)
        answer.data["secret"] = secret
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(request=None, responses=ApiKeyOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk):
        return self.one(actions.revoke_api_key(self.actor, key=self.find()))


# --- saved views ----------------------------------------------------------------------------------------------------


class SavedViewOut(Out):
    class Meta:
        model = SavedView
        fields = ["id", "page", "name", "query", *STAMPS]


class SavedViewIn(serializers.Serializer):
    page = serializers.CharField(max_length=80)
    name = serializers.CharField(max_length=80)
    query = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class SavedViewFilter(filters.FilterSet):
    page = filters.CharFilter()


class SavedViewViewSet(ResourceViewSet):
    """One's own views of tables; saving a name again replaces its filters."""

    model, out, filterset_class = SavedView, SavedViewOut, SavedViewFilter

    @extend_schema(request=SavedViewIn, responses={201: SavedViewOut})
    def create(self, request):
        return self.one(actions.save_view(self.actor, **self.read(SavedViewIn)), 201)

    def destroy(self, request, pk):
        row = self.find()
        actions.delete_view(self.actor, view=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [
    ("workspaces", WorkspaceViewSet),
    ("members", MemberViewSet),
    ("organizations", OrganizationViewSet),
    ("api-keys", ApiKeyViewSet),
    ("saved-views", SavedViewViewSet),
]
PATHS = [path("me/", MeView.as_view(), name="me")]
