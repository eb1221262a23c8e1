"""Thirty ways to bring a script into a page; each says so in `window.__xss`."""

import re

RUN = "window.__xss=1"
PAYLOADS = [
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>", f'" autofocus onfocus="{RUN}', f"' autofocus onfocus='{RUN}",
    f"</script><script>{RUN}</script>", f"</title><script>{RUN}</script>", f"</textarea><img src=x onerror={RUN}>",
    f"</style><img src=x onerror={RUN}>", f"<a href='javascript:{RUN}'>x</a>", f"javascript:{RUN}//",
    f" javascript:{RUN}//", f"java\tscript:{RUN}//", f"data:text/html,<script>{RUN}</script>", f"${{{RUN}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}", "<iframe srcdoc='<script>parent.__xss=1</script>'>",
    f"<details open ontoggle={RUN}>", f"<body onload={RUN}>", f"<input autofocus onfocus={RUN}>",
    f"<math><mtext><style><img src=x onerror={RUN}>", f"<b>bold</b><img src=x onerror={RUN}>",
    f"<a href=\"javascript:{RUN}\">x</a>", f"<!--><img src=x onerror={RUN}>-->", f"<![CDATA[><img src=x onerror={RUN}>",
    f"&lt;img src=x onerror={RUN}&gt;", f"\\u003cimg src=x onerror={RUN}\\u003e", f"[x](javascript:{RUN})",
]  # fmt: skip
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
TAGS = re.compile(r"<(img|svg|iframe|math|body|details|input|a)\b[^>]*__xss[^>]*>", re.IGNORECASE)
QUOTED = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
LINKS = re.compile(  # of a tag: what is shown as text may say so
    r"""<\w[^<>]*\s(?:href|src|action|formaction|hx-\w+)\s*=\s*["']?[\s\x00-\x1f]*(?:java|data:text/html|vbscript:)""",
    re.IGNORECASE,
)


def raw(page):
    """Canaries of a page that are markup there, not text."""
    for script in SCRIPT.findall(page):
        if re.match(r"<script>(window|parent)\.__xss", script, re.IGNORECASE):
            yield script
    rest = SCRIPT.sub(" ", page)
    for tag in TAGS.finditer(rest):
        outside = QUOTED.sub("=''", tag[0])
        if "__xss" in outside or "onerror" in outside or "autofocus onfocus" in outside:
            yield tag[0][:120]
    yield from (found[0] for found in LINKS.finditer(rest))
