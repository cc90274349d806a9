// Pictures of a network that reads images of 8 × 8 pixels: those it gets wrong, and the weights of
// its first layer. In the worker; on the page they are drawn larger.

const SIDE = 8;
// Columns and rows: of images, and of units.
export const WRONG = [6, 3];
export const UNITS = [16, 8];

// Tiles with a pixel between them, as { width, height, pixels }; `shade(tile, pixel)` is a share from
// -1 to 1, between two inks, with paper at 0.
function tiles(count, [columns, rows], shade, { paper, above, below }) {
  const [width, height] = [columns * (SIDE + 1) - 1, rows * (SIDE + 1) - 1];
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let tile = 0; tile < Math.min(count, columns * rows); tile++) {
    const [left, top] = [(tile % columns) * (SIDE + 1), Math.floor(tile / columns) * (SIDE + 1)];
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const share = shade(tile, pixel);
      const ink = share > 0 ? above : below;
      const at = 4 * ((top + Math.floor(pixel / SIDE)) * width + left + (pixel % SIDE));
      for (let c = 0; c < 3; c++) pixels[at + c] = paper[c] + Math.abs(share) * (ink[c] - paper[c]);
      pixels[at + 3] = 255;
    }
  }
  return { width, height, pixels };
}

// `guesses`: a class for each image of `test`; `weights`: of the first layer, a column a unit.
export function pictures(test, guesses, weights, { paper, ink, classes: [above, below] }) {
  const wrong = [...test.y.keys()].filter((i) => guesses[i] !== test.y[i]);
  const units = weights.length / (SIDE * SIDE);
  // Each unit by its own largest weight: units that have grown would leave the others blank.
  const most = new Float64Array(units);
  weights.forEach((w, k) => (most[k % units] = Math.max(most[k % units], Math.abs(w))));
  const inks = { paper, above, below };
  return {
    wrong: wrong.length,
    captions: wrong.slice(0, WRONG[0] * WRONG[1]).map((i) => [test.y[i], guesses[i]]),
    images: tiles(wrong.length, WRONG, (tile, pixel) => test.pixels[wrong[tile] * SIDE * SIDE + pixel] / 16, { paper, above: ink, below: ink }),
    units,
    weights: tiles(units, [UNITS[0], Math.min(UNITS[1], Math.ceil(units / UNITS[0]))], (unit, pixel) => weights[pixel * units + unit] / most[unit] || 0, inks),
  };
}
