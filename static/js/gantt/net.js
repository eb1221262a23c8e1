/* Everything that is asked of the server: the feed with its ETag, and REST acts with If-Match. */
import { dashed } from "./model.js";

const EVERY = 25_000;

export class Net {
  constructor(el, pharos) {
    Object.assign(this, { pharos, feedUrl: el.dataset.feed, api: el.dataset.api, workspace: el.dataset.workspace, etag: "", failures: 0 });
  }

  url(path) {
    return `${this.api}${path}`;
  }

  headers(more = {}) {
    return { "Pharos-Workspace": this.workspace, ...more };
  }

  /* Answers the feed; null when nothing changed; throws nothing. */
  async feed(baseline, { fresh = false } = {}) {
    const url = baseline ? `${this.feedUrl}?baseline=${baseline}` : this.feedUrl;
    const headers = this.headers({ Accept: "application/json" });
    if (this.etag && !fresh) headers["If-None-Match"] = this.etag;
    try {
      const answer = await fetch(url, { headers, credentials: "same-origin", cache: "no-store" });
      this.failures = answer.ok || answer.status === 304 ? 0 : this.failures + 1;
      if (answer.status === 304) return { same: true };
      const data = await answer.json().catch(() => ({}));
      if (!answer.ok || answer.redirected) return { error: data.detail || this.pharos.t(answer.redirected ? "expired" : "failed"), status: answer.status };
      this.etag = answer.headers.get("ETag") || "";
      return { feed: data };
    } catch {
      this.failures += 1;
      return { error: this.pharos.t("offline"), status: 0 };
    }
  }

  act(path, { method = "POST", body, task } = {}) {
    const headers = this.headers(task ? { "If-Match": `"${task.id}-${task.version}"` } : {});
    return this.pharos.json(this.url(path), { method, body, headers });
  }

  move(task, change, { buffer = "keep", dry = false } = {}) {
    return this.act(`tasks/${dashed(task.id)}/move/`, { task, body: { ...change, buffer, dry_run: dry } });
  }

  /* Whoever works on a task may report on it, also without planning it. */
  progress(task, progress) {
    return this.act(`tasks/${dashed(task.id)}/progress/`, { task, body: { progress } });
  }

  link(before, after, kind = "FS", lag = 0) {
    return this.act("dependencies/", { body: { predecessor: dashed(before.id), successor: dashed(after.id), kind, lag_days: lag } });
  }

  /* A link is found by its two ends: the feed does not carry its id. */
  async findLink(link) {
    const query = `predecessor=${dashed(link.before.id)}&successor=${dashed(link.after.id)}`;
    const answer = await this.act(`dependencies/?${query}`, { method: "GET" });
    return answer.ok ? answer.data.results?.[0] : null;
  }

  changeLink(row, body) {
    const headers = this.headers({ "If-Match": `"${row.id.replaceAll("-", "")}-${row.lock_version}"` });
    const method = body ? "PATCH" : "DELETE";
    return this.pharos.json(this.url(`dependencies/${row.id}/`), { method, body: body || undefined, headers });
  }

  /* Asks again and again while the page is seen; `act` gets the new feed. */
  poll(act) {
    let timer;
    const wait = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(ask, EVERY * Math.min(8, 2 ** this.failures));
    };
    const ask = async () => {
      await act();
      wait();
    };
    const wake = () => (document.hidden ? clearTimeout(timer) : ask());
    document.addEventListener("visibilitychange", wake);
    wait();
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }
}
