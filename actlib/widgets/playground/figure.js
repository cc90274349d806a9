import {
  announcer, axes, follow, frame, html, number, path, raised, stroke, svg, tell, unique,
} from "../kit/drawing.js";
import { thread } from "./thread.js";
import { UNITS, WRONG } from "./pictures.js";
import { trainer } from "./trainer.js";
import { activation, RANGE } from "./training.js";
import TRAINER from "./trainer.js?worker";

// How long a request trains at most, in ms: in a worker, and on the page's own thread.
const WORK = { worker: 14, page: 6 };
// Grid points along a side of the plane, at most, and ms for them: while running, and at rest.
const PLANES = { running: { most: 64, milliseconds: 12 }, resting: { most: 128, milliseconds: 20 } };
// ms after which text and graphs are drawn anew while running.
const RENEW = 100;
// From this width on, in px, the settings are beside the pictures, as in figure.css.
const WIDE = 960;
const KEEP = { "data-lm-suppress-shortcuts": "true" };
// What may change in the middle of a run; any other change restarts it.
const LIVE = ["optimizer", "lr", "momentum", "batch_size"];
const OWN = "What will the boundary look like, and which layer will learn least?";
const FIELDS = {
  data: "data", noise: "noise", seed: "seed", activation: "activation", depth: "hidden layers", width: "units per layer",
  init: "initial weights", gain: "gain", optimizer: "optimiser", lr: "learning rate", momentum: "momentum",
  batch_size: "batch size",
};

const percent = (share) => (Number.isFinite(share) ? `${number(100 * share, 0)} %` : "–");
const short = (x) => {
  if (!Number.isFinite(x)) return "–";
  if (x === 0 || (x >= 1e-3 && x < 1e4)) return number(x, x < 10 ? 4 : 1);
  const [digits, power] = x.toExponential(1).split("e");
  return `${digits} × 10${raised(Number(power))}`;
};
const log = (x) => Math.log10(x);

// Lines and labels at the powers of ten between two logarithms.
function decades(a, [low, high], room) {
  const { left, width } = a.box;
  const every = Math.ceil((high - low) / room);
  for (let v = Math.ceil(low); v <= high; v++) {
    if (v % every) continue;
    const y = a.Y(v);
    a.group.append(svg("line", { x1: left, x2: left + width, y1: y, y2: y, class: "living-grid" }));
    const said = v > -4 && v < 4 ? String(Number((10 ** v).toPrecision(1))) : `10${raised(v)}`;
    a.group.append(svg("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, said));
  }
}

// A mark for each class: circle, square, triangle.
function mark(shape, k, x, y, r) {
  shape.moveTo(x + (k ? -r : r), y + (k === 2 ? 0.8 * r : k ? -r : 0));
  if (!k) shape.arc(x, y, r, 0, 7);
  else if (k === 1) shape.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  else {
    shape.lineTo(x + r, y + 0.8 * r);
    shape.lineTo(x, y - r);
    shape.closePath();
  }
}

function render({ model, el }) {
  const get = (key) => model.get(key);
  const { functions, points: sets, presets, choices, own_page: own } = Object.fromEntries(
    ["functions", "points", "presets", "choices", "own_page"].map((key) => [key, get(key)]));
  const { titles, ranges, stops: offered, whole, reach, places } = choices;
  const keys = Object.keys(FIELDS);
  const settings = () => Object.fromEntries(keys.map((key) => [key, get(key)]));
  const same = (one, other) => keys.every((key) => String(one[key] ?? "") === String(other[key] ?? ""));
  const layers = () => Array.from({ length: get("depth") }, (_, i) => get("activation")[i] ?? get("activation").at(-1));
  const opened = {};
  const open = (name) => (opened[name] ??= activation(functions[name].table, name));

  // ---- The address -----------------------------------------------------------------------

  const link = () => {
    const query = keys.filter((key) => get(key) !== null).map((key) => `${key}=${get(key)}`);
    const root = document.documentElement.dataset.content_root ?? "./";
    return new URL(`${own ? location.pathname : `${root}playground.html`}?${query.join("&")}`, location.href).href;
  };

  // What a text in the address means for a setting; undefined if nothing.
  function meaning(key, text) {
    if (key === "activation") {
      const names = text.split(",");
      return names.length <= ranges.depth[1] && names.every((name) => Object.hasOwn(functions, name)) ? names : undefined;
    }
    if (titles[key]) return Object.hasOwn(titles[key], text) ? text : undefined;
    const [x, [low, high]] = [text.trim() ? Number(text) : NaN, ranges[key]];
    return x >= low && x <= high && (Number.isInteger(x) || !whole.includes(key)) ? x : undefined;
  }

  // Take the settings from the address; return a sentence on what is not a setting.
  function readAddress() {
    const found = {};
    const strange = [];
    for (const [key, text] of new URLSearchParams(location.search)) {
      if (key === "preset" && Object.hasOwn(presets, text)) Object.assign(found, { ...presets[text].settings, ...found });
      else if (keys.includes(key) && meaning(key, text) !== undefined) found[key] = meaning(key, text);
      else strange.push(`${key}=${text}`.slice(0, 40));
    }
    for (const key in found) model.set(key, found[key]);
    return strange.length ? `Not understood in the address, and ignored: ${strange.join(", ")}.` : "";
  }

  // ---- The run ---------------------------------------------------------------------------

  // What the last answer brought: points and the layers' activations, which are no longer those
  // chosen while the next run is under way; measurements, the plane; and the losses so far.
  let [steps, diverged, started, data, measured, shape, shots, curve] = [0, null, null, null, null, null, null, []];
  // Numbers of requests: the last; the last one answered; the first whose answer counts; the one that
  // ends a run; the last one that the reader waits for.
  let [asked, answered, since, ending, due] = [0, 0, 0, 0, 0];
  let [goal, before, waiting, queued, fresh, fetching] = [Infinity, null, 0, 0, false, false];
  // `shown`: the width of the canvas in px, read when it changes and not in every frame.
  let [drawn, lowest, colors, marked, shown] = [0, [-4, 1], null, false, 300];
  let said = own ? readAddress() : "";
  const preset = () => Object.values(presets).find((each) => same(each.settings, settings()));
  // The experiment that was chosen last, and the settings that the reader has changed since.
  let origin;
  const changed = () => (origin ? keys.filter((key) => String(get(key) ?? "") !== String(origin.settings[key] ?? "")) : keys);
  // It goes on, with its number of epochs, while only the setting that it suggests differs.
  const experiment = () => preset() ?? (changed().every((key) => key === origin?.vary) ? origin : undefined);
  const isDigits = () => sets[get("data")].fetched;
  const examples = () => (isDigits() ? "images" : "points");
  const perEpoch = () => Math.ceil(sets[get("data")].train / get("batch_size"));

  function ask(act, options = {}) {
    if (fetching) return;
    asked += 1;
    if (!get("running")) {
      due = asked;
      el.setAttribute("aria-busy", "true");
    }
    colors ??= readColors();
    trained.ask({ id: asked, act, options, drawing: { ...PLANES[get("running") ? "running" : "resting"], reach, colors } });
  }

  function take(answer) {
    answered = answer.id;
    // A reset may follow a start before its answer: the reset's is then the first of the new run.
    started = answer.started ?? started;
    if (answer.id < since) return;
    ({ steps, diverged, measured } = answer);
    [shape, shots] = [answer.plane, answer.pictures ?? (answer.plane ? null : shots)];
    if (started) [data, marked, started] = [started, false, null];
    if (curve.at(-1)?.[0] !== measured.steps) curve.push([measured.steps, measured.trainLoss, measured.testLoss]);
    if (curve.length > 400) curve = curve.filter((_, i) => i % 2 === 0 || i === curve.length - 1);
    if (answer.id === ending) finish();
    else if (!get("running")) show();
    else if (steps >= goal || diverged) pause();
    else {
      if (shape || answer.pictures) drawPlane();
      if (!parts.length && performance.now() - drawn > RENEW) show();
    }
  }

  function start() {
    const s = settings();
    rewind();
    fetching = isDigits() && !get("brought").pixels;
    if (fetching) {
      el.setAttribute("aria-busy", "true");
      put(note, "", `${said} Fetching the digits …`.trim());
      tell(model, "wanted", s.data);
      return;
    }
    ask("start", {
      layers: layers().map((name) => ({ name, table: functions[name].table })),
      points: isDigits() ? get("brought") : sets[s.data], noise: s.noise,
      width: s.width, init: s.init, gain: s.gain ?? undefined, seed: s.seed, ...live(s),
    });
  }
  const live = ({ optimizer, lr, momentum, batch_size: batchSize }) =>
    ({ optimizer, lr, momentum: optimizer === "sgd" ? momentum : 0, batchSize });

  // Answers to what was asked before no longer count.
  function rewind() {
    halt();
    [curve, lowest, since, steps] = [[], [-4, 1], asked + 1, 0];
    goal = (experiment()?.epochs ?? Infinity) * perEpoch();
  }

  function reset() {
    said = "";
    if (fetching) return start();
    rewind();
    ask("reset");
  }

  function step() {
    halt();
    ask("train", { milliseconds: 0, most: 1, must: true });
    ending = asked;
  }

  function play() {
    if (fetching) return;
    if (diverged) reset();
    said = "";
    if (get("running") !== true) tell(model, "running", true);
    waiting ||= requestAnimationFrame(work);
    write();
  }

  function halt() {
    cancelAnimationFrame(waiting);
    waiting = 0;
    if (get("running")) tell(model, "running", false);
  }

  function pause() {
    halt();
    ask("look");
    ending = asked;
  }

  function work() {
    waiting = requestAnimationFrame(work);
    if (answered < asked) return;
    // The first steps one by one: they show the most, and a run may end there.
    const most = steps < 20 ? 1 : Math.min(Number(speed.value), goal - steps);
    ask("train", { milliseconds: trained.isWorker() ? WORK.worker : WORK.page, most });
  }

  // The run has stopped: say how, and show everything.
  function finish() {
    if (diverged) {
      const place = diverged.layer === data.names.length ? "the output layer" : `layer ${diverged.layer + 1}`;
      const what = { z: "the values entering", weights: "the gradient of", loss: "the loss after" }[diverged.what];
      said = `At step ${diverged.step + 1} ${what} ${place} passed 1.8 × 10${raised(308)}, the largest float64 number; the next result is NaN. Try a smaller learning rate.`;
    }
    if (steps >= goal) goal = Infinity;
    const list = (values) => Array.from(values, (x) => (Number.isFinite(x) ? x : null));
    const { trainLoss, testLoss, trainAccuracy, testAccuracy, gradientNorm, dead, saturated } = measured;
    const [train_loss, test_loss, train_accuracy, test_accuracy] = list([trainLoss, testLoss, trainAccuracy, testAccuracy]);
    tell(model, "measured", {
      steps, train_loss, test_loss, train_accuracy, test_accuracy,
      gradient_norm: list(gradientNorm), dead: list(dead), saturated: list(saturated),
    });
    show();
    heard.say(`${said} ${words()}`);
  }

  const words = () =>
    `After ${steps} steps: training loss ${short(measured.trainLoss)}, test loss ${short(measured.testLoss)}, ` +
    `${percent(measured.testAccuracy)} of the test ${examples()} right; gradient ${short(measured.gradientNorm[0])} in layer 1, ` +
    `${short(measured.gradientNorm.at(-1))} in the output layer; at most ${percent(Math.max(0, ...measured.dead))} of a layer’s units dead.`;

  // ---- Drawings --------------------------------------------------------------------------

  const canvas = html("canvas", { role: "img" });
  const alone = html("p", { class: "play-alone" });
  const context = canvas.getContext("2d");
  const over = html("canvas", { "aria-hidden": "true" }).getContext("2d");
  const pad = html("canvas").getContext("2d", { willReadFrequently: true });
  const css = (color) => `rgb(${color})`;

  // The course's colours as numbers, read again when the theme changes.
  function readColors() {
    const style = getComputedStyle(el);
    const [paper, ink, ...classes] = ["paper", "ink", "color-0", "color-1", "color-2"].map((name) => {
      pad.canvas.width = 1;
      pad.fillStyle = style.getPropertyValue(`--${name}`);
      pad.fillRect(0, 0, 1, 1);
      return [...pad.getImageData(0, 0, 1, 1).data].slice(0, 3);
    });
    return { paper, ink, classes };
  }

  function drawPlane() {
    if (!shape && !shots) return;
    const side = Math.round(shown * Math.min(devicePixelRatio, 3)) || 300;
    if (canvas.width !== side) [canvas.width, canvas.height, marked] = [side, side, false];
    if (!shape) return drawPictures(side);
    const { n, pixels, lines, middle } = shape;
    [pad.canvas.width, pad.canvas.height] = [n, n];
    pad.putImageData(new ImageData(pixels, n, n), 0, 0);
    const cell = side / (n - 1);
    context.drawImage(pad.canvas, -cell / 2, -cell / 2, n * cell, n * cell);
    alone.textContent = lines.length ? "" : reason(middle);
    const unit = side / shown;
    context.lineWidth = 1.8 * unit;
    context.strokeStyle = css(colors.ink);
    context.beginPath();
    for (let i = 0; i < lines.length; i += 4) {
      context.moveTo(lines[i] * cell, lines[i + 1] * cell);
      context.lineTo(lines[i + 2] * cell, lines[i + 3] * cell);
    }
    context.stroke();
    if (!marked) drawMarks(side, unit);
  }

  // The first test images that are got wrong, each with its digit and what it is taken for, above the
  // weights of the units of layer 1.
  function drawPictures(side) {
    const unit = side / shown;
    const line = 18 * unit;
    [over.canvas.width, alone.textContent] = [side, ""];
    context.fillStyle = css(colors.paper);
    context.fillRect(0, 0, side, side);
    context.font = `${13 * unit}px ${getComputedStyle(el).fontFamily}`;
    context.fillStyle = css(colors.ink);
    context.imageSmoothingEnabled = false;
    const place = ({ pixels, width, height }, top, wide) => {
      [pad.canvas.width, pad.canvas.height] = [width, height];
      pad.putImageData(new ImageData(pixels, width, height), 0, 0);
      return [top, wide / width, (wide * height) / width];
    };
    context.textAlign = "left";
    // On a narrow phone the words are squeezed, not cut off.
    context.fillText(`${shots.wrong} of the test images are wrong: digit, taken for`, 0, 0.8 * line, side);
    // Each row of images has a line of captions below it.
    const wide = 0.72 * side;
    const [, scale] = place(shots.images, line, wide);
    const [columns, rows] = WRONG;
    const [tile, gap] = [8 * scale, scale];
    const step = (side - tile) / (columns - 1);
    context.textAlign = "center";
    for (let i = 0; i < Math.min(shots.captions.length, columns * rows); i++) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      const [x, y] = [column * step, line + row * (tile + line + gap)];
      context.drawImage(pad.canvas, column * 9, row * 9, 8, 8, x, y, tile, tile);
      context.fillText(`${shots.captions[i][0]}, ${shots.captions[i][1]}`, x + tile / 2, y + tile + 0.75 * line);
    }
    const top = line + rows * (tile + line + gap);
    context.textAlign = "left";
    const [units, most] = [shots.units, UNITS[0] * UNITS[1]];
    context.fillText(`Weights of ${units > most ? `the first ${most} of ${units}` : `the ${units}`} units of layer 1`, 0, top + 0.8 * line, side);
    const room = side - top - 1.2 * line;
    const [, , high] = place(shots.weights, top, side);
    const fit = Math.min(1, room / high);
    context.drawImage(pad.canvas, 0, top + 1.2 * line, side * fit, high * fit);
    context.imageSmoothingEnabled = true;
  }

  // Why the plane has no boundary, from the probabilities in its middle.
  function reason(chances) {
    if (!chances.every(Number.isFinite)) return "No boundary: the outputs are no longer numbers.";
    const most = chances.indexOf(Math.max(...chances));
    const answer = `No boundary in view: the answer is ${["circle", "square", "triangle"][most]} everywhere`;
    const dead = Array.from(measured.dead).lastIndexOf(1) + 1;
    if (dead) return `${answer}. All units of layer ${dead} are dead, so the output no longer depends on the point.`;
    return `${answer}, ${percent(chances[most])} sure in the middle.`;
  }

  // The points are drawn once, above the plane: two hundred outlines take longer than it does.
  function drawMarks(side, unit) {
    marked = true;
    const { classes, train } = data;
    const place = (x) => (side * (x + reach)) / (2 * reach);
    [over.canvas.width, over.canvas.height] = [side, side];
    over.lineWidth = unit;
    over.strokeStyle = css(colors.paper);
    for (let k = 0; k < classes; k++) {
      over.beginPath();
      for (let i = 0; i < train.n; i++) {
        if (train.y[i] === k) mark(over, k, place(train.x[2 * i]), side - place(train.x[2 * i + 1]), 4.2 * unit);
      }
      over.fillStyle = css(colors.classes[k]);
      over.fill();
      over.stroke();
    }
  }

  // A graph is built when its frame, its scale or its labels change; otherwise only what has moved is
  // set, because building and placing all its texts takes a slow processor longer than a frame.
  function graph(place, sizes, scale, build) {
    let [built, set] = ["", null];
    const made = frame(place, sizes, (root, width, height) => {
      if (!measured) return;
      const found = scale();
      built = JSON.stringify(found);
      set = build(root, width, height, found);
      set();
    });
    const redraw = () => (set && built === JSON.stringify(scale()) ? set() : made.redraw());
    return { ...made, redraw };
  }

  function lossScale() {
    const finite = curve.flatMap(([, train, test]) => [train, test]).filter((x) => x > 0 && x < Infinity).map(log);
    const y = [Math.max(-8, Math.min(-2, Math.floor(Math.min(...finite)))), Math.min(40, Math.max(0.5, ...finite) + 0.1)];
    // Without an end, in leaps of a quarter.
    const leap = 10 * 1.25 ** Math.max(0, Math.ceil(log(steps / 10) / log(1.25)));
    return { x: [0, goal < Infinity ? Math.max(goal, 10) : steps > 10 ? Math.ceil(leap) : 10], y, classes: data.classes };
  }

  function drawLoss(root, width, height, { x, y, classes }) {
    const box = { left: 58, top: 12, width: width - 76, height: height - 52 };
    const a = axes(box, { x, y, yticks: 0, xticks: 4, xlabel: "step", ylabel: "loss" });
    decades(a, y, 6);
    const chance = a.Y(log(Math.log(classes)));
    const lines = [2, 1].map((which) => [which, stroke(which - 1, "")]);
    root.replaceChildren(a.group,
      svg("line", { x1: box.left, x2: box.left + box.width, y1: chance, y2: chance, class: "play-chance" }),
      svg("text", { x: box.left + box.width, y: chance - 5, "text-anchor": "end" }, "guessing"),
      ...lines.map(([, line]) => line));
    return () => {
      for (const [which, line] of lines) {
        const seen = curve.filter((each) => Number.isFinite(each[which]));
        line.setAttribute("d", path(seen.map((each) => [a.X(each[0]), a.Y(Math.min(y[1], Math.max(y[0], log(each[which]))))])));
      }
      root.setAttribute("aria-label", `Loss by step. ${words()}`);
    };
  }

  function layerScale() {
    const finite = Array.from(measured.gradientNorm, log).filter(Number.isFinite);
    // During a run the scale only grows.
    lowest = [Math.max(-40, Math.min(lowest[0], Math.floor(Math.min(...finite)))), Math.min(40, Math.max(lowest[1], Math.ceil(Math.max(...finite))))];
    return { names: data.names, lowest, marked: marks() };
  }

  function drawLayers(root, width, height, { names, lowest, marked }) {
    // Ten layers on a narrow phone leave too little room for numbers of three digits.
    const tight = (width - 76) / (names.length + 1) < 24;
    const left = tight ? 62 : 76;
    const column = Math.min(210, (width - left) / (names.length + 1));
    const [top, tall] = [24, height - 178];
    const rows = [top + tall + 18, top + tall + 36];
    const below = { left, top: rows[1] + 18, width: column * (names.length + 1), height: 96 };
    const a = axes(below, { x: [0, names.length + 1], y: lowest, xticks: 1, yticks: 0, names: false });
    decades(a, lowest, 4);
    root.classList.toggle("play-tight", tight);
    root.replaceChildren(a.group);
    const text = (x, y, said, anchor = "middle") => {
      const made = svg("text", { x, y, "text-anchor": anchor }, said);
      root.append(made);
      return made;
    };
    rows.forEach((y, i) => text(0, y, ["dead", "saturated"][i], "start"));
    text(0, 14, "layer", "start");
    text(0, top + tall, "z, −8 to 8", "start");
    // Beside the labels of the axis, which end at its left.
    text(0, below.top + below.height / 2 + 4, "gradient", "start").setAttribute("transform", `rotate(-90 6 ${below.top + below.height / 2 + 4}) translate(-20 4)`);
    for (const [place, y, high] of [["dead", rows[0] - 12, 16], ["gradient", below.top - 6, below.height + 12]]) {
      if (marked.includes(place)) root.prepend(svg("rect", { x: 0, y, width, height: high, rx: 3, class: "play-mark" }));
    }
    const [low, high] = RANGE;
    const own = names.map((name, i) => {
      const [at, room] = [left + i * column, column - Math.min(12, 0.18 * column)];
      const { at: value, steepest } = open(name);
      const X = (z) => at + (room * (z - low)) / (high - low);
      text(at + room / 2, 14, column > 86 ? `${i + 1} ${functions[name].title}` : i + 1);
      const places = Array.from({ length: 65 }, (_, j) => low + ((high - low) * j) / 64);
      const values = places.map((z) => value(z)[0]);
      const [least, span] = [Math.min(...values), Math.max(...values) - Math.min(...values) || 1];
      const line = path(places.map((z, j) => [X(z), top + tall - (0.94 * tall * (values[j] - least)) / span - 0.03 * tall]));
      const bars = ["play-bars", "play-flat"].map((kind) => svg("path", { class: kind }));
      root.append(
        ...bars, svg("path", { d: `M${at} ${top + tall}h${room}`, class: "living-edge" }),
        svg("path", { d: line, class: "play-curve" }));
      const flat = Array.from(measured.z[i], (_, j) => Math.abs(value(low + ((j + 0.5) * (high - low)) / measured.z[i].length)[1]) < 0.01 * steepest);
      return { X, flat, bars, said: rows.map((y) => text(at + room / 2, y, "").appendChild(document.createTextNode(""))) };
    });
    text(left + (names.length + 0.5) * column - (tight ? 0 : 4), 14, column > 50 ? "output" : "out");
    const between = stroke(0, "");
    const dots = Array.from({ length: names.length + 1 }, () => svg("circle", { r: 4 }));
    root.append(between, ...dots);

    return () => {
      own.forEach(({ X, flat, bars, said }, i) => {
        // Values beyond the range are added to the outermost bars.
        const shares = Array.from(measured.z[i]);
        shares[0] += measured.zBelow[i];
        shares[shares.length - 1] += measured.zAbove[i];
        const most = Math.max(0.12, ...shares);
        const each = (high - low) / shares.length;
        const wide = X(low + each) - X(low);
        const d = ["", ""];
        shares.forEach((share, j) => {
          if (share) d[+flat[j]] += `M${X(low + j * each).toFixed(1)} ${top + tall}h${wide.toFixed(2)}V${(top + tall * (1 - share / most)).toFixed(1)}h${(-wide).toFixed(2)}Z`;
        });
        bars.forEach((bar, j) => bar.setAttribute("d", d[j]));
        [measured.dead[i], measured.saturated[i]].forEach((share, j) => {
          const now = column > 34 ? percent(share) : number(100 * share, 0);
          if (said[j].data !== now) said[j].data = now;
        });
      });
      const norms = Array.from(measured.gradientNorm, log);
      const at = norms.map((v, i) => [left + (i + 0.5) * column - 4, a.Y(Math.max(v, lowest[0]))]);
      between.setAttribute("d", path(at.filter((_, i) => norms[i] < Infinity)));
      dots.forEach((dot, i) => {
        const [cx, cy] = norms[i] < Infinity ? at[i] : [-9, -9];
        for (const [key, value] of Object.entries({ cx, cy, class: norms[i] > -Infinity ? "play-dot" : "play-zero" })) dot.setAttribute(key, value);
      });
      root.setAttribute("aria-label", `Pre-activations and gradients by layer. ${words()}`);
    };
  }

  // ---- Controls --------------------------------------------------------------------------

  const updates = [];
  const button = (text, name, act) => {
    const made = html("button", { type: "button", class: name, ...KEEP }, text);
    made.addEventListener("click", act);
    return made;
  };
  const choice = (pairs) => html("select", KEEP, ...pairs.map(([value, text]) => html("option", { value }, text)));
  const labelled = (label, control) => {
    control.id = unique("setting");
    return html("div", { class: "play-field" }, html("label", { for: control.id }, label), control);
  };
  // A select for a setting; a number that is not among the stops gets an option of its own.
  const field = (label, pairs, read, write) => {
    const select = choice(pairs);
    select.addEventListener("change", () => write(select.value));
    updates.push(() => {
      const value = String(read());
      if (![...select.options].some((option) => option.value === value)) select.append(html("option", { value }, value));
      select.value = value;
    });
    return labelled(label, select);
  };
  const titled = (named) => Object.entries(named).map(([name, { title }]) => [name, title]);
  const known = titled(functions);
  const setting = (key, label) => {
    if (key === "activation") {
      return field(label, [...known, ["", "one per layer"]],
        () => (get(key).length > 1 ? "" : get(key)[0]),
        (name) => tell(model, key, name ? [name] : Array.from({ length: Math.max(2, get("depth")) }, (_, i) => layers()[i] ?? layers()[0])));
    }
    if (titles[key]) return field(label, Object.entries(titles[key]), () => get(key), (value) => tell(model, key, value));
    if (key === "seed") {
      const input = html("input", { type: "number", min: 0, max: ranges.seed[1], ...KEEP });
      input.addEventListener("change", () => {
        const seed = meaning("seed", input.value);
        if (seed === undefined) input.value = get("seed");
        else tell(model, "seed", seed);
      });
      updates.push(() => (input.value = get("seed")));
      return labelled(label, input);
    }
    const pairs = offered[key].map((x) => [x, x]);
    return field(label, key === "gain" ? [["", "default"], ...pairs] : pairs, () => get(key) ?? "", (value) => tell(model, key, value === "" ? null : Number(value)));
  };
  const fields = Object.entries(FIELDS).map(([key, label]) => setting(key, label));
  const each = html("div", { class: "play-fields play-each" });
  const fill = html("div", { class: "play-fields" }, ...fields);
  const form = html("details", { class: "play-settings" }, html("summary", KEEP, "Settings"), fill, each);

  const chooser = choice([["", "your own"], ...titled(presets)]);
  chooser.addEventListener("change", () => {
    fresh = true;
    Object.entries(presets[chooser.value]?.settings ?? {}).forEach((pair) => tell(model, ...pair));
  });
  const note = html("p", { class: "play-note" });
  const answer = html("p", { class: "play-note play-answer" });
  const next = html("div", { class: "play-next" });
  const share = own
    ? button("Copy link", "", async () => {
      try {
        await navigator.clipboard.writeText(link());
        said = "Copied a link to these settings.";
      } catch {
        said = "Copying failed. The page’s address is the link: copy it from there.";
        history.replaceState(null, "", link());
      }
      write();
      heard.say(said);
    })
    : el.closest(".living-figure") ? html("a", {}, "Full page") : "";
  const playing = button("Run", "play-run", () => (get("running") ? pause() : play()));
  const speed = choice([[1, "1 step per frame"], [10, "10 steps per frame"], [100, "100 steps per frame"]]);
  speed.value = 10;
  speed.setAttribute("aria-label", "speed");
  const count = html("output");
  const cells = [0, 1, 2, 3].map(() => html("td"));
  const row = (i, title) =>
    html("tr", {}, html("th", { scope: "row" }, svg("svg", { width: 30, height: 8, "aria-hidden": "true" }, stroke(i, "M0 4H30")), title),
      cells[2 * i], cells[2 * i + 1]);
  const heads = (...names) => html("thead", {}, html("tr", {}, ...names.map((name) => html(name ? "th" : "td", name ? { scope: "col" } : {}, name))));
  const scores = html("table", { class: "play-table" }, heads("", "loss", "accuracy"), html("tbody", {}, row(0, "training"), row(1, "test")));
  const body = html("tbody");
  const numbers = html("details", { class: "play-numbers" }, html("summary", KEEP, "Numbers by layer"),
    html("table", { class: "play-table" }, heads("layer", "gradient norm", "dead", "saturated", "activation, mean ± std"), body));
  numbers.addEventListener("toggle", () => write());
  const loss = html("div", { class: "play-loss" });
  const flow = html("div", { class: "play-layers" });
  el.classList.add("living-live", "play");
  el.append(html("div", { class: "living-below play-body" },
    html("div", { class: "play-head" },
      labelled("experiment", chooser), share, note),
    html("div", { class: "play-stage" }, html("div", { class: "play-plane" }, canvas, over.canvas, alone),
      html("div", { class: "play-buttons" }, playing, button("Step", "", step),
        button("Reset", "", reset),
        button("New seed", "", () => tell(model, "seed", Math.floor(Math.random() * 1000)))),
      next, html("div", { class: "play-count" }, count, speed)),
    answer, loss, form, flow));
  // Where to see what the answer says, once the run is over: marked, and a press away.
  const seen = { plane: canvas, accuracy: scores, dead: flow, gradient: flow };
  const isOver = () => experiment() && steps >= experiment().epochs * perEpoch();
  const marks = () => (isOver() && preset() ? preset().look : []);
  const looks = (place) => button(places[place], "", () => {
    seen[place].tabIndex = -1;
    seen[place].scrollIntoView({ block: "center" });
    seen[place].focus({ preventScroll: true });
  });
  const heard = announcer(el);
  const fixed = updates.length;
  let twin;
  const trained = thread(TRAINER, trainer, take);
  refresh();
  start();
  const graphs = [
    graph(loss, { ratio: 0, least: 230, label: "Loss by step, training and test." }, lossScale, drawLoss),
    graph(flow, { ratio: 0, least: 290, most: 2000, label: "Pre-activations and gradients by layer." }, layerScale, drawLayers),
  ];
  loss.append(scores);
  const legend = html("p", { class: "play-note" });
  flow.append(legend, numbers);

  // The plane, then the text and each graph in a frame of its own: together they would take too long.
  let [parts, turning] = [[], 0];
  function show() {
    drawPlane();
    drawn = performance.now();
    parts = [write, ...graphs.map(({ redraw }) => redraw), () => {}];
    turning ||= requestAnimationFrame(turn);
  }
  function turn() {
    const part = parts.shift();
    turning = parts.length ? requestAnimationFrame(turn) : 0;
    part?.();
    if (!turning && answered >= due) el.removeAttribute("aria-busy");
  }

  function write() {
    if (!measured) return;
    const epoch = steps / perEpoch();
    count.textContent = `step ${steps} · epoch ${number(epoch, Number.isInteger(epoch) ? 0 : 1)}`;
    legend.textContent = `Bars: distribution of the pre-activations z of the ${isDigits() ? "first 256 images" : "200 points"}, the outermost with all beyond ±8. Line: the activation; purple: its slope is under 1 % of the steepest. Dots: gradient norm of each layer’s weights.`;
    playing.textContent = get("running") ? "Pause" : "Run";
    [measured.trainLoss, measured.trainAccuracy, measured.testLoss, measured.testAccuracy].forEach((x, i) => {
      cells[i].textContent = i % 2 ? percent(x) : short(x);
    });
    const [chosen, now] = [experiment(), preset()];
    const varied = chosen && !now && `${chosen.title}, but ${FIELDS[chosen.vary]} ${fieldText(chosen.vary)}: what will change?`;
    put(note, said && !diverged ? "" : "Predict.", said && !diverged ? said : varied || now?.ask || OWN);
    const ended = isOver();
    if (diverged) put(answer, "Stopped.", said);
    else if (!ended) put(answer, "", "");
    else {
      const right = `${percent(measured.trainAccuracy)} of the training ${examples()} are right.`;
      put(answer, `After ${chosen.epochs} epochs.`, now ? now.shows : right);
      if (marks().length) answer.append(" See ", ...marks().flatMap((place, i) => [i ? " " : "", looks(place)]));
    }
    for (const place of ["plane", "accuracy"]) seen[place].classList.toggle("play-marked", marks().includes(place));
    if (!get("running")) canvas.setAttribute("aria-label", `${shape ? "Decision boundary among the points" : `${shots.wrong} test images that are got wrong, and weights of layer 1`}. ${words()}`);
    if (!numbers.open) return;
    body.replaceChildren(...Array.from(measured.gradientNorm, (norm, i) => {
      const hidden = i < measured.dead.length;
      const name = hidden ? `${i + 1} ${functions[data.names[i]].title}` : "output";
      const said = [short(norm), ...(hidden
        ? [percent(measured.dead[i]), percent(measured.saturated[i]), `${number(measured.aMean[i], 3)} ± ${number(measured.aStd[i], 3)}`]
        : ["", "", ""])];
      return html("tr", {}, html("th", { scope: "row" }, name), ...said.map((text) => html("td", {}, text)));
    }));
  }

  function put(place, lead, text) {
    place.replaceChildren(lead && html("strong", {}, lead), lead && " ", text);
  }

  // The chosen value of a setting, as its control shows it.
  function fieldText(key) {
    const control = fields[keys.indexOf(key)].lastChild;
    return control.selectedOptions?.[0].textContent ?? control.value;
  }

  // Apply the settings that the reader, Python or a preset has changed, all of them at once.
  function apply() {
    queued = 0;
    const now = settings();
    const anew = fresh || keys.some((key) => !LIVE.includes(key) && String(now[key]) !== String(before[key]));
    fresh = false;
    refresh();
    said = "";
    if (anew || !steps) start();
    else ask("change", live(now));
    if (own) history.replaceState(null, "", link());
  }

  function refresh() {
    before = settings();
    origin = preset() ?? origin;
    const vary = origin?.vary ?? "activation";
    if (next.dataset.vary !== vary) {
      // A second control of that setting, beside Run.
      updates.length = Math.min(updates.length, fixed);
      each.replaceChildren();
      next.dataset.vary = vary;
      next.replaceChildren(setting(vary, `then try: ${FIELDS[vary]}`));
      twin = updates.at(-1);
      updates.length = fixed;
    }
    const names = get("activation");
    if (each.childElementCount !== (names.length > 1 ? get("depth") : 0)) {
      const made = updates.length;
      updates.length = fixed;
      each.replaceChildren(...(names.length > 1 ? layers() : []).map((_, i) =>
        field(`layer ${i + 1}`, known, () => layers()[i],
          (name) => tell(model, "activation", layers().map((old, j) => (j === i ? name : old))))));
    }
    for (const update of updates) update();
    twin();
    chooser.value = Object.keys(presets).find((name) => same(presets[name].settings, before)) ?? "";
    chooser.options[0].disabled = chooser.value !== "";
    if (share.tagName === "A") share.href = link();
  }

  const watch = new MutationObserver(() => {
    [colors, marked] = [null, false];
    if (measured) ask("look");
  });
  for (const root of [document.documentElement, document.body]) watch.observe(root, { attributeFilter: ["data-theme", "data-jp-theme-light"] });
  const resized = new ResizeObserver(() => {
    shown = canvas.clientWidth;
    drawPlane();
  });
  resized.observe(canvas);
  form.open = el.clientWidth >= WIDE;
  const stops = [
    follow(model, keys, () => {
      if (!queued) queueMicrotask(apply);
      queued = 1;
    }),
    follow(model, ["brought"], () => {
      if (!fetching) return;
      if (get("brought").pixels) return start();
      put(note, "", (said = "The digits could not be fetched. Choose other data, or press Reset to try again."));
      tell(model, "wanted", "");
      el.removeAttribute("aria-busy");
    }),
    follow(model, ["running"], () => {
      if (get("running") !== Boolean(waiting)) get("running") ? play() : pause();
    }),
    ...graphs.map(({ stop }) => stop), heard.stop, trained.stop, halt, () => cancelAnimationFrame(turning), () => watch.disconnect(), () => resized.disconnect(),
  ];
  return () => stops.forEach((stop) => stop());
}

export default { render };
