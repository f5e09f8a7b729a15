//! The results as JSON, one document; and as CSV, a line for each scenario that was run.

use serde::Serialize;
use sim_core::Report;
use sim_core::document::Node;
use sim_core::run::comparison::Comparison;
use sim_core::scenario::Scenario;

use crate::common::beside_theory::BesideTheory;
use crate::common::csv_text::{Cells, text};
use crate::common::output::json;
use crate::common::report_cells::cells;
use crate::scenario::difference::Compared;
use crate::scenario::point::{Point, SweptPoint};

#[derive(Serialize)]
struct Document<'a, Found> {
    version: &'static str,
    seed: u64,
    scenario: &'a Scenario,
    #[serde(flatten)]
    found: Found,
}

#[derive(Serialize)]
struct One<'a> {
    report: FoundReport<'a>,
}

#[derive(Serialize)]
struct Several<'a> {
    /// The field that the points differ in.
    sweep: &'a str,
    points: Vec<FoundPoint<'a>>,
}

#[derive(Serialize)]
struct FoundPoint<'a> {
    value: &'a Node,
    report: FoundReport<'a>,
}

#[derive(Serialize)]
struct Two<'a> {
    report: FoundReport<'a>,
    other: Other<'a>,
    /// The other one's values less the first one's; `null` where one of them has no steady state.
    comparison: Option<Comparison>,
}

#[derive(Serialize)]
struct Other<'a> {
    scenario: &'a Scenario,
    report: FoundReport<'a>,
}

/// A report; of a single station beside theory.
#[derive(Serialize)]
#[serde(untagged)]
enum FoundReport<'a> {
    Plain(&'a Report),
    Beside(BesideTheory<'a>),
}

impl<'a> From<&'a Point> for FoundReport<'a> {
    fn from(point: &'a Point) -> Self {
        match &point.expectation {
            Some(expectation) => Self::Beside(BesideTheory::new(&point.report, expectation)),
            None => Self::Plain(&point.report),
        }
    }
}

/// A scenario.
pub(crate) fn single(seed: u64, point: &Point) -> String {
    let report = point.into();
    document(seed, &point.scenario, One { report })
}

/// A sweep; `base` is the scenario before the field was set.
pub(crate) fn sweep(seed: u64, base: &Scenario, field: &str, points: &[SweptPoint]) -> String {
    let points = points
        .iter()
        .map(|it| FoundPoint {
            value: &it.value,
            report: (&it.point).into(),
        })
        .collect();
    let sweep = field;
    document(seed, base, Several { sweep, points })
}

/// A comparison.
pub(crate) fn comparison(seed: u64, compared: &Compared) -> String {
    let two = Two {
        report: (&compared.first).into(),
        other: Other {
            scenario: &compared.second.scenario,
            report: (&compared.second).into(),
        },
        comparison: compared.comparison,
    };
    document(seed, &compared.first.scenario, two)
}

fn document(seed: u64, scenario: &Scenario, found: impl Serialize) -> String {
    json(&Document {
        version: env!("CARGO_PKG_VERSION"),
        seed,
        scenario,
        found,
    })
}

/// A line for each point, in front the value of the field that is swept.
pub(crate) fn csv<'a>(
    field: Option<&str>,
    points: impl IntoIterator<Item = (&'a Node, &'a Point)>,
) -> String {
    let line = |(value, point): (&Node, &Point)| {
        let value = field.map(|field| (field.to_owned(), value.to_string()));
        value.into_iter().chain(cells(&point.report)).collect()
    };
    text(&points.into_iter().map(line).collect::<Vec<Cells>>())
}
