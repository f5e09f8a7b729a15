//! The share of time with each number present, where it is asked for.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::run::report::Details;

use crate::common::columns::{Align, Columns};
use crate::scenario::details_cells::{LINES, more, with_interval};

/// A line for each number, a column for the system and for each resource.
pub(crate) fn numbers(details: &Details) -> String {
    let system = ("system", details.present.as_slice());
    let resources = details.resources.iter();
    let resources = resources.map(|it| (it.name.as_str(), it.present.as_slice()));
    let all: Vec<(&str, &[Quantity])> = std::iter::once(system)
        .chain(resources)
        .filter(|(_, present)| !present.is_empty())
        .collect();
    let Some(lines) = all.iter().map(|(_, present)| present.len()).max() else {
        return String::new();
    };
    let names = all.iter().map(|(name, _)| (*name, Align::Left));
    let header: Vec<_> = std::iter::once(("share of time with", Align::Right))
        .chain(names)
        .collect();
    let mut columns = Columns::new(&header);
    for number in 0..lines.min(LINES) {
        let share = |present: &[Quantity]| {
            let share = present.get(number);
            share.map_or_else(String::new, |it| with_interval(it, Unit::Percent))
        };
        let shares = all.iter().map(|(_, present)| share(present));
        columns.row(std::iter::once(number.to_string()).chain(shares).collect());
    }
    columns.text() + &more(lines)
}
