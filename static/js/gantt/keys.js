/* The chart by keyboard alone: walk, move, resize, link, choose, zoom. Silent while typing or composing. */
import { isMilestone } from "./model.js";

export function keyboard(gantt) {
  const { chart, el } = gantt;
  el.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, dialog, .g-panel, .menu")) return;
    if (undoKeys(gantt, event) || (event.target.closest("[data-chart]") && press(gantt, event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  chart.box.addEventListener("focusin", (event) => {
    const slot = chart.pool.slots.find((one) => one.el.contains(event.target));
    if (slot && slot.at !== chart.focus) {
      chart.focus = slot.at;
      chart.pool.restyle();
    }
  });
}

function undoKeys(gantt, event) {
  if (!(event.ctrlKey || event.metaKey)) return false;
  const key = event.key.toLowerCase();
  if (key === "z") gantt.changes.undo(event.shiftKey ? "redo" : "undo");
  else if (key === "y") gantt.changes.undo("redo");
  else if (key === "a" && event.target.closest("[data-chart]")) gantt.selectRange(0, gantt.chart.rows.length);
  else return false;
  return true;
}

function press(gantt, event) {
  if (event.ctrlKey || event.metaKey) return false;
  return (gantt.linking && linking(gantt, event)) || walk(gantt, event) || change(gantt, event) || command(gantt, event);
}

/* ---- walking ---- */
function walk({ chart }, event) {
  if (event.altKey) return false;
  const page = Math.max(1, Math.floor(chart.height / chart.row) - 2);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  if (event.key in steps) {
    const from = chart.focus;
    chart.go(from + steps[event.key]);
    if (event.shiftKey) chart.el.gantt.selectRange(from, chart.focus);
  } else if (event.key === "Home") chart.go(0);
  else if (event.key === "End") chart.go(chart.rows.length - 1);
  else return false;
  return true;
}

/* ---- changing ---- */
function change(gantt, event) {
  const task = gantt.chart.focused?.task;
  if (!event.altKey || !task) return false;
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key] || 0;
  const grow = { ArrowUp: 10, ArrowDown: -10 }[event.key] || 0;
  if (!way && !grow) return false;
  if (!gantt.may) return gantt.tell(gantt.words.readonly) ?? true;
  if (task.kids.length) return gantt.tell(gantt.words.summary_moves) ?? true;
  if (grow) gantt.changes.progress(task, Math.round((task.progress + grow) / 10) * 10);
  else if (!event.shiftKey) gantt.changes.nudge(task, "move", way);
  else if (!isMilestone(task)) gantt.changes.nudge(task, "end", way);
  return true;
}

/* ---- commands ---- */
const COMMANDS = {
  Enter: (gantt, row) => (row.task ? gantt.open(row.task) : gantt.toggle(row)),
  " ": (gantt, row) => (row.task ? gantt.select(row.task) : gantt.toggle(row)),
  ArrowRight: (gantt, row) => (row.hasKids && !row.isOpen ? gantt.toggle(row, true) : pan(gantt, 1)),
  ArrowLeft: (gantt, row) => (row.hasKids && row.isOpen ? gantt.toggle(row, false) : up(gantt, row)),
  "]": (gantt, row) => gantt.toggle(row, true),
  "[": (gantt, row) => gantt.toggle(row, false) || up(gantt, row),
  "}": (gantt) => gantt.toggleAll(true),
  "{": (gantt) => gantt.toggleAll(false),
  "+": (gantt) => zoom(gantt, 1),
  "=": (gantt) => zoom(gantt, 1),
  "-": (gantt) => zoom(gantt, -1),
  0: (gantt) => gantt.chart.fit(),
  t: (gantt) => gantt.chart.toToday(),
  b: (gantt, row) => (row.task?.start || row.start) && gantt.chart.toDay(row.task?.start || row.start),
  l: (gantt, row) => row.task && startLink(gantt, row.task),
  "/": (gantt) => gantt.el.querySelector("[data-search]").focus(),
  "?": (gantt) => document.getElementById("gantt-help").showPopover(),
  Escape: (gantt) => gantt.chart.selected.size && gantt.clearSelection(),
};

function command(gantt, event) {
  if (event.altKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const row = gantt.chart.focused;
  const act = COMMANDS[key];
  if (!act || !row) return false;
  if ((key === "Enter" || key === " ") && event.target.closest(".gr-toggle")) return gantt.toggle(row) || true;
  if (key === "Escape" && !gantt.chart.selected.size) return false;
  act(gantt, row);
  if (!["/", "?", "Enter"].includes(key) || row.isGroup) gantt.chart.go(gantt.chart.focus);
  return true;
}

function zoom(gantt, way) {
  const row = gantt.chart.focused;
  const day = row?.task?.start || row?.start;
  gantt.chart.zoom(gantt.chart.scale.step + way, day ? Math.max(0, Math.min(gantt.chart.width, gantt.chart.scale.x(day) - gantt.chart.left)) : undefined);
  gantt.keep();
}

function pan({ chart }, way) {
  chart.box.scrollLeft += way * chart.width * 0.25;
}

function up(gantt, row) {
  const { chart } = gantt;
  for (let at = chart.focus - 1; at >= 0; at -= 1) if (chart.rows.list[at].depth < row.depth) return chart.go(at);
  pan(gantt, -1);
}

/* ---- a link: L on the first task, walk, Enter on the second ---- */
function startLink(gantt, task) {
  if (!gantt.may) return gantt.tell(gantt.words.readonly);
  gantt.linking = task;
  gantt.el.classList.add("is-linking");
  gantt.tell(gantt.say("link_from", { title: task.title }), { stay: true });
}

function linking(gantt, event) {
  if (event.key === "Escape" || event.key === "l") endLink(gantt);
  else if (event.key === "Enter") {
    const [before, after] = [gantt.linking, gantt.chart.focused?.task];
    endLink(gantt);
    if (after) gantt.changes.link(before, after);
  } else return false;
  return true;
}

function endLink(gantt) {
  gantt.linking = null;
  gantt.el.classList.remove("is-linking");
  gantt.tell("");
}
