/* What every page can do: islands, toasts, dialogs, menus, theme, shortcuts, guards. Islands get the object `pharos`
   handed in and import nothing, so that hashed names of static files never break a module. */
const strings = document.getElementById("strings");
const words = JSON.parse(strings?.textContent || "{}");
const root = document.documentElement;
const $ = (selector, from = document) => from.querySelector(selector);

function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function make(tag, attributes = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) el.setAttribute(name, "");
    else if (value !== false && value != null) el.setAttribute(name, value);
  }
  el.append(...children.filter((child) => child != null));
  return el;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${strings?.dataset.icons}#i-${name}`);
  svg.append(use);
  return svg;
}

function csrf() {
  const field = $("input[name=csrfmiddlewaretoken]");
  if (field) return field.value;
  try {
    return JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] || "";
  } catch {
    return "";
  }
}

/* Answers {ok, status, data}; never throws: status 0 means no connection. */
async function json(url, { method = "GET", body, headers = {} } = {}) {
  const options = { method, headers: { Accept: "application/json", ...headers }, credentials: "same-origin" };
  if (method !== "GET") options.headers["X-CSRFToken"] = csrf();
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(url, options);
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    const expired = answer.redirected && !isJson;
    const data = isJson ? await answer.json() : {};
    if (expired) return { ok: false, status: 401, data: { detail: t("expired") } };
    return { ok: answer.ok, status: answer.status, data };
  } catch {
    return { ok: false, status: 0, data: { detail: t("offline") } };
  }
}

/* ---- toasts: equal ones merge into one with a count ---- */
const TOAST_ICONS = { ok: "circle-check", warn: "alert-triangle", bad: "alert-circle" };
function toast(text, { tone = "ok", undo, url, label } = {}) {
  const box = $("#toasts");
  if (!box || !text) return;
  const key = `${tone} ${text}`;
  const same = [...box.children].find((el) => el.dataset.key === key);
  if (same && !undo) {
    const count = Number(same.dataset.times || 1) + 1;
    same.dataset.times = count;
    $(".times", same).hidden = false;
    $(".times", same).textContent = `×${count}`;
    return rest(same, tone);
  }
  if (same) same.remove();
  const times = make("span", { class: "times", hidden: true });
  const el = make("div", { class: `toast ${tone}`, "data-key": key }, icon(TOAST_ICONS[tone] || "info-circle"), make("p", {}, text), times);
  if (same) {
    el.dataset.times = Number(same.dataset.times || 1) + 1;
    times.hidden = false;
    times.textContent = `×${el.dataset.times}`;
  }
  if (url) el.append(make("a", { href: url }, label || t("go_to")));
  if (undo) el.append(undoButton(el, undo));
  const close = make("button", { type: "button", "aria-label": t("close") }, icon("x"));
  close.addEventListener("click", () => dismiss(el));
  el.append(close);
  box.append(el);
  while (box.children.length > 4) box.firstElementChild.remove();
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
  rest(el, tone);
}

function undoButton(el, undo) {
  const button = make("button", { type: "button" }, t("undo"));
  button.addEventListener("click", async () => {
    dismiss(el);
    if (typeof undo === "function") return undo();
    const answer = await json(undo, { method: "POST" });
    if (!answer.ok) return toast(answer.data.detail || t("failed"), { tone: "bad" });
    document.body.dispatchEvent(new CustomEvent("undone", { bubbles: true }));
    toast(answer.data.text || t("undone"));
    if (answer.data.url) location.assign(answer.data.url);
    else if (!$("[hx-trigger*=undone]")) location.reload();
  });
  return button;
}

function rest(el, tone) {
  clearTimeout(el.timer);
  el.timer = setTimeout(() => (el.matches(":hover, :focus-within") ? rest(el, tone) : dismiss(el)), tone === "bad" ? 12000 : 7000);
}

function dismiss(el) {
  const box = el.parentNode;
  el.remove();
  if (box && !box.children.length && box.matches(":popover-open")) box.hidePopover();
}

document.querySelectorAll("[data-toast]").forEach((el) => {
  const tone = { error: "bad", warning: "warn" }[el.dataset.toast] || "ok";
  toast(el.textContent.trim(), { tone, undo: el.dataset.undo?.startsWith("/") ? el.dataset.undo : undefined });
});
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail));
document.addEventListener("htmx:error", () => toast(t("offline"), { tone: "bad" }));

/* ---- dialogs ---- */
function ask(text, ok = t("confirm")) {
  return new Promise((resolve) => {
    const yes = make("button", { class: "btn pri", value: "yes" }, ok);
    const no = make("button", { class: "btn quiet", value: "no" }, t("cancel"));
    const form = make("form", { method: "dialog" }, make("div", { class: "pad" }, make("p", { id: "ask-text" }, text)), make("footer", {}, no, yes));
    const dialog = make("dialog", { class: "dialog", "aria-labelledby": "ask-text" }, form);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/* ---- menus: native popovers, placed beside their button ---- */
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const button = $(`[popovertarget="${CSS.escape(menu.id)}"]`);
  button?.setAttribute("aria-expanded", event.newState === "open");
  if (event.newState === "open" && button) place(menu, button.getBoundingClientRect());
}, true);

function place(menu, at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const rtl = getComputedStyle(menu).direction === "rtl";
  const start = at.left + width > innerWidth - 8 || (rtl && at.right - width > 8) ? at.right - width : at.left;
  const below = at.bottom + 4 + height <= innerHeight || at.top < height;
  menu.style.left = `${Math.max(8, Math.min(start, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? Math.min(at.bottom + 4, Math.max(8, innerHeight - height - 8)) : at.top - height - 4}px`;
}

function stepMenu(event) {
  const menu = event.target.closest?.(".menu");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.target.matches?.("[popovertarget]") && event.key === "ArrowDown") {
    const target = document.getElementById(event.target.getAttribute("popovertarget"));
    if (!target?.matches(".menu")) return;
    if (!target.matches(":popover-open")) target.showPopover();
    $("a, button", target)?.focus();
    event.preventDefault();
  } else if (menu && step && !event.target.matches("input, textarea, select")) {
    const items = [...menu.querySelectorAll("a, button, input")].filter((item) => item.offsetParent);
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
    event.preventDefault();
  }
}

/* ---- theme ---- */
function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function paintThemeButton() {
  document.querySelectorAll("[data-theme-toggle]").forEach((button) => button.replaceChildren(icon(isDark() ? "sun" : "moon")));
}

function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  paintThemeButton();
  document.dispatchEvent(new CustomEvent("theme"));
  const url = document.body.dataset.themeUrl;
  if (!url) return;
  const body = new FormData();
  body.append("theme", root.dataset.theme);
  json(url, { method: "POST", body });
}

/* ---- one listener for clicks that carry data attributes ---- */
const CLICKS = {
  "[data-theme-toggle]": switchTheme,
  "[data-palette]": () => openPalette(),
  "[data-keys]": () => $("#keys")?.showModal(),
  "[data-dialog]": (el) => document.getElementById(el.dataset.dialog)?.showModal(),
  "[data-copy]": copy,
  "[data-close]": (el) => close(el.closest("dialog, [popover], .peek")),
  "[data-peek]": (el) => openPeek(el),
};
document.addEventListener("click", (event) => {
  for (const selector in CLICKS) {
    const el = event.target.closest?.(selector);
    if (el) return CLICKS[selector](el, event);
  }
  if (event.target.matches?.("dialog[open]")) event.target.close();
});

async function copy(el) {
  const source = $(el.dataset.copy);
  const text = source ? source.value ?? source.textContent : el.dataset.copy;
  try {
    await navigator.clipboard.writeText(text.trim());
    toast(t("copied"));
  } catch {
    getSelection().selectAllChildren(source);
  }
}

function openPeek(el) {
  const panel = $(el.getAttribute("hx-target"));
  if (!panel) return;
  panel.hidden = false;
  panel.opener = el;
  document.querySelectorAll("tr[aria-selected]").forEach((row) => row.removeAttribute("aria-selected"));
  el.closest("tr")?.setAttribute("aria-selected", "true");
}

function close(el) {
  if (!el) return;
  if (el.matches("dialog")) return el.close();
  if (el.matches("[popover]")) return el.hidePopover();
  el.hidden = true;
  el.opener?.focus();
  el.opener?.closest("tr")?.removeAttribute("aria-selected");
}

/* ---- shortcuts: silent while typing and while an input method composes ---- */
let waitingForGo = 0;
function openPalette() {
  const palette = $("#palette");
  if (palette && !palette.open) palette.dispatchEvent(new CustomEvent("palette:open"));
}

const KEYS = { "/": openPalette, "?": () => $("#keys")?.showModal(), c: () => $("[data-create]")?.click(), t: switchTheme };
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    const palette = $("#palette");
    return palette?.open ? palette.close() : openPalette();
  }
  if (event.key === "Escape" && !$("dialog[open], :popover-open:not(.toasts)")) close($(".peek:not([hidden])"));
  stepMenu(event);
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open], [data-island=grid]")) return;
  shortcut(event);
});

function shortcut(event) {
  const key = event.key.toLowerCase();
  if (Date.now() - waitingForGo < 1200) {
    waitingForGo = 0;
    const link = $(`[data-go="${CSS.escape(key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (key === "g") waitingForGo = Date.now();
  else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
}
/* ---- forms: confirmation, double submits, unsaved changes ---- */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.confirm && !form.confirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    form.confirmed = await ask(form.dataset.confirm, form.dataset.confirmOk);
    if (form.confirmed) form.requestSubmit(button);
    form.confirmed = false;
  }
}, true);
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  event.target.dirty = false;
  const button = event.submitter;
  if (!button || event.target.target) return;
  setTimeout(() => button.setAttribute("aria-busy", "true"));
  setTimeout(() => button.removeAttribute("aria-busy"), 10000);
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-guard]")) form.dirty = true;
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
document.addEventListener("htmx:after:swap", (event) => {
  const form = event.target.closest?.("form");
  if (form) form.dirty = false;
});
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll(".btn[aria-busy]").forEach((el) => el.removeAttribute("aria-busy")));
addEventListener("beforeunload", (event) => {
  if ([...document.forms].some((form) => form.dirty) || $("[data-unsaved]")) event.preventDefault();
});

/* ---- regions that scroll by themselves: the keyboard must reach them ---- */
const sized = new ResizeObserver((entries) => {
  for (const { target: el } of entries) {
    const scrolls = el.scrollWidth > el.clientWidth || el.scrollHeight > el.clientHeight;
    if (scrolls && !el.hasAttribute("tabindex")) el.tabIndex = 0;
  }
});
function watchScrolling(node) {
  if (node.matches?.(".scroll")) sized.observe(node);
  node.querySelectorAll?.(".scroll").forEach((el) => sized.observe(el));
}
watchScrolling(document);

/* ---- the tab one is on is in sight where tabs scroll ---- */
document.querySelectorAll(".tabs > :is([aria-current=page], [aria-selected=true])").forEach((tab) => {
  const bar = tab.parentElement;
  if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
});

/* ---- cells without a value: a phone's card leaves them out, unless they can be edited in place ---- */
function markEmpty(node) {
  const cells = node.matches?.(".table.cards td[data-label]") ? [node] : node.querySelectorAll?.(".table.cards td[data-label]") ?? [];
  for (const cell of cells) {
    const isEmpty = cell.textContent.trim() === "–" && !cell.matches("[data-f]") && !cell.querySelector("input, select, textarea, button, a");
    cell.toggleAttribute("data-none", isEmpty);
  }
}
markEmpty(document);

/* ---- islands ---- */
const pharos = { t, make, icon, csrf, json, toast, confirm: ask, isDark, nonce: strings?.nonce || "", lang: root.lang };
const started = new WeakMap();

async function start(el) {
  if (started.has(el)) return;
  started.set(el, null);
  const module = await import(el.dataset.src);
  started.set(el, module.default(el, pharos));
}

function eachIsland(node, act) {
  if (node.matches?.("[data-island][data-src]")) act(node);
  node.querySelectorAll?.("[data-island][data-src]").forEach(act);
}

eachIsland(document, start);
new MutationObserver((changes) => {
  for (const change of changes) {
    change.addedNodes.forEach((node) => {
      eachIsland(node, start);
      watchScrolling(node);
      markEmpty(node);
    });
    change.removedNodes.forEach((node) => eachIsland(node, (el) => !el.isConnected && started.get(el)?.()));
  }
}).observe(document.body, { subtree: true, childList: true });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  paintThemeButton();
  document.dispatchEvent(new CustomEvent("theme"));
});
paintThemeButton();
