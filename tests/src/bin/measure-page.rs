//! What the page costs: bytes of the first view, long tasks while somebody drags, speed of the simulator in the browser.
//! `cargo xtask bench --page` builds the page and runs this.

#![allow(
    clippy::disallowed_methods,
    reason = "what happens in the meantime is measured"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::Value;
use sim_core::Scenario;
use sim_core::distribution::Distribution;
use sim_core::exhibits::{Entry, registry};
use tests::browser::{Browser, Look, Pointer};
use tests::exhibit::Exhibit;
use tests::world::World;

/// Most bytes of the first view, compressed.
const MOST_BYTES: f64 = 250.0 * 1024.0;
/// Longest task on the page's thread, milliseconds: what browsers call long.
const LONGEST_TASK: f64 = 50.0;
const DRAG: Duration = Duration::from_secs(5);
/// Replications of the speed test; a multiple of what is simulated side by side.
const REPLICATIONS: u64 = 64;

fn main() -> ExitCode {
    let measured = World::start().and_then(|world| measure(&Arc::new(world)));
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(world: &Arc<World>) -> Result<()> {
    let bytes = first_view(world)?;
    let mut longest = 0.0_f64;
    for &entry in registry() {
        longest = longest.max(drag(world, entry)?);
    }
    speed(world)?;
    ensure!(
        bytes <= MOST_BYTES,
        "the first view is heavier than {:.0} KB",
        MOST_BYTES / 1024.0
    );
    ensure!(
        longest <= LONGEST_TASK,
        "a task took longer than {LONGEST_TASK} ms"
    );
    Ok(())
}

/// Every request of the page with its bytes on the wire, headers included.
const REQUESTS: &str =
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(entry => [entry.name.slice(entry.name.lastIndexOf('/') + 1), entry.transferSize])";

fn first_view(world: &Arc<World>) -> Result<f64> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let exhibit = Exhibit::open(world, &browser, registry()[0], "")?;
    let requests: Vec<(String, f64)> = serde_json::from_value(exhibit.browser.look(REQUESTS)?)?;
    let bytes = requests.iter().map(|(_, bytes)| bytes).sum();
    println!(
        "First view: {:.1} KB in {} requests",
        bytes / 1024.0,
        requests.len()
    );
    for (name, bytes) in requests {
        println!("  {:>8.1} KB  {name}", bytes / 1024.0);
    }
    Ok(bytes)
}

/// Drags the slider of the first control from end to end and returns the longest task meanwhile, milliseconds.
fn drag(world: &Arc<World>, entry: &'static dyn Entry) -> Result<f64> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let exhibit = Exhibit::open(world, &browser, entry, "")?;
    browser.look(
        "window.tasks = []; window.frames = 0; const count = () => { window.frames += 1; requestAnimationFrame(count); }; count();
         void new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(task => task.duration))).observe({type: 'longtask'})",
    )?;
    let control = entry.controls()[0].key;
    let slider = exhibit.within(&format!("[data-slider={control}]"));
    let start = Instant::now();
    let frames = browser.number("window.frames")?;
    browser.drag_for(DRAG, &slider, Pointer::Mouse, (0.02, 0.5), (0.98, 0.5))?;
    let frames = browser.number("window.frames")? - frames;
    let seconds = start.elapsed().as_secs_f64();
    let tasks: Vec<f64> = serde_json::from_value(browser.look("window.tasks")?)?;
    let longest = tasks.iter().copied().fold(0.0, f64::max);
    println!(
        "Dragging {control} of {} for {seconds:.1} s: {} tasks over {LONGEST_TASK} ms, the longest {longest:.0} ms, {:.0} frames a second",
        entry.card().id,
        tasks.len(),
        frames / seconds,
    );
    Ok(longest)
}

/// How long the browser takes for a request of M/M/1 and of M/M/16, on one thread.
fn speed(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    browser.go(&world.page())?;
    browser.wait_until(
        "the page is ready",
        "document.documentElement.dataset.state === 'ready'",
    )?;
    for servers in [1, 16] {
        let service = Distribution::exponential(0.9 * f64::from(servers));
        let packed = postcard::to_allocvec(&Scenario::new(
            Distribution::exponential(1.0),
            servers,
            service,
        ))?;
        let timed = format!(
            "import('./wasm/sim_wasm.js').then(wasm => {{ const start = performance.now(); \
             const report = wasm.run_scenario(new Uint8Array({packed:?}), 1, {REPLICATIONS}); \
             return [(performance.now() - start) * 1e6 / (report.requests + report.replications * report.warm_up), report.requests]; }})"
        );
        let found: [Value; 2] = serde_json::from_value(browser.look(&timed)?)?;
        let nanoseconds = found[0].as_f64().unwrap_or(f64::NAN);
        println!(
            "M/M/{servers} in WebAssembly, one thread: {nanoseconds:.2} ns a request ({} requests)",
            found[1]
        );
    }
    Ok(())
}
