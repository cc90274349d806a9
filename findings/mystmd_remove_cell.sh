#!/bin/sh
# MyST, the engine of Jupyter Book 2, publishes the cells that a notebook's tags remove.
# One would guess: as in Jupyter Book 1, a cell tagged remove-cell is not in what is published.
# What happens: the page's file has its code and its output, with a mark that a theme is to leave them out.
#   With remove-stdout the output is really gone.
# Version: mystmd 1.8.3 (npm), November 2026.
# Source: the page's JSON, which a site serves beside the page
. "$(dirname "$0")/setup.sh"
npm_packages mystmd@1.8.3
mkdir -p "$work/theme"
echo '{"name": "theme", "version": "1.0.0", "scripts": {"start": "true"}}' > "$work/theme/package.json"
printf 'jtex: v1\ntitle: none\ndescription: none\nversion: 1.0.0\nlicense: MIT\n' > "$work/theme/template.yml"
printf 'version: 1\nproject: {title: A page, toc: [{file: page.ipynb}]}\nsite: {template: ./theme}\n' > "$work/myst.yml"
node_script <<'CODE'
const fs = require("fs"), { execFileSync } = require("child_process");
const cell = (tag) => ({
  cell_type: "code", id: tag, execution_count: 1, metadata: { tags: [tag] }, source: `print("told by ${tag}")`,
  outputs: [{ output_type: "stream", name: "stdout", text: `told by ${tag}\n` }],
});
const cells = ["remove-cell", "remove-output", "remove-stdout"].map(cell);
fs.writeFileSync("page.ipynb", JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
execFileSync("node_modules/.bin/myst", ["build", "--site"], { stdio: "ignore" });
const folder = "_build/site/content";
const page = JSON.parse(fs.readFileSync(`${folder}/${fs.readdirSync(folder)[0]}`, "utf8"));
console.log("mystmd", JSON.parse(fs.readFileSync("node_modules/mystmd/package.json")).version);
for (const block of page.mdast.children) {
  const text = JSON.stringify(block), [code, outputs] = block.children;
  const tag = text.match(/told by ([a-z-]+)/)[1];
  console.log(`${tag}: code ${code.visibility}, output ${outputs.visibility}, cell ${block.visibility};`,
    `published ${text.split(`told by ${tag}`).length - 1} times`);
}
CODE
seen <<'SEEN'
mystmd 1.8.3
remove-cell: code show, output show, cell remove; published 2 times
remove-output: code show, output remove, cell show; published 2 times
remove-stdout: code show, output show, cell show; published 1 times
SEEN
