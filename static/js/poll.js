/* Keeps a fragment fresh: asks with its ETag, swaps on change, rests while the page is hidden or the person is inside it. */
export default function poll(el, pharos) {
  const every = Math.max(5, Number(el.dataset.every || 20)) * 1000;
  let etag = el.dataset.etag || "";
  let timer;
  let failures = 0;

  async function ask() {
    const headers = { "HX-Request": "true", "Pharos-Poll": "1", Accept: "text/html", ...(etag ? { "If-None-Match": etag } : {}) };
    try {
      const answer = await fetch(el.dataset.url, { headers, credentials: "same-origin", cache: "no-store" });
      failures = answer.ok || answer.status === 304 ? 0 : failures + 1;
      if ([401, 403, 404, 410].includes(answer.status) || answer.redirected) return stop();
      if (answer.status === 200) await swap(answer);
    } catch {
      failures += 1;
    }
    next();
  }

  async function swap(answer) {
    const html = await answer.text();
    if (el.contains(document.activeElement)) return;
    etag = answer.headers.get("ETag") || "";
    const before = states();
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const same = el.id && parsed.getElementById(el.id);
    el.replaceChildren(...(same || parsed.body).childNodes);
    for (const [key, [state, line]] of states()) line.classList.toggle("changed", before.has(key) && before.get(key)[0] !== state);
    window.htmx?.process(el);
    el.dispatchEvent(new CustomEvent("poll:changed", { bubbles: true }));
  }

  /* What is named by data-key, with its state: whatever reads otherwise afterwards is pointed out. */
  function states() {
    return new Map([...el.querySelectorAll("[data-key]")].map((line) => [line.dataset.key, [line.dataset.state, line]]));
  }

  function next() {
    clearTimeout(timer);
    if (!document.hidden && el.isConnected) timer = setTimeout(ask, every * Math.min(8, 2 ** failures));
  }

  function stop() {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
  }

  function wake() {
    if (document.hidden) clearTimeout(timer);
    else ask();
  }

  document.addEventListener("visibilitychange", wake);
  next();
  return stop;
}
