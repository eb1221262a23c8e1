/* The board: tickets are dragged to another state, or moved by Shift and the arrows; their menus do the same. */
export default function board(root, pharos) {
  const { t, json, toast } = pharos;
  const lanes = [...root.querySelectorAll(".lane")];
  let held = null;

  const allows = (ticket, lane) => lane !== ticket.closest(".lane") && (lane.dataset.state === "blocked" || ticket.dataset.moves.split(" ").includes(lane.dataset.state));

  function recount() {
    lanes.forEach((lane) => {
      const moved = Number(lane.dataset.moved || 0);
      lane.dataset.moved = 0;
      const count = lane.querySelector(".count");
      count.textContent = Number(count.textContent) + moved;
    });
  }

  async function move(ticket, lane) {
    if (lane.dataset.state === "blocked") return location.assign(ticket.dataset.problem);
    const from = ticket.closest(".lane");
    const before = ticket.nextElementSibling;
    lane.querySelector("h3").after(ticket);
    ticket.querySelector("a").focus();
    const body = new FormData();
    body.append("state", lane.dataset.state);
    const answer = await json(ticket.dataset.url, { method: "POST", body });
    if (!answer.ok) {
      from.insertBefore(ticket, before);
      return toast(answer.data.detail || t("failed"), { tone: "bad" });
    }
    from.dataset.moved = Number(from.dataset.moved || 0) - 1;
    lane.dataset.moved = Number(lane.dataset.moved || 0) + 1;
    recount();
    toast(answer.data.text, { undo: answer.data.undo || undefined });
    await renew(ticket);
  }

  /* Which moves a ticket has depends on its state: its card is read again. */
  async function renew(ticket) {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(`.ticket[data-id="${ticket.dataset.id}"]`);
    if (!fresh || !ticket.isConnected) return;
    const hadFocus = ticket.contains(document.activeElement);
    ticket.replaceWith(fresh);
    window.htmx.process(fresh);
    if (hadFocus) fresh.querySelector("a").focus();
  }

  root.addEventListener("dragstart", (event) => {
    held = event.target.closest(".ticket");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.id);
    held.classList.add("held");
    lanes.forEach((lane) => lane.classList.toggle("open-to", allows(held, lane)));
  });
  root.addEventListener("dragend", () => {
    held?.classList.remove("held");
    lanes.forEach((lane) => lane.classList.remove("open-to", "over-lane"));
    held = null;
  });
  root.addEventListener("dragover", (event) => {
    const lane = event.target.closest(".lane");
    lanes.forEach((one) => one.classList.toggle("over-lane", one === lane && Boolean(held) && allows(held, one)));
    if (held && lane && allows(held, lane)) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    const lane = event.target.closest(".lane");
    if (!held || !lane || !allows(held, lane)) return;
    event.preventDefault();
    move(held, lane);
  });
  root.addEventListener("keydown", (event) => {
    const ticket = event.target.closest(".ticket[draggable]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!ticket || !step || !event.shiftKey) return;
    event.preventDefault();
    let place = lanes.indexOf(ticket.closest(".lane")) + step;
    while (lanes[place] && !(allows(ticket, lanes[place]) && lanes[place].dataset.state !== "blocked")) place += step;
    if (lanes[place]) move(ticket, lanes[place]);
  });
}
