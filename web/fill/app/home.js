// The page when no interview is open: forms to fill in, what waits, what was sent.
import { changed } from "./bus.js";
import { ask, button, draw, el, h2, inset, p, say, tag, warning } from "./element.js";
import * as keep from "./keep.js";
import * as offline from "./offline.js";
import { again, now, soon } from "./send.js";
import { heard } from "./server.js";
import { config, languages, lang, moment, t } from "./words.js";
import { zip } from "./zip.js";

// home draws the page. about says what is the matter with the list of forms:
// "", "fetching", "away", "refused", "full". does is what the page can do.
export async function home(place, about, does) {
  const [link, forms, interviews, room] = await Promise.all([keep.one("state", "link"), keep.all("forms"), keep.all("interviews"), offline.tight()]);
  if (does.busy()) return; // an interview was opened meanwhile
  const of = (state) => interviews.filter((x) => x.state === state).sort((a, b) => a.saved - b.saved);
  const waiting = of("waiting"), refused = of("refused"), half = of("half"), sent = interviews.filter((x) => x.state === "sent");
  draw(place,
    el("h1", { class: "govuk-heading-l" }, t("title")),
    link?.kind === "test" && inset(t("test")),
    offline.state.newer && el("div", { class: "fill-new" }, p(t("newer")), button(t("newer.use"), "renew", offline.renew, "secondary")),
    about.link === "wrong" && warning(t("link.wrong")),
    !navigator.serviceWorker && warning(t("trouble.insecure")),
    Math.abs(heard.skew) > 300_000 && warning(t("trouble.clock", { time: moment(Date.now()), right: moment(Date.now() - heard.skew) })),
    room && warning(t("trouble.tight")),
    ...waits(waiting),
    waiting.length > 0 && el("details", { class: "govuk-details", open: details.has("waiting"), ontoggle: remember("waiting") },
      el("summary", { class: "govuk-details__summary", "data-key": "waiting" }, el("span", { class: "govuk-details__summary-text" }, t("waiting.each"))),
      el("div", { class: "govuk-details__text" }, ...waiting.map((x) => one(x)))),
    refused.length > 0 && h2(t("refused")), ...refused.map((x) => one(x)),
    half.length > 0 && h2(t("half")), ...half.map((x) => one(x, does.open)),
    ...offered(link, forms, about, does),
    sent.length > 0 && h2(t("sent")),
    sent.length > 0 && p(t("sent.count", { n: sent.length, time: moment(Math.max(...sent.map((x) => x.sent))) })),
    ...device(link, half.length + waiting.length + refused.length, does),
    choice(does));
}

const details = new Set();
const remember = (name) => (e) => (e.target.open ? details.add(name) : details.delete(name));

function waits(waiting) {
  if (waiting.length === 0) return [inset(p(el("strong", { id: "waits" }, t("waits", { n: 0 }))))];
  const why = now.id ? t("sending") : now.broken || !navigator.onLine ? t("waits.line") : t("waits.soon");
  return [inset(p(el("strong", { id: "waits" }, t("waits", { n: waiting.length }))), p(why), button(t("send"), "send", () => soon(), "secondary"))];
}

// one is an interview that is on the device, with what can be done with it.
function one(x, open) {
  const state = { half: ["grey", "state.half"], waiting: ["yellow", "state.waiting"], refused: ["red", "state.refused"] }[x.state];
  const sending = x.id === now.id;
  const behind = t("interview.of", { form: x.form.title, time: moment(x.made) });
  return el("div", { class: "fill-one", "data-id": x.id },
    el(x.state === "waiting" ? "h2" : "h3", { class: "govuk-heading-s" }, el("bdi", {}, x.form.title), " ", sending ? tag(t("state.sending"), "blue") : tag(t(state[1]), state[0])),
    el("p", { class: "govuk-body-s" }, t("interview.begun", { time: moment(x.made) })),
    x.reason && p(el("strong", {}, reason(x.reason))), x.reason?.text && p(t("refused.said"), " ", el("q", {}, x.reason.text)),
    el("div", { class: "govuk-button-group" },
      x.state === "half" && button(t("go-on"), `on ${x.id}`, () => open(x), "", behind),
      x.state === "refused" && button(t("again"), `again ${x.id}`, () => again(x), "", behind),
      x.state !== "half" && button(t("export"), `export ${x.id}`, () => take(x), "secondary", behind),
      button(t("delete"), `delete ${x.id}`, () => drop(x), "secondary", behind)));
}

function reason({ status }) {
  if (status === 401 || status === 403) return t("refused.revoked");
  if (status === 404) return t("refused.gone");
  if (status === 409) return t("refused.conflict");
  if (status === 413) return t("refused.large");
  return t("refused.other");
}

async function take(x) {
  const parts = [{ name: "submission.xml", blob: new Blob([x.xml], { type: "text/xml" }) }, ...(await keep.files(x.id))];
  const url = URL.createObjectURL(await zip(parts));
  el("a", { href: url, download: `${x.id.replace(/[^A-Za-z0-9-]/g, "-")}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function drop(x) {
  if (!(await ask(t("delete.ask"), t("delete.what", { form: x.form.title, time: moment(x.made) }), t("delete.yes")))) return;
  await keep.clear(x.id);
  say(t("deleted"));
  changed();
}

function offered(link, forms, about, does) {
  if (!link) return [h2(t("forms")), inset(p(t("link.none")))];
  const list = forms.filter((f) => f.listed).sort((a, b) => a.title.localeCompare(b.title));
  return [h2(t("forms")),
    about.forms === "fetching" && el("p", { class: "govuk-body", role: "status" }, t("forms.fetching")),
    about.forms === "away" && p(t(list.length ? "forms.away" : "forms.away.none")),
    about.forms === "full" && warning(t("trouble.full")),
    about.forms === "refused" && warning(t("forms.refused")),
    about.forms === "refused" && about.said && p(t("refused.said"), " ", el("q", {}, about.said)),
    about.forms === "" && list.length === 0 && p(t("forms.none")),
    ...list.map((f) => el("div", { class: "fill-one" },
      el("h3", { class: "govuk-heading-s" }, el("bdi", {}, f.title)),
      f.version && el("p", { class: "govuk-body-s" }, t("forms.version", { version: f.version })),
      f.encrypted ? p(t("forms.encrypted")) : button(t("start"), `start ${f.key}`, () => does.start(f), "", f.title))),
    button(t("forms.refresh"), "refresh", does.refresh, "secondary")];
}

function device(link, unsent, does) {
  return [h2(t("device")),
    el("ul", { class: "govuk-list govuk-list--bullet" },
      el("li", { id: "offline" }, t(offline.state.ready ? "device.ready" : "device.not-ready")),
      el("li", {}, t(offline.state.kept ? "device.kept" : "device.may-clear")),
      el("li", {}, t("device.plain"))),
    link && button(t("forget"), "forget", () => forget(unsent, does), "secondary")];
}

async function forget(unsent, does) {
  const text = unsent ? t("forget.unsent", { n: unsent }) : t("forget.what");
  if (!(await ask(t("forget.ask"), text, t(unsent ? "forget.yes.unsent" : "forget.yes")))) return;
  await does.forget();
}

function choice(does) {
  return el("div", { class: "fill-languages", role: "group", "aria-label": t("language") },
    ...languages.map(({ code, name }) => code === lang
      ? el("strong", { lang: code, "aria-current": "true" }, name)
      : el("button", { type: "button", class: "wm-linkbutton", lang: code, "data-key": `lang ${code}`, onclick: () => does.choose(code) }, name)),
    el("a", { class: "govuk-link", "data-key": "licences", href: config.licences }, t("licences")));
}
