// What the address says and is made to say: `#exhibit?key=value&…`, and `?embed=exhibit` for one exhibit alone.

const PATIENCE = 300; // ms; browsers refuse to have the address changed too often

export const embedded = new URLSearchParams(location.search).get('embed');

/** The exhibit and the values that the address names: `{id, pairs}`; `id` is empty where it names none. */
export function read() {
  const [id, query = ''] = location.hash.slice(1).split('?', 2);
  return { id: decode(id), pairs: [...new URLSearchParams(query)] };
}

/** The address of an exhibit with the values of `query`. */
export function link(id, query, { embed = false } = {}) {
  const url = new URL(location.href);
  url.search = embed ? `?embed=${encodeURIComponent(id)}` : '';
  url.hash = fragment(id, query);
  return url.href;
}

let pending;

/** Puts an exhibit and its values into the address, soon. */
export function write(id, query) {
  if (!pending) setTimeout(flush, PATIENCE);
  pending = fragment(id, query);
}

function flush() {
  const wanted = pending;
  pending = undefined;
  if (location.hash !== wanted) history.replaceState(null, '', wanted);
}

function fragment(id, query) {
  return `#${encodeURIComponent(id)}${query && '?'}${query}`;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
