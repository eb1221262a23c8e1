/* Clocks of an incident: every [data-due] says how long there is left, or how long it is overdue. The server wrote the
   first words; the island only keeps counting. Words come from the element: data-left, data-late, data-units. */
const MINUTE = 60000;

export default function clock(el) {
  const [days, hours, minutes] = (el.dataset.units || "d h min").split(" ");

  function spoken(length) {
    const total = Math.floor(length / MINUTE);
    if (total < 60) return `${total} ${minutes}`;
    if (total < 1440) return `${Math.floor(total / 60)} ${hours} ${total % 60} ${minutes}`;
    return `${Math.floor(total / 1440)} ${days} ${Math.floor((total % 1440) / 60)} ${hours}`;
  }

  function tick() {
    for (const one of el.querySelectorAll("[data-due]")) {
      const left = Date.parse(one.dataset.due) - Date.now();
      const words = (left < 0 ? el.dataset.late : el.dataset.left) || "{t}";
      const text = words.replace("{t}", spoken(Math.abs(left)));
      if (one.textContent !== text) one.textContent = text;
      one.closest(".run > li")?.classList.toggle("is-late", left < 0);
    }
  }

  tick();
  const timer = setInterval(tick, 15000);
  document.addEventListener("visibilitychange", tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}
