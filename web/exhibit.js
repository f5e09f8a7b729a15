// One exhibit on the page: text, figures, animation, controls, sentences, and what can be taken away.

import { animation } from './animation.js';
import { onPreference } from './canvas.js';
import { controls } from './controls.js';
import { element, name, steady, write } from './dom.js';
import { figure } from './figure.js';
import * as state from './state.js';

/** The frame of an exhibit: its title and what is seen there, before it is near. */
export function frame(card) {
  const stage = element('div', { className: 'live', data: { live: '' } });
  const root = element('section', { className: 'exhibit', id: card.id, data: { exhibit: card.id }, 'aria-labelledby': `${card.id}-title` },
    // Alone, it is what the page is about.
    element(state.embedded === null ? 'h2' : 'h1', { id: `${card.id}-title` }, card.title),
    element('p', { className: 'blurb' }, card.blurb),
    stage);
  return { root, stage };
}

/** A text whose numbers are not torn from their percent signs. */
const prose = text => text.replaceAll(' %', '\u00a0%');

/**
 * Brings an exhibit to life inside its frame, with its text. `kit` has its session, and promises the module that animates it;
 * `named` if the address is about it.
 */
export function open(card, stage, kit, pool, pairs, named) {
  const { id } = card;
  const { session } = kit;
  const outfit = session.outfit();
  const notice = element('p', { className: 'notice', role: 'status', hidden: true, data: { notice: '' } });
  const readouts = element('div', { className: 'readouts', data: { readouts: '' } });
  const progress = element('p', { className: 'progress', data: { progress: '' } });
  const texts = [steady(readouts, outfit.room.readouts), steady(progress)];
  let asked = 0; // the frame that will draw

  const redraw = () => {
    asked ||= requestAnimationFrame(update);
  };
  /** Runs a change to the session; returns the reason if it is refused. */
  const act = (what, tell = true) => {
    try {
      what();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) say('This exhibit has stopped: the simulator failed. Reload the page to start it again.');
      return sentence(error);
    }
    settings = session.settings();
    panel.show(settings);
    moving?.change(session.animated());
    const current = session.current_preset();
    for (const button of presets.querySelectorAll('[data-preset]')) {
      button.setAttribute('aria-pressed', String(button.dataset.preset === current));
    }
    if (tell) state.write(id, session.query());
    pool?.prefer(source);
    redraw();
    return undefined;
  };
  const say = text => {
    notice.hidden = !text;
    write(notice, text);
  };

  const source = {
    next: () => session.next_errand(),
    wants: ticket => session.wants(ticket),
    abandon: ticket => session.abandon(ticket),
    refuse: (ticket, reason) => {
      session.refuse(ticket);
      say(`Part of the simulation could not run: ${reason}`);
    },
    accept: (ticket, result) => {
      try {
        if (session.accept(ticket, result)) redraw();
      } catch (error) {
        session.refuse(ticket);
        say(`Part of the simulation was lost: ${sentence(error)}`);
      }
    },
  };

  const problems = take(session, pairs);
  let settings = session.settings();
  const panel = controls(outfit, session, act);
  const shapes = session.shapes();
  const figures = shapes.map((shape, i) => figure(session, i, shape, act, redraw, { room: outfit.room.notes[i], alone: shapes.length === 1 }));
  let moving; // the animation, once it is there
  const film = session.animated() ? element('figure', { className: 'queue', data: { loading: '' } }, 'The animation is on its way.') : undefined;
  /** Another situation may need less room than the last. */
  const loosen = () => requestAnimationFrame(() => [...texts, ...figures.map(each => each.loosen)].forEach(each => each()));
  const presets = situations(outfit, session, act, text => {
    say(text);
    loosen();
  });

  function update(now) {
    asked = 0;
    let gliding = false;
    try {
      for (const each of figures) gliding = each.draw(now) || gliding;
      const shapes = session.shapes();
      figures.forEach((each, i) => {
        const key = shapes[i].handle;
        each.tell(shapes[i], key ? settings.find(setting => setting.key === key) : undefined);
      });
      readouts.replaceChildren(...session.readouts().map(readout));
      write(progress, session.progress());
      stage.dataset.settled = session.is_settled();
    } catch (error) {
      say(`The figures cannot be drawn: ${sentence(error)}`);
      return;
    }
    if (gliding) redraw();
  }

  async function animate() {
    try {
      const { animate } = await kit.animation();
      moving = animation(animate, session.animated(), session.seed);
      film.replaceWith(moving.root);
    } catch (error) {
      film.replaceChildren(`The animation cannot start: ${sentence(error)}. The figures do without it.`);
    }
  }

  stage.replaceChildren(
    element('div', { className: 'plots' }, figures[0].root),
    ...(film ? [film] : []),
    presets,
    element('div', { className: 'bench' },
      panel.root,
      element('div', {}, readouts, progress, actions(id, session))),
    ...(figures.length > 1 ? [element('div', { className: 'plots more' }, ...figures.slice(1).map(each => each.root))] : []),
    element('div', { className: 'tables' }, ...figures.map(each => each.table)),
  );
  stage.prepend(notice);
  stage.after(element('div', { className: 'text' }, ...outfit.text.map(text => element('p', {}, prose(text)))));
  panel.show(settings);
  // An exhibit that merely comes into sight leaves the address to the one the reader is at.
  act(() => {}, named);
  say(problems.join('\n'));
  onPreference(() => {
    moving?.prefer();
    redraw();
  });
  if (film) animate();
  stage.dataset.state = 'live';

  return {
    id,
    /** Takes other values from the address. */
    restore(pairs) {
      const problems = take(session, pairs);
      act(() => {});
      say(problems.join('\n'));
    },
    say,
  };
}

/** Takes the values of the address; returns what was wrong with them. */
function take(session, pairs) {
  let problems;
  try {
    problems = session.restore(pairs);
  } catch (error) {
    problems = [sentence(error)];
  }
  return problems.length > 0 ? ['The address asks for what cannot be. The usual values stand instead of these:', ...problems] : [];
}

const sentence = error => String(error?.message ?? error);

/** A sentence with live numbers in it. */
function readout({ spans }) {
  const piece = span => (span.kind === 'value' ? element('b', { data: { role: span.role } }, span.text) : span.text);
  return element('p', {}, ...spans.map(piece));
}

/** Named situations, and the way back. */
function situations(outfit, session, act, say) {
  const button = preset => {
    const made = element('button', { type: 'button', className: 'pill', data: { preset: preset.id }, 'aria-pressed': 'false' }, preset.label);
    made.addEventListener('click', () => {
      say('');
      act(() => session.preset(preset.id));
    });
    return made;
  };
  const reset = element('button', { type: 'button', className: 'plain', data: { reset: '' } }, 'Reset');
  reset.addEventListener('click', () => {
    say('');
    act(() => session.reset());
  });
  const legend = name('situations');
  return element('div', { className: 'presets', role: 'group', 'aria-labelledby': legend },
    element('span', { className: 'legend', id: legend }, outfit.presets.length > 0 ? 'Situations' : 'Values'),
    ...outfit.presets.map(button), reset);
}

/** What a reader can take away: a link, a command, a frame for their own page. */
function actions(id, session) {
  const embed = () => `<iframe src="${state.link(id, session.query(), { embed: true })}" width="100%" height="900" title="Headroom"></iframe>`;
  const said = element('span', { className: 'unseen', role: 'status' });
  const copier = (what, label, text) => {
    const button = element('button', { type: 'button', className: 'plain', data: { copy: what } }, label);
    button.addEventListener('click', async () => {
      const done = await copy(text());
      write(button, done ? 'Copied' : 'Could not copy');
      write(said, done ? `Copied: ${label}` : 'The browser did not allow copying');
      setTimeout(() => write(button, label), 1600);
    });
    return button;
  };
  return element('div', { className: 'actions', data: { actions: '' } },
    copier('link', 'Copy link', () => state.link(id, session.query())),
    session.command() ? copier('command', 'Copy as command', () => session.command()) : undefined,
    state.embedded ? undefined : copier('embed', 'Copy embed code', embed),
    said);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages served without encryption, and frames, may not use the clipboard directly.
    const area = element('textarea', { value: text, className: 'unseen' });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
