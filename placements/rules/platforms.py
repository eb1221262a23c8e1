"""Platforms as people call them. The list is open: an unknown code is shown as it is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES = {
    "google_ads": _("Google Ads"),
    "ga4": _("Google Analytics 4"),
    "search_console": _("Google Search Console"),
    "meta": _("Meta Ads"),
    "x": _("X Ads"),
    "linkedin": _("LinkedIn Ads"),
    "matomo": _("Matomo"),
    "baidu_search": _("Baidu search ads"),
    "baidu_tongji": _("Baidu Tongji"),
    "sogou": _("Sogou"),
    "qihoo360": _("360 search"),
    "ocean_engine": _("Ocean Engine"),
    "tencent_ads": _("Tencent Ads"),
    "uc": _("UC feed"),
    "edm": _("E-mail (EDM)"),
    "files": _("Files"),
    "manual": pgettext_lazy("platform", "Manual"),
}


def platform_name(code):
    """The platform's name in the language at hand."""
    return str(NAMES.get(code) or code.replace("_", " ").strip().title())
