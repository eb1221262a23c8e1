"""Numbers and money as people read them: in the rules' own words, on pages and in sentences."""

from decimal import Decimal as D

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core import text
from core.money import Money
from core.templatetags.pharos import markdown, web


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        ("12.34", "12.3", "12.3"),
        (999, "999", "999"),
        ("999.96", "1K", "1,000"),
        (1250, "1.3K", "1,250"),
        (9999, "10K", "9,999"),
        ("9999.96", "10K", "1万"),
        (12345, "12.3K", "1.2万"),
        (949999, "950K", "95万"),
        (999949, "999.9K", "100万"),
        (999950, "1M", "100万"),
        (3400000, "3.4M", "340万"),
        (99999999, "100M", "1亿"),
        (123456789, "123.5M", "1.2亿"),
        (10**12, "1T", "1万亿"),
        (-1234567, "-1.2M", "-123.5万"),
        ("-0.01", "0", "0"),
        (None, "–", "–"),
    ],
)
def test_compact(value, english, chinese):
    value = None if value is None else D(value)
    assert text.compact(value) == english
    assert text.compact(value, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("amount", "currency", "full", "short"),
    [
        ("1234.5", "CNY", "¥1,234.50", "¥1.2K"),
        ("-5", "USD", "-$5.00", "-$5"),
        ("0.834", "EUR", "€0.83", "€0.83"),
        ("1234.5", "JPY", "JP¥1,235", "JP¥1.2K"),
        ("1.2345", "TND", "TND 1.235", "TND 1.235"),
        ("12", "AED", "AED 12.00", "AED 12"),
        ("12", "XYZ", "XYZ 12.00", "XYZ 12"),
        ("12", None, "12.00", "12"),
        ("-0.001", "CNY", "¥0.00", "¥0.00"),
        (None, "CNY", "–", "–"),
    ],
)
def test_money(amount, currency, full, short):
    amount = None if amount is None else D(amount)
    assert text.money(amount, currency) == full
    assert text.money(amount, currency, short=True) == short


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "one, 2 &lt;b&gt;|one, 2 &lt;b&gt;|"), ("zh-hans", "one、2 &lt;b&gt;|one、2 &lt;b&gt;|")],
)
def test_things_of_a_list_stand_apart_as_the_language_has_it(language, said):
    by_hand = "{% for one in two %}{{ one }}{% if not forloop.last %}{% comma %}{% endif %}{% endfor %}"
    with override(language):
        context = Context({"two": ["one", "2 <b>"], "none": None})
        assert Template("{{ two|listed }}|" + by_hand + "|{{ none|listed }}").render(context) == said
        assert text.labelled("Price", 5, language) == ("Price: 5" if language == "en" else "Price：5")


def test_money_in_chinese():
    assert text.money(D("382000"), "CNY", "zh-hans", short=True) == "¥38.2万"
    assert text.money(D("-1200000000"), "CNY", "zh-hans", short=True) == "-¥12亿"
    assert text.money(D("7"), "USD", "zh-hans") == "US$7.00"


@given(st.decimals(-(10**15), 10**15, allow_nan=False), st.sampled_from(["en", "zh-hans"]))
def test_compact_stays_short_and_near(value, language):
    written = text.compact(value, language)
    assert len(written) <= 10
    sizes = {
        "万亿": D(10) ** 12,
        "亿": D(10) ** 8,
        "万": D(10) ** 4,
        "T": D(10) ** 12,
        "B": D(10) ** 9,
        "M": D(10) ** 6,
        "K": D(1000),
    }
    sign = next((sign for sign in sizes if written.endswith(sign)), "")
    shown = D(written.removesuffix(sign).replace(",", "")) * sizes.get(sign, D(1))
    assert abs(shown - value) <= sizes.get(sign, D(1)) * D("0.05")


@given(st.decimals(-(10**15), 10**15, allow_nan=False, places=4))
def test_plain_can_be_read_back(value):
    assert D(text.plain(value, 4).replace(",", "")) == value


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        ("0.0412", "ratio", 4, "4.12%"),
        ("3.254", "ratio", 2, "3.25"),
        ("0.5", "ratio", None, "50.00%"),
        ("83.4", "seconds", 1, "1:23"),
        ("3700", "seconds", 1, "1:01:40"),
        ("-83", "seconds", 1, "-1:23"),
        ("12345", "count", 0, "12.3K"),
        ("12345", "money", 2, "¥12.3K"),
        (None, "ratio", 4, "–"),
        (None, "seconds", 1, "–"),
    ],
)
def test_a_figure_is_written_by_its_unit(value, unit, decimals, expected):
    value = None if value is None else D(value)
    assert text.figure(value, unit, currency="CNY", decimals=decimals) == expected


def test_a_figure_in_full():
    assert text.figure(D("12345.50"), "money", currency="CNY", short=False, decimals=2) == "¥12,345.50"
    assert text.figure(D("12345.50"), "count", short=False, decimals=2) == "12,345.5"
    assert text.figure(D("12345"), "count", "zh-hans", short=False) == "12,345"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "exact", "short"),
    [
        (
            "en",
            D("1200000"),
            "CNY",
            '<span class="num" title="CNY">¥1,200,000.00</span>',
            '<span class="num" title="¥1,200,000.00 CNY">¥1.2M</span>',
        ),
        (
            "zh-hans",
            D("1200000"),
            "USD",
            '<span class="num" title="USD">US$1,200,000.00</span>',
            '<span class="num" title="US$1,200,000.00 USD">US$120万</span>',
        ),
        ("en", None, "CNY", "–", "–"),
        ("en", D(5), "<b>", '<span class="num" title="&lt;b&gt;">&lt;b&gt; 5.00</span>', None),
    ],
)
def test_money_on_pages(language, amount, currency, exact, short):
    told = Context({"amount": amount, "currency": currency})
    with override(language):
        assert Template("{% money amount currency %}").render(told) == exact
        assert short is None or Template("{% money amount currency short=True %}").render(told) == short


def test_money_in_sentences():
    with override("zh-hans"):
        assert str(Money(D("1234.5"), "USD")) == "US$1,234.50"
    with override("en"):
        assert str(Money(D("1234.5"), "USD")) == "$1,234.50"
        assert str(Money(D("1234.5"), "CHF")) == "CHF 1,234.50"


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://a.example/?b=1", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_only_an_address_of_the_web_is_a_link(address, followed):
    assert web(address) == (address if followed else "")


def test_a_line_someone_ended_stays_ended():
    """Typed lines keep their ends: two lines are no sentence, and Chinese gets no blank between them."""
    assert markdown("一行\n二行").strip() == "<p>一行<br>\n二行</p>"
