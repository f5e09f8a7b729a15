// Small helpers to make elements.

/** An element with properties, `data-…` (under `data`), attributes (names with a dash, `role`) and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === 'data') Object.assign(made.dataset, value);
    else if (name.includes('-') || name === 'role' || name === 'for') made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter(child => child !== undefined && child !== null));
  return made;
}

let count = 0;

/** A name for an element that others refer to. */
export const name = stem => `${stem}-${++count}`;

/** Sets text only where it changed, so that nothing is announced or laid out again for nothing. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Keeps what lies below a text in its place while the text changes: the node never becomes lower than it was, until its width
 * changes or the function that is returned is called.
 */
export function steady(node) {
  let width = -1;
  const loosen = () => {
    node.style.minHeight = '';
    node.style.minHeight = `${node.offsetHeight}px`;
  };
  new ResizeObserver(() => {
    if (node.offsetWidth === width) {
      node.style.minHeight = `${node.offsetHeight}px`;
    } else {
      width = node.offsetWidth;
      loosen();
    }
  }).observe(node);
  return loosen;
}
