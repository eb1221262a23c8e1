/* A seat at the keyboard: keeps what is typed as a draft, locks the screen when nobody touches it, offers the draft again
   on return. The server locks by itself; this only makes it seen in time. */
const TYPED = "input:not([type=password], [type=hidden], [type=file], [type=submit], [type=button]), textarea, select";
const SEEN = "seat-seen";

export default function seat(el, pharos) {
  const idle = Number(el.dataset.idle) * 60_000;
  const page = el.dataset.page;
  const offer = el.querySelector("[data-offer]");
  let seen = Date.now();
  let told = Date.now();
  let waiting;
  let changed = null;

  const forms = () => [...document.querySelectorAll("main form[method=post]")].filter((form) => form.querySelector(TYPED));
  const address = () => `${el.dataset.drafts}?page=${encodeURIComponent(page)}`;

  /* ---- drafts ---- */
  function fields(form) {
    const found = {};
    for (const field of form.querySelectorAll(TYPED)) {
      const isOff = /checkbox|radio/.test(field.type) && !field.checked;
      if (field.name && !isOff && field.value) found[field.name] = field.value;
    }
    return found;
  }

  async function keep() {
    clearTimeout(waiting);
    if (!changed) return;
    const body = new FormData();
    for (const [name, text] of Object.entries(fields(changed))) body.set(name, text);
    body.set("page", page);
    body.set("draft_form", new URL(changed.action).pathname);
    changed = null;
    told = Date.now();
    await pharos.json(el.dataset.drafts, { method: "POST", body });
  }

  function typed(event) {
    const form = event.target.form;
    if (!form || form.method !== "post" || !event.target.matches(TYPED) || !form.closest("main")) return;
    changed = form;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1500);
  }

  function sent(event) {
    const form = event.target;
    if (form.matches("[data-lock]")) {
      event.preventDefault();
      return lock();
    }
    if (!form.closest("main") || form.method !== "post") return;
    clearTimeout(waiting);
    changed = null;
    if (form.querySelector(TYPED)) fetch(address(), { method: "DELETE", keepalive: true, headers: { "X-CSRFToken": pharos.csrf() } });
  }

  function fill(draft) {
    const { draft_form: action, ...kept } = draft;
    const fits = (form) => Object.keys(kept).some((name) => form.elements.namedItem(name));
    const form = forms().find((each) => new URL(each.action).pathname === action && fits(each)) || forms().find(fits);
    if (!form) return;
    for (const [name, text] of Object.entries(kept)) put(form.elements.namedItem(name), text);
    form.dirty = form.matches("[data-guard]");
  }

  function put(field, text) {
    if (!field || field.type === "password" || field.type === "file" || field.type === "hidden") return;
    if (field.type === "checkbox") field.checked = true;
    else field.value = text;
    const one = field instanceof RadioNodeList ? field[0] : field;
    one?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function ask() {
    if (!forms().length) return;
    const answer = await pharos.json(address());
    const draft = answer.ok ? answer.data.typed || {} : {};
    if (!Object.keys(draft).some((name) => name !== "draft_form")) return;
    offer.hidden = false;
    document.querySelector("main").prepend(offer);
    offer.querySelector("[data-restore]").onclick = () => {
      fill(draft);
      offer.remove();
    };
    offer.querySelector("[data-discard]").onclick = () => {
      pharos.json(address(), { method: "DELETE" });
      offer.remove();
    };
  }

  /* ---- lock ---- */
  function touched() {
    seen = Date.now();
    if (seen - told < Math.min(idle / 4, 240_000)) return;
    told = seen;
    localStorage.setItem(SEEN, String(seen));
    pharos.json(address());
  }

  function look() {
    const elsewhere = Number(localStorage.getItem(SEEN)) || 0;
    if (Date.now() - Math.max(seen, elsewhere) >= idle) lock();
  }

  async function lock() {
    clearInterval(timer);
    document.body.classList.add("locking");
    document.body.append(pharos.make("div", { class: "lock-veil", role: "status" }, el.dataset.locking));
    await keep();
    for (const form of document.forms) form.dirty = false;
    el.querySelector("form").submit();
  }

  const timer = setInterval(look, 5000);
  const acts = ["pointerdown", "keydown", "wheel", "touchstart"];
  acts.forEach((name) => addEventListener(name, touched, { passive: true }));
  document.addEventListener("input", typed);
  document.addEventListener("submit", sent);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  ask();
  return () => clearInterval(timer);
}
