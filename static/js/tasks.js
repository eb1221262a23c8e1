/* The list of tasks as a grid: arrows move, Enter edits, Esc leaves, Tab goes on, Space chooses; folding, quick add,
   Ctrl+Z. The server answers each change and sends the table anew, for dates of other tasks may have moved. */
export default function tasks(root, pharos) {
  const { t, make, json, toast } = pharos;
  const words = JSON.parse(root.querySelector("[data-words]")?.textContent || "{}");
  const mayPlan = root.hasAttribute("data-may-plan");
  const quick = root.querySelector("form.quick");
  const bulk = root.querySelector("[data-bulk]");
  const narrow = matchMedia("(max-width: 720px)");
  const store = `folded:${location.pathname}`;
  const folded = new Set(JSON.parse(sessionStorage.getItem(store) || "[]"));
  const chosen = new Set();
  let at = null;
  let editor = null;
  let undoUrl = "";
  let last = null;

  const table = () => root.querySelector("#task-table");
  const rows = () => [...table().querySelectorAll("tbody tr")];
  const shown = () => rows().filter((row) => !row.hidden && row.dataset.id);
  const cellsOf = (row) => [...row.querySelectorAll("[data-f]")];
  const cellAt = (id, field) => table().querySelector(`tr[data-id="${id}"] [data-f="${field}"]`);

  /* ---- after every answer of the server ---- */
  function arm() {
    fold();
    table().querySelectorAll("[data-f]").forEach((cell) => (cell.tabIndex = -1));
    const here = (at && (cellAt(at.id, at.field) || cellAt(at.id, "title"))) || table().querySelector("[data-f]");
    if (here) here.tabIndex = 0;
    table().querySelectorAll(".pick input:not([data-all])").forEach((box) => (box.checked = chosen.has(box.value)));
    count();
    return here;
  }

  async function refresh(focus = true) {
    await window.htmx.ajax("GET", location.href, { target: "#task-table", swap: "outerHTML" });
    const here = arm();
    if (focus) here?.focus({ preventScroll: false });
  }

  function focus(cell) {
    if (!cell) return;
    table().querySelectorAll('[data-f][tabindex="0"]').forEach((one) => (one.tabIndex = -1));
    cell.tabIndex = 0;
    cell.focus();
    at = { id: cell.closest("tr").dataset.id, field: cell.dataset.f };
  }

  /* ---- moving ---- */
  function step(cell, down, right) {
    const list = shown();
    const row = list[list.indexOf(cell.closest("tr")) + down];
    if (!row) return;
    if (!right) return focus(row.querySelector(`[data-f="${cell.dataset.f}"]`) || cellsOf(row)[0]);
    const cells = cellsOf(row);
    focus(cells[cells.indexOf(cell) + right] || cell);
  }

  function next(cell, back) {
    const all = shown().flatMap(cellsOf);
    const place = all.indexOf(cell) + (back ? -1 : 1);
    focus(all[place] || cell);
    return Boolean(all[place]);
  }

  const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  function onKey(event) {
    const cell = event.target.closest("[data-f]");
    if (!cell || editor || event.isComposing || event.target !== cell) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) step(cell, ...ARROWS[event.key]);
    else if (event.key === "Enter" || event.key === "F2") edit(cell);
    else if (event.key === " ") pick(cell.closest("tr").querySelector(".pick input"));
    else if (event.key.length === 1 && mayPlan && !["c", "/", "?", "t", "g"].includes(event.key) && /title|predecessors|days|progress/.test(cell.dataset.f)) edit(cell, event.key);
    else return;
    event.preventDefault();
  }

  /* ---- editing ---- */
  function fieldOf(cell, typed) {
    const kind = cell.dataset.f;
    const label = table().querySelectorAll("thead th")[cell.cellIndex]?.textContent.trim() || kind;
    if (kind === "state") {
      const select = make("select", { "aria-label": label });
      select.append(root.querySelector("[data-states]").content.cloneNode(true));
      select.value = cell.dataset.v;
      return select;
    }
    if (kind === "assignees") return people(cell, label);
    const types = { start_date: "date", finish_date: "date", duration_days: "number", progress: "number" };
    const input = make("input", { type: types[kind] || "text", "aria-label": label, min: types[kind] === "number" ? 0 : null, max: kind === "progress" ? 100 : null });
    input.value = typed ?? cell.dataset.v;
    return input;
  }

  function people(cell, label) {
    const box = make("div", { class: "people-pick", role: "group", "aria-label": label });
    box.append(root.querySelector("[data-people]").content.cloneNode(true));
    const mine = cell.dataset.v.split(" ");
    box.querySelectorAll("input").forEach((input) => (input.checked = mine.includes(input.value)));
    const apply = make("button", { class: "btn pri sm", type: "button" }, words.apply);
    apply.addEventListener("click", () => commit());
    box.append(apply);
    return box;
  }

  function edit(cell, typed) {
    if (!mayPlan || editor || !cell.dataset.f) return;
    focus(cell);
    const field = fieldOf(cell, typed);
    editor = { cell, field, kept: [...cell.childNodes] };
    cell.classList.add("editing");
    cell.replaceChildren(field);
    const first = field.matches("div") ? field.querySelector("input, button") : field;
    first?.focus({ preventScroll: field.matches("div") });
    if (field.matches("div")) field.scrollIntoView({ block: "nearest" });
    if (field.select && typed === undefined && field.type === "text") field.select();
    field.addEventListener("keydown", onEditorKey);
    if (field.matches("select")) field.addEventListener("change", () => commit());
    field.addEventListener("focusout", (event) => {
      if (editor?.field === field && !field.contains(event.relatedTarget) && event.relatedTarget !== null) commit({ stay: true });
    });
  }

  function onEditorKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      const { cell } = editor;
      restore();
      focus(cell);
    } else if (event.key === "Enter" && !event.target.matches("button")) {
      event.preventDefault();
      commit({ down: true });
    } else if (event.key === "Tab" && !editor.field.matches("div")) {
      event.preventDefault();
      commit({ back: event.shiftKey, on: true });
    }
  }

  function restore() {
    if (!editor) return;
    const { cell, kept } = editor;
    editor = null;
    cell.classList.remove("editing");
    cell.replaceChildren(...kept);
  }

  const valueOf = (field) => (field.matches("div") ? [...field.querySelectorAll(":checked")].map((box) => box.value) : [field.value]);
  const isSame = (cell, values) => values.slice().sort().join(" ").trim() === cell.dataset.v.trim().split(" ").sort().join(" ").trim();

  function leave(cell, { down, on, back, stay }) {
    if (on) next(cell, back);
    else if (down) step(cell, 1, 0);
    else if (!stay) focus(cell);
  }

  async function commit(how = {}) {
    const { cell, field } = editor;
    const values = valueOf(field);
    const row = cell.closest("tr");
    restore();
    leave(cell, how);
    if (isSame(cell, values)) return;
    const body = new FormData();
    body.append("field", cell.dataset.f);
    body.append("lock_version", row.dataset.lock);
    values.forEach((value) => body.append("value", value));
    cell.setAttribute("aria-busy", "true");
    const answer = await json(`${root.dataset.base}${row.dataset.id}/cell/`, { method: "POST", body });
    cell.removeAttribute("aria-busy");
    if (answer.ok) return done(answer.data, document.activeElement === document.body || table().contains(document.activeElement));
    toast(answer.data.detail || t("failed"), { tone: "bad" });
    if (answer.status === 412) return refresh();
    focus(cell);
    if (answer.status === 422 && !field.matches("select, div")) edit(cell, values[0]);
  }

  async function done(data, isHere = true) {
    undoUrl = data.undo || "";
    toast(data.text, { undo: data.undo || undefined });
    await refresh(isHere);
  }

  async function undo() {
    const url = undoUrl;
    undoUrl = "";
    const answer = await json(url, { method: "POST" });
    toast(answer.ok ? answer.data.text : answer.data.detail || t("failed"), { tone: answer.ok ? "ok" : "bad" });
    await refresh();
  }

  /* ---- folding ---- */
  const keyOf = (row) => row.dataset.id || `group:${row.textContent.trim().replace(/\d+$/, "").trim()}`;
  function fold() {
    let limit = Infinity;
    let isGroupFolded = false;
    for (const row of rows()) {
      const isFolded = folded.has(keyOf(row));
      row.querySelector("button.fold")?.setAttribute("aria-expanded", String(!isFolded));
      if (!row.dataset.id) {
        isGroupFolded = isFolded;
        limit = Infinity;
        continue;
      }
      const depth = Number(row.dataset.depth);
      if (depth <= limit) limit = Infinity;
      row.hidden = isGroupFolded || depth > limit;
      if (!row.hidden && isFolded) limit = depth;
    }
  }

  function toggle(row) {
    const key = keyOf(row);
    if (!folded.delete(key)) folded.add(key);
    sessionStorage.setItem(store, JSON.stringify([...folded]));
    fold();
  }

  /* ---- choosing ---- */
  const boxes = () => [...table().querySelectorAll(".pick input:not([data-all])")];
  function pick(box, isOn = !box?.checked) {
    if (!box) return;
    box.checked = isOn;
    chosen[isOn ? "add" : "delete"](box.value);
    count();
  }

  function count() {
    boxes().forEach((box) => box.closest("tr").toggleAttribute("aria-selected", false));
    boxes().filter((box) => box.checked).forEach((box) => box.closest("tr").setAttribute("aria-selected", "true"));
    const all = table().querySelector("[data-all]");
    if (all) {
      all.checked = boxes().length > 0 && boxes().every((box) => box.checked);
      all.indeterminate = chosen.size > 0 && !all.checked;
    }
    if (bulk) {
      bulk.hidden = !chosen.size;
      bulk.querySelector("[data-count]").textContent = t("selected", { n: chosen.size });
    }
  }

  function onPick(event) {
    const box = event.target.closest(".pick input");
    if (!box) return;
    if (box.matches("[data-all]")) boxes().forEach((one) => pick(one, box.checked));
    else pick(box, box.checked);
  }

  function range(event) {
    const box = event.target.closest(".pick input:not([data-all])");
    if (!box) return;
    if (event.shiftKey && last?.isConnected) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      list.slice(from, to + 1).forEach((one) => pick(one, box.checked));
    }
    last = box;
  }

  /* ---- pointer, quick add, keys of the page ---- */
  function onClick(event) {
    range(event);
    const button = event.target.closest("button.fold");
    if (button) return toggle(button.closest("tr"));
    const cell = event.target.closest("[data-f]");
    if (!cell || editor || event.target.closest("a, button, input, select")) return;
    if (narrow.matches && !cell.dataset.v) return edit(cell); // it says "+ Assignees": one tap is enough
    if (at?.id === cell.closest("tr").dataset.id && at.field === cell.dataset.f && document.activeElement === cell) return edit(cell);
    focus(cell);
  }

  function onDouble(event) {
    const cell = event.target.closest("[data-f]");
    if (cell && !event.target.closest("a")) edit(cell);
  }

  function phaseOfHere() {
    let row = at && table().querySelector(`tr[data-id="${at.id}"]`);
    while (row && !row.classList.contains("group")) row = row.previousElementSibling;
    return row?.dataset.phase || "";
  }

  async function add(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    quick.phase.value = phaseOfHere();
    const answer = await json(quick.action, { method: "POST", body: new FormData(quick) });
    if (!answer.ok) return toast(answer.data.detail || t("failed"), { tone: "bad" });
    quick.title.value = "";
    await done(answer.data, false);
    quick.title.focus();
  }

  function onPageKey(event) {
    if (event.isComposing || event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && undoUrl) {
      event.preventDefault();
      undo();
    } else if (event.key === "c" && quick && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      quick.title.focus();
    }
  }

  root.addEventListener("keydown", onKey);
  root.addEventListener("click", onClick);
  root.addEventListener("dblclick", onDouble);
  root.addEventListener("change", onPick);
  root.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[data-f]");
    if (cell) at = { id: cell.closest("tr").dataset.id, field: cell.dataset.f };
  });
  quick?.addEventListener("submit", add);
  root.querySelector("[data-none]")?.addEventListener("click", () => boxes().forEach((box) => pick(box, false)));
  document.addEventListener("keydown", onPageKey, true);
  const watching = new MutationObserver(() => !editor && arm());
  watching.observe(root, { childList: true });
  arm();
  return () => {
    document.removeEventListener("keydown", onPageKey, true);
    watching.disconnect();
  };
}
