// What this device keeps, in IndexedDB:
//
//   state       by key: the link, the language, the name of this device
//   forms       by key: XForms with their files
//   interviews  by instanceID: half-filled, waiting, refused; of sent ones the time alone
//   files       by instanceID and name: pictures and recordings of interviews
//
// Answers lie here until they are sent and no longer: devices are shared and seized.
let db;

// NoRoom says that the browser keeps nothing for us, as in some private windows.
export class NoRoom extends Error {}

export async function open() {
  try {
    db = await new Promise((resolve, reject) => {
      const asked = indexedDB.open("waymark-fill", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("state", { keyPath: "key" });
        asked.result.createObjectStore("forms", { keyPath: "key" });
        asked.result.createObjectStore("interviews", { keyPath: "id" });
        asked.result.createObjectStore("files", { keyPath: ["id", "name"] });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    await put("state", { key: "opened", at: Date.now() }); // some windows open and refuse to write
  } catch (cause) {
    throw new NoRoom("no room", { cause });
  }
  db.onversionchange = () => db.close(); // a newer page in another tab needs it
}

// work runs f in one transaction, to the disk before it returns.
function work(stores, mode, f) {
  return new Promise((resolve, reject) => {
    const tx = db.transaction(stores, mode, { durability: "strict" });
    let result;
    tx.oncomplete = () => resolve(result);
    tx.onabort = tx.onerror = () => reject(tx.error);
    f(tx, (value) => (result = value));
  });
}

export const one = (store, key) => work(store, "readonly", (tx, give) => {
  tx.objectStore(store).get(key).onsuccess = (e) => give(e.target.result);
});

export const all = (store) => work(store, "readonly", (tx, give) => {
  tx.objectStore(store).getAll().onsuccess = (e) => give(e.target.result);
});

export const put = (store, value) => work(store, "readwrite", (tx) => tx.objectStore(store).put(value));

export const remove = (store, key) => work(store, "readwrite", (tx) => tx.objectStore(store).delete(key));

const filesOf = (id) => IDBKeyRange.bound([id, ""], [id, []]);

// files of an interview: [{id, name, blob}].
export const files = (id) => work("files", "readonly", (tx, give) => {
  tx.objectStore("files").getAll(filesOf(id)).onsuccess = (e) => give(e.target.result);
});

// keep stores an interview with its files: those that are new, and none that it no
// longer has. It does nothing, and returns false, if the interview has gone on in
// another tab: what waits or is sent does not become half-filled again.
export const keep = (interview, added, names) => work(["interviews", "files"], "readwrite", (tx, give) => {
  const interviews = tx.objectStore("interviews"), files = tx.objectStore("files");
  interviews.get(interview.id).onsuccess = (e) => {
    const was = e.target.result;
    if (was && was.state !== "half") return give(false);
    interviews.put({ ...interview, made: was?.made ?? interview.saved });
    for (const f of added) files.put({ id: interview.id, ...f });
    files.getAllKeys(filesOf(interview.id)).onsuccess = (e) => {
      for (const key of e.target.result) if (!names.includes(key[1])) files.delete(key);
    };
    give(true);
  };
});

// change alters an interview if it is still in one of the states.
export const change = (id, states, alter) => work("interviews", "readwrite", (tx, give) => {
  tx.objectStore("interviews").get(id).onsuccess = (e) => {
    const was = e.target.result;
    if (!was || !states.includes(was.state)) return give(false);
    tx.objectStore("interviews").put({ ...was, ...alter });
    give(true);
  };
});

// clear drops an interview's answers and files; of a sent one the time stays.
export const clear = (id, sent) => work(["interviews", "files"], "readwrite", (tx) => {
  tx.objectStore("files").delete(filesOf(id));
  if (sent) tx.objectStore("interviews").put({ id, state: "sent", sent });
  else tx.objectStore("interviews").delete(id);
});

// forget drops everything.
export const forget = () => work(["state", "forms", "interviews", "files"], "readwrite", (tx) => {
  for (const store of ["state", "forms", "interviews", "files"]) tx.objectStore(store).clear();
});
