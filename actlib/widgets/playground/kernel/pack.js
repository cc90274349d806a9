// Put the compiled kernel into a module as text, as a page opened from disk can fetch nothing, with a
// hash of what it was made from: a test sees a source that was changed and not compiled.
import { createHash } from "node:crypto";
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";

const made = createHash("sha256");
for (const file of ["kernel.ts", "pack.js", "package.json", "package-lock.json"]) made.update(readFileSync(file));
const text = readFileSync("kernel.wasm").toString("base64");
unlinkSync("kernel.wasm");
writeFileSync("../kernel.js", `// By make kernel from kernel/, ${made.digest("hex")}\nexport const KERNEL = "${text}";\n`);
