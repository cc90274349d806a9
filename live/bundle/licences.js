// Write the names, versions and licences of what is in the bundle, for the page of licences.
import { readdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const left = /esbuild|@types/;
const texts = Object.keys(packages).filter((path) => path && !left.test(path)).sort().map((path) => {
  const { name, version, license } = JSON.parse(readFileSync(`${path}/package.json`, "utf8"));
  const file = existsSync(path) && readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(`${path}/${file}`, "utf8").trim() : ""}`;
});
writeFileSync("../page/vendor-licences.txt", `${texts.join("\n\n\u2014\n\n")}\n`);
