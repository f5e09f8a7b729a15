//! What happened over time, a line for each stretch.

use sim_core::Quantity;
use sim_core::figure::format::number as number_of;
use sim_core::run::report::{Details, PlaceReport, SeriesReport};

use crate::common::columns::{Align, Columns};
use crate::common::number_text::{TimeUnit, plain};
use crate::scenario::details_cells::{LINES, more, number, share, time_with_interval, unit_of};

/// Places whose queues are shown, and caches.
const PLACES: usize = 4;

/// Response times, losses, hit ratios, queues and servers over time; nothing where nobody asked for it.
pub(crate) fn over_time(details: &Details) -> String {
    let Some(series) = &details.series else {
        return String::new();
    };
    let unit = unit_of(
        series
            .mean_response
            .iter()
            .chain(&series.p99)
            .take(2 * LINES),
    );
    let lines = lines(series, details, unit);
    let clock = clock(series.step);
    let (from, response) = (clock.header("from"), unit.header("mean response"));
    let mut header = vec![(from.as_str(), Align::Right), (&response, Align::Left)];
    header.extend(lines.iter().map(|line| (line.name.as_str(), line.align)));
    let mut columns = Columns::new(&header);
    for (i, response) in series.mean_response.iter().enumerate().take(LINES) {
        let mut cells = vec![
            plain(&number_of(i as f64 * series.step / clock.length, 6)),
            time_with_interval(response, unit),
        ];
        cells.extend(lines.iter().map(|line| (line.cell)(i)));
        columns.row(cells);
    }
    columns.text() + &more(series.mean_response.len())
}

/// The unit for the beginnings of stretches of this length, seconds: hours where a stretch is some quarters of one.
fn clock(step: f64) -> TimeUnit {
    TimeUnit::for_all(std::iter::once(Some(8.0 * step)))
}

/// One column beyond the first two.
struct Line<'a> {
    name: String,
    align: Align,
    cell: Box<dyn Fn(usize) -> String + 'a>,
}

fn lines<'a>(series: &'a SeriesReport, details: &'a Details, unit: TimeUnit) -> Vec<Line<'a>> {
    let places = &details.places;
    let plain = |name: String, values: &'a [Quantity], write: fn(&Quantity) -> String| Line {
        name,
        align: Align::Right,
        cell: Box::new(move |i| values.get(i).map_or_else(String::new, write)),
    };
    let mut lines = Vec::new();
    if !series.p99.is_empty() {
        lines.push(Line {
            name: unit.header("P99"),
            align: Align::Left,
            cell: Box::new(move |i| time_with_interval(&series.p99[i], unit)),
        });
    }
    let is_lost = |it: &Quantity| it.estimate.is_some_and(|share| share > 0.0);
    if series.lost_share.iter().any(is_lost) {
        lines.push(plain("lost".into(), &series.lost_share, share));
    }
    lines.extend(up(series, places));
    let hits = series.hit_ratio.iter().zip(&details.caches).take(PLACES);
    lines.extend(hits.map(|(line, cache)| plain(format!("hits of {}", cache.name), line, share)));
    let present = series.present.iter().zip(places).take(PLACES);
    lines.extend(present.map(|(line, place)| plain(format!("at {}", place.name), line, number)));
    let groups = series.groups.iter();
    lines
        .extend(groups.map(|it| plain(format!("imbalance of {}", it.name), &it.imbalance, number)));
    lines
}

/// Servers that are up, resource by resource, for those that can be down.
fn up<'a>(series: &'a SeriesReport, places: &'a [PlaceReport]) -> Vec<Line<'a>> {
    let mut names: Vec<&str> = Vec::new();
    for place in places.iter().filter(|place| place.life.is_some()) {
        if !names.contains(&place.resource.as_str()) {
            names.push(&place.resource);
        }
    }
    let line = |name: &'a str| Line {
        name: format!("up of {name}"),
        align: Align::Right,
        cell: Box::new(move |i| {
            let own = series.up.iter().zip(places);
            let sum: f64 = own
                .filter(|(_, place)| place.resource == name)
                .filter_map(|(up, _)| up.get(i)?.estimate)
                .sum();
            number(&Quantity::new(sum, None))
        }),
    };
    names.into_iter().map(line).collect()
}
