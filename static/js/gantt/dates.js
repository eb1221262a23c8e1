/* Days as numbers counted from the feed's epoch, how wide a day is, and how days are said. */
const DAY = 86_400_000;

/* Zoom steps: pixels a day. The four names of the toolbar are the steps of the same index in NAMED. */
export const STEPS = [1.1, 1.7, 2.6, 4, 6.5, 10, 16, 24, 34, 48];
export const NAMED = { quarter: 1, month: 3, week: 5, day: 8 };

export class Dates {
  constructor(epoch, lang) {
    this.base = Date.parse(`${epoch}T00:00:00Z`);
    const say = (options) => new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...options });
    this.isChinese = lang.startsWith("zh");
    this.formats = {
      month: say({ year: "numeric", month: "long" }),
      shortMonth: say({ month: "short" }),
      weekday: say({ weekday: "narrow" }),
      short: say({ month: "short", day: "numeric" }),
      full: say({ year: "numeric", month: "short", day: "numeric", weekday: "short" }),
    };
    this.said = new Map();
  }

  date(day) {
    return new Date(this.base + day * DAY);
  }

  number(iso) {
    return iso ? Math.round((Date.parse(`${iso}T00:00:00Z`) - this.base) / DAY) : 0;
  }

  iso(day) {
    return day ? this.date(day).toISOString().slice(0, 10) : null;
  }

  /* Days come again and again while scrolling: each is put into words once. */
  say(day, format = "short") {
    if (!day) return "–";
    const key = `${format} ${day}`;
    let text = this.said.get(key);
    if (text === undefined) {
      text = this.formats[format].format(this.date(day));
      this.said.set(key, text);
    }
    return text;
  }

  span(start, end) {
    if (!start) return "–";
    return start === end ? this.say(start) : `${this.say(start)} – ${this.say(end)}`;
  }

  /* Monday is 0. */
  weekday(day) {
    return (this.date(day).getUTCDay() + 6) % 7;
  }

  firstOfMonth(day) {
    const date = this.date(day);
    return day - date.getUTCDate() + 1;
  }

  nextMonth(day, months = 1) {
    const date = this.date(day);
    return Math.round((Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) - this.base) / DAY);
  }
}

/* Days off of the plan's calendar, as runs; only for the picture and for steps of the keyboard. */
export class DaysOff {
  constructor(runs) {
    this.runs = runs;
  }

  has(day) {
    let [low, high] = [0, this.runs.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.runs[middle];
      if (day < first) high = middle - 1;
      else if (day > last) low = middle + 1;
      else return true;
    }
    return false;
  }

  /* The next working day from `day` on, towards +1 or -1. */
  step(day, way) {
    let next = day + way;
    for (let tries = 0; tries < 60 && this.has(next); tries += 1) next += way;
    return next;
  }

  between(first, last) {
    return this.runs.filter((run) => run[1] >= first && run[0] <= last);
  }
}

/* Where a day stands on the line: x in pixels from the left edge of the chart. */
export class Scale {
  constructor(first, last, step) {
    Object.assign(this, { first, last });
    this.set(step);
  }

  set(step) {
    this.step = Math.max(0, Math.min(STEPS.length - 1, step));
    this.px = STEPS[this.step];
  }

  x(day) {
    return (day - this.first) * this.px;
  }

  day(x) {
    return Math.floor(x / this.px) + this.first;
  }

  get width() {
    return (this.last - this.first + 1) * this.px;
  }

  get name() {
    return Object.keys(NAMED).reduce((best, name) => (Math.abs(NAMED[name] - this.step) < Math.abs(NAMED[best] - this.step) ? name : best), "week");
  }
}
