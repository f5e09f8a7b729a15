// Requests in slow motion: plays while they are seen, rests otherwise, and goes step by step for those who want no motion.

import { dark, still, watchSize } from './canvas.js';
import { element, steady, write } from './dom.js';

const TELL = 200; // ms between two readings of who is there

/** Makes the animation. `animate` is the simulator's maker of films; `scenes` what it shows first, packed. */
export function animation(animate, scenes, seed) {
  const canvas = element('canvas', { role: 'img', 'aria-label': 'Requests in slow motion' });
  const lane = element('div', { className: 'lane', data: { lane: '' } }, canvas);
  const census = element('span', { className: 'census', data: { census: '' } });
  const pace = element('span', { data: { pace: '' } });
  const plain = (data, text, label) => element('button', { type: 'button', className: 'plain', data, title: label, 'aria-label': label }, text);
  const button = element('button', { type: 'button', className: 'plain', data: { pause: '' } });
  const step = plain({ step: '' }, 'Step', 'Pause, and go one step on');
  const slower = plain({ slower: '' }, 'Slower', 'Play the animation slower');
  const faster = plain({ faster: '' }, 'Faster', 'Play the animation faster');
  const controls = element('span', { className: 'buttons', role: 'group', 'aria-label': 'Animation' }, slower, faster, step, button);
  const deeds = element('div', { className: 'deeds', role: 'group', 'aria-label': 'By hand', data: { deeds: '' } });
  deeds.hidden = true;
  const caption = element('figcaption', {}, census, element('span', { className: 'film' }, pace, controls));
  const root = element('figure', { className: 'queue', data: { animation: '' } }, lane, deeds, caption);
  steady(caption);

  const film = animate(canvas, scenes, seed);
  let seen = false;
  let paused = still();
  let last; // time of the last frame
  let told = 0;
  let frame = 0;
  let broken = false;
  const size = watchSize(lane, () => {
    guard(fit);
    if (!frame) drawStill();
  });
  const stepwise = () => still();
  /** Makes room for everything; a lane without a height of its own keeps the page's. */
  const fit = () => {
    const height = size.width < 1 ? 0 : film.height(size.width);
    lane.style.height = height > 0 ? `${Math.ceil(height)}px` : '';
    size.height = lane.clientHeight;
  };

  const drawStill = () => guard(() => {
    if (size.width < 1) return;
    film.still(size.width, size.height, size.ratio, dark());
    tell();
  });
  const tell = () => {
    write(census, film.census());
    write(pace, stepwise() ? film.stride() : film.pace());
    canvas.setAttribute('aria-label', `Requests in slow motion: ${film.census()}`);
    list();
  };
  /** A button for each server that can die, and each cache that can be emptied: what it is now, and what a press does. */
  const list = () => {
    const lines = film.deeds();
    if (lines.length !== deeds.childElementCount) {
      deeds.replaceChildren(...lines.map((_, number) => {
        const one = element('button', { type: 'button', className: 'plain', data: { deed: '' } });
        one.addEventListener('click', () => act(number));
        return one;
      }));
      deeds.hidden = lines.length === 0;
    }
    lines.forEach((line, number) => {
      const one = deeds.children[number];
      if (one.getAttribute('aria-label') === line) return;
      one.setAttribute('aria-label', line);
      one.title = line;
      write(one, line.split('. ')[0]);
    });
  };
  const act = number => {
    guard(() => film.act(number));
    // What stands still shows it at once.
    if (paused || stepwise()) guard(() => film.step());
    if (!frame) drawStill();
    else guard(list);
  };
  const play = now => guard(() => {
    frame = 0;
    if (!seen || paused || document.hidden || film.is_full()) {
      last = undefined;
      tell();
      return;
    }
    film.play(last === undefined ? 0 : (now - last) / 1000, size.width, size.height, size.ratio, dark());
    last = now;
    if (now - told > TELL) {
      told = now;
      tell();
    }
    frame = requestAnimationFrame(play);
  });
  const guard = what => {
    if (broken) return;
    try {
      what();
    } catch (error) {
      broken = true;
      write(census, 'The animation has stopped; the figures go on.');
      controls.hidden = true;
      console.error(error);
    }
  };
  const go = () => {
    if (!frame && !broken && size.width > 0) frame = requestAnimationFrame(play);
  };

  const label = () => {
    write(button, stepwise() ? 'One step on' : paused ? 'Play' : 'Pause');
    for (const each of [slower, faster, step]) each.hidden = stepwise();
  };
  const stepOn = () => {
    guard(() => film.step());
    drawStill();
  };
  button.addEventListener('click', () => {
    if (stepwise()) return stepOn();
    paused = !paused;
    label();
    go();
  });
  step.addEventListener('click', () => {
    paused = true;
    label();
    stepOn();
  });
  const under = event => {
    const box = canvas.getBoundingClientRect();
    return broken ? undefined : film.deed_at(event.clientX - box.left, event.clientY - box.top, box.width);
  };
  canvas.addEventListener('click', event => {
    const number = under(event);
    if (number !== undefined) act(number);
  });
  canvas.addEventListener('pointermove', event => {
    canvas.style.cursor = under(event) === undefined ? '' : 'pointer';
  });
  let speed = 1;
  const hasten = factor => guard(() => {
    const wanted = speed * factor;
    speed = film.set_speed(wanted);
    slower.disabled = speed > wanted;
    faster.disabled = speed < wanted;
    tell();
  });
  slower.addEventListener('click', () => hasten(0.5));
  faster.addEventListener('click', () => hasten(2));
  new IntersectionObserver(entries => {
    seen = entries.at(-1).isIntersecting;
    go();
  }).observe(lane);
  document.addEventListener('visibilitychange', go);

  const settleStill = () => {
    if (!stepwise()) return;
    guard(() => film.settle());
    drawStill();
  };
  label();
  settleStill();

  return {
    root,
    change(scenes) {
      guard(() => {
        film.change(scenes);
        fit();
      });
      settleStill();
      if (paused && !stepwise()) drawStill();
      go();
    },
    prefer() {
      paused = still();
      label();
      settleStill();
      go();
    },
  };
}
