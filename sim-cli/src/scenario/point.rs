//! One scenario: made ready, run, and read beside theory.

use sim_core::document::Node;
use sim_core::expectation::{Expectation, expectation, of_scenario};
use sim_core::run::audit::doubt_theory;
use sim_core::run::{Cancel, Plan, Stopping, run, run_until_trusted};
use sim_core::scenario::{Horizon, Scenario};
use sim_core::{InputError, Report};

use crate::common::effort::EffortArguments;
use crate::common::failure::Failure;
use crate::common::progress::PointProgress;
use crate::scenario::source::Named;

/// A scenario, done.
pub(crate) struct Point {
    /// What was simulated.
    pub(crate) scenario: Scenario,
    /// What was found, beside exact theory.
    pub(crate) report: Report,
    /// What theory says, where the scenario is a single station.
    pub(crate) expectation: Option<Expectation>,
}

/// A point of a sweep.
pub(crate) struct SweptPoint {
    /// The value that the field had.
    pub(crate) value: Node,
    /// What came of it.
    pub(crate) point: Point,
}

impl Point {
    /// A report beside what theory says about its scenario.
    pub(crate) fn new(scenario: Scenario, report: Report) -> Self {
        let queue = scenario.queue();
        Self {
            report: match &queue {
                Some(queue) => report.with_theory(queue),
                None => beside_theory(&scenario, report),
            },
            expectation: queue.as_ref().map(expectation),
            scenario,
        }
    }
}

/// A report with all that theory knows exactly of its scenario, and with doubts where the two differ.
fn beside_theory(scenario: &Scenario, mut report: Report) -> Report {
    if report.stable {
        of_scenario(scenario).fill(&mut report);
        doubt_theory(&mut report);
    }
    report
}

/// The scenario as these flags want it watched, with nothing wrong in it.
pub(crate) fn prepared(named: &Named, effort: &EffortArguments) -> Result<Scenario, Failure> {
    let mut scenario = named.scenario.clone();
    let wrong = |text: String| Err(Failure::Input(text));
    if effort.requests.is_some() && matches!(scenario.horizon, Horizon::Span { .. }) {
        return wrong(format!(
            "{}: --requests cannot be used, since the scenario lasts as long as horizon.span.seconds says; set that instead",
            named.name
        ));
    }
    let problems = scenario.problems();
    let overload = |it: &&InputError| matches!(it, InputError::Unstable { .. });
    match problems.iter().find(overload) {
        None if problems.is_empty() => {}
        None => return Err(named.listed(&problems)),
        Some(overload) if effort.requests.is_none() => {
            return wrong(format!(
                "{}; or use --requests N to watch the queue grow",
                named.problem(overload)
            ));
        }
        Some(overload) if effort.precision.is_some() => {
            return wrong(format!(
                "--precision cannot be reached: {}",
                named.problem(overload)
            ));
        }
        Some(_) => {}
    }
    scenario.horizon = effort.horizon(scenario.horizon, problems.is_empty());
    match scenario.problems() {
        problems if problems.is_empty() => Ok(scenario),
        problems => Err(named.listed(&problems)),
    }
}

/// Runs a prepared scenario.
pub(crate) fn simulated(
    scenario: Scenario,
    effort: &EffortArguments,
    progress: &PointProgress<'_>,
) -> Result<Point, Failure> {
    let (plan, stopping) = effort.plan(&scenario)?;
    let most = plan
        .requests_per_replication()
        .saturating_mul(stopping.replications);
    let tell = |requests| progress.done(requests, most);
    let cancel = Cancel::default();
    let report = run_until_trusted(&plan, &stopping, effort.threads(), &cancel, &tell);
    Ok(Point::new(scenario, report))
}

/// Runs a plan.
pub(crate) fn run_plan(
    plan: &Plan,
    stopping: &Stopping,
    threads: usize,
    progress: &PointProgress<'_>,
) -> Report {
    let each = plan.requests_per_replication();
    let most = each.saturating_mul(stopping.replications);
    let tell = |requests| progress.done(requests, most);
    run(plan, stopping, threads, &Cancel::default(), &tell)
}
