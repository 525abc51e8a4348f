// The page that fills in forms. It starts from what the device keeps and then asks
// the server; each step works when the line is away.
import { changed, hear } from "./bus.js";
import { ask, draw, el, inset, p, say, warning } from "./element.js";
import * as forms from "./forms.js";
import { home } from "./home.js";
import * as interview from "./interview.js";
import * as keep from "./keep.js";
import * as link from "./link.js";
import * as offline from "./offline.js";
import * as send from "./send.js";
import { Refused } from "./server.js";
import { lang, setLanguage, t } from "./words.js";

const main = document.getElementById("main");
const about = { link: "", forms: "", said: "" };
let leave = null; // what leaves the open interview
let opening = false;

// show draws the list again; what asks while it is being drawn is drawn behind it.
let drawing = false, again = false;
const busy = () => Boolean(leave || opening);
async function show() {
  if (busy()) return;
  if (drawing) return void (again = true);
  drawing = true;
  do {
    again = false;
    await home(main, about, { start, open, refresh, choose, forget, busy });
    if (!busy()) document.title = `${t("title")} – Waymark`;
  } while (again && !busy());
  drawing = false;
}

async function refresh() {
  const has = await link.current();
  if (!has || about.forms === "fetching") return;
  about.forms = "fetching";
  about.said = "";
  show();
  try {
    await forms.refresh(has);
    about.forms = "";
    if ((await keep.all("forms")).some((f) => f.map)) offline.fetchMap();
  } catch (error) {
    about.forms = error instanceof Refused && error.status < 500 ? "refused" : error?.name === "QuotaExceededError" ? "full" : "away";
    about.said = error.text ?? "";
  }
  changed();
}

// start begins an interview, open goes on with one.
async function start(form) {
  if ((await offline.tight()) && !(await ask(t("trouble.tight.ask"), t("trouble.tight"), t("start.all-the-same")))) return;
  enter(form, null);
}

async function open(half) {
  const form = await keep.one("forms", half.form.key);
  if (form) enter(form, half);
  else say(t("left.failed"));
}

async function enter(form, half) {
  if (busy()) return;
  opening = true;
  history.pushState({ in: "interview" }, "");
  document.title = `${form.title} – Waymark`;
  const way = half?.link ?? (await link.current());
  leave = (await interview.open(main, form, way, half, left)) ?? null;
  opening = false;
  if (!leave) show();
}

function left(why) {
  leave = null;
  if (offline.state.renewed) return location.reload();
  if (history.state?.in === "interview") history.back();
  if (why !== "empty") say(t(`left.${why}`));
  scrollTo(0, 0);
  show().then(() => main.focus());
}

addEventListener("popstate", () => leave?.());

async function choose(code) {
  await keep.put("state", { key: "language", lang: code });
  setLanguage([code]);
  words();
  show();
}

async function forget() {
  await keep.forget();
  for (const key of await (globalThis.caches?.keys() ?? [])) if (key === "waymark-fill-map") await caches.delete(key);
  Object.assign(about, { link: "", forms: "", said: "" });
  say(t("forgotten"));
  changed();
}

// words puts the texts of the frame into the language.
function words() {
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
}

async function arrive() {
  const is = await link.take();
  about.link = is === "wrong" ? "wrong" : "";
  if (is === "taken") {
    offline.persist();
    for (const f of await keep.all("forms")) await keep.put("forms", { ...f, listed: false });
  }
  changed();
  await refresh();
}

async function begin() {
  setLanguage(navigator.languages ?? [navigator.language]);
  words();
  try {
    await keep.open();
  } catch {
    return draw(main, el("h1", { class: "govuk-heading-l" }, t("title")), warning(t("trouble.no-room")), inset(p(t("trouble.no-room.what"))));
  }
  const chosen = await keep.one("state", "language");
  if (chosen) setLanguage([chosen.lang, lang]);
  words();
  hear(() => show());
  addEventListener("click", () => say(""), true); // what was said is about what was done before
  addEventListener("hashchange", arrive);
  addEventListener("online", () => show());
  addEventListener("offline", () => show());
  offline.begin(busy);
  send.begin();
  await arrive();
}

begin();
