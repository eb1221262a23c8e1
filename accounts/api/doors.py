"""REST: doors, seats, invitations and sessions, for the client's managers and, below `partner/`, for a lead; a seat's
own PIN, devices, proof and drafts."""

from django.conf import settings
from django.urls import path
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.api.passkeys import PasskeyLookOut, answered
from accounts.api.workspaces import STAMPS, VisibleField
from accounts.choices import SeatRole
from accounts.models import Door, Draft, Invitation, Organization, Seat, SeatDevice, SeatSession
from accounts.rules import doors as rules
from accounts.rules import passkeys
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet
from core.middleware import address_of

NO_STORE = "no-store"


def session_id(request):
    """The seat's session at this keyboard."""
    return request.session.get(rules.SEAT_SESSION)


# --- doors ----------------------------------------------------------------------------------------------------------


class DoorOut(Out):
    has_password = serializers.SerializerMethodField()

    class Meta:
        model = Door
        fields = ["id", "organization", "name", "has_password", "seat_cap", "idle_minutes", "may_decide", "frozen_at"]
        fields += STAMPS

    def get_has_password(self, door) -> bool:
        return bool(door.password)


class DoorChangeIn(serializers.Serializer):
    seat_cap = serializers.IntegerField(min_value=1, max_value=200)
    idle_minutes = serializers.IntegerField(min_value=5, max_value=480)
    may_decide = serializers.BooleanField()


class DoorIn(serializers.Serializer):
    organization = VisibleField(Organization)
    name = serializers.CharField(max_length=40)
    password = serializers.CharField(max_length=rules.LONGEST_PASSWORD, required=False, trim_whitespace=False)
    seat_cap = serializers.IntegerField(min_value=1, max_value=200, required=False)
    idle_minutes = serializers.IntegerField(min_value=5, max_value=480, required=False)
    may_decide = serializers.BooleanField(required=False)


class PasswordIn(serializers.Serializer):
    password = serializers.CharField(max_length=rules.LONGEST_PASSWORD, trim_whitespace=False)


class PartnerDoorViewSet(ResourceViewSet):
    """The lead's own door: look at it, give it a new password."""

    model, out = Door, DoorOut

    def rows(self):
        return super().rows().select_related("organization")

    @extend_schema(request=PasswordIn, responses=DoorOut)
    @action(detail=True, methods=["post"])
    def password(self, request, pk):
        typed = self.read(PasswordIn)
        keeps = session_id(request) if self.actor.seat is not None else None
        return self.one(actions.set_door_password(self.actor, door=self.find(), keeps=keeps, **typed))


class DoorViewSet(PartnerDoorViewSet):
    """The shared sign-ins of partners."""

    @extend_schema(request=DoorIn, responses={201: DoorOut})
    def create(self, request):
        return self.one(actions.make_door(self.actor, **self.read(DoorIn)), 201)

    @extend_schema(request=DoorChangeIn(partial=True), responses=DoorOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(DoorChangeIn, partial=True)
        return self.one(actions.change_door(self.actor, door=row, seen=self.seen(row), **typed))

    @extend_schema(request=None, responses=DoorOut)
    @action(detail=True, methods=["post"])
    def freeze(self, request, pk):
        return self.one(actions.freeze_door(self.actor, door=self.find()))

    @extend_schema(request=None, responses=DoorOut)
    @action(detail=True, methods=["post"])
    def unfreeze(self, request, pk):
        return self.one(actions.unfreeze_door(self.actor, door=self.find()))


# --- seats ----------------------------------------------------------------------------------------------------------


class SeatOut(Out):
    """A partner's person. They prove themselves by PIN, or by one of the `passkeys`."""

    name = serializers.CharField(source="user.name", read_only=True)
    passkeys = PasskeyLookOut(many=True, read_only=True)

    class Meta:
        model = Seat
        fields = ["id", "user", "organization", "name", "role", "email", "phone", "expires_at", "frozen_at"]
        fields += ["removed_at", "passkeys", *STAMPS]


class SeatIn(serializers.Serializer):
    role = serializers.ChoiceField(choices=SeatRole.choices)
    expires_at = serializers.DateTimeField(allow_null=True)


class SeatFilter(filters.FilterSet):
    organization = filters.UUIDFilter(field_name="organization_id")
    role = filters.ChoiceFilter(choices=SeatRole.choices)


class SeatViewSet(ResourceViewSet):
    """People of partners; whoever was removed is not listed. DELETE removes for good."""

    model, out, filterset_class = Seat, SeatOut, SeatFilter

    def rows(self):
        return super().rows().there().listed().with_ways()

    @extend_schema(request=SeatIn(partial=True), responses=SeatOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(SeatIn, partial=True)
        return self.one(actions.change_seat(self.actor, seat=row, seen=self.seen(row), **typed))

    def destroy(self, request, pk):
        row = self.find()
        actions.remove_seat(self.actor, seat=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=SeatOut)
    @action(detail=True, methods=["post"])
    def freeze(self, request, pk):
        return self.one(actions.freeze_seat(self.actor, seat=self.find()))

    @extend_schema(request=None, responses=SeatOut)
    @action(detail=True, methods=["post"])
    def unfreeze(self, request, pk):
        return self.one(actions.unfreeze_seat(self.actor, seat=self.find()))


class PartnerSeatViewSet(SeatViewSet):
    """People of the lead's own organisation."""


# --- invitations ----------------------------------------------------------------------------------------------------


class InvitationOut(Out):
    """What became of its mail: `mail_state` in a word, `mail_detail` in a sentence; both empty where there is none."""

    mail_detail = serializers.CharField(read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "organization", "role", "name", "email", "phone", "made_by", "expires_at", "used_at"]
        fields += ["revoked_at", "mail_state", "mail_detail", *STAMPS]


class InvitationMadeOut(InvitationOut):
    """The answer to inviting: the only one that ever holds the link."""

    url = serializers.CharField(read_only=True)

    class Meta(InvitationOut.Meta):
        fields = [*InvitationOut.Meta.fields, "url"]


class PartnerInvitationIn(serializers.Serializer):
    role = serializers.ChoiceField(choices=SeatRole.choices, required=False)
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254, required=False)
    phone = serializers.CharField(max_length=20, required=False)


class InvitationIn(PartnerInvitationIn):
    organization = VisibleField(Organization)


class InvitationViewSet(ResourceViewSet):
    """Invitations to seats. The link is told once, when it is made."""

    model, out, body = Invitation, InvitationOut, InvitationIn

    def rows(self):
        return super().rows().filter(is_seat=True).select_related("organization")

    @extend_schema(request=InvitationIn, responses={201: InvitationMadeOut})
    def create(self, request):
        return self.invited(*actions.invite_seat(self.actor, **self.read(InvitationIn)))

    def invited(self, row, token):
        answer = self.one(row, 201)
        answer.data["url"] = actions.address_of_invitation(token)
        answer["Cache-Control"] = NO_STORE
        return answer

    @extend_schema(request=None, responses={201: InvitationMadeOut})
    @action(detail=True, methods=["post"])
    def again(self, request, pk):
        """A new link, mailed anew where there is an address; the old one is dead at once."""
        return self.invited(*actions.invite_seat_again(self.actor, invitation=self.find()))

    @extend_schema(request=None, responses=InvitationOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk):
        return self.one(actions.revoke_invitation(self.actor, invitation=self.find()))


class PartnerInvitationViewSet(InvitationViewSet):
    """The lead's invitations to seats of their own organisation."""

    @extend_schema(request=PartnerInvitationIn, responses={201: InvitationMadeOut})
    def create(self, request):
        to = {"organization": self.actor.seat.organization, **self.read(PartnerInvitationIn)}
        return self.invited(*actions.invite_seat(self.actor, **to))


# --- sessions and devices -------------------------------------------------------------------------------------------


class SeatSessionOut(Out):
    name = serializers.CharField(source="seat.user.name", read_only=True)

    class Meta:
        model = SeatSession
        fields = ["id", "seat", "name", "label", "ip", "method", "created_at", "seen_at", "proved_at", "ended_at"]


class SeatSessionViewSet(ResourceViewSet):
    """Seats at keyboards. A lead sees those of the organisation, everybody else their own; DELETE ends one."""

    model, out = SeatSession, SeatSessionOut

    def rows(self):
        return super().rows().select_related("seat__user", "seat__organization")

    def destroy(self, request, pk):
        actions.end_seat_session(self.actor, session=self.find())
        return Response(status=204)


class PartnerSessionViewSet(SeatSessionViewSet):
    """The same for partners: a lead's organisation, or one's own."""


class SeatDeviceOut(Out):
    class Meta:
        model = SeatDevice
        fields = ["id", "label", "seen_at", "created_at"]


class SeatDeviceViewSet(ResourceViewSet):
    """The browsers in which one's own seat is known; DELETE forgets one."""

    model, out = SeatDevice, SeatDeviceOut

    def rows(self):
        return super().rows().select_related("seat__user", "seat__organization")

    def destroy(self, request, pk):
        actions.forget_device(self.actor, device=self.find())
        return Response(status=204)


# --- one's own seat -------------------------------------------------------------------------------------------------


class SeatPinIn(serializers.Serializer):
    pin = serializers.CharField(max_length=12)


class SeatProofIn(serializers.Serializer):
    """The seat's `pin`; or the `credential` that a browser gave for `partner/passkeys/challenge/`, as JSON."""

    pin = serializers.CharField(max_length=12, required=False)
    credential = serializers.DictField(required=False)

    def validate(self, typed):
        if len(typed) != 1:
            raise serializers.ValidationError(_("Send a PIN or a credential."))
        return typed


class NewPinIn(SeatPinIn):
    again = serializers.CharField(max_length=12)


class OwnSeatView(ActorMixin, APIView):
    """What a seat does for itself: no rows to list, hence plain views."""

    def get_serializer_context(self):
        return {"request": self.request, "view": self}


class ProofView(OwnSeatView):
    @extend_schema(request=SeatProofIn, responses={204: None})
    def post(self, request):
        """Show again who you are; acts that ask for it go on for five minutes."""
        place = rules.place_of(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), address_of(request))
        typed = self.read(SeatProofIn)
        if "credential" in typed:
            typed["answer"] = answered(request, passkeys.PROVE, typed.pop("credential"))
        actions.prove_seat(self.actor, session_id=session_id(request), place=place, **typed)
        return Response(status=204)


class PinView(OwnSeatView):
    @extend_schema(request=NewPinIn, responses={204: None})
    def post(self, request):
        """Choose a new PIN; other sessions of the seat end."""
        actions.change_pin(self.actor, keeps=session_id(request), **self.read(NewPinIn))
        return Response(status=204)


class DraftOut(Out):
    typed = serializers.DictField(source="fields", child=serializers.CharField(), read_only=True)

    class Meta:
        model = Draft
        fields = ["id", "page", "typed", "updated_at"]


class DraftIn(serializers.Serializer):
    page = serializers.CharField(max_length=500)
    typed = serializers.DictField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))


class DraftsView(OwnSeatView):
    @extend_schema(responses=DraftOut(many=True))
    def get(self, request):
        """What one has typed and not sent, by page."""
        rows = Draft.objects.visible_to(self.actor).order_by("-updated_at")
        return Response(DraftOut(rows, many=True).data)

    @extend_schema(request=DraftIn, responses={204: None})
    def post(self, request):
        """Keep what is typed on a page; no fields let it go."""
        asked = self.read(DraftIn)
        actions.keep_draft(self.actor, page=asked["page"], fields=asked["typed"])
        return Response(status=204)

    @extend_schema(parameters=[OpenApiParameter("page", str, required=True)], responses={204: None})
    def delete(self, request):
        """Let go what was typed on a page."""
        actions.drop_draft(self.actor, page=request.query_params.get("page", ""))
        return Response(status=204)


ROUTES = [
    ("doors", DoorViewSet),
    ("seats", SeatViewSet),
    ("seat-invitations", InvitationViewSet),
    ("seat-sessions", SeatSessionViewSet),
    ("partner/doors", PartnerDoorViewSet),
    ("partner/seats", PartnerSeatViewSet),
    ("partner/seat-invitations", PartnerInvitationViewSet),
    ("partner/sessions", PartnerSessionViewSet),
    ("partner/devices", SeatDeviceViewSet),
]
PATHS = [
    path("partner/proof/", ProofView.as_view(), name="partner-proof"),
    path("partner/pin/", PinView.as_view(), name="partner-pin"),
    path("partner/drafts/", DraftsView.as_view(), name="partner-drafts"),
]
