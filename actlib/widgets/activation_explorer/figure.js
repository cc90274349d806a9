import {
  announcer, axes, curve, draggable, follow, frame, html, markers, number, parameterSliders, path,
  slider, stroke, svg, tableIndex, tell,
} from "../kit/drawing.js";

// The space beside the panels, px.
const [LEFT, RIGHT] = [54, 12];

// Share of the inputs below t, and their density there.
function distribution({ curve: sampled, edges, below }) {
  if (sampled) {
    const normal = curve(sampled);
    const [low, high] = [sampled.breaks[0], sampled.breaks.at(-1)];
    return (t) => (t <= low ? [0, 0] : t >= high ? [1, 0] : normal(t));
  }
  return (t) => {
    if (!(t > edges[0])) return [0, 0];
    const i = edges.findIndex((edge) => t <= edge);
    if (i < 0) return [1, 0];
    const density = (below[i] - below[i - 1]) / (edges[i] - edges[i - 1]);
    return [below[i - 1] + density * (t - edges[i - 1]), density];
  };
}

function render({ model, el }) {
  const names = model.get("names");
  const limits = model.get("limits");
  const cycle = (name) => names.indexOf(name);
  let functions, inputs, fixed;

  function open() {
    [functions, fixed] = [{}, {}];
    for (const [name, { title, params, tables, extent }] of Object.entries(model.get("functions"))) {
      const curves = tables.map((table) => ({ at: curve(table), zones: table.zones }));
      functions[name] = { title, params, curves, extent };
    }
    inputs = distribution(model.get("inputs"));
  }

  // The shown functions with their present parameters, at the point.
  function present() {
    return model.get("shown").map((name) => {
      const { title, params, curves, extent } = functions[name];
      const { at, zones } = curves[tableIndex(params, model.get("params")[name] ?? {})];
      const [value, slope] = at(model.get("z"));
      return { name, title, at, zones, extent, value, slope };
    });
  }

  // Shares of the inputs in the flat zones, and in the dead ones among them.
  function shares(zones) {
    const below = (z, otherwise) => (z === null ? otherwise : inputs(z / model.get("scale"))[0]);
    return zones.reduce(([flat, none], [low, high, dead]) => {
      const share = below(high, 1) - below(low, 0);
      return [flat + share, none + (dead ? share : 0)];
    }, [0, 0]);
  }

  function draw(root, width, height) {
    const shown = present();
    const key = JSON.stringify([width, height, model.get("shown"), model.get("params")]);
    // Most changes only move the point: axes and curves are kept.
    if (key !== fixed.key) fixed = { key, ...drawFixed(width, height, shown) };
    root.replaceChildren(fixed.group);
    drawInputs(root, fixed.bars, shown);
    drawPoint(root, fixed, shown, model.get("z"));
    root.setAttribute("aria-label", words(shown));
  }

  // Axes, flat zones and curves: a group, and the three panels' scales.
  function drawFixed(width, height, shown) {
    const extent = (i, j) => {
      const low = Math.min(...shown.map((f) => f.extent[i]), 0);
      const high = Math.max(...shown.map((f) => f.extent[j]), 1);
      return [low - 0.04 * (high - low), high + 0.04 * (high - low)];
    };
    const panel = (top, bottom) => ({ left: LEFT, top, width: width - LEFT - RIGHT, height: bottom - top });
    const shape = { x: limits, xticks: width > 420 ? 7 : 5, names: false };
    const value = axes(panel(10, 10 + 0.4 * height), { ...shape, y: extent(0, 1), ylabel: "value" });
    const slope = axes(panel(10 + 0.44 * height, 10 + 0.69 * height), {
      ...shape, y: extent(2, 3), ylabel: "slope", yticks: 4,
    });
    const bars = axes(panel(10 + 0.73 * height, height - 40), {
      ...shape, y: [0, 1], ylabel: "inputs", yticks: 0, xlabel: "z", names: true,
    });
    const group = svg("g", {}, value.group, slope.group, bars.group);
    for (const f of shown) drawZones(group, slope, f, slope.box.top, slope.box.height, "explorer-tint");
    for (const { name, at } of shown) {
      const lines = at.polylines(240);
      const joined = ({ X, Y }, row) =>
        lines.map((line) => path(line.map((point) => [X(point[0]), Y(point[row])]))).join("");
      group.append(stroke(cycle(name), joined(value, 1)), stroke(cycle(name), joined(slope, 2)));
    }
    return { group, value, slope, bars };
  }

  // Where a function is flat, as rectangles of one height at one place.
  function drawZones(root, { X }, { name, zones }, top, height, kind) {
    for (const [low, high, dead] of zones) {
      const start = X(Math.max(low ?? limits[0], limits[0]));
      const width = X(Math.min(high ?? limits[1], limits[1])) - start;
      const names = `${kind} living-fill-${cycle(name) % 6}${dead ? " explorer-dead" : ""}`;
      if (width > 0) root.append(svg("rect", { x: start, y: top, width, height, class: names }));
    }
  }

  // The density of the inputs, and under it a strip for each function: its flat zones.
  function drawInputs(root, scales, shown) {
    const { X, box } = scales;
    const scale = model.get("scale");
    const strip = 7;
    const base = box.top + box.height - shown.length * strip;
    const places = Array.from({ length: 161 }, (_, i) => limits[0] + (i * (limits[1] - limits[0])) / 160);
    const densities = places.map((z) => inputs(z / scale)[1]);
    const most = Math.max(...densities) || 1;
    const points = places.map((z, i) => [X(z), base - (densities[i] / most) * (base - box.top - 4)]);
    const area = `${path([[X(limits[0]), base], ...points, [X(limits[1]), base]])}Z`;
    root.append(svg("path", { d: area, class: "explorer-inputs" }));
    shown.forEach((f, row) => {
      drawZones(root, scales, f, base + row * strip + 1, strip - 2, "explorer-zone");
    });
  }

  function drawPoint(root, { value, slope, bars }, shown, z) {
    const { top } = value.box;
    const bottom = bars.box.top + bars.box.height;
    root.append(svg("line", { x1: value.X(z), x2: value.X(z), y1: top, y2: bottom, class: "living-at" }));
    for (const f of shown) root.append(...markers(value, slope, z, f, cycle(f.name)));
  }

  function words(shown) {
    const each = shown.map((f) => `${f.title} ${number(f.value, 3)}, slope ${number(f.slope, 3)}`);
    return `At z = ${number(model.get("z"), 2)}: ${each.join("; ") || "nothing shown"}.`;
  }

  // ---- Controls and read-outs ------------------------------------------------------------

  const percent = (share) => (share === 0 ? "0 %" : `${number(100 * share, 2)} %`);

  function readOuts() {
    const threshold = html("span", {}, "");
    const table = html("table", { class: "explorer-table", role: "table" });
    // The shaded samples are the key to the strips in the drawing.
    const share = (kind, condition) =>
      html("span", {}, html("i", { class: `explorer-key ${kind}` }), "inputs at", html("br"), condition);
    const head = ["", "value", "slope", share("", threshold), share("explorer-dead", "slope 0")];
    table.append(html("thead", { role: "rowgroup" }, html("tr", { role: "row" },
      ...head.map((text) => html(text ? "th" : "td", text ? { scope: "col", role: "columnheader" } : { role: "cell" }, text)))));
    const body = html("tbody", { role: "rowgroup" });
    const rows = names.map((name, i) => {
      const box = html("input", { type: "checkbox", "data-lm-suppress-shortcuts": "true" });
      box.addEventListener("change", () => {
        const shown = rows.filter((row) => row.box.checked).map((row) => row.name);
        tell(model, "shown", shown);
      });
      const sample = svg("svg", { width: 30, height: 8, "aria-hidden": "true" }, stroke(i, "M0 4H30"));
      const label = html("label", {}, box, sample, functions[name].title);
      const cells = [1, 2, 3, 4].map(() => html("td", { role: "cell" }));
      body.append(html("tr", { role: "row" }, html("th", { scope: "row", role: "rowheader" }, label), ...cells));
      return { name, box, cells };
    });
    table.append(body);
    const update = () => {
      threshold.textContent = `|slope| < ${model.get("threshold")}`;
      const shown = present();
      for (const { name, box, cells } of rows) {
        const f = shown.find((each) => each.name === name);
        box.checked = Boolean(f);
        const [flat, dead] = f ? shares(f.zones) : [];
        const texts = f ? [number(f.value), number(f.slope), percent(flat), percent(dead)] : ["", "", "", ""];
        cells.forEach((cell, i) => (cell.textContent = texts[i]));
      }
    };
    return { table, update };
  }

  open();
  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.8833, least: 420, label: "" }, draw);
  const point = slider({
    label: "point z", min: limits[0], max: limits[1], step: 0.01, value: model.get("z"),
    input: (z) => tell(model, "z", z),
  });
  const spread = slider({
    label: "scale of inputs", min: 0.1, max: 5, step: 0.1, value: model.get("scale"),
    write: (x) => number(x, 1), input: (x) => tell(model, "scale", x),
  });
  const params = parameterSliders(model, functions);
  const out = readOuts();
  const below = html("div", { class: "living-below" },
    point.row, ...params.map(({ row }) => row), spread.row, out.table);
  el.append(below);
  const heard = announcer(el);
  draggable(picture.root, (x) => {
    const width = picture.root.clientWidth - LEFT - RIGHT;
    const z = limits[0] + ((x - LEFT) / width) * (limits[1] - limits[0]);
    const shown = Math.min(limits[1], Math.max(limits[0], Math.round(z * 100) / 100));
    tell(model, "z", shown);
  });

  function update() {
    point.set(model.get("z"));
    spread.set(model.get("scale"));
    for (const control of params) control.update();
    out.update();
    picture.redraw();
    heard.say(words(present()));
  }
  out.update();
  const stops = [
    // Python may send new samples; they come before the values that need them.
    follow(model, ["functions"], () => { open(); update(); }),
    follow(model, ["z", "scale", "params", "shown"], update),
    picture.stop,
    heard.stop,
  ];
  return () => stops.forEach((stop) => stop());
}

export default { render };
