import {
  announcer, axes, draggable, follow, frame, html, path, raised, slider, stroke, svg, tell, unique,
} from "../kit/drawing.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Decode what figure.py wrote: for each seed the base-10 logarithms of the recorded sizes.
function open(text, seeds, layers) {
  const codes = [...text].map((letter) => ALPHABET.indexOf(letter));
  const sum = (steps, per) => {
    let at = 0;
    return steps.map((step) => (at += step) / per);
  };
  const mean = sum(Array.from({ length: layers }, (_, i) => 64 * codes[2 * i] + codes[2 * i + 1] - 2048), 1000);
  const beside = Array.from({ length: seeds - 1 }, (_, seed) => {
    const start = (2 + seed) * layers;
    return sum(codes.slice(start, start + layers).map((code) => code - 32), 100);
  });
  beside.push(mean.map((_, i) => -beside.reduce((total, each) => total + each[i], 0)));
  return beside.map((each) => each.map((x, i) => x + mean[i]));
}

// A size from its logarithm, in two digits.
function size(log) {
  if (log >= -3 && log < 4) return String(Number((10 ** log).toPrecision(2)));
  const [digits, power] = (10 ** (log - Math.floor(log))).toExponential(1).split("e");
  return `${digits}\u00a0×\u00a010${raised(Math.floor(log) + Number(power))}`;
}

function render({ model, el }) {
  const { layers, seeds, gains, inits, float32, titles, texts } = model.get("runs");
  const names = Object.keys(titles);
  const average = (curves, i) => curves.reduce((sum, curve) => sum + curve[i], 0) / seeds;

  // Mean, minimum and maximum over the seeds in each layer, of activations and gradients.
  function flow(name) {
    const depth = model.get("depth");
    const { draw, start } = inits[model.get("init")];
    const text = texts[name][draw][start + gains.indexOf(model.get("gain"))];
    const half = text.length / 2;
    const forward = open(text.slice(0, half), seeds, layers);
    const backward = open(text.slice(half), seeds, layers).map((curve) => {
      const last = curve[layers - depth];
      return curve.map((_, i) => curve[layers - 1 - i] - last);
    });
    return [forward, backward].map((curves) => Array.from({ length: depth }, (_, i) => {
      const all = curves.map((curve) => curve[i]);
      return [average(curves, i), Math.min(...all), Math.max(...all)];
    }));
  }

  // For the read-outs: the sizes at the far ends, and the factors per layer that lead there.
  function ends() {
    const depth = model.get("depth");
    const [forward, backward] = flow(model.get("activation"));
    const [there, back] = [forward[depth - 1][0], backward[0][0]];
    const factor = (log) => (depth > 1 ? log / (depth - 1) : NaN);
    return { depth, there, back, forward: factor(there - forward[0][0]), backward: factor(back) };
  }

  const times = (log) => {
    const x = 10 ** log;
    return Number.isNaN(x) ? "–" : `× ${x.toFixed(x < 0.1 ? 3 : 2)}`;
  };

  function draw(root, width, height) {
    const chosen = model.get("activation");
    const flows = names.map(flow);
    const all = flows.flat(2).flatMap(([, low, high]) => [low, high]);
    const [lowest, most] = [Math.min(-1, ...all), Math.max(0.5, ...all)];
    // Down to the limit of float32, if that is not far.
    const least = lowest < float32[1] / 1.6 ? Math.min(lowest, float32[0]) : lowest;
    const margin = 0.06 * (most - least);
    const y = [least - margin, most + margin];
    const step = [1, 2, 5, 10].find((each) => (most - least) / each < 6) ?? 20;
    const [left, gap] = [54, 30];
    const tall = (height - 2 * gap - 40) / 2;
    const panels = ["size of the activations, forward →", "← size of the gradient, backward"];
    const depth = model.get("depth");
    root.replaceChildren();
    panels.forEach((title, which) => {
      const top = gap - 6 + which * (tall + gap);
      const a = axes({ left, top, width: width - left - 12, height: tall }, {
        x: [0.5, layers + 0.5], y, yticks: 0, xticks: 6, names: which === 1, xlabel: which ? "layer" : "",
      });
      root.append(a.group);
      a.group.append(svg("text", { x: left, y: top - 8 }, title));
      for (let v = Math.ceil(y[0] / step) * step; v <= y[1]; v += step) {
        a.group.append(
          svg("line", { x1: left, x2: width - 12, y1: a.Y(v), y2: a.Y(v), class: v ? "living-grid" : "living-zero" }),
          svg("text", { x: left - 7, y: a.Y(v) + 4, "text-anchor": "end" }, v ? `10${raised(v)}` : "1"),
        );
      }
      // Where float32 loses digits, then everything.
      for (const [from, to, label] of [[y[0], float32[1], "float32 loses digits"], [float32[2], y[1], "too large for float32"]]) {
        if (to <= from) continue;
        const at = { x: left, y: a.Y(to), width: width - left - 12, height: a.Y(from) - a.Y(to) };
        root.append(svg("rect", { ...at, class: "flow-limit" }), svg("text", { x: left + 6, y: at.y + 14 }, label));
      }
      const order = names.map((_, i) => i).sort((i, j) => (names[i] === chosen) - (names[j] === chosen));
      for (const i of order) {
        const line = flows[i][which];
        const points = (k) => line.map((sizes, layer) => [a.X(layer + 1), a.Y(sizes[k])]);
        const strong = names[i] === chosen;
        if (strong) {
          const band = `${path([...points(1), ...points(2).reverse()])}Z`;
          root.append(svg("path", { d: band, class: `flow-band living-fill-${i % 6}` }));
        }
        root.append(stroke(i, path(points(0)), strong ? {} : { opacity: 0.35 }));
        if (!strong) continue;
        const [x, v] = points(0)[which ? 0 : depth - 1];
        root.append(svg("circle", { cx: x, cy: v, r: 4.5, class: `flow-dot living-fill-${i % 6}` }));
      }
      const x = a.X(depth);
      root.append(svg("line", { x1: x, x2: x, y1: top, y2: top + tall, class: "flow-depth" }));
    });
    root.setAttribute("aria-label", words());
  }

  function words() {
    const { depth, there, back, forward, backward } = ends();
    const start = `${titles[model.get("activation")]}, ${inits[model.get("init")].title}, gain ${model.get("gain")}`;
    return `${start}: gradient ${times(backward)} per layer, ${size(back)} left in layer 1 of ${depth}; `
      + `activations ${times(forward)} per layer, ${size(there)} in layer ${depth}.`;
  }

  // How many layers the gradient survives in float32, starting from 1 in the last.
  function limit(factor) {
    const [least, , most] = float32;
    const n = Math.ceil((factor < 0 ? least : most) / factor);
    if (!(n <= 1000)) return "At this rate, the gradient stays within float32 for more than 1000 layers.";
    const end = factor < 0 ? `is rounded to 0 (under ${size(least)})` : `overflows (over ${size(most)})`;
    return `At this rate, a gradient of 1 in the last layer ${end} in float32 after ${n} layers.`;
  }

  // ---- Controls and read-outs ------------------------------------------------------------

  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.8833, least: 420, label: "" }, draw);
  const keys = { "data-lm-suppress-shortcuts": "true" };
  const group = unique("activation");
  const radios = names.map((name, i) => {
    const radio = html("input", { type: "radio", name: group, value: name, ...keys });
    radio.addEventListener("change", () => tell(model, "activation", name));
    const sample = svg("svg", { width: 30, height: 8, "aria-hidden": "true" }, stroke(i, "M0 4H30"));
    return { name, radio, label: html("label", {}, radio, sample, titles[name]) };
  });
  const choices = html("div", { class: "flow-choices", role: "radiogroup", "aria-label": "activation" },
    ...radios.map(({ label }) => label));
  const id = unique("init");
  const select = html("select", { id, ...keys },
    ...Object.entries(inits).map(([value, { title }]) => html("option", { value }, title)));
  select.addEventListener("change", () => tell(model, "init", select.value));
  const gain = slider({
    label: "gain", min: 0, max: gains.length - 1, step: 1, value: gains.indexOf(model.get("gain")),
    write: (i) => `× ${gains[i]}`, input: (i) => tell(model, "gain", gains[i]),
  });
  const layer = slider({
    label: "hidden layers", min: 1, max: layers, step: 1, value: model.get("depth"),
    write: String, input: (depth) => tell(model, "depth", depth),
  });
  const cells = [0, 1, 2, 3].map(() => html("td"));
  const row = (title, ...own) => html("tr", {}, html("th", { scope: "row" }, title), ...own);
  const table = html("table", { class: "flow-table" },
    row("activations →", cells[0], cells[1]), row("← gradient", cells[2], cells[3]));
  const rate = html("p", { class: "flow-note" });
  const note = `Line: mean of ${seeds} untrained networks of ${layers} layers; band: their range. `
    + "With fewer layers: the first of these, the gradient divided by that in the last one shown.";
  el.append(html("div", { class: "living-below" }, choices,
    html("div", { class: "living-slider flow-init" }, html("label", { for: id }, "initial weights"), select),
    gain.row, layer.row, table, rate, html("p", { class: "flow-note" }, note)));
  const heard = announcer(el);
  draggable(picture.root, (x) => {
    const place = 0.5 + ((x - 54) / (picture.root.clientWidth - 66)) * layers;
    tell(model, "depth", Math.min(layers, Math.max(1, Math.round(place))));
  });

  function show() {
    for (const { name, radio } of radios) radio.checked = name === model.get("activation");
    select.value = model.get("init");
    gain.set(gains.indexOf(model.get("gain")));
    layer.set(model.get("depth"));
    const { depth, there, back, forward, backward } = ends();
    const said = [
      `${times(forward)} per layer`, `${size(there)} in layer ${depth}`,
      `${times(backward)} per layer`, `${size(back)} in layer 1`,
    ];
    cells.forEach((cell, i) => (cell.textContent = said[i]));
    rate.textContent = depth > 1 ? limit(backward) : "One layer: nothing is passed on yet.";
  }
  function update() {
    show();
    picture.redraw();
    heard.say(words());
  }
  show();
  const stops = [follow(model, ["activation", "init", "gain", "depth"], update), picture.stop, heard.stop];
  return () => stops.forEach((stop) => stop());
}

export default { render };
