//! The browser's door to `sim-core`: sessions with an exhibit, plots on a canvas, a worker's errands, animation.
//!
//! Nothing that comes in is trusted and no panic goes out: whatever cannot be done comes back as a JavaScript `Error`
//! with a sentence in it. No exhibit is known here by name; they all come from `sim-core`'s registry.

use serde::Serialize;
use sim_core::exhibits::{Card, Control, Preset, registry};
use sim_core::run::Job;
use sim_core::run::report::Stopped;
use wasm_bindgen::prelude::*;

mod animation;
mod control;
mod easing;
mod failure;
mod ledger;
mod runner;
mod session;
mod sheet;

pub use animation::Animation;
pub use failure::Failure;
pub use runner::Runner;
pub use session::Session;

/// What the page must know to lay an exhibit out.
#[derive(Serialize)]
struct Listing {
    card: Card,
    controls: &'static [Control],
    presets: &'static [Preset],
}

/// Every exhibit with its controls and presets, in the registry's order.
///
/// # Errors
/// If the browser cannot make an array.
#[wasm_bindgen]
pub fn exhibits() -> Result<JsValue, Failure> {
    let listings: Vec<Listing> = registry()
        .iter()
        .map(|entry| Listing {
            card: entry.card(),
            controls: entry.controls(),
            presets: entry.presets(),
        })
        .collect();
    to_js(&listings)
}

/// Runs a scenario, packed, for some replications and returns its report: what the batch run computes, by the same code.
///
/// # Errors
/// What is wrong with the scenario or the numbers.
#[wasm_bindgen]
pub fn run_scenario(scenario: &[u8], seed: f64, replications: f64) -> Result<JsValue, Failure> {
    let plan = sim_wasm_hot::plan(&runner::unpack(scenario)?, runner::whole("seed", seed)?)?;
    let most = sim_core::run::MAX_REPLICATIONS as f64;
    let replications = sim_core::error::in_range("replications", replications, 1.0, most)?;
    let mut job = Job::new(&plan, 0..runner::whole("replications", replications)?);
    while !sim_wasm_hot::step(&mut job, u64::MAX) {}
    to_js(&job.finish().report(ledger::PRECISION, Stopped::Budget))
}

/// A value as plain JavaScript: objects rather than maps, `null` for what is absent.
fn to_js(value: &impl Serialize) -> Result<JsValue, Failure> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&plain)?)
}
