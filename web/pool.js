// Workers that run errands for the exhibits. The latest change wins: an errand that nobody wants any more is dropped between
// two slices. A worker gets an engine when its first errand needs it.

import { compiled } from './modules.js';

const MOST = 8;

/** How many workers this machine is asked for: one is left for the page. */
const size = () => Math.min(Math.max((navigator.hardwareConcurrency || 2) - 1, 1), MOST);

const FIRST = 'station'; // the engine of the first view

export class Pool {
  #workers = [];
  #sources = [];
  #crashes = 0;

  /** A sentence once no worker is left, and who is told it then. */
  trouble = '';
  onTrouble = () => {};

  constructor() {
    for (let i = size(); i > 0; i--) this.#hire();
  }

  /** Takes errands from `source` (`next`, `wants`, `accept`, `abandon`, `refuse`), before those of earlier sources. */
  prefer(source) {
    this.#sources = [source, ...this.#sources.filter(other => other !== source)];
    this.wake();
  }

  /** Looks for work after something changed. */
  wake() {
    for (const worker of this.#workers) {
      if (!this.#busy(worker)) this.#assign(worker);
    }
  }

  #busy(worker) {
    const { source, ticket } = worker;
    if (!source) return false;
    if (source.wants(ticket)) return true;
    source.abandon(ticket);
    worker.source = undefined;
    worker.idle = false;
    return false;
  }

  #assign(worker) {
    for (const source of this.#sources) {
      const errand = source.next();
      if (!errand) continue;
      Object.assign(worker, { source, errand, ticket: errand.ticket, idle: false });
      this.#dispatch(worker);
      return;
    }
    if (!worker.idle) worker.port.postMessage({});
    worker.idle = true;
  }

  /** Sends a worker its errand as soon as it has the engine. */
  #dispatch(worker) {
    const { engine } = worker.errand;
    if (worker.engines.has(engine)) worker.port.postMessage({ errand: worker.errand });
    else this.#equip(worker, engine);
  }

  async #equip(worker, engine) {
    if (worker.awaited.has(engine)) return;
    worker.awaited.add(engine);
    try {
      worker.port.postMessage({ engine, module: await compiled(engine) });
    } catch (error) {
      worker.awaited.delete(engine);
      this.#refuse(worker, engine, error);
    }
  }

  /** An engine that cannot be had is the end of an errand that needs it, not of the worker. */
  #refuse(worker, engine, error) {
    const { source, ticket, errand } = worker;
    if (!source || errand.engine !== engine) return;
    worker.source = undefined;
    source.refuse(ticket, String(error?.message ?? error));
    this.#assign(worker);
  }

  #hire() {
    let port;
    try {
      port = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    } catch {
      this.#lose();
      return;
    }
    const worker = { port, engines: new Set(), awaited: new Set(), idle: true };
    this.#workers.push(worker);
    port.onmessage = ({ data }) => this.#hear(worker, data);
    port.onerror = event => {
      event.preventDefault();
      this.#replace(worker);
    };
    port.onmessageerror = () => this.#replace(worker);
    this.#equip(worker, FIRST);
  }

  #hear(worker, data) {
    if (!this.#workers.includes(worker)) return;
    if (data.crashed !== undefined) {
      this.#replace(worker);
      return;
    }
    if (data.ready) {
      worker.engines.add(data.ready);
      if (worker.source && worker.errand.engine === data.ready) this.#dispatch(worker);
    }
    // An answer to an errand that was dropped meanwhile is not for the one that runs now.
    const { source, ticket } = worker;
    if (source && data.done === ticket) {
      worker.source = undefined;
      source.accept(ticket, data.result);
    } else if (source && data.refused === ticket) {
      worker.source = undefined;
      source.refuse(ticket, data.reason);
    }
    if (!worker.source) this.#assign(worker);
  }

  /** A worker that crashed is replaced once; then the others carry on without it. */
  #replace(worker) {
    this.#workers = this.#workers.filter(other => other !== worker);
    worker.port.terminate();
    worker.source?.abandon(worker.ticket);
    this.#crashes += 1;
    if (this.#crashes <= size()) this.#hire();
    else this.#lose();
  }

  #lose() {
    if (this.#workers.length === 0) {
      this.trouble = 'The simulation has stopped: its workers cannot run in this browser. What you see is theory alone.';
      this.onTrouble();
    }
  }
}
