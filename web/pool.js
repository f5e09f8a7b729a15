// Workers that run errands for the exhibits. The latest change wins: an errand that nobody wants any more is dropped between
// two slices.

const MOST = 8;

/** How many workers this machine is asked for: one is left for the page. */
const size = () => Math.min(Math.max((navigator.hardwareConcurrency || 2) - 1, 1), MOST);

export class Pool {
  #workers = [];
  #module;
  #sources = [];
  #onTrouble;
  #crashes = 0;

  /** `module` is the compiled simulator; `onTrouble(sentence)` is told once when no worker is left. */
  constructor(module, onTrouble) {
    this.#module = module;
    this.#onTrouble = onTrouble;
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
      if (worker.ready && !this.#busy(worker)) this.#assign(worker);
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
      Object.assign(worker, { source, ticket: errand.ticket, idle: false });
      worker.port.postMessage({ errand });
      return;
    }
    if (!worker.idle) worker.port.postMessage({});
    worker.idle = true;
  }

  #hire() {
    let port;
    try {
      port = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    } catch {
      this.#lose();
      return;
    }
    const worker = { port, ready: false, idle: true };
    this.#workers.push(worker);
    port.onmessage = ({ data }) => this.#hear(worker, data);
    port.onerror = event => {
      event.preventDefault();
      this.#replace(worker);
    };
    port.onmessageerror = () => this.#replace(worker);
    port.postMessage({ module: this.#module });
  }

  #hear(worker, data) {
    if (!this.#workers.includes(worker)) return;
    if (data.crashed !== undefined) {
      this.#replace(worker);
      return;
    }
    if (data.ready) worker.ready = true;
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
      this.#onTrouble('The simulation has stopped: its workers cannot run in this browser. What you see is theory alone.');
    }
  }
}
