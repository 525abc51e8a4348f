// licences writes down the licences of the packages that a bundle is made of.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Packages that ODK Web Forms has bundled already, so that its files do not name
// them: those of its engine, its components and its maps.
const inside = ["@mdi/js", "dompurify", "image-blob-reduce", "ol", "vue-draggable-plus", "pica", "rbush", "quickselect", "earcut", "geotiff"];

export function licences(here, inputs) {
  const names = new Set(inside);
  for (const input of inputs) {
    const m = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (m) names.add(m[1]);
  }
  let text = "What the scripts in this folder are made of. Built by web/assets/build; do not edit.\n\n" +
    "ODK Web Forms is changed in what web/assets/build/fill.mjs says: styles without the typeface and kept to the form,\n" +
    "half-filled interviews restored with their identity, maps without tiles.\n" +
    "It also holds, bundled by its makers: @getodk/xforms-engine and @getodk/xpath (Apache-2.0), Solid, PrimeVue and PrimeFlex (MIT),\n" +
    "web-tree-sitter (MIT), temporal-polyfill (MIT).\n";
  for (const name of [...names].sort()) {
    const dir = join(here, "node_modules", name);
    if (!existsSync(dir)) continue;
    const p = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    text += `\n${"=".repeat(80)}\n${p.name} ${p.version}, ${p.license ?? "see below"}\n`;
    const file = readdirSync(dir).sort().find((f) => /^licen[cs]e(\.|$)/i.test(f));
    if (file) text += `\n${readFileSync(join(dir, file), "utf8").trim()}\n`;
  }
  text += `\n${"=".repeat(80)}\nThe Apache License 2.0\n\n${readFileSync(join(here, "LICENSE"), "utf8").trim()}\n`;
  return text.replace(/\r/g, "").replace(/[ \t]+$/gm, "");
}
