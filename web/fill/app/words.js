// The texts of the page in its three languages, as the server's catalogues have them.
// They lie in the page itself, so that they are there without a line.
const data = JSON.parse(document.getElementById("data").textContent);
const locales = { en: "en-GB", fr: "fr-FR-u-nu-latn", ar: "ar-u-nu-latn" };

export const config = data.static; // addresses of what is loaded later
export const languages = data.languages; // [{code, name}]
export let lang = "en";

// setLanguage takes the first of the wanted that there is: "fr-CH" is "fr".
export function setLanguage(wanted) {
  const known = languages.map((l) => l.code);
  lang = wanted.map((w) => String(w).toLowerCase().split("-")[0]).find((w) => known.includes(w)) ?? "en";
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
}

// t is the text of a key. A number named n chooses the plural form. What comes from
// elsewhere is isolated, so that it cannot turn the direction of the sentence.
export function t(key, values = {}) {
  const forms = data.words[lang][key];
  if (!forms) return `[${key}]`;
  let text = forms.other;
  if (typeof values.n === "number") {
    text = (values.n === 0 && forms["0"]) || forms[new Intl.PluralRules(lang).select(values.n)] || forms.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? new Intl.NumberFormat(locales[lang]).format(values[name]) : `\u2068${values[name]}\u2069`);
}

// moment is a time on the device's clock.
export function moment(ms) {
  return new Intl.DateTimeFormat(locales[lang], { dateStyle: "medium", timeStyle: "short" }).format(ms);
}

// clock is the time of day alone.
export function clock(ms) {
  return new Intl.DateTimeFormat(locales[lang], { timeStyle: "short" }).format(ms);
}
