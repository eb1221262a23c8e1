/* The rows in sight: as many nodes as fit the window, filled anew while scrolling. A row is never made twice. */
import { Fit } from "./fit.js";
import { FLAG, has, isClosed, isMilestone, isOff, isOverdue } from "./model.js";

const OVER = 2; // rows kept ready above and below the window
const EVEN = 2; // rows filled in a frame before those that nobody sees yet wait for the next one
const LATER = 6; // rows that get in a frame the figures they rushed by without
const [CORNER, EDGE] = [9, 3]; // pixels of a bar that the marks of a critical and of a pinned task take

/* Text of an element, which ends with it. Its node stays: a new one would wake everybody who watches the page for them. */
function write(el, text) {
  const node = el.lastChild;
  if (node?.nodeType !== Node.TEXT_NODE) el.append(text);
  else if (node.data !== text) node.data = text;
}

/* Said once: an attribute written again has its element styled anew. */
function hide(el, is) {
  if (el.hidden !== is) el.hidden = is;
}

export class RowPool {
  constructor(chart) {
    this.chart = chart;
    this.slots = [];
  }

  /* Slots for a window of that height; the row n stands in the slot n mod the number of slots. */
  fit(height) {
    const wanted = Math.ceil(height / this.chart.row) + 2 * OVER + 1;
    while (this.slots.length < wanted) this.slots.push(this.make());
    while (this.slots.length > wanted) this.slots.pop().el.remove();
    this.probe(this.slots[0]);
    this.refresh();
  }

  /* How texts are written in a row, and how much room they have there. */
  probe({ el, name, title, number, bar }) {
    el.hidden = false;
    const room = (depth) => {
      name.style.setProperty("--depth", depth);
      return title.clientWidth - parseFloat(getComputedStyle(title).paddingInlineEnd);
    };
    this.room = room(0);
    this.indent = this.room - room(1);
    const style = getComputedStyle(name);
    const fit = (weight, { fontSize }) => new Fit(`${weight} ${fontSize} ${style.fontFamily}`);
    const counted = getComputedStyle(number);
    const inBar = getComputedStyle(bar);
    this.labelPad = 2 * parseFloat(inBar.textIndent);
    this.fits = { task: fit(400, style), summary: fit(style.getPropertyValue("--medium"), style), group: fit(style.getPropertyValue("--strong"), style), label: fit(400, inBar) };
    this.numbers = counted.display === "none" ? null : fit(400, counted);
  }

  /* The title of a row as far as there is room for it, whole for who cannot see it. */
  title(slot, row, text, kind) {
    const number = row.number ? `${row.number}\u2002` : "";
    const room = this.room - row.depth * this.indent - (this.numbers ? this.numbers.width(number) : 0);
    write(slot.number, number);
    write(slot.title, this.fits[kind].cut(text, room));
    slot.name.setAttribute("aria-label", text);
  }

  /* What a pointer that rests on a row reads: only now, for a title that changes has its element styled anew. */
  hint(slot) {
    slot.title.title = slot.name.ariaLabel;
    slot.who.title = slot.names;
  }

  make() {
    const { make } = this.chart.pharos;
    const part = (name, tag = "span") => make(tag, { class: name });
    const slot = { at: -1, row: null, x: 0 };
    slot.toggle = make("button", { class: "gr-toggle", type: "button", tabindex: "-1" });
    slot.number = part("gr-number");
    slot.title = make("span", { class: "gr-title" }, slot.number);
    slot.who = part("gr-who");
    slot.from = part("gr-day");
    slot.to = part("gr-day");
    slot.days = part("gr-days");
    slot.slack = part("gr-days");
    slot.name = make("div", { class: "gr-name", role: "rowheader" }, slot.toggle, slot.title, slot.who, slot.from, slot.to, slot.days, slot.slack);
    slot.fill = make("i", { class: "gb-fill" });
    slot.bar = make("button", { class: "gb", type: "button", tabindex: "-1" }, slot.fill);
    slot.cell = make("div", { class: "gr-cell", role: "gridcell" }, slot.bar);
    slot.el = make("div", { class: "gr", role: "row" }, slot.name, slot.cell);
    this.chart.body.append(slot.el);
    return slot;
  }

  /* A part that only some rows need. */
  extra(slot, name) {
    if (!slot[name]) {
      slot[name] = this.chart.pharos.make("i", { class: `gb-${name}` });
      slot.cell.append(slot[name]);
    }
    return slot[name];
  }

  refresh() {
    for (const slot of this.slots) slot.at = -1;
    this.draw(Infinity);
  }

  /* Fill the slots of rows that came into sight; all others stay untouched. */
  draw(most = EVEN) {
    const { chart, slots } = this;
    const count = slots.length;
    if (!count) return;
    const first = Math.max(0, Math.min(Math.floor(chart.top / chart.row) - OVER, chart.rows.length - count));
    this.first = first;
    this.last = first + count - 1;
    const missing = this.missing();
    const [late, soon] = [missing.filter((at) => this.inSight(at)), missing.filter((at) => !this.inSight(at))];
    const now = [...late, ...soon.slice(0, Math.max(0, most - late.length))];
    this.isRush = missing.length >= most;
    for (const at of now) this.fill(slots[at % count], at);
    const bare = slots.filter((slot) => slot.isBare);
    const done = missing.length ? [] : bare.slice(0, LATER);
    for (const slot of done) this.tell(slot);
    if (now.length < missing.length || done.length < bare.length) chart.scrolled();
    if (this.stop !== this.tabStop()) for (const slot of slots) if (slot.row) this.focusable(slot);
    this.stop = this.tabStop();
  }

  /* The rows that have no slot yet. */
  missing() {
    const found = [];
    for (let at = this.first; at <= this.last; at += 1) if (this.slots[at % this.slots.length].at !== at) found.push(at);
    return found;
  }

  inSight(at) {
    const { top, height, row } = this.chart;
    return (at + 1) * row > top && at * row < top + height;
  }

  /* The row at which the Tab key enters the chart: the one at hand, or the nearest of those in sight. */
  tabStop() {
    const { chart } = this;
    return Math.max(this.first ?? 0, Math.min(this.last ?? 0, chart.rows.length - 1, chart.focus));
  }

  slotAt(at) {
    return this.slots.find((slot) => slot.at === at && slot.row);
  }

  fill(slot, at) {
    const { chart } = this;
    const row = chart.rows.list[at];
    slot.at = at;
    slot.row = row || null;
    hide(slot.el, !row);
    if (!row) return;
    slot.el.style.top = `${at * chart.row}px`;
    slot.el.setAttribute("aria-rowindex", at + 2);
    slot.el.setAttribute("aria-level", row.depth + 1);
    if (row.hasKids) slot.el.setAttribute("aria-expanded", String(row.isOpen));
    else slot.el.removeAttribute("aria-expanded");
    slot.name.style.setProperty("--depth", row.depth);
    if (row.isGroup) this.fillGroup(slot, row);
    else this.fillTask(slot, row, row.task);
    this.focusable(slot);
  }

  focusable(slot) {
    slot.bar.tabIndex = slot.at === this.tabStop() ? 0 : -1;
  }

  fillGroup(slot, row) {
    const { chart } = this;
    const { dates, words } = chart;
    const title = row.title || words.none;
    slot.el.className = "gr is-group";
    slot.el.removeAttribute("aria-selected");
    this.title(slot, row, title, "group");
    slot.names = "";
    this.figures(slot, String(row.count), row.start, row.end, "", "");
    slot.toggle.setAttribute("aria-label", chart.say(row.isOpen ? "collapse" : "expand", { title }));
    slot.bar.className = `gb gb-group${row.wave ? " is-wave" : ""}${row.isFrame ? " is-frame" : ""}`;
    slot.bar.setAttribute("aria-label", chart.say("group_label", { title, n: row.count, start: dates.say(row.start, "full"), end: dates.say(row.end, "full"), progress: row.progress }));
    this.placeCell(slot, row.start, row.end);
    slot.fill.style.width = `${row.progress}%`;
    write(slot.bar, "");
    this.frame(slot, row);
    for (const name of ["base", "tail", "deadline"]) if (slot[name]) hide(slot[name], true);
  }

  /* The frame of a phase, where it is not the span of its tasks. */
  frame(slot, row) {
    const [start, end] = row.frame || [0, 0];
    const is = Boolean(row.frame) && !row.isFrame && (start !== row.start || end !== row.end);
    if (!is && !slot.frame) return;
    const part = this.extra(slot, "frame");
    hide(part, !is);
    if (is) this.place(slot, part, start, end);
  }

  /* What stands beside the title. Where several rows come in a frame nobody reads it, so that it follows when they rest. */
  figures(slot, who, start, end, duration, slack) {
    const { dates } = this.chart;
    slot.figures = [who, start ? dates.say(start) : "", end ? dates.say(end) : "", duration, slack];
    this.tell(slot, this.isRush);
  }

  tell(slot, isBare = false) {
    const { who, from, to, days, slack } = slot;
    for (const [n, part] of [who, from, to, days, slack].entries()) write(part, isBare ? "" : slot.figures[n]);
    slot.isBare = isBare;
  }

  fillTask(slot, row, task) {
    const { chart } = this;
    const names = chart.plan.name(task);
    const isSummary = has(task, FLAG.summary) || task.kids.length > 0;
    slot.el.className = `gr${row.faint ? " is-faint" : ""}${isSummary ? " is-summary" : ""}${isClosed(task) ? " is-closed" : ""}`;
    slot.el.setAttribute("aria-selected", String(chart.selected.has(task.id)));
    this.title(slot, row, task.title, isSummary ? "summary" : "task");
    const who = names.length ? chart.initials(names[0]) + (names.length > 1 ? `+${names.length - 1}` : "") : "";
    slot.names = names.join(", ");
    this.figures(slot, who, task.start, task.end, isMilestone(task) ? "◆" : task.kids.length ? "" : String(task.duration), task.float == null || isClosed(task) ? "" : String(task.float));
    slot.slack.classList.toggle("is-none", task.float != null && task.float <= 0 && !isClosed(task));
    if (row.hasKids) slot.toggle.setAttribute("aria-label", chart.say(row.isOpen ? "collapse" : "expand", { title: task.title }));
    this.bar(slot, task);
  }

  bar(slot, task) {
    const { chart } = this;
    const { bar } = slot;
    bar.className = this.look(task);
    bar.setAttribute("aria-label", this.spoken(task));
    hide(bar, !task.start);
    slot.fill.style.width = `${task.progress}%`;
    if (slot.frame) hide(slot.frame, true);
    if (task.start) {
      this.placeCell(slot, task.start, task.end, isMilestone(task));
      write(slot.bar, this.label(task));
    }
    this.below(slot, task);
  }

  /* The title in a bar, as far as the bar is long. */
  label(task) {
    const width = (task.end - task.start + 1) * this.chart.scale.px;
    if (isMilestone(task) || task.kids.length || width <= 64) return "";
    return this.fits.label.cut(task.title, width - this.labelPad - (this.isCritical(task) ? CORNER : 0) - (has(task, FLAG.pinned) ? EDGE : 0));
  }

  isCritical(task) {
    return has(task, FLAG.critical) && this.chart.shows.critical && !isClosed(task);
  }

  /* What stands under or behind a bar: baseline, projected tail, deadline. */
  below(slot, task) {
    const { chart } = this;
    const show = (name, is, start, end) => {
      if (!is && !slot[name]) return;
      const part = this.extra(slot, name);
      hide(part, !is);
      if (is) this.place(slot, part, start, end);
    };
    show("base", Boolean(task.baseEnd) && chart.shows.baseline, task.baseStart, task.baseEnd);
    slot.base?.classList.toggle("is-point", isMilestone(task));
    show("tail", !isClosed(task) && task.projected > task.end && task.end > 0, task.end + 1, task.projected);
    show("deadline", task.deadline > 0 && !isClosed(task), task.deadline, task.deadline);
    slot.deadline?.classList.toggle("is-missed", isOff(task));
  }

  look(task) {
    const { chart } = this;
    const looks = ["gb", `is-${task.state}`];
    if (isMilestone(task)) looks.push("is-milestone");
    if (task.kids.length) looks.push("gb-summary");
    if (this.isCritical(task)) looks.push("is-critical");
    if (has(task, FLAG.fixed)) looks.push("is-fixed");
    if (has(task, FLAG.pinned)) looks.push("is-pinned");
    if (has(task, FLAG.problem) || task.state === "blocked") looks.push("has-problem");
    if (isOff(task)) looks.push("is-off");
    else if (isOverdue(task, chart.today)) looks.push("is-overdue");
    if (chart.saving.has(task.id)) looks.push("is-saving");
    if (chart.selected.has(task.id)) looks.push("is-selected");
    return looks.join(" ");
  }

  spoken(task) {
    const { dates, words } = this.chart;
    const say = (day) => dates.say(day, "full");
    const parts = [task.title, words.kinds[task.kind], words.states[task.state]];
    parts.push(isMilestone(task) ? say(task.start) : `${say(task.start)} – ${say(task.end)}`, `${task.progress}%`);
    parts.push(...this.chart.plan.name(task));
    if (has(task, FLAG.critical)) parts.push(words.critical);
    if (has(task, FLAG.problem)) parts.push(words.problem);
    if (isOff(task)) parts.push(words.late);
    if (task.float != null) parts.push(this.chart.say("float_label", { n: task.float }));
    if (task.into.length || task.out.length) parts.push(this.chart.say("links_label", { before: task.into.length, after: task.out.length }));
    return parts.join(", ");
  }

  /* The cell stands where the bar does, so that the look of bars is the same wherever they are and is worked out once. */
  placeCell(slot, start, end, isPoint = false) {
    const { scale } = this.chart;
    slot.x = isPoint ? scale.x(start + 0.5) : scale.x(start);
    slot.cell.style.left = `${slot.x}px`;
    slot.cell.style.width = isPoint ? "" : `${this.width(start, end)}px`;
  }

  place(slot, part, start, end) {
    part.style.left = `${this.chart.scale.x(start) - slot.x}px`;
    part.style.width = `${this.width(start, end)}px`;
  }

  width(start, end) {
    const { scale } = this.chart;
    return Math.max(3, scale.x(end + 1) - scale.x(start));
  }

  /* Selection, saving and focus change classes only. */
  restyle() {
    for (const slot of this.slots) {
      if (!slot.row) continue;
      this.focusable(slot);
      const { task } = slot.row;
      if (!task) continue;
      slot.bar.className = this.look(task);
      slot.el.setAttribute("aria-selected", String(this.chart.selected.has(task.id)));
    }
  }
}
