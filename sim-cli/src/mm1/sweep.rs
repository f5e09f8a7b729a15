//! The points of a curve: what each simulates, how long, and what came of it.

use sim_core::distribution::Distribution;
use sim_core::error::in_range;
use sim_core::expectation::{Expectation, expectation};
use sim_core::run::{Cancel, run};
use sim_core::scenario::{Horizon, Queue};
use sim_core::wording::number;
use sim_core::{InputError, Report};

use crate::common::effort::EffortArguments;
use crate::common::failure::Failure;
use crate::common::number_text::percent;
use crate::common::numbers::RATES;
use crate::common::progress::Progress;
use crate::mm1::arguments::Arguments;
use crate::mm1::loads::Utilizations;

/// A point of the curve, ready to run.
pub(crate) struct Task<'a> {
    scenario: Queue,
    effort: &'a EffortArguments,
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
pub(crate) fn tasks(arguments: &Arguments) -> Result<Vec<Task<'_>>, Failure> {
    loads(arguments)?
        .iter()
        .map(|load| Task::new(arguments, load))
        .collect()
}

/// Runs every point.
pub(crate) fn run_all(tasks: &[Task<'_>], threads: usize) -> Result<Vec<Point>, Failure> {
    let progress = Progress::new(tasks.len());
    (0..)
        .zip(tasks)
        .map(|(number, task)| {
            let name = percent(task.scenario.utilization());
            let progress = progress.point(number, name);
            let (plan, stopping) = task.effort.plan(&task.scenario.clone().into())?;
            let most = plan
                .requests_per_replication()
                .saturating_mul(stopping.replications);
            let tell = |requests| progress.done(requests, most);
            let report = run(&plan, &stopping, threads, &Cancel::default(), &tell);
            Ok(Point {
                report: report.with_theory(&task.scenario),
                expectation: expectation(&task.scenario),
                length: plan.requests_per_replication(),
            })
        })
        .collect()
}

/// The station under this load, to be watched in its steady state.
pub(crate) fn station(arguments: &Arguments, arrival_rate: f64) -> Result<Queue, InputError> {
    let (gap, service) = (arrival_rate.recip(), arguments.service_rate.recip());
    Ok(Queue::new(
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
        Queue::arrival_rate_at(utilization, arguments.servers, arguments.service_rate)
    };
    if let Some(arrival_rate) = arguments.arrival_rate {
        let capacity = f64::from(arguments.servers) * arguments.service_rate;
        let full = if arrival_rate < capacity {
            0.0
        } else {
            at(1.0)
        };
        return Ok(vec![Load {
            flag: format!("--arrival-rate {arrival_rate}"),
            arrival_rate: arrival_rate.max(full),
        }]);
    }
    let utilizations = arguments
        .utilization
        .clone()
        .unwrap_or_else(Utilizations::usual);
    if arguments.points.is_some() && !matches!(utilizations, Utilizations::Range(..)) {
        return Err(Failure::Input(
            "--points needs a range of utilizations, such as --utilization 0.1..0.95".into(),
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

impl<'a> Task<'a> {
    fn new(arguments: &'a Arguments, load: &Load) -> Result<Self, Failure> {
        let field = format!("the arrival rate of {}", load.flag);
        in_range(&field, load.arrival_rate, RATES.0, RATES.1)?;
        let mut scenario = station(arguments, load.arrival_rate)?;
        let stable = scenario.utilization() < 1.0;
        check_overload(arguments, load, stable)?;
        let effort = &arguments.effort;
        scenario.horizon = effort.horizon(Horizon::default(), stable);
        scenario
            .validate()
            .map_err(|error| Failure::flag(&load.flag, &error))?;
        Ok(Self { scenario, effort })
    }
}

/// Loads of 1 and above need a length, and have no mean to be precise about.
fn check_overload(arguments: &Arguments, load: &Load, stable: bool) -> Result<(), Failure> {
    if stable {
        return Ok(());
    }
    let capacity = f64::from(arguments.servers) * arguments.service_rate;
    let allowed = format!(
        "use a utilization below 1, that is, an arrival rate below cμ = {} {} per second",
        number(capacity),
        if capacity == 1.0 {
            "request"
        } else {
            "requests"
        }
    );
    let flag = &load.flag;
    match (arguments.effort.requests, arguments.effort.precision) {
        (None, _) => Err(Failure::Input(format!(
            "{flag}: the load reaches capacity and the queue grows without end; {allowed}, or add --requests N to watch it grow"
        ))),
        (Some(_), Some(precision)) => Err(Failure::Input(format!(
            "--precision {precision} cannot be reached at {flag}, where there is no steady state; {allowed}"
        ))),
        (Some(_), None) => Ok(()),
    }
}
