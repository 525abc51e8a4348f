// One interview, open in the page: shown by ODK Web Forms, kept on the device while it
// is filled in, and put in the queue when it is finished.
import { changed } from "./bus.js";
import { el, button, say } from "./element.js";
import { file } from "./forms.js";
import * as keep from "./keep.js";
import { parse } from "./server.js";
import { soon } from "./send.js";
import { clock, config, lang, t } from "./words.js";

const DOCUMENT = "xml_submission_file";

// open shows a form, new or half-filled, in a place. left(why) is called when the
// interview is over: "kept", "empty", "finished", "elsewhere" or "failed". It returns what
// leaves the interview.
export async function open(place, form, link, half, left) {
  let free = await hold(half?.id), locked = Boolean(half);
  if (!free) return left("elsewhere");
  let root, id = half?.id ?? "", dirty = false, over = false, saving = Promise.resolve(), timer, close = () => {};
  const kept = new Set(half ? (await keep.files(half.id)).map((f) => f.name) : []);
  const state = el("span", { class: "fill-state", id: "kept" });
  const trouble = el("div", { role: "alert", class: "fill-trouble" });
  const target = el("div", { class: "fill-form-place" });
  state.textContent = t("loading");
  place.replaceChildren(
    el("div", { class: "fill-bar" }, button(t("interview.leave"), "leave", () => leave(), "secondary"), state), trouble, target);
  styles(true);

  // save keeps the interview as it stands; one saving after another.
  function save(data, to) {
    saving = saving.catch(() => {}).then(async () => {
      if (over) return;
      const snapshot = data ?? (dirty && root ? await bundle.snapshot(root) : null);
      if (!snapshot) return;
      dirty = false;
      try {
        await store(snapshot, to);
        trouble.textContent = "";
        state.textContent = t("interview.kept", { time: clock(Date.now()) });
      } catch (error) {
        dirty = true;
        trouble.textContent = t(error?.name === "QuotaExceededError" ? "trouble.full" : id ? "trouble.unkept" : "trouble.form");
        throw error;
      }
    });
    return saving;
  }

  async function store(data, to) {
    const xml = await data.get(DOCUMENT).text();
    id = parse(xml).getElementsByTagNameNS("*", "instanceID")[0]?.textContent.trim() ?? "";
    if (!id) throw new Error("the form gives its interviews no identity");
    const all = [...data.entries()].filter(([name]) => name !== DOCUMENT);
    const added = [];
    for (const [name, f] of all) {
      // A copy: what the browser holds may be a reference to a file that someone deletes.
      if (!kept.has(name)) added.push({ name, blob: new Blob([await f.arrayBuffer()], { type: f.type }) });
    }
    const { key, formID, version, title } = form;
    const record = { id, state: to ?? "half", form: { key, formID, version, title }, link, xml, saved: Date.now() };
    if (!(await keep.keep(record, added, all.map(([name]) => name)))) throw new Error("it has gone on elsewhere");
    for (const f of added) kept.add(f.name);
    if (!locked) {
      locked = true;
      free = (await hold(id)) ?? free;
    }
    changed();
  }

  function done(why) {
    if (over) return;
    over = true;
    clearInterval(timer);
    removeEventListener("beforeunload", warn);
    removeEventListener("visibilitychange", hidden);
    close();
    styles(false);
    place.replaceChildren();
    free();
    left(why);
  }

  async function leave() {
    try {
      await save();
      done(id ? "kept" : "empty");
    } catch {
      say(trouble.textContent); // it stays open: nothing is thrown away
    }
  }

  async function finish(data) {
    try {
      await save(data, "waiting");
      done("finished");
      soon();
    } catch {
      scrollTo(0, 0);
    }
  }

  const warn = (e) => dirty && e.preventDefault();
  const hidden = () => document.visibilityState === "hidden" && save().catch(() => {});
  addEventListener("beforeunload", warn);
  addEventListener("visibilitychange", hidden);
  for (const type of ["input", "change", "click"]) target.addEventListener(type, () => (dirty = Boolean(root)));
  timer = setInterval(() => save().catch(() => {}), 2000);

  let bundle;
  try {
    bundle = await import(config.forms);
    close = bundle.open(target, {
      xml: form.xml, file: (name) => Promise.resolve(file(form, name)), half: half && (await restored(half)), finish,
      known: { username: link.code || undefined, deviceID: await device() },
      ready: (r) => {
        root = r;
        bundle.speak(r, [lang]);
        state.textContent = "";
      },
      failed: (error) => {
        console.warn("the form", error?.message);
        state.textContent = "";
        trouble.textContent = t("trouble.form");
      },
    });
  } catch {
    done("failed"); // the bundle is neither here nor to be had
  }
  return over ? null : leave;
}

// hold keeps an interview to one tab. It returns what lets go, or null.
function hold(id) {
  if (!id || !navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(`waymark-fill-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((free) => resolve(free));
    });
  });
}

async function restored(half) {
  const data = new FormData();
  data.set(DOCUMENT, new File([half.xml], DOCUMENT, { type: "text/xml" }));
  for (const f of await keep.files(half.id)) data.set(f.name, new File([f.blob], f.name, { type: f.blob.type }));
  return data;
}

// device is the name of this device among the answers: random, and gone with
// everything else.
async function device() {
  const had = await keep.one("state", "device");
  if (had) return had.id;
  const id = `waymark-fill:${crypto.randomUUID()}`;
  await keep.put("state", { key: "device", id });
  return id;
}

// styles are those of ODK Web Forms, for as long as a form is open.
function styles(on) {
  let sheet = document.getElementById("form-styles");
  if (!sheet && on) {
    sheet = el("link", { rel: "stylesheet", id: "form-styles", href: config.formsCSS });
    document.head.append(sheet);
  }
  if (sheet) sheet.disabled = !on;
  document.body.classList.toggle("fill-form", on);
}
