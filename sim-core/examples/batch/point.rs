//! One scenario: made ready, run, and read beside theory.

use sim_core::expectation::{Expectation, expectation, of_scenario};
use sim_core::run::audit::doubt_theory;
use sim_core::run::{Cancel, Plan, Stopping, run, run_until_trusted};
use sim_core::scenario::{Horizon, Scenario};
use sim_core::{InputError, Report};

use crate::effort::EffortArguments;
use crate::failure::Failure;
use crate::node::Node;
use crate::progress::PointProgress;

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

/// The scenario as these flags want it watched, with nothing wrong in it. `name` says whose problems they are.
pub(crate) fn prepared(
    name: &str,
    mut scenario: Scenario,
    effort: &EffortArguments,
) -> Result<Scenario, Failure> {
    let wrong = |text: String| Err(Failure::Input(format!("{name}: {text}")));
    if effort.requests.is_some() && matches!(scenario.horizon, Horizon::Span { .. }) {
        return wrong(
            "--requests: the scenario lasts as long as horizon.span.seconds says; set that instead"
                .into(),
        );
    }
    let problems = scenario.problems();
    let overload = |it: &&InputError| matches!(it, InputError::Unstable { .. });
    match problems.iter().find(overload) {
        None if problems.is_empty() => {}
        None => return Err(listed(name, &problems)),
        Some(overload) if effort.requests.is_none() => {
            return Err(listed(name, std::slice::from_ref(overload)));
        }
        Some(overload) if effort.precision.is_some() => {
            return wrong(format!(
                "--precision: nothing to be precise about; {overload}"
            ));
        }
        Some(_) => {}
    }
    scenario.horizon = effort.horizon(scenario.horizon, problems.is_empty());
    match scenario.problems() {
        problems if problems.is_empty() => Ok(scenario),
        problems => Err(listed(name, &problems)),
    }
}

/// All problems of a scenario, a line each.
pub(crate) fn listed(name: &str, problems: &[InputError]) -> Failure {
    let line = |problem: &InputError| match problem {
        InputError::Unstable { .. } => {
            format!("{name}: {problem}; or run with --requests N to watch the queue grow")
        }
        _ => format!("{name}: {problem}"),
    };
    let lines: Vec<_> = problems.iter().map(line).collect();
    Failure::Input(lines.join("\n       "))
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
