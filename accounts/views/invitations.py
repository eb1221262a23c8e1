"""Accepting an invitation: one page below a secret address, nothing to read first. This one is a seat's."""

from django.http import Http404
from django.shortcuts import redirect
from django_scopes import scope

from accounts import actions
from accounts.forms.doors import AcceptForm
from accounts.rules import doors as rules
from accounts.views import form_page, joining, keyboard
from core.errors import RuleBroken
from core.secret_links import secret_page


@secret_page
def invitation(request, token):
    """X invites you to work for Y: a name, a PIN, and the person is at work."""
    row = actions.invitation_of(token)
    if row is None:
        raise Http404
    if not row.is_seat:
        return joining.answer(request, row)
    try:
        actions.check_open(row)
    except RuleBroken as error:
        return joining.shut(request, row, error)
    door = row.organization.door
    asks_password = actions.door_wants_password(row, door)
    first = {"name": row.name, "password": rules.new_door_password()}
    form = AcceptForm(request.POST or None, initial=first, asks_password=asks_password)
    with scope(workspace=row.workspace_id):
        if form.carries_out(lambda **typed: actions.accept_seat(row, **typed)):
            return _at_work(request, form.result, door)
    return form_page(request, "accounts/invitation.html", form, invitation=row, door=door)


def _at_work(request, seat, door):
    """The door is open, the device known, the seat taken."""
    keyboard.remember_door(request, door)
    key = keyboard.sit(request, seat)
    response = redirect(keyboard.home_of(seat.workspace))
    keyboard.give_device(response, key)
    return response
