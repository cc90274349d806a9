import {
  announcer, axes, draggable, follow, frame, html, number, slider, svg, tell, unique,
} from "./drawing.js";

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const without = (numbers, i) => numbers.filter((_, j) => j !== i);

// Softmax of scores, the loss at the right class, and its slopes p - y. exp never sees more
// than 0, and no sum holds what would cancel in it: a probability near 1 keeps its distance.
function crossEntropy(scores, right) {
  const top = scores.indexOf(Math.max(...scores));
  const e = scores.map((score) => Math.exp(score - scores[top]));
  const others = sum(without(e, top));
  const p = e.map((x) => x / (1 + others));
  const loss = scores[top] - scores[right] + Math.log1p(others);
  return { p, loss, slopes: p.map((x, i) => (i === right ? -sum(without(p, i)) : x)) };
}

// The same for softmax of p; its slopes go back through the Jacobian of p: J(q - y).
function twiceOver(p, right) {
  const again = crossEntropy(p, right);
  const back = (i) => p[i] * sum(p.map((x, j) => x * (again.slopes[i] - again.slopes[j])));
  return { ...again, slopes: p.map((_, i) => back(i)) };
}

// Six decimals, or the power of ten of what these would not show.
function written(x) {
  if (x === 0 || Math.abs(x) >= 1e-4) return number(x);
  return x.toExponential(1).replaceAll("-", "−");
}

function render({ model, el }) {
  const names = model.get("names");
  const [low, high] = model.get("limits");
  const kinds = () => (model.get("twice") ? ["once", "twice"] : ["once"]);
  // One rectangle that stays while the rest is drawn anew: where a finger drags, not scrolls.
  const hold = svg("rect", { class: "softmax-hold", fill: "none" });
  let dragged = null;
  let scale;

  function present() {
    const right = names.indexOf(model.get("right"));
    const [shift, temperature] = [model.get("shift"), model.get("temperature")];
    const once = crossEntropy(model.get("logits").map((z) => (z + shift) / temperature), right);
    const perfect = names.map((_, i) => Number(i === right));
    const floor = crossEntropy(perfect, right).loss;
    return { right, once: { ...once, floor: 0 }, twice: { ...twiceOver(once.p, right), floor } };
  }

  function draw(root, width, height) {
    const now = present();
    const shift = model.get("shift");
    const [left, right] = [66, 8];
    const wide = (width - left - right) / names.length;
    const middle = (i) => left + (i + 0.5) * wide;
    const panel = (top, bottom, y, ylabel, yticks) => {
      const box = { left, top: top * height, width: width - left - right, height: (bottom - top) * height };
      const a = axes(box, { x: [0, 1], y, yticks, xticks: 1, names: false });
      const turn = `translate(11 ${box.top + box.height / 2}) rotate(-90)`;
      a.group.append(svg("text", { transform: turn, "text-anchor": "middle" }, ylabel));
      return a;
    };
    const logit = panel(0.02, 0.37, [low + shift, high + shift], "z + shift", 4);
    const chance = panel(0.42, 0.65, [0, 1], "probability", 2);
    const slope = panel(0.7, 0.93, [-1, 1], "slope", 2);
    const column = { x: left + now.right * wide, y: logit.box.top, width: wide, height: 0.91 * height };
    root.replaceChildren(
      svg("rect", { ...column, class: "softmax-right" }), logit.group, chance.group, slope.group,
    );
    const bar = (a, from, to, x, width, kind) => {
      const [y0, y1] = [a.Y(from), a.Y(to)];
      const place = { x, y: Math.min(y0, y1), width, height: Math.abs(y1 - y0) };
      root.append(svg("rect", { ...place, class: `softmax-${kind}` }));
    };
    names.forEach((name, i) => {
      const z = model.get("logits")[i] + shift;
      bar(logit, shift, z, middle(i) - 0.3 * wide, 0.6 * wide, "logit");
      root.append(svg("circle", { cx: middle(i), cy: logit.Y(z), r: 7, class: "softmax-knob" }));
      const shown = kinds();
      shown.forEach((kind, k) => {
        const each = (0.6 * wide) / shown.length;
        const x = middle(i) - 0.3 * wide + k * each;
        bar(chance, 0, now[kind].p[i], x, each, kind);
        bar(slope, 0, now[kind].slopes[i], x, each, kind);
      });
      // The target: the slope is how far the probability lies above it.
      const y = chance.Y(Number(i === now.right));
      const reach = { x1: middle(i) - 0.38 * wide, x2: middle(i) + 0.38 * wide };
      root.append(svg("line", { ...reach, y1: y, y2: y, class: "softmax-target" }));
      const room = Math.floor(wide / 7.5);
      const short = name.length > room ? `${name.slice(0, room - 1)}…` : name;
      root.append(svg("text", { x: middle(i), y: height - 8, "text-anchor": "middle" }, short));
    });
    const { left: x, top: y, width: across, height: down } = logit.box;
    for (const [key, value] of Object.entries({ x, y, width: across, height: down })) hold.setAttribute(key, value);
    root.append(hold);
    scale = { left, wide, top: y, down };
    root.setAttribute("aria-label", words(now));
  }

  function words(now) {
    const said = (numbers) => names.map((name, i) => `${name} ${written(numbers[i])}`).join(", ");
    const of = ({ p, loss, slopes }) => `${said(p)}; loss ${written(loss)}; slopes ${said(slopes)}.`;
    const twice = model.get("twice") ? ` Softmax twice: ${of(now.twice)}` : "";
    return `${names[now.right]} is right. Probabilities: ${of(now.once)}${twice}`;
  }

  // ---- Controls and read-outs ------------------------------------------------------------

  const keep = { "data-lm-suppress-shortcuts": "true" };
  const change = (i, z) =>
    tell(model, "logits", model.get("logits").map((old, j) => (j === i ? z : old)));
  const logits = names.map((name, i) => {
    const control = slider({
      label: name, min: low, max: high, step: 0.1, value: model.get("logits")[i],
      write: (z) => number(z, 1), input: (z) => change(i, z),
    });
    control.range.setAttribute("aria-label", `logit of ${name}`);
    return control;
  });
  const temperature = slider({
    label: "temperature T", min: -2, max: 2, step: 0.05, value: 0,
    write: (power) => String(Number((10 ** power).toPrecision(3))),
    // Two digits, so that 0.2, 0.5, 2 and 5 can be met.
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

  // The exact number is the cell's value, for who computes on; the text is for the eye.
  const cell = (kind, span) => html("td", { role: "cell", class: `softmax-of-${kind}`, colspan: span });
  const put = (node, x) => {
    node.textContent = written(x);
    node.dataset.value = x;
  };
  const row = (head, cells) =>
    html("tr", { role: "row" }, html("th", { scope: "row", role: "rowheader" }, head), ...cells);
  const head = (text, kind) =>
    html("th", { scope: "col", role: "columnheader", class: `softmax-of-${kind}` },
      html("i", { class: `softmax-key softmax-${kind}` }), text);
  const both = ["once", "twice"];
  const cells = names.map(() => both.flatMap((kind) => [cell(kind), cell(kind)]));
  const losses = ["loss", "floor"].map(() => both.map((kind) => cell(kind, 2)));
  const table = html("table", { role: "table" },
    html("thead", { role: "rowgroup" }, html("tr", { role: "row" },
      html("th", { scope: "col", role: "columnheader" }, "logit z"),
      head("p", "once"), head("p − y", "once"), head("q", "twice"), head("J(q − y)", "twice"))),
    html("tbody", { role: "rowgroup" }, ...names.map((_, i) => row(logits[i].row, cells[i]))),
    html("tfoot", { role: "rowgroup" }, row("loss", losses[0]), row("its floor", losses[1])));

  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.8, least: 430, label: "" }, draw);
  el.append(html("div", { class: "living-below" },
    html("div", { class: "softmax-choices" },
      html("label", { for: id }, "right class"), right,
      html("label", {}, twice, "softmax twice")),
    temperature.row, shift.row, table,
    html("p", { class: "softmax-note" },
      "p = softmax((z + shift) / T), q = softmax(p); slopes in (z + shift) / T. " +
      "Shaded: the right class. Thick lines: the target y.")));
  const heard = announcer(el);
  picture.root.addEventListener("pointerdown", ({ target, clientX }) => {
    const x = clientX - picture.root.getBoundingClientRect().left - scale.left;
    dragged = target === hold ? Math.min(Math.floor(x / scale.wide), names.length - 1) : null;
  });
  draggable(picture.root, (_, y) => {
    if (dragged === null) return;
    const z = high - ((y - scale.top) / scale.down) * (high - low);
    change(dragged, Math.min(high, Math.max(low, Math.round(z * 10) / 10)));
  });

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
      names.forEach((_, i) => {
        put(cells[i][2 * k], p[i]);
        put(cells[i][2 * k + 1], slopes[i]);
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
  return () => {
    stop();
    picture.stop();
    heard.stop();
  };
}

export default { render };
