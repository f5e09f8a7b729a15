// Starts the page: loads the simulator, lays out every exhibit it knows, and opens each when it comes near.

import { frame, open } from './exhibit.js';
import { element, write } from './dom.js';
import { load } from './modules.js';
import { Pool } from './pool.js';
import * as state from './state.js';

const NEAR = '400px 0px'; // how far below the window an exhibit is opened
const SOON = 400; // ms that an exhibit waits for its animation, so as not to make room for it later

const notice = document.querySelector('[data-notice]');
const say = text => {
  notice.hidden = !text;
  write(notice, text);
};

/** Where an exhibit comes from: its session, and its animation. The first view has its own module, and waits for no other. */
const sources = {
  first: { session: 'first', animation: 'first' },
  rest: { session: 'rest', animation: 'network' },
};

/** Waits until a promise is settled, but not for long. */
const briefly = promise => Promise.race([promise.catch(() => {}), new Promise(done => setTimeout(done, SOON))]);

function layOut(pool, home) {
  const cards = home.cards();
  const first = document.querySelector('[data-exhibits="first"]');
  const rest = document.querySelector('[data-exhibits="rest"]');
  const wanted = state.read();
  const shown = state.embedded === null ? cards : cards.filter(card => card.id === state.embedded);
  if (shown.length === 0) throw new Error(`there is no exhibit “${state.embedded}”`);
  if (wanted.id && !cards.some(card => card.id === wanted.id) && !document.getElementById(wanted.id)) {
    say(`The address asks for “${wanted.id}”, which is not on this page.`);
  }

  const opened = new Map(); // by id; each a promise
  const warn = exhibit => pool.trouble && exhibit?.say(pool.trouble);
  pool.onTrouble = () => opened.forEach(exhibit => exhibit.then(warn));
  const frames = shown.map(card => ({ card, ...frame(card) }));
  frames.forEach(({ root }, i) => {
    if (i === 0) first.replaceChildren(root);
    else rest.append(root);
  });
  document.querySelector('[data-contents]').replaceChildren(...shown.map(card =>
    element('li', {}, element('a', { href: `#${card.id}` }, card.title))));
  const start = ({ card, stage }) => {
    if (opened.has(card.id)) return;
    const exhibit = bring(card, stage);
    opened.set(card.id, exhibit);
    exhibit.then(warn);
  };
  /** Opens an exhibit once its module is there; what the address says by then counts. */
  const bring = async (card, stage) => {
    const source = card.id === cards[0].id ? sources.first : sources.rest;
    try {
      const { open: session } = source.session === 'first' ? home : await load(source.session);
      const kit = { session: session(card.id), animation: () => load(source.animation) };
      if (kit.session.animated()) await briefly(kit.animation());
      const { id: named, pairs } = state.read();
      return open(card, stage, kit, pool, named === card.id ? pairs : [], named === card.id);
    } catch (error) {
      stage.replaceChildren(element('p', { className: 'notice', role: 'status', data: { notice: '' } },
        `This exhibit cannot start: ${error?.message ?? error}. Reload the page to try again.`));
      return undefined;
    }
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
    const found = frames.find(({ card }) => card.id === id);
    if (!found) return;
    if (!opened.has(id)) start(found);
    else if (location.hash.includes('?')) opened.get(id).then(exhibit => exhibit?.restore(pairs));
    if (found !== frames[0] || !location.hash.includes('?')) found.root.scrollIntoView();
  };
  addEventListener('hashchange', follow);
  if (wanted.id && wanted.id !== frames[0].card.id) follow();
}

if (state.embedded !== null) {
  document.body.classList.add('embed');
  const whole = new URL('./', location.href);
  document.querySelector('main').append(element('p', { className: 'credit' },
    element('a', { href: whole.href, target: '_blank', rel: 'noopener' }, 'Headroom: an interactive queueing lab')));
}

try {
  // The workers make themselves ready meanwhile.
  const pool = new Pool();
  layOut(pool, await load('first'));
  document.documentElement.dataset.state = 'ready';
} catch (error) {
  document.documentElement.dataset.state = 'failed';
  say(`The interactive figures cannot start: ${error?.message ?? error}. The text and tables on this page do without them.`);
}
