// The link that an enumerator was given: /fill/#TOKEN, /fill/#TOKEN/CODE or
// /fill/#test/TOKEN. What stands behind # reaches no server, log or other site.
import * as keep from "./keep.js";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

// read returns {kind, token, code}, or null if it is no such link.
export function read(fragment) {
  let parts;
  try {
    parts = fragment.replace(/^#/, "").split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
  const kind = parts[0] === "test" ? parts.shift() : "key";
  const [token, code = ""] = parts;
  return parts.length <= 2 && TOKEN.test(token) && code.length <= 50 ? { kind, token, code } : null;
}

// take keeps the link of the address bar and removes it there. It returns "" if there
// is none, "taken", or "wrong".
export async function take() {
  const fragment = location.hash;
  if (fragment.length < 2) return "";
  history.replaceState(history.state, "", location.pathname);
  const link = read(fragment);
  if (!link) return "wrong";
  const old = await current();
  await keep.put("state", { key: "link", ...link });
  return old && old.token === link.token ? "" : "taken";
}

export const current = () => keep.one("state", "link");
