/* The chart by mouse, pen and finger: drag, resize, progress, draw a link, pan, choose, pinch. */
import { isMilestone } from "./model.js";

const EDGE = 8;
const START = 4; // pixels before a press becomes a drag
const HOLD = 380; // ms a finger rests before it drags

export function pointer(gantt) {
  const { chart } = gantt;
  new Hands(gantt, chart);
}

class Hands {
  constructor(gantt, chart) {
    Object.assign(this, { gantt, chart, box: chart.box, body: chart.body });
    const { make } = gantt.pharos;
    this.dots = ["start", "end"].map((side) => make("i", { class: `g-dot is-${side}`, "data-dot": side, title: gantt.words.draw_link }));
    this.grip = make("i", { class: "g-grip", "data-grip": true, title: gantt.words.drag_progress });
    this.handles = make("div", { class: "g-handles", hidden: true }, ...this.dots, this.grip);
    this.line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    this.line.setAttribute("class", "g-line is-drawn");
    chart.arrows.svg.append(this.line);
    this.tip = make("div", { class: "tip g-tip", hidden: true });
    chart.overlay.append(this.handles);
    gantt.el.append(this.tip);
    this.listen();
  }

  listen() {
    const { box, body } = this;
    box.addEventListener("click", (event) => this.click(event));
    box.addEventListener("dblclick", (event) => this.double(event));
    body.addEventListener("pointerover", (event) => this.hover(event));
    body.addEventListener("pointerleave", () => !this.drag && (this.handles.hidden = true));
    body.addEventListener("pointermove", (event) => this.cursor(event));
    box.addEventListener("pointerdown", (event) => this.press(event));
    box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    body.addEventListener("touchmove", (event) => (this.drag?.isOn || event.touches.length > 1) && event.cancelable && event.preventDefault(), { passive: false });
    body.addEventListener("contextmenu", (event) => this.drag?.isTouch && event.preventDefault());
    box.addEventListener("touchstart", (event) => this.pinchStart(event), { passive: true });
    box.addEventListener("touchmove", (event) => this.pinch(event), { passive: true });
  }

  /* ---- what lies under the pointer ---- */
  slotOf(target) {
    const el = target.closest?.(".gr");
    return el && this.chart.pool.slots.find((slot) => slot.el === el);
  }

  at(event) {
    const box = this.body.getBoundingClientRect();
    return [event.clientX - box.left - this.chart.names, event.clientY - box.top];
  }

  canMove(task) {
    return this.gantt.may && task && !task.kids.length && task.start > 0;
  }

  edge(event, bar, task) {
    if (isMilestone(task)) return "move";
    const box = bar.getBoundingClientRect();
    const zone = Math.min(EDGE, box.width / 4);
    if (box.right - event.clientX < zone) return "end";
    if (event.clientX - box.left < zone) return "start";
    return "move";
  }

  cursor(event) {
    if (this.drag || event.pointerType === "touch") return;
    const bar = event.target.closest?.(".gb");
    const task = bar && this.slotOf(bar)?.row?.task;
    if (bar) bar.dataset.grab = this.canMove(task) ? (this.edge(event, bar, task) === "move" ? "move" : "size") : "no";
  }

  hover(event) {
    if (this.drag || event.pointerType === "touch") return;
    const slot = this.slotOf(event.target);
    if (slot?.row) this.chart.pool.hint(slot);
    if (!this.gantt.may) return;
    if (event.target.closest(".g-handles")) return;
    const task = event.target.closest(".gb") && slot?.row?.task;
    if (!task || !task.start) return event.target.closest(".gr") === this.hoveredRow ? undefined : (this.handles.hidden = true);
    this.hoveredRow = event.target.closest(".gr");
    this.showHandles(task);
  }

  showHandles(task) {
    const { chart } = this;
    const at = chart.rows.place.get(task.at);
    if (at === undefined) return;
    this.held = task;
    const ends = chart.arrows.ends(task);
    this.handles.hidden = false;
    this.handles.style.transform = `translate(${ends.start}px, ${at * chart.row}px)`;
    this.handles.style.width = `${ends.end - ends.start}px`;
    this.grip.hidden = isMilestone(task) || task.kids.length > 0 || ends.end - ends.start < 26;
    this.grip.style.insetInlineStart = `${task.progress}%`;
  }

  /* ---- clicks ---- */
  click(event) {
    if (this.dragged) return (this.dragged = false);
    const slot = this.slotOf(event.target);
    if (!slot?.row) return this.clickLine(event);
    const { row } = slot;
    if (event.target.closest(".gr-toggle") || (row.isGroup && event.target.closest(".gb, .gr-title"))) {
      this.chart.focus = slot.at;
      return this.gantt.toggle(row);
    }
    if (!row.task) return;
    if (event.target.closest(".gr-title")) return this.gantt.open(row.task);
    if (!event.target.closest(".gb, .gr-name")) return this.clickLine(event);
    this.choose(event, slot, row);
  }

  choose(event, slot, row) {
    if (event.shiftKey && this.chart.focus >= 0) this.gantt.selectRange(this.chart.focus, slot.at);
    else if (event.ctrlKey || event.metaKey) this.gantt.select(row.task);
    else if (this.chart.selected.size) this.gantt.clearSelection();
    this.chart.focus = slot.at;
    this.chart.pool.restyle();
    if (event.target.closest(".gb") && event.pointerType !== "mouse") this.showHandles(row.task);
  }

  double(event) {
    const slot = this.slotOf(event.target);
    if (slot?.row?.task && event.target.closest(".gb, .gr-name")) this.gantt.open(slot.row.task);
  }

  clickLine(event) {
    const [x, y] = this.at(event);
    const link = x > 0 && this.chart.shows.links && this.chart.arrows.near(x, y);
    if (link) this.gantt.changes.editLink(link, [event.clientX, event.clientY]);
  }

  /* ---- drags ---- */
  press(event) {
    if (event.button || this.drag) return;
    const dot = event.target.closest("[data-dot]");
    const bar = event.target.closest(".gb");
    const slot = bar && this.slotOf(bar);
    const task = slot?.row?.task;
    if (dot) this.begin(event, this.linkDrag(this.held, dot.dataset.dot));
    else if (event.target.closest("[data-grip]")) this.begin(event, this.progressDrag(this.held));
    else if (this.canMove(task)) this.begin(event, this.barDrag(task, this.edge(event, bar, task)));
    else if (!bar && !event.target.closest(".gr-name, .g-head") && event.pointerType === "mouse") this.begin(event, this.panDrag());
  }

  begin(event, drag) {
    const isTouch = event.pointerType === "touch";
    this.drag = Object.assign(drag, { x: event.clientX, y: event.clientY, id: event.pointerId, isTouch, isOn: false });
    const stop = new AbortController();
    this.drag.stop = () => stop.abort();
    const on = (name, act) => document.addEventListener(name, act, { signal: stop.signal });
    on("pointermove", (move) => this.moved(move));
    on("pointerup", (up) => this.ended(up, true));
    on("pointercancel", (up) => this.ended(up, false));
    on("keydown", (key) => key.key === "Escape" && this.ended(event, false));
    if (isTouch) this.drag.hold = setTimeout(() => this.on(event), HOLD);
  }

  on(event) {
    const { drag } = this;
    if (!drag || drag.isOn) return;
    drag.isOn = true;
    drag.scrolled = [this.box.scrollLeft, this.box.scrollTop];
    if (drag.isTouch) navigator.vibrate?.(12);
    this.gantt.el.classList.add("is-dragging");
    drag.start?.(event);
  }

  moved(event) {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.id) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
    if (!drag.isOn) {
      if (drag.isTouch && far > 10) return this.ended(event, false);
      if (drag.isTouch || far < START) return;
      this.on(event);
    }
    drag.last = event;
    drag.move(event);
    if (drag.follows) this.follow(event);
  }

  /* Near an edge of the window the chart moves along. */
  follow(event) {
    cancelAnimationFrame(this.following);
    const box = this.box.getBoundingClientRect();
    const push = (value, low, high) => (value < low + 36 ? -1 : value > high - 36 ? 1 : 0);
    const dx = push(event.clientX, box.left + this.chart.names, box.right);
    const dy = this.drag.follows === "both" ? push(event.clientY, box.top + 48, box.bottom) : 0;
    if (!dx && !dy) return;
    this.following = requestAnimationFrame(() => {
      if (!this.drag) return;
      this.box.scrollBy(dx * 14, dy * 14);
      this.drag.move(event);
      this.follow(event);
    });
  }

  ended(event, isKept) {
    const { drag } = this;
    if (!drag || (event.pointerId !== undefined && event.pointerId !== drag.id)) return;
    clearTimeout(drag.hold);
    cancelAnimationFrame(this.following);
    drag.stop();
    this.drag = null;
    this.tip.hidden = true;
    this.gantt.el.classList.remove("is-dragging");
    if (!drag.isOn) return;
    this.dragged = true;
    setTimeout(() => (this.dragged = false));
    drag.end(event, isKept);
  }

  /* How far the pointer went in the body, scrolling included. */
  far(event) {
    const { drag } = this;
    return event.clientX - drag.x + this.box.scrollLeft - drag.scrolled[0];
  }

  say(event, text) {
    this.tip.hidden = false;
    this.tip.textContent = text;
    const width = this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(8, Math.min(event.clientX - width / 2, innerWidth - width - 8))}px`;
    this.tip.style.top = `${Math.max(8, event.clientY - (this.drag?.isTouch ? 76 : 44))}px`;
  }

  /* A bar, or one of its ends. The ghost follows in whole days; working days are the server's matter. */
  barDrag(task, kind) {
    const { chart, gantt } = this;
    let [start, end] = [task.start, task.end];
    let ghost;
    return {
      follows: "days",
      start: () => {
        ghost = gantt.pharos.make("i", { class: `g-ghost is-held${isMilestone(task) ? " is-point" : ""}` });
        chart.overlay.append(ghost);
        this.handles.hidden = true;
        chart.focus = chart.rows.place.get(task.at) ?? chart.focus;
      },
      move: (event) => {
        const days = Math.round(this.far(event) / chart.scale.px);
        if (kind !== "end") start = kind === "start" ? Math.min(task.start + days, task.end) : task.start + days;
        if (kind !== "start") end = kind === "end" ? Math.max(task.end + days, task.start) : task.end + days;
        ghost.style.transform = `translate(${chart.scale.x(start)}px, ${chart.rows.place.get(task.at) * chart.row}px)`;
        ghost.style.width = `${Math.max(6, (end - start + 1) * chart.scale.px)}px`;
        this.say(event, kind === "move" && isMilestone(task) ? chart.dates.say(start, "full") : `${chart.dates.say(start, "full")} – ${chart.dates.say(end, "full")}`);
      },
      end: (_event, isKept) => {
        ghost.remove();
        if (isKept && (start !== task.start || end !== task.end)) gantt.changes.propose(task, kind, start, end);
      },
    };
  }

  progressDrag(task) {
    const { chart, gantt } = this;
    const was = task.progress;
    const ends = chart.arrows.ends(task);
    return {
      move: (event) => {
        const [x] = this.at(event);
        task.progress = Math.max(0, Math.min(100, Math.round(((x - ends.start) / (ends.end - ends.start)) * 20) * 5));
        this.grip.style.insetInlineStart = `${task.progress}%`;
        chart.pool.slotAt(chart.rows.place.get(task.at))?.fill.style.setProperty("width", `${task.progress}%`);
        this.say(event, `${task.progress}%`);
      },
      end: (_event, isKept) => {
        const value = task.progress;
        task.progress = was;
        if (isKept) gantt.changes.progress(task, value);
        else chart.redraw();
      },
    };
  }

  /* From a dot of one bar to another: its left half is its start, its right half its end. */
  linkDrag(task, side) {
    const { chart, gantt } = this;
    const ends = chart.arrows.ends(task);
    const from = [side === "end" ? ends.end : ends.start, chart.rows.place.get(task.at) * chart.row + chart.middle];
    let [target, kind, marked] = [null, "FS", null];
    return {
      follows: "both",
      start: () => gantt.el.classList.add("is-linking"),
      move: (event) => {
        const [x, y] = this.at(event);
        this.line.setAttribute("d", `M${from[0]} ${from[1]}L${x} ${y}`);
        const slot = this.slotOf(document.elementFromPoint(event.clientX, event.clientY) || this.body);
        target = slot?.row?.task && slot.row.task !== task ? slot.row.task : null;
        marked?.classList.remove("is-target");
        marked = target ? slot.el : null;
        marked?.classList.add("is-target");
        if (!target) return (this.tip.hidden = true);
        const goal = chart.arrows.ends(target);
        kind = (side === "end" ? "F" : "S") + (!goal.isPoint && x > (goal.start + goal.end) / 2 && x <= goal.end + 12 ? "F" : "S");
        this.say(event, gantt.say("link_hint", { kind: gantt.words.link_kinds[kind], title: target.title }));
      },
      end: (_event, isKept) => {
        this.line.setAttribute("d", "");
        marked?.classList.remove("is-target");
        gantt.el.classList.remove("is-linking");
        this.handles.hidden = true;
        if (isKept && target) gantt.changes.link(task, target, kind);
      },
    };
  }

  panDrag() {
    let [left, top] = [0, 0];
    return {
      start: () => ([left, top] = this.drag.scrolled),
      move: (event) => this.box.scrollTo(left - (event.clientX - this.drag.x), top - (event.clientY - this.drag.y)),
      end: () => {},
    };
  }

  /* ---- zoom ---- */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.turned = (this.turned || 0) + event.deltaY;
    if (Math.abs(this.turned) < 40) return;
    const way = this.turned > 0 ? -1 : 1;
    this.turned = 0;
    this.zoomAt(event.clientX, way);
  }

  zoomAt(clientX, way) {
    const x = clientX - this.box.getBoundingClientRect().left - this.chart.names;
    this.chart.zoom(this.chart.scale.step + way, Math.max(0, x));
    this.gantt.keep();
  }

  pinchStart(event) {
    if (event.touches.length !== 2) return (this.spread = 0);
    if (this.drag) this.ended({ pointerId: this.drag.id }, false);
    this.spread = apart(event.touches);
  }

  pinch(event) {
    if (event.touches.length !== 2 || !this.spread) return;
    const ratio = apart(event.touches) / this.spread;
    if (ratio < 1.35 && ratio > 0.74) return;
    this.spread = apart(event.touches);
    this.zoomAt((event.touches[0].clientX + event.touches[1].clientX) / 2, ratio > 1 ? 1 : -1);
  }
}

const apart = (touches) => Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);
