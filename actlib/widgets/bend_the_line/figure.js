import {
  announcer, axes, curve, draggable, follow, frame, html, number, path, slider, svg, tell,
} from "../kit/drawing.js";

// A slope's handle is this far right of its bend, in x.
const LEVER = 0.5;

function render({ model, el }) {
  const get = (key) => model.get(key);
  const { count, apart, step, ranges, ...view } = get("view");
  const { units, targets } = get("curves");
  const [left, right] = view.x;
  const places = Array.from({ length: count }, (_, i) => left + i * apart);
  // Curves give [value, slope].
  const [unit, wanted] = [{}, {}];
  for (const name in units) unit[name] = curve(units[name]);
  for (const name in targets) wanted[name] = places.map(curve(targets[name]));
  let a, drag, distances, worst, slopes;

  // What unit i adds at x, and the sum.
  const added = (x, i) => get("slopes")[i] * unit[get("activation")](x - get("bends")[i])[0];
  const total = (x) => get("bias") + added(x, 0) + added(x, 1) + added(x, 2);

  function measure() {
    const gaps = places.map((x, i) => Math.abs(total(x) - wanted[get("target")][i][0]));
    const largest = Math.max(...gaps);
    worst = gaps.indexOf(largest);
    distances = [largest, gaps.reduce((sum, gap) => sum + gap) / count];
    // Each bend adds its slope from there on; without bends, all are added everywhere.
    const pairs = get("bends").map((bend, i) => [bend, get("slopes")[i]]);
    let sum = 0;
    slopes = [0, ...pairs.sort(([a], [b]) => a - b).map(([, slope]) => (sum += slope))];
    if (get("activation") === "identity") slopes = [sum];
    slopes = slopes.map((slope) => number(slope, 2)).join(", ");
  }

  const words = () =>
    `Three units (${units[get("activation")].title}) and their sum, with slopes ${slopes}; ` +
    `target ${targets[get("target")].title}: largest distance ${number(distances[0], 3)}, mean ${number(distances[1], 3)}.`;

  function draw(root, width, height) {
    const box = { left: 42, top: 34, width: width - 54, height: height - 74 };
    a = axes(box, { ...view, xlabel: "x", yticks: 6 });
    // A nested svg clips what leaves the axes.
    const inside = svg("svg", { ...box, x: box.left, y: box.top, viewBox: Object.values(box).join(" ") });
    const line = (name, xs, f) => {
      const d = path(xs.map((x, i) => [a.X(x), a.Y(f(x, i))]));
      inside.append(svg("path", { d, class: `bend-${name}` }));
    };
    const target = wanted[get("target")];
    // The units and their sum are straight from bend to bend.
    const corners = [left, ...get("bends"), right].sort((x, y) => x - y);
    for (const i of [0, 1, 2]) line("units", corners, (x) => added(x, i));
    line("sum", corners, total);
    line("target", places, (_, i) => target[i][0]);
    line("gap", [places[worst], places[worst]], (at, i) => (i ? total(at) : target[worst][0]));
    root.replaceChildren(a.group, inside);
    ["units", "sum", "target"].forEach((name, i) => {
      const start = box.left + 84 * i;
      root.append(
        svg("path", { d: `M${start} 14h26`, class: `bend-${name}` }),
        svg("text", { x: start + 32, y: 18 }, name),
      );
    });
    const grip = (key, i, x, y, ...marks) => {
      const transform = `translate(${a.X(x)} ${a.Y(y)})`;
      const room = svg("circle", { r: 16, class: "bend-room" });
      root.append(svg("g", { class: `bend-${key}`, "data-grip": key + i, transform }, room, ...marks));
    };
    get("bends").forEach((bend, i) => {
      grip("slopes", i, bend + LEVER, LEVER * get("slopes")[i], svg("circle", { r: 6 }));
      grip("bends", i, bend, 0, svg("circle", { r: 9 }), svg("text", { y: 4, "text-anchor": "middle" }, i + 1));
    });
    root.setAttribute("aria-label", words());
  }

  // ---- Controls --------------------------------------------------------------------------

  const [updates, thumbs] = [[], {}];
  const control = (label, key, i) => {
    const [min, max] = ranges[key];
    const single = key === "bias";
    const input = (x) => tell(model, key, single ? x : get(key).map((old, j) => (j === i ? x : old)));
    const made = slider({ label, min, max, step, value: 0, input });
    thumbs[key + i] = made.range;
    updates.push(() => made.set(single ? get(key) : get(key)[i]));
    return made.row;
  };
  const own = { "data-lm-suppress-shortcuts": "true" };
  const choice = (label, key, named) => {
    const select = html("select", { ...own, "aria-label": label });
    for (const value in named) select.append(html("option", { value }, named[value].title));
    select.addEventListener("change", () => tell(model, key, select.value));
    updates.push(() => (select.value = get(key)));
    return html("label", {}, label, select);
  };
  const button = (text, state) => {
    const made = html("button", { type: "button", ...own }, text);
    made.addEventListener("click", () => Object.entries(state()).forEach((pair) => tell(model, ...pair)));
    return made;
  };
  const readOut = (label, text) => {
    const said = html("output");
    updates.push(() => (said.textContent = text()));
    return html("span", {}, `${label} `, said);
  };

  measure();
  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.7, least: 320 }, draw);
  el.append(html("div", { class: "living-below" },
    html("div", { class: "bend-choices" },
      choice("target", "target", targets), choice("units", "activation", units),
      button("best fit", () => get("best")[get("target")][get("activation")]),
      button("reset", () => get("start"))),
    html("div", { class: "bend-reads" },
      readOut("largest distance", () => number(distances[0])),
      readOut("mean distance", () => number(distances[1])),
      readOut("sum’s slopes", () => slopes)),
    html("div", { class: "bend-rows" }, "", html("span", {}, "bend at"), html("span", {}, "slope added"),
      ...[0, 1, 2].flatMap((i) => [
        html("b", { "aria-hidden": "true" }, i + 1),
        control(`bend of unit ${i + 1}`, "bends", i),
        control(`slope of unit ${i + 1}`, "slopes", i),
      ])),
    control("output bias", "bias")));
  const heard = announcer(el);

  // Registered before draggable: which slider is grabbed, and its value at that moment.
  const held = (event) => event.target.closest("[data-grip]");
  picture.root.addEventListener("pointerdown", (event) => {
    const grip = held(event)?.dataset.grip;
    drag = grip && { grip, value: Number(thumbs[grip].value) };
  });
  // A finger on a handle drags and does not scroll.
  picture.root.addEventListener("touchstart", (event) => held(event) && event.preventDefault());
  draggable(picture.root, (x, y) => {
    if (!drag) return;
    const [at, one] = /bends/.test(drag.grip) ? [x, a.X(1) - a.X(0)] : [y, LEVER * (a.Y(1) - a.Y(0))];
    drag.from ??= at;
    // The slider keeps to its range and its steps.
    thumbs[drag.grip].value = drag.value + (at - drag.from) / one;
    thumbs[drag.grip].dispatchEvent(new Event("input"));
  }, held);

  const update = () => {
    measure();
    for (const each of updates) each();
    picture.redraw();
    heard.say(words());
  };
  for (const each of updates) each();
  const stop = follow(model, Object.keys(get("start")), update);
  return () => [stop, picture.stop, heard.stop].forEach((each) => each());
}

export default { render };
