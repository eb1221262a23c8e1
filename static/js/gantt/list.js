/* The plan on a phone: rows with dates, state and a small bar, as many nodes as the window needs. */
import { FLAG, has, isMilestone, isOff, isOverdue } from "./model.js";

const ROW = 64;
const OVER = 4;

export class PhoneList {
  constructor(gantt) {
    this.gantt = gantt;
    this.box = gantt.el.querySelector("[data-list]");
    this.inner = gantt.pharos.make("div", { class: "gl-inner" });
    this.box.replaceChildren(this.inner);
    this.slots = [];
    this.box.addEventListener("scroll", () => {
      this.frame ||= requestAnimationFrame(() => {
        this.frame = 0;
        this.draw();
      });
    }, { passive: true });
    new ResizeObserver(() => this.rows && this.fit()).observe(this.box);
  }

  show(rows) {
    this.rows = rows;
    [this.first, this.last] = this.gantt.plan.span(this.gantt.chart.today);
    this.inner.style.height = `${rows.length * ROW}px`;
    this.fit();
  }

  fit() {
    const wanted = Math.min(60, Math.ceil(this.box.clientHeight / ROW) + 2 * OVER);
    while (this.slots.length < wanted) this.slots.push(this.make());
    while (this.slots.length > wanted) this.slots.pop().el.remove();
    for (const slot of this.slots) slot.at = -1;
    this.draw();
  }

  make() {
    const { make } = this.gantt.pharos;
    const slot = { at: -1 };
    slot.title = make("b", { class: "clip" });
    slot.state = make("span", { class: "gl-state" });
    slot.days = make("small", {});
    slot.bar = make("i", { class: "gl-bar" });
    slot.done = make("i", { class: "gl-done" });
    slot.now = make("i", { class: "gl-now" });
    slot.el = make("button", { class: "gl-row", type: "button" }, make("span", { class: "gl-line" }, slot.title, slot.state), make("span", { class: "gl-line" }, slot.days, make("span", { class: "gl-track" }, slot.bar, slot.done, slot.now)));
    slot.el.addEventListener("click", () => this.press(slot.row));
    this.inner.append(slot.el);
    return slot;
  }

  press(row) {
    if (row.isGroup) this.gantt.toggle(row);
    else this.gantt.open(row.task);
  }

  toOpen() {
    this.box.scrollTop = this.gantt.chart.openTop(ROW, this.box.clientHeight);
  }

  draw() {
    const count = this.slots.length;
    if (!count || !this.rows) return;
    const first = Math.max(0, Math.min(Math.floor(this.box.scrollTop / ROW) - OVER, this.rows.length - count));
    for (let at = first; at < first + count; at += 1) {
      const slot = this.slots[at % count];
      if (slot.at !== at) this.fill(slot, at);
    }
  }

  fill(slot, at) {
    const row = this.rows.list[at];
    slot.at = at;
    slot.row = row;
    slot.el.hidden = !row;
    if (!row) return;
    slot.el.style.transform = `translateY(${at * ROW}px)`;
    slot.el.style.setProperty("--depth", row.depth);
    if (row.isGroup) this.group(slot, row);
    else this.task(slot, row.task);
  }

  group(slot, row) {
    const { gantt } = this;
    slot.el.className = "gl-row is-group";
    slot.el.setAttribute("aria-expanded", String(row.isOpen));
    slot.title.textContent = [row.number, row.title || gantt.words.none].filter(Boolean).join(" ");
    slot.state.textContent = `${row.count} · ${row.progress}%`;
    slot.state.className = "gl-state";
    this.bar(slot, row.start, row.end, row.progress);
  }

  task(slot, task) {
    const { gantt } = this;
    const { today } = gantt.chart;
    const isBad = isOff(task) || has(task, FLAG.problem) || task.state === "blocked";
    slot.el.className = `gl-row${isMilestone(task) ? " is-milestone" : ""}${has(task, FLAG.critical) ? " is-critical" : ""}`;
    slot.el.removeAttribute("aria-expanded");
    slot.title.textContent = task.title;
    slot.state.textContent = isOff(task) ? gantt.words.late : gantt.words.states[task.state];
    slot.state.className = `gl-state is-${isBad ? "bad" : isOverdue(task, today) ? "warn" : task.state}`;
    this.bar(slot, task.start, task.end, task.progress);
  }

  bar(slot, start, end, progress) {
    const all = this.last - this.first + 1;
    const share = (day) => ((day - this.first) / all) * 100;
    slot.days.textContent = this.gantt.chart.dates.span(start, end);
    slot.bar.hidden = slot.done.hidden = !start;
    slot.bar.style.insetInlineStart = slot.done.style.insetInlineStart = `${share(start)}%`;
    slot.bar.style.width = `${Math.max(1.5, share(end + 1) - share(start))}%`;
    slot.done.style.width = `${(Math.max(1.5, share(end + 1) - share(start)) * progress) / 100}%`;
    slot.now.style.insetInlineStart = `${share(this.gantt.chart.today)}%`;
  }
}
