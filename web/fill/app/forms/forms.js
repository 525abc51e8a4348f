// The one place that knows ODK Web Forms and Vue. It is a bundle of its own, loaded
// when the first interview is opened.
import { createApp, h, watch } from "vue";
import { OdkWebForm, webFormsPlugin } from "@getodk/web-forms";

// open shows a form in a place of the page.
//
//   xml         the XForm
//   file(name)  gives a file of the form as a Response, or one of status 404
//   half        FormData of a half-filled interview to go on with, or null
//   known       { username, deviceID } for questions that the device answers
//   finish(FormData)  gets the finished interview
//   ready(root) gets the interview's state once it is there
//   failed(Error)     gets why the form cannot be shown
//
// It returns a function that takes the form away again.
export function open(place, { xml, file, half, known, finish, ready, failed }) {
  const told = ({ detail: state }) => {
    if (state.status !== "FORM_STATE_SUCCESS") return failed(state.error);
    ready(state.root);
    watch(() => state.root.currentState.activeLanguage, (l) => (place.dir = direction(l)), { immediate: true });
  };
  addEventListener("waymark-form", told, { once: true });
  const app = createApp({
    render: () =>
      h(OdkWebForm, {
        formXml: xml,
        fetchFormAttachment: (url) => file(decodeURIComponent(String(url).split("/").pop())),
        missingResourceBehavior: "BLANK", // a test of a draft may lack its files
        preloadProperties: known,
        editInstance: half ? { data: half } : null,
        onSubmit: (payload) => finish(payload.data[0]),
      }),
  });
  app.config.errorHandler = (error) => failed(error);
  app.use(webFormsPlugin);
  app.mount(place);
  return () => {
    removeEventListener("waymark-form", told);
    app.unmount();
    place.replaceChildren();
  };
}

// Languages that are read from the right, by code. A form's language decides, not the
// page's.
const fromRight = ["ar", "ckb", "dv", "fa", "he", "prs", "ps", "sd", "ug", "ur", "yi"];

function direction({ isSyntheticDefault, language }) {
  if (isSyntheticDefault) return "auto";
  const code = (/\(([a-z]{2,3})\b[^)]*\)\s*$/i.exec(language)?.[1] ?? language).toLowerCase();
  return fromRight.includes(code) ? "rtl" : "ltr";
}

// snapshot is the interview as it stands, as FormData, whether or not it is whole.
export async function snapshot(root) {
  return (await root.prepareInstancePayload({ payloadType: "monolithic" })).data[0];
}

// speak sets the form's language to the first of the wanted that it has. A form names
// its languages as "French (fr)".
export function speak(root, wanted) {
  const has = root.languages.filter((l) => !l.isSyntheticDefault);
  for (const code of wanted) {
    const found = has.find((l) => l.language === code || l.language.endsWith(`(${code})`));
    if (found) {
      root.setLanguage(found);
      return;
    }
  }
}
