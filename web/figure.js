// One figure: its canvas, its handle, its words and its numbers.

import { dark, still, watchSize } from './canvas.js';
import { element, name, steady, write } from './dom.js';

const QUIET = 900; // ms without change before the description is read out

/**
 * Makes the frame of figure `index`. `act` as for controls; `redraw()` asks for a drawing in this frame. `room` has the lengths
 * that its notes may come to; `alone` if there is no other.
 */
export function figure(session, index, shape, act, redraw, { room, alone }) {
  const ids = { title: name('title'), text: name('text') };
  const title = element('span', { className: 'title', id: ids.title });
  const canvas = element('canvas', { role: 'img', 'aria-labelledby': ids.title, 'aria-describedby': ids.text });
  const text = element('p', { className: 'unseen', id: ids.text, role: 'status', data: { description: '' } });
  const notes = element('ul', { className: 'notes', data: { notes: '' } });
  const stage = element('div', { className: 'stage', data: { stage: '' } }, canvas);
  const root = element('figure', { className: alone ? 'plot alone' : 'plot', data: { figure: shape.id } },
    element('figcaption', {}, title), stage, text, notes);
  const handle = shape.handle ? draggable(session, index, shape, stage, act, ids.title) : undefined;
  const size = watchSize(stage, redraw);
  const table = numbers(session, index, alone ? 'The numbers as a table' : `As a table: ${shape.title}`);
  let described = 0;

  return {
    root,
    table: table.root,
    /** Lets the notes take no more room than they need. */
    loosen: steady(notes, room),
    /** Draws; true while an axis is still gliding. */
    draw(now) {
      if (size.width < 1 || size.height < 1) return false;
      const drawn = session.draw(canvas, index, size.width, size.height, size.ratio, dark(), still() ? NaN : now);
      handle?.place(drawn.handle);
      return drawn.moving;
    },
    /** Follows in words; `setting` is what the handle's control stands at. */
    tell(shape, setting) {
      write(title, shape.title);
      const lines = shape.notes.join('\n');
      if (notes.dataset.lines !== lines) {
        notes.dataset.lines = lines;
        notes.replaceChildren(...shape.notes.map(note => element('li', {}, note)));
      }
      handle?.tell(setting);
      table.show();
      clearTimeout(described);
      described = setTimeout(() => write(text, shape.description), text.textContent ? QUIET : 0);
    },
  };
}

/** The point that is dragged on the canvas, and pressed or stepped by keys as a slider. */
function draggable(session, index, shape, stage, act, label) {
  const knob = element('div', { className: 'handle', role: 'slider', tabIndex: 0, 'aria-labelledby': label, 'aria-orientation': 'horizontal', data: { handle: shape.handle } });
  stage.append(knob);
  stage.classList.add('draggable');
  let range = { position: 0, steps: 0 };
  let offset = 0;
  let at = [0, 0];

  const left = event => event.clientX - stage.getBoundingClientRect().left;
  const move = event => act(() => session.drag(index, left(event) - offset));
  stage.addEventListener('pointerdown', event => {
    if (event.button !== 0 || !event.isPrimary) return;
    // Taken by its edge the point does not jump under the finger; elsewhere it comes.
    const onKnob = event.target === knob;
    offset = onKnob ? left(event) - at[0] : 0;
    stage.setPointerCapture(event.pointerId);
    stage.classList.add('dragging');
    if (event.pointerType === 'mouse') event.preventDefault();
    knob.focus({ preventScroll: true });
    if (!onKnob) move(event);
  });
  stage.addEventListener('pointermove', event => {
    if (stage.hasPointerCapture(event.pointerId)) move(event);
  });
  const release = () => stage.classList.remove('dragging');
  stage.addEventListener('pointerup', release);
  stage.addEventListener('pointercancel', release);
  stage.addEventListener('lostpointercapture', release);

  knob.addEventListener('keydown', event => {
    const page = Math.max(Math.round(range.steps / 10), 1);
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: page, PageDown: -page }[event.key];
    const target = { Home: 0, End: range.steps }[event.key] ?? (steps && range.position + steps);
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act(() => session.set_position(shape.handle, target));
  });

  return {
    place(point) {
      knob.hidden = !point;
      if (!point) return;
      at = point;
      knob.style.transform = `translate(${point[0]}px, ${point[1]}px)`;
    },
    tell(setting) {
      range = setting;
      knob.setAttribute('aria-valuemin', 0);
      knob.setAttribute('aria-valuemax', setting.steps);
      knob.setAttribute('aria-valuenow', setting.position);
      knob.setAttribute('aria-valuetext', setting.text);
    },
  };
}

/** The figure's numbers, made when somebody unfolds them. */
function numbers(session, index, words) {
  const body = element('div', { className: 'scroller', tabIndex: 0, role: 'region', 'aria-label': words });
  const root = element('details', { className: 'table', data: { table: '' } }, element('summary', {}, words), body);
  const show = () => {
    if (root.open) body.replaceChildren(...session.tables(index).map(table));
  };
  root.addEventListener('toggle', show);
  return { root, show };
}

function table({ caption, columns, rows }) {
  const head = element('tr', {}, ...columns.map(column => element('th', { scope: 'col' }, column)));
  const line = ([first, ...rest]) =>
    element('tr', {}, element('th', { scope: 'row' }, first), ...rest.map(cell => element('td', {}, cell)));
  return element('table', { className: 'numbers' },
    element('caption', {}, caption), element('thead', {}, head), element('tbody', {}, ...rows.map(line)));
}
