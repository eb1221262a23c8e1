"""Words of the templates: Markdown, money, and addresses that keep the rest of the query."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from nh3 import clean

from core import text

register = template.Library()
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "a"),
}


@register.filter
def markdown(source):
    """Markdown as clean HTML: the only way markup reaches a page."""
    html = MARKDOWN.render(source or "")
    return mark_safe(clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))


@register.simple_tag
def money(amount, currency, *, short=False):
    """An amount the one way pages write it: exact in tables, in few characters (exact on hover) in tiles."""
    if amount in (None, ""):
        return text.MISSING
    language = get_language()
    exact, shown = text.money(amount, currency, language), text.money(amount, currency, language, short=short)
    title = currency if exact == shown else f"{exact} {currency}"
    return format_html('<span class="num" title="{}">{}</span>', title, shown)


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """This page's query string with some values changed; None or "" removes one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def get(mapping, key):
    """mapping[key], or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None
