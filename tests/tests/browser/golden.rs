//! The same bits everywhere: a report computed natively, on one thread and on two, and in the browser's WebAssembly.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::distribution::Distribution;
use sim_core::exhibits::registry;
use sim_core::run::{Cancel, Findings, Partial, Plan, QueueResults, Stopping, run, run_range};
use sim_core::scenario::{Horizon, Queue};
use sim_core::{Report, Scenario};
use tests::browser::{Browser, Look};
use tests::exhibit::open_page;
use tests::world::World;

use crate::Trials;

/// Seed and replications of every comparison; more replications than are simulated side by side.
const SEED: u64 = 7;
const REPLICATIONS: u64 = 20;
/// Requests of a replication where an exhibit does not say; no multiple of the size of the simulator's chunks.
const REQUESTS: u64 = 20_001;
/// Precision as the page asks for it; it decides only what counts as converged.
const PRECISION: f64 = 0.05;

/// Every law, in arrivals or in service, and stations from one server to many: (arrivals, service, servers).
const LAWS: [(&str, &str, u32); 9] = [
    ("exponential", "exponential", 1),
    ("exponential", "deterministic", 2),
    ("erlang:3", "hyperexponential:4", 1),
    ("lognormal:2", "weibull:0.7", 4),
    ("mixed-erlang:0.4", "bounded-pareto:1.5:1000", 3),
    ("hyperexponential:3", "uniform", 16),
    ("uniform:0.5", "pareto:3", 2),
    ("exponential", "empirical:1;2;2;9", 5),
    ("exponential", "exponential", 200),
];

pub(crate) fn add(trials: &mut Trials) {
    trials.add("native_and_webassembly_agree_to_the_bit", agree);
}

/// Scenarios of every kind: those of all exhibits at their defaults, and every law that a station can have.
fn scenarios() -> Result<Vec<Scenario>> {
    let mut scenarios = Vec::new();
    for entry in registry() {
        scenarios.extend(entry.defaults().scenarios()?.into_iter().take(2));
    }
    for (arrivals, service, servers) in LAWS {
        let arrivals = Distribution::parse("arrivals", arrivals, 1.0)?;
        let service = Distribution::parse("service", service, 0.8 * f64::from(servers))?;
        let mut scenario = Scenario::new(arrivals, servers, service);
        scenario.horizon = Horizon::Steady {
            requests: Some(REQUESTS),
        };
        scenarios.push(scenario);
    }
    Ok(scenarios)
}

fn native(scenario: &Scenario, threads: usize) -> Result<Report> {
    let plan = Plan::new(scenario, SEED)?;
    let stopping = Stopping {
        precision: PRECISION,
        replications: REPLICATIONS,
        early: false,
    };
    Ok(run(&plan, &stopping, threads, &Cancel::default(), &|_| {}))
}

fn agree(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    open_page(world, &browser)?;
    for scenario in scenarios()? {
        let one = native(&scenario, 1)?;
        let two = native(&scenario, 2)?;
        ensure!(
            one == two,
            "one thread says\n{one:?}\ntwo threads say\n{two:?}"
        );
        let packed = postcard::to_allocvec(&scenario)?;
        let wasm = browser.read(&format!(
            "import('./modules.js').then(modules => modules.load('network')).then(wasm => JSON.stringify( \
             wasm.run_scenario(new Uint8Array({packed:?}), {SEED}, {REPLICATIONS})))"
        ))?;
        // JavaScript writes some numbers in another way, but it too writes what reads back equal.
        let wasm: Report = serde_json::from_str(&wasm)?;
        ensure!(
            one == wasm,
            "{scenario:?}: natively\n{one:?}\nin WebAssembly\n{wasm:?}"
        );
        if let Some(queue) = scenario.queue() {
            agree_on_station(&browser, &scenario, &queue)?;
        }
    }
    Ok(())
}

/// The engine of single stations, which the first view loads, against a native run: every number that it hands back.
fn agree_on_station(browser: &Browser, scenario: &Scenario, queue: &Queue) -> Result<()> {
    let packed = postcard::to_allocvec(queue)?;
    let found = browser.look(&format!(
        "import('./modules.js').then(modules => modules.load('station')).then(wasm => {{ \
         const runner = new wasm.Runner(); runner.start(new Uint8Array({packed:?}), {SEED}, 0, {REPLICATIONS}); \
         while (!runner.step(70000)); return [...runner.finish()]; }})"
    ))?;
    let bytes: Vec<u8> = serde_json::from_value(found)?;
    let found = Partial::new(
        scenario.clone(),
        SEED,
        postcard::from_bytes::<Findings<QueueResults>>(&bytes)?,
    );
    let plan = Plan::new(scenario, SEED)?;
    let native = run_range(&plan, 0..REPLICATIONS, 1, &Cancel::default(), &|_| {});
    ensure!(
        found == native,
        "the engine of stations found something else than a native run of {scenario:?}"
    );
    Ok(())
}
