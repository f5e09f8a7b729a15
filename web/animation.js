// The queue in slow motion: plays while it is seen, rests otherwise, and goes step by step for those who want no motion.

import { dark, still, watchSize } from './canvas.js';
import { element, write } from './dom.js';

const TELL = 200; // ms between two readings of who is there

/** Makes the animation. `Animation` is the simulator's class; `scenario` its first scenario, packed. */
export function animation(Animation, scenario, seed) {
  const canvas = element('canvas', { role: 'img', 'aria-label': 'A queue of requests before the servers' });
  const lane = element('div', { className: 'lane', data: { lane: '' } }, canvas);
  const census = element('span', { className: 'census', data: { census: '' } });
  const pace = element('span', { data: { pace: '' } });
  const button = element('button', { type: 'button', className: 'plain', data: { pause: '' } });
  const root = element('figure', { className: 'queue', data: { animation: '' } }, lane,
    element('figcaption', {}, census, pace, button));

  const film = new Animation(canvas, scenario, seed);
  let seen = false;
  let paused = still();
  let last; // time of the last frame
  let told = 0;
  let frame = 0;
  let broken = false;
  const size = watchSize(lane, () => {
    if (!frame) drawStill();
  });
  const stepwise = () => still();

  const drawStill = () => guard(() => {
    if (size.width < 1) return;
    film.still(size.width, size.height, size.ratio, dark());
    tell();
  });
  const tell = () => {
    write(census, film.census());
    write(pace, stepwise() ? 'Each step is one mean service time' : film.pace());
    canvas.setAttribute('aria-label', `A queue of requests before the servers: ${film.census()}`);
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
      button.hidden = true;
      console.error(error);
    }
  };
  const go = () => {
    if (!frame && !broken && size.width > 0) frame = requestAnimationFrame(play);
  };

  const label = () => write(button, stepwise() ? 'One step on' : paused ? 'Play' : 'Pause');
  button.addEventListener('click', () => {
    if (stepwise()) {
      guard(() => film.step());
      drawStill();
    } else {
      paused = !paused;
      label();
      go();
    }
  });
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
    change(scenario) {
      guard(() => film.change(scenario));
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
