//! The points of a curve: what each simulates, how long, and what came of it.

use sim_core::distribution::Distribution;
use sim_core::error::in_range;
use sim_core::expectation::{Expectation, expectation};
use sim_core::run::{Cancel, MAX_REPLICATIONS, Plan, Stopping, run};
use sim_core::scenario::{Horizon, Scenario};
use sim_core::{InputError, Report};

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::loads::Utilizations;
use crate::number_text::percent;
use crate::numbers::RATES;
use crate::progress::Progress;

/// Replications when nothing is said, and the first round of a run that stops at a precision.
const REPLICATIONS: u64 = 32;
/// The most replications of a run that stops at a precision, when nothing is said.
const MOST_REPLICATIONS: u64 = 4096;
/// Relative half-width that counts as converged when nothing is said.
pub(crate) const PRECISION: f64 = 0.05;

/// A point of the curve, ready to run.
pub(crate) struct Task {
    plan: Plan,
    stopping: Stopping,
}

/// A point of the curve, done.
pub(crate) struct Point {
    /// What was found, beside exact theory.
    pub(crate) report: Report,
    /// What theory says, exactly or not.
    pub(crate) expectation: Expectation,
    /// Requests of each replication.
    pub(crate) length: u64,
}

/// All points, checked before the first one runs.
pub(crate) fn tasks(arguments: &Arguments) -> Result<Vec<Task>, Failure> {
    loads(arguments)?
        .iter()
        .map(|load| Task::new(arguments, load))
        .collect()
}

/// Runs every point.
pub(crate) fn run_all(tasks: &[Task], threads: usize) -> Vec<Point> {
    let progress = Progress::new(tasks.len());
    (0..)
        .zip(tasks)
        .map(|(number, task)| {
            let name = percent(task.plan.scenario().utilization());
            let progress = progress.point(number, name, task.most_requests());
            task.run(threads, &|requests| progress.done(requests))
        })
        .collect()
}

/// The station under this load, to be watched in its steady state.
pub(crate) fn station(arguments: &Arguments, arrival_rate: f64) -> Result<Scenario, InputError> {
    let (gap, service) = (arrival_rate.recip(), arguments.service_rate.recip());
    Ok(Scenario::new(
        Distribution::parse("--arrivals", &arguments.arrivals, gap)?,
        arguments.servers,
        Distribution::parse("--service", &arguments.service, service)?,
    ))
}

/// A load and the flag and value it comes from.
struct Load {
    flag: String,
    arrival_rate: f64,
}

fn loads(arguments: &Arguments) -> Result<Vec<Load>, Failure> {
    let at = |utilization| {
        Scenario::arrival_rate_at(utilization, arguments.servers, arguments.service_rate)
    };
    if let Some(arrival_rate) = arguments.arrival_rate {
        let flag = format!("--arrival-rate {arrival_rate}");
        let full = at(1.0);
        let capacity = f64::from(arguments.servers) * arguments.service_rate;
        let arrival_rate = if arrival_rate < capacity {
            arrival_rate
        } else {
            arrival_rate.max(full)
        };
        return Ok(vec![Load { flag, arrival_rate }]);
    }
    let utilizations = arguments
        .utilization
        .clone()
        .unwrap_or_else(Utilizations::usual);
    if arguments.points.is_some() && !matches!(utilizations, Utilizations::Range(..)) {
        return Err(Failure::Input(
            "--points: goes with a range of utilizations, such as --utilization 0.1..0.95".into(),
        ));
    }
    let points = arguments
        .points
        .and_then(|points| usize::try_from(points).ok());
    let load = |utilization: f64| Load {
        flag: format!("--utilization {utilization}"),
        arrival_rate: at(utilization),
    };
    Ok(utilizations.values(points).into_iter().map(load).collect())
}

impl Task {
    fn new(arguments: &Arguments, load: &Load) -> Result<Self, Failure> {
        let refused = |error: InputError| Failure::flag(&load.flag, &error);
        let field = format!("arrival rate of {}", load.flag);
        in_range(&field, load.arrival_rate, RATES.0, RATES.1)?;
        let mut scenario = station(arguments, load.arrival_rate)?;
        let stable = scenario.utilization() < 1.0;
        check_overload(arguments, load, stable)?;
        let effort = Effort::new(arguments, &scenario).map_err(refused)?;
        scenario.horizon = match effort.requests {
            Some(requests) if !stable => Horizon::Transient { requests },
            requests => Horizon::Steady { requests },
        };
        Ok(Self {
            plan: Plan::new(&scenario, arguments.seed).map_err(refused)?,
            stopping: effort.stopping,
        })
    }

    /// Requests that are run at most.
    fn most_requests(&self) -> u64 {
        self.plan
            .requests_per_replication()
            .saturating_mul(self.stopping.replications)
    }

    fn run(&self, threads: usize, progress: &(dyn Fn(u64) + Sync)) -> Point {
        let scenario = self.plan.scenario();
        let report = run(
            &self.plan,
            &self.stopping,
            threads,
            &Cancel::default(),
            progress,
        );
        Point {
            report: report.with_theory(scenario),
            expectation: expectation(scenario),
            length: self.plan.requests_per_replication(),
        }
    }
}

/// Loads of 1 and above need a length, and have no mean to be precise about.
fn check_overload(arguments: &Arguments, load: &Load, stable: bool) -> Result<(), Failure> {
    if stable {
        return Ok(());
    }
    let capacity = f64::from(arguments.servers) * arguments.service_rate;
    let allowed = format!(
        "allowed is a utilization below 1, an arrival rate below cμ = {capacity} requests per second"
    );
    let flag = &load.flag;
    match (arguments.requests, arguments.precision) {
        (None, _) => Err(Failure::Input(format!(
            "{flag}: demand reaches capacity, the queue grows without end; {allowed}, or --requests N to watch it grow"
        ))),
        (Some(_), Some(precision)) => Err(Failure::Input(format!(
            "--precision {precision}: no steady state at {flag} to be precise about; {allowed}"
        ))),
        (Some(_), None) => Ok(()),
    }
}

/// How long a point is run.
struct Effort {
    /// Requests of each replication; chosen from the load where absent.
    requests: Option<u64>,
    stopping: Stopping,
}

impl Effort {
    fn new(arguments: &Arguments, scenario: &Scenario) -> Result<Self, InputError> {
        let Some(precision) = arguments.precision else {
            let replications = arguments.replications.unwrap_or(REPLICATIONS);
            return Ok(Self {
                requests: arguments.requests.map(|all| all.div_ceil(replications)),
                stopping: Stopping {
                    precision: PRECISION,
                    replications,
                    early: false,
                },
            });
        };
        let most = arguments.replications.unwrap_or(MOST_REPLICATIONS);
        let (requests, replications) = match arguments.requests {
            None => (None, most),
            Some(budget) => within_budget(budget, most, scenario, arguments.seed)?,
        };
        Ok(Self {
            requests,
            stopping: Stopping {
                precision,
                replications,
                early: true,
            },
        })
    }
}

/// Replications of the length that suits the load, as many as `budget` requests allow; shorter ones where the budget is
/// too small for a first round of those.
fn within_budget(
    budget: u64,
    most: u64,
    scenario: &Scenario,
    seed: u64,
) -> Result<(Option<u64>, u64), InputError> {
    let suitable = Plan::new(scenario, seed)?.requests_per_replication();
    let round = most.min(REPLICATIONS);
    if budget < suitable.saturating_mul(round) {
        return Ok((Some(budget.div_ceil(round)), round));
    }
    Ok((None, (budget / suitable).min(most).min(MAX_REPLICATIONS)))
}
