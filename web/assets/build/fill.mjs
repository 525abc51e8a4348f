// Builds the scripts and styles of web/fill, the page that fills in a form, into
// the folder "fill" below the one named on the command line. Names hold a hash of the
// content, so that browsers keep them for ever; static.json says which is which.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { licences } from "./licences.mjs";
import { logical } from "./logical.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(process.argv[2] ?? here, "fill");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const mark = "/* built by web/assets/build; do not edit. */\n";
const named = {};

function put(name, text) {
  const dot = name.lastIndexOf(".");
  const file = `${name.slice(0, dot)}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}${name.slice(dot)}`;
  writeFileSync(join(out, file), text);
  named[name] = file;
}

// once replaces what must stand in a text exactly once: a new version of web-forms
// that was written differently fails here and not in front of an interviewer.
function once(text, from, to) {
  const found = text.match(new RegExp(from.source, from.flags + "g")) ?? [];
  if (found.length !== 1) throw new Error(`web-forms: ${from} was found ${found.length} times; look at its source and change fill.mjs`);
  return text.replace(from, to);
}

// What is changed in ODK Web Forms, and why. The Apache licence asks for it to be said.
let formCSS = "";
const webForms = {
  name: "web-forms",
  setup(build) {
    // Styles become a file of their own, without the typeface (0.9 MB of Roboto for
    // scripts of the whole world): the fonts of the device do.
    build.onLoad({ filter: /web-forms\/dist\/index\.js$/ }, ({ path }) => {
      let text = readFileSync(path, "utf8");
      text = once(text, /createTextNode\('((?:[^'\\]|\\.)*)'\)/, (_, css) => {
        formCSS += JSON.parse(`"${css.replace(/\\'/g, "'").replace(/"/g, '\\"')}"`).replace(/@font-face\{[^}]*\}/g, "").replace("@charset \"UTF-8\";", "");
        return "createTextNode('')";
      });
      return { contents: text, loader: "js" };
    });
    build.onLoad({ filter: /web-forms\/dist\/index-[^/]*\.js$/ }, ({ path }) => {
      let text = readFileSync(path, "utf8");
      // Half-filled interviews: the component only knows the editing of what was sent,
      // which gives a new identity. Its engine can restore, with the identity kept.
      text = once(text, /await (\w+)\.editInstance\((\w+), (\w+)\)/, "await $1.restoreInstance({ data: [$2.waymark] }, $3)");
      text = once(text, /(\w+) = resolvableFormInstanceInput\((\w+)\.editInstance\)/, "$1 = { waymark: $2.editInstance.data }");
      // The state is handed out once it is there, to keep drafts and set the language.
      text = once(text, /await loadFormState\((\w+)\.formXml,/, "await waymarkState($1.formXml,");
      text += `\nasync function waymarkState(...of) {
        const state = await loadFormState(...of);
        dispatchEvent(new CustomEvent("waymark-form", { detail: state }));
        return state;
      }\n`;
      // Its reset of the whole page's styles is kept to the form, below.
      text = once(text, /(\w+)\.textContent = resetStyles, document\.head\.prepend\(\1\), /, "");
      const reset = /const resetStyles = `([^`]*)`/.exec(text)[1].replace(/(^|\n)(html|body) \{[^}]*\}/g, "");
      formCSS = `:where(.fill-form) {\n${reset}\n}\n` + formCSS;
      return { contents: text, loader: "js" };
    });
    build.onLoad({ filter: /web-forms\/dist\/MapBlock-[^/]*\.js$/ }, ({ path }) => {
      // A map draws no tiles: asking a server for them would tell it where interviews are.
      const text = once(readFileSync(path, "utf8"), /layers: \[new (\w+)\(\{ source: new (\w+)\(\) \}\)\],/, "layers: [],");
      return { contents: text, loader: "js" };
    });
  },
};

const common = { bundle: true, minify: true, format: "esm", target: "esnext", write: false, legalComments: "none", absWorkingDir: here };
const forms = await esbuild.build({ ...common, entryPoints: ["app/forms/forms.js"], splitting: true, metafile: true, outdir: "out", entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]", banner: { js: mark.trim() }, plugins: [webForms], define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" } });
for (const file of forms.outputFiles) {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  writeFileSync(join(out, name), file.contents);
  named[name.replace(/-[A-Z0-9]{8}(?=\.js$)/, "").replace(/^MapBlock.*(?=\.js$)/, "map")] = name;
}
// Sides become start and end: forms in Arabic are read from the right.
const css = await esbuild.transform(logical(formCSS), { loader: "css", minify: true, target: ["chrome100", "firefox100", "safari15"] });
put("forms.css", mark + css.code);

const app = await esbuild.build({ ...common, entryPoints: ["app/main.js"], target: "es2022" });
put("app.js", mark + app.outputFiles[0].text);
const own = await esbuild.transform(logical(readFileSync(join(here, "app/fill.css"), "utf8")), { loader: "css", minify: true, target: ["chrome100", "firefox100", "safari15"] });
put("app.css", mark + own.code);
const worker = await esbuild.transform(readFileSync(join(here, "app/worker/worker.js"), "utf8"), { minify: true, target: "es2022" });
writeFileSync(join(out, "worker.js"), mark + worker.code);

writeFileSync(join(out, "static.json"), JSON.stringify(Object.fromEntries(Object.entries(named).sort()), null, 1) + "\n");
writeFileSync(join(out, "LICENCES.txt"), licences(here, Object.keys(forms.metafile.inputs)));
