//! Writes lost in a crash of the cache, over the flush interval.

use super::figures::steps;
use super::{Found, INTERVAL, Params, Policy};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Figure, Handle, Layer, Role, Scale, Unit};

pub(super) fn figure(params: &Params, found: &Found) -> Figure {
    let mut intervals = steps(INTERVAL);
    intervals.push(params.interval);
    intervals.sort_by(f64::total_cmp);
    let expected = intervals.into_iter().map(|it| (it, params.lost(it)));
    let mut layers: Vec<Layer> = line(expected.collect(), Role::Theory, "theory", false)
        .into_iter()
        .collect();
    let measured = found
        .outage
        .and_then(|report| dot(params.interval, params.lost_in(report)?, true));
    layers.extend(dots(measured, params.role(Policy::Behind), "simulated"));
    let (low, high) = (params.lost(INTERVAL.0), params.lost(INTERVAL.1));
    let mut notes = vec!["Of write-behind; the other policies lose none.".to_owned()];
    notes.extend(legend(&layers));
    let expected = value(params.lost(params.interval), Unit::Number);
    Figure {
        id: "lost",
        title: "Writes that a crash of the cache loses".to_owned(),
        x: axis(
            "Flush interval",
            Unit::Seconds,
            Scale::Log,
            INTERVAL.0,
            INTERVAL.1,
        ),
        y: axis(
            "Writes lost in a crash",
            Unit::Number,
            Scale::Log,
            low / 2.0,
            2.0 * high,
        ),
        handle: Some(Handle {
            x: params.interval,
            y: Some(params.lost(params.interval)),
            control: "interval",
            label: vec![
                value(params.interval, Unit::Seconds),
                format!("{expected} writes"),
            ],
        }),
        description: format!(
            "Writes lost in one crash of the cache under write-behind, over the flush interval: half of what is written in one. With {}: \
             {expected} on average.",
            value(params.interval, Unit::Seconds)
        ),
        notes,
        layers,
    }
}
