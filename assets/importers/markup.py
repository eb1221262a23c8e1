"""Mails and pages as far as an output standard asks: width, sender, opt-out, title, form, tracking. Never executed."""

import re
from email import message_from_string, policy
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from assets.rules.texts import kept, measured

__all__ = ["decoded", "is_mail", "kept", "mail", "measured", "page", "resources"]

OPT_OUT = re.compile(r"unsubscri|opt[\s_-]?out|abmelden|désabonn|退订|取消订阅|停止接收|tuiding|td_link", re.IGNORECASE)
TRACKERS = {
    "Google": re.compile(r"googletagmanager\.com|google-analytics\.com|gtag\(|dataLayer"),
    "Baidu": re.compile(r"hm\.baidu\.com|_hmt\b"),
    "Meta": re.compile(r"connect\.facebook\.net|fbq\("),
    "Ocean Engine": re.compile(r"analytics\.(?:snssdk|oceanengine)\.com|_baq\b|bytedance"),
    "Tencent": re.compile(r"gdt\.qq\.com|gdt\("),
    "Sensors": re.compile(r"sensorsdata|sa\.track"),
    "Matomo": re.compile(r"_paq\b|matomo\.js"),
    "TikTok": re.compile(r"analytics\.tiktok\.com|ttq\."),
}
PIXELS = re.compile(r"(?:^|;)\s*(?:max-)?width\s*:\s*(\d{2,4})px", re.IGNORECASE)
MAIL_HEAD = re.compile(r"^(?:From|To|Subject|MIME-Version|Received|Date|Return-Path): ", re.MULTILINE)
MAIL_FROM = ("from", "sender", "author", "reply-to")
LOADED = {("img", "src"), ("script", "src"), ("link", "href"), ("source", "src"), ("video", "poster")}
LOADED_LINKS = ("stylesheet", "icon", "preload")


def decoded(raw):
    """Bytes as text, or None where they are none."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


class _Page(HTMLParser):
    """What of a page counts: its title, forms, links, widths, the files it loads."""

    def __init__(self):
        super().__init__()
        self.title, self.text, self.links, self.loads, self.widths = "", [], [], [], []
        self.forms, self.sender, self.inside = 0, "", []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag in ("title", "a", "script", "style"):
            self.inside.append(tag)
        self.forms += tag == "form"
        if tag == "a":
            self.links.append(given.get("href", ""))
            self.sender = self.sender or given.get("href", "").partition("mailto:")[2]
        if tag == "meta" and given.get("name", "").lower() in MAIL_FROM:
            self.sender = given.get("content", "")
        self._weigh(tag, given)
        self._measure(tag, given)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        if "title" in self.inside:
            self.title += data
        elif "a" in self.inside:
            self.links.append(data)
        elif not {"script", "style"} & set(self.inside):
            self.text.append(data)

    def _weigh(self, tag, given):
        for name, value in given.items():
            wanted = tag != "link" or any(word in given.get("rel", "").lower() for word in LOADED_LINKS)
            if (tag, name) in LOADED and wanted and value and not value.startswith("data:"):
                self.loads.append(value)

    def _measure(self, tag, given):
        if tag in ("table", "td", "div", "body", "img", "center"):
            width = given.get("width", "")
            self.widths += [int(width)] if width.isascii() and width.isdigit() and len(width) < 5 else []
            self.widths += [int(found) for found in PIXELS.findall(given.get("style", ""))]


def _read(text):
    found = _Page()
    found.feed(text)
    found.close()
    return found


def page(text):
    """Measures of an HTML page or an HTML mail."""
    found = _read(text)
    trackers = [name for name, pattern in TRACKERS.items() if pattern.search(text)]
    measures = {
        "title": found.title.strip()[:200],
        "form": found.forms,
        "tracking": trackers,
        "sender": found.sender.strip()[:200],
        "opt_out": any(OPT_OUT.search(link) for link in found.links),
        "loads": len(set(found.loads)),
    }
    return measures | ({"width": max(found.widths)} if found.widths else {})


def resources(text, base):
    """Addresses a page loads from the network, each once, in its order."""
    found = dict.fromkeys(urljoin(base, each) for each in _read(text).loads)
    return [each for each in found if urlsplit(each).scheme == "https"]


def is_mail(text):
    """An .eml file: headers, an empty line, a body."""
    head = text.lstrip().partition("\n\n")[0].replace("\r", "")
    return len(MAIL_HEAD.findall(head[:20_000])) >= 2


def mail(text):
    """Measures of a mail: those of its HTML, sender and opt-out by its headers too."""
    message = message_from_string(text.lstrip(), policy=policy.default)
    body = message.get_body(("html", "plain"))
    try:
        content = body.get_content() if body is not None else ""
    except (LookupError, ValueError, KeyError):
        content = ""
    found = page(content if isinstance(content, str) else "")
    found["sender"] = str(message.get("From") or found["sender"])[:200]
    found["opt_out"] = found["opt_out"] or "List-Unsubscribe" in message
    return found | {"title": str(message.get("Subject") or found["title"])[:200]}
