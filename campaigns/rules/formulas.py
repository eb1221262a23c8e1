"""Formula KPIs: `(leads + orders) / clicks` read into a small tree and reckoned in Decimal; nothing else is run."""

import re
from dataclasses import dataclass
from decimal import Context, DecimalException, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext as _

from core.errors import Invalid

LONGEST = 200
DEEPEST = 20
EXACT = Context(prec=34)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<code>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>[-+*/()]))", re.ASCII
)
_SIGNS = str.maketrans("（）＋－×÷−", "()+-*/-")


@dataclass(frozen=True)
class Token:
    """One number, metric code or sign of a formula and the character (from 1) where it begins."""

    kind: str
    text: str
    at: int


@lru_cache(maxsize=512)
def parse(text):
    """Read a formula into nested tuples: `("number", Decimal)`, `("code", str)`, `("minus", a)` or `(sign, a, b)`.

    Raises Invalid with a sentence that says where reading stopped.
    """
    tokens = tokenise(text)
    reader = _Reader(tokens)
    tree = reader.sum(0)
    if reader.next.kind != "end":
        raise _unexpected(reader.next)
    return tree


def tokenise(text):
    """The tokens of a formula and an `end` token. Raises Invalid on all but codes, numbers and + - * / ( )."""
    text = (text or "").translate(_SIGNS).rstrip()
    if not text.strip():
        raise Invalid(_("The formula is empty."), code="formula_empty")
    if len(text) > LONGEST:
        raise Invalid(
            _("The formula is longer than %(count)d characters.") % {"count": LONGEST}, code="formula_too_long"
        )
    tokens, position = [], 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise _strange(text, position)
        tokens.append(Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup) + 1))
        position = found.end()
    return [*tokens, Token("end", "", len(text) + 1)]


def metrics_of(formula):
    """The metric codes a formula names, each once, in the order of their first mention."""
    return list(_codes(formula))


@lru_cache(maxsize=512)
def _codes(formula):
    return tuple(dict.fromkeys(token.text.lower() for token in tokenise(formula) if token.kind == "code"))


def evaluate(formula, values, absent=None):
    """Reckon a formula (text or tree) over `{code: Decimal}`; None where it is undefined.

    A metric without a figure makes the result undefined, unless `absent` says what it counts as (Decimal(0) where the
    delivery is known to be complete). Division by zero is undefined: ads without clicks have no cost per click.
    """
    tree = parse(formula) if isinstance(formula, str) else formula
    return _reckon(tree, lambda code: values.get(code, absent))


def _reckon(tree, value_of):
    kind, *parts = tree
    if kind == "number":
        return parts[0]
    if kind == "code":
        return value_of(parts[0])
    numbers = [_reckon(part, value_of) for part in parts]
    return None if None in numbers else _apply(kind, *numbers)


def _apply(kind, *numbers):
    if kind == "/" and numbers[1] == 0:
        return None
    try:
        return _ACTS[kind](*numbers)
    except DecimalException:  # beyond any figure that means something (1e6000000)
        return None


_ACTS = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply, "/": EXACT.divide, "minus": EXACT.minus}


class _Reader:
    """Walks the tokens of one formula: sum of products of factors."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.position = 0

    @property
    def next(self):
        return self.tokens[self.position]

    def take(self):
        token = self.next
        self.position += 1
        return token

    def _chain(self, signs, part, depth):
        tree = part(depth)
        while self.next.kind == "sign" and self.next.text in signs:
            tree = (self.take().text, tree, part(depth))
        return tree

    def sum(self, depth):
        return self._chain("+-", self.product, depth)

    def product(self, depth):
        return self._chain("*/", self.factor, depth)

    def factor(self, depth):
        if depth > DEEPEST:
            raise Invalid(_("The formula has too many brackets inside each other."), code="formula_too_deep")
        token = self.take()
        if token.kind == "number":
            return ("number", _number(token))
        if token.kind == "code":
            return ("code", token.text.lower())
        if token.text == "-":
            return ("minus", self.factor(depth + 1))
        if token.text != "(":
            raise _unexpected(token)
        return self._bracket(depth)

    def _bracket(self, depth):
        tree = self.sum(depth + 1)
        if self.take().text != ")":
            raise Invalid(_("A bracket is opened but not closed."), code="formula_bracket")
        return tree


def _number(token):
    try:
        return EXACT.create_decimal(token.text)
    except InvalidOperation as cause:
        raise _unexpected(token) from cause


def _unexpected(token):
    if token.kind == "end":
        return Invalid(
            _("The formula stops too early: a metric or a number is missing at its end."), code="formula_syntax"
        )
    words = {"text": token.text, "place": token.at}
    return Invalid(
        _("“%(text)s” is not expected at character %(place)d of the formula.") % words, code="formula_syntax"
    )


def _strange(text, position):
    rest = text[position:].lstrip()
    words = {"text": rest[0], "place": len(text) - len(rest) + 1}
    message = _("“%(text)s” at character %(place)d is no metric, number or one of + - * / ( ).") % words
    return Invalid(message, code="formula_syntax")
