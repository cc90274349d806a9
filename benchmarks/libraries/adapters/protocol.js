// What every adapter in JavaScript does; protocol.py describes the files.
const fs = require("fs");
const path = require("path");

const TYPES = { float64: Float64Array, float32: Float32Array, int32: Int32Array };
const LANES = 37;

const message = (error) => `${error.name || "Error"}: ${String(error.message || error).split("\n")[0]}`.slice(0, 200);

// Make all calls. A call has `name`, `claims`, `kind`, `given`, and `value`, `slope`: functions
// from a typed array and its shape to an array (or a promise of one). `dtypes` are those to try.
async function run(calls, { dtypes = ["float64"], most = Infinity, oneByOne = false } = {}) {
  const folder = process.argv[2];
  const inputs = JSON.parse(fs.readFileSync(path.join(folder, "inputs.json")));
  const results = {};
  for (const [number, call] of calls.entries()) {
    for (const input of inputs) {
      const { name, dtype, layout } = input;
      const rows = (call.kind || "elementwise") !== "elementwise";
      if (!dtypes.includes(dtype) || rows !== input.shape.length > 1 || layout === "strided") continue;
      if (layout !== "flat" && !oneByOne) continue;
      const raw = fs.readFileSync(path.join(folder, `${name}.${dtype}`));
      const Typed = TYPES[dtype];
      let array = new Typed(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
      let every = 1;
      if (!rows && array.length > most) {
        every = Math.ceil(array.length / most);
        array = array.filter((_, i) => i % every === 0);
      }
      for (const mode of ["value", "slope"]) {
        if (mode === "slope" && !(input.slope && call.slope)) continue;
        const key = `${number}.${name}.${dtype}.${mode}`;
        try {
          let found;
          if (layout === "flat") {
            found = await call[mode](array, rows ? input.shape : [array.length]);
          } else {
            const times = layout === "lanes" ? LANES : 1;
            const parts = [];
            for (const x of array) parts.push(...(await call[mode](new Typed(times).fill(x), [times])));
            found = parts;
          }
          const made = new Typed(found);
          fs.writeFileSync(path.join(folder, key), Buffer.from(made.buffer));
          const shape = rows && made.length === array.length ? input.shape : [made.length];
          results[key] = { dtype, every, shape };
        } catch (error) {
          results[key] = { error: message(error) };
        }
      }
    }
  }
  const listed = calls.map(({ name, claims, kind = "elementwise", given = {}, slope }) => ({
    name, claims, kind, given, slope: Boolean(slope),
  }));
  fs.writeFileSync(path.join(folder, "calls.json"), JSON.stringify(listed));
  fs.writeFileSync(path.join(folder, "results.json"), JSON.stringify(results));
}

// A call from functions of one number.
const scalar = (name, claims, value, slope, given) => ({
  name, claims, given,
  value: (array) => Array.from(array, (x) => value(x)),
  slope: slope && ((array) => Array.from(array, (x) => slope(x))),
});

// A call from a function of one row.
const perRow = (name, claims, value) => ({
  name, claims, kind: "row",
  value: (array, shape) => {
    const k = shape[shape.length - 1];
    const found = [];
    for (let i = 0; i < array.length; i += k) found.push(...value(Array.from(array.slice(i, i + k))));
    return found;
  },
});

module.exports = { run, scalar, perRow };
