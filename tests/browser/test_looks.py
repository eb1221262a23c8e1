"""Every main page in both languages, both themes, at the desk and on the phone: it fits, and everybody can use it.

PHAROS_SHOTS=folder keeps a picture of each.
"""

import os
from datetime import date
from itertools import product
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import look_of

pytestmark = pytest.mark.browser

W = "/w/petrel"
C = f"{W}/c/WINTER-{date.today().year}"
PAGES = {
    "home": f"{W}/",
    "search": f"{W}/search/?q=winter",
    "activity": f"{W}/activity/",
    "campaigns": f"{W}/campaigns/",
    "campaign-new": f"{W}/campaigns/new/",
    "programmes": f"{W}/programmes/",
    "cockpit": f"{C}/",
    "brief": f"{C}/brief/",
    "brief-edit": f"{C}/brief/edit/",
    "brief-versions": f"{C}/brief/versions/",
    "brief-compare": f"{C}/brief/compare/",
    "goals": f"{C}/goals/",
    "goal-new": f"{C}/goals/new/",
    "kpi-new": f"{C}/kpis/new/",
    "phases": f"{C}/phases/",
    "notes": f"{C}/notes/",
    "campaign-settings": f"{C}/settings/",
    "my-work": f"{W}/my-work/",
    "trace": f"{C}/trace/",
    "trace-gap": f"{C}/trace/?gap=task_without_kpi",
    "team": f"{C}/team/",
    "raci": f"{C}/raci/",
    "raci-rows": f"{C}/raci/rows/",
    "tasks": f"{C}/tasks/",
    "task-board": f"{C}/tasks/board/",
    "task-calendar": f"{C}/tasks/calendar/",
    "task-workload": f"{C}/tasks/workload/",
    "task-new": f"{C}/tasks/new/",
    "task-table": f"{C}/tasks/table/",
    "gantt": f"{C}/tasks/gantt/",
    "problems": f"{C}/problems/",
    "recurring": f"{C}/tasks/recurring/",
    "recurring-new": f"{C}/tasks/recurring/new/",
    "baselines": f"{C}/baselines/",
    "placements": f"{C}/placements/",
    "placement-board": f"{C}/placements/board/",
    "placement-timeline": f"{C}/placements/timeline/",
    "placement-grid": f"{C}/placements/grid/",
    "placement-new": f"{C}/placements/new/",
    "budget": f"{C}/budget/",
    "budget-new": f"{C}/budget/new/",
    "budget-requests": f"{C}/budget/requests/",
    "budget-ledger": f"{C}/budget/ledger/",
    "budget-settlement": f"{C}/budget/settlement/",
    "budget-commitment-new": f"{C}/budget/settlement/new/",
    "budget-import": f"{C}/budget/import/",
    "thresholds": f"{W}/settings/approval-thresholds/",
    "readiness": f"{C}/readiness/",
    "readiness-kept": f"{C}/readiness/kept/",
    "access": f"{C}/access/",
    "access-new": f"{C}/access/new/",
    "assets": f"{C}/assets/",
    "asset-board": f"{C}/assets/board/",
    "asset-schedule": f"{C}/assets/schedule/",
    "asset-new": f"{C}/assets/new/",
    "asset-drop": f"{C}/assets/upload/",
    "campaign-routes": f"{C}/review-routes/",
    "review-routes": f"{W}/review-routes/",
    "review-route-new": f"{W}/review-routes/new/",
    "reviews": f"{W}/reviews/",
    "standards": f"{W}/standards/",
    "material": f"{W}/material/?q=winter",
    "risks": f"{C}/risks/",
    "risk-new": f"{C}/risks/new/",
    "risk-import": f"{C}/risks/import/",
    "campaign-playbooks": f"{C}/playbooks/",
    "campaign-incidents": f"{C}/incidents/",
    "incident-start": f"{C}/incidents/start/",
    "playbooks": f"{W}/playbooks/",
    "playbook-new": f"{W}/playbooks/new/",
    "incidents": f"{W}/incidents/",
    "dashboard": f"{C}/dashboard/",
    "ranges": f"{C}/ranges/",
    "data-dashboard": f"{W}/data/dashboard/",
    "imports": f"{W}/data/imports/",
    "layouts": f"{W}/data/layouts/",
    "unassigned": f"{W}/data/unassigned/",
    "matched": f"{W}/data/unassigned/matched/",
    "sources": f"{W}/data/sources/",
    "source-new": f"{W}/data/sources/new/",
    "runs": f"{W}/data/runs/",
    "ad-accounts": f"{W}/data/ad-accounts/",
    "settings": f"{W}/settings/",
    "people": f"{W}/settings/people/",
    "person-new": f"{W}/settings/people/new/",
    "organizations": f"{W}/settings/organizations/",
    "api-keys": f"{W}/settings/api-keys/",
    "calendars": f"{W}/settings/calendars/",
    "vocabulary": f"{W}/settings/vocabulary/",
    "exchange-rates": f"{W}/settings/exchange-rates/",
    "invite": f"{W}/settings/people/invite/",
    "grants": f"{C}/team/access/",
    "questions": f"{C}/questions/",
    "profile": "/me/",
    "security": "/me/security/",
    "not-found": f"{W}/c/NOTHING/",
}
FOLLOWED = {  # a page without an address of its own: the first link of that kind on another page
    "kpi": (f"{C}/goals/", "main a[href*='/kpis/']:not([href*='/new/']):not([href*='/edit/'])"),
    "kpi-figures": (f"{C}/dashboard/", "#part-goals"),
    "placement": (f"{C}/placements/", "main a.cover[href*='/placements/']"),
    "placement-edit": (f"{C}/placements/", "main a.cover[href*='/placements/']"),
    "placement-spread": (f"{C}/placements/", "main a.cover[href*='/placements/']"),
    "placement-figures": (f"{C}/placements/", "main a.cover[href*='/placements/']"),
    "task": (f"{C}/tasks/table/", "main tbody a[href*='/tasks/']"),
    "task-edit": (f"{C}/tasks/table/", "main tbody a[href*='/tasks/']"),
    "trace-node": (f"{C}/trace/", "main .chain a[href*='node=task']"),
    "problem": (f"{C}/problems/", "main a[href*='/problems/']"),
    "asset": (f"{C}/assets/", "main tbody a[href*='/assets/']"),
    "asset-proof": (f"{C}/assets/", "main tbody a[href*='/assets/']"),
    "asset-guests": (f"{C}/assets/", "main tbody a[href*='/assets/']"),
    "decide": (f"{W}/reviews/", "main tbody a[href*='/reviews/']"),
    "budget-line": (f"{C}/budget/", "main tbody a[href*='/budget/']"),
    "risk": (f"{C}/risks/", "main tbody a.cover[href*='/risks/']"),
    "incident": (f"{C}/incidents/", "main tbody a.cover[href*='/incidents/']"),
    "playbook": (f"{C}/playbooks/", "main a.cover[href*='/playbooks/']"),
    "playbook-edit": (f"{C}/playbooks/", "main a.cover[href*='/playbooks/']"),
    "playbook-step": (f"{C}/playbooks/", "main a.cover[href*='/playbooks/']"),
    "baseline": (f"{C}/baselines/", "main a[href*='/baselines/']:not([href*='baselines/take'])"),
    "source": (f"{W}/data/sources/", "main tbody a[href*='/data/sources/']"),
    "source-calendar": (f"{W}/data/sources/", "main tbody a[href*='/data/sources/']"),
    "run": (f"{W}/data/runs/", "main tbody a[href*='/data/runs/']"),
    "programme": (f"{W}/programmes/", "main tbody a[href*='/programmes/']"),
    "organization": (f"{W}/settings/organizations/", "main tbody tr:has-text('Northlight') a[href*='/organizations/']"),
    "grant": (f"{C}/team/access/", "main tbody a[href*='/access/']"),
    "question": (f"{C}/questions/", "main a[href*='/questions/']:not([href$='/questions/'])"),
}
BELOW = {
    "task-edit": "edit/",
    "asset-proof": "proof/",
    "asset-guests": "guests/",
    "playbook-edit": "edit/",
    "playbook-step": "steps/new/",
    "placement-edit": "edit/",
    "placement-spread": "spread/",
    "placement-figures": "figures/",
    "source-calendar": "completeness/",
}
SIGNED_OUT = {"sign-in": "/sign-in/", "door": "/door/", "password-reset": "/password/reset/"}
LOOKS = list(product((1440, 390), ("light", "dark"), ("en", "zh-hans")))
SHOTS = os.environ.get("PHAROS_SHOTS")
COVERED = """() => {  // what is there to be pressed, and lies below something else
  const own = (e, hit) => e.contains(hit) || hit.contains(e) || [...(e.labels ?? [])].some((one) => one.contains(hit));
  const found = [];
  for (const e of document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")) {
    if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.disabled) continue;
    e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = e.getClientRects()[0];
    if (!box || box.width < 4 || box.height < 4 || getComputedStyle(e).pointerEvents === "none") continue;
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (hit && e.isConnected && !own(e, hit)) found.push(`${e.outerHTML.slice(0, 120)} below ${hit.className}`);
  }
  return found.slice(0, 5);
}"""


@pytest.fixture(scope="module")
def addresses(chromium, site, signed_in):
    """{name: path} of the pages that are found by following a link."""
    context = chromium.new_context(base_url=site.url, storage_state=signed_in())
    page, found = context.new_page(), {}
    for name, (start, link) in FOLLOWED.items():
        if name == "kpi-figures":
            found[name] = found["kpi"] + "figures/"
            continue
        page.goto(start)
        href = page.locator(link).first.get_attribute("href")
        path = urljoin(start, href)
        found[name] = (path if name == "trace-node" else path.split("?")[0]) + BELOW.get(name, "")
    context.close()
    return found


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def windows(request, chromium, site, signed_in):
    """The look's name, and two windows that keep their files: one signed in, one not."""
    width, theme, language = request.param
    look = {"width": width, "theme": theme, "language": language}
    inside, outside = look_of(chromium, site, state=signed_in(), **look), look_of(chromium, site, **look)
    yield f"{language}_{theme}_{width}", inside, outside
    inside.close()
    outside.close()


def shown(context, guard, path, picture):
    """The page when everything on it has come; `picture` names its file."""
    page = guard.watch(context.new_page())
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.wait_for_selector("main .skeleton:visible", state="detached")
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{picture}.png", full_page=True)
    return page


@pytest.mark.parametrize("name", [*PAGES, *FOLLOWED])
def test_a_page_fits_and_can_be_used_by_all(windows, guard, addresses, name):
    look, inside, _ = windows
    check(shown(inside, guard, PAGES.get(name) or addresses[name], f"{name}_{look}"))


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_a_page_before_sign_in(windows, guard, name):
    look, _, outside = windows
    check(shown(outside, guard, SIGNED_OUT[name], f"{name}_{look}"))


def check(page):
    """No sideways scrolling, one heading, all acts within reach, nothing serious for axe; then the page is closed."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide}px wider than the screen: {widest(page)}"
    assert page.locator("h1").count() == 1
    assert not (covered := page.evaluate(COVERED)), f"{page.url}: {covered}"
    grave = grave_faults(page)
    assert not grave, "\n".join(grave)
    page.close()


def grave_faults(page):
    """What axe calls serious or critical, in words."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [told(one) for one in found if one["impact"] in ("serious", "critical")]


def told(violation):
    nodes = "; ".join(f"{node['target']} {node['failureSummary'][:160]}" for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['impact']}, {len(violation['nodes'])}): {nodes}"


def widest(page):
    """The elements that stick out, to find the fault."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")]
        .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .filter((e) => !e.closest(".scroll"))
        .slice(0, 5).map((e) => `${e.tagName}.${e.className}`.slice(0, 80))"""
    )
