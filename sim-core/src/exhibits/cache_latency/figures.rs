//! Latency over the size of the cache, and over the load of the database.

use super::model::Expected;
use super::{DATABASE, Params, SMALLEST};
use crate::exhibits::caches::{kept_up, place};
use crate::exhibits::parts::{LAST, axis, dot, dots, legend, line, utilizations};
use crate::figure::format::value;
use crate::figure::{Along, Figure, Handle, Layer, Role, Scale, Unit};
use crate::run::report::Report;
use crate::theory::Mmc;

/// The reports of sizes, with them.
fn measured<'a>(
    params: &'a Params,
    reports: &'a [Option<Report>],
) -> impl Iterator<Item = (f64, &'a Report)> {
    let known = params.places().zip(reports);
    known.filter_map(|(size, report)| Some((size, report.as_ref()?)))
}

pub(super) fn over_size(
    params: &Params,
    expected: &Expected,
    reports: &[Option<Report>],
) -> Figure {
    let hits = expected.hits;
    let mut layers = Vec::new();
    if let Some(needed) = expected.needed.filter(|it| *it > SMALLEST) {
        layers.push(Layer::Band {
            along: Along::X,
            from: SMALLEST,
            to: needed,
            role: Role::Overload,
            label: "the database cannot keep up".to_owned(),
            hatched: true,
        });
    }
    let points = expected
        .curve
        .iter()
        .filter_map(|&(size, hits)| Some((size, params.response(hits)?)));
    layers.extend(line(points.collect(), Role::Theory, "theory", true));
    let known = measured(params, reports)
        .filter(|(_, report)| kept_up(report))
        .filter_map(|(size, report)| dot(size, report.mean_response, report.converged));
    layers.extend(dots(known, Role::Simulation, "simulated"));
    let here = hits.and_then(|hits| params.response(hits));
    let fastest = params.cache_ms / 1e3;
    let alone = fastest + params.query_ms / 1e3;
    let mut notes = vec![
        "Dashed: Che's approximation for the hits, and the misses as if they came at random."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    Figure {
        id: "size",
        title: "Mean response over the size of the cache".to_owned(),
        x: axis(
            "Size of the cache, share of all items",
            Unit::Percent,
            Scale::Log,
            SMALLEST,
            1.0,
        ),
        y: axis(
            "Mean response time",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            (2.5 * alone).max(here.map_or(0.0, |it| 1.2 * it)),
        ),
        handle: Some(Handle {
            x: params.size,
            y: here,
            control: "size",
            label: [
                Some(value(params.size, Unit::Percent)),
                hits.map(|it| format!("{} hits", value(it, Unit::Percent))),
                here.map(|it| format!("mean {}", value(it, Unit::Seconds))),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }),
        description: describe(params, hits),
        layers,
        notes,
    }
}

/// The load of the database decides how long a query takes.
pub(super) fn over_utilization(
    params: &Params,
    expected: &Expected,
    reports: &[Option<Report>],
) -> Figure {
    let service_rate = 1e3 / params.query_ms;
    let query = |utilization: f64| {
        let rate = utilization * params.capacity();
        Some(
            Mmc::new(rate, service_rate, params.servers)
                .ok()?
                .mean_response(),
        )
    };
    let here = expected.hits.map(|hits| params.utilization(hits));
    let mut layers = vec![Layer::Band {
        along: Along::X,
        from: 1.0,
        to: 1.25,
        role: Role::Overload,
        label: "overload".to_owned(),
        hatched: true,
    }];
    let points = utilizations(here.unwrap_or(0.5).min(LAST))
        .filter_map(|utilization| Some((utilization, query(utilization)?)));
    layers.extend(line(points.collect(), Role::Theory, "M/M/c", false));
    let known = measured(params, reports)
        .filter(|(_, report)| kept_up(report))
        .filter_map(|(_, report)| {
            let it = place(report, DATABASE)?;
            dot(it.utilization.estimate?, it.mean_response, report.converged)
        });
    layers.extend(dots(known, Role::Simulation, "simulated"));
    if let Some(here) = here.filter(|it| *it < 1.25) {
        layers.push(Layer::Rule {
            x: here,
            role: Role::Median,
            label: "expected here".to_owned(),
            dashed: true,
        });
    }
    let mut notes = vec![
        "Each dot is a cache of another size: the more it holds, the further left.".to_owned(),
    ];
    notes.extend(legend(&layers));
    Figure {
        id: "database",
        title: "What a miss costs".to_owned(),
        x: axis(
            "Utilization of the database",
            Unit::Percent,
            Scale::Linear,
            0.0,
            1.25,
        ),
        y: axis(
            "Mean time of a query",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            6.0 * params.query_ms / 1e3,
        ),
        handle: None,
        description: format!(
            "Mean time of a query over the utilization of the database, which can answer {}. {}",
            value(params.capacity(), Unit::PerSecond),
            here.map_or_else(String::new, |here| format!(
                "With this cache {} is to be expected.",
                value(here, Unit::Percent)
            ))
        ),
        layers,
        notes,
    }
}

fn describe(params: &Params, hits: Option<f64>) -> String {
    let Some(hits) = hits else {
        return "Mean response over the size of the cache.".to_owned();
    };
    let response = params.response(hits).map_or_else(
        || "the database cannot keep up".to_owned(),
        |it| format!("the mean response is {}", value(it, Unit::Seconds)),
    );
    format!(
        "Mean response over the size of the cache. With room for {} of the items, about {} of the requests hit, the database is asked \
         for {} of what it can do, and {response}.",
        value(params.size, Unit::Percent),
        value(hits, Unit::Percent),
        value(params.utilization(hits), Unit::Percent),
    )
}
