"""Words of the templates: Markdown, and addresses that keep the rest of the query."""

from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from nh3 import clean

register = template.Library()
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "a"),
}


@register.filter
def markdown(text):
    """Markdown as clean HTML: the only way markup reaches a page."""
    html = MARKDOWN.render(text or "")
    return mark_safe(clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))


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
