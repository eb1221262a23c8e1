/* The rows in sight: as many nodes as fit the window, filled anew while scrolling. A row is never made twice. */
import { FLAG, has, isClosed, isMilestone, isOff, isOverdue } from "./model.js";

const OVER = 2; // rows kept ready above and below the window

/* Text of a node that stays: a new text node would wake everybody who watches the page for new nodes. */
function write(el, text) {
  if (!el.firstChild) el.append(text);
  else if (el.firstChild.data !== text) el.firstChild.data = text;
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
    this.refresh();
  }

  make() {
    const { make } = this.chart.pharos;
    const part = (name, tag = "span") => make(tag, { class: name });
    const slot = { at: -1, row: null };
    slot.toggle = make("button", { class: "gr-toggle", type: "button", tabindex: "-1" });
    slot.title = part("gr-title");
    slot.who = part("gr-who");
    slot.from = part("gr-day");
    slot.to = part("gr-day");
    slot.days = part("gr-days");
    slot.slack = part("gr-days");
    slot.name = make("div", { class: "gr-name", role: "rowheader" }, slot.toggle, slot.title, slot.who, slot.from, slot.to, slot.days, slot.slack);
    slot.fill = make("i", { class: "gb-fill" });
    slot.label = part("gb-label");
    slot.bar = make("button", { class: "gb", type: "button", tabindex: "-1" }, slot.fill, slot.label);
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
    this.draw();
  }

  /* Fill the slots of rows that came into sight; all others stay untouched. */
  draw() {
    const { chart, slots } = this;
    const count = slots.length;
    if (!count) return;
    const first = Math.max(0, Math.min(Math.floor(chart.top / chart.row) - OVER, chart.rows.length - count));
    for (let at = first; at < first + count; at += 1) {
      const slot = slots[at % count];
      if (slot.at !== at) this.fill(slot, at);
    }
    this.first = first;
    this.last = first + count - 1;
    if (this.stop !== this.tabStop()) for (const slot of slots) if (slot.row) this.focusable(slot);
    this.stop = this.tabStop();
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
    slot.el.hidden = !row;
    if (!row) return;
    slot.el.style.transform = `translateY(${at * chart.row}px)`;
    slot.el.setAttribute("aria-rowindex", at + 2);
    slot.el.setAttribute("aria-level", row.depth + 1);
    if (row.hasKids) slot.el.setAttribute("aria-expanded", String(row.isOpen));
    else slot.el.removeAttribute("aria-expanded");
    slot.toggle.hidden = !row.hasKids;
    slot.name.style.setProperty("--depth", row.depth);
    slot.title.dataset.number = row.number;
    if (row.isGroup) this.fillGroup(slot, row);
    else this.fillTask(slot, row, row.task);
    if (slot.title.title !== slot.title.textContent) slot.title.title = slot.title.textContent;
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
    write(slot.title, title);
    write(slot.who, String(row.count));
    slot.who.title = "";
    this.days(slot, row.start, row.end, "", "");
    slot.toggle.setAttribute("aria-label", chart.say(row.isOpen ? "collapse" : "expand", { title }));
    slot.bar.className = `gb gb-group${row.wave ? " is-wave" : ""}${row.isFrame ? " is-frame" : ""}`;
    slot.bar.setAttribute("aria-label", chart.say("group_label", { title, n: row.count, start: dates.say(row.start, "full"), end: dates.say(row.end, "full"), progress: row.progress }));
    this.place(slot.bar, row.start, row.end);
    slot.fill.style.width = `${row.progress}%`;
    write(slot.label, "");
    this.frame(slot, row);
    for (const name of ["base", "tail", "deadline"]) if (slot[name]) slot[name].hidden = true;
  }

  /* The frame of a phase, where it is not the span of its tasks. */
  frame(slot, row) {
    const [start, end] = row.frame || [0, 0];
    const is = Boolean(row.frame) && !row.isFrame && (start !== row.start || end !== row.end);
    if (!is && !slot.frame) return;
    const part = this.extra(slot, "frame");
    part.hidden = !is;
    if (is) this.place(part, start, end);
  }

  days(slot, start, end, duration, slack) {
    const { dates } = this.chart;
    write(slot.from, start ? dates.say(start) : "");
    write(slot.to, end ? dates.say(end) : "");
    write(slot.days, duration);
    write(slot.slack, slack);
  }

  fillTask(slot, row, task) {
    const { chart } = this;
    const names = chart.plan.name(task);
    slot.el.className = `gr${row.faint ? " is-faint" : ""}${has(task, FLAG.summary) || task.kids.length ? " is-summary" : ""}${isClosed(task) ? " is-closed" : ""}`;
    slot.el.setAttribute("aria-selected", String(chart.selected.has(task.id)));
    write(slot.title, task.title);
    write(slot.who, names.length ? chart.initials(names[0]) + (names.length > 1 ? `+${names.length - 1}` : "") : "");
    slot.who.title = names.join(", ");
    this.days(slot, task.start, task.end, isMilestone(task) ? "◆" : task.kids.length ? "" : String(task.duration), task.float == null || isClosed(task) ? "" : String(task.float));
    slot.slack.classList.toggle("is-none", task.float != null && task.float <= 0 && !isClosed(task));
    if (row.hasKids) slot.toggle.setAttribute("aria-label", chart.say(row.isOpen ? "collapse" : "expand", { title: task.title }));
    this.bar(slot, task);
  }

  bar(slot, task) {
    const { chart } = this;
    const { bar } = slot;
    bar.className = this.look(task);
    bar.setAttribute("aria-label", this.spoken(task));
    bar.hidden = !task.start;
    slot.fill.style.width = `${task.progress}%`;
    if (slot.frame) slot.frame.hidden = true;
    if (task.start) {
      this.place(bar, task.start, task.end, isMilestone(task));
      const width = (task.end - task.start + 1) * chart.scale.px;
      write(slot.label, !isMilestone(task) && width > 64 ? task.title : "");
    }
    this.below(slot, task);
  }

  /* What stands under or behind a bar: baseline, projected tail, deadline. */
  below(slot, task) {
    const { chart } = this;
    const show = (name, is, start, end) => {
      if (!is && !slot[name]) return;
      const part = this.extra(slot, name);
      part.hidden = !is;
      if (is) this.place(part, start, end);
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
    if (has(task, FLAG.critical) && chart.shows.critical && !isClosed(task)) looks.push("is-critical");
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
    if (has(task, FLAG.critical)) parts.push(words.critical);
    if (has(task, FLAG.problem)) parts.push(words.problem);
    if (isOff(task)) parts.push(words.late);
    if (task.float != null) parts.push(this.chart.say("float_label", { n: task.float }));
    if (task.into.length || task.out.length) parts.push(this.chart.say("links_label", { before: task.into.length, after: task.out.length }));
    return parts.join(", ");
  }

  place(el, start, end, isPoint = false) {
    const { scale } = this.chart;
    const x = isPoint ? scale.x(start + 0.5) : scale.x(start);
    el.style.left = `${x}px`;
    el.style.width = isPoint ? "" : `${Math.max(3, scale.x(end + 1) - scale.x(start))}px`;
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
