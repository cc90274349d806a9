// What the living figures have in common: elements, axes, curves from samples, controls.
// A figure imports from here; assets.py joins the two for JupyterLab and for pages.

const SVG = "http://www.w3.org/2000/svg";
let made = 0;

// ---- Elements --------------------------------------------------------------------------

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// An HTML element: html("p", { class: "note" }, "text", otherElement).
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

// An SVG element.
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// An id that no other element of the page has.
export function unique(stem) {
  made += 1;
  return `living-${stem}-${made}`;
}

// ---- Numbers ---------------------------------------------------------------------------

// A number as the figures write it: with a true minus sign, an exact 0 as "0".
export function number(x, digits = 6) {
  if (x === 0) return "0";
  const text = x.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// An exponent, as in 10⁻³.
export function raised(n) {
  return [...String(n)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
}

// Round numbers for about `count` ticks between low and high.
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step);
  return found.map((x) => Number(x.toPrecision(12)));
}

// ---- Curves from samples ---------------------------------------------------------------

// Decode what samples.py packed: base64 of fixed-point numbers, 26 bits after the point.
export function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return Float64Array.from(new Int32Array(bytes.buffer), (n) => n / 2 ** 26);
}

// A sampled function: curve(z) returns [value, slope]. Between two breaks it is the polynomial
// through the samples, which are at Chebyshev points; where pieces join, it is what Python says.
export function curve({ breaks, data, joins, scale = 1 }) {
  const samples = unpack(data).map((n) => n * scale);
  const pieces = breaks.length - 1;
  const n = samples.length / (2 * pieces);
  if (!(n >= 1 && Number.isInteger(n))) throw new Error("its samples do not fit its breaks");
  const angles = Array.from({ length: n }, (_, j) => ((2 * j + 1) * Math.PI) / (2 * n));
  const nodes = angles.map(Math.cos);
  const weights = angles.map((angle, j) => (j % 2 ? -1 : 1) * Math.sin(angle));

  // The side matters where pieces meet: evaluate(z, piece) follows one piece to its end.
  function evaluate(z, piece) {
    const [low, high] = [breaks[piece], breaks[piece + 1]];
    const x = (2 * z - low - high) / (high - low);
    const start = 2 * piece * n;
    let [sum, value, slope] = [0, 0, 0];
    for (let j = 0; j < n; j++) {
      const i = start + j;
      if (x === nodes[j]) return [samples[i], samples[i + n]];
      const weight = weights[j] / (x - nodes[j]);
      sum += weight;
      value += weight * samples[i];
      slope += weight * samples[i + n];
    }
    return [value / sum, slope / sum];
  }

  function at(z) {
    const join = joins.find(([place]) => place === z);
    if (join) return join.slice(1);
    let piece = 0;
    while (piece < pieces - 1 && z > breaks[piece + 1]) piece += 1;
    return evaluate(z, piece);
  }

  // Polylines [z, value, slope] of `count` points in total, one for each piece.
  at.polylines = (count) =>
    Array.from({ length: pieces }, (_, piece) => {
      const [low, high] = [breaks[piece], breaks[piece + 1]];
      const steps = Math.max(1, Math.round((count * (high - low)) / (breaks[pieces] - breaks[0])));
      return Array.from({ length: steps + 1 }, (_, i) => {
        const z = low + ((high - low) * i) / steps;
        return [z, ...evaluate(z, piece)];
      });
    });
  return at;
}

// Index of the table that Python sampled for these values; the last parameter varies fastest.
export function tableIndex(stops, values) {
  return Object.entries(stops).reduce((index, [key, all]) => {
    const place = all.indexOf(values[key]);
    return index * all.length + (place < 0 ? NaN : place);
  }, 0);
}

// ---- Drawings --------------------------------------------------------------------------

// A drawing that fills the width of `el`, up to `most` px, and is redrawn when that changes:
// draw(root, width, height) fills the svg element. Returns the element, `redraw` to call when
// the data change (drawn at most once per frame), and `stop` for the figure's cleanup.
export function frame(el, { ratio, least = 0, most = 576, label }, draw) {
  const root = svg("svg", { class: "living-drawing", role: "img", "aria-label": label });
  let [width, waiting] = [0, 0];
  const now = () => {
    waiting = 0;
    width = Math.min(el.clientWidth || 576, most);
    const height = Math.round(Math.max(width * ratio, least));
    fill(root, { viewBox: `0 0 ${width} ${height}`, width, height }, []);
    draw(root, width, height);
  };
  const redraw = () => {
    waiting ||= requestAnimationFrame(now);
  };
  const observer = new ResizeObserver(() => {
    if (Math.min(el.clientWidth, most) !== width) redraw();
  });
  el.append(root);
  now();
  observer.observe(el);
  const stop = () => {
    observer.disconnect();
    cancelAnimationFrame(waiting);
  };
  return { root, redraw, stop };
}

// Axes in a box of the drawing: { left, top, width, height } in px, x and y the [low, high]
// shown. Returns the scales X and Y and a group with grid, ticks and labels.
export function axes(box, { x, y, xlabel = "", ylabel = "", xticks = 7, yticks = 5, names = true }) {
  const { left, top, width, height } = box;
  const X = (z) => left + (width * (z - x[0])) / (x[1] - x[0]);
  const Y = (v) => top + (height * (y[1] - v)) / (y[1] - y[0]);
  const group = svg("g", { class: "living-axes" });
  const line = (x1, y1, x2, y2, name) => group.append(svg("line", { x1, y1, x2, y2, class: name }));
  const text = (x, y, anchor, said) =>
    group.append(svg("text", { x, y, "text-anchor": anchor }, said));
  for (const z of ticks(...x, xticks)) {
    line(X(z), top, X(z), top + height, z === 0 ? "living-zero" : "living-grid");
    if (names) text(X(z), top + height + 16, "middle", number(z, decimals(x)));
  }
  for (const v of yticks ? ticks(...y, yticks) : []) {
    line(left, Y(v), left + width, Y(v), v === 0 ? "living-zero" : "living-grid");
    text(left - 7, Y(v) + 4, "end", number(v, decimals(y)));
  }
  line(left, top, left, top + height, "living-edge");
  line(left, top + height, left + width, top + height, "living-edge");
  text(left + width / 2, top + height + 33, "middle", xlabel);
  const middle = top + height / 2;
  group.append(
    svg("text", { transform: `translate(${left - 40} ${middle}) rotate(-90)`, "text-anchor": "middle" }, ylabel),
  );
  return { X, Y, group, box };
}

function decimals([low, high]) {
  return high - low > 4 ? 0 : high - low > 1 ? 1 : 2;
}

// The "d" of a path through points [x, y] in px.
export function path(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
}

// A line in the course's style: colour and dashes number i of the cycle.
export function stroke(i, d, attributes = {}) {
  return svg("path", { d, class: `living-line living-cycle-${i % 6}`, ...attributes });
}

// The point on a curve and on its slope, with the tangent: three elements.
export function markers(values, slopes, z, { value, slope }, cycle) {
  // The same length at every slope, so that steep tangents do not shoot off.
  const [dx, dy] = [values.X(1) - values.X(0), (values.Y(1) - values.Y(0)) * slope];
  const [x, y, length] = [values.X(z), values.Y(value), 46 / Math.hypot(dx, dy)];
  const [a, b] = [dx * length, dy * length];
  const dot = (cy) => svg("circle", { cx: x, cy, r: 5, class: `living-dot living-fill-${cycle % 6}` });
  return [
    svg("line", { x1: x - a, y1: y - b, x2: x + a, y2: y + b, class: "living-tangent" }),
    dot(y),
    dot(slopes.Y(slope)),
  ];
}

// ---- Controls --------------------------------------------------------------------------

// A labelled slider; `write` formats its value, `input` is called at each change.
// Returns the row to append, and `set` to follow the model.
export function slider({ label, min, max, step, value, write = (x) => number(x, 2), input }) {
  const id = unique("slider");
  const said = html("output", { for: id });
  const range = html("input", {
    type: "range", id, min, max, step,
    // Without this, JupyterLab takes the arrow keys for itself.
    "data-lm-suppress-shortcuts": "true",
  });
  const set = (x) => {
    range.value = x;
    said.textContent = write(x);
    range.setAttribute("aria-valuetext", said.textContent);
  };
  range.addEventListener("input", () => {
    set(Number(range.value));
    input(Number(range.value));
  });
  set(value);
  const row = html("div", { class: "living-slider" }, html("label", { for: id }, label), range, said);
  return { row, range, set };
}

// A slider for each parameter of the functions {name: { title, params: {key: stops} }}, over
// the trait `params`, {name: {key: value}}. Each has `update`, to follow the model.
export function parameterSliders(model, functions) {
  const alone = Object.keys(functions).length === 1;
  return Object.keys(functions).flatMap((name) => Object.keys(functions[name].params).map((key) => {
    const stops = () => model.get("functions")[name].params[key];
    const place = () => stops().indexOf(model.get("params")[name][key]);
    const control = slider({
      label: alone ? key : `${key} of ${functions[name].title}`, min: 0, max: stops().length - 1, step: 1,
      value: place(),
      write: (i) => String(Number(stops()[i].toFixed(3))).replace("-", "−"),
      input: (i) => {
        const params = model.get("params");
        tell(model, "params", { ...params, [name]: { ...params[name], [key]: stops()[i] } });
      },
    });
    const update = () => {
      control.range.max = stops().length - 1;
      control.set(place());
    };
    return { ...control, update };
  }));
}

// Where an event is, in px of the drawing: a slide shows it larger than it was laid out.
export function placeOf(root, { clientX, clientY }) {
  const { left, top, width } = root.getBoundingClientRect();
  const scale = width / root.viewBox.baseVal.width;
  return [(clientX - left) / scale, (clientY - top) / scale];
}

// Drag anywhere in a drawing, with mouse, pen or finger: move(x, y) in px of the drawing. A finger
// taps or drags sideways; a swipe up or down scrolls the page and moves nothing, unless it begins
// where `grips(event)` says that something is held.
export function draggable(root, move, grips = () => false) {
  let held = false;
  let swipe = null; // where a finger came down, while it may still go on to scroll
  const report = (event) => {
    swipe = null;
    move(...placeOf(root, event));
  };
  root.classList.add("living-draggable");
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    root.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch" && !grips(event)) swipe = event;
    else report(event);
  });
  root.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [dx, dy] = swipe ? [event.clientX - swipe.clientX, event.clientY - swipe.clientY] : [9, 0];
    if (Math.abs(dx) > Math.max(6, Math.abs(dy))) report(event);
  });
  root.addEventListener("pointerup", (event) => {
    if (held && swipe && Math.abs(event.clientY - swipe.clientY) < 9) report(event);
    held = false;
  });
  root.addEventListener("pointercancel", () => (held = false));
}

// A text that screen readers announce, at the earliest half a second after the last change.
export function announcer(el) {
  const region = html("div", { class: "living-heard", role: "status" });
  let timer = 0;
  el.append(region);
  const say = (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => (region.textContent = words), 500);
  };
  return { say, stop: () => clearTimeout(timer) };
}

// Call listener whenever one of these keys of the model changes; returns a function to stop it.
export function follow(model, keys, listener) {
  for (const key of keys) model.on(`change:${key}`, listener);
  return () => keys.forEach((key) => model.off(`change:${key}`, listener));
}

// Tell the model and, if there is a kernel, Python.
export function tell(model, key, value) {
  model.set(key, value);
  model.save_changes();
}
