//! Who waited, how long, and how many were done in time: a line for each class of requests and for each resource.

use sim_core::Quantity;
use sim_core::figure::Unit;
use sim_core::run::report::{ClassReport, Details, Percentiles, ResourceReport, WithinReport};

use crate::common::columns::{Align, Columns};
use crate::common::number_text::duration;
use crate::scenario::details_cells::{LINES, more, time_with_interval, unit_of, with_interval};

/// A line of the table.
struct Waiter<'a> {
    name: String,
    delayed: Quantity,
    wait: &'a Percentiles,
    within: &'a [WithinReport],
}

impl<'a> Waiter<'a> {
    fn class(it: &'a ClassReport) -> Self {
        Self {
            name: format!("{} (requests)", it.name),
            delayed: it.delayed_share,
            wait: &it.wait,
            within: &it.within,
        }
    }

    fn resource(it: &'a ResourceReport) -> Self {
        Self {
            name: format!("{} (visits)", it.name),
            delayed: it.delayed_share,
            wait: &it.wait,
            within: &it.within,
        }
    }

    /// Nobody can wait there, and nobody asked how many are done in time.
    fn has_nothing_to_say(&self) -> bool {
        let never = self.delayed == Quantity::default() || self.delayed == Quantity::exactly(0.0);
        never && self.within.is_empty()
    }
}

/// The table; nothing where nobody can wait.
pub(crate) fn waits(details: &Details) -> String {
    let classes = details.classes.iter().map(Waiter::class);
    let resources = details.resources.iter().map(Waiter::resource);
    let all: Vec<_> = classes.chain(resources).collect();
    if all.iter().all(Waiter::has_nothing_to_say) {
        return String::new();
    }
    let shown = || all.iter().take(LINES);
    let unit = unit_of(shown().flat_map(|it| [&it.wait.p50, &it.wait.p90, &it.wait.p99]));
    let times = all.iter().find(|it| !it.within.is_empty());
    let times: Vec<f64> = times.map_or_else(Vec::new, |it| {
        it.within.iter().map(|at| at.seconds).collect()
    });
    let mut header = vec!["waits".to_owned(), "had to wait".to_owned()];
    header.extend(["P50", "P90", "P99"].map(|it| unit.header(&format!("wait, {it}"))));
    for &seconds in &times {
        let time = duration(seconds);
        header.extend([
            format!("answered in {time}"),
            format!("waited {time} at most"),
        ]);
    }
    let header: Vec<_> = header.iter().map(|it| (it.as_str(), Align::Left)).collect();
    let mut columns = Columns::new(&header);
    for it in shown() {
        let mut cells = vec![it.name.clone(), with_interval(&it.delayed, Unit::Percent)];
        let percentiles = [it.wait.p50, it.wait.p90, it.wait.p99];
        cells.extend(percentiles.map(|wait| time_with_interval(&wait, unit)));
        for at in it.within {
            let answered = at.response.unwrap_or_default();
            cells.extend([answered, at.wait].map(|share| with_interval(&share, Unit::Percent)));
        }
        columns.row(cells);
    }
    columns.text() + &more(all.len())
}
