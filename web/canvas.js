// Canvases that fill their box at device resolution, and what the reader prefers.

const darkness = matchMedia('(prefers-color-scheme: dark)');
const stillness = matchMedia('(prefers-reduced-motion: reduce)');

export const dark = () => darkness.matches;
export const still = () => stillness.matches;

/** Calls `changed` when colours or motion should be others. */
export function onPreference(changed) {
  darkness.addEventListener('change', changed);
  stillness.addEventListener('change', changed);
}

/** The size of a box in CSS pixels and the device pixels in one, kept up to date; `resized` is called when it changes. */
export function watchSize(box, resized) {
  const size = { width: box.clientWidth, height: box.clientHeight, ratio: devicePixelRatio };
  const update = () => {
    Object.assign(size, { width: box.clientWidth, height: box.clientHeight, ratio: devicePixelRatio });
    resized();
  };
  new ResizeObserver(update).observe(box);
  // Zooming, or moving to another screen.
  const zoom = () => matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
    update();
    zoom();
  }, { once: true });
  zoom();
  return size;
}
