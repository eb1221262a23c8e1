/* What is asked beside the chart: the cascade of a move, a link's kind and lag, and mine against theirs. */
export class Panel {
  constructor(gantt) {
    this.gantt = gantt;
  }

  close() {
    this.el?.remove();
    this.el = null;
  }

  cascade({ task, data, others, buffers, buffer, choose, save, cancel }) {
    const { make } = this.gantt.pharos;
    const { words } = this.gantt;
    const had = this.el?.querySelector(":focus")?.dataset.focus;
    this.close();
    const radio = (name) => {
      const input = make("input", { type: "radio", name: "buffer", value: name, checked: name === buffer, "data-focus": name });
      input.addEventListener("change", () => choose(name));
      return make("label", { class: "check" }, input, make("span", {}, words.buffers[name], make("small", { class: "muted" }, words.buffers_why[name])));
    };
    const ok = make("button", { class: "btn pri", type: "button", "data-focus": "save" }, words.save);
    const no = make("button", { class: "btn quiet", type: "button", "data-focus": "cancel" }, words.cancel);
    ok.addEventListener("click", save);
    no.addEventListener("click", cancel);
    this.el = make("section", { class: "g-panel", role: "dialog", "aria-labelledby": "g-panel-title" },
      make("h2", { id: "g-panel-title" }, this.gantt.say("cascade", { title: task.title, n: others.length })),
      this.changes(others), this.red(data),
      make("fieldset", {}, make("legend", {}, words.buffer), ...buffers.map(radio)),
      make("footer", {}, no, ok));
    this.el.addEventListener("keydown", (event) => {
      if (event.key === "Escape") cancel();
      else if (event.key === "Enter" && event.target.matches("input")) save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.gantt.el.append(this.el);
    (had ? this.el.querySelector(`[data-focus="${had}"]`) : ok)?.focus();
  }

  changes(others) {
    const { make } = this.gantt.pharos;
    const { dates } = this.gantt.chart;
    const most = 6;
    const line = (change) => {
      const [[from, to], [start, end]] = [change.start_date, change.finish_date].map((pair) => (pair || []).map((day) => dates.number(day)));
      return make("li", {}, make("span", { class: "clip" }, change.title), make("small", {}, `${dates.span(from, start)} → ${dates.span(to, end)}`));
    };
    const more = others.length > most ? [make("li", { class: "muted" }, this.gantt.say("more", { n: others.length - most }))] : [];
    return others.length ? make("ul", { class: "g-changes" }, ...others.slice(0, most).map(line), ...more) : null;
  }

  /* What the move runs into: dates that stay, links that turn red, deadlines missed. */
  red(data) {
    const { make, icon } = this.gantt.pharos;
    const lines = [...new Set((data.conflicts || []).map((one) => one.text).filter(Boolean))];
    if (!lines.length) return null;
    const more = lines.length > 4 ? [this.gantt.say("more", { n: lines.length - 4 })] : [];
    return make("div", { class: "callout bad" }, icon("alert-circle"), make("div", {}, ...[...lines.slice(0, 4), ...more].map((text) => make("p", {}, text))));
  }
}

export function linkPanel(gantt, link, row, at, { save, remove, closed }) {
  const { make, t } = gantt.pharos;
  const { words } = gantt;
  const kind = make("select", { id: "g-link-kind", disabled: !gantt.may }, ...Object.entries(words.link_kinds).map(([value, label]) => make("option", { value, selected: value === row.kind }, label)));
  const lag = make("input", { id: "g-link-lag", type: "number", min: "-999", max: "999", step: "1", value: String(row.lag_days), disabled: !gantt.may });
  const form = make("form", { class: "g-link-form" });
  const part = (id, label, input) => make("div", { class: "field" }, make("label", { for: id }, label), input);
  const gone = make("button", { class: "btn bad", type: "button" }, words.remove_link);
  const close = make("button", { class: "btn quiet", type: "button" }, t("close"));
  const acts = gantt.may ? [gone, make("button", { class: "btn pri" }, words.save)] : [];
  form.append(make("p", {}, make("b", {}, link.before.title), " → ", make("b", {}, link.after.title)), ...(link.late ? [make("p", { class: "neg" }, words.late_link)] : []), part("g-link-kind", words.link_kind, kind), part("g-link-lag", words.lag, lag), make("footer", {}, close, ...acts));
  const panel = make("dialog", { class: "dialog g-link", "aria-label": words.link }, form);
  panel.addEventListener("close", () => {
    panel.remove();
    closed();
  });
  close.addEventListener("click", () => panel.close());
  gone.addEventListener("click", () => {
    panel.close();
    remove();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    panel.close();
    save(kind.value, Number(lag.value) || 0);
  });
  document.body.append(panel);
  panel.showModal();
}

/* Somebody else changed the task first: both versions, and which one shall stand. */
export function diffDialog(gantt, ask, theirs, { mine, theirs: takeTheirs }) {
  const { make } = gantt.pharos;
  const { words } = gantt;
  const { task, body } = ask;
  const rows = Object.entries(body).map(([name, value]) => {
    const now = theirs?.[name] ?? "–";
    return make("tr", {}, make("th", { scope: "row" }, words.fields[name] || name), make("td", {}, String(value)), make("td", { class: String(now) === String(value) ? "" : "g-differs" }, String(now)));
  });
  const head = make("tr", {}, make("th", {}), make("th", { scope: "col" }, words.mine), make("th", { scope: "col" }, words.theirs));
  const keep = make("button", { class: "btn", value: "theirs" }, words.keep_theirs);
  const over = make("button", { class: "btn pri", value: "mine" }, words.keep_mine);
  const form = make("form", { method: "dialog" }, make("header", {}, make("h2", { id: "g-diff-title" }, words.diff)), make("div", { class: "pad" }, make("p", {}, gantt.say("diff_why", { title: task.title })), make("table", { class: "table g-diff" }, make("thead", {}, head), make("tbody", {}, ...rows))), make("footer", {}, keep, over));
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "g-diff-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "mine") mine();
    else takeTheirs();
  });
  document.body.append(dialog);
  dialog.showModal();
}
