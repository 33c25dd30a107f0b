/* Charts are drawn in Python and complete as they are; a chart that is used is drawn anew here.
   Places along the width are shares of it, heights are pixels, as in charts.py. */
const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDE = 1000, FINE = 10, AIR = 0.05, ROW = 14, FAR = 3;
/* The curves of the page's charts, by number; none until the report is unpacked, when nobody waits. */
let curves = null;
const unpack = async () => {
  const report = unfolded(await enclosed(), asValues);
  curves = document.body.dataset.curves.split(" ").map((place) => place.split("/").reduce((part, key) => part[key], report));
  root.dataset.unpacked = "";
};
const unpacking = (() => {
  let begun;
  return () => begun ??= unpack().catch(() => {});
})();
/* Does something to charts as soon as they can be drawn anew. */
const drawing = (act) => (given) => curves ? act(given) : unpacking().then(() => curves && act(given));
/* Not before somebody is there: whoever only reads need not wait for it. */
for (const sign of ["pointermove", "pointerdown", "focusin", "keydown"]) addEventListener(sign, () => document.body.dataset.curves && unpacking(), { once: true });

const plain = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 20 });
const written = (value, digits = 3) => {
  if (value === 0) return "0";
  const size = Math.abs(Number(value.toPrecision(digits)));
  if (size >= 1e-3 && size < 1e7) return plain(size >= 10 ** (digits - 1) ? Math.round(value) : Number(value.toPrecision(digits)));
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
};
const ticksOf = (low, high, count) => {
  const raw = high / count - low / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((factor) => raw <= factor * power * 1.0001) * power;
  if (!(step > 0 && isFinite(step))) return [low];
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) found.push(Number((i * step).toPrecision(12)));
  return found;
};
const powersOf = (low, high) => {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.floor(Math.log10(high)); power++) {
    for (const factor of high / low < 150 ? [1, 2, 5] : [1]) found.push(Number(`${factor}e${power}`));
  }
  const inside = found.filter((value) => value >= low && value <= high);
  const every = Math.ceil(inside.length / 5);
  return inside.length > 2 ? inside.filter((_, i) => i % every === 0) : ticksOf(low, high, 4);
};
/* With the digits that tell the values apart. */
const tickTexts = (values) => {
  const largest = Math.max(...values.map(Math.abs)), gap = values.length > 1 ? values[1] - values[0] : largest;
  if (largest >= 1e6 || (largest > 0 && largest < 1e-2)) return values.map((value) => written(value, 4));
  const places = gap ? [0, 1, 2, 3, 4, 5, 6].find((digits) => Math.abs(gap * 10 ** digits - Math.round(gap * 10 ** digits)) < 1e-6 * Math.max(1, gap * 10 ** digits)) ?? 7 : 0;
  return values.map((value) => value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places }));
};
const smoothed = (values, weight) => {
  let sum = 0, seen = 0;
  return values.map((value) => {
    if (value === null || !weight) return value;
    sum = sum * weight + (1 - weight) * value;
    seen += 1;
    return sum / (1 - weight ** seen);
  });
};
const element = (name, attributes, ...inside) => {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const share = (value) => `${(100 * Math.min(Math.max(value, 0), 1)).toFixed(2)}%`;

class Chart {
  static known = new WeakMap();
  static of(inside) {
    const figure = inside.closest("figure[data-chart]");
    if (!Chart.known.has(figure)) Chart.known.set(figure, new Chart(figure));
    return Chart.known.get(figure);
  }

  constructor(figure) {
    this.figure = figure;
    this.svg = figure.querySelector("svg.ch");
    this.spec = { near: false, log: false, height: 180, ...JSON.parse(figure.dataset.chart) };
    this.log = this.spec.log;
    this.near = this.spec.near;
    this.weight = 0;
    this.range = null;
    this.lines = this.spec.lines.map(([whole, close, label, style]) => ({ whole: curves[whole], close: curves[close], label, style }));
    this.axis = this.spec.axis;
    this.measure();
  }

  get untouched() { return this.range === null && this.near === this.spec.near && this.log === this.spec.log; }

  /* Which steps and values are shown. */
  measure() {
    const all = this.lines.flatMap(({ whole }) => [whole.steps[0], whole.steps.at(-1)]);
    let [first, last] = [Math.min(...all), Math.max(...all)];
    if (this.range) [first, last] = this.range;
    else if (this.near) {
      const [from, to] = this.spec.stretch, room = Math.max(Math.ceil((to - from) / 4), Math.ceil((last - first) / 200), 1);
      const closest = this.lines.map(({ close }) => close.steps);
      const own = this.lines.every(({ whole, close }) => whole !== close);
      [first, last] = own ? [Math.min(...closest.map((s) => s[0])), Math.max(...closest.map((s) => s.at(-1)))]
        : [Math.max(first, from - room), Math.min(last, to + room)];
    }
    this.first = first;
    this.last = last;
    for (const line of this.lines) {
      const inside = line.close.steps.some((step) => step >= first && step <= last) && line.close.steps[0] <= first && line.close.steps.at(-1) >= last;
      line.drawn = inside ? line.close : line.whole;
      line.means = smoothed(line.drawn.mean, this.weight);
    }
    [this.low, this.high] = this.untouched ? this.spec.frame : this.frame();
  }

  frame() {
    const values = this.lines.flatMap(({ drawn, means }) => drawn.steps.flatMap((step, i) =>
      step < this.first || step > this.last || drawn.mean[i] === null ? [] : [means[i], drawn.low ? drawn.low[i] : means[i], drawn.high ? drawn.high[i] : means[i]]))
      .filter((value) => value !== null && (!this.log || value > 0));
    if (!values.length) return this.log ? [0.1, 1] : [0, 1];
    const low = values.reduce((a, b) => Math.min(a, b)), high = values.reduce((a, b) => Math.max(a, b));
    if (this.log) { const factor = Math.min((high / low) ** AIR, 10) || 1; return [low / (factor > 1 ? factor : 1.1), high * (factor > 1 ? factor : 1.1)]; }
    const air = (high - low) * AIR || Math.abs(high) * AIR || 1;
    return [low - air, high + air];
  }

  across(step) { return this.last > this.first ? (step - this.first) / (this.last - this.first) : 0.5; }
  up(value) {
    const [low, high, at] = this.log ? [this.low, this.high, Math.max(value, Number.MIN_VALUE)].map(Math.log10) : [this.low, this.high, value];
    const place = high > low ? (at / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
    return this.spec.height * (1 - Math.min(Math.max(place, -FAR), 1 + FAR));
  }

  draw() {
    this.measure();
    this.cursor = element("g", { class: "cur" });
    this.svg.replaceChildren(this.grid(), this.steps(), this.region(), this.curves(), ...this.marks(), this.labels(), this.cursor);
    this.caption();
  }

  /* What is said of the first frame holds for no other one. */
  caption() {
    const said = this.figure.querySelector("figcaption span");
    this.said ??= said.textContent;
    said.textContent = this.untouched ? this.said : this.log ? phrase("powers") : "";
  }

  grid() {
    const values = this.log ? powersOf(this.low, this.high) : ticksOf(this.low, this.high, 4);
    const texts = this.log ? values.map((value) => written(value, 4)) : tickTexts(values);
    return element("g", { class: "gr" }, ...values.flatMap((value, i) => {
      const y = this.up(value).toFixed(1);
      return [element("line", { x2: "100%", y1: y, y2: y }), element("text", { x: -8, y: Number(y) + 4 }, texts[i])];
    }));
  }

  steps() {
    const values = ticksOf(this.first, this.last, 5).filter((value) => Number.isInteger(value));
    const base = this.spec.height, texts = tickTexts(values);
    return element("g", { class: "gx" },
      ...values.map((value, i) => element("text", { x: share(this.across(value)), y: base + 17 }, texts[i])),
      element("text", { class: "ax", x: "100%", y: base + 32 }, this.axis));
  }

  region() {
    if (!this.spec.stretch) return element("g", { class: "ev" });
    const [from, to] = this.spec.stretch.map((step) => Math.min(Math.max(this.across(step), 0), 1));
    const left = Math.min(from, 1 - 0.006), right = Math.max(to, left + 0.006), height = this.spec.height;
    const place = { x: share(left), width: share(right - left), height };
    return element("g", { class: right - left > 0.96 ? "ev all" : "ev" },
      element("rect", { class: "evf", ...place }), element("rect", { class: "evh", ...place }),
      ...[left, right].map((x) => element("line", { x1: share(x), x2: share(x), y2: height })));
  }

  curves() {
    const frame = element("svg", { width: "100%", height: this.spec.height, viewBox: `0 0 ${WIDE} ${this.spec.height * FINE}`, preserveAspectRatio: "none" });
    for (const line of [...this.lines].reverse()) {
      const { drawn, means, style } = line;
      if (drawn.low && drawn.high) frame.append(element("path", { class: `bd c${style}`, d: this.band(drawn) }));
      frame.append(element("path", { class: `ln c${style}`, fill: "none", stroke: "currentColor", d: this.path(drawn, means) }));
      const alone = this.alone(drawn, means);
      if (alone) frame.append(element("path", { class: `ln dot c${style}`, fill: "none", stroke: "currentColor", d: alone }));
    }
    return frame;
  }

  point(step, value) { return `${Math.round(this.across(step) * WIDE * 10) / 10} ${Math.round(this.up(value) * FINE)}`; }
  shows(drawn, i) { return drawn.mean[i] !== null && (!this.log || drawn.mean[i] > 0); }
  path(drawn, means) {
    let pen = "M";
    return drawn.steps.map((step, i) => {
      if (!this.shows(drawn, i)) { pen = "M"; return ""; }
      const piece = pen + this.point(step, means[i]);
      pen = "L";
      return piece;
    }).join("");
  }
  alone(drawn, means) {
    return drawn.steps.map((step, i) => this.shows(drawn, i) && !this.shows(drawn, i - 1 < 0 ? NaN : i - 1) && !this.shows(drawn, i + 1)
      ? `M${this.point(step, means[i])}h0` : "").join("");
  }
  band(drawn) {
    const pieces = [];
    let open = [];
    const close = () => {
      if (open.length > 1) pieces.push(`M${open.map((i) => this.point(drawn.steps[i], drawn.high[i])).join("L")}L${open.reverse().map((i) => this.point(drawn.steps[i], drawn.low[i])).join("L")}z`);
      open = [];
    };
    drawn.steps.forEach((_, i) => this.shows(drawn, i) && (!this.log || drawn.low[i] > 0) ? open.push(i) : close());
    close();
    return pieces.join("");
  }

  place(step) { return phrase("place", { axis: this.axis, step: plain(step) }); }

  marks() {
    const found = [], { stretch, height } = this.spec, [best, which] = this.spec.best ?? [null], start = stretch ? stretch[0] : best;
    const note = (step, row, text) => {
      const x = this.across(step);
      if (x > 0.03 && x < 0.97) found.push(element("text", { class: x > 0.5 ? "mk e" : "mk", x: share(x), y: ROW * row - 1 }, text));
      return x > 0.03 && x < 0.97;
    };
    if (best !== null && note(best, 2, phrase(which, { place: this.place(best) }))) {
      found.push(element("line", { class: "mk", x1: share(this.across(best)), x2: share(this.across(best)), y2: height }));
    }
    if (best !== start) note(start, 1, this.place(start));
    return [...found, ...this.outside()];
  }

  outside() {
    const beyond = (values, wanted, sign, y) => {
      let far = null;
      for (const { drawn } of this.lines) drawn.steps.forEach((step, i) => {
        const value = (drawn[values] ?? drawn.mean)[i];
        if (value !== null && step >= this.first && step <= this.last && wanted(value) && (!far || (values === "high" ? value > far[1] : value < far[1]))) far = [step, value];
      });
      return far ? [element("text", { class: "off", x: share(this.across(far[0])), y }, sign)] : [];
    };
    return [...beyond("high", (value) => value > this.high, "▲", 10), ...beyond("low", (value) => value < this.low && !this.log, "▼", this.spec.height - 3)];
  }

  labels() {
    const ends = this.lines.map(({ drawn, means, label, style }) => {
      const last = drawn.steps.findLastIndex((step, i) => step <= this.last && this.shows(drawn, i));
      return [last < 0 ? 0 : Math.min(Math.max(this.up(means[last]), 0), this.spec.height), style, label];
    }).sort((a, b) => a[0] - b[0]);
    let before = -ROW;
    const lowest = this.spec.height - ROW * (ends.length - 1);
    return element("g", { class: "lb" }, ...ends.map(([y, style, label], i) => {
      before = Math.min(Math.max(y, before + ROW), lowest + ROW * i);
      return element("text", { class: `c${style}`, x: "100%", y: before.toFixed(1) }, label);
    }));
  }

  /* Marks a place and says in words which values are there. */
  read(at) {
    if (!this.cursor) this.draw();
    const wanted = this.first + at * (this.last - this.first);
    const nearest = (steps, place) => steps.reduce((best, step, i) => Math.abs(step - place) < Math.abs(steps[best] - place) && step >= this.first && step <= this.last ? i : best, 0);
    /* The first line decides which step is read, where it has one: another may begin earlier, or go on. */
    const read = this.lines.map(({ drawn: { steps } }) => steps).find((steps) => wanted >= steps[0] && wanted <= steps.at(-1)) ?? this.lines[0].drawn.steps;
    const step = read[nearest(read, wanted)], x = this.across(step);
    const said = [], drawn = [element("line", { x1: share(x), x2: share(x), y2: this.spec.height })];
    for (const { drawn: curve, means, label, style } of this.lines) {
      const i = nearest(curve.steps, step), room = (curve.steps.at(-1) - curve.steps[0]) / (curve.steps.length - 1 || 1);
      if (step < curve.steps[0] - room || step > curve.steps.at(-1) + room) { said.push(phrase("absent", { series: label })); continue; }
      if (curve.mean[i] === null) { said.push(phrase("nothing", { series: label })); continue; }
      const y = this.up(means[i]);
      if (y >= 0 && y <= this.spec.height) drawn.push(element("circle", { class: `c${style}`, r: 4, cx: share(this.across(curve.steps[i])), cy: y.toFixed(1) }));
      const value = { series: label, value: written(means[i], 4) };
      if (curve.low && curve.low[i] !== curve.high[i]) said.push(phrase("spread", { ...value, low: written(curve.low[i], 4), high: written(curve.high[i], 4) }));
      else said.push(phrase("value", value));
    }
    this.cursor.replaceChildren(...drawn);
    const [from, to] = this.spec.stretch ?? [Infinity, -Infinity];
    const text = phrase(step >= from && step <= to ? "inside" : "here", { place: this.place(step), values: said.join(", ") });
    this.figure.querySelector("output").textContent = text;
    return text;
  }

  leave() {
    this.cursor?.replaceChildren();
    this.figure.querySelector("output").textContent = "";
  }
}

const toggled = (button, chart, name) => {
  chart[name] = !chart[name];
  button.setAttribute("aria-pressed", chart[name]);
  chart.draw();
};
Object.assign(actions, {
  near: drawing((button) => { const chart = Chart.of(button); chart.range = null; toggled(button, chart, "near"); }),
  log: drawing((button) => toggled(button, Chart.of(button), "log")),
});
const slid = {
  smooth(slider, chart) { chart.weight = slider.value / 100; slider.setAttribute("aria-valuetext", `${slider.value}%`); chart.draw(); },
  read(slider, chart) { slider.setAttribute("aria-valuetext", chart.read(slider.value / 200)); },
};
document.addEventListener("input", ({ target }) => {
  if (target.dataset.control) drawing((slider) => slid[slider.dataset.control](slider, Chart.of(slider)))(target);
});

/* A pointer reads values; dragged over a stretch, it shows that stretch; twice clicked, all. */
const overChart = (event) => curves && event.target.closest?.("figure[data-chart] svg.ch");
const place = (event, svg) => {
  const box = svg.getBoundingClientRect();
  return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
};
let dragged = null, pointed = null;
const point = (svg, event) => {
  if (pointed && pointed !== svg) Chart.of(pointed).leave();
  pointed = svg;
  if (svg) Chart.of(svg).read(place(event, svg));
};
document.addEventListener("pointermove", (event) => point(dragged?.svg ?? overChart(event), event));
root.addEventListener("pointerleave", () => dragged || point(null));
document.addEventListener("pointerdown", (event) => {
  const svg = event.pointerType === "mouse" && event.button === 0 ? overChart(event) : null;
  if (svg) dragged = { svg, from: place(event, svg) };
});
document.addEventListener("pointerup", (event) => {
  if (!dragged) return;
  const { svg, from } = dragged, to = place(event, svg), chart = Chart.of(svg);
  dragged = null;
  if (Math.abs(to - from) < 0.02) return;
  const step = (at) => Math.round(chart.first + at * (chart.last - chart.first));
  chart.range = [step(Math.min(from, to)), step(Math.max(from, to))];
  if (chart.range[0] < chart.range[1]) chart.draw();
});
document.addEventListener("dblclick", (event) => {
  const svg = overChart(event);
  if (svg) { const chart = Chart.of(svg); chart.range = null; chart.draw(); }
});
