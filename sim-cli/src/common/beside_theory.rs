//! A report in JSON, beside what theory says.

use serde::Serialize;
use sim_core::Report;
use sim_core::expectation::{Expectation, Values};

/// A report and the formula that goes with it.
#[derive(Serialize)]
pub(crate) struct BesideTheory<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Kendall's notation.
    model: &'a str,
    /// What `theory` and `approximation` are.
    formula: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximation: Option<&'a Values>,
}

impl<'a> BesideTheory<'a> {
    /// `report` of the scenario that `expectation` is of.
    pub(crate) fn new(report: &'a Report, expectation: &'a Expectation) -> Self {
        let approximate = &expectation.approximate;
        Self {
            report,
            model: &expectation.model,
            formula: expectation.label,
            approximation: (*approximate != Values::default()).then_some(approximate),
        }
    }
}
