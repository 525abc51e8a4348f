// The forms of this device: fetched whole or not at all, so that each can be filled in
// without a line.
import * as keep from "./keep.js";
import { call, fetchAt, parse } from "./server.js";

const types = { csv: "text/csv", xml: "text/xml", geojson: "application/geo+json" };

const child = (e, name) => e.getElementsByTagName(name)[0]?.textContent.trim() ?? "";

// root reads a document that must be of a kind: a list that is cut off or is something
// else must not pass for an empty one.
async function root(res, name) {
  const document = parse(await res.text());
  if (document.documentElement.localName !== name) throw new Error(`no ${name}`);
  return document;
}

// refresh makes the device's forms those that the server lists.
export async function refresh(link) {
  const list = await root(await call(link, "formList"), "xforms");
  const listed = [...list.getElementsByTagName("xform")].map((x) => ({
    formID: child(x, "formID"), title: child(x, "name"), version: child(x, "version"), hash: child(x, "hash"),
    at: child(x, "downloadUrl"), manifest: child(x, "manifestUrl"),
  }));
  const keys = [];
  for (const f of listed) {
    const key = `${f.formID}|${f.version}|${f.hash}`;
    keys.push(key);
    const had = await keep.one("forms", key);
    const media = f.manifest ? await files(link, f.manifest, had?.media ?? []) : [];
    const xml = had?.xml ?? (await (await fetchAt(link, f.at)).text());
    // An encrypted form is not kept: what is not there cannot be filled in by mistake.
    const encrypted = Boolean(parse(xml).querySelector("submission")?.getAttribute("base64RsaPublicKey"));
    await keep.put("forms", {
      key, formID: f.formID, title: f.title, version: f.version, encrypted, listed: true, media,
      xml: encrypted ? "" : xml, map: /\b(geotrace|geoshape)\b|appearance="[^"]*\bmap/.test(xml),
    });
  }
  const half = new Set((await keep.all("interviews")).filter((x) => x.state === "half").map((x) => x.form.key));
  for (const f of await keep.all("forms")) {
    if (keys.includes(f.key)) continue;
    if (half.has(f.key)) await keep.put("forms", { ...f, listed: false }); // to finish what was begun
    else await keep.remove("forms", f.key);
  }
}

// files fetches those of a manifest that are not there in this state.
async function files(link, address, had) {
  const manifest = await root(await fetchAt(link, address), "manifest");
  const out = [];
  for (const m of manifest.getElementsByTagName("mediaFile")) {
    const name = child(m, "filename"), hash = child(m, "hash");
    const kept = had.find((f) => f.name === name && f.hash === hash);
    out.push(kept ?? { name, hash, blob: await (await fetchAt(link, child(m, "downloadUrl"))).blob() });
  }
  return out;
}

// file gives a file of a form as the answer of a server.
export function file(form, name) {
  const found = form.media.find((f) => f.name === name);
  if (!found) return new Response("", { status: 404 });
  const type = types[name.split(".").pop().toLowerCase()] ?? found.blob.type;
  return new Response(found.blob, { headers: { "Content-Type": type } });
}
