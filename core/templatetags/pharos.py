"""Words of the templates: Markdown, money, and addresses that keep the rest of the query."""

from functools import lru_cache
from html import escape

from django import template
from django.forms.utils import flatatt
from django.template.base import render_value_in_context
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from nh3 import clean

from core import text

register = template.Library()
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_BETWEEN = "\x1f"  # the separator of units, which no text has
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
def icon(name):
    """A picture of the sprite; pages show some dozens, so that it is no template of its own."""
    return mark_safe(
        f'<svg class="ic" aria-hidden="true"><use href="{_sprite()}#i-{_text(name or "circle-dashed")}"></use></svg>'
    )


@lru_cache(maxsize=1)
def _sprite():
    return _text(static("img/icons.svg"))


@register.simple_tag
def strings():
    """What the scripts of every page say, in its language."""
    return _strings(get_language())


@lru_cache(maxsize=8)
def _strings(language):
    return render_to_string("components/strings.html")


@register.simple_tag
def badge(tone, label):
    """A state in words with its tone, for rows of tables (elsewhere: components/badge.html)."""
    return mark_safe(f'<span class="st {_text(tone)}"><i></i>{_text(capfirst(str(label)))}</span>')


@register.simple_tag(takes_context=True)
def twin_rows(context, rows):
    """The rows of a chart's table twin: many cells, written as `{{ cell }}` does it."""
    return mark_safe("".join([f"<tr>{_twin_row(row, context)}</tr>" for row in rows]))


def _twin_row(row, context):
    first, *cells = [_twin_cell(cell, context) for cell in row]
    return f'<th scope="row">{first}</th>' + "".join([f'<td class="num">{cell}</td>' for cell in cells])


def _twin_cell(cell, context):
    if cell is None:
        return text.MISSING
    return _text(cell) if isinstance(cell, str) else render_value_in_context(cell, context)


@register.simple_tag
def cells(texts, kind=""):
    """The cells of a row, of a class where there is one, escaped at once: a big sheet has thousands."""
    opened = format_html('<td class="{}">', kind) if kind else "<td>"
    inner = _text(_BETWEEN.join(texts)).replace(_BETWEEN, f"</td>{opened}")
    return mark_safe(f"{opened}{inner}</td>")


@register.simple_tag
def day_cells(cells, places, state=""):
    """The days of a row of a sheet (`key`, `look`, `value` each), most of them empty: a big sheet has thousands.

    `places` are those of `floatformat`; `state` is an attribute of all cells.
    """
    attribute = f" {_text(state)}" if state else ""
    return mark_safe("".join([_day_cell(each, places, attribute) for each in cells]))


def _day_cell(cell, places, attribute):
    look = f' class="{_text(cell.look)}"' if cell.look else ""
    opened = f'<td data-col="{_text(cell.key)}"{attribute}{look}'
    if cell.value is None:
        return f"{opened}></td>"
    return f'{opened} data-v="{_text(cell.value)}">{_text(floatformat(cell.value, places))}</td>'


@register.simple_tag
def edit_cells(cells):
    """Cells of a table that is edited in place: (look, column, field or nothing, value, label, what is shown) each."""
    return mark_safe("".join([_edit_cell(*each) for each in cells]))


def _edit_cell(look, column, field, value, label, shown):
    classes, edits = f' class="{look}"' if look else "", f' data-f="{field}"' if field else ""
    return (
        f'<td{classes} data-c="{column}"{edits} data-v="{_text(value)}" data-label="{_text(label)}">{_text(shown)}</td>'
    )


@register.simple_tag
def options(groups):
    """The options of a select: a list of zones, tasks or KPIs has hundreds, and a template's turn each is the cost."""
    chosen = [option for _name, some, _n in groups for option in some]
    texts = _texts([text for option in chosen for text in (option["value"], option["label"])])
    return mark_safe("".join([_options(name, [_option(each, texts) for each in some]) for name, some, _n in groups]))


def _options(name, lines):
    lines = "".join(lines)
    return f'<optgroup label="{_text(name)}">{lines}</optgroup>' if name else lines


def _option(option, texts):
    attributes = flatatt(option["attrs"]) if option["attrs"] else ""
    return f'<option value="{next(texts)}"{attributes}>{next(texts)}</option>\n'


@register.simple_tag
def choices(pairs):
    """The options of a select that is no field of a form, of (value, label) pairs."""
    return format_html_join("", '<option value="{}">{}</option>', pairs)


@register.simple_tag
def boxes(groups):
    """The choices of a list of boxes, each within its label, so that it needs no id of its own."""
    return mark_safe("".join([_boxes(name, map(_box, some)) for name, some, _n in groups]))


def _boxes(name, lines):
    lines = "".join(lines)
    return f"<div><label>{_text(name)}</label>{lines}</div>" if name else lines


def _box(option):
    states = {"checked": option["selected"], **option["attrs"]}
    said = "".join([f" {name}" for name in ("checked", "disabled", "required") if states.get(name)])
    box = f'<input type="{option["type"]}" name="{_text(option["name"])}" value="{_text(option["value"])}"{said}>'
    return f"<div><label>{box} {_text(option['label'])}</label></div>\n"


@register.simple_tag
def menu_links(items):
    """The links of a menu (`url`, `label`, `active` each): a page has some dozens."""
    return mark_safe("".join([_menu_link(each) for each in items]))


def _menu_link(item):
    current = ' aria-current="true"' if item["active"] else ""
    return f'<a href="{_text(item["url"])}"{current}>{_text(item["label"])}</a>'


@register.simple_tag
def checks(name, items):
    """Boxes to tick (`code`, `label`, `on` each), of a list that may be long."""
    return mark_safe("".join([_check(_text(name), each) for each in items]))


def _check(name, item):
    state = " checked" if item["on"] else ""
    box = f'<input type="checkbox" name="{name}" value="{_text(item["code"])}"{state}>'
    return f'<label class="check">{box} {_text(item["label"])}</label>'


@register.simple_tag
def nav_items(items):
    """The lines of the side bar, which every page has."""
    return mark_safe("\n    ".join([_nav_item(each) for each in items]))


def _nav_item(item):
    current = ' aria-current="page"' if item.get("active") else ""
    key = f' data-go="{_text(item["key"])}"' if item.get("key") else ""
    count = f'<b class="count">{_text(item["count"])}</b>' if item.get("count") else ""
    words = f"{icon(item['icon'])}<span>{_text(item['label'])}</span>{count}"
    return f'<a class="nav-i" href="{_text(item["url"])}"{current}{key}>{words}</a>'


@register.simple_tag
def offers(name, labels):
    """A list of texts that fields offer, however long."""
    lines = "".join([f'<option value="{_text(label)}"></option>' for label in labels])
    return format_html('<datalist id="{}">{}</datalist>', name, mark_safe(lines))


def _text(value):
    """A value as `{{ value }}` writes it, at a fraction of the cost."""
    words = str(value)
    return words if hasattr(words, "__html__") else escape(words)


def _texts(values):
    """As `_text` for each of many: plain ones are escaped at once."""
    words = list(map(str, values))
    found = escape(_BETWEEN.join(words)).split(_BETWEEN)
    is_plain = len(found) == len(words) and all(type(each) is str for each in words)
    return iter(found) if is_plain else map(_text, values)


@register.simple_tag
def spans(pairs):
    """Words side by side, each behind its mark: a page has a thousand."""
    return mark_safe("".join([f"<span>{_text(mark)}{_text(word)}</span>" for mark, word in pairs]))


@register.filter
def listed(things):
    """Things of a list as the reader's language puts them together."""
    return text.listed(things or (), get_language())


@register.simple_tag
def comma():
    """What stands between two things of a list that a template writes one by one."""
    return text.comma(get_language())


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


@register.filter
def web(address):
    """The address if a browser may follow it; nothing of what would run instead."""
    return address if str(address).startswith(("https://", "http://")) else ""
