// Python's own thread. It fetches what it is told to, starts Pyodide, and runs cells one by one.
"use strict";

let pyodide, kernel, files, arrived = 0, expected = 0;
const loaded = new Set();

const tell = (type, more) => postMessage({ type, ...more });

// A body whose bytes are counted as they come. `size` is what travels, `raw` what the body
// yields where the server compresses.
function counted(response, size, raw = size) {
  expected += size;
  let last = 0;
  const count = new TransformStream({
    transform(chunk, controller) {
      arrived += chunk.byteLength * size / raw;
      if (performance.now() - last > 60) {
        last = performance.now();
        tell("progress", { arrived, expected });
      }
      controller.enqueue(chunk);
    },
  });
  return response.body.pipeThrough(count);
}

async function ask(file) {
  const response = await fetch(files.base + file);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response;
}

async function fetchPack({ file, size }) {
  const plain = counted(await ask(file), size).pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

// A pack is the length of an index, the index, and the files' bytes one after another.
function place(FS, data, under) {
  const head = new DataView(data.buffer).getUint32(0, true) + 4;
  const index = JSON.parse(new TextDecoder().decode(data.subarray(4, head)));
  const folders = new Set();
  for (const [path, [start, size]] of Object.entries(index)) {
    const whole = path.endsWith(".so") && !path.includes("/") ? `/usr/lib/${path}` : `${under}/${path}`;
    const folder = whole.slice(0, whole.lastIndexOf("/"));
    if (!folders.has(folder)) {
      FS.mkdirTree(folder);
      folders.add(folder);
    }
    FS.writeFile(whole, data.subarray(head + start, head + start + size), { canOwn: true });
  }
}

const COURSE = "/course", SITE = "/lib/python3.12/site-packages";
const under = (name) => ["course", "data"].includes(name) ? COURSE : SITE;

async function start({ manifest, base, packs }) {
  files = { ...manifest, base };
  const { core } = files;
  const folder = base + core.folder;
  const wanted = packs.map((name) => fetchPack(files.packs[name]).then((data) => [name, data]));
  const early = Promise.all(wanted);
  early.catch(() => {});
  // Pyodide asks for its files itself; here they are counted, and a lock file that names no
  // package stands in for the whole one.
  const real = self.fetch.bind(self);
  self.fetch = async (address, options) => {
    const name = String(address.url ?? address).split("/").pop();
    if (name === "pyodide-lock.json") {
      return new Response(JSON.stringify({ info: core.info, packages: {} }));
    }
    const { size, raw } = core.files[name] ?? {};
    const response = await real(address, options);
    if (!size || !response.ok) return response;
    const body = counted(response, size, raw);
    // Compressed by us, so that it is whatever the server does.
    if (name.endsWith(".bin")) return new Response(body.pipeThrough(new DecompressionStream("gzip")));
    return new Response(body, { headers: { "Content-Type": "application/wasm" } });
  };
  importScripts(folder + "pyodide.js");
  pyodide = await loadPyodide({
    indexURL: folder,
    stdLibURL: `${folder}stdlib.bin`,
    env: { HOME: `${COURSE}/chapters`, MPLBACKEND: "agg", MPLCONFIGDIR: `${SITE}/matplotlib/live` },
    fsInit: async (FS) => {
      for (const [name, data] of await early) {
        place(FS, data, under(name));
        loaded.add(name);
      }
    },
  });
  tell("starting");
  self.course = {
    packOf: Object.fromEntries(Object.entries(files.packs)
      .flatMap(([name, { modules }]) => modules.map((module) => [module, name]))),
    after: Object.fromEntries(Object.entries(files.packs).map(([name, { after }]) => [name, after])),
    has: (name) => loaded.has(name),
    // For what could not be foreseen: an import in the middle of a cell can't wait.
    fetchNow(name) {
      const { file, size } = files.packs[name];
      tell("progress", { arrived: 0, expected: size, what: name });
      const request = new XMLHttpRequest();
      request.open("GET", files.base + file, false);
      request.responseType = "arraybuffer";
      request.send();
      if (request.status !== 200) throw new Error(`${name} could not be fetched`);
      return new Uint8Array(request.response);
    },
    place(name, data) {
      place(pyodide.FS, data, under(name));
      loaded.add(name);
    },
    // Make a library known to those that are linked against it, as Pyodide's loader does.
    link(path) {
      const { loadDynamicLibrary, LDSO, FS } = pyodide._module;
      const fs = { findObject: (name) => FS.findObject(name), readFile: (name) => FS.readFile(name) };
      const how = { loadAsync: false, nodelete: true, allowUndefined: true, global: true, fs };
      loadDynamicLibrary(path, how);
      LDSO.loadedLibsByName[path.split("/").pop()] = LDSO.loadedLibsByName[path];
    },
    tell: (kind, text) => tell("event", { kind, data: JSON.parse(text) }),
  };
  pyodide.registerJsModule("course_page", self.course);
  kernel = pyodide.runPython(`
import sys
sys.path.insert(0, "${COURSE}")
from live.browser import start
start()`);
}

async function more(packs) {
  const missing = packs.filter((name) => !loaded.has(name));
  if (!missing.length) return;
  arrived = expected = 0;
  await Promise.all(missing.map(async (name) => {
    place(pyodide.FS, await fetchPack(files.packs[name]), under(name));
    loaded.add(name);
  }));
  pyodide.runPython("from live.browser import look_again; look_again()");
}

const does = {
  async start(message) {
    await start(message);
    tell("ready");
  },
  async run({ cell, sources, packs }) {
    await more(packs);
    const from = performance.now();
    const ok = kernel.run(cell, sources && pyodide.toPy(sources));
    tell("done", { ok, seconds: (performance.now() - from) / 1000 });
  },
  complete({ id, text, cell }) {
    tell("completed", { id, found: JSON.parse(kernel.complete(text, cell)) });
  },
  control({ id, name, value }) {
    kernel.move(id, name, JSON.stringify(value));
  },
};

// One message after another, in the order in which they came.
let queue = Promise.resolve();
onmessage = ({ data }) => {
  queue = queue.then(() => does[data.type](data)).catch((error) => {
    const text = String(error?.message ?? error);
    const memory = /memory|allocat|out of bounds|call stack/i.test(text);
    tell("failed", { why: text.trim().split("\n").pop(), memory });
  });
};
