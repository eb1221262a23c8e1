/* Remarks on a picture, a page, a second of a video or words of a text. The list beside it is the server's; this draws
   its marks, makes a draft of a place by mouse, touch or keys, and fills the form with it. Places are shares of width and
   height, seconds, or characters (whole ones, as Python counts them). */
const HEAD = 34; // pixels between a spot and the head of its mark, so that the head covers nothing it points at
const MOVED = 6; // pixels before a press is a drag
const HOLD = 350; // milliseconds before a touch that drags is a box and no scrolling
const FRAME = 1 / 25;
const NEAR = 0.21; // seconds around which a mark of a video is seen
const SVG = "http://www.w3.org/2000/svg";
const WAYS = [[0.72, -0.72], [-0.72, -0.72], [0.72, 0.72], [-0.72, 0.72], [1.5, -0.4], [-1.5, -0.4], [0.2, -1.6], [0.2, 1.6]];

const share = (value) => Math.min(1, Math.max(0, value));
const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

export default function proof(root, pharos) {
  const { make, icon } = pharos;
  const words = JSON.parse(document.getElementById("proof-words").textContent);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const kind = root.dataset.kind;
  const page = Number(root.dataset.page) || null;
  const stage = root.querySelector(".proof-stage");
  const marks = stage?.querySelector(".marks");
  const media = stage?.querySelector("img, video");
  const paper = stage?.querySelector(".words");
  const player = root.querySelector(".player");
  const cross = make("span", { class: "cross", hidden: true });
  const spoken = make("span", { class: "sr", "aria-live": "polite" });
  let pins = [];
  let draft = null;
  let chosen = null;
  let cursor = { x: 0.5, y: 0.5 };
  let corner = null;
  let caret = 0;
  let anchor = null;
  root.classList.add("alive");
  root.append(spoken);

  const form = () => root.querySelector(".composer");
  const canRemark = () => Boolean(form() && stage);

  /* ---- the list beside ---- */
  function read() {
    pins = [...root.querySelectorAll("[data-pin]")].map((item) => ({
      ...JSON.parse(item.dataset.pin),
      item,
      text: item.dataset.text,
      done: item.classList.contains("done"),
    }));
    wire();
    draw();
  }

  function choose(number, { scroll = true, jump = true } = {}) {
    chosen = number;
    const pin = pins.find((one) => one.number === number);
    root.querySelectorAll(".remark.on").forEach((item) => item.classList.remove("on"));
    if (!pin) return draw();
    pin.item.classList.add("on");
    if (scroll) pin.item.scrollIntoView({ block: "nearest" });
    if (jump && kind === "video" && pin.seconds != null) seek(pin.seconds);
    history.replaceState(null, "", `#pin-${number}`);
    draw();
  }

  function fromHash() {
    const found = location.hash.match(/^#pin-(\d+)$/);
    if (found) choose(Number(found[1]));
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-go-pin]");
    const pin = link && pins.find((one) => one.number === Number(link.dataset.goPin));
    if (!pin || (pin.page && page && pin.page !== page)) return;
    event.preventDefault();
    choose(pin.number);
    if (stage && innerWidth <= 900) stage.scrollIntoView({ block: "nearest" });
  });

  /* ---- drawing ---- */
  const seen = (pin) => {
    if (pin.page && page && pin.page !== page) return false;
    return pin.seconds == null || kind !== "video" || Math.abs(media.currentTime - pin.seconds) <= NEAR;
  };

  function shape(tag, attributes, group) {
    for (const halo of [true, false]) {
      const el = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
      if (halo) el.setAttribute("class", "halo");
      group.append(el);
    }
  }

  function draw() {
    if (!marks) return;
    const focused = marks.contains(document.activeElement) ? document.activeElement.dataset.number : null;
    const svg = document.createElementNS(SVG, "svg");
    const all = [...pins.filter(seen), ...(draft ? [{ ...draft, number: "+", draft: true }] : [])];
    marks.replaceChildren(svg, cross);
    if (paper) drawWords(all);
    else drawSpots(all.filter((pin) => pin.shape === "point" || pin.shape === "box"), svg);
    drawTicks();
    if (focused) marks.querySelector(`.pin-mark[data-number="${focused}"]`)?.focus();
  }

  function drawSpots(all, svg) {
    const { width, height } = marks.getBoundingClientRect();
    if (!width) return;
    const spots = all.map((pin) => [pin.x * width, pin.y * height]);
    const heads = [];
    all.forEach((pin, index) => {
      const group = document.createElementNS(SVG, "g");
      group.setAttribute("class", `${pin.done ? "done" : ""} ${pin.number === chosen ? "on" : ""}`);
      svg.append(group);
      const [x, y] = spots[index];
      const head = headOf(pin, x, y, width, height, heads, spots);
      heads.push(head);
      shape("line", { x1: x, y1: y, x2: head[0], y2: head[1] }, group);
      if (pin.shape === "box") shape("rect", { x, y, width: pin.width * width, height: pin.height * height, rx: 2 }, group);
      else shape("circle", { cx: x, cy: y, r: 5 }, group);
      marks.append(button(pin, head));
    });
  }

  /* The first place around a spot that lies in sight and hides neither a head nor another spot. */
  function headOf(pin, x, y, width, height, heads, spots) {
    const size = 14;
    const places = WAYS.map(([dx, dy]) => [x + dx * HEAD, y + dy * HEAD]);
    const inside = ([left, top]) => left > size - 20 && top > size - 20 && left < width - size + 20 && top < height - size + 20;
    const free = ([left, top]) =>
      heads.every(([hx, hy]) => Math.hypot(hx - left, hy - top) > 30) && spots.every(([sx, sy]) => Math.hypot(sx - left, sy - top) > 18);
    const outside = ([left, top]) => pin.shape !== "box" || left < x || top < y;
    return places.find((place) => inside(place) && free(place) && outside(place)) || places.find((place) => inside(place) && outside(place)) || places.find(inside) || places[0];
  }

  function button(pin, [left, top]) {
    const label = pin.draft ? say("remark", { n: "" }) : `${say("remark", { n: pin.number })}: ${pin.text}`;
    const el = make("button", { type: "button", class: `pin-mark${pin.done ? " done" : ""}${pin.draft ? " draft" : ""}${pin.number === chosen ? " on" : ""}`, "data-number": pin.number, "aria-label": label }, String(pin.number));
    el.style.left = `${left}px`;
    el.style.top = `${top}px`;
    el.addEventListener("click", () => (pin.draft ? field()?.focus() : choose(pin.number)));
    return el;
  }

  /* ---- words ---- */
  const text = paper?.firstChild?.data ?? "";
  const toUnits = (count) => [...text].slice(0, count).join("").length;
  const toCount = (units) => [...text.slice(0, units)].length;

  function rects(start, end) {
    const range = document.createRange();
    range.setStart(paper.firstChild, toUnits(start));
    range.setEnd(paper.firstChild, toUnits(end));
    const base = marks.getBoundingClientRect();
    return [...range.getClientRects()].map((one) => ({ left: one.left - base.left, top: one.top - base.top, width: one.width, height: one.height }));
  }

  function stroke(kinds, { left, top, width, height }) {
    const el = make("span", { class: `stroke ${kinds}` });
    Object.assign(el.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    marks.prepend(el);
  }

  function drawWords(all) {
    if (!text) return;
    const taken = [];
    const edge = marks.getBoundingClientRect().width - 24;
    for (const pin of all.filter((one) => one.shape === "range").sort((a, b) => a.start - b.start)) {
      const found = rects(pin.start, pin.end);
      found.forEach((one) => stroke(`${pin.done ? "done" : ""} ${pin.number === chosen ? "on" : ""} ${pin.draft ? "draft" : ""}`, one));
      let top = (found[0]?.top ?? 0) + 13;
      while (taken.some((other) => Math.abs(other - top) < 28)) top += 28;
      taken.push(top);
      marks.append(button(pin, [edge, top]));
    }
    if (document.activeElement === stage && (anchor !== null || caret)) {
      const [from, to] = anchor === null ? [caret, caret] : [Math.min(anchor, caret), Math.max(anchor, caret)];
      if (from !== to) rects(from, to).forEach((one) => stroke("draft", one));
      const at = rects(caret, caret)[0] || rects(Math.max(0, caret - 1), caret).at(-1);
      if (at) stroke("caret", { ...at, left: at.left + at.width, width: 2 });
    }
  }

  function selected() {
    const selection = getSelection();
    if (!paper || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (range.startContainer !== paper.firstChild || range.endContainer !== paper.firstChild) return null;
    return { start: toCount(range.startOffset), end: toCount(range.endOffset) };
  }

  let offer;
  function offerWords() {
    offer?.remove();
    offer = null;
    const range = canRemark() && selected();
    if (!range) return;
    const last = rects(range.start, range.end).at(-1);
    if (!last) return;
    offer = make("button", { type: "button", class: "btn pri sm words-add" }, icon("message-circle"), say("add"));
    offer.style.left = `${Math.max(0, Math.min(last.left, marks.clientWidth - 190))}px`;
    offer.style.top = `${last.top + last.height + 6}px`;
    offer.addEventListener("pointerdown", (event) => event.preventDefault());
    offer.addEventListener("click", () => {
      getSelection().removeAllRanges();
      offer?.remove();
      begin({ shape: "range", ...range });
    });
    marks.append(offer);
  }

  /* ---- a draft and the form ---- */
  const field = () => form()?.querySelector("textarea");

  function begin(place) {
    if (!canRemark()) return;
    draft = { ...place, page };
    if (kind === "video") {
      media.pause();
      draft.seconds = media.currentTime;
    }
    chosen = null;
    root.querySelectorAll(".remark.on").forEach((item) => item.classList.remove("on"));
    fill();
    draw();
    field().focus({ preventScroll: innerWidth <= 900 });
  }

  const DIGITS = { x: 4, y: 4, width: 4, height: 4, seconds: 3 };
  function fill() {
    const box = form();
    if (!box) return;
    for (const name of ["shape", "x", "y", "width", "height", "seconds", "page", "start", "end"]) {
      const input = box.elements[name];
      const value = draft?.[name];
      if (input) input.value = value == null ? (name === "shape" ? "whole" : name === "page" && page ? page : "") : name in DIGITS ? value.toFixed(DIGITS[name]) : value;
    }
    const where = box.querySelector(".where");
    where.hidden = !draft;
    where.textContent = draft ? told(draft) : "";
    box.querySelector("[data-cancel]").hidden = !draft;
    root.classList.toggle("drafting", Boolean(draft));
  }

  function told(place) {
    const percent = Object.fromEntries(["x", "y", "width", "height"].map((name) => [name, Math.round((place[name] || 0) * 100)]));
    const quote = place.shape === "range" ? [...text].slice(place.start, place.end).join("").slice(0, 60) : "";
    const time = place.seconds == null ? "" : ` · ${say("at", { time: clock(place.seconds) })}`;
    return say(place.shape, { ...percent, quote }) + time;
  }

  function drop() {
    draft = null;
    corner = null;
    fill();
    draw();
    stage?.focus({ preventScroll: true });
  }

  function wire() {
    const box = form();
    if (!box || box.wired) return;
    box.wired = true;
    box.querySelector("[data-cancel]").addEventListener("click", drop);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape" && draft) {
        event.preventDefault();
        event.stopPropagation();
        drop();
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        box.requestSubmit();
      }
    });
  }

  /* ---- mouse and touch ---- */
  const spot = (event) => {
    const box = media.getBoundingClientRect();
    return { x: share((event.clientX - box.left) / box.width), y: share((event.clientY - box.top) / box.height) };
  };
  const boxOf = (a, b) => ({ shape: "box", x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) });
  let press = null;

  function down(event) {
    if (!canRemark() || event.button || !event.isPrimary || event.target.closest(".pin-mark")) return;
    press = { at: spot(event), x: event.clientX, y: event.clientY, boxing: event.pointerType !== "touch", id: event.pointerId };
    if (event.pointerType === "touch") {
      press.timer = setTimeout(() => {
        if (press) press.boxing = true;
        navigator.vibrate?.(10);
      }, HOLD);
    } else stage.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (!press || event.pointerId !== press.id) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > MOVED;
    if (far && !press.boxing) return stop(); // a finger that scrolls
    if (!far && !press.dragged) return;
    press.dragged = true;
    draft = { ...boxOf(press.at, spot(event)), page };
    draw();
  }

  function up(event) {
    if (!press || event.pointerId !== press.id) return;
    const { at, dragged } = press;
    stop();
    const box = boxOf(at, spot(event));
    begin(dragged && box.width > 0.005 && box.height > 0.005 ? box : { shape: "point", ...at });
  }

  function stop() {
    clearTimeout(press?.timer);
    press = null;
  }

  /* ---- keys ---- */
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function key(event) {
    if (event.target !== stage || event.isComposing || event.ctrlKey || event.metaKey || !canRemark()) return;
    const act = paper ? keyOfWords(event) : STEPS[event.key] ? () => step(event) : keyOfSpots(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function step(event) {
    const [dx, dy] = STEPS[event.key];
    const size = event.shiftKey ? 0.1 : event.altKey ? 0.002 : 0.01;
    cursor = { x: share(cursor.x + dx * size), y: share(cursor.y + dy * size) };
    showCross();
    if (corner) {
      draft = { ...boxOf(corner, cursor), page };
      draw();
    }
  }

  function showCross() {
    cross.hidden = false;
    cross.style.setProperty("--cx", `${cursor.x * 100}%`);
    cross.style.setProperty("--cy", `${cursor.y * 100}%`);
    spoken.textContent = say("cross", { x: Math.round(cursor.x * 100), y: Math.round(cursor.y * 100) });
  }

  function keyOfSpots(event) {
    const name = event.key.toLowerCase();
    if (name === "enter") return () => (corner && draft?.width && draft?.height ? finishBox() : begin({ shape: "point", ...cursor }));
    if (name === "b") return () => (corner && draft?.width && draft?.height ? finishBox() : ((corner = { ...cursor }), showCross()));
    if (name === "escape" && (corner || draft)) return drop;
    if (kind !== "video") return null;
    return { " ": toggle, ",": () => frame(-1), ".": () => frame(1), j: () => seek(media.currentTime - 1), l: () => seek(media.currentTime + 1) }[name];
  }

  function finishBox() {
    const box = boxOf(corner, cursor);
    corner = null;
    begin(box);
  }

  function keyOfWords(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const line = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by) return () => moveCaret(caret + by * (event.altKey ? 5 : 1), event.shiftKey);
    if (line) return () => moveCaret(lineFrom(line), event.shiftKey);
    if (event.key.toLowerCase() === "b") return () => ((anchor = caret), draw());
    if (event.key === "Enter") return () => anchor !== null && anchor !== caret && finishRange();
    return event.key === "Escape" && (anchor !== null || draft) ? () => ((anchor = null), drop()) : null;
  }

  function moveCaret(to, extend) {
    if (extend && anchor === null) anchor = caret;
    caret = Math.min([...text].length, Math.max(0, to));
    draw();
    spoken.textContent = [...text][caret] || "";
  }

  function lineFrom(by) {
    const lines = text.split("\n").map((line) => [...line].length + 1);
    let at = 0;
    let start = 0;
    while (at < lines.length - 1 && start + lines[at] <= caret) start += lines[at++];
    const next = Math.min(lines.length - 1, Math.max(0, at + by));
    return lines.slice(0, next).reduce((sum, length) => sum + length, 0) + Math.min(caret - start, lines[next] - 1);
  }

  function finishRange() {
    const range = { start: Math.min(anchor, caret), end: Math.max(anchor, caret) };
    anchor = null;
    begin({ shape: "range", ...range });
  }

  /* ---- video ---- */
  function seek(seconds) {
    media.pause();
    media.currentTime = Math.min(media.duration || seconds, Math.max(0, seconds));
  }
  const frame = (by) => seek(media.currentTime + by * FRAME);
  const toggle = () => (media.paused ? media.play() : media.pause());

  function drawTicks() {
    const ticks = player?.querySelector(".ticks");
    if (!ticks || !media.duration) return;
    ticks.replaceChildren(...pins.filter((pin) => pin.seconds != null).map((pin) => {
      const el = make("button", { type: "button", class: `tick${pin.done ? " done" : ""}`, "aria-label": `${say("remark", { n: pin.number })} ${clock(pin.seconds)}` }, String(pin.number));
      el.style.left = `${(100 * pin.seconds) / media.duration}%`;
      el.addEventListener("click", () => choose(pin.number));
      return el;
    }));
  }

  function startVideo() {
    const line = player.querySelector("input");
    const play = player.querySelector("[data-play]");
    const shown = player.querySelector("output");
    media.controls = false;
    player.hidden = false;
    const look = () => {
      line.value = media.currentTime;
      shown.textContent = clock(media.currentTime);
      draw();
    };
    const known = () => {
      line.max = media.duration;
      look();
      fromHash();
    };
    const state = () => {
      play.replaceChildren(icon(media.paused ? "player-play" : "player-pause"));
      play.setAttribute("aria-label", say(media.paused ? "play" : "pause"));
    };
    media.addEventListener("loadedmetadata", known);
    ["timeupdate", "seeked"].forEach((name) => media.addEventListener(name, look));
    ["play", "pause"].forEach((name) => media.addEventListener(name, state));
    play.addEventListener("click", toggle);
    line.addEventListener("input", () => seek(Number(line.value)));
    player.querySelectorAll("[data-step]").forEach((el) => el.addEventListener("click", () => frame(Number(el.dataset.step))));
    if (media.readyState >= 1) known();
  }

  /* ---- beginning ---- */
  const sized = new ResizeObserver(draw);
  if (stage) {
    sized.observe(stage);
    stage.addEventListener("keydown", key);
    stage.addEventListener("focus", draw);
    stage.addEventListener("blur", () => {
      cross.hidden = true;
      draw();
    });
    if (paper) document.addEventListener("selectionchange", offerWords);
    else {
      stage.addEventListener("pointerdown", down);
      stage.addEventListener("pointermove", move);
      stage.addEventListener("pointerup", up);
      stage.addEventListener("pointercancel", stop);
      stage.addEventListener("touchmove", (event) => press?.boxing && event.preventDefault(), { passive: false });
      stage.addEventListener("contextmenu", (event) => press && event.preventDefault());
      stage.addEventListener("dragstart", (event) => event.preventDefault());
    }
    if (kind === "video") startVideo();
  }

  /* After an act the server's list is a new one: a draft that was taken becomes the newest remark. */
  const changes = new MutationObserver((list) => {
    if (!list.some((change) => [...change.addedNodes].some((node) => node.id === "remarks"))) return;
    const failed = form()?.querySelector("[role=alert]");
    const highest = Math.max(0, ...pins.map((pin) => pin.number));
    if (draft && !failed) draft = null;
    read();
    fill();
    const newest = Math.max(0, ...pins.map((pin) => pin.number));
    if (newest > highest) choose(newest, { jump: false });
    else if (failed) field()?.focus();
    else choose(chosen, { jump: false });
  });
  changes.observe(root, { childList: true });
  addEventListener("hashchange", fromHash);
  read();
  fill();
  fromHash();
  return () => {
    sized.disconnect();
    changes.disconnect();
    removeEventListener("hashchange", fromHash);
    document.removeEventListener("selectionchange", offerWords);
  };
}
