"""REST: the passkeys by which a seat proves itself. They are made and answer in a browser, which sends what it gets."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import actions
from accounts.models import SeatPasskey
from accounts.rules import passkeys as rules
from core.api.out import Out
from core.api.views import ResourceViewSet


def answered(request, purpose, credential):
    """What the browser answered to the question of `partner/passkeys/challenge/`."""
    return actions.take_answer(request.session, purpose, credential, request.get_host())


class PasskeyLookOut(Out):
    """A passkey as those see it who look after seats: what it is called and when it was used."""

    class Meta:
        model = SeatPasskey
        fields = ["name", "created_at", "used_at"]


class SeatPasskeyOut(Out):
    class Meta:
        model = SeatPasskey
        fields = ["id", "name", "created_at", "used_at", "lock_version"]


class SeatPasskeyChange(serializers.Serializer):
    name = serializers.CharField(max_length=rules.LONGEST_NAME)


class SeatPasskeyIn(serializers.Serializer):
    """`credential` is what `navigator.credentials.create()` gave, as JSON."""

    name = serializers.CharField(max_length=rules.LONGEST_NAME, required=False, allow_blank=True)
    credential = serializers.DictField()


class SeatPasskeyViewSet(ResourceViewSet):
    """One's own passkeys. Others see in `seats` that there are some; nobody but the seat uses or removes them."""

    model, out = SeatPasskey, SeatPasskeyOut

    def rows(self):
        return super().rows().select_related("seat__user")

    @extend_schema(request=SeatPasskeyIn, responses={201: SeatPasskeyOut})
    def create(self, request):
        """Add the passkey that the browser made of the options asked for before."""
        typed = self.read(SeatPasskeyIn)
        answer = answered(request, rules.ADD, typed.pop("credential"))
        return self.one(actions.add_passkey(self.actor, answer=answer, **typed), 201)

    @extend_schema(request=SeatPasskeyChange, responses=SeatPasskeyOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(SeatPasskeyChange)
        return self.one(actions.name_passkey(self.actor, passkey=row, seen=self.seen(row), **typed))

    def destroy(self, request, pk):
        actions.remove_passkey(self.actor, passkey=self.find())
        return Response(status=204)

    @extend_schema(
        parameters=[OpenApiParameter("for", str, enum=[rules.ADD, rules.PROVE])], responses=OpenApiTypes.OBJECT
    )
    @action(detail=False, methods=["get"])
    def challenge(self, request):
        """What to ask the browser: a new passkey (`?for=add`), or a proof by one for `partner/proof/`."""
        seat, host = self.actor.seat, rules.host_of(request.get_host())
        if request.query_params.get("for") == rules.ADD:
            found, challenge = actions.ask_new_passkey(seat, host=host)
        else:
            found, challenge = actions.ask_passkey(seat, host=host, purpose=rules.PROVE)
        actions.keep_question(request.session, challenge)
        return Response({"options": found})


ROUTES = [("partner/passkeys", SeatPasskeyViewSet)]
