// Sending what waits: one tab at a time, one interview after another, until the line
// breaks; then again later. The server knows an interview by its instanceID, so that
// it is stored once however often it is sent.
import { changed } from "./bus.js";
import * as keep from "./keep.js";
import * as link from "./link.js";
import { call, heard, Refused } from "./server.js";

let timer, failures = 0;

// now is what is being sent in this tab, for the page to show.
export const now = { id: "", broken: false };

// soon sends what waits, at once or after a while. Doubling spares a server that many
// devices come back to; the dice keep them apart.
export function soon(wait = 0) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

function later(seconds) {
  const wait = Math.min(300, 5 * 2 ** failures++) * (0.5 + Math.random());
  soon(1000 * Math.max(wait, seconds));
}

async function send() {
  if (!navigator.locks) return run();
  await navigator.locks.request("waymark-fill-send", { ifAvailable: true }, (lock) => (lock ? run() : soon(5000)));
}

async function run() {
  const waiting = (await keep.all("interviews")).filter((x) => x.state === "waiting").sort((a, b) => a.saved - b.saved);
  for (const x of waiting) {
    now.id = x.id;
    changed();
    try {
      await post(x);
      await keep.clear(x.id, Date.now());
      failures = 0;
      now.broken = false;
    } catch (error) {
      if (passes(error)) {
        now.broken = true;
        later(error.after ?? 0);
        break;
      }
      await keep.change(x.id, ["waiting"], { state: "refused", reason: { status: error.status, text: error.text } });
    } finally {
      now.id = "";
      changed();
    }
  }
  changed();
}

// passes says whether trying again may help without anyone doing something.
function passes(error) {
  return !(error instanceof Refused) || error.status < 400 || error.status >= 500 || error.status === 408 || error.status === 429;
}

// post sends one interview. The document goes with every post; files are spread over
// as many posts as the server's limit asks for, all but the last marked as not whole.
async function post(x) {
  const files = await keep.files(x.id);
  if (files.length) await call(x.link, "submission", { method: "HEAD" }); // may it be sent at all, and how large
  const posts = [[]];
  let size = x.xml.length;
  for (const f of files) {
    const last = posts[posts.length - 1];
    if (last.length && (size + f.blob.size > 0.9 * heard.limit || last.length >= 90)) {
      posts.push([f]);
      size = x.xml.length + f.blob.size;
    } else {
      last.push(f);
      size += f.blob.size;
    }
  }
  for (const [i, group] of posts.entries()) {
    const body = new FormData();
    body.set("xml_submission_file", new Blob([x.xml], { type: "text/xml" }), "xml_submission_file");
    for (const f of group) body.set(f.name, f.blob, f.name);
    if (i < posts.length - 1) body.set("*isIncomplete*", "yes");
    const bytes = group.reduce((n, f) => n + f.blob.size, x.xml.length);
    const res = await call(x.link, "submission", { method: "POST", body, bytes });
    if (res.status !== 201 && res.status !== 202) throw new Refused(res.status, "", 0); // only these two are a receipt
  }
}

// again sends a refused interview once more: with the link that the device has now, if
// the one it was made with no longer works.
export async function again(x) {
  const has = await link.current();
  const gone = [401, 403, 404].includes(x.reason?.status);
  await keep.change(x.id, ["refused"], { state: "waiting", reason: null, link: gone && has ? has : x.link });
  changed();
  soon();
}

// begin listens for what tells that the line may be back.
export function begin() {
  addEventListener("online", () => ((failures = 0), soon()));
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  soon();
}
