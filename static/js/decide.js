/* Deciding by keyboard: 1 to 4 choose, J and K turn the page, Ctrl+Enter sends. Silent while an input method composes. */
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open]";

export default function decide(root) {
  const form = root.querySelector("[data-verdict]");
  const radios = form ? [...form.querySelectorAll("input[type=radio][name=decision]")] : [];

  function fit() {
    const chosen = radios.find((radio) => radio.checked)?.value;
    form?.querySelectorAll("[data-for]").forEach((el) => (el.hidden = el.dataset.for !== chosen));
  }

  function choose(radio) {
    radio.checked = true;
    fit();
    const field = { approve_with_edits: "edits", changes_required: "words", reject: "words" }[radio.value];
    if (field) form.elements[field].focus();
    else radio.focus();
  }

  function send() {
    if (!radios.some((radio) => radio.checked)) return radios[0]?.focus();
    form.requestSubmit(form.querySelector("[data-send]"));
  }

  function turn(name) {
    document.querySelector(`[data-${name}]`)?.click();
  }

  function onKey(event) {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (!form || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      return send();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const key = event.key.toLowerCase();
    if (key === "j") turn("after");
    else if (key === "k") turn("before");
    else if (radios[Number(event.key) - 1]) choose(radios[Number(event.key) - 1]);
    else return;
    event.preventDefault();
  }

  form?.addEventListener("change", fit);
  document.addEventListener("keydown", onKey);
  fit();
  return () => document.removeEventListener("keydown", onKey);
}
