import {
  announcer, axes, draggable, follow, frame, html, number, placeOf, slider, svg, tell, unique,
} from "../kit/drawing.js";

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const without = (numbers, i) => numbers.filter((_, j) => j !== i);

// Softmax of scores, the loss for the right class, and its slopes p - y. exp never sees more
// than 0, and no sum has terms that cancel: a probability near 1 keeps its distance from 1.
function crossEntropy(scores, right) {
  const top = scores.indexOf(Math.max(...scores));
  const e = scores.map((score) => Math.exp(score - scores[top]));
  const others = sum(without(e, top));
  const p = e.map((x) => x / (1 + others));
  const loss = scores[top] - scores[right] + Math.log1p(others);
  return { p, loss, slopes: p.map((x, i) => (i === right ? -sum(without(p, i)) : x)) };
}

// The same for the softmax of p; its slopes go back through the Jacobian of p: J(q - y).
function twiceOver(p, right) {
  const again = crossEntropy(p, right);
  const back = (i) => p[i] * sum(p.map((x, j) => x * (again.slopes[i] - again.slopes[j])));
  return { ...again, slopes: p.map((_, i) => back(i)) };
}

// Six decimals, or scientific notation for what they would not show.
function written(x) {
  if (x === 0 || Math.abs(x) >= 1e-4) return number(x);
  return x.toExponential(1).replaceAll("-", "−");
}

function render({ model, el }) {
  const names = model.get("names");
  const [low, high] = model.get("limits");
  const both = ["once", "twice"];
  const left = 66;
  // Where the logits are dragged, or set by a tap; kept while the rest is redrawn.
  const hold = svg("rect", { x: left, y: "2%", height: "35%", class: "softmax-hold" });
  let dragged = -1;
  let wide, panel;

  function present() {
    const right = names.indexOf(model.get("right"));
    const [shift, temperature] = [model.get("shift"), model.get("temperature")];
    const once = crossEntropy(model.get("logits").map((z) => (z + shift) / temperature), right);
    const best = crossEntropy(names.map((_, i) => Number(i === right)), right);
    return { right, once: { ...once, floor: 0 }, twice: { ...twiceOver(once.p, right), floor: best.loss } };
  }

  function draw(root, width, height) {
    const now = present();
    const shift = model.get("shift");
    const kinds = model.get("twice") ? both : ["once"];
    wide = (width - left - 8) / names.length;
    const text = (said, place) => root.append(svg("text", { "text-anchor": "middle", ...place }, said));
    root.replaceChildren(svg("rect", {
      x: left + now.right * wide, y: "2%", width: wide, height: "91%", class: "softmax-right",
    }));
    const [logit, chance, slope] = [
      ["z + shift", 0.02, 0.35, [low + shift, high + shift], 4],
      ["probability", 0.42, 0.23, [0, 1], 2],
      ["slope", 0.7, 0.23, [-1, 1], 2],
    ].map(([said, top, share, y, yticks]) => {
      const box = { left, top: top * height, width: width - left - 8, height: share * height };
      const a = axes(box, { x: [0, 1], y, yticks, xticks: 1, names: false });
      root.append(a.group);
      text(said, { transform: `translate(11 ${box.top + box.height / 2}) rotate(-90)` });
      return a;
    });
    panel = logit.box;
    const bar = ({ Y }, from, to, x, width, kind) => {
      const y = Math.min(Y(from), Y(to));
      const height = Math.max(Y(from), Y(to)) - y;
      root.append(svg("rect", { x, y, width, height, class: `softmax-${kind}` }));
    };
    names.forEach((name, i) => {
      const x = left + (i + 0.5) * wide;
      const z = model.get("logits")[i] + shift;
      const start = x - 0.3 * wide;
      const each = (0.6 * wide) / kinds.length;
      bar(logit, shift, z, start, 0.6 * wide, "logit");
      kinds.forEach((kind, k) => {
        bar(chance, 0, now[kind].p[i], start + k * each, each, kind);
        bar(slope, 0, now[kind].slopes[i], start + k * each, each, kind);
      });
      // The target: the slope is how far the probability is above it.
      const y = chance.Y(Number(i === now.right));
      root.append(
        svg("circle", { cx: x, cy: logit.Y(z), r: 7, class: "softmax-knob" }),
        svg("line", { x1: x - 0.38 * wide, x2: x + 0.38 * wide, y1: y, y2: y, class: "softmax-target" }),
      );
      const room = Math.floor(wide / 7.5);
      text(name.length > room ? `${name.slice(0, room - 1)}…` : name, { x, y: height - 8 });
    });
    hold.setAttribute("width", width - left - 8);
    root.append(hold);
    root.setAttribute("aria-label", words(now));
  }

  function words(now) {
    const all = (numbers) => names.map((name, i) => `${name} ${written(numbers[i])}`).join(", ");
    const of = ({ p, loss, slopes }) => `${all(p)}; loss ${written(loss)}; slopes ${all(slopes)}.`;
    const twice = model.get("twice") ? ` Softmax twice: ${of(now.twice)}` : "";
    return `${names[now.right]} is right. Probabilities: ${of(now.once)}${twice}`;
  }

  // ---- Controls and read-outs ------------------------------------------------------------

  const keep = { "data-lm-suppress-shortcuts": "true" };
  const change = (i, z) =>
    tell(model, "logits", model.get("logits").map((old, j) => (j === i ? z : old)));
  const logits = names.map((name, i) => {
    const control = slider({
      label: name, min: low, max: high, step: 0.1, value: 0,
      write: (z) => number(z, 1), input: (z) => change(i, z),
    });
    control.range.setAttribute("aria-label", `logit of ${name}`);
    return control;
  });
  const temperature = slider({
    label: "temperature T", min: -2, max: 2, step: 0.05, value: 0,
    write: (power) => String(Number((10 ** power).toPrecision(3))),
    // Two digits, so that 0.2, 0.5, 2 and 5 can be set exactly.
    input: (power) => tell(model, "temperature", Number((10 ** power).toPrecision(2))),
  });
  const shift = slider({
    label: "shift of all", min: -1000, max: 1000, step: 10, value: 0,
    write: (c) => number(c, 0), input: (c) => tell(model, "shift", c),
  });
  const id = unique("right");
  const right = html("select", { id, ...keep }, ...names.map((name) => html("option", {}, name)));
  right.addEventListener("change", () => tell(model, "right", right.value));
  const twice = html("input", { type: "checkbox", ...keep });
  twice.addEventListener("change", () => tell(model, "twice", twice.checked));

  const cell = (kind, colspan) => html("td", { class: `softmax-of-${kind}`, colspan });
  const row = (head, cells) => html("tr", {}, html("th", { scope: "row" }, head), ...cells);
  const head = (said, kind) =>
    html("th", { scope: "col", class: `softmax-of-${kind}` }, html("i", { class: `softmax-${kind}` }), said);
  const cells = names.map(() => both.flatMap((kind) => [cell(kind), cell(kind)]));
  const losses = ["loss", "floor"].map(() => both.map((kind) => cell(kind, 2)));
  const table = html("table", {},
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "logit z"),
      head("p", "once"), head("p − y", "once"), head("q", "twice"), head("J(q − y)", "twice"))),
    html("tbody", {}, ...names.map((_, i) => row(logits[i].row, cells[i]))),
    html("tfoot", {}, row("loss", losses[0]), row("its floor", losses[1])));
  // On a phone the rows are grids, which browsers do not treat as table rows.
  const role = (parts, name) => table.querySelectorAll(parts).forEach((part) => part.setAttribute("role", name));
  table.setAttribute("role", "table");
  role("thead, tbody, tfoot", "rowgroup");
  role("tr", "row");
  role("th", "rowheader");
  role("thead th", "columnheader");
  role("td", "cell");

  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.8, least: 430, label: "" }, draw);
  el.append(html("div", { class: "living-below" },
    html("div", { class: "softmax-choices" },
      html("label", { for: id }, "right class"), right, html("label", {}, twice, "softmax twice")),
    temperature.row, shift.row, table,
    html("p", { class: "softmax-note" },
      "p = softmax((z + shift) / T), q = softmax(p); slopes in (z + shift) / T. " +
      "Shaded: the right class. Thick lines: the target y.")));
  const heard = announcer(el);
  picture.root.addEventListener("pointerdown", (event) => {
    const x = placeOf(picture.root, event)[0] - left;
    dragged = event.target === hold ? Math.min(Math.floor(x / wide), names.length - 1) : -1;
  });
  draggable(picture.root, (_, y) => {
    const z = high - ((y - panel.top) / panel.height) * (high - low);
    if (dragged >= 0) change(dragged, Math.min(high, Math.max(low, Math.round(z * 10) / 10)));
  });

  // The text is for the reader; the exact number is kept with the cell.
  function put(cell, x) {
    cell.textContent = written(x);
    cell.dataset.value = x;
  }

  function readOut() {
    const now = present();
    logits.forEach(({ set }, i) => set(model.get("logits")[i]));
    temperature.set(Math.log10(model.get("temperature")));
    shift.set(model.get("shift"));
    right.value = model.get("right");
    twice.checked = model.get("twice");
    table.className = `softmax-table${twice.checked ? "" : " softmax-single"}`;
    both.forEach((kind, k) => {
      const { p, slopes, loss, floor } = now[kind];
      cells.forEach((row, i) => {
        put(row[2 * k], p[i]);
        put(row[2 * k + 1], slopes[i]);
      });
      put(losses[0][k], loss);
      put(losses[1][k], floor);
    });
    return now;
  }
  readOut();
  const stop = follow(model, ["logits", "temperature", "shift", "right", "twice"], () => {
    heard.say(words(readOut()));
    picture.redraw();
  });
  return () => [stop, picture.stop, heard.stop].forEach((end) => end());
}

export default { render };
