import {
  announcer, axes, curve, draggable, follow, frame, html, markers, number, parameterSliders, path,
  slider, stroke, svg, tableIndex, tell,
} from "../kit/drawing.js";

// The space beside the panels, px, and the number of curves that can be told apart.
const [LEFT, RIGHT] = [54, 12];
const MOST = 6;

function render({ model, el }) {
  const limits = model.get("limits");
  const functions = model.get("functions");
  const groups = model.get("groups");
  const choosing = Object.keys(groups).length > 0;
  const opened = {};
  // Each shown function keeps its colour and dashes as others come and go.
  const slots = new Map();
  let fixed = {};

  function present() {
    const shown = model.get("shown");
    for (const name of slots.keys()) if (!shown.includes(name)) slots.delete(name);
    return shown.map((name) => {
      const { title, params, tables, extent } = functions[name];
      const table = tableIndex(params, model.get("params")[name] ?? {});
      // Samples are decoded when first needed: most of a long list never is.
      const at = (opened[`${name} ${table}`] ??= curve(tables[table]));
      if (!slots.has(name)) {
        const taken = [...slots.values()];
        slots.set(name, [0, 1, 2, 3, 4, 5].find((slot) => !taken.includes(slot)));
      }
      const [value, slope] = at(model.get("z"));
      return { name, title, at, extent, slot: slots.get(name), value, slope };
    });
  }

  function draw(root, width, height) {
    const shown = present();
    const key = JSON.stringify([width, height, model.get("shown"), model.get("params")]);
    // Most changes only move the point: axes and curves are kept.
    if (key !== fixed.key) fixed = { key, ...drawFixed(width, height, shown) };
    const { value, slope } = fixed;
    const z = model.get("z");
    const bottom = slope.box.top + slope.box.height;
    root.replaceChildren(
      fixed.group,
      svg("line", { x1: value.X(z), x2: value.X(z), y1: value.box.top, y2: bottom, class: "living-at" }),
      ...shown.flatMap((f) => markers(value, slope, z, f, f.slot)),
    );
    root.setAttribute("aria-label", words(shown));
  }

  function drawFixed(width, height, shown) {
    const span = (i, j) => {
      const low = Math.min(...shown.map((f) => f.extent[i]), 0);
      const high = Math.max(...shown.map((f) => f.extent[j]), 1);
      return [low - 0.04 * (high - low), high + 0.04 * (high - low)];
    };
    const panel = (top, bottom) => ({ left: LEFT, top, width: width - LEFT - RIGHT, height: bottom - top });
    const shape = { x: limits, xticks: 6, names: false };
    const middle = 10 + 0.58 * (height - 50);
    const value = axes(panel(10, middle - 8), { ...shape, y: span(0, 1), ylabel: "value", yticks: 5 });
    const slope = axes(panel(middle + 8, height - 40), {
      ...shape, y: span(2, 3), ylabel: "slope", yticks: 4, xlabel: "z", names: true,
    });
    const group = svg("g", {}, value.group, slope.group);
    for (const { slot, at } of shown) {
      const lines = at.polylines(240);
      const joined = ({ X, Y }, row) =>
        lines.map((line) => path(line.map((point) => [X(point[0]), Y(point[row])]))).join("");
      group.append(stroke(slot, joined(value, 1)), stroke(slot, joined(slope, 2)));
    }
    return { group, value, slope };
  }

  function words(shown) {
    const each = shown.map((f) => `${f.title} ${number(f.value, 3)}, slope ${number(f.slope, 3)}`);
    return `At z = ${number(model.get("z"), 2)}: ${each.join("; ") || "nothing shown"}.`;
  }

  // ---- Read-outs and the list to choose from ---------------------------------------------

  function readOuts() {
    const list = html("div", { class: "compare-reads" });
    const update = () => {
      list.replaceChildren(...present().map((f) => {
        const sample = svg("svg", { width: 30, height: 8, "aria-hidden": "true" }, stroke(f.slot, "M0 4H30"));
        const said = [["value", f.value], ["slope", f.slope]].map(([what, x]) =>
          html("span", {}, `${what} `, html("output", {}, number(x))));
        return html("div", {}, html("b", {}, sample, f.title), ...said);
      }));
    };
    return { list, update };
  }

  function checkbox(text, listener) {
    const box = html("input", { type: "checkbox", "data-lm-suppress-shortcuts": "true" });
    box.addEventListener("change", listener);
    return { box, label: html("label", {}, box, html("span", {}, text)) };
  }

  function chooser() {
    const told = html("p", { class: "compare-told", role: "status" });
    const filters = Object.keys(groups).map((title) => ({ title, ...checkbox(title, () => narrow()) }));
    const choices = Object.keys(functions).map((name) => ({
      name,
      ...checkbox(functions[name].title, ({ target }) => {
        const others = model.get("shown").filter((each) => each !== name);
        tell(model, "shown", target.checked ? [...others, name] : others);
      }),
    }));
    function narrow() {
      const wanted = filters.filter(({ box }) => box.checked).map(({ title }) => title);
      let count = 0;
      for (const { name, label } of choices) {
        label.hidden = !wanted.every((title) => groups[title].includes(name));
        count += label.hidden ? 0 : 1;
      }
      told.textContent = `${count} of ${choices.length} ${wanted.length ? "have all of these" : "functions"}; ` +
        `${model.get("shown").length} drawn, ${MOST} at most.`;
    }
    const update = () => {
      const shown = model.get("shown");
      for (const { name, box } of choices) {
        box.checked = shown.includes(name);
        box.disabled = !box.checked && shown.length >= MOST;
      }
      narrow();
    };
    const field = (legend, boxes) =>
      html("fieldset", { class: "compare-list" }, html("legend", {}, legend),
        html("div", {}, ...boxes.map(({ label }) => label)));
    const none = html("button", { type: "button", "data-lm-suppress-shortcuts": "true" }, "Clear");
    none.addEventListener("click", () => {
      for (const { box } of filters) box.checked = false;
      tell(model, "shown", []);
      update();
    });
    const rows = [
      field("Only those with", filters),
      html("div", { class: "compare-row" }, told, none),
      field("Draw", choices),
    ];
    return { rows, update };
  }

  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.59, least: 300, label: "" }, draw);
  const point = slider({
    label: "point z", min: limits[0], max: limits[1], step: 0.01, value: model.get("z"),
    input: (z) => tell(model, "z", z),
  });
  const params = choosing ? [] : parameterSliders(model, functions);
  const out = readOuts();
  const choice = choosing ? chooser() : { rows: [], update() {} };
  el.append(html("div", { class: "living-below" },
    point.row, ...params.map(({ row }) => row), out.list, ...choice.rows));
  const heard = announcer(el);
  draggable(picture.root, (x) => {
    const width = picture.root.clientWidth - LEFT - RIGHT;
    const z = limits[0] + ((x - LEFT) / width) * (limits[1] - limits[0]);
    tell(model, "z", Math.min(limits[1], Math.max(limits[0], Math.round(z * 100) / 100)));
  });

  function update() {
    point.set(model.get("z"));
    for (const control of params) control.update();
    out.update();
    choice.update();
    picture.redraw();
    heard.say(words(present()));
  }
  out.update();
  choice.update();
  const stops = [follow(model, ["z", "params", "shown"], update), picture.stop, heard.stop];
  return () => stops.forEach((stop) => stop());
}

export default { render };
