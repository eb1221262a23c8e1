/* Small complete tables: sort by a column, filter by words, select all. Paged tables sort at the server instead. */
export default function table(el, pharos) {
  const body = el.tBodies[0];
  const scope = el.closest("form, .card, main");
  const bulk = scope.querySelector("[data-bulk]");
  const all = el.querySelector("[data-all]");
  const collator = new Intl.Collator(pharos.lang, { numeric: true });

  function valueOf(row, index, kind) {
    const cell = row.cells[index];
    const raw = (cell?.dataset.v ?? cell?.textContent ?? "").trim();
    if (kind !== "num") return raw;
    const number = parseFloat(raw.replace(/[^\d.eE-]/g, ""));
    return Number.isNaN(number) ? null : number;
  }

  function compare(a, b, kind) {
    if (a === null || a === "") return b === null || b === "" ? 0 : 1;
    if (b === null || b === "") return -1;
    return kind === "num" ? a - b : collator.compare(a, b);
  }

  function sort(button) {
    const th = button.closest("th");
    const down = th.getAttribute("aria-sort") === "ascending";
    const kind = button.dataset.sort;
    const rows = [...body.rows].map((row) => ({ row, key: valueOf(row, th.cellIndex, kind) }));
    const empty = ({ key }) => key === null || key === "";
    rows.sort((a, b) => (down && !empty(a) && !empty(b) ? -1 : 1) * compare(a.key, b.key, kind));
    el.querySelectorAll("th[aria-sort]").forEach((other) => other.setAttribute("aria-sort", "none"));
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows.map(({ row }) => row));
  }

  function filter(words) {
    const wanted = words.trim().toLowerCase();
    for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }

  function picks() {
    return [...body.querySelectorAll(".pick input")].filter((box) => !box.closest("tr").hidden);
  }

  function count() {
    const boxes = picks();
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").toggleAttribute("aria-selected", false));
    chosen.forEach((box) => box.closest("tr").setAttribute("aria-selected", "true"));
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    if (!bulk) return;
    bulk.hidden = !chosen.length;
    const label = bulk.querySelector("[data-count]");
    if (label) label.textContent = pharos.t("selected", { n: chosen.length });
  }

  let last;
  function range(event) {
    if (event.target.matches("td.pick")) event.target.querySelector("input")?.click(); // room for a finger around the box
    const box = event.target.closest(".pick input");
    if (!box || box === all) return;
    const boxes = picks();
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
      count();
    }
    last = box;
  }

  el.querySelectorAll("[data-sort]").forEach((button) => {
    const th = button.closest("th");
    if (!th.hasAttribute("aria-sort")) th.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(button));
  });
  const box = el.dataset.filter && document.querySelector(el.dataset.filter);
  if (box) box.addEventListener("input", () => filter(box.value));
  el.addEventListener("click", range);
  el.addEventListener("change", (event) => {
    if (event.target === all) picks().forEach((one) => (one.checked = all.checked));
    if (event.target.closest(".pick")) count();
  });
  count();
}
