import {
  announcer, axes, follow, frame, html, number, path, stroke, svg, tell, unique, unpack,
} from "../kit/drawing.js";

// As in figure.py: the view is what differs by more than this share of the largest difference.
const NEAR = 0.1;
const [LEFT, RIGHT] = [64, 12];

// Three digits, or scientific notation for what they would not show.
function brief(x) {
  if (x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e4)) return number(Number(x.toPrecision(3)), 6).replace(/\.?0+$/, "");
  return x.toExponential(2).replaceAll("-", "−");
}

function render({ model, el }) {
  const [low, high, count] = model.get("grid");
  const functions = model.get("functions");
  const z = Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  const opened = {};

  function version(call) {
    const title = model.get("function");
    const { curves, told, calls, scale = 1, gaps } = functions[title];
    const [, curve, text] = calls.find(([name]) => name === call) ?? calls[0];
    const values = (opened[`${title} ${curve}`] ??= Array.from(unpack(curves[curve]), (x, i) =>
      gaps?.[curve].includes(i) ? NaN : x * scale));
    return { values, told: told[text] };
  }

  function present() {
    const [first, second] = [version(model.get("first")), version(model.get("second"))];
    const apart = z.map((_, i) => second.values[i] - first.values[i]);
    const sizes = apart.map((x) => Math.abs(x) || 0);
    const largest = Math.max(...sizes);
    let view = [0, count - 1];
    if (model.get("zoomed") && largest > 0) {
      const parted = z.map((_, i) => i).filter((i) => sizes[i] > NEAR * largest);
      view = [Math.max(parted[0] - 1, 0), Math.min(parted.at(-1) + 1, count - 1)];
    }
    return { first, second, apart, largest, at: z[sizes.indexOf(largest)], view };
  }

  function draw(root, width, height) {
    const now = present();
    const inside = z.map((_, i) => i).slice(now.view[0], now.view[1] + 1);
    const span = (...lists) => {
      const all = lists.flatMap((list) => inside.map((i) => list[i])).filter(Number.isFinite);
      const [least, most] = all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
      const room = most - least || Math.max(Math.abs(most), 1);
      return [least - 0.06 * room, most + 0.06 * room];
    };
    const panel = (top, bottom) => ({ left: LEFT, top, width: width - LEFT - RIGHT, height: bottom - top });
    const shape = { x: [z[now.view[0]], z[now.view[1]]], xticks: 6, names: false, yticks: 0 };
    const middle = 28 + 0.5 * (height - 68);
    const value = axes(panel(28, middle - 8), { ...shape, y: span(now.first.values, now.second.values), ylabel: "" });
    const apart = axes(panel(middle + 8, height - 40), { ...shape, y: span(now.apart), names: true, xlabel: "z" });
    root.replaceChildren(value.group, apart.group);
    const line = ({ X, Y }, list, slot) => {
      let run = [];
      const close = () => {
        if (run.length) root.append(stroke(slot, path(run)));
        run = [];
      };
      for (const i of inside) {
        if (Number.isFinite(list[i])) run.push([X(z[i]), Y(list[i])]);
        else close();
      }
      close();
    };
    line(value, now.first.values, 0);
    line(value, now.second.values, 1);
    line(apart, now.apart, 2);
    // Few numbers at the side, written so that small differences can be read.
    for (const [{ Y, box }, lists, what] of [
      [value, [now.first.values, now.second.values], "value"],
      [apart, [now.apart], "second − first"],
    ]) {
      const [bottom, top] = span(...lists);
      for (const share of [0.1, 0.5, 0.9]) {
        const x = bottom + share * (top - bottom);
        root.append(svg("text", { x: LEFT - 6, y: Y(x) + 4, "text-anchor": "end" }, brief(x)));
      }
      root.append(svg("text", { x: LEFT, y: box.top - 4 }, what));
    }
    root.setAttribute("aria-label", words(now));
  }

  function words(now) {
    const who = `${model.get("function")}: ${model.get("first")} and ${model.get("second")}`;
    if (!now.largest) return `${who} agree to four digits from ${number(low, 0)} to ${number(high, 0)}.`;
    return `${who} differ most at z = ${number(now.at, 2)}, by ${brief(now.largest)}.`;
  }

  // ---- Controls and read-outs ------------------------------------------------------------

  const keep = { "data-lm-suppress-shortcuts": "true" };
  function choice(label, key, change) {
    const id = unique(key);
    const select = html("select", { id, ...keep });
    select.addEventListener("change", () => change(select.value));
    const row = html("div", { class: "pair-row" }, html("label", { for: id }, label), select);
    const fill = (names) => {
      select.replaceChildren(...names.map((name) => html("option", {}, name)));
    };
    return { select, row, fill };
  }
  const callsOf = (title) => functions[title].calls.map(([name]) => name);
  const title = choice("function", "function", (name) => {
    const { calls } = functions[name];
    const other = calls.find(([, curve]) => curve !== calls[0][1]) ?? calls[1];
    model.set("function", name);
    model.set("first", calls[0][0]);
    model.set("second", other[0]);
    model.save_changes();
  });
  title.fill(Object.keys(functions));
  const first = choice("first", "first", (name) => tell(model, "first", name));
  const second = choice("second", "second", (name) => tell(model, "second", name));
  const zoomed = html("input", { type: "checkbox", ...keep });
  zoomed.addEventListener("change", () => tell(model, "zoomed", zoomed.checked));
  const zoom = html("label", { class: "pair-zoom" }, zoomed, " only where they part");
  const sentence = html("p", { class: "pair-told" });
  const line = (slot) => svg("svg", { width: 30, height: 8, "aria-hidden": "true" }, stroke(slot, "M0 4H30"));
  const head = (said, slot) => html("th", { scope: "col" }, line(slot), ` ${said}`);
  const body = html("tbody");
  const table = html("table", { class: "pair-table" },
    html("thead", {}, html("tr", {}, html("td"), head("first", 0), head("second", 1))), body);

  let filled = "";
  function update() {
    const now = present();
    if (filled !== model.get("function")) {
      filled = model.get("function");
      for (const each of [first, second]) each.fill(callsOf(filled));
    }
    title.select.value = filled;
    first.select.value = model.get("first");
    second.select.value = model.get("second");
    zoomed.checked = model.get("zoomed");
    sentence.textContent = now.largest
      ? `They differ most at z = ${number(now.at, 2)}, by ${brief(now.largest)}.`
      : `They agree to four digits from ${number(low, 0)} to ${number(high, 0)}.`;
    body.replaceChildren(...model.get("heads").map((said, i) =>
      html("tr", {}, html("th", { scope: "row" }, said),
        html("td", {}, now.first.told[i]), html("td", {}, now.second.told[i]))));
    picture.redraw();
    heard.say(words(now));
  }

  el.classList.add("living-live");
  const picture = frame(el, { ratio: 0.7667, least: 380, label: "" }, draw);
  el.append(html("div", { class: "living-below" },
    title.row, first.row, second.row, html("div", { class: "pair-line" }, zoom, sentence), table));
  const heard = announcer(el);
  update();
  const keys = ["function", "first", "second", "zoomed"];
  const stops = [follow(model, keys, update), picture.stop, heard.stop];
  return () => stops.forEach((stop) => stop());
}

export default { render };
