/* The calendar: a task is dragged to another day, or moved by Shift and the arrows; the plan works the rest out. */
export default function calendar(root, pharos) {
  const { t, json, toast } = pharos;
  if (!root.hasAttribute("data-may-plan")) return undefined;
  let held = null;

  function dayAt(event) {
    const week = event.target.closest(".cal-week");
    if (!week) return null;
    const { left, width } = week.getBoundingClientRect();
    const column = Math.min(6, Math.max(0, Math.floor(((event.clientX - left) / width) * 7)));
    return week.querySelectorAll(".cal-day")[column];
  }

  const number = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / 86400000);
  const text = (days) => new Date(days * 86400000).toISOString().slice(0, 10);

  async function move(link, days) {
    if (!days) return;
    const body = new FormData();
    body.append("field", "start_date");
    body.append("value", text(number(link.dataset.start) + days));
    body.append("lock_version", link.dataset.lock);
    link.setAttribute("aria-busy", "true");
    const answer = await json(link.dataset.url, { method: "POST", body });
    if (!answer.ok) toast(answer.data.detail || t("failed"), { tone: "bad" });
    else toast(answer.data.text, { undo: answer.data.undo || undefined });
    await renew(link.dataset.id);
  }

  async function renew(id) {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".cal");
    if (!fresh) return location.reload();
    root.replaceWith(fresh);
    window.htmx.process(fresh);
    fresh.querySelector(`a[data-id="${id}"]`)?.focus();
  }

  root.addEventListener("dragstart", (event) => {
    const link = event.target.closest("a[draggable=true]");
    const day = link && dayAt(event);
    if (!day) return;
    held = { link, day: day.dataset.day };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", link.dataset.id);
  });
  root.addEventListener("dragover", (event) => {
    root.querySelectorAll(".target").forEach((el) => el.classList.remove("target"));
    const day = held && dayAt(event);
    if (!day) return;
    event.preventDefault();
    day.classList.add("target");
  });
  root.addEventListener("drop", (event) => {
    const day = held && dayAt(event);
    if (!day) return;
    event.preventDefault();
    move(held.link, number(day.dataset.day) - number(held.day));
  });
  root.addEventListener("dragend", () => {
    held = null;
    root.querySelectorAll(".target").forEach((el) => el.classList.remove("target"));
  });
  root.addEventListener("keydown", (event) => {
    const link = event.target.closest("a[draggable=true]");
    const days = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 }[event.key];
    if (!link || !days || !event.shiftKey) return;
    event.preventDefault();
    move(link, days);
  });
  return undefined;
}
