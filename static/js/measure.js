/* Turns data-x, data-w (percent), data-lv (level) and data-color into custom properties, which a strict
   Content-Security-Policy allows through the CSSOM but not as style attributes. Follows every later change of the page. */
const PROPERTIES = { x: "--x", w: "--w", lv: "--lv", color: "--c" };
const SELECTOR = "[data-x], [data-w], [data-lv], [data-color]";

function valueOf(key, raw) {
  if (key === "lv") return /^\d+$/.test(raw) ? raw : "0";
  if (key === "color") return /^\d$/.test(raw) ? `var(--s${raw})` : /^#[0-9a-f]{3,8}$/i.test(raw) ? raw : "";
  const number = Number(String(raw).replace(",", "."));
  return Number.isFinite(number) ? `${Math.max(-100, Math.min(number, 1000))}%` : "";
}

function measure(el) {
  for (const key in PROPERTIES) {
    if (key in el.dataset) el.style.setProperty(PROPERTIES[key], valueOf(key, el.dataset[key]));
  }
}

function measureAll(root) {
  if (root.matches?.(SELECTOR)) measure(root);
  root.querySelectorAll?.(SELECTOR).forEach(measure);
}

measureAll(document);
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") measure(change.target);
    else change.addedNodes.forEach(measureAll);
  }
}).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["data-x", "data-w", "data-lv", "data-color"] });
