// Passkeys: fetches the question of a form, puts it to the browser, and sends the
// form with the answer in it. A form that needs this is hidden until it can work.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const opened = (question) => {
    const q = { ...question, challenge: bytes(question.challenge) };
    if (q.user) q.user = { ...q.user, id: bytes(q.user.id) };
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      if (q[list]) q[list] = q[list].map((c) => ({ ...c, id: bytes(c.id) }));
    }
    return q;
  };

  const closed = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: {},
    });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      const problem = form.querySelector("[data-problem]");
      problem.hidden = true;
      try {
        const asked = await fetch(form.dataset.ask, { method: "POST", credentials: "same-origin" });
        if (!asked.ok) throw new Error("no question");
        const publicKey = opened((await asked.json()).publicKey);
        const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
        form.elements.answer.value = closed(credential);
        HTMLFormElement.prototype.submit.call(form);
      } catch {
        problem.hidden = false;
      } finally {
        busy = false;
      }
    });
  }
})();
