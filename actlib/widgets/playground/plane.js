// The picture of the plane: which class the network finds likelier where, and the line between.

const TINT = 0.46;

// The line along which a field of n × n values is 0: segments x, y, x, y, in cells, onto `lines`.
function contour(field, n, lines) {
  const turn = [[0, 0], [1, 0], [1, 1], [0, 1]];
  for (let row = 0; row < n - 1; row++) {
    for (let column = 0; column < n - 1; column++) {
      let from = null;
      for (let i = 0; i < 4; i++) {
        const [[x, y], [u, v]] = [turn[i], turn[(i + 1) % 4]];
        const [a, b] = [field[(row + y) * n + column + x], field[(row + v) * n + column + u]];
        if (a > 0 === b > 0) continue;
        const t = a / (a - b);
        const at = [column + x + t * (u - x), row + y + t * (v - y)];
        if (from) lines.push(...from, ...at);
        from = from ? null : at;
      }
    }
  }
}

// Pixels and lines for n × n points, from the probabilities of the classes at each; the colours are
// the paper's and the classes', as [red, green, blue].
export function picture(probabilities, n, classes, [paper, ...tints]) {
  const pixels = new Uint8ClampedArray(4 * n * n);
  const fields = Array.from({ length: classes === 2 ? 1 : classes }, () => new Float64Array(n * n));
  for (let i = 0; i < n * n; i++) {
    let [most, second, first] = [-1, -1, 0];
    for (let k = 0; k < classes; k++) {
      const p = probabilities[i * classes + k];
      if (p > most) [second, most, first] = [most, p, k];
      else if (p > second) second = p;
    }
    // Paper where all classes are equally likely.
    const share = most > 0 ? (TINT * (most - 1 / classes)) / (1 - 1 / classes) : 0;
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = paper[c] + share * (tints[first][c] - paper[c]);
    pixels[4 * i + 3] = 255;
    const log = (p) => Math.log(Math.max(p, 1e-30));
    for (let k = 0; k < fields.length; k++) {
      fields[k][i] = log(k === first ? most : probabilities[i * classes + k]) - log(k === first ? second : most);
    }
  }
  const lines = [];
  for (const field of fields) contour(field, n, lines);
  return { n, pixels, lines: Float32Array.from(lines) };
}
