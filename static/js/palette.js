/* The command palette: pages of the navigation, the "New" menu, and what the search address suggests. */
export default function palette(dialog, pharos) {
  const { t, make, icon } = pharos;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let found = [];
  let chosen = 0;
  let asked = 0;
  let timer;

  function pages() {
    const of = (selector, kind, prefix) => [...document.querySelectorAll(selector)].map((link) => ({
      kind, label: link.querySelector("span")?.textContent || link.firstChild?.nextSibling?.textContent || link.textContent,
      url: link.href, icon: link.querySelector("use")?.getAttribute("href").split("#i-")[1] || "arrow-right", hint: link.dataset.go ? `G ${link.dataset.go.toUpperCase()}` : prefix,
    }));
    return [...of(".side .nav-i", t("go_to")), ...of("#create a", t("create"))];
  }

  function matching(query) {
    const wanted = query.toLowerCase();
    return pages().filter((page) => page.label.toLowerCase().includes(wanted));
  }

  function option(item, index) {
    const hint = item.hint ? make("small", {}, item.hint) : null;
    const el = make("div", { role: "option", id: `palette-${index}`, "aria-selected": String(index === chosen) }, icon(item.icon || "arrow-right"), make("span", { class: "clip" }, item.label.trim()), hint);
    el.addEventListener("click", () => open(item));
    el.addEventListener("pointermove", () => index !== chosen && choose(index));
    return el;
  }

  function draw(query) {
    list.replaceChildren();
    let kind;
    found.forEach((item, index) => {
      if (item.kind !== kind) list.append(make("h3", { role: "presentation" }, (kind = item.kind) || ""));
      list.append(option(item, index));
    });
    if (!found.length) list.append(make("p", { role: "presentation" }, t("nothing_found", { q: query })));
    choose(Math.min(chosen, Math.max(0, found.length - 1)));
  }

  function choose(index) {
    chosen = index;
    list.querySelectorAll("[role=option]").forEach((el, at) => el.setAttribute("aria-selected", String(at === index)));
    const el = list.querySelector("[aria-selected=true]");
    el?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", el?.id || "");
  }

  function open(item) {
    dialog.close();
    location.assign(item.url);
  }

  async function ask() {
    const query = input.value.trim();
    const ticket = ++asked;
    chosen = 0;
    found = matching(query);
    if (!query) return draw(query);
    const url = new URL(dialog.dataset.url, location.href);
    url.searchParams.set("q", query);
    if (found.length) draw(query);
    const answer = await pharos.json(url);
    if (ticket !== asked) return;
    found = [...(answer.data.results || []), ...matching(query)];
    draw(query);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      choose((chosen + step + found.length) % found.length);
      event.preventDefault();
    } else if (event.key === "Enter" && found[chosen]) {
      event.preventDefault();
      open(found[chosen]);
    }
  });
  dialog.addEventListener("palette:open", () => {
    input.value = "";
    chosen = 0;
    found = matching("");
    draw("");
    dialog.showModal();
    input.focus();
  });
}
