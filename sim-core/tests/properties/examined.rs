//! What must hold of every scenario that passes validation: a run of it ends, accounts for every request, finds numbers, and
//! the same ones however the work is split.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;
use sim_core::Scenario;
use sim_core::run::report::{Details, Stopped};
use sim_core::run::{Job, Partial, Plan};

/// Steps of a job after which it should have ended long ago.
const MOST_STEPS: u32 = 20_000;

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well.
    Passed,
    /// The validation refuses it, by this field.
    Refused(String),
    /// Something that must not be.
    Failed(String),
}

/// Reads a document as a scenario, checks it and runs it.
pub(crate) fn examine(document: &Value) -> Verdict {
    examine_with(|| {
        let scenario: Scenario = serde_json::from_value(document.clone())
            .map_err(|error| format!("is not read: {error}"))?;
        let text = serde_json::to_string(&scenario).map_err(|it| it.to_string())?;
        let again: Scenario = serde_json::from_str(&text).map_err(|it| it.to_string())?;
        ensure(again == scenario, || "does not read back".into())?;
        run(&scenario)
    })
}

/// A panic is a failure like any other.
pub(crate) fn examine_with(what: impl FnOnce() -> Result<Verdict, String>) -> Verdict {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(problem)) => Verdict::Failed(problem),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
            Verdict::Failed(format!("panic: {}", text.unwrap_or_default()))
        }
    }
}

/// Checks a scenario and runs it.
pub(crate) fn run(scenario: &Scenario) -> Result<Verdict, String> {
    let problems = scenario.problems();
    let plan = Plan::new(scenario, 7);
    if let Some(problem) = problems.first() {
        ensure(plan.is_err(), || format!("a plan in spite of {problem}"))?;
        for problem in &problems {
            ensure(!problem.field().is_empty(), || {
                format!("no field: {problem}")
            })?;
        }
        return Ok(Verdict::Refused(problem.field().to_owned()));
    }
    let plan = plan.map_err(|error| format!("no problem, but no plan: {error}"))?;
    let whole = replications(&plan, 0..2, 1 << 14)?;
    whole.check().map_err(|error| error.to_string())?;
    let mut split = replications(&plan, 1..2, 1 << 9)?;
    let first = replications(&plan, 0..1, 1 << 11)?;
    split.merge(&first).map_err(|error| error.to_string())?;
    ensure(written(&split) == written(&whole), || {
        "other bits where the work is split".into()
    })?;
    let report = whole.report(0.05, Stopped::Budget);
    let text = format!("{report:?}");
    let odd = text
        .split(|it: char| !it.is_alphanumeric())
        .find(|word| matches!(*word, "NaN" | "inf"));
    ensure(odd.is_none(), || format!("{odd:?} in the report"))?;
    report.details.as_deref().map_or(Ok(()), details)?;
    Ok(Verdict::Passed)
}

fn details(details: &Details) -> Result<(), String> {
    ensure(details.little < 1e-6, || {
        format!("Little's law fails by {}", details.little)
    })?;
    for class in &details.classes {
        let (arrived, accounted) = (class.flow.arrived, class.flow.accounted());
        ensure(arrived == accounted, || {
            format!("{arrived} arrived, {accounted} accounted for")
        })?;
    }
    for place in &details.places {
        let busy = place.utilization.estimate.unwrap_or(0.0);
        ensure((-1e-9..=1.0 + 1e-9).contains(&busy), || {
            format!("{} is busy {busy}", place.name)
        })?;
        let queue = place.mean_in_queue.estimate.unwrap_or(0.0);
        ensure(queue > -1e-6, || format!("{queue} wait at {}", place.name))?;
    }
    Ok(())
}

fn replications(plan: &Plan, range: std::ops::Range<u64>, step: u64) -> Result<Partial, String> {
    let mut job = Job::new(plan, range);
    for _ in 0..MOST_STEPS {
        if job.step(step) {
            return Ok(job.finish());
        }
    }
    Err("it does not end".into())
}

fn written(partial: &Partial) -> String {
    serde_json::to_string(partial).unwrap_or_else(|error| error.to_string())
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
