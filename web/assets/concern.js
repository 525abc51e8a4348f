// Forms of a frontline worker: what is typed stays in the page until it is known to
// have arrived. Where there is no line, the page says so and tries again; printing
// shows the whole form with what is typed. Nothing is stored in the browser.
(() => {
  "use strict";
  const line = document.querySelector("[data-line]");
  let waiting = null; // the form whose answers have not arrived
  let busy = false;
  let timer = 0;

  const send = async (form) => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Keep": "yes" },
        redirect: "manual",
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(15000),
      });
      if (answer.status >= 502 && answer.status <= 504) throw new Error("no server");
      waiting = null;
      if (line) line.hidden = true;
      const next = answer.headers.get("X-Next");
      if (answer.status === 204 && next && next.startsWith("/") && !next.startsWith("//")) {
        location.assign(next);
      } else {
        form.submit(); // what is wrong is shown by the answer itself
      }
    } catch {
      busy = false;
      waiting = form;
      if (line) {
        line.hidden = false;
      }
      timer = setTimeout(again, 5000);
    }
  };
  const again = () => {
    if (waiting) send(waiting);
  };

  for (const form of document.querySelectorAll("form[data-keep]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Which of several buttons was pressed goes along.
      form.querySelector("[data-pressed]")?.remove();
      const button = event.submitter;
      if (button?.name) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = button.name;
        field.value = button.value;
        field.dataset.pressed = "";
        form.append(field);
      }
      send(form);
    });
  }
  line?.querySelector("[data-again]")?.addEventListener("click", again);
  addEventListener("online", again);
  // A page that comes back from the browser's memory may be sent again.
  addEventListener("pageshow", () => {
    busy = false;
  });

  // What is typed goes onto the paper.
  const paper = document.querySelector("[data-paper]");
  const write = () => {
    for (const item of paper.querySelectorAll("[data-mark]")) {
      const field = document.querySelector(`form[data-keep] [name="${CSS.escape(item.dataset.mark)}"][value="${CSS.escape(item.dataset.value)}"]`);
      if (field) item.toggleAttribute("data-ticked", field.checked);
    }
    for (const item of paper.querySelectorAll("[data-write]")) {
      const field = document.querySelector(`form[data-keep] [name="${CSS.escape(item.dataset.write)}"]`);
      if (field) item.textContent = field.value;
      item.nextElementSibling.hidden = item.textContent !== "";
    }
  };
  if (paper) addEventListener("beforeprint", write);
})();
