// Builds the stylesheet and scripts of the pages into the folder named on the
// command line. Run by .ci/assets, which compares with what is committed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import * as esbuild from "esbuild";
import { logical } from "./logical.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..");
mkdirSync(out, { recursive: true });
const version = JSON.parse(readFileSync(join(here, "node_modules/govuk-frontend/package.json"))).version;
const mark = "built by web/assets/build; do not edit";

const css = sass.compile(join(here, "waymark.scss"), { loadPaths: [join(here, "node_modules")], style: "expanded", quietDeps: true });
const small = await esbuild.transform(logical(css.css), { loader: "css", minify: true, target: ["chrome100", "firefox100", "safari15"] });
writeFileSync(join(out, "waymark.css"), `/* ${mark}. Holds parts of govuk-frontend ${version}, MIT, Crown copyright (Government Digital Service). */\n${small.code.replace(/\}(?=[^}\n])/g, "}\n")}`); // a rule a line: changes can be read and merged

const js = await esbuild.build({ entryPoints: [join(here, "waymark.js")], bundle: true, minify: true, write: false, format: "iife", target: ["es2020"] });
writeFileSync(join(out, "waymark.js"), `/* ${mark}. */\n${js.outputFiles[0].text}`);
