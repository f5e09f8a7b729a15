// Starts the page: loads the simulator, lays out every exhibit it knows, and opens each when it comes near.

import { frame, open } from './exhibit.js';
import { element, write } from './dom.js';
import { Pool } from './pool.js';
import * as state from './state.js';

const NEAR = '400px 0px'; // how far below the window an exhibit is opened

const notice = document.querySelector('[data-notice]');
const say = text => {
  notice.hidden = !text;
  write(notice, text);
};

async function load() {
  if (typeof WebAssembly !== 'object') throw new Error('this browser has no WebAssembly');
  const [wasm, module] = await Promise.all([import('./wasm/sim_wasm.js'), compile()]);
  await wasm.default({ module_or_path: module });
  return { wasm, module };
}

/** The simulator's code, compiled once for the page and its workers. */
async function compile() {
  const response = await fetch(new URL('wasm/sim_wasm_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`the server answered ${response.status} for the simulator`);
  return WebAssembly.compile(await response.arrayBuffer());
}

function layOut({ wasm, module }) {
  const listings = wasm.exhibits();
  const first = document.querySelector('[data-exhibits="first"]');
  const rest = document.querySelector('[data-exhibits="rest"]');
  const wanted = state.read();
  const shown = state.embedded === null ? listings : listings.filter(({ card }) => card.id === state.embedded);
  if (shown.length === 0) throw new Error(`there is no exhibit “${state.embedded}”`);
  if (wanted.id && !listings.some(({ card }) => card.id === wanted.id) && !document.getElementById(wanted.id)) {
    say(`The address asks for “${wanted.id}”, which is not on this page.`);
  }

  const opened = new Map();
  const pool = new Pool(module, trouble => opened.forEach(exhibit => exhibit.say(trouble)));
  const frames = shown.map(listing => ({ listing, ...frame(listing) }));
  frames.forEach(({ root }, i) => {
    if (i === 0) first.replaceChildren(root);
    else rest.append(root);
  });
  document.querySelector('[data-contents]').replaceChildren(...shown.map(({ card }) =>
    element('li', {}, element('a', { href: `#${card.id}` }, card.title))));
  const start = ({ listing, stage }) => {
    const { id } = listing.card;
    if (opened.has(id)) return;
    const { id: named, pairs } = state.read();
    opened.set(id, open(listing, stage, wasm, pool, named === id ? pairs : [], named === id));
  };
  const near = new IntersectionObserver(entries => {
    for (const { target } of entries.filter(entry => entry.isIntersecting)) {
      near.unobserve(target);
      start(frames.find(({ root }) => root === target));
    }
  }, { rootMargin: NEAR });
  start(frames[0]);
  frames.slice(1).forEach(({ root }) => near.observe(root));

  const follow = () => {
    const { id, pairs } = state.read();
    const found = frames.find(({ listing }) => listing.card.id === id);
    if (!found) return;
    if (!opened.has(id)) start(found);
    else if (location.hash.includes('?')) opened.get(id).restore(pairs);
    if (found !== frames[0] || !location.hash.includes('?')) found.root.scrollIntoView();
  };
  addEventListener('hashchange', follow);
  if (wanted.id && wanted.id !== frames[0].listing.card.id) follow();
}

if (state.embedded !== null) {
  document.body.classList.add('embed');
  const whole = new URL('./', location.href);
  document.querySelector('main').append(element('p', { className: 'credit' },
    element('a', { href: whole.href, target: '_blank', rel: 'noopener' }, 'Headroom: an interactive queueing lab')));
}

try {
  layOut(await load());
  document.documentElement.dataset.state = 'ready';
} catch (error) {
  document.documentElement.dataset.state = 'failed';
  say(`The interactive figures cannot start: ${error?.message ?? error}. The text and tables on this page do without them.`);
}
