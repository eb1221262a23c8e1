/* What somebody typed when the session had ended or the form had expired: kept in this tab until they are back, then put
   into the form again. Seats have drafts of their own (seat.js). */
const KEY = "typed";
const TYPED = "input:not([type=password], [type=hidden], [type=file], [type=submit], [type=button]), textarea, select";

export default function kept(el, pharos) {
  const who = el.dataset.user;
  let typed = read();
  if (!who) return typed && hold();
  forget();
  if (typed?.held && typed.who === who) offer();
  else typed = null;
  document.addEventListener("submit", (event) => keep(event.target));
  document.addEventListener("htmx:after:swap", () => (typed ? putBack() : forget()));

  /* The page of a busy database sends what was typed once more: what comes through is not offered again. */
  function hold() {
    write({ ...typed, held: true });
    document.addEventListener("submit", (event) => event.target.matches("[data-resend]") && write({ ...typed, held: false }));
  }

  function offer() {
    if (putBack()) return;
    pharos.toast(pharos.t("typed_kept"), { tone: "warn", url: typed.page === here() ? "" : typed.page });
    if (!typed.offered) write({ ...typed, offered: true });
  }

  function putBack() {
    const form = [...document.querySelectorAll("form[method=post]")].find((each) => path(each) === typed.form);
    if (!form) return false;
    for (const { name, nth, ...was } of typed.fields) put(named(form, name)[nth], was);
    form.dirty = form.matches("[data-guard]");
    typed = null;
    forget();
    pharos.toast(pharos.t("typed_back"), { tone: "warn" });
    return true;
  }

  function keep(form) {
    const fields = form.method === "post" && !form.querySelector("[type=password]") ? changed(form) : [];
    if (fields.length) write({ who, page: here(), form: path(form), fields });
    else forget();
  }
}

/* Only what was changed, so that nobody's newer change is put back to what it was. */
function changed(form) {
  const refused = form.querySelector("[aria-invalid=true]");
  const found = [];
  for (const field of form.querySelectorAll(TYPED)) {
    if (!field.name || !(refused || isChanged(field))) continue;
    const was = field.options ? { chosen: [...field.selectedOptions].map((one) => one.value) } : { value: field.value };
    found.push({ name: field.name, nth: named(form, field.name).indexOf(field), checked: field.checked, ...was });
  }
  return found;
}

function isChanged(field) {
  if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return /checkbox|radio/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

function put(field, { value, chosen, checked }) {
  if (!field) return;
  if (chosen) for (const one of field.options) one.selected = chosen.includes(one.value);
  else if (/checkbox|radio/.test(field.type)) field.checked = checked;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function named(form, name) {
  return [...form.querySelectorAll(TYPED)].filter((field) => field.name === name);
}

function path(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

function here() {
  return location.pathname + location.search;
}

/* A tab without storage keeps nothing; the form works as ever. */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(typed) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(typed));
  } catch {
    forget();
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // nothing was kept either
  }
}
