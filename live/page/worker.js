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
      // What was counted before a cell asked for more may still arrive.
      if (expected && performance.now() - last > 60) {
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
const under = (name) => ["course", "data", "figures"].includes(name) ? COURSE : SITE;

// What Python asks of its page.
self.course = {
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

let address, taken, restored;

// Returns whether it took up a memory that was kept.
async function start({ manifest, base, packs }) {
  files = { ...manifest, base };
  const { core } = files;
  const folder = base + core.folder;
  const all = Object.values(files.packs).map(({ file }) => file.slice(-13, -5));
  const made = [core.folder, self.location.pathname, ...all];
  address = `${base}memory?${encodeURIComponent([...made, navigator.userAgent].join())}`;
  const kept = await keptMemory(address);
  restored = !!kept;
  const reading = kept && readMemory(kept);
  reading?.catch(() => {});
  const wanted = packs.map((name) => fetchPack(files.packs[name]).then((data) => [name, data]));
  const early = Promise.all(wanted);
  early.catch(() => {});
  const compiled = compile(folder, core.files["pyodide.asm.wasm"]);
  compiled.catch(() => {});
  // The scripts come without a count, but what was promised has them in it.
  const scripts = Object.values(core.files).reduce((rest, { size }) => rest - size, core.size);
  expected += scripts;
  const library = ask(`${core.folder}stdlib.bin`);
  library.catch(() => {});
  // Pyodide asks for its files itself; a lock file that names no package stands in for the whole.
  const real = self.fetch.bind(self);
  self.fetch = async (what, options) => {
    const name = String(what.url ?? what).split("/").pop();
    if (name === "pyodide-lock.json") {
      return new Response(JSON.stringify({ info: core.info, packages: {} }));
    }
    if (name === "pyodide.asm.wasm") return new Response();
    if (name !== "stdlib.bin") return real(what, options);
    // Compressed by us, so that it is whatever the server does.
    const body = counted(await library, core.files[name].size);
    return new Response(body.pipeThrough(new DecompressionStream("gzip")));
  };
  importScripts(`${folder}pyodide.js`, `${folder}pyodide.asm.js`);
  arrived += scripts;
  const memory = await reading;
  const create = self._createPyodideModule;
  self._createPyodideModule = async (settings) => {
    settings.instantiateWasm = (imports, done) => {
      compiled.then(async (module) => done(await WebAssembly.instantiate(module, imports), module))
        .catch(stop);
      return {};
    };
    if (!memory) {
      const module = await Promise.race([create(settings), stopped]);
      noteLinks(module);
      return module;
    }
    const module = await Promise.race([
      create(Object.assign(settings, { noInitialRun: true, INITIAL_MEMORY: memory.size })), stopped]);
    relink(module, memory);
    settings.API.restoreSnapshot = () => refill(module, memory);
    return module;
  };
  // What fails while the core is made would otherwise be waited for without end.
  let stop;
  const stopped = new Promise((_, reject) => { stop = reject; });
  stopped.catch(() => {});
  early.catch(stop);
  library.catch(stop);
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
    ...(memory && { _loadSnapshot: new Uint8Array(), _snapshotDeserializer: (name) => self[name] }),
  });
  tell("starting");
  self.course.packOf = Object.fromEntries(Object.entries(files.packs)
    .flatMap(([name, { modules }]) => modules.map((module) => [module, name])));
  self.course.after = Object.fromEntries(
    Object.entries(files.packs).map(([name, { after }]) => [name, after]));
  if (!memory) {
    pyodide.registerJsModule("course_page", self.course);
    pyodide.runPython(`
import sys
sys.path.insert(0, "${COURSE}")
import live.browser
live.browser.prepare()`);
    // A page on plain http has no store to keep it in.
    taken = self.caches ? takeMemory(pyodide) : null;
  }
  kernel = pyodide.runPython("import live.browser; live.browser.start()");
  return !!memory;
}

// Compile the core while the rest is fetched. Where the server names its type, the browser may
// keep what it has compiled; a body that is counted on its way is a copy then.
async function compile(folder, { size, raw }) {
  const answer = await ask(`${files.core.folder}pyodide.asm.wasm`);
  const known = /^application\/wasm$/i.test(answer.headers.get("Content-Type"));
  if (restored && known) return WebAssembly.compileStreaming(answer);
  const body = counted(known ? answer.clone() : answer, size, raw);
  if (!known) return WebAssembly.compile(await new Response(body).arrayBuffer());
  body.pipeTo(new WritableStream()).catch(() => {});
  return WebAssembly.compileStreaming(answer);
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
    tell("ready", { restored: await start(message) });
  },
  async run({ cell, sources, packs }) {
    await more(packs);
    const from = performance.now();
    const ok = kernel.run(cell, sources && pyodide.toPy(sources));
    tell("done", { ok, seconds: (performance.now() - from) / 1000 });
    if (!taken) return;
    // Once the reader has what they asked for.
    const memory = taken;
    taken = null;
    setTimeout(() => keepMemory(address, memory), 500);
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
    const failed = { why: text.trim().split("\n").pop(), memory, again: restored && !kernel };
    // What was kept may be what is wrong.
    (restored ? forgetMemory(address) : Promise.resolve()).then(() => tell("failed", failed));
  });
};
