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
 * Keeps what lies below some texts in its place while they change: the node never becomes lower than it was, until its width
 * changes or the function that is returned is called; and never lower than texts of these `lengths`, in characters, would make it.
 */
export function steady(node, lengths = []) {
  let width = -1;
  const loosen = () => {
    node.style.minHeight = '';
    node.style.minHeight = `${Math.max(node.offsetHeight, need(node, lengths))}px`;
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

// Words and numbers as the texts have them.
const USUAL = 'a request takes 38.1\u00a0ms\u00a0(37.7–38.5\u00a0ms) at 85\u00a0% of 1\u00a0000/s, ';
const BOLD = 1.07; // how much wider sentences are for their bold numbers

/** How high a node would be with texts of these lengths. */
function need(node, lengths) {
  const [part, wider] = node.localName === 'ul' ? ['li', 1] : ['p', BOLD];
  const trial = node.cloneNode(false);
  const filler = length => USUAL.repeat(wider * length / USUAL.length + 1).slice(0, wider * length);
  trial.append(...lengths.map(length => element(part, {}, filler(length))));
  trial.style.cssText = `position: absolute; visibility: hidden; width: ${node.offsetWidth}px`;
  node.after(trial);
  const height = trial.offsetHeight;
  trial.remove();
  return height;
}
