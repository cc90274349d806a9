// Put the compiled kernel into a module as text: a page opened from disk can fetch nothing.
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";

const text = readFileSync("kernel.wasm").toString("base64");
unlinkSync("kernel.wasm");
writeFileSync("../kernel.js", `// Made from kernel/kernel.ts by \`make kernel\`.\nexport const KERNEL = "${text}";\n`);
