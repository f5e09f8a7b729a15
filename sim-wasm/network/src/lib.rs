//! The engine of any scenario, for workers, and the animation of any scenario: fetched when something on the page needs it.

use std::ops::Range;

use sim_core::run::report::{Report, Stopped};
use sim_core::run::{Job, MAX_REPLICATIONS, Plan};
use sim_core::{Scenario, error};
use sim_wasm_animation::{Animation, any};
use sim_wasm_common::{Engine, Failure, pack, runner, to_js, unpack, whole};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Relative half-width that counts as converged.
const PRECISION: f64 = 0.05;

/// Everything that can be simulated.
#[derive(Debug)]
struct Scenarios;

impl Engine for Scenarios {
    type Plan = Plan;
    type Job = Job;

    fn plan(packed: &[u8], seed: u64) -> Result<Plan, Failure> {
        Ok(Plan::new(&unpack(packed)?, seed)?)
    }

    fn begin(plan: &Plan, range: Range<u64>) -> Job {
        Job::new(plan, range)
    }

    fn step(job: &mut Job, requests: u64) -> bool {
        job.step(requests)
    }

    fn finish(job: Job) -> Result<Vec<u8>, Failure> {
        pack(&job.findings())
    }
}

runner!(Scenarios, "Runs errands about any scenario.");

/// Runs a scenario, packed, for some replications and returns its report: what the batch run computes, by the same code.
///
/// # Errors
/// What is wrong with the scenario or the numbers.
#[wasm_bindgen]
pub fn run_scenario(packed: &[u8], seed: f64, replications: f64) -> Result<JsValue, Failure> {
    let plan = Plan::new(&unpack(packed)?, whole("seed", seed)?)?;
    to_js(&report(&plan, replications)?)
}

/// The same by the calendar of events, also where there is a faster way.
///
/// # Errors
/// What is wrong with the scenario or the numbers.
#[wasm_bindgen]
pub fn run_on_calendar(packed: &[u8], seed: f64, replications: f64) -> Result<JsValue, Failure> {
    let scenario: Scenario = unpack(packed)?;
    let plan = Plan::on_calendar(&scenario, whole("seed", seed)?)?;
    to_js(&report(&plan, replications)?)
}

fn report(plan: &Plan, replications: f64) -> Result<Report, Failure> {
    let most = MAX_REPLICATIONS as f64;
    let replications = error::in_range("replications", replications, 1.0, most)?;
    let mut job = Job::new(plan, 0..whole("replications", replications)?);
    while !job.step(u64::MAX) {}
    Ok(job.finish().report(PRECISION, Stopped::Budget))
}

/// Watches a scenario, packed by a session, in slow motion.
///
/// # Errors
/// What is wrong with the scenario or the canvas.
#[wasm_bindgen]
pub fn animate(canvas: HtmlCanvasElement, packed: &[u8], seed: f64) -> Result<Animation, Failure> {
    Animation::new(canvas, packed, seed, any)
}
