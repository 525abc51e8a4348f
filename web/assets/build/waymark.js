// Small helps for those who have scripts. Every page works without.

// The error summary is read out and reached first.
document.querySelector("[data-focus]")?.focus();

// Following a link of the summary goes to the field itself, its label in view.
for (const link of document.querySelectorAll(".govuk-error-summary a[href^='#']")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".govuk-form-group") ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// A form is sent once, however often its button is pressed.
// One that downloads a file leaves the page as it is, and may be sent again.
for (const form of document.querySelectorAll("form[method=post]:not([data-often])")) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    const now = Date.now();
    if (now - sent < 3000) event.preventDefault();
    else sent = now;
  });
}

// "Exit this page": the way out takes this page's place in the history, so that
// the back button does not lead here; the page is emptied at once.
const exit = document.querySelector("[data-exit]");
if (exit) {
  const leave = (event) => {
    event?.preventDefault();
    document.title = "…";
    document.body.replaceChildren();
    location.replace(exit.href);
  };
  exit.addEventListener("click", leave);
  let shifts = 0, last = 0;
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { shifts = 0; return; }
    const now = Date.now();
    shifts = now - last < 5000 ? shifts + 1 : 1;
    last = now;
    if (shifts === 3) leave();
  });
}

// Buttons that print the page, or choose all checkboxes of a table, appear only here.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.all)}"]`)) box.checked = all.checked;
  });
}

// Word that more has arrived, without moving what is being read: a link appears,
// and following it loads the list anew.
for (const live of document.querySelectorAll("[data-live]")) {
  const link = live.querySelector("[data-news]");
  const source = new EventSource(live.dataset.live);
  source.addEventListener("message", (event) => {
    link.textContent = event.data;
    link.hidden = false;
  });
  addEventListener("pagehide", () => source.close());
}
