// Making elements, asking, and saying.
import { t } from "./words.js";

// el makes an element. Attributes that are functions listen: { onclick: f }. Text is
// only ever text.
export function el(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (typeof value === "function") e.addEventListener(key.slice(2), value);
    else e.setAttribute(key, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

export const p = (...children) => el("p", { class: "govuk-body" }, ...children);
export const h2 = (text) => el("h2", { class: "govuk-heading-m" }, text);
export const inset = (...children) => el("div", { class: "govuk-inset-text" }, ...children);
export const tag = (text, colour) => el("strong", { class: `govuk-tag govuk-tag--${colour}` }, text);

// button: kind is "", "secondary" or "warning". key keeps the focus when the page is
// drawn anew; what is said behind the text goes to screen readers.
export function button(text, key, onclick, kind = "", behind = "") {
  return el("button", { type: "button", class: "govuk-button" + (kind && ` govuk-button--${kind}`), "data-key": key, onclick },
    text, behind && el("span", { class: "govuk-visually-hidden" }, ` ${behind}`));
}

// warning is a sentence that must not be missed.
export function warning(text) {
  return el("div", { class: "govuk-warning-text" },
    el("span", { class: "govuk-warning-text__icon", "aria-hidden": "true" }, "!"),
    el("strong", { class: "govuk-warning-text__text" }, el("span", { class: "govuk-visually-hidden" }, t("warning")), text));
}

// draw puts content into a place, unless it is there already, and keeps the focus on
// the same thing: the page draws itself at every piece of news.
let drawn = { first: null, html: "" };
export function draw(place, ...content) {
  const fresh = el("div", {}, ...content.flat().filter(Boolean));
  if (drawn.first && drawn.first === place.firstChild && drawn.html === fresh.innerHTML) return;
  const key = place.contains(document.activeElement) && document.activeElement.dataset.key;
  drawn.html = fresh.innerHTML;
  place.replaceChildren(...fresh.childNodes);
  drawn.first = place.firstChild;
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

// ask asks before something is done, and says whether it may be.
export function ask(title, text, yes) {
  return new Promise((resolve) => {
    const answer = (is) => () => {
      dialog.close();
      dialog.remove();
      resolve(is);
    };
    const dialog = el("dialog", { class: "fill-dialog", "aria-labelledby": "ask-title", oncancel: answer(false) },
      el("h2", { class: "govuk-heading-m", id: "ask-title" }, title), p(text),
      el("div", { class: "govuk-button-group" }, button(yes, "yes", answer(true), "warning"), button(t("cancel"), "no", answer(false), "secondary")));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// say tells something in the line that screen readers follow.
export function say(text) {
  document.getElementById("said").textContent = text;
}
