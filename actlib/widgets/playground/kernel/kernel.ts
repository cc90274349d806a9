// What a step of training computes, for WebAssembly with SIMD: two float64 numbers at a time.
// `training.js` lays out the memory, draws the batches and calls `step`; it does the same in plain
// JavaScript where WebAssembly is missing. `make kernel` compiles this to ../kernel.js.
//
// A batch is stored unit by unit, its n examples side by side: a vector holds two examples of
// one unit. n is even; if the number of examples is odd, the last column is of no account, and
// the gradient there is 0. Weights are stored as (fanIn, fanOut). Addresses and strides are in bytes.

// The value and slope of an activation where its table has no cubic: training.js looks there.
@external("env", "outside")
declare function outside(layer: i32, place: i32): void;
@external("env", "log")
declare function log(x: f64): f64;

// ---- What training.js has written: words at `net`, then some for each layer -----------------

const enum Net { depth, order, x, y, inputs, labels, parameters, gradient, means, squares, total, packed, end }
const enum Layer { fanIn, fanOut, w, b, dw, db, z, a, slope, dz, kind, constants, end }
const enum Kind { lines, tanh, sigmoid, table }

// @ts-ignore: decorator
@inline
function word(at: usize, k: i32): usize {
  return <usize>load<u32>(at + (k << 2));
}
// @ts-ignore: decorator
@inline
function layerAt(net: usize, i: i32): usize {
  return net + ((Net.end + i * Layer.end) << 2);
}
// The first free address for training.js.
export function heap(): usize {
  return __heap_base;
}

// ---- Products -------------------------------------------------------------------------------
// Eight sums of two numbers each stay in registers. At an edge, the last block is moved back until it
// fits, and computes some numbers a second time.

const zeros: usize = memory.data(32, 16);

// @ts-ignore: decorator
@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}
// @ts-ignore: decorator
@inline
function twice(at: usize): v128 {
  return v128.load64_splat(at);
}

// c = a @ b + bias, times what is at `times` if that is not 0: c, b and times have rows of `row`
// bytes, at least 32; a's next row is aRow further on, its next column aStep.
function spread(
  a: usize, aRow: usize, aStep: usize, b: usize, bias: usize, times: usize, c: usize,
  m: i32, row: usize, depth: i32, packed: usize,
): void {
  const last = row - 32;
  const stop = packed + (<usize>depth << 5);
  if (m < 4) {
    for (let i = 0; i < m; i++) {
      const start = bias ? twice(bias + (i << 3)) : f64x2.splat(0);
      for (let j: usize = 0; j < row; j += 32) {
        if (j > last) j = last;
        let s0 = start;
        let s1 = start;
        let from = a + <usize>i * aRow;
        let to = b + j;
        for (let k = 0; k < depth; k++) {
          const x = twice(from);
          s0 = plus(s0, x, v128.load(to));
          s1 = plus(s1, x, v128.load(to, 16));
          from += aStep;
          to += row;
        }
        const at = <usize>i * row + j;
        if (times) {
          s0 = f64x2.mul(s0, v128.load(times + at));
          s1 = f64x2.mul(s1, v128.load(times + at, 16));
        }
        v128.store(c + at, s0);
        v128.store(c + at, s1, 16);
      }
    }
    return;
  }
  for (let i = 0; i < m; i += 4) {
    if (i > m - 4) i = m - 4;
    // Four rows of a, one column after the other: rows apart by a power of two would share the
    // same few places of the cache.
    let from = a + <usize>i * aRow;
    for (let to = packed; to < stop; to += 32) {
      f64.store(to, f64.load(from));
      f64.store(to, f64.load(from + aRow), 8);
      f64.store(to, f64.load(from + 2 * aRow), 16);
      f64.store(to, f64.load(from + 3 * aRow), 24);
      from += aStep;
    }
    const own = bias ? bias + (i << 3) : zeros;
    for (let j: usize = 0; j < row; j += 32) {
      if (j > last) j = last;
      let s00 = twice(own);
      let s01 = s00;
      let s10 = v128.load64_splat(own, 8);
      let s11 = s10;
      let s20 = v128.load64_splat(own, 16);
      let s21 = s20;
      let s30 = v128.load64_splat(own, 24);
      let s31 = s30;
      let to = b + j;
      for (let p = packed; p < stop; p += 32) {
        const y0 = v128.load(to);
        const y1 = v128.load(to, 16);
        let x = twice(p);
        s00 = plus(s00, x, y0);
        s01 = plus(s01, x, y1);
        x = v128.load64_splat(p, 8);
        s10 = plus(s10, x, y0);
        s11 = plus(s11, x, y1);
        x = v128.load64_splat(p, 16);
        s20 = plus(s20, x, y0);
        s21 = plus(s21, x, y1);
        x = v128.load64_splat(p, 24);
        s30 = plus(s30, x, y0);
        s31 = plus(s31, x, y1);
        to += row;
      }
      let at = <usize>i * row + j;
      if (times) {
        let by = times + at;
        s00 = f64x2.mul(s00, v128.load(by));
        s01 = f64x2.mul(s01, v128.load(by, 16));
        by += row;
        s10 = f64x2.mul(s10, v128.load(by));
        s11 = f64x2.mul(s11, v128.load(by, 16));
        by += row;
        s20 = f64x2.mul(s20, v128.load(by));
        s21 = f64x2.mul(s21, v128.load(by, 16));
        by += row;
        s30 = f64x2.mul(s30, v128.load(by));
        s31 = f64x2.mul(s31, v128.load(by, 16));
      }
      at += c;
      v128.store(at, s00);
      v128.store(at, s01, 16);
      at += row;
      v128.store(at, s10);
      v128.store(at, s11, 16);
      at += row;
      v128.store(at, s20);
      v128.store(at, s21, 16);
      at += row;
      v128.store(at, s30);
      v128.store(at, s31, 16);
    }
  }
}

// The sums of two vectors, side by side.
// @ts-ignore: decorator
@inline
function sums(x: v128, y: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
}

// c[i, j] = the sum over the batch of a[i] b[j]: m rows of a, n rows of b, each of `row` bytes.
function gather(a: usize, b: usize, c: usize, m: i32, n: i32, row: usize): void {
  const wide = <usize>n << 3;
  if (n === 1) {
    for (let i = 0; i < m; i++) {
      let s = f64x2.splat(0);
      for (let k: usize = 0; k < row; k += 16) s = plus(s, v128.load(a + k), v128.load(b + k));
      f64.store(c + (i << 3), f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
      a += row;
    }
    return;
  }
  for (let j = 0; j < n; j += 2) {
    if (j > n - 2) j = n - 2;
    const b0 = b + <usize>j * row;
    const end = b0 + row;
    let i = 0;
    if (m < 4) {
      for (; i < m; i++) {
        let s0 = f64x2.splat(0);
        let s1 = s0;
        let p = a + <usize>i * row;
        for (let q = b0; q < end; q += 16) {
          const x = v128.load(p);
          s0 = plus(s0, x, v128.load(q));
          s1 = plus(s1, x, v128.load(q + row));
          p += 16;
        }
        v128.store(c + <usize>i * wide + (j << 3), sums(s0, s1));
      }
      continue;
    }
    for (; i < m; i += 4) {
      if (i > m - 4) i = m - 4;
      let s00 = f64x2.splat(0);
      let s01 = s00;
      let s10 = s00;
      let s11 = s00;
      let s20 = s00;
      let s21 = s00;
      let s30 = s00;
      let s31 = s00;
      let p0 = a + <usize>i * row;
      let p1 = p0 + row;
      let p2 = p1 + row;
      let p3 = p2 + row;
      for (let q = b0; q < end; q += 16) {
        const y0 = v128.load(q);
        const y1 = v128.load(q + row);
        let x = v128.load(p0);
        s00 = plus(s00, x, y0);
        s01 = plus(s01, x, y1);
        x = v128.load(p1);
        s10 = plus(s10, x, y0);
        s11 = plus(s11, x, y1);
        x = v128.load(p2);
        s20 = plus(s20, x, y0);
        s21 = plus(s21, x, y1);
        x = v128.load(p3);
        s30 = plus(s30, x, y0);
        s31 = plus(s31, x, y1);
        p0 += 16;
        p1 += 16;
        p2 += 16;
        p3 += 16;
      }
      let at = c + <usize>i * wide + (j << 3);
      v128.store(at, sums(s00, s01));
      at += wide;
      v128.store(at, sums(s10, s11));
      at += wide;
      v128.store(at, sums(s20, s21));
      at += wide;
      v128.store(at, sums(s30, s31));
    }
  }
}

// ---- Exponentials ---------------------------------------------------------------------------
// exp(x) = 2^k (1 + p): `whole` is k, to the nearest, as the last bits of a sum with MAGIC; `rest`
// is p, from the series of the remainder, which is at most 0.35. For x from -708 to 708.

const MAGIC: f64 = 6755399441055744; // 1.5 × 2^52

// @ts-ignore: decorator
@inline
function whole(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(MAGIC));
}
// @ts-ignore: decorator
@inline
function power(k: v128): v128 {
  return i64x2.add(i64x2.shl(k, 52), i64x2.splat(1023 << 52));
}
// @ts-ignore: decorator
@inline
function pair(r: v128, c0: f64, c1: f64): v128 {
  return plus(f64x2.splat(c0), f64x2.splat(c1), r);
}
// @ts-ignore: decorator
@inline
function rest(x: v128, k: v128): v128 {
  const n = f64x2.sub(k, f64x2.splat(MAGIC));
  // log 2 in two parts: the first times any k is exact.
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.6931471803691238)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)));
  // The series from r² / 2 to r¹³ / 13!, in pairs: sums that need not wait for each other.
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const s0 = plus(pair(r, 1 / 2.0, 1 / 6.0), r2, pair(r, 1 / 24.0, 1 / 120.0));
  const s4 = plus(pair(r, 1 / 720.0, 1 / 5040.0), r2, pair(r, 1 / 40320.0, 1 / 362880.0));
  const s8 = plus(pair(r, 1 / 3628800.0, 1 / 39916800.0), r2, pair(r, 1 / 479001600.0, 1 / 6227020800.0));
  return plus(r, r2, plus(plus(s0, r4, s4), f64x2.mul(r4, r4), s8));
}
// exp(x) for x of at most 0; 0 below -708. NaN stays.
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const near = f64x2.max(x, f64x2.splat(-708));
  const k = whole(near);
  const s = power(k);
  return v128.andnot(f64x2.add(s, f64x2.mul(s, rest(near, k))), f64x2.lt(x, f64x2.splat(-708)));
}

// ---- Activations ----------------------------------------------------------------------------

function fillTanh(z: usize, a: usize, slope: usize, end: usize): void {
  const sign = f64x2.splat(-0.0);
  const one = f64x2.splat(1);
  for (; z < end; z += 16) {
    const own = v128.load(z);
    const y = f64x2.max(f64x2.mul(f64x2.abs(own), f64x2.splat(-2)), f64x2.splat(-708));
    const k = whole(y);
    const s = power(k);
    const sp = f64x2.mul(s, rest(y, k));
    const e = f64x2.add(s, sp);
    const r = f64x2.div(one, f64x2.add(one, e));
    // 1 - e as 1 - s - sp, which keeps its digits near 0.
    const value = f64x2.mul(f64x2.sub(f64x2.sub(one, s), sp), r);
    v128.store(a, v128.or(v128.and(own, sign), f64x2.abs(value)));
    v128.store(slope, f64x2.mul(f64x2.mul(f64x2.splat(4), e), f64x2.mul(r, r)));
    a += 16;
    slope += 16;
  }
}

function fillSigmoid(z: usize, a: usize, slope: usize, end: usize): void {
  const one = f64x2.splat(1);
  for (; z < end; z += 16) {
    const own = v128.load(z);
    const e = exponential(f64x2.neg(f64x2.abs(own)));
    const r = f64x2.div(one, f64x2.add(one, e));
    const small = f64x2.mul(e, r);
    v128.store(a, v128.bitselect(small, r, f64x2.lt(own, f64x2.splat(0))));
    v128.store(slope, f64x2.mul(small, r));
    a += 16;
    slope += 16;
  }
}

// Two lines that meet at a cut, as in ReLU; constants: cut, value and slope there, then both lines.
function fillLines(z: usize, a: usize, slope: usize, end: usize, constants: usize): void {
  const cut = twice(constants);
  const cutValue = v128.load64_splat(constants, 8);
  const cutSlope = v128.load64_splat(constants, 16);
  const left0 = v128.load64_splat(constants, 24);
  const left1 = v128.load64_splat(constants, 32);
  const right0 = v128.load64_splat(constants, 40);
  const right1 = v128.load64_splat(constants, 48);
  for (; z < end; z += 16) {
    const own = v128.load(z);
    const isRight = f64x2.gt(own, cut);
    const isCut = f64x2.eq(own, cut);
    const by = v128.bitselect(right1, left1, isRight);
    const value = f64x2.add(v128.bitselect(right0, left0, isRight), f64x2.mul(by, own));
    v128.store(a, v128.bitselect(cutValue, value, isCut));
    v128.store(slope, v128.bitselect(cutSlope, by, isCut));
    a += 16;
    slope += 16;
  }
}

// The cubics of training.js, its `lookUp`.
function fillTable(z: usize, a: usize, slope: usize, count: i32, cubics: usize, layer: i32): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 3;
    const t = (f64.load(z + at) + 20) * 64 + 1;
    // NaN is not above 0.
    const cell = t > 0 ? (t > 2561 ? 2561 : <i32>t) : 0;
    const u = t - <f64>cell;
    const c = cubics + (<usize>cell << 5);
    const c1 = f64.load(c, 8);
    const c2 = f64.load(c, 16);
    const c3 = f64.load(c, 24);
    const value = f64.load(c) + u * (c1 + u * (c2 + u * c3));
    if (u === 0 || value !== value) {
      outside(layer, i);
      continue;
    }
    f64.store(a + at, value);
    f64.store(slope + at, (c1 + u * (2 * c2 + 3 * u * c3)) * 64);
  }
}

// ---- Passes ---------------------------------------------------------------------------------
// n, from here on: the columns of the batch, even, at least 4.

export function forward(net: usize, n: i32): void {
  const depth = <i32>word(net, Net.depth);
  const row = <usize>n << 3;
  const packed = word(net, Net.packed);
  let before = word(net, Net.inputs);
  for (let i = 0; i < depth; i++) {
    const at = layerAt(net, i);
    const fanIn = <i32>word(at, Layer.fanIn);
    const fanOut = <i32>word(at, Layer.fanOut);
    const z = word(at, Layer.z);
    spread(
      word(at, Layer.w), 8, <usize>fanOut << 3, before, word(at, Layer.b), 0, z,
      fanOut, row, fanIn, packed,
    );
    if (i === depth - 1) return;
    const a = word(at, Layer.a);
    const slope = word(at, Layer.slope);
    const constants = word(at, Layer.constants);
    const count = fanOut * n;
    const end = z + (<usize>count << 3);
    const kind = <i32>word(at, Layer.kind);
    if (kind === Kind.lines) fillLines(z, a, slope, end, constants);
    else if (kind === Kind.tanh) fillTanh(z, a, slope, end);
    else if (kind === Kind.sigmoid) fillSigmoid(z, a, slope, end);
    else fillTable(z, a, slope, count, constants, i);
    before = a;
  }
}

// The mean loss of the first `rows` examples against the labels, and its gradient by the logits:
// cross-entropy of the softmax or, for one output, of the sigmoid. At the label the gradient is minus
// the sum of the others, which keeps digits that p - 1 loses.
export function loss(net: usize, n: i32, rows: i32): f64 {
  const at = layerAt(net, <i32>word(net, Net.depth) - 1);
  const classes = <i32>word(at, Layer.fanOut);
  const row = <usize>n << 3;
  const labels = word(net, Net.labels);
  const z = word(at, Layer.z);
  const dz = word(at, Layer.dz);
  const one = f64x2.splat(1);
  const share = f64x2.splat(1 / <f64>rows);
  const tall = row * <usize>classes;
  let total = f64x2.splat(0);
  // The logarithm of a product, taken rarely, instead of a sum of logarithms.
  let product = one;
  for (let j: usize = 0; j < row; j += 16) {
    const first = <i32>(j >> 3);
    const label = v128.load(labels + j);
    // Which of the two examples count.
    const counts = first + 1 < rows
      ? i64x2.splat(-1)
      : i64x2.replace_lane(i64x2.splat(0), 0, first < rows ? -1 : 0);
    let sum: v128;
    let own: v128;
    if (classes === 1) {
      // The logit's distance on the wrong side.
      const isOne = f64x2.gt(label, f64x2.splat(0.5));
      const logit = v128.load(z + j);
      const margin = v128.bitselect(f64x2.neg(logit), logit, isOne);
      const small = exponential(f64x2.neg(f64x2.abs(margin)));
      sum = f64x2.add(one, small);
      const isWrong = f64x2.gt(margin, f64x2.splat(0));
      const p = f64x2.div(f64x2.mul(v128.bitselect(one, small, isWrong), share), sum);
      v128.store(dz + j, v128.and(v128.bitselect(f64x2.neg(p), p, isOne), counts));
      // NaN is on neither side, and stays.
      own = f64x2.max(margin, f64x2.splat(0));
    } else {
      let most = v128.load(z + j);
      for (let k = j + row; k < tall; k += row) most = f64x2.max(most, v128.load(z + k));
      let others = f64x2.splat(0);
      let right = others;
      let logit = others;
      let c = others;
      for (let k = j; k < tall; k += row) {
        const at = v128.load(z + k);
        const e = exponential(f64x2.sub(at, most));
        const isLabel = f64x2.eq(c, label);
        v128.store(dz + k, e);
        others = f64x2.add(others, v128.andnot(e, isLabel));
        right = v128.or(right, v128.and(e, isLabel));
        logit = v128.or(logit, v128.and(at, isLabel));
        c = f64x2.add(c, one);
      }
      sum = f64x2.add(others, right);
      const scale = v128.and(f64x2.div(share, sum), counts);
      const less = f64x2.neg(f64x2.mul(others, scale));
      c = f64x2.splat(0);
      for (let k = j; k < tall; k += row) {
        const p = f64x2.mul(v128.load(dz + k), scale);
        v128.store(dz + k, v128.bitselect(less, p, f64x2.eq(c, label)));
        c = f64x2.add(c, one);
      }
      own = f64x2.sub(most, logit);
    }
    total = f64x2.add(total, v128.and(own, counts));
    product = f64x2.mul(product, v128.bitselect(sum, one, counts));
    if (f64x2.extract_lane(product, 0) > 1e150 || f64x2.extract_lane(product, 1) > 1e150) {
      total = f64x2.replace_lane(total, 0, f64x2.extract_lane(total, 0) + log(f64x2.extract_lane(product, 0)));
      total = f64x2.replace_lane(total, 1, f64x2.extract_lane(total, 1) + log(f64x2.extract_lane(product, 1)));
      product = one;
    }
  }
  const left = log(f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1));
  return (f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1) + left) / <f64>rows;
}

// From the gradient by the logits to those by all weights and biases.
export function backward(net: usize, n: i32): void {
  const row = <usize>n << 3;
  const packed = word(net, Net.packed);
  for (let i = <i32>word(net, Net.depth) - 1; i >= 0; i--) {
    const at = layerAt(net, i);
    const fanIn = <i32>word(at, Layer.fanIn);
    const fanOut = <i32>word(at, Layer.fanOut);
    const dz = word(at, Layer.dz);
    const below = layerAt(net, i - 1);
    gather(i ? word(below, Layer.a) : word(net, Net.inputs), dz, word(at, Layer.dw), fanIn, fanOut, row);
    const db = word(at, Layer.db);
    for (let j = 0; j < fanOut; j++) {
      let s = f64x2.splat(0);
      const from = dz + <usize>j * row;
      for (let k: usize = 0; k < row; k += 16) s = f64x2.add(s, v128.load(from + k));
      f64.store(db + (j << 3), f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
    }
    if (i === 0) return;
    spread(
      word(at, Layer.w), <usize>fanOut << 3, 8, dz, 0, word(below, Layer.slope), word(below, Layer.dz),
      fanIn, row, fanOut, packed,
    );
  }
}

// ---- Steps ----------------------------------------------------------------------------------

// NumPy's rng.permutation, as the generator of training.js draws it. At `state`: the generator's 128
// bits, what is added to them, and the upper half of a draw if one is left.
export function permute(state: usize, order: usize, n: i32): void {
  let low = load<u64>(state);
  let high = load<u64>(state, 8);
  const lowAdded = load<u64>(state, 16);
  const highAdded = load<u64>(state, 24);
  let left = load<u32>(state, 32);
  let isLeft = load<u32>(state, 36);
  for (let i = 0; i < n; i++) store<i32>(order + (<usize>i << 2), i);
  for (let i = n - 1; i > 0; i--) {
    const mask = <u32>-1 >>> <u32>clz(i);
    let found: u32;
    do {
      if (isLeft) found = left;
      else {
        // The state times PCG64's multiplier, from products of halves, and what is added.
        const a = low & 0xffffffff;
        const b = low >> 32;
        const first = a * 0x9fccf645;
        const second = b * 0x9fccf645 + (first >> 32);
        const third = a * 0x4385df64 + (second & 0xffffffff);
        const over = b * 0x4385df64 + (second >> 32) + (third >> 32);
        high = high * 0x4385df649fccf645 + low * 0x2360ed051fc65da4 + over;
        low = low * 0x4385df649fccf645 + lowAdded;
        high += highAdded + <u64>(low < lowAdded);
        const drawn = rotr<u64>(high ^ low, high >> 58);
        found = <u32>drawn;
        left = <u32>(drawn >> 32);
      }
      isLeft ^= 1;
      found &= mask;
    } while (found > <u32>i);
    const one = order + (<usize>i << 2);
    const other = order + (<usize>found << 2);
    const kept = load<i32>(one);
    store<i32>(one, load<i32>(other));
    store<i32>(other, kept);
  }
  store<u64>(state, low);
  store<u64>(state, high, 8);
  store<u32>(state, left, 32);
  store<u32>(state, isLeft, 36);
}

export function sgd(net: usize, lr: f64, momentum: f64): void {
  const end = word(net, Net.total) << 3;
  const w = word(net, Net.parameters);
  const g = word(net, Net.gradient);
  const v = word(net, Net.means);
  const rate = f64x2.splat(lr);
  const keep = f64x2.splat(momentum);
  for (let k: usize = 0; k < end; k += 16) {
    const mean = plus(v128.load(g + k), keep, v128.load(v + k));
    v128.store(v + k, mean);
    v128.store(w + k, f64x2.sub(v128.load(w + k), f64x2.mul(rate, mean)));
  }
}

// rate and unbias: what undoes the bias of the first steps in the learning rate and in the squares.
export function adam(net: usize, rate: f64, unbias: f64): void {
  const end = word(net, Net.total) << 3;
  const w = word(net, Net.parameters);
  const g = word(net, Net.gradient);
  const v = word(net, Net.means);
  const s = word(net, Net.squares);
  for (let k: usize = 0; k < end; k += 16) {
    const own = v128.load(g + k);
    const mean = plus(v128.load(v + k), f64x2.splat(1 - 0.9), f64x2.sub(own, v128.load(v + k)));
    const square = plus(v128.load(s + k), f64x2.splat(1 - 0.999), f64x2.sub(f64x2.mul(own, own), v128.load(s + k)));
    v128.store(v + k, mean);
    v128.store(s + k, square);
    const size = f64x2.add(f64x2.mul(f64x2.sqrt(square), f64x2.splat(unbias)), f64x2.splat(1e-8));
    v128.store(w + k, f64x2.sub(v128.load(w + k), f64x2.div(f64x2.mul(f64x2.splat(rate), mean), size)));
  }
}

// A step on the examples order[from] to order[from + rows - 1]: the loss before it. If that is
// not finite, nothing is updated. `second` is the momentum of SGD, or `unbias` of Adam.
export function step(
  net: usize, from: i32, n: i32, rows: i32, isAdam: i32, rate: f64, second: f64,
): f64 {
  const order = word(net, Net.order) + (<usize>from << 2);
  const x = word(net, Net.x);
  const y = word(net, Net.y);
  const labels = word(net, Net.labels);
  const inputs = word(net, Net.inputs);
  const wide = <i32>word(layerAt(net, 0), Layer.fanIn);
  const row = <usize>n << 3;
  for (let k = 0; k < n; k++) {
    // A column of no account repeats the first example, whose numbers are as good as any.
    const place = k < rows ? k : 0;
    const which = <usize>load<u32>(order + (<usize>place << 2));
    f64.store(labels + (k << 3), <f64>load<i32>(y + (which << 2)));
    let to = inputs + (k << 3);
    let own = x + ((which * wide) << 3);
    for (let i = 0; i < wide; i++) {
      f64.store(to, f64.load(own));
      to += row;
      own += 8;
    }
  }
  forward(net, n);
  const found = loss(net, n, rows);
  if (!isFinite(found)) return found;
  backward(net, n);
  if (isAdam) adam(net, rate, second);
  else sgd(net, rate, second);
  return found;
}
