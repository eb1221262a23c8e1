/* A drop zone over a plain file form: shows the chosen files, sends them with progress, follows the address answered. */
export default function upload(form, pharos) {
  const { t, make, icon } = pharos;
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector(".files") || form.appendChild(make("ul", { class: "files" }));
  const zone = input.closest("label") || form;
  const limit = Number(form.dataset.maxMb || 0);
  let files = [];

  const size = (bytes) => (bytes < 1024 ** 2 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`);

  function add(chosen) {
    for (const file of chosen) {
      if (files.some((one) => one.file.name === file.name && one.file.size === file.size)) continue;
      if (!input.multiple) files.splice(0).forEach((one) => one.row.remove());
      files.push(entry(file));
    }
    ready();
  }

  function entry(file) {
    const bar = make("progress", { class: "bar", max: 100, value: 0, "aria-label": file.name });
    const remove = make("button", { type: "button", "aria-label": `${t("remove")} ${file.name}` }, icon("x"));
    const row = make("li", {}, icon("file-text"), make("span", { class: "clip", title: file.name }, file.name), bar, make("small", {}, size(file.size)), remove);
    const one = { file, row, bar };
    remove.addEventListener("click", () => {
      files = files.filter((other) => other !== one);
      row.remove();
      ready();
    });
    if (limit && file.size > limit * 1024 ** 2) fail(one, t("too_big", { mb: limit }));
    list.append(row);
    return one;
  }

  function ready() {
    const transfer = new DataTransfer();
    files.filter((one) => !one.failed).forEach((one) => transfer.items.add(one.file));
    input.files = transfer.files;
  }

  function fail(one, why) {
    one.failed = true;
    one.row.classList.add("bad");
    one.row.querySelector("p")?.remove();
    one.row.append(make("p", { role: "alert" }, why));
  }

  function send(body, group) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-CSRFToken", pharos.csrf());
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        const done = event.lengthComputable ? (100 * event.loaded) / event.total : 50;
        group.forEach((one) => (one.bar.value = Math.min(done, 98)));
      });
      const finish = () => resolve(outcome(request));
      request.addEventListener("load", finish);
      request.addEventListener("error", finish);
      request.send(body);
    });
  }

  function outcome(request) {
    let data = {};
    try {
      data = JSON.parse(request.responseText);
    } catch {
      if (request.status >= 200 && request.status < 300 && request.responseURL !== form.action) data = { url: request.responseURL };
    }
    const ok = request.status >= 200 && request.status < 300;
    return { ok, data, why: data.detail || (request.status ? t("upload_failed") : t("offline")) };
  }

  function settle(group, result) {
    for (const one of group) {
      one.bar.value = result.ok ? 100 : 0;
      one.bar.classList.toggle("ok", result.ok);
      if (!result.ok) {
        const own = (result.data.errors || []).find((error) => error.file === one.file.name);
        fail(one, own?.detail || result.why);
        one.failed = false;
      } else one.row.classList.add("done");
    }
  }

  function rest() {
    const body = new FormData(form);
    body.delete(input.name);
    return body;
  }

  async function submit(event) {
    const group = files.filter((one) => !one.failed && !one.row.classList.contains("done"));
    if (!group.length) return;
    event.preventDefault();
    const button = form.querySelector(".btn.pri");
    button?.setAttribute("aria-busy", "true");
    list.querySelectorAll("p").forEach((p) => p.remove());
    let last;
    for (const part of "each" in form.dataset ? group.map((one) => [one]) : [group]) {
      const body = rest();
      part.forEach((one) => body.append(input.name, one.file, one.file.name));
      last = await send(body, part);
      settle(part, last);
    }
    setTimeout(() => button?.removeAttribute("aria-busy"));
    form.dispatchEvent(new CustomEvent("upload:done", { bubbles: true }));
    if (last.ok && last.data.url && !list.querySelector(".bad")) location.assign(last.data.url);
  }

  form.classList.add("live");
  input.addEventListener("change", () => add([...input.files]));
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => form.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
  form.addEventListener("submit", submit);
}
