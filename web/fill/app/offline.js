// The service worker that starts the page without a line, and room that the browser
// does not clear by itself.
import { changed } from "./bus.js";
import { config } from "./words.js";

// state is what the page shows: whether it starts without a line, whether a newer
// version waits or has taken over, whether the browser has promised to keep what is
// here.
export const state = { ready: false, newer: null, kept: false, renewed: false };

let inside = () => false;

// begin registers the worker. open() says whether an interview is open: the page is
// never loaded anew under one.
export async function begin(open) {
  inside = open;
  state.kept = (await navigator.storage?.persisted?.()) ?? false;
  if (!navigator.serviceWorker) return;
  const controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!controlled) return;
    if (inside()) state.renewed = true; // another tab asked for it: after the interview
    else location.reload();
  });
  await register();
  addEventListener("online", () => !state.ready && register());
}

async function register() {
  try {
    const r = await navigator.serviceWorker.register("/fill/worker.js", { scope: "/fill/", updateViaCache: "none" });
    const look = () => {
      state.ready = Boolean(r.active);
      state.newer = r.active && r.waiting;
      changed();
    };
    r.addEventListener("updatefound", () => r.installing?.addEventListener("statechange", look));
    r.installing?.addEventListener("statechange", look);
    look();
  } catch {
    changed(); // no line, or no worker in this browser: the page says what that means
  }
}

// renew starts the newer version.
export function renew() {
  state.newer?.postMessage("renew");
}

// persist asks the browser not to clear what is here.
export async function persist() {
  state.kept = (await navigator.storage?.persist?.()) ?? false;
  changed();
}

// tight says whether there is little room left: less than what an interview with a
// few pictures takes.
export async function tight() {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage < 50_000_000;
}

// fetchMap keeps the part that draws maps, which only some forms need.
export async function fetchMap() {
  try {
    await (await caches.open("waymark-fill-map")).add(config.map);
  } catch {
    // It is fetched when the map is shown; without a line the map stays away.
  }
}
