/* Two pictures of two versions: beside each other, one through the other, or what differs. */
export default function compare(root) {
  const modes = root.querySelector(".modes");
  const split = root.querySelector(".split");
  if (!root.dataset.picture) return;
  modes.hidden = false;

  function show(mode) {
    root.dataset.mode = mode;
    root.classList.toggle("over", mode !== "beside");
    split.hidden = !["slider", "overlay"].includes(mode);
    modes.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === mode)));
  }

  function part() {
    root.style.setProperty("--split", `${100 - split.value}%`);
    root.style.setProperty("--share", String(split.value / 100));
  }

  modes.addEventListener("click", (event) => event.target.dataset.mode && show(event.target.dataset.mode));
  split.addEventListener("input", part);
  part();
  show("beside");
}
