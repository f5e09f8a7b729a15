// The controls of one exhibit, made from the simulator's own table of them.

import { element, name, write } from './dom.js';

/** Makes the controls. `act(what)` runs `what`, a change to the session, and returns the reason if it is refused. */
export function controls(outfit, session, act) {
  const made = outfit.controls.map(control =>
    control.kind.kind === 'choice' ? choice(control, session, act) : slider(control, session, act));
  const shown = made.filter((_, i) => !outfit.controls[i].folded).map(control => control.root);
  const folded = made.filter((_, i) => outfit.controls[i].folded).map(control => control.root);
  const root = element('div', { className: 'controls', data: { controls: '' } }, ...shown);
  if (folded.length > 0) {
    root.append(element('details', { className: 'folded' }, element('summary', {}, 'More to change'), ...folded));
  }
  return {
    root,
    show(settings) {
      made.forEach((control, i) => control.show(settings[i]));
    },
  };
}

function slider(control, session, act) {
  const { key, label, symbol, help } = control;
  const ids = { name: name('name'), help: name('help'), error: name('error') };
  const range = element('input', {
    type: 'range', min: 0, step: 1, className: 'range', data: { slider: key }, 'aria-labelledby': ids.name, 'aria-describedby': ids.help,
  });
  const typed = element('input', {
    type: 'text', inputMode: 'decimal', autocomplete: 'off', spellcheck: false, className: 'typed', data: { typed: key },
    'aria-labelledby': ids.name, 'aria-describedby': `${ids.help} ${ids.error}`,
  });
  const error = element('p', { className: 'error', id: ids.error, role: 'status', hidden: true });
  const { why, text } = helping(ids.help, label, help);
  const root = element('div', { className: 'control', role: 'group', 'aria-labelledby': ids.name, data: { control: key } },
    element('div', { className: 'head' }, element('span', { className: 'name', id: ids.name }, label), mark(symbol), why, typed),
    text, error, range);

  const complain = reason => {
    error.hidden = !reason;
    write(error, reason ?? '');
    if (reason) typed.setAttribute('aria-invalid', 'true');
    else typed.removeAttribute('aria-invalid');
  };
  range.addEventListener('input', () => complain(act(() => session.set_position(key, range.valueAsNumber))));
  typed.addEventListener('focus', () => typed.select());
  typed.addEventListener('change', () => complain(act(() => session.set_typed(key, typed.value))));
  typed.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      complain();
      act(() => {});
      typed.blur();
    }
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      const step = event.key === 'ArrowUp' ? 1 : -1;
      complain(act(() => session.set_position(key, range.valueAsNumber + step)));
    }
  });
  return {
    root,
    show(setting) {
      if (range.max !== String(setting.steps)) range.max = setting.steps;
      if (range.valueAsNumber !== setting.position) range.value = setting.position;
      range.setAttribute('aria-valuetext', setting.text);
      // What somebody is typing, or has to put right, is theirs.
      if (typed.getAttribute('aria-invalid') !== 'true' || setting.value !== typed.dataset.value) {
        if (typed.value !== setting.text) typed.value = setting.text;
        typed.size = Math.max(setting.text.length, 4);
        if (typed.dataset.value !== setting.value) complain();
      }
      typed.dataset.value = setting.value;
    },
  };
}

const FEW = 4; // options that lie side by side; more of them unfold

function choice(control, session, act) {
  return control.kind.options.length > FEW ? menu(control, session, act) : segments(control, session, act);
}

function menu(control, session, act) {
  const { key, label, symbol, help, kind } = control;
  const ids = { name: name('name'), help: name('help') };
  const select = element('select', { data: { menu: key }, 'aria-labelledby': ids.name },
    ...kind.options.map(([value, words]) => element('option', { value }, words)));
  select.addEventListener('change', () => act(() => session.set(key, select.value)));
  const { why, text } = helping(ids.help, label, help);
  const root = element('div', { className: 'control choice', role: 'group', 'aria-labelledby': ids.name, data: { control: key } },
    element('div', { className: 'head' }, element('span', { className: 'name', id: ids.name }, label), mark(symbol), why, select),
    text);
  return {
    root,
    show(setting) {
      select.value = setting.value;
    },
  };
}

function segments(control, session, act) {
  const { key, label, symbol, help, kind } = control;
  const group = name('choice');
  const ids = { name: name('name'), help: name('help') };
  const options = kind.options.map(([value, words]) => {
    const radio = element('input', { type: 'radio', name: group, value, data: { option: `${key}=${value}` } });
    radio.addEventListener('change', () => act(() => session.set(key, value)));
    return { radio, label: element('label', {}, radio, words) };
  });
  const { why, text } = helping(ids.help, label, help);
  const root = element('div', { className: 'control choice', role: 'radiogroup', 'aria-labelledby': ids.name, data: { control: key } },
    element('div', { className: 'head' }, element('span', { className: 'name', id: ids.name }, label), mark(symbol), why,
      element('div', { className: 'segments' }, ...options.map(option => option.label))),
    text);
  return {
    root,
    show(setting) {
      for (const { radio } of options) radio.checked = radio.value === setting.value;
    },
  };
}

/** Letters of formulas: `C²a` reads as C with a square and an index. */
function mark(symbol) {
  const [, base, power, index] = /^(.+?)(²?)([a-z]?)$/u.exec(symbol) ?? [];
  if (!symbol) return undefined;
  if (!power) return element('span', { className: 'symbol', 'aria-hidden': 'true' }, symbol);
  return element('span', { className: 'symbol', 'aria-hidden': 'true' }, base + power, element('sub', {}, index));
}

/** A question mark that unfolds the help. */
function helping(id, label, help) {
  if (!help) return {};
  const text = element('p', { className: 'help', id, hidden: true }, help);
  const why = element('button', { type: 'button', className: 'why', 'aria-expanded': 'false', 'aria-controls': id, 'aria-label': `What is ${label}?` }, '?');
  why.addEventListener('click', () => {
    text.hidden = !text.hidden;
    why.setAttribute('aria-expanded', String(!text.hidden));
  });
  return { why, text };
}
