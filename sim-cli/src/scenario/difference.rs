//! Two scenarios on the same random numbers: how much they differ, in a table and in sentences.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::figure::format::interval as times;
use sim_core::run::Plan;
use sim_core::run::comparison::{Comparison, compare};
use sim_core::scenario::{Horizon, Scenario};

use crate::common::cells::{known, with_interval};
use crate::common::columns::{Align, Columns};
use crate::common::csv_text::{Cells, text};
use crate::common::failure::Failure;
use crate::common::number_text::{TimeUnit, counted, duration, plain};
use crate::common::progress::Progress;
use crate::common::quantities::measured;
use crate::common::report_cells::four;
use crate::scenario::arguments::RunArguments;
use crate::scenario::doubts;
use crate::scenario::point::{Point, prepared, run_plan};
use crate::scenario::source::Named;

/// Two scenarios, done.
pub(crate) struct Compared {
    /// What they are called.
    names: [String; 2],
    /// The first one.
    pub(crate) first: Point,
    /// The one it is compared with.
    pub(crate) second: Point,
    /// The second one's values less the first one's; none where one of them has no steady state.
    pub(crate) comparison: Option<Comparison>,
}

/// Runs both.
pub(crate) fn run(
    arguments: &RunArguments,
    mut first: Named,
    mut second: Named,
) -> Result<Compared, Failure> {
    if first.name == second.name {
        first.name = format!("the first {}", first.name);
        second.name = format!("the second {}", second.name);
    }
    let names = [first.name.clone(), second.name.clone()];
    let effort = &arguments.effort;
    let scenarios = equally_long(
        effort.seed,
        [prepared(&first, effort)?, prepared(&second, effort)?],
    )?;
    let [first, second] = &scenarios;
    let plans = Plan::pair(first, second, effort.seed)?;
    let progress = Progress::new(2);
    let point = |number: usize| {
        let progress = progress.point(number, names[number].clone());
        let plan = &plans[number];
        let report = run_plan(plan, &effort.stopping(), effort.threads(), &progress);
        Point::new(plan.scenario().clone(), report)
    };
    let (first, second) = (point(0), point(1));
    let settled = |point: &Point| point.report.mean_response.estimate.is_some();
    let comparison = if settled(&first) && settled(&second) {
        Some(compare(&first.report, &second.report)?)
    } else {
        None
    };
    drop(progress);
    Ok(Compared {
        names,
        first,
        second,
        comparison,
    })
}

/// Two scenarios whose replications are to be compared one by one have to be watched for the same time: as long as the one that
/// needs longer, where nobody says.
fn equally_long(seed: u64, mut scenarios: [Scenario; 2]) -> Result<[Scenario; 2], Failure> {
    let unsaid = Horizon::Steady { requests: None };
    if scenarios.iter().any(|it| it.horizon != unsaid) {
        return Ok(scenarios);
    }
    let mut longest = 0;
    for scenario in &scenarios {
        let plan = Plan::on_calendar(scenario, seed)?;
        longest = longest.max(plan.requests_per_replication());
    }
    for scenario in &mut scenarios {
        scenario.horizon = Horizon::Steady {
            requests: Some(longest),
        };
    }
    Ok(scenarios)
}

/// The differences with their names in JSON, where they are looked at, and their place among the nine quantities.
fn differences(comparison: &Comparison) -> [(&'static str, &'static str, Quantity); 6] {
    [
        ("mean_response", "on average", comparison.mean_response),
        ("p50", "at P50", comparison.p50),
        ("p90", "at P90", comparison.p90),
        ("p95", "at P95", comparison.p95),
        ("p99", "at P99", comparison.p99),
        ("p999", "at P99.9", comparison.p999),
    ]
}

/// For people.
pub(crate) fn table(seed: u64, compared: &Compared) -> String {
    let [first, second] = &compared.names;
    let Some(comparison) = &compared.comparison else {
        let unstable = [(first, &compared.first), (second, &compared.second)];
        let unstable = unstable
            .iter()
            .filter(|(_, point)| point.report.mean_response.estimate.is_none())
            .map(|(name, _)| name.as_str());
        return format!(
            "No comparison: no steady state in {}.\n",
            unstable.collect::<Vec<_>>().join(" and ")
        );
    };
    let shortest = compared.first.report.p50.estimate.unwrap_or(1.0);
    let unit = TimeUnit::for_times_from(shortest);
    let mut columns = Columns::new(&[
        ("response", Align::Left),
        (first, Align::Left),
        (second, Align::Left),
        ("difference", Align::Left),
        ("", Align::Left),
    ]);
    for (key, place, difference) in differences(comparison) {
        columns.row(vec![
            place
                .trim_start_matches("at ")
                .replace("on average", "mean"),
            with_interval(&own(&compared.first, key), unit),
            with_interval(&own(&compared.second, key), unit),
            with_interval(&difference, unit),
            unit.name.to_owned(),
        ]);
    }
    let mut lines = vec![
        format!("{second} beside {first}, on the same arrivals and demands [95% interval]"),
        String::new(),
        columns.text(),
    ];
    lines.extend(
        differences(comparison)
            .iter()
            .map(|(_, place, difference)| sentence(first, second, place, difference)),
    );
    lines.push(format!(
        "\nSeed {seed}; {} of each, compared pair by pair.",
        counted(comparison.replications, "replication")
    ));
    for (name, point) in [(first, &compared.first), (second, &compared.second)] {
        let doubts = doubts::lines(&point.report).into_iter();
        lines.extend(doubts.map(|line| format!("{name}: {line}")));
        if !point.report.stable {
            lines.push(format!(
                "{name} has no steady state: its numbers describe only the time that was watched."
            ));
        }
    }
    lines.join("\n") + "\n"
}

/// Who is faster, and by how much for certain.
fn sentence(first: &str, second: &str, place: &str, difference: &Quantity) -> String {
    let Some(estimate) = difference.estimate else {
        return format!("nothing to compare {place}: no replication served requests in both");
    };
    let (Some(low), Some(high)) = (difference.low, difference.high) else {
        return format!("no difference can be seen {place}: one replication gives no interval");
    };
    let range = |low: f64, high: f64| plain(&times(low, high, Unit::Seconds)).replace('–', " to ");
    if low <= 0.0 && high >= 0.0 {
        return format!(
            "no difference can be seen {place}: {second} minus {first} is {}, 95% interval {}",
            duration(estimate),
            range(low, high)
        );
    }
    let (word, low, high) = if estimate < 0.0 {
        ("faster", -high, -low)
    } else {
        ("slower", low, high)
    };
    format!(
        "{second} is {} {word} than {first} {place}, 95% interval {}",
        known(Some(estimate.abs()), duration),
        range(low, high)
    )
}

/// A line for each quantity.
pub(crate) fn csv(compared: &Compared) -> String {
    let line = |&(key, _, difference): &(&str, &str, Quantity)| {
        let [first, second] = [&compared.first, &compared.second].map(|point| own(point, key));
        let cells: Cells = [
            ("first", first),
            ("second", second),
            ("difference", difference),
        ]
        .iter()
        .flat_map(|(name, quantity)| four(name, quantity).into_iter().take(3))
        .collect();
        [vec![("quantity".to_owned(), key.to_owned())], cells].concat()
    };
    let none = Comparison {
        replications: 0,
        mean_response: Quantity::default(),
        p50: Quantity::default(),
        p90: Quantity::default(),
        p95: Quantity::default(),
        p99: Quantity::default(),
        p999: Quantity::default(),
    };
    let differences = differences(compared.comparison.as_ref().unwrap_or(&none));
    text(&differences.iter().map(line).collect::<Vec<_>>())
}

/// A quantity of one of the two, by its name in JSON.
fn own(point: &Point, key: &str) -> Quantity {
    let all = measured(&point.report);
    let found = all.iter().find(|it| it.0 == key);
    found.map(|it| it.1).unwrap_or_default()
}
