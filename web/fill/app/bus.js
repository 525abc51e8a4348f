// Tabs of one device tell each other that something has changed.
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("waymark-fill") : null;
const listeners = new Set();

export function hear(f) {
  listeners.add(f);
}

const tell = (what) => listeners.forEach((f) => f(what));
if (channel) channel.onmessage = (e) => tell(e.data);

// changed tells everyone, this tab too.
export function changed(what = {}) {
  channel?.postMessage(what);
  tell(what);
}
