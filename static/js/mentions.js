/* Names after an @ in a comment: offers people of the campaign and the workspace, by keyboard or pointer. */
export default function mentions(box, pharos) {
  const { make } = pharos;
  const field = box.querySelector("textarea");
  const list = box.querySelector("[role=listbox]");
  let offered = [];
  let chosen = 0;
  let asked = 0;
  let timer;
  field.setAttribute("aria-autocomplete", "list");
  list.id ||= `offer-${Math.random().toString(36).slice(2)}`;
  field.setAttribute("aria-controls", list.id);

  const typed = () => field.value.slice(0, field.selectionStart).match(/(?:^|[\s（(,，、:：])@([^\s@[\]]{0,40})$/u);

  function close() {
    asked += 1;
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    chosen = index;
    [...list.children].forEach((el, at) => el.setAttribute("aria-selected", String(at === index)));
    field.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function option(person, index) {
    const el = make("li", { role: "option", id: `${list.id}-${index}` }, make("span", { class: "avatar", "aria-hidden": "true" }, person.initials), make("span", { class: "clip" }, person.name), person.hint ? make("small", { class: "clip" }, person.hint) : null);
    el.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(person);
    });
    return el;
  }

  /* A name that two people share goes in as a reference, so that the right one is meant. */
  function take(person) {
    const found = typed();
    if (!found) return close();
    const from = field.selectionStart - found[1].length - 1;
    const isShared = offered.filter((other) => other.name === person.name).length > 1;
    field.setRangeText(`${isShared ? person.reference : `@${person.name}`} `, from, field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    close();
  }

  async function ask(words) {
    const ticket = ++asked;
    const url = new URL(box.dataset.url, location.href);
    url.searchParams.set("q", words);
    const answer = await pharos.json(url);
    if (ticket !== asked) return;
    offered = answer.data.people || [];
    list.replaceChildren(...offered.map(option));
    list.hidden = !offered.length;
    if (offered.length) choose(0);
  }

  function look() {
    clearTimeout(timer);
    const found = typed();
    if (found) timer = setTimeout(() => ask(found[1]), 100);
    else close();
  }

  field.addEventListener("input", look);
  field.addEventListener("blur", () => setTimeout(close, 150));
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose((chosen + step + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") take(offered[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
