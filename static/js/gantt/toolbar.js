/* The tools above the chart: search, filters, grouping, zoom, what is shown, undo, and the bar of chosen tasks. */
import { NAMED } from "./dates.js";
import { picture } from "./picture.js";

export class Toolbar {
  constructor(gantt) {
    this.gantt = gantt;
    this.el = gantt.el;
    this.$ = (selector) => this.el.querySelector(selector);
    this.all = (selector) => [...this.el.querySelectorAll(selector)];
    this.listen();
  }

  listen() {
    const { gantt } = this;
    const search = this.$("[data-search]");
    search.value = gantt.asked.q;
    search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => gantt.ask({ q: search.value.trim() }), 120);
    });
    search.addEventListener("keydown", (event) => event.key === "ArrowDown" && !event.isComposing && gantt.chart.go(gantt.chart.focus));
    this.all("select[data-ask]").forEach((select) => select.addEventListener("change", () => gantt.ask({ [select.dataset.ask]: select.value })));
    this.all("[data-shows]").forEach((box) => box.addEventListener("change", () => this.showsChanged(box)));
    this.el.addEventListener("click", (event) => this.click(event));
    const help = document.getElementById("gantt-help");
    help.addEventListener("beforetoggle", () => help.children.length || help.append(document.getElementById("gantt-keys").content.cloneNode(true)));
  }

  showsChanged(box) {
    const { chart } = this.gantt;
    chart.shows[box.dataset.shows] = box.checked;
    chart.arrows.svg.style.display = chart.shows.links ? "" : "none";
    chart.redraw();
  }

  click(event) {
    const button = event.target.closest("[data-do]");
    if (!button || !this.el.contains(button)) return;
    ACTS[button.dataset.do]?.(this.gantt, button, this);
  }

  /* ---- choices that depend on the plan ---- */
  load(plan) {
    const { words } = this.gantt;
    const options = (name, rows) => {
      const select = this.$(`select[data-ask=${name}]`);
      const first = select.options[0];
      const one = (value, label) => new Option(label, value);
      select.replaceChildren(first, ...rows.map((row) => one(row[0], row[1])), ...(name === "phase" ? [] : [one("none", words.nobody)]));
    };
    const used = new Set(plan.tasks.map((task) => task.channel));
    options("owner", plan.people);
    options("channel", plan.channels.filter((_, at) => used.has(at)));
    options("phase", plan.phases);
    this.all("select[data-ask]").forEach((select) => (select.value = this.gantt.asked[select.dataset.ask]));
  }

  paint(rows) {
    const { gantt } = this;
    const { asked, plan } = gantt;
    const isFiltered = ["q", "state", "owner", "channel", "phase", "only"].some((name) => asked[name]);
    this.$("[data-do=clear]").hidden = !isFiltered;
    this.all("select[data-ask]").forEach((select) => select.classList.toggle("is-set", Boolean(select.value) && select.dataset.ask !== "group"));
    const count = ["state", "owner", "channel", "phase", "only"].filter((name) => asked[name]).length;
    this.$("[data-filter-count]").textContent = count ? String(count) : "";
    this.$("[data-count]").textContent = isFiltered ? gantt.say("count_of", { n: rows.matches, all: plan.tasks.length }) : gantt.say("count", { n: plan.tasks.length });
    this.all("[data-do=group]").forEach((button) => button.setAttribute("aria-pressed", String((asked.group || "phase") === button.dataset.value)));
    this.all("[data-do=face]").forEach((button) => button.setAttribute("aria-pressed", String((gantt.isList ? "list" : "chart") === button.dataset.value)));
    this.paintZoom();
    this.paintSelection();
  }

  paintZoom() {
    const { scale } = this.gantt.chart;
    this.all("[data-do=zoom]").forEach((button) => button.setAttribute("aria-pressed", String(scale.name === button.dataset.value)));
  }

  paintSelection() {
    const bar = this.$("[data-chosen]");
    const count = this.gantt.chart.selected.size;
    bar.hidden = !count;
    if (count) bar.querySelector("[data-chosen-count]").textContent = this.gantt.say("chosen", { n: count });
  }

  clearButton() {
    const button = this.gantt.pharos.make("button", { class: "btn", type: "button", "data-do": "clear" }, this.gantt.words.clear);
    return button;
  }
}

const ACTS = {
  group: (gantt, button) => gantt.ask({ group: button.dataset.value === "phase" ? "" : button.dataset.value }),
  face: (gantt, button) => gantt.ask({ face: button.dataset.value }),
  zoom: (gantt, button) => {
    gantt.chart.zoom(NAMED[button.dataset.value]);
    gantt.keep();
  },
  "zoom-in": (gantt) => step(gantt, 1),
  "zoom-out": (gantt) => step(gantt, -1),
  fit: (gantt) => {
    gantt.chart.fit();
    gantt.keep();
  },
  today: (gantt) => gantt.chart.toToday(),
  open: (gantt) => gantt.toggleAll(true),
  close: (gantt) => gantt.toggleAll(false),
  clear: (gantt, _button, toolbar) => {
    toolbar.$("[data-search]").value = "";
    toolbar.all("select[data-ask]").forEach((select) => select.dataset.ask !== "baseline" && (select.value = ""));
    gantt.ask({ q: "", state: "", owner: "", channel: "", phase: "", only: "" });
  },
  undo: (gantt) => gantt.changes.undo(),
  redo: (gantt) => gantt.changes.undo("redo"),
  png: (gantt) => picture(gantt),
  later: (gantt) => gantt.changes.shiftChosen(1),
  earlier: (gantt) => gantt.changes.shiftChosen(-1),
  unselect: (gantt) => gantt.clearSelection(),
};

function step(gantt, way) {
  gantt.chart.zoom(gantt.chart.scale.step + way);
  gantt.keep();
}
