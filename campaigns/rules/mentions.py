"""People named in comments: stored as `@[Name](user id)`, typed and read as `@Name`."""

import re
from collections import Counter
from uuid import UUID

KEY = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
REFERENCE = re.compile(rf"@\[([^\[\]\n]{{1,120}})\]\(({KEY})\)")
UNFIT = str.maketrans(dict.fromkeys("[]\n\r", " "))


def reference(name, key):
    """How a person stands in a stored text."""
    return f"@[{name.translate(UNFIT)}]({key})"


def mentioned(text):
    """The ids of everybody whom a stored text names, each once, in order."""
    return list(dict.fromkeys(UUID(key) for _name, key in REFERENCE.findall(text)))


def spoken(text):
    """The stored text as people read it."""
    return REFERENCE.sub(lambda found: f"@{found[1]}", text)


def linked(text, people):
    """The text as it is stored: `people` is [(id, name)] of those who may be named.

    `@Name` becomes a reference where exactly one person has this name; a reference to anybody else becomes plain words.
    """
    known = {str(key): name for key, name in people}
    pieces = re.split(f"({REFERENCE.pattern})", text)  # plain, whole reference, its name, its id, plain …
    found = []
    for at in range(0, len(pieces), 4):
        found.append(_named(pieces[at], people))
        if at + 3 < len(pieces):
            name, key = pieces[at + 2], pieces[at + 3]
            found.append(reference(known[key], key) if key in known else f"@{name}")
    return "".join(found)


def typed(text, people):
    """The stored text as it is edited: `@Name` wherever `linked` finds the same person again."""
    alone = {name: str(key) for name, key in _unique(people).items()}
    return REFERENCE.sub(lambda found: f"@{found[1]}" if alone.get(found[1]) == found[2] else found[0], text)


def _unique(people):
    """{name: id} of names that only one person has."""
    times = Counter(name for _key, name in people)
    return {name: key for key, name in people if name and times[name] == 1}


def _named(plain, people):
    """Longer names win over those they begin with; a name goes on to the end of its word."""
    unique = _unique(people)
    if not unique or "@" not in plain:
        return plain
    names = "|".join(re.escape(name) for name in sorted(unique, key=len, reverse=True))
    return re.sub(f"@({names})(?![A-Za-z0-9_])", lambda found: reference(found[1], unique[found[1]]), plain)
