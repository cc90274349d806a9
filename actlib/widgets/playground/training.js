// A small network trained in the page, as actlib.networks trains it: the same random numbers,
// the same batches, activations from the tables of tables.py. Nothing here touches the page.
// All numbers are in Float64Arrays made beforehand: a step allocates nothing. With the compiled
// kernel of kernel/kernel.ts, a step is one call of it; without, the same is done here.

// ---- Random numbers: numpy.random.default_rng ------------------------------------------

// The eight 32-bit words that NumPy's SeedSequence makes of a seed below 2³².
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

// The multiplier of PCG64 in limbs of 24 bits, whose products are exact in a double.
const [M0, M1, M2, M3, M4, M5] = [0xccf645, 0xdf649f, 0xa44385, 0x1fc65d, 0x60ed05, 0x23];
const LIMB = 2 ** 24;

// NumPy's default generator, PCG64: the same seed gives the same numbers.
export function generator(seed) {
  const words = seedWords(seed);
  const limbs = ([a, b, c, d]) => Float64Array.of(
    a & 0xffffff, (a >>> 24) | ((b & 0xffff) << 8), (b >>> 16) | ((c & 0xff) << 16), c >>> 8, d & 0xffffff, d >>> 24,
  );
  const start = limbs([words[2], words[3], words[0], words[1]]);
  const odd = [words[6], words[7], words[4], words[5]];
  const added = limbs(odd.map((word, i) => (word << 1) | (i ? odd[i - 1] >>> 31 : 1)));
  const state = new Float64Array(6);
  // Its last 64 bits: the lower half, the upper half; and an upper half kept for `word`. In an
  // array, where numbers are not boxed.
  const bits = new Uint32Array(3);
  let isKept = false;

  // Bring every limb below 2²⁴.
  function carry() {
    for (let k = 0, over = 0; k < 6; k++) {
      const sum = state[k] + over;
      state[k] = sum & 0xffffff;
      over = sum >>> 24;
    }
    state[5] &= 255;
  }
  // Multiply and add. What exceeds a limb goes to the next, all at once; `carry` does the rest.
  function turn() {
    const s0 = state[0];
    const s1 = state[1];
    const s2 = state[2];
    const s3 = state[3];
    const s4 = state[4];
    const s5 = state[5];
    const t0 = added[0] + s0 * M0;
    const t1 = added[1] + s0 * M1 + s1 * M0;
    const t2 = added[2] + s0 * M2 + s1 * M1 + s2 * M0;
    const t3 = added[3] + s0 * M3 + s1 * M2 + s2 * M1 + s3 * M0;
    const t4 = added[4] + s0 * M4 + s1 * M3 + s2 * M2 + s3 * M1 + s4 * M0;
    const t5 = added[5] + s0 * M5 + s1 * M4 + s2 * M3 + s3 * M2 + s4 * M1 + s5 * M0;
    const o0 = Math.floor(t0 / LIMB);
    const o1 = Math.floor(t1 / LIMB);
    const o2 = Math.floor(t2 / LIMB);
    const o3 = Math.floor(t3 / LIMB);
    const o4 = Math.floor(t4 / LIMB);
    state[0] = t0 - o0 * LIMB;
    state[1] = t1 - o1 * LIMB + o0;
    state[2] = t2 - o2 * LIMB + o1;
    state[3] = t3 - o3 * LIMB + o2;
    state[4] = t4 - o4 * LIMB + o3;
    state[5] = t5 - Math.floor(t5 / LIMB) * LIMB + o4;
    carry();
  }
  // The next 64: the state's upper half XORed with its lower half, rotated.
  function next() {
    turn();
    const one = state[0] ^ (state[1] << 24) ^ (state[2] >>> 16) ^ (state[3] << 8);
    const two = (state[1] >>> 8) ^ (state[2] << 16) ^ state[4] ^ (state[5] << 24);
    const by = state[5] >>> 2;
    const swap = by > 31;
    const rest = by & 31;
    const a = swap ? two : one;
    const b = swap ? one : two;
    bits[0] = rest ? (a >>> rest) | (b << (32 - rest)) : a;
    bits[1] = rest ? (b >>> rest) | (a << (32 - rest)) : b;
  }
  // 32 bits: the lower half first.
  function word() {
    isKept = !isKept;
    if (!isKept) return bits[2];
    next();
    bits[2] = bits[1];
    return bits[0];
  }
  function random() {
    next();
    return (bits[1] * 2 ** 21 + (bits[0] >>> 11)) / 2 ** 53;
  }
  function normal() {
    for (;;) {
      next();
      const layer = bits[0] & 255;
      const negative = bits[0] & 256;
      const size = (bits[0] >>> 9) + (bits[1] & 0x1fffffff) * 2 ** 23;
      const bit = bits[0] & 0x20000;
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
    const mask = -1 >>> Math.clz32(most);
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
  for (let k = 0; k < 6; k++) state[k] += start[k];
  carry();
  turn();
  // The ten 32-bit words that the kernel goes on from: state, what is added, what is left of a draw.
  function handed() {
    const whole = (row) => row.reduceRight((sum, limb) => sum * 16777216n + BigInt(limb), 0n);
    const [one, other] = [state, added].map((row) => whole([...row]));
    const cut = (number) => [0n, 32n, 64n, 96n].map((bits) => Number((number >> bits) & 0xffffffffn));
    return [...cut(one), ...cut(other), bits[2], Number(isKept)];
  }
  return { random, normal, permute, handed };
}

// ---- Activations from tables -----------------------------------------------------------

const REACH = 20;
const FINE = 64;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Decode the text of `letters` in tables.py.
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

// Decode a table of tables.py: `at(z)` returns [value, slope], `fill` does so for arrays, and
// `isFlat(z)` tells whether the slope is exactly 0. `form()` is what the kernel takes: its kind and
// constants. `name` is the function's, if its parameters are the defaults.
export function activation({ breaks, pieces, tails, zeros, steepest }, name) {
  const cuts = breaks.map(([z]) => z);
  const parts = pieces.map(([count, text], i) => {
    const numbers = readLetters(text);
    const size = numbers.length / count;
    if (!(size > 1 && Number.isInteger(size))) throw new Error("a table does not fit its cuts");
    const half = (cuts[i + 1] - cuts[i]) / count / 2;
    return Array.from({ length: count }, (_, part) => {
      const [value, ...scaled] = numbers.slice(part * size, (part + 1) * size);
      const slope = scaled.map((number) => number / Math.max(1, half));
      return { middle: cuts[i] + (2 * part + 1) * half, half, value, slope, rise: integral(slope) };
    });
  });

  function onTail(z, side) {
    const tail = tails[side];
    if (!Array.isArray(tail)) {
      const beyond = (z - cuts[side ? cuts.length - 1 : 0]) / tail.period;
      const turns = side ? Math.ceil(beyond) : Math.floor(beyond);
      const [value, slope] = at(z - turns * tail.period);
      return [value + turns * tail.drift, slope];
    }
    const [c0, c1 = 0, c2 = 0, ...rest] = tail;
    let value = c0 + z * (c1 + z * c2);
    let slope = c1 + 2 * z * c2;
    rest.forEach((c, k) => {
      value += c / z ** (k + 1);
      slope -= ((k + 1) * c) / z ** (k + 2);
    });
    return [value, slope];
  }
  function at(z) {
    if (!Number.isFinite(z)) return [NaN, NaN];
    const after = cuts.findIndex((cut) => z <= cut);
    if (z === cuts[after]) return breaks[after].slice(1);
    if (after < 1) return onTail(z, after ? 1 : 0);
    const own = parts[after - 1];
    const share = (z - cuts[after - 1]) / (cuts[after] - cuts[after - 1]);
    const part = own[Math.min(own.length - 1, Math.floor(share * own.length))];
    const x = (z - part.middle) / part.half;
    return [part.value + part.half * chebyshev(part.rise, x), chebyshev(part.slope, x)];
  }

  // Within ±REACH a row of cubics in steps of 1 / FINE: the value at the near end, the slopes at
  // both ends and in the middle. Before and after it are the tails, where they are parabolas.
  // NaN where `at` has to be called. Made on first use.
  const last = 2 * REACH * FINE + 1;
  let cubics = null;
  const place = (cell) => (cell - 1) / FINE - REACH;
  // At a cut, a cell takes the limit from its own side.
  function beside(z, side) {
    const near = cuts.includes(z) ? side * 1e-12 : 0;
    const [value, slope] = at(z + near);
    return [value - near * slope, slope / FINE];
  }
  function makeCubics() {
    cubics = new Float64Array(4 * (last + 1)).fill(NaN);
    let next = beside(place(1), 1);
    for (let cell = 1; cell < last; cell++) {
      const [from, to] = [place(cell), place(cell + 1)];
      const [value, s0] = next;
      const end = beside(to, -1);
      next = cuts.includes(to) ? beside(to, 1) : end;
      if (cuts.some((cut) => cut > from && cut < to)) continue;
      const [s1, s2] = [at((from + to) / 2)[1] / FINE, end[1]];
      cubics.set([value, s0, (4 * s1 - 3 * s0 - s2) / 2, (2 * s0 - 4 * s1 + 2 * s2) / 3], 4 * cell);
    }
    [0, last].forEach((cell, side) => {
      const [z, tail] = [place(cell), tails[side]];
      if (!(tail.length <= 3) || Math.abs(cuts[side ? cuts.length - 1 : 0]) > REACH) return;
      const [value, slope] = onTail(z, side);
      cubics.set([value, slope / FINE, (tail[2] ?? 0) / FINE ** 2, 0], 4 * cell);
    });
  }

  // Values and slopes of the first n of z.
  function fill(z, a, slope, n) {
    if (!cubics) makeCubics();
    for (let from = 0; (from = lookUp(cubics, z, a, slope, from, n)) < n; from++) {
      [a[from], slope[from]] = at(z[from]);
    }
  }
  const isFlat = (z) => zeros.some(([low, end]) => z >= (low ?? -Infinity) && z <= (end ?? Infinity));
  function form() {
    if (KINDS.includes(name)) return { kind: KINDS.indexOf(name), constants: [] };
    if (cuts.length === 1 && tails.every((tail) => tail.length <= 2)) {
      return { kind: 0, constants: [...breaks[0], ...tails.flatMap(([c0, c1 = 0]) => [c0, c1])] };
    }
    if (!cubics) makeCubics();
    return { kind: 3, constants: cubics };
  }
  return { at, fill, isFlat, steepest, form };
}

// The kernel's kinds of activation: two lines and tables have no name.
const KINDS = ["", "tanh", "sigmoid"];
// How many numbers its largest constants, a table, have.
const TABLE = 4 * (2 * REACH * FINE + 2);

// The inner loop of `fill`: runs up to where there is no cubic, or where a cut may be, and
// returns that place.
function lookUp(cubics, z, a, slope, from, n) {
  const last = cubics.length / 4 - 1;
  for (let i = from; i < n; i++) {
    const t = (z[i] + REACH) * FINE + 1;
    const cell = t < 0 ? 0 : t > last ? last : t | 0;
    const u = t - cell;
    const c = 4 * cell;
    const c1 = cubics[c + 1];
    const c2 = cubics[c + 2];
    const c3 = cubics[c + 3];
    const value = cubics[c] + u * (c1 + u * (c2 + u * c3));
    // NaN is the only number that differs from itself.
    if (u === 0 || value !== value) return i;
    a[i] = value;
    slope[i] = (c1 + u * (2 * c2 + 3 * u * c3)) * FINE;
  }
  return n;
}

// ---- Points in the plane ---------------------------------------------------------------

// The points that plane.py packed, with noise: `train` of them to train on, the others held out.
export function points({ classes, train, points: text }, noise, seed) {
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
  return { classes, train: part(0, train), test: part(train, whole.length / 2) };
}

// The digits that digits.py packed, with noise. `pixels` of a part are as they were drawn, 0 to 16.
export function images({ classes, train, inputs, pixels: text, labels, mean, std }, noise, seed) {
  const { normal } = generator(seed);
  const pixels = Uint8Array.from(text, (letter) => LETTERS.indexOf(letter));
  const whole = Float64Array.from(pixels, (pixel) => (pixel - mean) / std + noise * normal());
  const part = (from, to) => ({
    n: to - from,
    x: whole.slice(inputs * from, inputs * to),
    y: Int32Array.from(labels.slice(from, to), Number),
    pixels: pixels.subarray(inputs * from, inputs * to),
  });
  return { classes, train: part(0, train), test: part(train, labels.length) };
}

// ---- Layers ----------------------------------------------------------------------------
// Weights are stored as (fanIn, fanOut), row by row. What belongs to the examples is stored unit by
// unit, the examples side by side in `columns`, so that two of them make a vector of the kernel.

// Even, and as many as the kernel takes at once; a column without an example has a gradient of 0.
const columns = (rows) => Math.max(4, rows + (rows & 1));

// c = a @ b, for c of m rows and n columns. The next number of a row of a is aStep further on,
// its next row aRow; likewise down and across b: so either may be a transpose. Two rows by four
// columns at a time, so that sums need not wait for each other and each number read serves
// several; then two columns at a time, with an odd last row or column computed twice.
function multiply(a, aRow, aStep, b, bStep, bColumn, c, m, n, depth) {
  for (let i = 0; i < m; i += 2) {
    const i2 = i + 1 < m ? i + 1 : i;
    let j = 0;
    for (; j + 3 < n; j += 4) {
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      let a0 = i * aRow;
      let a1 = i2 * aRow;
      let b0 = j * bColumn;
      for (let k = 0; k < depth; k++) {
        const x0 = a[a0];
        const x1 = a[a1];
        const y0 = b[b0];
        const y1 = b[b0 + bColumn];
        const y2 = b[b0 + 2 * bColumn];
        const y3 = b[b0 + 3 * bColumn];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
        a0 += aStep;
        a1 += aStep;
        b0 += bStep;
      }
      c[i * n + j] = s00;
      c[i * n + j + 1] = s01;
      c[i * n + j + 2] = s02;
      c[i * n + j + 3] = s03;
      c[i2 * n + j] = s10;
      c[i2 * n + j + 1] = s11;
      c[i2 * n + j + 2] = s12;
      c[i2 * n + j + 3] = s13;
    }
    for (; j < n; j += 2) {
      const j2 = j + 1 < n ? j + 1 : j;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let a0 = i * aRow;
      let a1 = i2 * aRow;
      let b0 = j * bColumn;
      let b1 = j2 * bColumn;
      for (let k = 0; k < depth; k++) {
        const x0 = a[a0];
        const x1 = a[a1];
        const y0 = b[b0];
        const y1 = b[b1];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
        a0 += aStep;
        a1 += aStep;
        b0 += bStep;
        b1 += bStep;
      }
      c[i * n + j] = s00;
      c[i * n + j2] = s01;
      c[i2 * n + j] = s10;
      c[i2 * n + j2] = s11;
    }
  }
}

// The mean loss of logits z (k, n) of the first `rows` examples against classes y, with its gradient
// written to dz: cross-entropy of the softmax or, for one output, of the sigmoid. At the label the
// gradient is minus the sum of the others, which keeps digits that p - 1 loses.
function lossGradient(z, y, dz, rows, n, k) {
  let loss = 0;
  // The logarithm of a product, taken rarely, instead of a sum of logarithms.
  let product = 1;
  for (let row = 0; row < rows; row++) {
    let total = 1;
    if (k === 1) {
      const margin = y[row] ? -z[row] : z[row];
      const small = Math.exp(-Math.abs(margin));
      total += small;
      const p = (margin > 0 ? 1 : small) / (total * rows);
      dz[row] = y[row] ? -p : p;
      loss += margin > 0 ? margin : 0;
    } else {
      const label = y[row] * n + row;
      let most = z[row];
      for (let j = row + n; j < k * n; j += n) if (z[j] > most) most = z[j];
      let others = 0;
      for (let j = row; j < k * n; j += n) {
        dz[j] = Math.exp(z[j] - most);
        if (j !== label) others += dz[j];
      }
      total = others + dz[label];
      for (let j = row; j < k * n; j += n) dz[j] /= total * rows;
      dz[label] = -others / (total * rows);
      loss += most - z[label];
    }
    product *= total;
    if (product > 1e200) {
      loss += Math.log(product);
      product = 1;
    }
  }
  for (let row = rows; row < n; row++) for (let j = row; j < k * n; j += n) dz[j] = 0;
  return (loss + Math.log(product)) / rows;
}

// ---- Training --------------------------------------------------------------------------

const GAINS = { he: Math.SQRT2, xavier: 1, lecun: 1, pytorch: 1 };
const BINS = 64;
// The pre-activations that histograms show.
export const RANGE = [-8, 8];
// Examples that are measured at a time, and on how many a layer is: PROBE_ROWS of networks.training.
const CHUNK = 256;

// The words at the start of the kernel's memory, and those of each layer: as in kernel.ts.
const [NET, LAYER] = [12, 12];

// Compile the kernel from the text of kernel.js; null where WebAssembly or its SIMD is missing.
export function compiled(text) {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

// Where a run's numbers are: arrays of their own, or views of a memory that the kernel works in.
function room(kernel, numbers, outside) {
  if (!kernel) return { floats: (n) => new Float64Array(n), ints: (n) => new Int32Array(n) };
  const page = 2 ** 16;
  const memory = new WebAssembly.Memory({ initial: 2 + Math.ceil((8 * numbers) / page) });
  const { exports } = new WebAssembly.Instance(kernel, { env: { memory, outside, log: Math.log } });
  let free = exports.heap();
  function take(Kind, n) {
    free = Math.ceil(free / 64) * 64;
    const found = new Kind(memory.buffer, free, n);
    free += found.byteLength;
    return found;
  }
  return { exports, floats: (n) => take(Float64Array, n), ints: (n) => take(Int32Array, n) };
}

// A network in training: the weights that actlib.networks.MLP draws from default_rng(seed), and
// what `train` does with them, one step at a time. `kernel`: what `compiled` returned.
export function training(options) {
  const settings = { momentum: 0, ...options };
  const { sizes, kernel = null } = settings;
  const depth = sizes.length - 1;
  const outputs = sizes[depth];
  const activations = [...settings.activations];
  if (activations.length !== depth - 1) throw new Error(`${depth - 1} hidden layers need as many activations`);
  const array = (n) => new Float64Array(n);
  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

  // One array for all parameters, so that an update is one loop; layers are views of it. Its length
  // is even, for the kernel.
  const counts = [];
  for (let i = 0; i < depth; i++) counts.push(sizes[i] * sizes[i + 1]);
  for (let i = 0; i < depth; i++) counts.push(sizes[i + 1]);
  const total = sum(counts) + (sum(counts) & 1);
  let [parameters, gradient, means, squares, tables] = [];
  let [weights, biases, dWeights, dBiases] = [];
  let [rows, inputs, labels, order, exports, net, dice] = [0, null, null, null, null, 0, null];
  let [z, a, slope, dz] = [];
  function views(row) {
    let at = 0;
    const found = counts.map((n) => row.subarray(at, (at += n)));
    return [found.slice(0, depth), found.slice(depth)];
  }
  function outside(layer, place) {
    [a[layer][place], slope[layer][place]] = activations[layer].at(z[layer][place]);
  }

  // Make all arrays, for batches of up to n examples; parameters and averages stay.
  function settle(n) {
    const [kept, ordered, thrown] = [[parameters, means, squares], order, dice];
    const { x, y } = settings.train;
    rows = n;
    const most = columns(n);
    const all = sum(sizes);
    const numbers = 4 * total + (4 * all + 2) * most + x.length + 2 * y.length + TABLE * depth;
    // What each array may lose to its alignment, and the words for the kernel.
    const spare = 4 * Math.max(...sizes) + 8 * (6 * depth + 13) + NET + LAYER * depth;
    const own = room(kernel, numbers + spare, outside);
    exports = own.exports;
    const words = own.ints(NET + LAYER * depth);
    net = words.byteOffset;
    dice = own.ints(10);
    if (thrown) dice.set(thrown);
    [parameters, gradient, means, squares] = [0, 1, 2, 3].map(() => own.floats(total));
    [parameters, means, squares].forEach((row, i) => kept[i] && row.set(kept[i]));
    [weights, biases] = views(parameters);
    [dWeights, dBiases] = views(gradient);
    [inputs, labels, order] = [own.floats(most * sizes[0]), own.floats(most), own.ints(y.length)];
    [z, a, slope, dz] = [0, 1, 2, 3].map(() => sizes.slice(1).map((width) => own.floats(most * width)));
    if (ordered?.length === order.length) order.set(ordered);
    else cursor = Infinity;
    Object.assign(run, { weights, biases });
    if (!kernel) return;
    const [points, classes] = [own.floats(x.length), own.ints(y.length)];
    points.set(x);
    classes.set(y);
    tables = Array.from({ length: depth }, () => own.floats(TABLE));
    const packed = own.floats(4 * Math.max(...sizes));
    words.set([depth, ...[order, points, classes, inputs, labels, parameters, gradient, means, squares].map(
      (row) => row.byteOffset), total, packed.byteOffset]);
    for (let i = 0; i < depth; i++) {
      const used = [weights, biases, dWeights, dBiases, z, a, slope, dz].map((row) => row[i].byteOffset);
      words.set([sizes[i], sizes[i + 1], ...used, 0, tables[i].byteOffset], NET + LAYER * i);
    }
    kinds = words;
    activations.forEach(tell);
  }
  // Let the kernel know the activation of a layer.
  let kinds = null;
  function tell(activation, layer) {
    const { kind, constants } = activation.form();
    tables[layer].set(constants);
    kinds[NET + LAYER * layer + 10] = kind;
  }

  // ---- Passes

  // Take examples from a set as inputs and labels: those from `start` on, or those that `chosen` lists
  // from there on. A column without an example repeats the first.
  function load({ x, y }, count, chosen = null, start = 0) {
    const [n, width] = [columns(count), sizes[0]];
    for (let column = 0; column < n; column++) {
      const place = start + (column < count ? column : 0);
      const from = chosen ? chosen[place] : place;
      labels[column] = y[from];
      for (let i = 0; i < width; i++) inputs[i * n + column] = x[from * width + i];
    }
    return n;
  }
  function forward(n) {
    if (exports) return exports.forward(net, n);
    for (let i = 0; i < depth; i++) {
      const [fanIn, fanOut, own, b] = [sizes[i], sizes[i + 1], z[i], biases[i]];
      multiply(weights[i], 1, fanOut, i ? a[i - 1] : inputs, n, 1, own, fanOut, n, fanIn);
      for (let j = 0, k = 0; j < fanOut; j++) for (const end = k + n; k < end; k++) own[k] += b[j];
      if (i < depth - 1) activations[i].fill(own, a[i], slope[i], n * fanOut);
    }
  }
  function loss(n, count) {
    if (exports) return exports.loss(net, n, count);
    return lossGradient(z[depth - 1], labels, dz[depth - 1], count, n, outputs);
  }
  function backward(n) {
    if (exports) return exports.backward(net, n);
    for (let i = depth - 1; i >= 0; i--) {
      const [fanIn, fanOut, own, db] = [sizes[i], sizes[i + 1], dz[i], dBiases[i]];
      multiply(i ? a[i - 1] : inputs, n, 1, own, 1, n, dWeights[i], fanIn, fanOut, n);
      for (let j = 0, k = 0; j < fanOut; j++) {
        let sum = 0;
        for (const end = k + n; k < end; k++) sum += own[k];
        db[j] = sum;
      }
      if (i === 0) break;
      const [below, turn] = [dz[i - 1], slope[i - 1]];
      multiply(weights[i], fanOut, 1, own, n, 1, below, fanIn, n, fanOut);
      for (let k = 0; k < n * fanIn; k++) below[k] *= turn[k];
    }
  }

  // ---- Steps

  let [random, cursor, epochs, updates] = [null, 0, 0, 0];
  const run = { sizes, settings, steps: 0, diverged: null };

  // Numbers of an update: for SGD its rate and momentum; for Adam what undoes the bias of the first steps.
  function rates() {
    const { lr, momentum, optimizer } = settings;
    if (optimizer === "sgd") return [lr, momentum];
    return [lr / (1 - 0.9 ** (updates + 1)), 1 / Math.sqrt(1 - 0.999 ** (updates + 1))];
  }
  function update() {
    const [rate, second] = rates();
    if (settings.optimizer === "sgd") {
      for (let i = 0; i < total; i++) {
        means[i] = second * means[i] + gradient[i];
        parameters[i] -= rate * means[i];
      }
      return;
    }
    for (let i = 0; i < total; i++) {
      const g = gradient[i];
      means[i] += (1 - 0.9) * (g - means[i]);
      squares[i] += (1 - 0.999) * (g * g - squares[i]);
      parameters[i] -= (rate * means[i]) / (Math.sqrt(squares[i]) * second + 1e-8);
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

  function stepHere(count) {
    const n = load(settings.train, count, order, cursor);
    forward(n);
    const found = loss(n, count);
    if (!Number.isFinite(found)) return found;
    backward(n);
    update();
    return found;
  }
  function stepThere(count) {
    const [rate, second] = rates();
    return exports.step(net, cursor, columns(count), count, settings.optimizer === "adam", rate, second);
  }
  run.step = () => {
    if (run.diverged) return NaN;
    const { train, batchSize } = settings;
    if (cursor >= train.n) {
      if (exports) exports.permute(dice.byteOffset, order.byteOffset, train.n);
      else random.permute(order);
      cursor = 0;
      epochs += 1;
    }
    const n = Math.min(batchSize, train.n - cursor);
    const found = exports ? stepThere(n) : stepHere(n);
    if (!Number.isFinite(found)) {
      run.diverged = diagnose(columns(n));
      return found;
    }
    updates += 1;
    cursor += n;
    run.steps += 1;
    return found;
  };

  // As many steps as fit into this many milliseconds, at least one.
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
    dice.set(random.handed());
    forget();
    [cursor, epochs, run.steps, run.diverged] = [Infinity, -1, 0, null];
  };
  run.change = (changes) => {
    if (changes.optimizer && changes.optimizer !== settings.optimizer) forget();
    Object.assign(settings, changes);
    if (settings.batchSize > rows) settle(settings.batchSize);
  };
  run.replace = (layer, activation) => {
    activations[layer] = activation;
    if (exports) tell(activation, layer);
  };
  run.data = ({ train, test }) => {
    Object.assign(settings, { train, test });
    settle(Math.max(settings.batchSize, CHUNK));
  };
  Object.defineProperty(run, "epoch", {
    get: () => Math.max(0, epochs) + (cursor === Infinity ? 0 : cursor / settings.train.n),
  });

  // ---- Measurements

  const hidden = depth - 1;
  const per = () => array(hidden);
  const measured = {
    trainLoss: 0, testLoss: 0, trainAccuracy: 0, testAccuracy: 0, gradientNorm: array(depth),
    dead: per(), saturated: per(), aMean: per(), aStd: per(), zMean: per(), zStd: per(), zBelow: per(), zAbove: per(),
    z: sizes.slice(1, depth).map(() => array(BINS)),
  };

  // Loss and accuracy over a set, a chunk at a time; the class that is found likeliest for each.
  function judge(set, guesses) {
    let [lost, right] = [0, 0];
    for (let from = 0; from < set.n; from += CHUNK) {
      const count = Math.min(CHUNK, set.n - from);
      const n = load(set, count, null, from);
      forward(n);
      lost += (count / set.n) * loss(n, count);
      const logits = z[depth - 1];
      for (let row = 0; row < count; row++) {
        let best = 0;
        for (let j = 1; j < outputs; j++) if (logits[j * n + row] > logits[best * n + row]) best = j;
        guesses[from + row] = outputs === 1 ? Number(logits[row] > 0) : best;
        if (guesses[from + row] === labels[row]) right += 1;
      }
    }
    return [lost, right / set.n];
  }
  // Mean and standard deviation over the examples, which are the first of each row of n.
  function spread(numbers, width, n, count) {
    let [sum, square] = [0, 0];
    for (let unit = 0; unit < width; unit++) for (let k = unit * n; k < unit * n + count; k++) sum += numbers[k];
    const mean = sum / (count * width);
    for (let unit = 0; unit < width; unit++) for (let k = unit * n; k < unit * n + count; k++) square += (numbers[k] - mean) ** 2;
    return [mean, Math.sqrt(square / (count * width))];
  }
  function measureLayer(i, n, count) {
    const [width, own, slopes, { isFlat, steepest }] = [sizes[i + 1], z[i], slope[i], activations[i]];
    const [low, high] = RANGE;
    const bins = measured.z[i].fill(0);
    const all = count * width;
    let [dead, saturated, below, above] = [0, 0, 0, 0];
    for (let unit = 0; unit < width; unit++) {
      let isDead = true;
      for (let k = unit * n; k < unit * n + count; k++) {
        isDead &&= isFlat(own[k]);
        if (Math.abs(slopes[k]) < 0.01 * steepest) saturated += 1;
        if (own[k] < low) below += 1;
        else if (own[k] > high) above += 1;
        else bins[Math.min(BINS - 1, Math.floor(((own[k] - low) / (high - low)) * BINS))] += 1 / all;
      }
      if (isDead) dead += 1;
    }
    [measured.zMean[i], measured.zStd[i]] = spread(own, width, n, count);
    [measured.aMean[i], measured.aStd[i]] = spread(a[i], width, n, count);
    measured.dead[i] = dead / width;
    measured.saturated[i] = saturated / all;
    measured.zBelow[i] = below / all;
    measured.zAbove[i] = above / all;
  }
  run.measure = () => {
    const { train, test } = settings;
    run.guesses = new Int32Array(test.n);
    [measured.testLoss, measured.testAccuracy] = judge(test, run.guesses);
    [measured.trainLoss, measured.trainAccuracy] = judge(train, new Int32Array(train.n));
    // What happens in each layer is measured on the first examples, always the same.
    const count = Math.min(CHUNK, train.n);
    const n = load(train, count);
    forward(n);
    loss(n, count);
    backward(n);
    for (let i = 0; i < depth; i++) {
      let sum = 0;
      for (let k = 0; k < counts[i]; k++) sum += dWeights[i][k] ** 2;
      measured.gradientNorm[i] = Math.sqrt(sum);
      if (i < hidden) measureLayer(i, n, count);
    }
    return measured;
  };

  // Fill the points of an n × n grid over ±extent into `inputs`, a chunk at a time, top row
  // first, and hand each chunk to `take(from, count, wide)` once the network has seen it.
  function sweep(n, extent, take) {
    const step = (2 * extent) / n;
    for (let from = 0; from < n * n; from += CHUNK) {
      const count = Math.min(CHUNK, n * n - from);
      const wide = columns(count);
      for (let row = 0; row < wide; row++) {
        const place = from + Math.min(row, count - 1);
        inputs[row] = ((place % n) + 0.5) * step - extent;
        inputs[wide + row] = extent - (Math.floor(place / n) + 0.5) * step;
      }
      forward(wide);
      take(from, count, wide);
    }
  }
  // Probabilities of the classes on a grid; of class 1 alone for a network with one output.
  run.grid = (n, extent, out) => sweep(n, extent, (from, count, wide) => {
    const logits = z[depth - 1];
    for (let row = 0; row < count; row++) {
      const to = (from + row) * outputs;
      if (outputs === 1) {
        out[to] = 1 / (1 + Math.exp(-logits[row]));
        continue;
      }
      let [most, sum] = [logits[row], 0];
      for (let j = 1; j < outputs; j++) if (logits[j * wide + row] > most) most = logits[j * wide + row];
      for (let j = 0; j < outputs; j++) sum += out[to + j] = Math.exp(logits[j * wide + row] - most);
      for (let j = 0; j < outputs; j++) out[to + j] /= sum;
    }
  });
  // Activations of the units of a hidden layer on a grid.
  run.units = (layer, n, extent, out) => sweep(n, extent, (from, count, wide) => {
    const width = sizes[layer + 1];
    for (let row = 0; row < count; row++) {
      for (let unit = 0; unit < width; unit++) out[(from + row) * width + unit] = a[layer][unit * wide + row];
    }
  });

  run.data(settings);
  run.reset();
  return run;
}
