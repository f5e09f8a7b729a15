// The simulator's code, in modules that are fetched when something first needs them, and compiled once for the page and its workers.

const kept = new Map();

/** Does something once for each name, and again only after it failed. */
function once(kind, name, what) {
  const key = `${kind} ${name}`;
  if (!kept.has(key)) {
    kept.set(key, what(name).catch(error => {
      kept.delete(key);
      throw error;
    }));
  }
  return kept.get(key);
}

/** The compiled code of a module. */
export const compiled = name => once('compile', name, async () => {
  const response = await fetch(new URL(`wasm/${name}_bg.wasm`, import.meta.url));
  if (!response.ok) throw new Error(`the server answered ${response.status} for part of the simulator`);
  return WebAssembly.compile(await response.arrayBuffer());
});

/** A module ready for use on the page. */
export const load = name => once('load', name, async () => {
  if (typeof WebAssembly !== 'object') throw new Error('this browser has no WebAssembly');
  const [glue, module] = await Promise.all([import(`./wasm/${name}.js`), compiled(name)]);
  await glue.default({ module_or_path: module });
  return glue;
});
