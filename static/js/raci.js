/* The responsibility matrix on the sheet of grid.js: a menu per cell, rows and columns that move, a filter, and letters of
   others that arrive while the page is open. */
import { Grid } from "./grid.js";

const POLL = 20_000;
const WAYS = { ArrowUp: ["row", -1], ArrowDown: ["row", 1], ArrowLeft: ["col", -1], ArrowRight: ["col", 1] };
let returnTo = null; // where the person was when the sheet was read anew

class Matrix extends Grid {
  constructor(el, pharos) {
    super(el, pharos);
    this.byKey = new Map([...this.cells.values()].map((cell) => [`${cell.row} ${cell.col}`, cell]));
    for (const cell of this.cells.values()) {
      if (cell.value) this.render(cell);
      if (!el.dataset.saveUrl) this.lock(cell);
    }
    this.menu = el.querySelector(".letter-menu");
    this.menu?.addEventListener("click", (event) => this.choice(event));
    this.menu?.addEventListener("keydown", (event) => this.keyInMenu(event));
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("click", (event) => this.outside(event), { signal });
    document.addEventListener("change", (event) => event.target.matches("[data-only-findings]") && this.filter(), { signal });
    document.addEventListener("htmx:after:swap", () => this.mark(), { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(this.asking) : this.ask()), { signal });
    this.mark();
    this.next();
    this.comeBack();
  }

  lock(cell) {
    cell.readonly = true;
    cell.td.setAttribute("aria-readonly", "true");
  }

  find(row, col) {
    return this.byKey.get(`${row} ${col}`);
  }

  comeBack() {
    if (!returnTo) return;
    const { row, col, top, left } = returnTo;
    returnTo = null;
    Object.assign(this.table.parentElement, { scrollTop: top, scrollLeft: left });
    const cell = this.find(row, col);
    if (cell) this.go(cell);
  }

  /* ---- keys ---- */
  key(event) {
    const way = event.altKey && WAYS[event.key];
    const letter = /^Key([RACI])$/.exec(event.code)?.[1];
    if (way) this.move(...way);
    else if ((event.isComposing || event.keyCode === 229) && letter) this.toggle(letter);
    else return super.key(event);
    event.preventDefault();
    event.stopPropagation();
  }

  press(event) {
    const cell = this.at(event);
    if (cell && event.pointerType === "touch" && cell === this.head) return this.edit(cell);
    super.press(event);
  }

  /* ---- the menu of a cell: Enter, double click, a second touch ---- */
  edit(cell, text) {
    if (!cell || text !== undefined || !this.menu) return;
    if (cell.readonly) return;
    if (cell !== this.head) this.go(cell);
    this.paintMenu();
    this.menu.showPopover();
    const at = cell.td.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    this.menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    this.menu.style.top = `${at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
    this.menu.querySelector("button").focus();
  }

  paintMenu() {
    const { refused } = this.head;
    for (const button of this.menu.querySelectorAll("[data-letter]")) button.setAttribute("aria-pressed", String((this.head.value || "").includes(button.dataset.letter)));
    for (const button of this.menu.querySelectorAll("[data-conflict]")) button.hidden = !refused;
  }

  choice(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { letter, act } = button.dataset;
    if (letter) this.toggle(letter);
    else if (act === "clear") this.write(this.range().flat().map((cell) => [cell, ""]));
    else if (act === "mine") this.insist();
    else if (act === "theirs") this.write([[this.head, this.head.saved ?? ""]]);
    if (letter) this.paintMenu();
    else this.closeMenu();
  }

  keyInMenu(event) {
    const letter = event.key.length === 1 && event.key.toUpperCase();
    if (letter && this.el.dataset.letters.includes(letter)) {
      this.toggle(letter);
      this.paintMenu();
    } else if (event.key === "Tab" || event.key === "Escape") this.closeMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  closeMenu() {
    this.menu.hidePopover();
    this.head.td.focus();
  }

  /* ---- order of rows and columns ---- */
  async move(what, by, key = what === "row" ? this.head.row : this.head.col) {
    const url = this.el.dataset[what === "row" ? "rowsUrl" : "holdersUrl"];
    const ids = what === "row" ? [...this.table.querySelectorAll("tbody tr[data-row]")].map((tr) => tr.dataset.row) : [...this.cols];
    const from = ids.indexOf(key);
    const to = from + by;
    if (!url || from < 0 || to < 0 || to >= ids.length) return;
    ids.splice(to, 0, ...ids.splice(from, 1));
    if (this.dirty.size) await this.save();
    const answer = await this.pharos.json(url, { method: "POST", body: { ids } });
    if (!answer.ok) return this.pharos.toast(answer.data.detail || this.pharos.t("failed"), { tone: "bad" });
    return this.renew();
  }

  outside(event) {
    const mover = event.target.closest?.("[data-move]");
    if (mover) {
      event.preventDefault();
      const by = Number(mover.dataset.by);
      const line = mover.closest("li");
      if (line && by < 0) line.previousElementSibling?.before(line);
      else if (line) line.nextElementSibling?.after(line);
      mover.focus();
      this.move(mover.dataset.move, by, mover.dataset.id);
    }
    const link = event.target.closest?.("[data-finding]");
    const row = link && this.table.querySelector(`tr[data-row="${CSS.escape(link.dataset.finding)}"]`);
    if (!row || row.hidden || !row.offsetParent) return;
    event.preventDefault();
    row.scrollIntoView({ block: "center" });
    const cell = this.cells.get(row.querySelector("td"));
    if (cell) this.go(cell);
  }

  /* Reads the sheet anew; what is not saved yet stays until it is. */
  async renew() {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected || this.dirty.size || !this.el.isConnected) return;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = parsed.getElementById(this.el.id);
    if (!fresh) return location.reload();
    const box = this.table.parentElement;
    const isHere = this.el.contains(document.activeElement);
    returnTo = isHere ? { row: this.head.row, col: this.head.col, top: box.scrollTop, left: box.scrollLeft } : { top: box.scrollTop, left: box.scrollLeft };
    const here = document.importNode(fresh, true);
    this.el.replaceWith(here);
    window.htmx?.process(here);
    here.dispatchEvent(new CustomEvent("grid:saved", { bubbles: true }));
  }

  /* ---- rows with findings ---- */
  mark() {
    const panel = document.getElementById("raci-findings");
    if (!panel) return;
    const found = { block: new Set(), advice: new Set() };
    for (const item of panel.querySelectorAll("[data-rows]")) for (const id of item.dataset.rows.split(" ")) found[item.dataset.severity].add(id);
    for (const tr of this.table.querySelectorAll("tbody tr[data-row]")) {
      tr.classList.toggle("flagged", found.block.has(tr.dataset.row) || found.advice.has(tr.dataset.row));
      tr.classList.toggle("bad", found.block.has(tr.dataset.row));
    }
    this.filter();
  }

  filter() {
    const only = document.querySelector("[data-only-findings]")?.checked;
    let isChanged = false;
    for (const tr of this.table.querySelectorAll("tbody tr")) {
      const isHidden = Boolean(only) && !tr.classList.contains("flagged");
      isChanged ||= tr.hidden !== isHidden;
      tr.hidden = isHidden;
    }
    if (isChanged) this.index();
  }

  /* Only rows that are shown are walked. */
  index() {
    this.rows = [...this.table.tBodies[0].rows].filter((tr) => !tr.hidden && tr.querySelector("td"));
    this.matrix = this.rows.map((tr, r) => [...tr.querySelectorAll("td")].map((td, c) => Object.assign(this.cells.get(td), { r, c })));
    const isShown = this.matrix[this.head?.r]?.includes(this.head);
    if (isShown || !this.matrix.length) return;
    for (const cell of this.selected) this.choose(cell, false);
    this.selected = new Set();
    this.head.td.tabIndex = -1;
    this.anchor = this.head = this.matrix[0][0];
    this.head.td.tabIndex = 0;
  }

  /* ---- what others write ---- */
  next() {
    clearTimeout(this.asking);
    if (!document.hidden && this.el.isConnected && this.el.dataset.feedUrl) this.asking = setTimeout(() => this.ask(), POLL);
  }

  async ask() {
    try {
      const headers = this.etag ? { "If-None-Match": this.etag } : {};
      const answer = await fetch(this.el.dataset.feedUrl, { headers, credentials: "same-origin", cache: "no-store" });
      if ([401, 403, 404].includes(answer.status) || answer.redirected) return;
      if (answer.status === 200 && !this.busy) {
        const data = await answer.json();
        if (data.structure !== this.el.dataset.structure) {
          if (!this.dirty.size && !this.menu?.matches(":popover-open")) return this.renew();
        } else {
          this.etag = answer.headers.get("ETag");
          this.arrive(data.cells);
        }
      }
    } catch {
      /* no connection: the next question may be answered */
    }
    this.next();
  }

  arrive(cells) {
    const now = new Map(cells.map(([row, col, letters]) => [`${row} ${col}`, letters]));
    let isChanged = false;
    for (const [key, cell] of this.byKey) {
      const letters = now.get(key) || null;
      if (letters === cell.saved || this.dirty.has(cell)) continue;
      this.take(cell.row, cell.col, letters);
      cell.td.classList.add("arrived");
      isChanged = true;
    }
    if (isChanged) this.el.dispatchEvent(new CustomEvent("grid:saved", { bubbles: true }));
  }
}

export default function raci(el, pharos) {
  if (!el.querySelector("table td")) return () => {};
  const sheet = new Matrix(el, pharos);
  return () => {
    clearTimeout(sheet.timer);
    clearTimeout(sheet.asking);
    sheet.stop.abort();
    sheet.tip(null);
  };
}
