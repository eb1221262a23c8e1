/* The two lines of dates above the chart, and the days off, weeks and today behind it: redrawn for a stretch at a time. */
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 400; // pixels drawn beyond the window on both sides

export class Axis {
  constructor(chart) {
    this.chart = chart;
    this.labels = { top: [], low: [] };
    this.back = document.createElementNS(SVG, "svg");
    this.back.setAttribute("class", "g-back");
    this.back.setAttribute("aria-hidden", "true");
    this.paths = Object.fromEntries(["off", "line", "month"].map((name) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", `g-${name}`);
      this.back.append(path);
      return [name, path];
    }));
  }

  refresh() {
    this.from = this.to = NaN;
    this.draw();
  }

  draw() {
    const { chart } = this;
    const { left, width } = chart;
    if (left >= this.from && left + width <= this.to) return;
    this.from = Math.max(0, left - MARGIN);
    this.to = Math.min(chart.scale.width, left + width + MARGIN);
    if (left + width > this.to) this.to = left + width;
    const first = chart.scale.day(this.from);
    const last = chart.scale.day(this.to) + 1;
    this.used = { top: 0, low: 0 };
    this.drawLabels(first, last);
    for (const [line, labels] of Object.entries(this.labels)) while (labels.length > this.used[line]) labels.pop().remove();
    this.drawBack(first, last);
  }

  label(line, x, text, look = "") {
    const labels = this.labels[line];
    const at = this.used[line]++;
    if (!labels[at]) labels[at] = this.make(line);
    const el = labels[at];
    el.className = `g-tick g-tick-${line} ${look}`;
    const words = el.firstElementChild || el;
    if (words.firstChild) words.firstChild.data = text;
    else words.append(text);
    el.style.width = "";
    el.style.left = `${x}px`; // not a transform: the words of long stretches are sticky
    return el;
  }

  make(line) {
    const { make } = this.chart.pharos;
    const el = line === "top" ? make("span", {}, make("span", {})) : make("span", {});
    this.chart.axisBox.append(el);
    return el;
  }

  drawLabels(first, last) {
    const { px } = this.chart.scale;
    if (px >= 20) return this.byDay(first, last);
    if (px >= 5) return this.byWeek(first, last);
    if (px >= 2.2) return this.byMonth(first, last);
    this.byQuarter(first, last);
  }

  months(first, last, act, step = 1) {
    const { dates } = this.chart;
    let day = dates.firstOfMonth(first);
    if (step > 1) day = dates.nextMonth(day, -(dates.date(day).getUTCMonth() % step));
    for (; day < last; day = dates.nextMonth(day, step)) act(day, dates.nextMonth(day, step));
  }

  top(first, last) {
    const { dates, scale } = this.chart;
    this.months(first, last, (day, next) => this.stick(this.label("top", scale.x(day), dates.say(day, "month")), day, next));
  }

  /* A label of a long stretch keeps to the left edge of the window while its stretch is in sight. */
  stick(el, day, next) {
    el.style.width = `${(next - day) * this.chart.scale.px}px`;
  }

  byDay(first, last) {
    const { chart } = this;
    this.top(first, last);
    for (let day = first; day <= last; day += 1) {
      const number = chart.dates.date(day).getUTCDate();
      const el = this.label("low", chart.scale.x(day), String(number), `g-tick-day${chart.off.has(day) ? " is-off" : ""}${day === chart.today ? " is-today" : ""}`);
      el.style.width = `${chart.scale.px}px`;
      el.dataset.weekday = chart.dates.say(day, "weekday");
    }
  }

  byWeek(first, last) {
    const { chart } = this;
    this.top(first, last);
    for (let day = first - chart.dates.weekday(first); day <= last; day += 7) {
      const isNow = day <= chart.today && chart.today < day + 7;
      this.label("low", chart.scale.x(day), String(chart.dates.date(day).getUTCDate()), isNow ? "is-now" : "");
    }
  }

  years(first, last) {
    const { dates, scale } = this.chart;
    const year = (day) => dates.date(day).getUTCFullYear();
    let day = dates.nextMonth(dates.firstOfMonth(first), -dates.date(first).getUTCMonth());
    for (; day < last; day = dates.nextMonth(day, 12)) this.stick(this.label("top", scale.x(day), dates.isChinese ? `${year(day)}年` : String(year(day))), day, dates.nextMonth(day, 12));
  }

  byMonth(first, last) {
    const { dates, scale, today } = this.chart;
    this.years(first, last);
    this.months(first, last, (day, next) => {
      this.label("low", scale.x(day), dates.say(day, "shortMonth"), day <= today && today < next ? "is-now" : "");
    });
  }

  byQuarter(first, last) {
    const { dates, scale, today } = this.chart;
    this.years(first, last);
    this.months(first, last, (day, next) => {
      this.label("low", scale.x(day), `Q${Math.floor(dates.date(day).getUTCMonth() / 3) + 1}`, day <= today && today < next ? "is-now" : "");
    }, 3);
  }

  drawBack(first, last) {
    const { chart } = this;
    const { scale, dates } = chart;
    const at = (day) => (scale.x(day) - this.from).toFixed(1);
    let off = "";
    if (scale.px >= 4) for (const [a, b] of chart.off.between(first, last)) off += `M${at(a)} 0H${at(b + 1)}V4000H${at(a)}Z`;
    let line = "";
    if (scale.px >= 20) for (let day = first; day <= last; day += 1) line += `M${at(day)} 0V4000`;
    else if (scale.px >= 5) for (let day = first - dates.weekday(first); day <= last; day += 7) line += `M${at(day)} 0V4000`;
    let month = "";
    this.months(first, last, (day) => (month += `M${at(day)} 0V4000`), scale.px >= 2.2 ? 1 : 3);
    this.paths.off.setAttribute("d", off);
    this.paths.line.setAttribute("d", line);
    this.paths.month.setAttribute("d", month);
    this.back.style.width = `${this.to - this.from}px`;
    this.back.style.transform = `translateX(${this.from}px)`;
  }
}
