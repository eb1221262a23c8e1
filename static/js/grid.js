/* A spreadsheet over a plain table: the server renders td[data-row][data-col]; here cells are walked, typed into, pasted,
   filled, undone, summed and saved in batches. Figures are exact decimals (scaled BigInt), never floats. */
import { format, parseNumber, parseTsv, scaled, unscaled } from "./sheet_text.js";

const DEBOUNCE = 800;
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/* Rows of one group (a currency) are summed in the foot row of that group; without groups there is one sum. */
const groupOf = (td) => `${td.closest("tr").dataset.group || ""}|`;

export class Grid {
  constructor(el, pharos) {
    Object.assign(this, { el, pharos, undoStack: [], redoStack: [], dirty: new Set(), selected: new Set(), version: el.dataset.version });
    this.table = el.querySelector("table");
    this.kind = el.dataset.kind || "decimal";
    this.places = this.kind === "integer" ? 0 : Number(el.dataset.places ?? 2);
    this.min = el.dataset.min === "" ? null : Number(el.dataset.min ?? 0);
    this.read();
    this.label();
    this.listen();
    this.anchor = this.head = this.first();
    if (this.head) this.head.td.tabIndex = 0;
    this.sumAll();
    this.tell();
    this.showToday();
  }

  /* The sheet opens at today's column, with a little of what came before. */
  showToday() {
    const today = this.table.tHead?.querySelector("th.today");
    const box = this.table.parentElement;
    if (!today || box.scrollWidth <= box.clientWidth) return;
    const pinned = this.table.tHead.querySelector("tr:last-child > .pin")?.offsetWidth || 0;
    box.scrollLeft += today.getBoundingClientRect().left - box.getBoundingClientRect().left - pinned - today.offsetWidth;
  }

  /* ---- reading ---- */
  read() {
    const cell = this.kind === "letters" ? "td" : "td[data-col]";
    this.cols = [...this.table.tHead.querySelectorAll("[data-col]")].map((th) => th.dataset.col);
    this.rows = [...this.table.tBodies].flatMap((body) => [...body.rows]).filter((tr) => tr.querySelector(cell));
    this.cells = new Map();
    this.matrix = this.rows.map((tr, r) => [...tr.querySelectorAll(cell)].map((td, c) => this.cell(td, tr, r, c)));
    const at = (name) => new Map([...this.el.querySelectorAll(`[data-sum-${name}]`)].map((td) => [groupOf(td) + td.getAttribute(`data-sum-${name}`), td]));
    this.colSums = at("col");
    this.allSums = at("all");
  }

  cell(td, tr, r, c) {
    const text = td.dataset.v ?? td.textContent;
    const value = this.kind === "letters" ? this.lettersOf(text) : parseNumber(text) ?? null;
    const one = { td, r, c, row: td.dataset.row || tr.dataset.row, col: td.dataset.col || this.cols[c], value, saved: value, group: groupOf(td), readonly: "readonly" in td.dataset };
    this.cells.set(td, one);
    return one;
  }

  first() {
    return this.matrix.flat().find((cell) => !cell.readonly) || this.matrix[0]?.[0];
  }

  label() {
    const { table } = this;
    table.dataset.kind = this.kind;
    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    table.setAttribute("aria-rowcount", table.rows.length);
    table.setAttribute("aria-colcount", table.rows[0]?.cells.length || 0);
    for (const tr of table.rows) {
      tr.setAttribute("aria-rowindex", tr.rowIndex + 1);
      for (const td of tr.cells) td.setAttribute("aria-colindex", td.cellIndex + 1);
    }
    for (const cell of this.cells.values()) {
      cell.td.tabIndex = -1;
      if (cell.readonly) cell.td.setAttribute("aria-readonly", "true");
    }
    this.status = this.el.querySelector("[data-state]");
    this.status?.setAttribute("role", "status");
    this.sumBox = this.el.querySelector("[data-sum]");
  }

  listen() {
    const on = (name, act) => this.table.addEventListener(name, (event) => act.call(this, event));
    on("keydown", this.key);
    on("pointerdown", this.press);
    on("pointerover", this.drag);
    on("click", this.tap);
    on("dblclick", (event) => this.edit(this.at(event)));
    on("focusin", (event) => this.at(event) && this.tip(this.at(event)));
    on("focusout", () => this.tip(null));
    on("copy", this.copy);
    on("cut", this.copy);
    on("paste", this.paste);
  }

  at(event) {
    return this.cells.get(event.target.closest?.("td"));
  }

  /* ---- walking and choosing ---- */
  go(cell, { extend = false } = {}) {
    if (!cell) return;
    this.head.td.tabIndex = -1;
    this.head = cell;
    if (!extend) this.anchor = cell;
    cell.td.tabIndex = 0;
    cell.td.focus();
    this.showSelection();
  }

  range() {
    const [top, bottom] = [this.anchor.r, this.head.r].sort((a, b) => a - b);
    const [left, right] = [this.anchor.c, this.head.c].sort((a, b) => a - b);
    return this.matrix.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  showSelection() {
    const chosen = new Set(this.anchor === this.head ? [] : this.range().flat());
    for (const cell of this.selected) if (!chosen.has(cell)) this.choose(cell, false);
    for (const cell of chosen) if (!this.selected.has(cell)) this.choose(cell, true);
    this.selected = chosen;
    this.tellSelection();
  }

  choose(cell, isChosen) {
    cell.td.classList.toggle("sel", isChosen);
    cell.td.setAttribute("aria-selected", String(isChosen));
  }

  tellSelection() {
    if (!this.sumBox || this.kind === "letters") return;
    const values = [...this.selected].filter((cell) => cell.value !== null).map((cell) => scaled(cell.value, this.places));
    const sum = values.reduce((a, b) => a + b, 0n);
    const mean = values.length ? sum / BigInt(values.length) : 0n;
    this.sumBox.textContent = values.length > 1 ? this.pharos.t("selection", { n: this.selected.size, sum: format(unscaled(sum, this.places), this.places), mean: format(unscaled(mean, this.places), this.places) }) : "";
  }

  press(event) {
    const cell = this.at(event);
    if (!cell || event.target.matches("input") || event.button) return;
    if (event.pointerType !== "touch") event.preventDefault();
    this.commit();
    this.again = event.pointerType === "touch" && cell === this.head && document.activeElement === cell.td ? cell : null;
    this.go(cell, { extend: event.shiftKey });
  }

  /* A finger has no double click: the second tap on a day opens it. */
  tap(event) {
    if (this.again && this.again === this.at(event)) this.edit(this.again);
    this.again = null;
  }

  drag(event) {
    const cell = this.at(event);
    if (cell && event.buttons === 1 && event.pointerType === "mouse" && !this.input) this.go(cell, { extend: true });
  }

  key(event) {
    const cell = this.at(event);
    if (!cell || event.target.matches("input")) return;
    if (event.isComposing || event.keyCode === 229) return this.edit(cell, "");
    if (this.walk(event, cell) || this.command(event, cell) || this.type(event, cell)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  walk(event, cell) {
    const far = event.ctrlKey || event.metaKey;
    const last = [this.matrix.length - 1, this.matrix[0].length - 1];
    const rtl = getComputedStyle(this.table).direction === "rtl" ? -1 : 1;
    let { r, c } = cell;
    if (event.key in MOVES) {
      const [down, right] = MOVES[event.key];
      r = far && down ? (down > 0 ? last[0] : 0) : r + down;
      c = far && right ? (right * rtl > 0 ? last[1] : 0) : c + right * rtl;
    } else if (event.key === "Home") [r, c] = [far ? 0 : r, 0];
    else if (event.key === "End") [r, c] = [far ? last[0] : r, last[1]];
    else if (event.key === "PageDown" || event.key === "PageUp") r += (event.key === "PageDown" ? 1 : -1) * this.page();
    else if (event.key === "Tab") return this.tab(event, cell);
    else return false;
    const clamp = (value, max) => Math.max(0, Math.min(max, value));
    this.go(this.matrix[clamp(r, last[0])][clamp(c, last[1])], { extend: event.shiftKey });
    return true;
  }

  page() {
    const box = this.table.parentElement;
    return Math.max(1, Math.floor(box.clientHeight / (this.rows[0].offsetHeight || 32)) - 2);
  }

  /* Tab walks the cells in order; from the last one, or after Escape, it leaves the sheet. */
  tab(event, cell) {
    const width = this.matrix[0].length;
    const index = cell.r * width + cell.c + (event.shiftKey ? -1 : 1);
    const next = this.matrix[Math.floor(index / width)]?.[((index % width) + width) % width];
    if (this.leaving || !next) return false;
    this.go(next);
    return true;
  }

  command(event, cell) {
    const key = event.key.toLowerCase();
    this.leaving = event.key === "Escape" || (this.leaving && event.key === "Shift");
    if (event.key === "Escape") return this.go(this.head) ?? true;
    if (event.ctrlKey || event.metaKey) {
      const act = { z: () => (event.shiftKey ? this.redo() : this.undo()), y: () => this.redo(), d: () => this.fill("down"), r: () => this.fill("right"), a: () => this.all(), s: () => this.insist() }[key];
      act?.();
      return Boolean(act);
    }
    if (event.altKey) return false;
    if (event.key === "Delete" || event.key === "Backspace") this.write(this.range().flat().map((one) => [one, ""]));
    else if (event.key === "F2" || event.key === "Enter") this.edit(cell);
    else return false;
    return true;
  }

  type(event, cell) {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (this.kind !== "letters") return this.edit(cell, event.key) ?? true;
    const letter = event.key.toUpperCase();
    if (!(this.el.dataset.letters || "").includes(letter)) return event.key === " ";
    return this.toggle(letter) ?? true;
  }

  /* A letter goes into all chosen cells, or out of them where all have it. */
  toggle(letter) {
    const cells = (this.selected.size ? [...this.selected] : [this.head]).filter((one) => !one.readonly);
    const isOn = cells.every((one) => (one.value || "").includes(letter));
    this.write(cells.map((one) => [one, isOn ? one.value.replace(letter, "") : (one.value || "") + letter]));
  }

  all() {
    this.anchor = this.matrix[0][0];
    this.go(this.matrix.at(-1).at(-1), { extend: true });
  }

  /* ---- editing ---- */
  edit(cell, text) {
    if (!cell || this.input) return;
    if (cell.readonly) return this.pharos.toast(this.pharos.t("readonly"), { tone: "warn" });
    const input = this.pharos.make("input", { inputmode: this.kind === "letters" ? "text" : "decimal", autocomplete: "off", "aria-label": this.nameOf(cell) });
    input.value = text ?? cell.invalid ?? cell.value ?? "";
    cell.td.classList.add("edit");
    cell.td.replaceChildren(input);
    this.input = input;
    this.editing = cell;
    this.quick = text !== undefined;
    input.addEventListener("keydown", (event) => this.keyInEdit(event, cell));
    input.addEventListener("blur", () => this.commit());
    input.focus();
    if (text === undefined) input.select();
  }

  keyInEdit(event, cell) {
    event.stopPropagation();
    if (event.isComposing || event.keyCode === 229) return;
    const step = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1], ...(this.quick ? MOVES : {}) }[event.key];
    if (event.key === "Escape") this.cancel();
    else if (step) {
      this.commit();
      this.go(this.matrix[cell.r + step[0]]?.[cell.c + step[1]] || cell);
    } else return;
    event.preventDefault();
  }

  cancel() {
    const cell = this.editing;
    this.input = this.editing = null;
    this.render(cell);
    this.go(cell);
  }

  commit() {
    if (!this.input) return;
    const [cell, text] = [this.editing, this.input.value];
    this.input = this.editing = null;
    this.write([[cell, text]]);
    this.render(cell);
  }

  nameOf(cell) {
    const head = this.table.tHead?.querySelector(`[data-col="${CSS.escape(cell.col)}"]`);
    return `${this.rows[cell.r].cells[0].textContent.trim()}, ${head?.getAttribute("aria-label") || cell.col}`;
  }

  /* ---- writing: one list of [cell, text] is one step of undo ---- */
  write(pairs) {
    const step = [];
    for (const [cell, text] of pairs) {
      if (cell.readonly) continue;
      const after = this.check(text);
      if (after.value === cell.value && after.invalid === cell.invalid) continue;
      step.push({ cell, before: { value: cell.value, invalid: cell.invalid, error: cell.error }, after });
    }
    if (!step.length) return 0;
    this.undoStack.push(step);
    if (this.undoStack.length > 200) this.undoStack.shift();
    this.redoStack = [];
    this.apply(step, "after");
    return step.length;
  }

  check(text) {
    const { t } = this.pharos;
    const bad = (error) => ({ value: null, invalid: String(text), error });
    if (this.kind === "letters") return this.checkLetters(text, bad);
    const value = parseNumber(text);
    if (value === undefined) return bad(t("invalid_number"));
    if (value === null) return { value };
    if ((value.split(".")[1] || "").length > this.places) return bad(t("too_many_places", { n: this.places }));
    if (this.min !== null && Number(value) < this.min) return bad(t("negative", { min: this.min }));
    return { value };
  }

  checkLetters(text, bad) {
    const value = this.lettersOf(text);
    return value === undefined ? bad(this.pharos.t("invalid_letters", { letters: this.el.dataset.letters })) : { value };
  }

  /* "a / r" -> "RA", in the order of the sheet; nothing -> null, anything else -> undefined. */
  lettersOf(text) {
    const allowed = this.el.dataset.letters || "";
    const wanted = new Set(String(text).normalize("NFKC").toUpperCase().replace(/[\s,;/+、|*–-]/g, ""));
    if ([...wanted].some((letter) => !allowed.includes(letter))) return undefined;
    return [...allowed].filter((letter) => wanted.has(letter)).join("") || null;
  }

  /* What a cell is as text: letters as "R/A". */
  textOf(cell) {
    return cell.invalid ?? (this.kind === "letters" ? [...(cell.value || "")].join("/") : cell.value ?? "");
  }

  apply(step, which) {
    for (const { cell, [which]: state } of step) {
      const before = cell.value;
      Object.assign(cell, { value: state.value, invalid: state.invalid, error: state.error });
      this.addToSums(cell, before);
      if (cell.value === cell.saved && cell.invalid === undefined) this.dirty.delete(cell);
      else this.dirty.add(cell);
      this.render(cell);
    }
    this.showSums(step);
    this.tellSelection();
    this.later();
  }

  undo() {
    const step = this.undoStack.pop();
    if (!step) return;
    this.redoStack.push(step);
    this.apply(step, "before");
    this.go(step[0].cell);
  }

  redo() {
    const step = this.redoStack.pop();
    if (!step) return;
    this.undoStack.push(step);
    this.apply(step, "after");
    this.go(step[0].cell);
  }

  fill(way) {
    const range = this.range();
    const [dr, dc] = way === "down" ? [1, 0] : [0, 1];
    const single = range.length === 1 && range[0].length === 1;
    const one = single ? this.matrix[this.head.r - dr]?.[this.head.c - dc] : null;
    if (single) return one && this.write([[this.head, one.value ?? ""]]);
    this.write(range.flatMap((row) => row.map((cell) => [cell, (way === "down" ? range[0][cell.c - range[0][0].c] : row[0]).value ?? ""])));
  }

  copy(event) {
    if (this.input) return;
    const range = this.range();
    event.clipboardData.setData("text/plain", range.map((row) => row.map((cell) => this.textOf(cell)).join("\t")).join("\r\n"));
    event.preventDefault();
    if (event.type === "cut") this.write(range.flat().map((cell) => [cell, ""]));
  }

  paste(event) {
    if (this.input) return;
    event.preventDefault();
    const block = parseTsv(event.clipboardData.getData("text/plain"));
    const range = this.range();
    const { r, c } = range[0][0];
    const single = block.length === 1 && block[0].length === 1;
    if (single) return this.write(range.flat().map((cell) => [cell, block[0][0]]));
    const pairs = block.flatMap((row, i) => row.map((text, j) => [this.matrix[r + i]?.[c + j], text]));
    const inside = pairs.filter(([cell]) => cell);
    const written = this.write(inside);
    const end = inside.at(-1)?.[0];
    if (end) {
      this.anchor = this.matrix[r][c];
      this.go(end, { extend: true });
    }
    if (inside.length < pairs.length) this.pharos.toast(this.pharos.t("clipped", { n: pairs.length - inside.length }), { tone: "warn" });
    else if (written > 1) this.pharos.toast(this.pharos.t("pasted", { n: written }), { undo: () => this.undo() });
  }

  /* ---- showing ---- */
  render(cell) {
    const { td } = cell;
    if (cell === this.editing) return;
    td.classList.remove("edit");
    td.classList.toggle("dirty", this.dirty.has(cell));
    if (cell.error) td.setAttribute("aria-invalid", "true");
    else td.removeAttribute("aria-invalid");
    if (cell.invalid !== undefined) td.textContent = cell.invalid;
    else if (this.kind === "letters") td.replaceChildren(...[...(cell.value || "")].map((letter) => this.pharos.make("i", { class: `letter ${letter}` }, letter)));
    else td.textContent = cell.value === null ? "" : format(cell.value, this.places);
  }

  tip(cell) {
    this.tipBox?.remove();
    if (!cell?.error) return;
    const box = cell.td.getBoundingClientRect();
    this.tipBox = this.pharos.make("div", { class: "tip", role: "alert" }, cell.error);
    document.body.append(this.tipBox);
    this.tipBox.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 290))}px`;
    this.tipBox.style.top = `${box.bottom + 6}px`;
  }

  /* ---- totals, kept by differences ---- */
  sumAll() {
    if (this.kind === "letters") return;
    this.sums = { row: this.rows.map((tr) => this.based(tr.querySelector("[data-sum-row]"))), col: new Map(), all: new Map() };
    for (const [group, td] of this.allSums) this.sums.all.set(group, this.based(td));
    for (const [key, td] of this.colSums) this.sums.col.set(key, this.based(td));
    for (const cell of this.cells.values()) this.addToSums(cell, null);
    const heads = new Map(this.matrix.map((row) => [row[0].group, row]));
    this.showSums(this.matrix.map((row) => row[0]).concat(...heads.values()).map((cell) => ({ cell })));
  }

  /* What lies outside the shown cells and still belongs to a total. */
  based(td) {
    return scaled(td?.dataset.base || null, this.places);
  }

  addToSums(cell, before) {
    if (!this.sums) return;
    const change = scaled(cell.value, this.places) - scaled(before, this.places);
    this.sums.row[cell.r] += change;
    const add = (sums, key) => sums.set(key, (sums.get(key) || 0n) + change);
    add(this.sums.col, cell.group + cell.col);
    add(this.sums.all, cell.group);
  }

  showSums(step) {
    if (!this.sums) return;
    const show = (number) => format(unscaled(number, this.places), this.places);
    const write = (td, number) => td && (td.textContent = show(number));
    const rest = (td, number) => {
      if (!td) return;
      const left = scaled(td.dataset.budget, this.places) - number;
      td.textContent = show(left);
      td.classList.toggle("neg", left < 0n);
    };
    for (const r of new Set(step.map(({ cell }) => cell.r))) {
      write(this.rows[r].querySelector("[data-sum-row]"), this.sums.row[r]);
      rest(this.rows[r].querySelector("[data-budget]"), this.sums.row[r]);
    }
    for (const col of new Set(step.map(({ cell }) => cell.group + cell.col))) write(this.colSums.get(col), this.sums.col.get(col) || 0n);
    for (const group of new Set(step.map(({ cell }) => cell.group))) {
      write(this.allSums.get(group), this.sums.all.get(group) || 0n);
      rest(this.allSums.get(group)?.closest("tr").querySelector("[data-budget]"), this.sums.all.get(group) || 0n);
    }
  }

  /* ---- saving ---- */
  sendable() {
    return [...this.dirty].filter((cell) => cell.invalid === undefined && !cell.refused);
  }

  later(wait = DEBOUNCE) {
    clearTimeout(this.timer);
    for (const cell of this.dirty) if (cell.refused && cell.refused.value !== cell.value) this.forgive(cell);
    this.tell();
    if (this.sendable().length && this.el.dataset.saveUrl) this.timer = setTimeout(() => this.save(), wait);
  }

  forgive(cell) {
    cell.refused = undefined;
    if (cell.invalid === undefined) cell.error = undefined;
    this.render(cell);
  }

  /* Ctrl+S: what was refused is sent once more, over whatever stands there now. */
  insist() {
    for (const cell of this.dirty) if (cell.refused) this.forgive(cell);
    return this.save();
  }

  async save() {
    clearTimeout(this.timer);
    const batch = this.sendable().map((cell) => ({ cell, value: cell.value }));
    if (!batch.length || this.busy) return;
    this.busy = true;
    this.tell("saving");
    const changes = batch.map(({ cell, value }) => ({ row: cell.row, col: cell.col, value, was: cell.saved }));
    const body = this.version === undefined ? { changes } : { changes, version: Number(this.version) };
    const answer = await this.pharos.json(this.el.dataset.saveUrl, { method: "POST", body });
    this.busy = false;
    if (answer.ok) this.saved(batch, answer.data);
    else this.refused(batch, answer);
  }

  saved(batch, data) {
    this.wait = 0;
    if (data.version !== undefined) this.version = data.version;
    for (const { cell, value } of batch) {
      cell.saved = value;
      if (cell.value === value) this.dirty.delete(cell);
      this.render(cell);
    }
    for (const { row, col, value } of data.cells || []) this.take(row, col, value);
    this.el.dispatchEvent(new CustomEvent("grid:saved", { bubbles: true, detail: data }));
    this.later(0);
  }

  find(row, col) {
    return this.matrix.find((cells) => cells[0]?.row === String(row))?.find((cell) => cell.col === String(col));
  }

  take(row, col, value) {
    const cell = this.find(row, col);
    if (!cell || this.dirty.has(cell)) return;
    const before = cell.value;
    cell.value = cell.saved = this.check(value ?? "").value;
    this.addToSums(cell, before);
    this.showSums([{ cell }]);
    this.render(cell);
  }

  refused(batch, { status, data }) {
    const errors = data.errors || [];
    for (const { row, col, detail, now } of errors) {
      const cell = this.find(row, col);
      if (!cell) continue;
      if (now !== undefined) cell.saved = now;
      cell.refused = { value: cell.value };
      cell.error = detail;
      this.render(cell);
    }
    const marked = errors.some(({ row, col }) => this.find(row, col));
    this.tell("error", status === 409 || status === 412 ? data.detail || this.pharos.t("conflict") : data.detail || this.pharos.t("failed"));
    if (marked && (status === 422 || status === 409) && this.sendable().length) return this.later();
    if (status !== 0 && status < 500) return;
    this.wait = Math.min(60000, (this.wait || 2500) * 2);
    this.timer = setTimeout(() => this.save(), this.wait);
  }

  tell(state, why) {
    const open = this.dirty.size;
    const wrong = [...this.dirty].find((cell) => cell.error);
    const now = state || (wrong ? "error" : open ? "dirty" : "saved");
    this.el.toggleAttribute("data-unsaved", open > 0);
    if (!this.status) return;
    this.status.dataset.state = now;
    const { t } = this.pharos;
    this.status.textContent = { saved: t("saved"), saving: t("saving"), dirty: t("dirty", { n: open }), error: t("save_failed", { why: why || wrong?.error || "" }) }[now];
  }
}

export default function grid(el, pharos) {
  const sheet = new Grid(el, pharos);
  return () => {
    clearTimeout(sheet.timer);
    sheet.tip(null);
  };
}
