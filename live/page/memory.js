// Python's memory as it is when all is imported, kept by the browser: a later start takes it up
// where the first one had to import. Beside the bytes this notes what Pyodide's loader holds
// outside of them: which libraries are linked, and where their functions are in the table that
// WebAssembly calls through.
"use strict";

const BLOCK = 4096, STORE = "live-python";
let before; // table and addresses of a module to which nothing has been linked yet

function noteLinks({ wasmTable, GOT }) {
  before = { length: wasmTable.length, got: new Map(Object.entries(GOT).map(([k, g]) => [k, g.value])) };
}

function links({ LDSO, GOT, HEAPU32, wasmTable, getFunctionAddress, freeTableIndexes }) {
  const free = [...freeTableIndexes], known = new Set(free), libraries = [], table = [];
  const handles = Object.entries(LDSO.loadedLibsByHandle);
  for (const [name, { exports, global }] of Object.entries(LDSO.loadedLibsByName)) {
    if (name === "__main__") continue;
    const own = handles.filter(([, other]) => other.name === name).map(([handle]) => Number(handle));
    // Where its data and its functions lie, and how many there are.
    const place = [...HEAPU32.subarray(own[0] / 4 + 3, own[0] / 4 + 7)];
    for (let i = 0; i < place[3]; i++) known.add(place[2] + i);
    for (const [symbol, value] of Object.entries(exports)) {
      const i = typeof value === "function" ? getFunctionAddress(value) : 0;
      if (i < before.length || known.has(i)) continue;
      known.add(i);
      table.push([i, libraries.length, symbol]);
    }
    libraries.push({ name, global, place, handles: own });
  }
  for (let i = before.length; i < wasmTable.length; i++) {
    if (!known.has(i) && wasmTable.get(i)) throw new Error(`function ${i} is nobody's`);
  }
  const got = Object.entries(GOT).map(([name, { value }]) => [name, value])
    .filter(([name, value]) => before.got.get(name) !== value);
  return { libraries, table, free, got, length: wasmTable.length };
}

// Link the libraries anew to the places that they had. What they write into the memory when they
// are linked is overwritten by `refill`.
function relink(module, { libraries, table, free, got, length }) {
  const { LDSO, GOT, FS, HEAPU8, HEAPU32, wasmTable } = module;
  for (const [name, value] of got) {
    GOT[name] ??= new WebAssembly.Global({ value: "i32", mutable: true });
    GOT[name].value = value;
  }
  wasmTable.grow(length - wasmTable.length);
  const handle = HEAPU8.length - 64;
  const fs = { findObject: (name) => FS.findObject(name), readFile: (name) => FS.readFile(name) };
  for (const { name, global, place, handles } of libraries) {
    HEAPU8.fill(0, handle);
    HEAPU8[handle + 8] = 1; // linked once: its place is known
    HEAPU32.set(place, handle / 4 + 3);
    const how = { loadAsync: false, nodelete: true, allowUndefined: true, global, fs };
    module.loadDynamicLibrary(name, how, undefined, handle);
    delete LDSO.loadedLibsByHandle[handle];
    for (const each of handles) LDSO.loadedLibsByHandle[each] = LDSO.loadedLibsByName[name];
  }
  for (const [i, library, symbol] of table) {
    module.setWasmTableEntry(i, LDSO.loadedLibsByName[libraries[library].name].exports[symbol]);
    module.updateTableMap(i, 1);
  }
  module.freeTableIndexes.push(...free);
  if (wasmTable.length !== length) throw new Error("the libraries are others");
}

// Python holds objects of JavaScript; those kept are properties of `self`, by their names.
function nameOf(object) {
  const name = Object.getOwnPropertyNames(self).find((each) => self[each] === object);
  if (!name) throw new Error(`${object} can't be kept`);
  return name;
}

// Return what is to be kept of Python as it is now, null where that can't be.
function takeMemory({ _module, _api, loadedPackages }) {
  try {
    for (const name of Object.keys(loadedPackages)) delete loadedPackages[name];
    const objects = _api.serializeHiwireState(nameOf);
    return { heap: _module.HEAPU8.slice(), told: { ...links(_module), objects } };
  } catch (error) {
    console.info(`Python's memory is not kept: ${error.message}`);
    return null;
  }
}

// Keep it under an address; of the same book only the newest is kept. Blocks of nothing are left out.
async function keepMemory(address, { heap, told }) {
  try {
    const numbers = new Float64Array(heap.buffer), blocks = [], parts = [];
    for (let i = 0; i < heap.length / BLOCK; i++) {
      const block = numbers.subarray(i * BLOCK / 8, (i + 1) * BLOCK / 8);
      if (block.every((number) => Object.is(number, 0))) continue;
      blocks.push(i);
      parts.push(block);
    }
    const head = new TextEncoder().encode(JSON.stringify({ ...told, size: heap.length, blocks }));
    const store = await caches.open(STORE);
    const [base] = address.split("?");
    for (const { url } of await store.keys()) if (url.startsWith(base)) await store.delete(url);
    const body = new Blob([Uint32Array.of(head.length), head, ...parts]);
    await store.put(address, new Response(body));
  } catch { /* No room, or a browser that keeps nothing: the next start imports again. */ }
}

// What is kept under an address, as an answer not read yet; null where there is nothing.
async function keptMemory(address) {
  try {
    return await (await caches.open(STORE)).match(address) ?? null;
  } catch {
    return null;
  }
}

async function forgetMemory(address) {
  try {
    await (await caches.open(STORE)).delete(address);
  } catch { /* as above */ }
}

async function readMemory(kept) {
  const data = new Uint8Array(await kept.arrayBuffer());
  const head = 4 + new DataView(data.buffer).getUint32(0, true);
  return { ...JSON.parse(new TextDecoder().decode(data.subarray(4, head))), data: data.subarray(head) };
}

function refill({ HEAPU8 }, { blocks, data, objects }) {
  HEAPU8.fill(0);
  for (let i = 0, j; i < blocks.length; i = j) {
    for (j = i + 1; blocks[j] === blocks[j - 1] + 1; j++);
    HEAPU8.set(data.subarray(i * BLOCK, j * BLOCK), blocks[i] * BLOCK);
  }
  return objects;
}
