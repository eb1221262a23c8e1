/* The island of the work plan: loads the feed, keeps what was asked for in the address, and joins chart, list and acts. */
import { Changes } from "./change.js";
import { Chart } from "./chart.js";
import { keyboard } from "./keys.js";
import { PhoneList } from "./list.js";
import { Plan, Rows, dashed } from "./model.js";
import { Net } from "./net.js";
import { pointer } from "./pointer.js";
import { Toolbar } from "./toolbar.js";

const KEPT = "pharos-gantt";

class Gantt {
  constructor(el, pharos) {
    this.el = el;
    this.pharos = pharos;
    this.words = JSON.parse(document.getElementById("gantt-words").textContent);
    this.may = el.dataset.mayPlan === "1";
    this.narrow = matchMedia("(max-width: 720px)");
    this.closed = new Set(this.kept().closed || []);
    this.asked = this.read();
    this.placed = new Set();
    this.net = new Net(el, pharos);
    this.chart = new Chart(el, pharos, this.words);
    this.list = new PhoneList(this);
    this.changes = new Changes(this);
    this.toolbar = new Toolbar(this);
    this.chart.onzoom = () => this.toolbar.paintZoom();
    pointer(this);
    keyboard(this);
    this.narrow.addEventListener("change", () => this.face());
    this.start();
  }

  async start() {
    await this.reload({ fresh: true });
    this.stop = this.net.poll(() => this.reload());
    document.addEventListener("task:changed", () => this.reload({ fresh: true }));
    document.body.addEventListener("undone", () => this.reload({ fresh: true }));
  }

  /* ---- what the address asks for ---- */
  read() {
    const query = new URLSearchParams(location.search);
    return Object.fromEntries(["q", "state", "owner", "channel", "phase", "only", "group", "baseline", "face"].map((name) => [name, query.get(name) || ""]));
  }

  ask(changes) {
    Object.assign(this.asked, changes);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(this.asked)) if (value) query.set(name, value);
    history.replaceState(history.state, "", query.size ? `?${query}` : location.pathname);
    if ("baseline" in changes) return this.reload({ fresh: true });
    this.show();
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(`${KEPT}-${this.el.dataset.campaign}`)) || {};
    } catch {
      return {};
    }
  }

  keep() {
    try {
      localStorage.setItem(`${KEPT}-${this.el.dataset.campaign}`, JSON.stringify({ closed: [...this.closed].slice(0, 500), step: this.chart.scale.step }));
    } catch {
      // a browser without storage forgets what was collapsed
    }
  }

  /* ---- data ---- */
  async reload({ fresh = false } = {}) {
    if (this.changes.busy && !fresh) return;
    const answer = await this.net.feed(this.asked.baseline, { fresh });
    if (answer.same) return;
    if (answer.error) return this.failed(answer);
    this.use(new Plan(answer.feed));
  }

  failed({ error, status }) {
    if (this.plan) return status === 401 && this.pharos.toast(error, { tone: "bad" });
    const again = this.pharos.make("button", { class: "btn", type: "button" }, this.words.again);
    again.addEventListener("click", () => this.reload({ fresh: true }));
    this.empty(this.pharos.make("p", {}, error), again);
  }

  empty(...parts) {
    const box = this.el.querySelector("[data-empty]");
    box.hidden = !parts.length;
    if (parts.length) box.replaceChildren(...parts);
  }

  use(plan) {
    const isFirst = !this.plan;
    this.plan = plan;
    if (isFirst && Number.isInteger(this.kept().step)) this.el.dataset.step = this.kept().step;
    this.chart.load(plan, { keep: !isFirst });
    for (const id of this.chart.selected) if (!plan.byId.has(id)) this.chart.selected.delete(id);
    this.toolbar.load(plan);
    this.show();
    this.tellYears();
    if (isFirst) this.first();
    this.el.dispatchEvent(new CustomEvent("gantt:drawn", { bubbles: true }));
  }

  first() {
    this.el.dataset.ready = "1";
    const { chart } = this;
    const wanted = new URLSearchParams(location.hash.slice(1)).get("task");
    const task = wanted && this.plan.byId.get(wanted.replaceAll("-", ""));
    if (task) chart.go(this.chart.rows.at(task), { focus: !this.isList });
  }

  /* List and chart each open where work is left, and later where they were. */
  place() {
    const face = this.el.dataset.face;
    if (this.placed.has(face) || !this.plan.tasks.length) return;
    this.placed.add(face);
    if (this.isList) return this.list.toOpen();
    const { chart } = this;
    chart.measure();
    const [first, last] = this.plan.own(chart.today);
    const isInside = chart.today >= first && chart.today <= last;
    chart.toDay(isInside ? Math.max(first - 2, chart.today - Math.round((0.3 * chart.width) / chart.scale.px)) : first - 2, 0);
    chart.box.scrollTop = chart.openTop(chart.row, chart.height);
  }

  show() {
    const rows = new Rows(this.plan, this.asked, this.closed, this.chart.today);
    this.face(false);
    this.chart.show(rows);
    if (this.isList) this.list.show(rows);
    this.place();
    this.toolbar.paint(rows);
    if (!this.plan.tasks.length) return this.empty(...this.blank());
    this.empty(...(rows.length ? [] : [this.pharos.make("p", {}, this.words.nothing_fits), this.toolbar.clearButton()]));
  }

  blank() {
    const { make } = this.pharos;
    const parts = [make("h2", {}, this.words.empty), make("p", {}, this.words.empty_why)];
    if (this.may && this.el.dataset.createUrl) parts.push(make("a", { class: "btn pri", href: this.el.dataset.createUrl }, this.words.new_task));
    return parts;
  }

  tellYears() {
    const box = this.el.querySelector("[data-years]");
    const years = this.plan.calendar.unpublished;
    box.hidden = !years.length;
    box.querySelector("p").textContent = this.chart.say("unpublished", { years: years.join(", ") });
  }

  /* ---- list or chart ---- */
  get isList() {
    return this.asked.face ? this.asked.face === "list" : this.narrow.matches;
  }

  face(again = true) {
    this.el.dataset.face = this.isList ? "list" : "chart";
    if (again && this.plan) {
      this.chart.measure();
      this.show();
    }
  }

  /* ---- collapse ---- */
  toggle(row, isOpen) {
    if (!row?.hasKids) return false;
    if (isOpen === undefined ? row.isOpen : !isOpen) this.closed.add(row.key);
    else this.closed.delete(row.key);
    this.keep();
    this.show();
    return true;
  }

  toggleAll(isOpen) {
    this.closed = new Set(isOpen ? [] : new Rows(this.plan, this.asked, new Set(), this.chart.today).keysWithKids());
    this.keep();
    this.show();
  }

  /* ---- selection ---- */
  select(task, { only = false } = {}) {
    const { selected } = this.chart;
    const was = selected.has(task.id);
    if (only) selected.clear();
    if (was && !only) selected.delete(task.id);
    else selected.add(task.id);
    this.chart.pool.restyle();
    this.toolbar.paintSelection();
  }

  selectRange(from, to) {
    const [low, high] = from < to ? [from, to] : [to, from];
    for (const row of this.chart.rows.list.slice(low, high + 1)) if (row.task) this.chart.selected.add(row.task.id);
    this.chart.pool.restyle();
    this.toolbar.paintSelection();
  }

  clearSelection() {
    this.chart.selected.clear();
    this.chart.pool.restyle();
    this.toolbar.paintSelection();
  }

  get chosen() {
    return this.plan.tasks.filter((task) => this.chart.selected.has(task.id));
  }

  /* The task beside the chart; on a phone, its page. */
  async open(task) {
    const url = this.el.dataset.taskUrl.replace("00000000-0000-0000-0000-000000000000", dashed(task.id));
    const peek = document.getElementById("peek");
    if (!window.htmx || this.narrow.matches) return location.assign(url);
    peek.opener = document.activeElement;
    peek.hidden = false;
    await window.htmx.ajax("GET", url, { target: "#peek", swap: "innerHTML" });
    peek.querySelector("a, button")?.focus();
  }

  say(key, values) {
    return this.chart.say(key, values);
  }

  /* A word that is read aloud and shown below the chart for a moment. */
  tell(text, { stay = false } = {}) {
    const box = this.el.querySelector("[data-told]");
    clearTimeout(this.telling);
    box.textContent = text;
    box.classList.toggle("is-on", Boolean(text));
    if (text && !stay) this.telling = setTimeout(() => box.classList.remove("is-on"), 2500);
  }
}

export default function gantt(el, pharos) {
  const island = new Gantt(el, pharos);
  el.gantt = island;
  return () => island.stop?.();
}
