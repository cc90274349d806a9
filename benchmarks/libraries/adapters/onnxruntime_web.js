// ONNX's operators with their own defaults, run by onnxruntime-web (WebAssembly).
const fs = require("fs");
const path = require("path");
const ort = require("onnxruntime-web");
const { run } = require("./protocol");

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "fatal";
const folder = process.argv[2];
const models = JSON.parse(fs.readFileSync(path.join(folder, "models.json")));
const sessions = {};
const call = (model, number) => ({
  ...model,
  value: async (array, shape) => {
    const file = path.join(folder, `model.${number}.${shape.length}.onnx`);
    sessions[file] = sessions[file] || (await ort.InferenceSession.create(new Uint8Array(fs.readFileSync(file)), { executionProviders: ["wasm"] }));
    const found = await sessions[file].run({ x: new ort.Tensor("float32", array, shape) });
    return Array.from(found.y.data);
  },
});
run(models.map(call), { dtypes: ["float32"], oneByOne: true });
