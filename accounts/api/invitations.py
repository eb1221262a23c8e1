"""REST: invitations of members. Accepting one is a browser's: only there a person shows who they are."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts import actions
from accounts.api.doors import NO_STORE
from accounts.api.workspaces import STAMPS, MemberChangeIn
from accounts.models import Invitation
from core.api.out import Out
from core.api.views import ResourceViewSet


class MemberInvitationOut(Out):
    """What became of its mail: `mail_state` in a word, `mail_detail` in a sentence; both empty where there is none."""

    mail_detail = serializers.CharField(read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "email", "phone", "name", "role", "organization", "title", "is_limited", "made_by"]
        fields += ["expires_at", "used_at", "revoked_at", "mail_state", "mail_detail", *STAMPS]


class MemberInvitationMadeOut(MemberInvitationOut):
    """The answer to inviting: the only one that ever holds the link."""

    url = serializers.CharField(read_only=True)

    class Meta(MemberInvitationOut.Meta):
        fields = [*MemberInvitationOut.Meta.fields, "url"]


class MemberInvitationIn(MemberChangeIn):
    """To an e-mail address or to a phone, which is then proved by a code."""

    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)


class MemberInvitationViewSet(ResourceViewSet):
    """Invitations of members, good once and for seven days. The link is told once, when it is made."""

    model, out = Invitation, MemberInvitationOut

    def rows(self):
        return super().rows().of_members().select_related("organization")

    @extend_schema(request=MemberInvitationIn, responses={201: MemberInvitationMadeOut})
    def create(self, request):
        return self.invited(*actions.invite_member(self.actor, **self.read(MemberInvitationIn)))

    def invited(self, row, token):
        answer = self.one(row, 201)
        answer.data["url"] = actions.address_of_invitation(token)
        answer["Cache-Control"] = NO_STORE
        return answer

    @extend_schema(request=None, responses={201: MemberInvitationMadeOut})
    @action(detail=True, methods=["post"])
    def again(self, request, pk):
        """A new link, mailed anew where there is an address; the old one is dead at once."""
        return self.invited(*actions.invite_again(self.actor, invitation=self.find()))

    @extend_schema(request=None, responses=MemberInvitationOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk):
        return self.one(actions.revoke_invitation(self.actor, invitation=self.find()))


ROUTES = [("invitations", MemberInvitationViewSet)]
