/* Draws one Plotly figure when it comes into sight. Figures name colours by role ("role:1", "role:bad-soft"); here they are
   painted for the theme that is on, and painted anew when it changes. Figures come beside the element or from data-url. */
const ROLE = /^role:(.+)$/;
const VARIABLES = { accent: "--accent", ink: "--ink", muted: "--ink-3", band: "--sunken", line: "--line", surface: "--surface", ok: "--ok", warn: "--warn", bad: "--bad" };
const PLAIN = {
  layout: {
    margin: { l: 44, r: 12, t: 12, b: 30 }, font: { size: 11, color: "role:muted" }, hovermode: "x unified",
    xaxis: { showgrid: false, zeroline: false, fixedrange: true, automargin: true }, yaxis: { gridcolor: "role:line", zeroline: false, fixedrange: true, automargin: true },
    hoverlabel: { bgcolor: "role:surface", bordercolor: "role:line", font: { color: "role:ink" } },
  },
};
let library;

/* Plotly writes its few rules into style elements of its own; they get the page's nonce, since the
   Content-Security-Policy admits no others. The style attributes it sets on pieces of its texts (<b>, <i>) go
   through the CSSOM, which the policy allows. Nothing else is touched. */
function allowStyles(nonce) {
  const create = document.createElement;
  document.createElement = function createElement(tag, options) {
    const el = create.call(document, tag, options);
    if (String(tag).toLowerCase() === "style" && nonce) el.nonce = nonce;
    return el;
  };
  SVGElement.prototype.setAttribute = function setAttribute(name, value) {
    if (name === "style") this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
}

function load(address, nonce) {
  library ??= new Promise((resolve, reject) => {
    allowStyles(nonce);
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = undefined;
      reject(new Error(address));
    };
    document.head.append(script);
  });
  return library;
}

function colourOf(name, themes, isDark, probe) {
  const given = themes?.[isDark ? "dark" : "light"]?.[name];
  if (given) return given;
  const [, base, soft] = name.match(/^(.+?)(-soft)?$/);
  const variable = VARIABLES[base] || (/^[1-7]$/.test(base) ? `--s${base}` : "--ink-3");
  probe.style.color = `var(${variable})`;
  const colour = getComputedStyle(probe).color;
  return soft ? colour.replace(/rgba?\(([^,]+,[^,]+,[^,)]+).*\)/, `rgba($1, ${isDark ? 0.2 : 0.12})`) : colour;
}

function paint(value, colour) {
  if (Array.isArray(value)) return value.map((item) => paint(item, colour));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === "meta" ? item : paint(item, colour)]));
  const role = typeof value === "string" && value.match(ROLE);
  return role ? colour(role[1]) : value;
}

class Chart {
  constructor(el, pharos) {
    Object.assign(this, { el, pharos, visible: false, stale: false });
    this.card = el.closest(".card") || el.parentElement;
    this.png = document.querySelector(`[data-png="${CSS.escape(el.id)}"]`);
    this.onTheme = () => this.repaint();
    this.onPng = () => this.download();
    document.addEventListener("theme", this.onTheme);
    this.png?.addEventListener("click", this.onPng);
    this.sight = new IntersectionObserver((entries) => this.seen(entries.at(-1).isIntersecting), { rootMargin: "200px" });
    this.sight.observe(el);
  }

  seen(visible) {
    this.visible = visible;
    if (visible && !this.started) this.begin();
    else if (visible && this.stale) this.draw();
  }

  async begin() {
    this.started = true;
    try {
      const [plotly, figure] = await Promise.all([load(this.el.dataset.plotly, this.pharos.nonce), this.figureOf()]);
      this.plotly = plotly;
      this.figure = figure;
      if (!figure?.data?.length) return this.say("no_figures");
      await this.draw();
    } catch {
      this.started = false;
      this.say("chart_failed");
    }
  }

  async figureOf() {
    const address = this.el.dataset.url;
    if (!address) return JSON.parse(this.el.parentElement.querySelector("script[type='application/json']").textContent);
    const answer = await this.pharos.json(address);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.data.figure ?? answer.data;
  }

  say(key) {
    this.el.removeAttribute("aria-busy");
    this.el.replaceChildren(this.pharos.make("p", {}, this.pharos.t(key)));
    const twin = this.card?.querySelector("details.twin");
    if (key === "chart_failed" && twin) twin.open = true;
  }

  painted() {
    const probe = this.el.appendChild(document.createElement("span"));
    const themes = this.figure.layout?.meta?.themes;
    const isDark = this.pharos.isDark();
    const result = paint({ data: this.figure.data, layout: { template: PLAIN, ...this.figure.layout } }, (name) => colourOf(name, themes, isDark, probe));
    probe.remove();
    return result;
  }

  async draw() {
    this.stale = false;
    const { data, layout } = this.painted();
    const config = { displayModeBar: false, responsive: true, doubleClick: false, ...this.figure.config, locale: "en" };
    const fitting = { autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", ...layout, width: undefined };
    await this.plotly.react(this.el, data, fitting, config);
    this.el.removeAttribute("aria-busy");
    if (this.png) this.png.hidden = false;
    this.listen();
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    this.el.on("plotly_click", (event) => {
      const point = event.points[0];
      const address = point?.data.meta?.urls?.[point.pointNumber];
      if (address) location.assign(address);
      this.el.dispatchEvent(new CustomEvent("chart:click", { bubbles: true, detail: { x: point?.x, y: point?.y, name: point?.data.name } }));
    });
  }

  repaint() {
    if (!this.plotly || !this.figure?.data?.length) return;
    if (this.visible) this.draw();
    else this.stale = true;
  }

  async download() {
    const box = this.el.getBoundingClientRect();
    const name = this.card?.querySelector("h2")?.firstChild?.textContent.trim() || this.el.id;
    const surface = getComputedStyle(this.card).backgroundColor;
    const { data, layout } = this.painted();
    const figure = { data, layout: { ...layout, paper_bgcolor: surface, plot_bgcolor: surface, title: { text: name, x: 0.01, font: { size: 15 } }, margin: { ...layout.margin, t: 56 } } };
    const address = await this.plotly.toImage(figure, { format: "png", width: Math.round(box.width), height: Math.round(box.height) + 40, scale: 2 });
    this.pharos.make("a", { href: address, download: `${name}.png` }).click();
  }

  end() {
    this.sight.disconnect();
    document.removeEventListener("theme", this.onTheme);
    this.png?.removeEventListener("click", this.onPng);
    if (this.plotly) this.plotly.purge(this.el);
  }
}

export default function chart(el, pharos) {
  const drawn = new Chart(el, pharos);
  return () => drawn.end();
}
