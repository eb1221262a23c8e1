"""The pages of accounts."""

from django.contrib import messages
from django.shortcuts import redirect, render

from core.errors import PharosError


def form_page(request, template, form, **context):
    """A page with a form; 422 when what was typed needs attention."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)


def carried_out(request, act, sentence, back):
    """Carry out the act of one button and go `back`, with what came of it in a sentence."""
    try:
        act()
    except PharosError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect(back)
