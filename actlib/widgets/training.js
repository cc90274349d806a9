// A small network trained in the page, as actlib.networks trains it: the same random numbers,
// the same batches, activations from the tables of tables.py. No element of a page is touched
// here. All numbers live in Float64Arrays made beforehand: a step allocates nothing.

// ---- Random numbers: numpy.random.default_rng ------------------------------------------

// The upper 32 bits of a product of two 32-bit numbers.
function high(a, b) {
  const [al, ah, bl, bh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const one = ah * bl + ((al * bl) >>> 16);
  const two = al * bh + (one & 0xffff);
  return ah * bh + (one >>> 16) + (two >>> 16);
}

// The 16 words that NumPy's SeedSequence makes of a seed below 2³².
function seedWords(seed) {
  let factor = 0x43b0d7e5;
  const hash = (value, multiplier) => {
    const mixed = value ^ factor;
    factor = Math.imul(factor, multiplier);
    const spread = Math.imul(mixed, factor);
    return spread ^ (spread >>> 16);
  };
  const pool = [seed, 0, 0, 0].map((word) => hash(word, 0x931e8875));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from === to) continue;
      const word = Math.imul(0xca01f9dd, pool[to]) - Math.imul(0x4973f715, hash(pool[from], 0x931e8875));
      pool[to] = word ^ (word >>> 16);
    }
  }
  factor = 0x8b51f9dd;
  return Array.from({ length: 8 }, (_, i) => hash(pool[i % 4], 0x58f38ded) >>> 0);
}

// The layers of the ziggurat under the normal density (Marsaglia & Tsang 2000), 256 of equal area.
const EDGE = 3.6541528853610088;
const ziggurat = (() => {
  const area = 0.004928673233974655;
  const density = (x) => Math.exp(-0.5 * x * x);
  const [inside, width, height] = [0, 1, 2].map(() => new Float64Array(256));
  const scale = 2 ** 52;
  const bottom = area / density(EDGE);
  [inside[0], width[0], height[0]] = [Math.floor((EDGE / bottom) * scale), bottom / scale, 1];
  [width[255], height[255]] = [EDGE / scale, density(EDGE)];
  let x = EDGE;
  for (let i = 254; i > 0; i--) {
    const next = Math.sqrt(-2 * Math.log(area / x + density(x)));
    inside[i + 1] = Math.floor((next / x) * scale);
    [width[i], height[i]] = [next / scale, density(next)];
    x = next;
  }
  return { inside, width, height };
})();

// NumPy's default generator, PCG64: the same seed gives the same numbers.
export function generator(seed) {
  const multiplier = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05];
  const words = seedWords(seed);
  const start = [words[2], words[3], words[0], words[1]];
  const odd = [words[6], words[7], words[4], words[5]];
  const added = odd.map((word, i) => ((word << 1) | (i ? odd[i - 1] >>> 31 : 1)) >>> 0);
  const state = new Uint32Array(4);
  const sums = new Float64Array(5);
  let [low, top, kept, isKept] = [0, 0, 0, false];

  function add(numbers) {
    for (let i = 0, carry = 0; i < 4; i++) {
      const sum = state[i] + numbers[i] + carry;
      state[i] = sum;
      carry = sum >= 2 ** 32 ? 1 : 0;
    }
  }
  function turn() {
    sums.fill(0);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; i + j < 4; j++) {
        sums[i + j] += Math.imul(state[i], multiplier[j]) >>> 0;
        sums[i + j + 1] += high(state[i], multiplier[j]);
      }
    }
    for (let i = 0, carry = 0; i < 4; i++) {
      const sum = sums[i] + carry;
      state[i] = sum;
      carry = Math.floor(sum / 2 ** 32);
    }
    add(added);
  }
  // The next 64 bits: their halves in `low` and `top`.
  function next() {
    turn();
    const by = state[3] >>> 26;
    [low, top] = [state[0] ^ state[2], state[1] ^ state[3]];
    if (by & 32) [low, top] = [top, low];
    const rest = by & 31;
    if (rest) [low, top] = [(low >>> rest) | (top << (32 - rest)), (top >>> rest) | (low << (32 - rest))];
    [low, top] = [low >>> 0, top >>> 0];
  }
  function word() {
    isKept = !isKept;
    if (!isKept) return kept;
    next();
    kept = top;
    return low;
  }
  function random() {
    next();
    return (top * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  }
  function normal() {
    for (;;) {
      next();
      const layer = low & 255;
      const negative = low & 256;
      const size = (low >>> 9) + (top & 0x1fffffff) * 2 ** 23;
      const bit = low & 0x20000;
      const x = size * ziggurat.width[layer] * (negative ? -1 : 1);
      if (size < ziggurat.inside[layer]) return x;
      if (layer) {
        const { height } = ziggurat;
        const y = height[layer] + (height[layer - 1] - height[layer]) * random();
        if (y < Math.exp(-0.5 * x * x)) return x;
        continue;
      }
      for (;;) {
        const over = -Math.log1p(-random()) / EDGE;
        const y = -Math.log1p(-random());
        if (2 * y > over * over) return bit ? -(EDGE + over) : EDGE + over;
      }
    }
  }
  // A whole number from 0 to `most`, all equally likely.
  function upTo(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const found = word() & mask;
      if (found <= most) return found;
    }
  }
  // Fill an array with 0 to n - 1 in random order: rng.permutation(n).
  function permute(order) {
    for (let i = 0; i < order.length; i++) order[i] = i;
    for (let i = order.length - 1; i > 0; i--) {
      const j = upTo(i);
      const at = order[i];
      order[i] = order[j];
      order[j] = at;
    }
  }

  turn();
  add(start);
  turn();
  return { random, normal, permute };
}

// ---- Activations from tables -----------------------------------------------------------

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Open the text of `letters` in tables.py.
function readLetters(text) {
  const found = [];
  for (let i = 0; i < text.length; i++) {
    let [number, place, digit] = [0, 1, 0];
    while ((digit = LETTERS.indexOf(text[i])) > 31) {
      number += (digit - 32) * place;
      place *= 32;
      i += 1;
    }
    number += digit * place;
    found.push((number % 2 ? -(number - 1) : number) / 2 ** 27);
  }
  return found;
}

// The sum of Chebyshev polynomials with these coefficients, at x in [-1, 1].
function chebyshev(coefficients, x) {
  let [one, two] = [0, 0];
  for (let k = coefficients.length - 1; k > 0; k--) [one, two] = [coefficients[k] + 2 * x * one - two, one];
  return coefficients[0] + x * one - two;
}

// The coefficients of an integral that is 0 at x = 0.
function integral(coefficients) {
  const c = (k) => coefficients[k] ?? 0;
  const found = [0];
  for (let k = 1; k <= coefficients.length; k++) {
    found.push((k > 1 ? c(k - 1) - c(k + 1) : 2 * c(0) - c(2)) / (2 * k));
  }
  found[0] = -chebyshev(found, 0);
  return found;
}

// Open a table of tables.py. `at(z)` gives [value, slope]; `fill` does so for whole arrays.
// Between two cuts the function is a row of cubics in t, from 0 to 1 across each; beyond them
// a parabola, one cubic without end, or a tail that only `beyond` can follow.
export function activation({ breaks, pieces, tails, zeros, steepest }) {
  const cuts = Float64Array.from(breaks, ([z]) => z);
  const [values, slopes] = [1, 2].map((k) => Float64Array.from(breaks, (each) => each[k]));
  const count = cuts.length;
  const [origins, scales, lasts, starts] = [0, 1, 2, 3].map(() => new Float64Array(count + 1));
  const cells = [];
  const follows = tails.map((tail) => tail.length <= 3);

  function addPiece(piece, origin, scale, own) {
    [origins[piece], scales[piece]] = [origin, scale];
    [lasts[piece], starts[piece]] = [own.length / 4 - 1, cells.length / 4];
    cells.push(...own);
  }
  function addTail(piece, cut, [c0, c1 = 0, c2 = 0]) {
    addPiece(piece, cut, 1, [c0 + cut * (c1 + cut * c2), c1 + 2 * cut * c2, c2, 0]);
  }
  function addBetween(piece, [parts, text]) {
    const [low, end] = [cuts[piece - 1], cuts[piece]];
    const numbers = readLetters(text);
    const size = numbers.length / parts;
    if (!(size > 1 && Number.isInteger(size))) throw new Error("a table does not fit its cuts");
    const half = (end - low) / parts / 2;
    // A slope of three coefficients is a cubic's; others take cubics as small as their waves.
    const steps = size <= 4 ? 1 : 48 * size;
    const width = (2 * half) / steps;
    const own = [];
    for (let part = 0; part < parts; part++) {
      const [middle, ...slope] = numbers.slice(part * size, (part + 1) * size);
      const rise = integral(slope);
      const point = (i) => {
        const x = (2 * i) / steps - 1;
        return [middle + half * chebyshev(rise, x), width * chebyshev(slope, x)];
      };
      let [value, turn] = point(0);
      for (let i = 1; i <= steps; i++) {
        const [value2, turn2] = point(i);
        const up = value2 - value;
        own.push(value, turn, 3 * up - 2 * turn - turn2, turn + turn2 - 2 * up);
        [value, turn] = [value2, turn2];
      }
    }
    addPiece(piece, low, 1 / width, own);
  }
  addTail(0, cuts[0], follows[0] ? tails[0] : [0]);
  pieces.forEach((each, i) => addBetween(i + 1, each));
  addTail(count, cuts[count - 1], follows[1] ? tails[1] : [0]);
  const cubics = Float64Array.from(cells);
  const table = { cuts, values, slopes, origins, scales, lasts, starts, cubics, count };
  const exact = { left: follows[0], right: follows[1] };

  // Where no cubic leads: a tail of another form, and the limits.
  function beyond(z) {
    const right = z > cuts[count - 1];
    const tail = tails[right ? 1 : 0];
    if (!Array.isArray(tail)) {
      const turns = Math.trunc((z - cuts[right ? count - 1 : 0]) / tail.period);
      const [value, slope] = at(z - turns * tail.period);
      return [value + turns * tail.drift, slope];
    }
    const [c0, c1 = 0, c2 = 0, ...rest] = tail;
    let [value, slope] = [c0, c1];
    if (c1) value += c1 * z;
    if (c2) [value, slope] = [value + c2 * z * z, slope + 2 * c2 * z];
    rest.forEach((c, k) => {
      value += c / z ** (k + 1);
      slope -= ((k + 1) * c) / z ** (k + 2);
    });
    return [value, slope];
  }

  const one = [0, 1, 2].map(() => new Float64Array(1));
  function at(z) {
    one[0][0] = z;
    fill(...one, 1);
    return [one[1][0], one[2][0]];
  }
  // Values and slopes of the first n of z.
  function fill(z, a, slope, n) {
    lookUp(table, z, a, slope, n);
    if (exact.left && exact.right) return;
    const [low, end] = [exact.left ? -Infinity : cuts[0], exact.right ? Infinity : cuts[count - 1]];
    for (let i = 0; i < n; i++) {
      if (z[i] < low || z[i] > end) [a[i], slope[i]] = beyond(z[i]);
    }
  }
  const isFlat = (z) => zeros.some(([low, end]) => z >= (low ?? -Infinity) && z <= (end ?? Infinity));
  return { at, fill, isFlat, steepest };
}

// The inner loop of `fill`: cuts belong to neither side, and NaN and infinity give NaN.
function lookUp({ cuts, values, slopes, origins, scales, lasts, starts, cubics, count }, z, a, slope, n) {
  for (let i = 0; i < n; i++) {
    const x = z[i];
    let piece = 0;
    while (piece < count && x > cuts[piece]) piece += 1;
    if (piece < count && x === cuts[piece]) {
      a[i] = values[piece];
      slope[i] = slopes[piece];
      continue;
    }
    const scale = scales[piece];
    const last = lasts[piece];
    let t = (x - origins[piece]) * scale;
    const cell = t < last ? (t > 0 ? t | 0 : 0) : last;
    t -= cell;
    const c = 4 * (starts[piece] + cell);
    const [c1, c2, c3] = [cubics[c + 1], cubics[c + 2], cubics[c + 3]];
    a[i] = cubics[c] + t * (c1 + t * (c2 + t * c3));
    slope[i] = (c1 + t * (2 * c2 + 3 * t * c3)) * scale;
  }
}

// ---- Points in the plane ---------------------------------------------------------------

// The points that plane.py packed, with noise: 200 to train on and 100 held out.
export function points({ classes, points: text }, noise, seed) {
  const { normal } = generator(seed);
  const whole = Float64Array.from({ length: text.length / 2 }, (_, i) => {
    const number = 64 * LETTERS.indexOf(text[2 * i]) + LETTERS.indexOf(text[2 * i + 1]);
    return (number - 2048) / 1024 + noise * normal();
  });
  const part = (from, to) => ({
    n: to - from,
    x: whole.slice(2 * from, 2 * to),
    y: Int32Array.from({ length: to - from }, (_, i) => (from + i) % classes),
  });
  return { classes, train: part(0, 200), test: part(200, whole.length / 2) };
}

// ---- Layers ----------------------------------------------------------------------------
// Matrices lie row by row, weights as (fanIn, fanOut). Four sums at a time: each has to wait
// for its own last addition only.

// z = x @ w + b
function affine(x, w, b, z, rows, fanIn, fanOut) {
  for (let row = 0; row < rows; row++) {
    const from = row * fanIn;
    const to = row * fanOut;
    let j = 0;
    for (; j + 3 < fanOut; j += 4) {
      let [s0, s1, s2, s3] = [b[j], b[j + 1], b[j + 2], b[j + 3]];
      for (let i = 0, k = j; i < fanIn; i++, k += fanOut) {
        const v = x[from + i];
        s0 += v * w[k];
        s1 += v * w[k + 1];
        s2 += v * w[k + 2];
        s3 += v * w[k + 3];
      }
      z[to + j] = s0;
      z[to + j + 1] = s1;
      z[to + j + 2] = s2;
      z[to + j + 3] = s3;
    }
    for (; j < fanOut; j++) {
      let sum = b[j];
      for (let i = 0, k = j; i < fanIn; i++, k += fanOut) sum += x[from + i] * w[k];
      z[to + j] = sum;
    }
  }
}

// dw = x.T @ dz, db = the sum of the rows of dz
function parameterGradient(x, dz, dw, db, rows, fanIn, fanOut) {
  for (let j = 0; j < fanOut; j++) {
    let sum = 0;
    for (let k = j; k < rows * fanOut; k += fanOut) sum += dz[k];
    db[j] = sum;
  }
  for (let i = 0; i < fanIn; i++) {
    let j = 0;
    for (; j + 3 < fanOut; j += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let row = 0, k = j, l = i; row < rows; row++, k += fanOut, l += fanIn) {
        const v = x[l];
        s0 += v * dz[k];
        s1 += v * dz[k + 1];
        s2 += v * dz[k + 2];
        s3 += v * dz[k + 3];
      }
      const to = i * fanOut + j;
      dw[to] = s0;
      dw[to + 1] = s1;
      dw[to + 2] = s2;
      dw[to + 3] = s3;
    }
    for (; j < fanOut; j++) {
      let sum = 0;
      for (let row = 0, k = j, l = i; row < rows; row++, k += fanOut, l += fanIn) sum += x[l] * dz[k];
      dw[i * fanOut + j] = sum;
    }
  }
}

// dx = (dz @ w.T) * slope
function inputGradient(dz, w, slope, dx, rows, fanIn, fanOut) {
  for (let row = 0; row < rows; row++) {
    const from = row * fanOut;
    const to = row * fanIn;
    for (let i = 0, k = 0; i < fanIn; i++) {
      let sum = 0;
      for (let j = 0; j < fanOut; j++, k++) sum += dz[from + j] * w[k];
      dx[to + i] = sum * slope[to + i];
    }
  }
}

// The mean loss of logits z (rows, k) against classes y, its gradient into dz: cross-entropy of
// the softmax, or for one output of the sigmoid. At the label the gradient is minus the sum of
// the others, which keeps digits that p - 1 loses.
function lossGradient(z, y, dz, rows, k) {
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * k;
    if (k === 1) {
      const margin = y[row] ? -z[row] : z[row];
      const small = Math.exp(-Math.abs(margin));
      loss += Math.max(margin, 0) + Math.log1p(small);
      const p = (margin > 0 ? 1 : small) / (1 + small);
      dz[row] = (y[row] ? -p : p) / rows;
      continue;
    }
    let most = z[from];
    for (let j = 1; j < k; j++) if (z[from + j] > most) most = z[from + j];
    const label = from + y[row];
    let others = 0;
    for (let j = from; j < from + k; j++) {
      dz[j] = Math.exp(z[j] - most);
      if (j !== label) others += dz[j];
    }
    const total = others + dz[label];
    // NaN in any logit comes through `total`.
    loss += z[label] === most ? Math.log1p(others) : Math.log(total) + most - z[label];
    for (let j = from; j < from + k; j++) dz[j] /= total * rows;
    dz[label] = -others / (total * rows);
  }
  return loss / rows;
}

// ---- Training --------------------------------------------------------------------------

const GAINS = { he: Math.SQRT2, xavier: 1, lecun: 1, pytorch: 1 };
const BINS = 64;
const CHUNK = 256;

// A network in training: what actlib.networks.MLP draws from default_rng(seed) and `train` does
// with it, one step at a time.
export function training(options) {
  const settings = { momentum: 0, ...options };
  const { sizes } = settings;
  const depth = sizes.length - 1;
  const outputs = sizes[depth];
  const activations = [...settings.activations];
  if (activations.length !== depth - 1) throw new Error(`${depth - 1} hidden layers need as many activations`);
  const array = (n) => new Float64Array(n);

  // One row of numbers for all parameters, so that an update is one loop; views for layers.
  const counts = [];
  for (let i = 0; i < depth; i++) counts.push(sizes[i] * sizes[i + 1]);
  for (let i = 0; i < depth; i++) counts.push(sizes[i + 1]);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const [parameters, gradient, means, squares] = [0, 1, 2, 3].map(() => array(total));
  function views(row) {
    let at = 0;
    const found = counts.map((n) => row.subarray(at, (at += n)));
    return [found.slice(0, depth), found.slice(depth)];
  }
  const [weights, biases] = views(parameters);
  const [dWeights, dBiases] = views(gradient);

  let [rows, inputs, labels] = [0, null, null];
  let [z, a, slope, dz] = [[], [], [], []];
  function makeRoom(n) {
    if (n <= rows) return;
    rows = n;
    [inputs, labels] = [array(n * sizes[0]), new Int32Array(n)];
    [z, a, slope, dz] = [0, 1, 2, 3].map(() => sizes.slice(1).map((width) => array(n * width)));
  }

  // ---- Passes

  function forward(x, n) {
    for (let i = 0; i < depth; i++) {
      affine(i ? a[i - 1] : x, weights[i], biases[i], z[i], n, sizes[i], sizes[i + 1]);
      if (i < depth - 1) activations[i].fill(z[i], a[i], slope[i], n * sizes[i + 1]);
    }
  }
  function backward(x, y, n) {
    const loss = lossGradient(z[depth - 1], y, dz[depth - 1], n, outputs);
    for (let i = depth - 1; i >= 0; i--) {
      parameterGradient(i ? a[i - 1] : x, dz[i], dWeights[i], dBiases[i], n, sizes[i], sizes[i + 1]);
      if (i) inputGradient(dz[i], weights[i], slope[i - 1], dz[i - 1], n, sizes[i], sizes[i + 1]);
    }
    return loss;
  }

  // ---- Steps

  let [random, order, cursor, epochs, updates] = [null, null, 0, 0, 0];
  const run = { sizes, settings, weights, biases, steps: 0, diverged: null };

  function update() {
    const { lr, momentum, optimizer } = settings;
    if (optimizer === "sgd") {
      for (let i = 0; i < total; i++) {
        means[i] = momentum * means[i] + gradient[i];
        parameters[i] -= lr * means[i];
      }
      return;
    }
    updates += 1;
    const rate = lr / (1 - 0.9 ** updates);
    const unbias = 1 / Math.sqrt(1 - 0.999 ** updates);
    for (let i = 0; i < total; i++) {
      const g = gradient[i];
      means[i] += (1 - 0.9) * (g - means[i]);
      squares[i] += (1 - 0.999) * (g * g - squares[i]);
      parameters[i] -= (rate * means[i]) / (Math.sqrt(squares[i]) * unbias + 1e-8);
    }
  }
  function forget() {
    means.fill(0);
    squares.fill(0);
    updates = 0;
  }

  // The first layer at which a number is not finite.
  const bad = (numbers, n) => {
    for (let i = 0; i < n; i++) if (!Number.isFinite(numbers[i])) return true;
    return false;
  };
  function diagnose(n) {
    for (let i = 0; i < depth; i++) {
      const what = bad(weights[i], counts[i]) || bad(biases[i], sizes[i + 1]) ? "weights" : "z";
      if (what === "weights" || bad(z[i], n * sizes[i + 1])) return { step: run.steps, layer: i, what };
    }
    return { step: run.steps, layer: depth - 1, what: "loss" };
  }

  run.step = () => {
    if (run.diverged) return NaN;
    const { train, batchSize } = settings;
    if (cursor >= train.n) {
      random.permute(order);
      cursor = 0;
      epochs += 1;
    }
    const n = Math.min(batchSize, train.n - cursor);
    const width = sizes[0];
    for (let row = 0; row < n; row++) {
      const from = order[cursor + row];
      labels[row] = train.y[from];
      for (let i = 0; i < width; i++) inputs[row * width + i] = train.x[from * width + i];
    }
    forward(inputs, n);
    const loss = backward(inputs, labels, n);
    if (!Number.isFinite(loss)) {
      run.diverged = diagnose(n);
      return loss;
    }
    update();
    cursor += n;
    run.steps += 1;
    return loss;
  };

  // As many steps as fit into so many milliseconds, at least one.
  run.train = (milliseconds, most = Infinity) => {
    const end = performance.now() + milliseconds;
    const before = run.steps;
    do run.step();
    while (!run.diverged && run.steps - before < most && performance.now() < end);
    return run.steps - before;
  };

  run.reset = () => {
    random = generator(settings.seed);
    const { init, gain = GAINS[init], biases: kind = init === "pytorch" ? "pytorch" : "zero" } = settings;
    weights.forEach((w, i) => {
      const [fanIn, fanOut] = [sizes[i], sizes[i + 1]];
      if (init === "pytorch") {
        const scale = gain / Math.sqrt(fanIn);
        for (let k = 0; k < w.length; k++) w[k] = (-1 + 2 * random.random()) * scale;
      } else {
        const scale = gain * Math.sqrt(init === "xavier" ? 2 / (fanIn + fanOut) : 1 / fanIn);
        for (let k = 0; k < w.length; k++) w[k] = random.normal() * scale;
      }
    });
    biases.forEach((b, i) => {
      for (let k = 0; k < b.length; k++) b[k] = kind === "zero" ? 0 : (-1 + 2 * random.random()) / Math.sqrt(sizes[i]);
    });
    forget();
    [cursor, epochs, run.steps, run.diverged] = [Infinity, -1, 0, null];
  };
  run.change = (changes) => {
    if (changes.optimizer && changes.optimizer !== settings.optimizer) forget();
    Object.assign(settings, changes);
    makeRoom(settings.batchSize);
  };
  run.replace = (layer, activation) => {
    activations[layer] = activation;
  };
  run.data = ({ train, test }) => {
    Object.assign(settings, { train, test });
    makeRoom(Math.max(settings.batchSize, train.n, test.n, CHUNK));
    if (order?.length !== train.n) [order, cursor] = [new Int32Array(train.n), Infinity];
  };
  Object.defineProperty(run, "epoch", {
    get: () => Math.max(0, epochs) + (cursor === Infinity ? 0 : cursor / settings.train.n),
  });

  // ---- Measurements

  const hidden = depth - 1;
  const per = () => array(hidden);
  const measured = {
    trainLoss: 0, testLoss: 0, trainAccuracy: 0, testAccuracy: 0, gradientNorm: array(depth),
    dead: per(), saturated: per(), zMean: per(), zStd: per(), zBelow: per(), zAbove: per(),
    z: sizes.slice(1, depth).map(() => array(BINS)),
  };
  run.range = [-8, 8];

  function accuracy(y, n) {
    const logits = z[depth - 1];
    let right = 0;
    for (let row = 0; row < n; row++) {
      let best = 0;
      for (let j = 1; j < outputs; j++) if (logits[row * outputs + j] > logits[row * outputs + best]) best = j;
      if ((outputs === 1 ? Number(logits[row] > 0) : best) === y[row]) right += 1;
    }
    return right / n;
  }
  function measureLayer(i, n) {
    const [width, own, slopes, { isFlat, steepest }] = [sizes[i + 1], z[i], slope[i], activations[i]];
    const [low, high] = run.range;
    const bins = measured.z[i].fill(0);
    const all = n * width;
    let [dead, saturated, below, above, sum, square] = [0, 0, 0, 0, 0, 0];
    for (let unit = 0; unit < width; unit++) {
      let isDead = true;
      for (let k = unit; k < all; k += width) isDead &&= isFlat(own[k]);
      if (isDead) dead += 1;
    }
    for (let k = 0; k < all; k++) {
      if (Math.abs(slopes[k]) < 0.01 * steepest) saturated += 1;
      sum += own[k];
      if (own[k] < low) below += 1;
      else if (own[k] > high) above += 1;
      else bins[Math.min(BINS - 1, Math.floor(((own[k] - low) / (high - low)) * BINS))] += 1 / all;
    }
    for (let k = 0; k < all; k++) square += (own[k] - sum / all) ** 2;
    measured.dead[i] = dead / width;
    measured.saturated[i] = saturated / all;
    measured.zBelow[i] = below / all;
    measured.zAbove[i] = above / all;
    measured.zMean[i] = sum / all;
    measured.zStd[i] = Math.sqrt(square / all);
  }
  run.measure = () => {
    const { train, test } = settings;
    forward(test.x, test.n);
    measured.testLoss = lossGradient(z[depth - 1], test.y, dz[depth - 1], test.n, outputs);
    measured.testAccuracy = accuracy(test.y, test.n);
    forward(train.x, train.n);
    measured.trainLoss = backward(train.x, train.y, train.n);
    measured.trainAccuracy = accuracy(train.y, train.n);
    for (let i = 0; i < depth; i++) {
      let sum = 0;
      for (let k = 0; k < counts[i]; k++) sum += dWeights[i][k] ** 2;
      measured.gradientNorm[i] = Math.sqrt(sum);
      if (i < hidden) measureLayer(i, train.n);
    }
    return measured;
  };

  // Fill the points of an n × n grid over ±extent into `inputs`, a chunk at a time, top row
  // first, and hand each chunk to `take(from, rows)` once the network has seen it.
  function sweep(n, extent, take) {
    const step = (2 * extent) / n;
    for (let from = 0; from < n * n; from += CHUNK) {
      const count = Math.min(CHUNK, n * n - from);
      for (let row = 0; row < count; row++) {
        const place = from + row;
        inputs[2 * row] = ((place % n) + 0.5) * step - extent;
        inputs[2 * row + 1] = extent - (Math.floor(place / n) + 0.5) * step;
      }
      forward(inputs, count);
      take(from, count);
    }
  }
  // Probabilities of the classes on a grid; of class 1 alone for a network with one output.
  run.grid = (n, extent, out) => sweep(n, extent, (from, count) => {
    const logits = z[depth - 1];
    for (let row = 0; row < count; row++) {
      const [at, to] = [row * outputs, (from + row) * outputs];
      if (outputs === 1) {
        out[to] = 1 / (1 + Math.exp(-logits[at]));
        continue;
      }
      let [most, sum] = [logits[at], 0];
      for (let j = 1; j < outputs; j++) if (logits[at + j] > most) most = logits[at + j];
      for (let j = 0; j < outputs; j++) sum += out[to + j] = Math.exp(logits[at + j] - most);
      for (let j = 0; j < outputs; j++) out[to + j] /= sum;
    }
  });
  // Activations of the units of a hidden layer on a grid.
  run.units = (layer, n, extent, out) => sweep(n, extent, (from, count) => {
    const width = sizes[layer + 1];
    for (let k = 0; k < count * width; k++) out[from * width + k] = a[layer][k];
  });

  run.data(settings);
  run.reset();
  return run;
}
