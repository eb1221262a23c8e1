/* Acts on the plan. Every sum of days is the server's: a move is tried first, its cascade shown, then saved or dropped. */
import { dashed, isMilestone } from "./model.js";
import { Panel, diffDialog, linkPanel } from "./panels.js";

const BUFFERS = ["keep", "use", "ignore"];
const NUDGE = 450; // ms without a further key before a move by keyboard is tried

export class Changes {
  constructor(gantt) {
    this.gantt = gantt;
    this.chart = gantt.chart;
    this.net = gantt.net;
    this.pharos = gantt.pharos;
    this.buffer = "keep";
    this.ghosts = [];
    this.panel = new Panel(gantt);
  }

  get busy() {
    return Boolean(this.open || this.nudged || this.running || this.chart.saving.size);
  }

  /* An act from its first request to the new plan on the screen; the poll waits for its end. */
  async run(act) {
    this.running = (this.running || 0) + 1;
    try {
      return await act();
    } finally {
      this.running -= 1;
    }
  }

  say(key, values) {
    return this.gantt.say(key, values);
  }

  /* ---- dates ---- */
  /* What REST is asked for: a moved start, a moved end, or both. */
  body(kind, start, end) {
    const { dates } = this.chart;
    if (kind === "move") return { start_date: dates.iso(start) };
    if (kind === "end") return { finish_date: dates.iso(end) };
    return { start_date: dates.iso(start), finish_date: dates.iso(end) };
  }

  /* Show the task at its new days at once; answers how to take that back. */
  pretend(task, start, end) {
    const was = { start: task.start, end: task.end };
    Object.assign(task, { start, end });
    this.chart.redraw();
    return () => {
      Object.assign(task, was);
      this.chart.redraw();
    };
  }

  /* A dragged or resized bar: tried with the choice of last time, asked about when others move too. */
  propose(task, kind, start, end) {
    return this.run(() => this.tryMove(task, kind, start, end));
  }

  async tryMove(task, kind, start, end) {
    if (this.open) this.close();
    const ask = { task, body: this.body(kind, start, end), back: this.pretend(task, start, end) };
    this.mark(task, true);
    const answer = await this.net.move(task, ask.body, { buffer: this.buffer, dry: true });
    this.mark(task, false);
    if (!answer.ok) return this.refused(ask, answer);
    if (!this.others(task, answer.data).length && !answer.data.conflicts?.length) return this.save(ask);
    this.ask(ask, answer.data);
  }

  others(task, data) {
    return (data.changes || []).filter((change) => change.id.replaceAll("-", "") !== task.id);
  }

  mark(task, is) {
    if (is) this.chart.saving.add(task.id);
    else this.chart.saving.delete(task.id);
    this.chart.pool.restyle();
  }

  /* The question: keep, use up or ignore the buffer; ghosts show what each choice does. */
  ask(ask, data) {
    this.open = ask;
    this.show(ask, data);
  }

  show(ask, data) {
    this.draw(data);
    this.panel.cascade({
      ...ask, data, others: this.others(ask.task, data), buffers: BUFFERS, buffer: this.buffer,
      choose: (buffer) => this.choose(ask, buffer),
      save: () => this.save(ask),
      cancel: () => this.cancel(),
    });
  }

  async choose(ask, buffer) {
    this.buffer = buffer;
    const answer = await this.net.move(ask.task, ask.body, { buffer, dry: true });
    if (this.open !== ask) return;
    if (!answer.ok) return this.refused(ask, answer);
    this.show(ask, answer.data);
  }

  cancel() {
    const ask = this.open;
    this.close();
    ask?.back();
    this.focus(ask?.task);
  }

  close() {
    this.open = null;
    this.panel.close();
    this.clear();
  }

  save(ask) {
    return this.run(() => this.saveMove(ask));
  }

  async saveMove(ask) {
    this.close();
    this.mark(ask.task, true);
    const answer = await this.net.move(ask.task, ask.body, { buffer: this.buffer });
    this.mark(ask.task, false);
    if (!answer.ok) return this.refused(ask, answer);
    const others = this.others(ask.task, answer.data).length;
    await this.gantt.reload({ fresh: true });
    this.focus(ask.task);
    this.done(others ? this.say("moved_others", { title: ask.task.title, n: others }) : this.say("moved", { title: ask.task.title, days: this.chart.dates.span(this.fresh(ask.task).start, this.fresh(ask.task).end) }));
    for (const sentence of (answer.data.missed || []).map((one) => one.text).filter(Boolean)) this.pharos.toast(sentence, { tone: "warn" });
  }

  fresh(task) {
    return this.gantt.plan.byId.get(task.id) || task;
  }

  focus(task) {
    if (!task || this.gantt.isList) return;
    const at = this.chart.rows.at(this.fresh(task));
    if (at >= 0) this.chart.go(at);
  }

  done(text) {
    this.pharos.toast(text, { undo: () => this.undo() });
  }

  /* A refusal takes the change back; when somebody else was faster, both versions are shown. */
  refused(ask, answer) {
    this.close();
    if (answer.status === 412) {
      return diffDialog(this.gantt, ask, answer.data.current, {
        mine: () => this.run(async () => {
          ask.back();
          await this.gantt.reload({ fresh: true });
          await this.saveMove({ ...ask, task: this.fresh(ask.task), back: () => this.gantt.reload({ fresh: true }) });
        }),
        theirs: () => {
          ask.back();
          this.gantt.reload({ fresh: true });
        },
      });
    }
    ask.back?.();
    this.pharos.toast(this.why(answer), { tone: "bad" });
    this.focus(ask.task);
  }

  /* ---- ghosts ---- */
  draw(data) {
    this.clear();
    const { chart } = this;
    const { make } = this.pharos;
    for (const change of data.changes || []) {
      const task = this.gantt.plan.byId.get(change.id.replaceAll("-", ""));
      const at = task && chart.rows.place.get(task.at);
      if (at === undefined || Math.abs(at * chart.row - chart.top) > 3 * chart.height || this.ghosts.length > 120) continue;
      const [start, end] = [change.start_date, change.finish_date].map((pair) => chart.dates.number(pair?.[1]));
      const ghost = make("i", { class: `g-ghost${isMilestone(task) ? " is-point" : ""}` });
      ghost.style.transform = `translate(${chart.scale.x(start)}px, ${at * chart.row}px)`;
      ghost.style.width = `${Math.max(6, (end - start + 1) * chart.scale.px)}px`;
      this.ghosts.push(ghost);
    }
    chart.overlay.append(...this.ghosts);
  }

  clear() {
    this.ghosts.forEach((ghost) => ghost.remove());
    this.ghosts = [];
  }

  /* ---- by keyboard: several keys are one move ---- */
  nudge(task, kind, way) {
    if (this.nudged && (this.nudged.task !== task || this.nudged.kind !== kind)) this.flush();
    const one = (this.nudged ||= { task, kind, was: { start: task.start, end: task.end } });
    const { off } = this.chart;
    const length = task.end - task.start;
    if (kind === "move") {
      task.start = off.step(task.start, way);
      task.end = task.start + length;
    } else task.end = Math.max(task.start, off.step(task.end, way));
    this.chart.redraw();
    this.chart.pool.restyle();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), NUDGE);
    this.gantt.tell(this.chart.dates.span(task.start, task.end));
    return one;
  }

  flush() {
    clearTimeout(this.timer);
    const one = this.nudged;
    this.nudged = null;
    if (!one) return;
    const { task, kind, was } = one;
    const [start, end] = [task.start, task.end];
    Object.assign(task, was);
    if (start !== was.start || end !== was.end) this.propose(task, kind, start, end);
  }

  /* All chosen tasks by a working day, as one act. */
  shiftChosen(way) {
    return this.run(() => this.saveShift(way));
  }

  async saveShift(way) {
    const { off, dates } = this.chart;
    const chosen = this.gantt.chosen.filter((task) => !task.kids.length && task.start);
    if (!chosen.length) return;
    chosen.forEach((task) => this.chart.saving.add(task.id));
    this.chart.pool.restyle();
    const moves = chosen.map((task) => ({ task: dashed(task.id), start_date: dates.iso(off.step(task.start, way)) }));
    const answer = await this.net.act("tasks/moves/", { body: { campaign: this.gantt.el.dataset.code, moves, buffer: "keep" } });
    this.chart.saving.clear();
    this.chart.pool.restyle();
    if (!answer.ok) return this.pharos.toast(this.why(answer), { tone: "bad" });
    await this.gantt.reload({ fresh: true });
    this.done(this.say("shifted", { n: chosen.length }));
  }

  why(answer) {
    return answer.data.errors?.map((one) => one.detail).join(" ") || answer.data.detail || this.pharos.t("failed");
  }

  /* ---- progress, links, undo ---- */
  progress(task, value) {
    return this.run(() => this.saveProgress(task, value));
  }

  async saveProgress(task, value) {
    const was = task.progress;
    task.progress = Math.max(0, Math.min(100, value));
    this.chart.redraw();
    if (task.progress === was) return;
    this.mark(task, true);
    const answer = await this.net.progress(task, task.progress);
    this.mark(task, false);
    const ask = { task, body: { progress: task.progress }, back: () => {
      task.progress = was;
      this.chart.redraw();
    } };
    if (!answer.ok) return this.refusedPatch(ask, answer);
    await this.gantt.reload({ fresh: true });
    this.done(this.say("progress_saved", { title: task.title, n: value }));
  }

  refusedPatch(ask, answer) {
    if (answer.status !== 412) return this.refused(ask, answer);
    diffDialog(this.gantt, ask, answer.data.current, {
      mine: async () => {
        await this.gantt.reload({ fresh: true });
        this.progress(this.fresh(ask.task), ask.body.progress);
      },
      theirs: () => {
        ask.back();
        this.gantt.reload({ fresh: true });
      },
    });
  }

  async link(before, after, kind = "FS") {
    if (before !== after) await this.run(() => this.saveLink(before, after, kind));
  }

  async saveLink(before, after, kind) {
    const answer = await this.net.link(before, after, kind);
    if (!answer.ok) {
      return this.pharos.toast(this.why(answer), { tone: "bad" });
    }
    await this.gantt.reload({ fresh: true });
    this.done(this.say("linked", { before: before.title, after: after.title }));
  }

  /* A pressed line: what it is, and its kind, lag or end. */
  async editLink(link, at) {
    const row = await this.net.findLink(link);
    if (!row) return;
    this.chart.chosenLink = link;
    this.chart.arrows.paint();
    const after = async (answer, text) => {
      if (!answer.ok) return this.pharos.toast(answer.data.detail || this.pharos.t("failed"), { tone: "bad" });
      await this.gantt.reload({ fresh: true });
      this.done(text);
    };
    linkPanel(this.gantt, link, row, at, {
      save: async (kind, lag) => after(await this.net.changeLink(row, { kind, lag_days: lag }), this.say("link_saved")),
      remove: async () => after(await this.net.changeLink(row), this.say("link_gone", { before: link.before.title, after: link.after.title })),
      closed: () => {
        this.chart.chosenLink = null;
        this.chart.arrows.paint();
      },
    });
  }

  undo(which = "undo") {
    return this.run(() => this.saveUndo(which));
  }

  async saveUndo(which) {
    const plan = this.gantt.plan.plan;
    if (!plan || !this.gantt.may) return;
    this.flush();
    const answer = await this.net.act(`work-plans/${this.gantt.el.dataset.campaign}/${which}/`, { body: {} });
    if (!answer.ok) return this.pharos.toast(answer.data.detail || this.pharos.t("failed"), { tone: "bad" });
    await this.gantt.reload({ fresh: true });
    this.pharos.toast(answer.data.text || this.say(which === "undo" ? "undone" : "redone"));
  }
}
