//! How often requests call each resource, and how often they try.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::run::report::Details;

use crate::common::columns::{Align, Columns};
use crate::scenario::details_cells::{LINES, more, with_interval};

/// Calls by class and resource; nothing where each request calls what its path names, once, for certain.
pub(crate) fn calls(details: &Details) -> String {
    let all = details.classes.iter().flat_map(|class| {
        let name = |resource: &str| format!("{resource}, by a request of {}", class.name);
        class
            .calls
            .iter()
            .map(move |it| (name(&it.resource), it.mean))
    });
    // A mean of whole numbers that are all the same is that number, but for rounding.
    let is = |mean: &Quantity, expected: f64| {
        let parts = [mean.estimate, mean.low, mean.high];
        let near = |it: &Option<f64>| it.is_some_and(|it| (it - expected).abs() < 1e-9);
        parts.iter().all(near)
    };
    let told = |mean: &Quantity| mean.estimate.is_some() && !is(mean, 0.0) && !is(mean, 1.0);
    let calls: Vec<_> = all.filter(|(_, mean)| told(mean)).collect();
    table("calls of", "on average", &calls)
}

/// Tries by attempt.
pub(crate) fn tries(details: &Details) -> String {
    let attempts = details.attempts.iter();
    let tries: Vec<_> = attempts.map(|it| (it.place.clone(), it.tries)).collect();
    table("tries at", "by a request", &tries)
}

fn table(what: &str, mean: &str, lines: &[(String, Quantity)]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut columns = Columns::new(&[(what, Align::Left), (mean, Align::Left)]);
    for (name, quantity) in lines.iter().take(LINES) {
        columns.row(vec![name.clone(), with_interval(quantity, Unit::Number)]);
    }
    columns.text() + &more(lines.len())
}
