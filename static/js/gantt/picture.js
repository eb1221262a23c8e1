/* The plan as a picture: what is filtered and unfolded, at the zoom of the screen, painted and handed out as PNG. */
import { FLAG, has, isClosed, isMilestone, isOff } from "./model.js";

const NAMES = 300;
const HEAD = 76;
const ROW = 28;
const MOST = [16_000, 12_000]; // what browsers paint reliably

export async function picture(gantt) {
  await document.fonts.ready;
  const canvas = paint(gantt);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) return gantt.pharos.toast(gantt.words.too_large, { tone: "warn" });
  const link = gantt.pharos.make("a", { href: URL.createObjectURL(blob), download: `${gantt.el.dataset.code} ${gantt.words.title}.png` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function colours(el) {
  const probe = document.createElement("i");
  el.append(probe);
  const found = {};
  for (const name of ["surface", "sunken", "line", "line-2", "ink", "ink-2", "ink-3", "accent", "ok", "bad", "violet", "control"]) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

class Painter {
  constructor(gantt) {
    const { chart } = gantt;
    Object.assign(this, { gantt, chart, ink: colours(gantt.el), rows: chart.rows.list });
    const [first, last] = gantt.plan.span(chart.today);
    this.first = first - 3;
    this.last = last + 6;
    const room = MOST[0] - NAMES;
    this.px = Math.min(chart.scale.px, room / (this.last - this.first));
    this.rows = this.rows.slice(0, Math.floor((MOST[1] - HEAD) / ROW));
    this.width = Math.max(900, NAMES + (this.last - this.first) * this.px);
    this.height = HEAD + this.rows.length * ROW + 12;
    const ratio = Math.min(2, MOST[0] / this.width, MOST[1] / this.height);
    this.canvas = document.createElement("canvas");
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.pen = this.canvas.getContext("2d");
    this.pen.scale(ratio, ratio);
    this.font = getComputedStyle(gantt.el).fontFamily;
  }

  x(day) {
    return NAMES + (day - this.first) * this.px;
  }

  text(words, x, y, { colour = "ink", size = 12, weight = 400, most, align = "start" } = {}) {
    const { pen } = this;
    pen.font = `${weight} ${size}px ${this.font}`;
    pen.fillStyle = this.ink[colour];
    pen.textAlign = align;
    let shown = words;
    while (most && shown.length > 1 && pen.measureText(shown).width > most) shown = `${shown.slice(0, -2)}…`;
    pen.fillText(shown, x, y);
  }

  fill(colour, x, y, width, height, alpha = 1) {
    this.pen.globalAlpha = alpha;
    this.pen.fillStyle = this.ink[colour];
    this.pen.fillRect(x, y, width, height);
    this.pen.globalAlpha = 1;
  }

  line(colour, points, width = 1) {
    const { pen } = this;
    pen.beginPath();
    points.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.strokeStyle = this.ink[colour];
    pen.lineWidth = width;
    pen.stroke();
  }

  all() {
    this.fill("surface", 0, 0, this.width, this.height);
    this.back();
    this.head();
    this.rows.forEach((row, n) => this.row(row, HEAD + n * ROW));
    this.links();
    const now = this.x(this.chart.today + 0.5);
    this.line("accent", [[now, HEAD - 6], [now, this.height]], 1.5);
    this.line("line-2", [[NAMES, 0], [NAMES, this.height]]);
    return this.canvas;
  }

  back() {
    if (this.px < 4) return;
    for (const [a, b] of this.chart.off.between(this.first, this.last)) this.fill("sunken", Math.max(NAMES, this.x(a)), HEAD, (b - a + 1) * this.px, this.height - HEAD);
  }

  head() {
    const { dates } = this.chart;
    this.text(this.gantt.el.dataset.name, 12, 22, { size: 15, weight: 600, most: NAMES - 20 });
    this.text(`${this.gantt.words.title} · ${dates.say(this.chart.today, "full")}`, 12, 42, { colour: "ink-3", most: NAMES - 20 });
    for (let day = dates.firstOfMonth(this.first); day < this.last; day = dates.nextMonth(day)) {
      const x = Math.max(NAMES, this.x(day));
      const room = this.x(dates.nextMonth(day)) - x;
      this.line("line-2", [[x, HEAD - 34], [x, this.height]]);
      if (room > 30) this.text(room > 80 ? dates.say(day, "month") : dates.say(day, "shortMonth"), x + 5, HEAD - 40, { colour: "ink-2", weight: 600, most: room - 6 });
    }
    if (this.px >= 4) for (let day = this.first - dates.weekday(this.first) + 7; day < this.last; day += 7) this.text(String(dates.date(day).getUTCDate()), this.x(day) + 3, HEAD - 10, { colour: "ink-3", size: 11 });
    this.line("line-2", [[0, HEAD], [this.width, HEAD]]);
  }

  row(row, y) {
    const title = row.task ? row.task.title : row.title || this.gantt.words.none;
    this.line("line", [[0, y + ROW], [this.width, y + ROW]]);
    this.text(row.number, 10, y + 18, { colour: "ink-3", size: 11, most: 44 });
    this.text(title, 48 + row.depth * 12, y + 18, { weight: row.isGroup ? 600 : 400, most: NAMES - 58 - row.depth * 12 });
    if (row.isGroup) return row.start && this.fill("ink-2", this.x(row.start), y + 11, (row.end - row.start + 1) * this.px, 6);
    if (row.task.start) this.bar(row.task, y);
  }

  bar(task, y) {
    const { pen } = this;
    if (task.baseEnd) this.fill("control", this.x(task.baseStart), y + 23, Math.max(3, (task.baseEnd - task.baseStart + 1) * this.px), 3, 0.7);
    if (isMilestone(task)) return this.diamond(this.x(task.start + 0.5), y + 13);
    const [x, width] = [this.x(task.start), Math.max(3, (task.end - task.start + 1) * this.px)];
    const colour = isOff(task) ? "bad" : task.state === "done" ? "ok" : task.state === "cancelled" ? "ink-3" : "accent";
    pen.globalAlpha = 1;
    this.fill(colour, x, y + 5, width, 16, 0.22);
    this.fill(colour, x, y + 5, (width * task.progress) / 100, 16, 0.55);
    pen.strokeStyle = has(task, FLAG.critical) && !isClosed(task) ? this.ink.ink : this.ink[colour];
    pen.lineWidth = has(task, FLAG.critical) && !isClosed(task) ? 1.6 : 1;
    pen.strokeRect(x + 0.5, y + 5.5, width - 1, 15);
    if (width > 60) this.text(task.title, x + 6, y + 17, { size: 11, most: width - 10 });
  }

  diamond(x, y) {
    const { pen } = this;
    pen.beginPath();
    pen.moveTo(x, y - 7);
    pen.lineTo(x + 7, y);
    pen.lineTo(x, y + 7);
    pen.lineTo(x - 7, y);
    pen.closePath();
    pen.fillStyle = this.ink.violet;
    pen.fill();
  }

  links() {
    const at = new Map(this.rows.map((row, n) => [row.task, HEAD + n * ROW + 13]));
    for (const link of this.gantt.plan.links) {
      const [y1, y2] = [at.get(link.before), at.get(link.after)];
      if (!y1 || !y2 || !link.before.start || !link.after.start || !this.chart.shows.links) continue;
      const from = link.kind[0] === "F" ? this.x(link.before.end + 1) : this.x(link.before.start);
      const to = link.kind[1] === "S" ? this.x(link.after.start) : this.x(link.after.end + 1);
      const out = from + (link.kind[0] === "F" ? 5 : -5);
      const lane = y2 - Math.sign(y2 - y1) * (ROW / 2);
      this.line(link.late ? "bad" : "control", [[from, y1], [out, y1], [out, lane], [to - 6, lane], [to - 6, y2], [to, y2]]);
    }
  }
}

export function paint(gantt) {
  return new Painter(gantt).all();
}
