// A worker: runs one errand at a time in short slices, and listens in between. It is handed the engines that its errands need.

const SLICE = 6; // ms

const runners = new Map(); // by engine
let errand;
let running = false;
let size = 20_000; // requests in a slice; follows the speed of the machine

const pause = new MessageChannel();
let resume = () => {};
pause.port1.onmessage = () => resume();
const breath = () => new Promise(done => {
  resume = done;
  pause.port2.postMessage(null);
});

onmessage = async ({ data }) => {
  try {
    if (data.module) {
      const engine = await import(`./wasm/${data.engine}.js`);
      await engine.default({ module_or_path: data.module });
      runners.set(data.engine, new engine.Runner());
      postMessage({ ready: data.engine });
    } else {
      // Whatever was being done is no longer wanted.
      errand = data.errand;
      if (errand) begin();
      if (errand && !running) await run();
    }
  } catch (error) {
    postMessage({ crashed: String(error) });
  }
};

function begin() {
  try {
    runners.get(errand.engine).start(errand.scenario, errand.seed, errand.first, errand.last);
  } catch (error) {
    // A trap leaves the simulator in pieces; an answer in words does not.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    postMessage({ refused: errand.ticket, reason: String(error.message ?? error) });
    errand = undefined;
  }
}

async function run() {
  running = true;
  while (errand) {
    const start = performance.now();
    const runner = runners.get(errand.engine);
    const done = runner.step(size);
    const took = Math.max(performance.now() - start, 0.1);
    size = Math.min(Math.max(size * Math.min(SLICE / took, 2), 1000), 1e7);
    if (done) {
      const result = runner.finish();
      const { ticket } = errand;
      errand = undefined;
      postMessage({ done: ticket, result }, [result.buffer]);
    }
    await breath();
  }
  running = false;
}
