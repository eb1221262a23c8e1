/* Dependency lines of the rows in sight: a handful of paths, whatever the number of links. */
import { FLAG, has, isMilestone } from "./model.js";

const SVG = "http://www.w3.org/2000/svg";
const KINDS = ["plain", "critical", "late", "chosen"];
const CHUNK = 12; // rows scrolled before the lines are drawn anew

export class Arrows {
  constructor(chart) {
    this.chart = chart;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "g-arrows");
    this.svg.setAttribute("aria-hidden", "true");
    this.paths = {};
    for (const kind of KINDS) {
      for (const part of ["line", "head"]) {
        const path = document.createElementNS(SVG, "path");
        path.setAttribute("class", `g-${part} is-${kind}`);
        this.svg.append(path);
        this.paths[kind + part] = path;
      }
    }
    this.written = {};
    this.drawn = [];
  }

  refresh() {
    this.key = "";
    this.draw();
  }

  draw() {
    const { chart } = this;
    const { first } = chart.pool;
    const key = `${Math.floor(first / CHUNK)} ${Math.floor(chart.left / 600)}`;
    if (key === this.key) return;
    this.key = key;
    const rows = [Math.max(0, first - CHUNK), Math.min(chart.rows.length, chart.pool.last + CHUNK)];
    this.window = [chart.left - 800, chart.left + chart.width + 1400];
    this.collect(rows);
    this.paint();
  }

  collect([first, last]) {
    const { chart } = this;
    const seen = new Set();
    this.drawn = [];
    for (let at = first; at < last; at += 1) {
      const task = chart.rows.list[at]?.task;
      if (!task) continue;
      for (const link of [...task.into, ...task.out]) {
        if (seen.has(link)) continue;
        seen.add(link);
        const line = this.line(link);
        if (line) this.drawn.push({ link, line });
      }
    }
  }

  paint() {
    const d = Object.fromEntries(KINDS.flatMap((kind) => [[`${kind}line`, ""], [`${kind}head`, ""]]));
    for (const { link, line } of this.drawn) {
      const kind = this.kind(link);
      d[`${kind}line`] += line.d;
      d[`${kind}head`] += line.head;
    }
    for (const [name, text] of Object.entries(d)) this.write(name, text);
  }

  write(name, text) {
    if (this.written[name] === text) return;
    this.written[name] = text;
    this.paths[name].setAttribute("d", text);
  }

  kind(link) {
    if (this.chart.chosenLink && same(this.chart.chosenLink, link)) return "chosen";
    if (link.late) return "late";
    const isCritical = has(link.before, FLAG.critical) && has(link.after, FLAG.critical);
    return isCritical && this.chart.shows.critical ? "critical" : "plain";
  }

  /* The points of a link between two rows that are shown; null where an end is hidden or out of the window. */
  line(link) {
    const { chart } = this;
    const [a, b] = [chart.rows.place.get(link.before.at), chart.rows.place.get(link.after.at)];
    if (a === undefined || b === undefined || !link.before.start || !link.after.start) return null;
    const [from, to] = [this.ends(link.before), this.ends(link.after)];
    const [low, high] = this.window;
    if (Math.max(from.end, to.end) < low || Math.min(from.start, to.start) > high) return null;
    const y = (at) => at * chart.row + chart.middle;
    const points = ROUTES[link.kind](from, to, y(a), y(b), chart);
    return { points, d: path(points), head: head(points) };
  }

  ends(task) {
    const { scale } = this.chart;
    if (isMilestone(task)) {
      const x = scale.x(task.start + 0.5);
      return { start: x - 7, end: x + 7, middle: x, isPoint: true };
    }
    return { start: scale.x(task.start), end: Math.max(scale.x(task.start) + 3, scale.x(task.end + 1)), isPoint: false };
  }

  /* The link whose line passes closest to a point of the body, within a few pixels. */
  near(x, y) {
    let [best, far] = [null, 6];
    for (const { link, line } of this.drawn) {
      for (let n = 1; n < line.points.length; n += 1) {
        const distance = fromPoint(line.points[n - 1], line.points[n], x, y);
        if (distance < far) [best, far] = [link, distance];
      }
    }
    return best;
  }
}

const same = (a, b) => a.before.id === b.before.id && a.after.id === b.after.id;

function fromPoint([x1, y1], [x2, y2], x, y) {
  const [left, right] = x1 < x2 ? [x1, x2] : [x2, x1];
  const [top, bottom] = y1 < y2 ? [y1, y2] : [y2, y1];
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

function path(points) {
  let text = `M${points[0][0].toFixed(1)} ${points[0][1]}`;
  for (let n = 1; n < points.length; n += 1) {
    const [x, y] = points[n];
    text += x === points[n - 1][0] ? `V${y}` : y === points[n - 1][1] ? `H${x.toFixed(1)}` : `L${x.toFixed(1)} ${y}`;
  }
  return text;
}

function head(points) {
  const [x, y] = points.at(-1);
  const [px, py] = points.at(-2);
  if (px === x) {
    const way = y > py ? -5 : 5;
    return `M${x.toFixed(1)} ${y}l-3.5 ${way}h7z`;
  }
  const way = x > px ? -5 : 5;
  return `M${x.toFixed(1)} ${y}l${way} -3.5v7z`;
}

/* Out of the end into the top (or the foot) of what follows, where it starts late enough; else around. */
function fs(from, to, y1, y2, chart) {
  const way = y2 > y1 ? 1 : -1;
  const into = to.isPoint ? to.middle : Math.min(to.start + 6, (to.start + to.end) / 2);
  const edge = y2 - way * (to.isPoint ? 8 : chart.thick / 2 + 1);
  if (into >= from.end) return [[from.end, y1], [into, y1], [into, edge]];
  if (into > from.start && into > from.end - chart.scale.px) return [[into, y1 + way * (chart.thick / 2)], [into, edge]];
  const lane = y2 - way * (chart.row / 2);
  return [[from.end, y1], [from.end + 7, y1], [from.end + 7, lane], [to.start - 9, lane], [to.start - 9, y2], [to.start - 1, y2]];
}

function ss(from, to, y1, y2) {
  const x = Math.min(from.start, to.start) - 9;
  return [[from.start, y1], [x, y1], [x, y2], [to.start - 1, y2]];
}

function ff(from, to, y1, y2) {
  const x = Math.max(from.end, to.end) + 9;
  return [[from.end, y1], [x, y1], [x, y2], [to.end + 1, y2]];
}

function sf(from, to, y1, y2, chart) {
  const lane = y2 - (y2 > y1 ? 1 : -1) * (chart.row / 2);
  return [[from.start, y1], [from.start - 7, y1], [from.start - 7, lane], [to.end + 9, lane], [to.end + 9, y2], [to.end + 1, y2]];
}

const ROUTES = { FS: fs, SS: ss, FF: ff, SF: sf };
