// The service worker of /fill/. It keeps the page and its scripts, and nothing else:
// forms and interviews are in the page's own database, and what is asked of /key/ and
// /test/ passes by untouched. The server writes VERSION and FILES in front.
const CACHE = `waymark-fill-${VERSION}`;

// All files, one after another: on a bad line each that arrives stays, and the next
// try goes on from there. A name with a hash never changes its content.
async function install() {
  const cache = await caches.open(CACHE);
  for (const url of FILES) {
    if (await cache.match(url)) continue;
    const old = url === "/fill/" ? null : await caches.match(url);
    const res = old ?? (await fetch(url, { cache: "no-cache", credentials: "omit" }));
    if (!res.ok) throw new Error(`${url}: ${res.status}`);
    await cache.put(url, res);
  }
}

// The version before is kept: a tab may still be in an interview with it.
async function activate() {
  const old = (await caches.keys()).filter((k) => k.startsWith("waymark-fill-") && k !== CACHE && k !== "waymark-fill-map");
  for (const key of old.slice(0, -1)) await caches.delete(key);
  await clients.claim();
}

async function answer(request, url) {
  const key = request.mode === "navigate" ? "/fill/" : url, how = { ignoreVary: true };
  const own = await (await caches.open(CACHE)).match(key, how);
  return own ?? (await caches.match(key, how)) ?? fetch(request);
}

self.addEventListener("install", (e) => e.waitUntil(install()));
self.addEventListener("activate", (e) => e.waitUntil(activate()));
self.addEventListener("message", (e) => e.data === "renew" && self.skipWaiting());
self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  const page = e.request.mode === "navigate" && url.pathname === "/fill/";
  if (page || FILES.includes(url.pathname) || url.pathname.startsWith("/fill/static/")) e.respondWith(answer(e.request, url.pathname));
});
