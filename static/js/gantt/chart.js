/* The chart: one box that scrolls, with the names fixed at its left, the dates at its top, and the rows in sight. */
import { Arrows } from "./arrows.js";
import { Axis } from "./axis.js";
import { Dates, DaysOff, NAMED, STEPS, Scale } from "./dates.js";
import { isClosed } from "./model.js";
import { RowPool } from "./rows.js";

const HEAD = 48;

export class Chart {
  constructor(el, pharos, words) {
    Object.assign(this, { el, pharos, words, focus: 0, top: 0, left: 0, selected: new Set(), saving: new Set(), shows: { critical: true, baseline: true, links: true } });
    const { make } = pharos;
    this.box = el.querySelector("[data-chart]");
    this.axisBox = make("div", { class: "g-axis", "aria-hidden": "true" });
    this.corner = make("div", { class: "g-corner", role: "row", "aria-rowindex": "1" }, ...["title", "who", "start", "finish", "days", "float"].map((name) => make("span", { class: `g-c-${name}`, role: "columnheader", title: words.columns_long[name] }, words.columns[name])));
    this.headBox = make("div", { class: "g-head" }, this.corner, this.axisBox);
    this.today_ = make("i", { class: "g-today", "aria-hidden": "true" });
    this.body = make("div", { class: "g-body", role: "presentation" });
    this.axis = new Axis(this);
    this.arrows = new Arrows(this);
    this.backBox = make("div", { class: "g-back-box" }, this.axis.back);
    this.overlay = make("div", { class: "g-over" });
    this.under = make("div", { class: "g-under" }); // what scrolls by stays behind the names, below the last row too
    this.body.append(this.backBox, this.today_, this.arrows.svg, this.under, this.overlay);
    this.box.replaceChildren(this.headBox, this.body);
    this.pool = new RowPool(this);
    this.rows = { list: [], length: 0, place: new Map(), at: () => -1 };
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.measure()).observe(this.box);
    document.fonts.addEventListener("loadingdone", () => this.measure());
  }

  say(key, values) {
    return (this.words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values?.[name] ?? "");
  }

  initials(name) {
    const known = (this.known ||= new Map());
    if (!known.has(name)) {
      const words = name.trim().split(/\s+/);
      const chinese = name.match(/^[\u4e00-\u9fff·]+/)?.[0];
      known.set(name, chinese ? chinese.slice(-2) : (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase());
    }
    return known.get(name);
  }

  /* ---- data ---- */
  load(plan, { keep = true } = {}) {
    this.plan = plan;
    this.dates ||= new Dates(plan.feed.epoch, this.pharos.lang);
    this.off = new DaysOff(plan.calendar.days_off);
    this.today = this.dates.number(plan.feed.today);
    const [first, last] = plan.span(this.today);
    const start = this.dates.firstOfMonth(first - 10);
    const end = this.dates.nextMonth(this.dates.firstOfMonth(last + 45));
    const middle = this.scale && this.scale.day(this.left);
    if (!this.row) this.measure();
    this.scale = new Scale(start, end, this.scale?.step ?? this.startStep());
    if (keep && middle !== undefined) this.wanted = this.scale.x(middle);
  }

  /* The step of last time; else the whole plan if its months stay readable, else weeks. */
  startStep() {
    if (this.el.dataset.step) return Number(this.el.dataset.step);
    const [first, last] = this.plan.own(this.today);
    const fits = STEPS.findLastIndex((px) => (last - first + 4) * px <= this.width);
    return fits >= NAMED.month - 1 ? Math.min(fits, NAMED.day) : NAMED.week;
  }

  show(rows) {
    const key = this.rows.list[this.focus]?.key;
    this.rows = rows;
    const again = key ? rows.list.findIndex((row) => row.key === key) : -1;
    this.focus = again >= 0 ? again : Math.min(this.focus, Math.max(0, rows.length - 1));
    this.box.setAttribute("aria-rowcount", rows.length + 1);
    this.layout();
  }

  /* ---- sizes ---- */
  measure() {
    const style = getComputedStyle(this.el);
    this.row = parseFloat(style.getPropertyValue("--g-row")) || 32;
    this.thick = parseFloat(style.getPropertyValue("--g-bar")) || 18;
    this.middle = this.row / 2 - 1;
    this.names = this.headBox.firstChild.offsetWidth;
    this.width = Math.max(60, this.box.clientWidth - this.names);
    this.height = Math.max(60, this.box.clientHeight - HEAD);
    if (this.scale) this.layout();
  }

  layout() {
    if (!this.row) this.measure();
    if (!this.row) return;
    const total = `${this.names + this.scale.width}px`;
    this.body.style.width = this.headBox.style.width = total;
    this.body.style.height = `${Math.max(this.height, this.rows.length * this.row)}px`;
    this.backBox.style.height = this.under.style.height = `${this.height}px`;
    this.under.style.marginTop = `-${this.height}px`;
    this.today_.style.transform = `translateX(${this.scale.x(this.today + 0.5)}px)`;
    if (this.wanted !== undefined) {
      this.box.scrollLeft = this.wanted;
      this.wanted = undefined;
    }
    this.read();
    this.pool.fit(this.height);
    this.axis.refresh();
    this.arrows.refresh();
    this.onlayout?.();
  }

  read() {
    this.top = this.box.scrollTop;
    this.left = this.box.scrollLeft;
  }

  scrolled() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.read();
      this.pool.draw();
      this.axis.draw();
      this.arrows.draw();
      this.onscroll?.();
    });
  }

  /* After a change of dates: every row in sight again, and the lines. */
  redraw() {
    this.pool.refresh();
    this.arrows.refresh();
  }

  /* ---- zoom and places ---- */
  zoom(step, at = this.width / 2) {
    const next = Math.max(0, Math.min(STEPS.length - 1, step));
    if (next === this.scale.step) return;
    const day = (this.left + at) / this.scale.px;
    this.scale.set(next);
    this.wanted = Math.max(0, day * this.scale.px - at);
    this.layout();
    this.onzoom?.();
  }

  fit() {
    const [first, last] = this.plan.own(this.today);
    const step = STEPS.findLastIndex((px) => (last - first + 4) * px <= this.width);
    this.scale.set(Math.max(0, step));
    this.wanted = this.scale.x(first - 2);
    this.layout();
    this.onzoom?.();
  }

  toDay(day, share = 0.3) {
    this.box.scrollLeft = Math.max(0, this.scale.x(day) - this.width * share);
    this.scrolled();
  }

  /* Today, and the first row on which work is left. */
  toToday(share = 0.3) {
    this.toDay(this.today, share);
    this.box.scrollTop = this.openTop(this.row, this.height);
  }

  /* How far down rows of a height stand so that the first open task is in sight, with some of what is done above it. */
  openTop(row, height) {
    const at = this.rows.list.findIndex((each) => each.task && !isClosed(each.task));
    return at * row < height / 2 ? 0 : (at - 3) * row;
  }

  /* Bring a row, and its bar, into sight. */
  reveal(at, { bar = true } = {}) {
    const y = at * this.row;
    const spare = Math.min(2 * this.row, this.height / 4); // what lies around it is seen too
    if (y - spare < this.top) this.box.scrollTop = Math.max(0, y - spare);
    else if (y + this.row + spare > this.top + this.height) this.box.scrollTop = y + this.row + spare - this.height;
    const row = this.rows.list[at];
    const [start, end] = row?.task ? [row.task.start, row.task.end] : [row?.start, row?.end];
    if (bar && start) {
      const [x1, x2] = [this.scale.x(start), this.scale.x(end + 1)];
      if (x2 < this.left + 20 || x1 > this.left + this.width - 40) this.box.scrollLeft = Math.max(0, x1 - 80);
    }
    this.read();
    this.pool.draw();
    this.axis.draw();
    this.arrows.draw();
  }

  go(at, { focus = true } = {}) {
    if (!this.rows.length) return;
    this.focus = Math.max(0, Math.min(this.rows.length - 1, at));
    this.reveal(this.focus);
    this.pool.restyle();
    const slot = this.pool.slotAt(this.focus);
    if (!focus || !slot) return;
    if (slot.bar.hidden) slot.toggle.focus({ preventScroll: true });
    else slot.bar.focus({ preventScroll: true });
    this.onfocus?.(this.rows.list[this.focus]);
  }

  get focused() {
    return this.rows.list[this.focus];
  }
}
