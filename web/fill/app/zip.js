// A ZIP archive without compression, for taking an interview off a device.
// Source: APPNOTE.TXT 6.3.10, §4.3; times are left at 1980, names are UTF-8.
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc(bytes) {
  let c = ~0;
  for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}

// zip makes an archive of [{name, blob}].
export async function zip(files) {
  const parts = [], directory = [];
  let at = 0, length = 0;
  for (const { name, blob } of files) {
    const bytes = new Uint8Array(await blob.arrayBuffer()), title = new TextEncoder().encode(name);
    const common = [20, 0x0800, 0, 0, 0x21]; // version, UTF-8, stored, time, day
    const head = record(30 + title.length, 0x04034b50, common, crc(bytes), bytes.length, title.length);
    head.bytes.set(title, 30);
    const entry = record(46 + title.length, 0x02014b50, [20, ...common], crc(bytes), bytes.length, title.length);
    entry.view.setUint32(42, at, true);
    entry.bytes.set(title, 46);
    parts.push(head.bytes, bytes);
    directory.push(entry.bytes);
    at += head.bytes.length + bytes.length;
    length += entry.bytes.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, at, true);
  return new Blob([...parts, ...directory, end.buffer], { type: "application/zip" });
}

function record(size, signature, shorts, sum, length, title) {
  const view = new DataView(new ArrayBuffer(size));
  view.setUint32(0, signature, true);
  shorts.forEach((v, i) => view.setUint16(4 + 2 * i, v, true));
  const o = 4 + 2 * shorts.length;
  view.setUint32(o, sum, true);
  view.setUint32(o + 4, length, true);
  view.setUint32(o + 8, length, true);
  view.setUint16(o + 12, title, true);
  return { view, bytes: new Uint8Array(view.buffer) };
}
