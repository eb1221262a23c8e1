"""The pages of accounts."""

from django.shortcuts import render


def form_page(request, template, form, **context):
    """A page with a form; 422 when what was typed needs attention."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
