/* The plan as the browser knows it: tasks decoded from the feed, their tree, and the rows of a grouping and a filter. */
export const FLAG = { critical: 1, summary: 2, pinned: 4, fixed: 8, problem: 16 };
const CLOSED = new Set(["done", "cancelled"]);

/* 16 bytes each, in base64, as the hex digits of ids with their dashes. */
function unpack(text) {
  const bytes = atob(text || "");
  const ids = [];
  for (let at = 0; at < bytes.length; at += 16) {
    let hex = "";
    for (let n = at; n < at + 16; n += 1) hex += bytes.charCodeAt(n).toString(16).padStart(2, "0");
    ids.push(hex);
  }
  return ids;
}

export const dashed = (id) => id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

function columns(fields, values, count) {
  const found = {};
  fields.forEach((name, n) => {
    const column = values[n];
    found[name] = Array.isArray(column) ? (at) => column[at] : () => column;
  });
  return count ? found : {};
}

export class Plan {
  constructor(feed) {
    this.feed = feed;
    for (const name of ["version", "phases", "people", "channels", "organizations", "calendar", "plan"]) this[name] = feed[name];
    this.tasks = this.read(feed);
    this.links = this.readLinks(feed);
    this.byId = new Map(this.tasks.map((task) => [task.id, task]));
    for (const task of this.tasks) {
      task.up = this.tasks[task.parent] || null;
      (task.up ? task.up.kids : (this.roots ||= [])).push(task);
    }
    this.roots ||= [];
    for (const link of this.links) {
      link.before.out.push(link);
      link.after.into.push(link);
    }
    for (const [at, start, end] of feed.baseline?.tasks || []) Object.assign(this.tasks[at], { baseStart: start, baseEnd: end });
  }

  read(feed) {
    const { count, kinds, states } = feed;
    if (!count) return [];
    const [packed, ...rest] = feed.tasks;
    const ids = unpack(packed);
    const get = columns(feed.fields.slice(1), rest, count);
    const people = (value) => (value === -1 ? [] : Array.isArray(value) ? value : [value]);
    return ids.map((id, at) => {
      const end = get.finish(at);
      return {
        id, at, kids: [], out: [], into: [], baseStart: 0, baseEnd: 0,
        parent: get.parent(at), phase: get.phase(at), kind: kinds[get.kind(at)], title: get.title(at), state: states[get.state(at)],
        start: get.start(at), end, duration: get.duration(at), progress: get.progress(at),
        float: get.total_float(at), freeFloat: get.free_float(at), flags: get.flags(at), projected: get.projected_finish(at) || end,
        organization: get.organization(at), channel: get.channel(at), people: people(get.assignees(at)),
        version: get.lock_version(at), effort: get.effort(at), deadline: get.deadline(at),
      };
    });
  }

  readLinks(feed) {
    const { link_count: count, link_kinds: kinds } = feed;
    if (!count) return [];
    const get = columns(feed.link_fields, feed.links, count);
    return Array.from({ length: count }, (_, at) => ({
      before: this.tasks[get.predecessor(at)], after: this.tasks[get.successor(at)],
      kind: kinds[get.kind(at)], lag: get.lag(at), late: Boolean(get.late(at)),
    }));
  }

  /* First and last day of anything there is to draw, today with it. */
  span(today) {
    return this.reach([today, today]);
  }

  /* First and last day of the plan alone; today where there is no plan. */
  own(today) {
    const [first, last] = this.reach([Infinity, -Infinity]);
    return first <= last ? [first, last] : [today, today];
  }

  reach([first, last]) {
    const widen = (start, end) => {
      if (start && start < first) first = start;
      if (end && end > last) last = end;
    };
    for (const task of this.tasks) {
      widen(task.start, Math.max(task.end, task.projected, task.deadline, task.baseEnd));
      widen(task.baseStart, 0);
    }
    for (const phase of this.phases) widen(phase[2], phase[3]);
    return [first, last];
  }

  name(task) {
    return task.people.map((at) => this.people[at][1]);
  }
}

export const has = (task, flag) => (task.flags & flag) !== 0;
export const isMilestone = (task) => task.kind === "milestone";
export const isClosed = (task) => CLOSED.has(task.state);
export const isOverdue = (task, today) => !isClosed(task) && task.end > 0 && task.end < today;
export const isOff = (task) => task.deadline > 0 && !isClosed(task) && task.projected > task.deadline;

/* ---- filter ---- */
export function filterOf(asked, plan, today) {
  const words = (asked.q || "").trim().toLowerCase().split(/\s+/).filter(Boolean);
  const place = (rows, id) => rows.findIndex((row) => row[0] === id);
  const [person, channel, phase] = [["owner", plan.people], ["channel", plan.channels], ["phase", plan.phases]].map(([name, rows]) => asked[name] && (asked[name] === "none" ? -1 : place(rows, asked[name])));
  const tests = [];
  if (words.length) tests.push((task) => words.every((word) => task.title.toLowerCase().includes(word)));
  if (asked.state) tests.push((task) => task.state === asked.state);
  if (person !== "" && person != null) tests.push((task) => (person === -1 ? !task.people.length : task.people.includes(person)));
  if (channel !== "" && channel != null) tests.push((task) => task.channel === channel);
  if (phase !== "" && phase != null) tests.push((task) => phaseOf(task) === phase);
  const only = {
    critical: (task) => has(task, FLAG.critical),
    overdue: (task) => isOverdue(task, today),
    problem: (task) => has(task, FLAG.problem) || task.state === "blocked",
    late: (task) => isOff(task) || (!isClosed(task) && task.projected > task.end),
    milestone: isMilestone,
    moved: (task) => task.baseEnd > 0 && task.end !== task.baseEnd,
  }[asked.only];
  if (only) tests.push(only);
  return tests.length ? (task) => tests.every((test) => test(task)) : null;
}

function phaseOf(task) {
  let top = task;
  while (top.up) top = top.up;
  return top.phase;
}

/* ---- rows ---- */
export class Rows {
  /* `asked`: group, filter values; `closed`: keys of collapsed rows. */
  constructor(plan, asked, closed, today) {
    Object.assign(this, { plan, closed, list: [], place: new Map() });
    const fits = filterOf(asked, plan, today);
    this.kept = fits ? this.reach(fits) : null;
    this.matches = fits ? plan.tasks.filter(fits).length : plan.tasks.length;
    if (asked.group === "owner" || asked.group === "channel") this.byThing(asked.group, fits);
    else this.byPhase();
    this.list.forEach((row, at) => {
      if (row.task && !this.place.has(row.task.at)) this.place.set(row.task.at, at);
    });
  }

  /* Tasks that fit, and those above them, which are shown faintly. */
  reach(fits) {
    const kept = new Map();
    for (const task of this.plan.tasks) {
      if (!fits(task)) continue;
      kept.set(task, true);
      for (let up = task.up; up && !kept.has(up); up = up.up) kept.set(up, false);
    }
    return kept;
  }

  byPhase() {
    const { plan } = this;
    const tops = new Map(plan.phases.map((_, at) => [at, []]));
    tops.set(-1, []);
    for (const task of plan.roots) tops.get(task.phase)?.push(task);
    let number = 0;
    for (const [at, tasks] of tops) {
      if (at === -1 && !tasks.length) continue;
      number += 1;
      const phase = plan.phases[at];
      if (this.kept && !tasks.some((task) => this.kept.has(task))) continue;
      const key = `phase-${phase ? phase[0] : "none"}`;
      this.group({ key, title: phase?.[1] || "", wave: Boolean(phase?.[4]), frame: phase && [phase[2], phase[3]], number: `${number}` }, tasks, () => this.branch(tasks, 1, `${number}.`));
    }
  }

  branch(tasks, depth, prefix) {
    tasks.forEach((task, n) => {
      if (this.kept && !this.kept.has(task)) return;
      const number = `${prefix}${n + 1}`;
      const isOpen = !this.closed.has(task.id);
      this.list.push({ key: task.id, task, depth, number, hasKids: task.kids.length > 0, isOpen, faint: this.kept?.get(task) === false });
      if (task.kids.length && isOpen) this.branch(task.kids, depth + 1, `${number}.`);
    });
  }

  byThing(group, fits) {
    const { plan } = this;
    const things = group === "owner" ? plan.people : plan.channels;
    const found = new Map(things.map((_, at) => [at, []]));
    found.set(-1, []);
    for (const task of plan.tasks) {
      if (task.kids.length || (fits && !fits(task))) continue;
      const places = group === "owner" ? task.people : [task.channel];
      for (const at of places.length ? places : [-1]) found.get(at).push(task);
    }
    for (const [at, tasks] of found) {
      if (!tasks.length) continue;
      tasks.sort((a, b) => a.start - b.start || a.at - b.at);
      const key = `${group}-${things[at]?.[0] || "none"}`;
      this.group({ key, title: things[at]?.[1] || "", number: "" }, tasks, () => tasks.forEach((task) => this.list.push({ key: `${key} ${task.id}`, task, depth: 1, number: "", hasKids: false, isOpen: true })));
    }
  }

  group(row, tasks, inside) {
    const isOpen = !this.closed.has(row.key);
    const bounds = tasks.reduce(([start, end], task) => [task.start && task.start < start ? task.start : start, Math.max(end, task.end)], [Infinity, 0]);
    const work = [0, 0];
    const count = (list) => list.forEach((task) => {
      if (task.kids.length) return count(task.kids);
      work[0] += task.duration || 0;
      work[1] += (task.duration || 0) * task.progress;
    });
    count(tasks);
    this.list.push({ ...row, depth: 0, isGroup: true, isOpen, hasKids: tasks.length > 0, count: tasks.length, start: bounds[1] ? bounds[0] : row.frame?.[0] || 0, end: bounds[1] || row.frame?.[1] || 0, isFrame: !bounds[1], progress: work[0] ? Math.round(work[1] / work[0]) : 0 });
    if (isOpen) inside();
  }

  get length() {
    return this.list.length;
  }

  /* The row of a task, or of the nearest thing above it that is open. */
  at(task) {
    for (let one = task; one; one = one.up) if (this.place.has(one.at)) return this.place.get(one.at);
    return -1;
  }

  keysWithKids() {
    return this.list.filter((row) => row.hasKids).map((row) => row.key);
  }
}
