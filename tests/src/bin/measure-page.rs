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
use sim_core::Scenario;
use sim_core::balancing::{Policy, PowerOfChoices};
use sim_core::distribution::Distribution;
use sim_core::exhibits::{Entry, registry};
use sim_core::run::report::Stopped;
use sim_core::run::{Job, Plan};
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon};
use tests::browser::{Browser, Look, Pointer};
use tests::exhibit::{self, Exhibit, FIRST_VIEW, open_page};
use tests::visit::Sent;
use tests::world::World;

/// Longest task on the page's thread, milliseconds: what browsers call long.
const LONGEST_TASK: f64 = 50.0;
const DRAG: Duration = Duration::from_secs(5);
/// Least speed of the general engine in WebAssembly, as a share of native speed.
const LEAST_SPEED: f64 = 0.5;
/// What the races of the two run.
const UTILIZATION: f64 = 0.9;
const SEED: u64 = 1;
const REQUESTS: u64 = 250_000;
/// A multiple of what is simulated side by side.
const REPLICATIONS: u64 = 16;
/// Each race is run this often, by turns; the fastest run counts.
const ROUNDS: usize = 5;
/// Decides only what counts as converged.
const PRECISION: f64 = 0.05;

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
    let bytes = weigh(world)?;
    let mut longest = 0.0_f64;
    for &entry in registry() {
        longest = longest.max(drag(world, entry)?);
    }
    let shares = speed(world)?;
    ensure!(
        bytes <= FIRST_VIEW,
        "the first view is heavier than {} KB",
        FIRST_VIEW / 1024
    );
    ensure!(
        longest <= LONGEST_TASK,
        "a task took longer than {LONGEST_TASK} ms"
    );
    for (name, share) in shares {
        ensure!(
            share >= LEAST_SPEED,
            "{name}: WebAssembly has only {share:.2} of the native speed"
        );
    }
    Ok(())
}

/// Bytes of the first view, and what comes once somebody reads on.
fn weigh(world: &Arc<World>) -> Result<u64> {
    let browser = Browser::fresh(world, &Look::WIDE)?;
    let visit = world.visit();
    exhibit::first_view(&browser, &visit)?;
    let first = visit.sent();
    list("First view", &first);
    for entry in registry() {
        browser.look(&format!(
            "document.getElementById({:?}).scrollIntoView({{behavior: 'instant'}})",
            entry.card().id
        ))?;
        let exhibit = Exhibit {
            browser: &browser,
            entry: *entry,
        };
        exhibit.wait_until_drawn()?;
        exhibit.wait_until_settled()?;
    }
    list("Reading on to the end", &visit.sent()[first.len()..]);
    Ok(first.iter().map(|it| it.bytes).sum())
}

fn list(what: &str, sent: &[Sent]) {
    let kilobytes = |bytes: u64| bytes as f64 / 1024.0;
    let all = sent.iter().map(|it| it.bytes).sum();
    println!(
        "{what}: {:.1} KB in {} requests",
        kilobytes(all),
        sent.len()
    );
    for Sent { file, bytes } in sent {
        println!("  {:>8.1} KB  {file}", kilobytes(*bytes));
    }
}

/// Drags the first slider from end to end and returns the longest task meanwhile, milliseconds.
fn drag(world: &Arc<World>, entry: &'static dyn Entry) -> Result<f64> {
    let browser = Browser::fresh(world, &Look::WIDE)?;
    let exhibit = Exhibit::open(world, &browser, entry, "")?;
    browser.look(
        "window.tasks = []; window.frames = 0; const count = () => { window.frames += 1; requestAnimationFrame(count); }; count();
         void new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(task => task.duration))).observe({type: 'longtask'})",
    )?;
    let control = exhibit::first_slider(entry)?.key;
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

/// Nanoseconds a request of the recursions and of the general engine, natively and in the browser, on one thread.
fn speed(world: &Arc<World>) -> Result<Vec<(String, f64)>> {
    let browser = Browser::fresh(world, &Look::WIDE)?;
    open_page(world, &browser)?;
    let mut shares = Vec::new();
    for Race {
        name,
        scenario,
        on_calendar,
    } in races()
    {
        let plan = if on_calendar {
            Plan::on_calendar(&scenario, SEED)?
        } else {
            Plan::new(&scenario, SEED)?
        };
        let (mut native, mut wasm) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..ROUNDS {
            native = native.min(natively(&plan));
            wasm = wasm.min(in_browser(&browser, &scenario, on_calendar)?);
        }
        println!(
            "{name}: {wasm:.2} ns a request in WebAssembly, {native:.2} natively: {:.0} % of native speed",
            100.0 * native / wasm
        );
        if on_calendar {
            shares.push((name, native / wasm));
        }
    }
    Ok(shares)
}

/// What is timed.
struct Race {
    name: String,
    scenario: Scenario,
    /// By the calendar of events, in the browser and natively.
    on_calendar: bool,
}

fn races() -> Vec<Race> {
    let horizon = Horizon::Transient { requests: REQUESTS };
    let race = |name: String, scenario: Scenario, on_calendar| Race {
        name,
        scenario: scenario.with_horizon(horizon),
        on_calendar,
    };
    let station = |servers: u32| {
        let service = Distribution::exponential(UTILIZATION * f64::from(servers));
        Scenario::new(Distribution::exponential(1.0), servers, service)
    };
    let recursion = [1, 16].map(|servers| {
        let name = format!("M/M/{servers} by recursion");
        race(name, station(servers), false)
    });
    let calendar = race("M/M/16 on the calendar".into(), station(16), true);
    let policies = [
        Policy::RoundRobin,
        Policy::Random,
        Policy::PowerOfChoices(PowerOfChoices { choices: 2 }),
        Policy::ShortestQueue,
    ];
    let balanced = policies.map(|policy| {
        let name = format!("ten servers under {} on the calendar", policy.name());
        let work = Activity::demand("servers", Distribution::exponential(1.0));
        let scenario = Scenario::empty()
            .with_class("request", Class::new(Arrivals::poisson(UTILIZATION * 10.0)))
            .with_resource("servers", Group::new(10, policy))
            .with_path(vec![Activity::balance("servers", vec![work])]);
        race(name, scenario, true)
    });
    recursion
        .into_iter()
        .chain([calendar])
        .chain(balanced)
        .collect()
}

/// Nanoseconds a request of a run in this program.
fn natively(plan: &Plan) -> f64 {
    let start = Instant::now();
    let mut job = Job::new(plan, 0..REPLICATIONS);
    while !job.step(u64::MAX) {}
    let report = job.finish().report(PRECISION, Stopped::Budget);
    start.elapsed().as_secs_f64() * 1e9 / report.requests as f64
}

/// The same in the browser.
fn in_browser(browser: &Browser, scenario: &Scenario, on_calendar: bool) -> Result<f64> {
    let run = if on_calendar {
        "run_on_calendar"
    } else {
        "run_scenario"
    };
    let packed = postcard::to_allocvec(scenario)?;
    browser.number(&format!(
        "import('./modules.js').then(modules => modules.load('network')).then(wasm => {{ const start = performance.now(); \
         const report = wasm.{run}(new Uint8Array({packed:?}), {SEED}, {REPLICATIONS}); \
         return (performance.now() - start) * 1e6 / report.requests; }})"
    ))
}
