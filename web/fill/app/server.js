// Asking the server, as a phone does: by the token alone, without cookies.
import { lang } from "./words.js";

// Refused is an answer other than success. text is what the server says to people.
export class Refused extends Error {
  constructor(status, text, after) {
    super(`refused: ${status}`);
    Object.assign(this, { status, text, after });
  }
}

// heard is what answers said by the way: how far this device's clock is off, in
// milliseconds, and how large a post may be.
export const heard = { skew: 0, limit: 10_000_000 };

// call asks for a path below the token. bytes says how much is sent, so that a slow
// line gets the time it needs and a dead one is given up.
export async function call(link, path, { bytes = 0, ...options } = {}) {
  const res = await fetch(`/${link.kind}/${link.token}/${path}`, {
    credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(120_000 + bytes), ...options,
    headers: { "X-OpenRosa-Version": "1.0", "Accept-Language": lang },
  });
  // A hotel's sign-in page or a proxy is not the server, whatever it answers: that is
  // no line. A proxy that finds the post too large would find so again, though.
  if (!res.headers.has("X-OpenRosa-Version") && res.status !== 413) throw new Error(`something else answered: ${res.status}`);
  const date = Date.parse(res.headers.get("Date") ?? "");
  if (date) heard.skew = Date.now() - date;
  heard.limit = Number(res.headers.get("X-OpenRosa-Accept-Content-Length")) || heard.limit;
  if (!res.ok) throw new Refused(res.status, await words(res), Number(res.headers.get("Retry-After")) || 0);
  return res;
}

// fetchAt asks for an address that a list gave: of the token's own part of the server.
export function fetchAt(link, address) {
  const below = `/${link.kind}/${link.token}/`;
  const url = new URL(address, location.origin);
  if (!url.pathname.startsWith(below)) throw new Refused(404, "", 0);
  return call(link, url.pathname.slice(below.length) + url.search, { bytes: 100_000_000 });
}

export const parse = (text) => new DOMParser().parseFromString(text, "text/xml");

// words reads the message of an answer: <OpenRosaResponse><message>.
async function words(res) {
  try {
    return parse(await res.text()).getElementsByTagName("message")[0]?.textContent.trim() ?? "";
  } catch {
    return ""; // the line went before the words were there
  }
}
