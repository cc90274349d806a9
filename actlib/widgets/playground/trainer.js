// A run that is asked for what it should do next, and answers with what is to be drawn: in a worker
// or, where none starts, on the page's own thread.
import { KERNEL } from "./kernel.js";
import { picture } from "./plane.js";
import { pictures } from "./pictures.js";
import { activation, compiled, images, points, training } from "./training.js";

// Grid points along a side of the plane, at least.
const COARSE = 16;
// The share of the time that measuring may take while training.
const SHARE = 0.3;

export function trainer() {
  const kernel = compiled(KERNEL);
  let run, data, probabilities = new Float64Array(0);
  // ms that the last picture took per weight and point.
  let pace = 1e-5;
  // What was measured last, when, and how long it took.
  let [measured, then, cost] = [null, 0, 0];

  const acts = {
    // `layers`: a table and a name for each hidden layer.
    start({ layers, points: packed, noise, seed, width, ...settings }) {
      data = packed.pixels ? images(packed, noise, seed) : points(packed, noise, seed);
      const { train, test, classes } = data;
      run = training({
        ...settings, seed, train, test, kernel, sizes: [packed.inputs ?? 2, ...layers.map(() => width), classes],
        activations: layers.map(({ table, name }) => activation(table, name)),
      });
    },
    train: ({ milliseconds, most }) => run.train(milliseconds, most),
    reset: () => run.reset(),
    change: (settings) => run.change(settings),
    look() {},
  };

  // As fine as time allows, at most `most` points along a side: { most, milliseconds, reach, colors }.
  function plane({ most, milliseconds, reach, colors }) {
    const weights = run.sizes.slice(1).reduce((sum, width, i) => sum + width * (run.sizes[i] + 12), 0);
    const n = Math.max(COARSE, Math.min(most, Math.floor(Math.sqrt(milliseconds / (pace * weights)))));
    const began = performance.now();
    const { classes } = data;
    if (probabilities.length !== n * n * classes) probabilities = new Float64Array(n * n * classes);
    // The outermost points are on the edge.
    run.grid(n, (reach * n) / (n - 1), probabilities);
    const made = picture(probabilities, n, classes, [colors.paper, ...colors.classes]);
    pace = (performance.now() - began) / (n * n * weights);
    const middle = classes * (n >> 1) * (n + 1);
    return { ...made, middle: [...probabilities.subarray(middle, middle + classes)] };
  }

  return ({ id, act, options, drawing }) => {
    acts[act](options);
    const { steps, diverged } = run;
    const due = act !== "train" || options.must || diverged || performance.now() - then > cost / SHARE;
    if (due) {
      const began = performance.now();
      measured = { ...structuredClone(run.measure()), steps };
      then = performance.now();
      cost = then - began;
    }
    const shown = run.sizes[0] === 2
      ? { plane: plane(drawing) }
      : { pictures: due ? pictures(data.test, run.guesses, run.weights[0], drawing.colors) : null };
    const started = act === "start"
      ? { classes: data.classes, train: shown.plane ? data.train : null, names: options.layers.map(({ name }) => name) }
      : null;
    return { id, steps, diverged, measured, started, ...shown };
  };
}

// What the figure's script does as a worker.
export function serve() {
  const answer = trainer();
  globalThis.onmessage = ({ data }) => globalThis.postMessage(answer(data));
}
