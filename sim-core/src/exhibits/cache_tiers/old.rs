//! Reads that get an old value, over the time to live.

use super::figures::notes;
use super::{Design, News, Params, TTL, own, stale};
use crate::exhibits::caches;
use crate::exhibits::parts::{dot, dots, line};
use crate::figure::format::value;
use crate::figure::{Figure, Handle, Unit};
use crate::math;
use crate::run::report::Report;
use crate::workload::Group;

/// Points of a curve.
const POINTS: u32 = 12;

pub(super) fn figure(params: &Params, reports: &[Option<Report>], groups: &[Group]) -> Figure {
    let times: Vec<f64> = {
        let step = |i: u32| TTL.0 * math::pow(TTL.1 / TTL.0, f64::from(i) / f64::from(POINTS));
        let mut all: Vec<f64> = (0..=POINTS).map(step).chain([params.ttl]).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    };
    let at = |&ttl: &f64| {
        let params = Params {
            ttl,
            ..params.clone()
        };
        (ttl, params.known(groups).map(|it| it.stale))
    };
    let known: Vec<(f64, [Option<f64>; 3])> = times.iter().map(at).collect();
    let mut layers = Vec::new();
    let alike = known.iter().all(|(_, stale)| stale[0] == stale[2]);
    for (at, design) in Design::ALL.into_iter().enumerate() {
        let label = match design {
            Design::Local if alike => "local, and both",
            Design::Tiered if alike => continue,
            design => design.label(),
        };
        let points = known
            .iter()
            .filter_map(|(ttl, stale)| Some((*ttl, stale[at]?)));
        layers.extend(line(points.collect(), design.role(), label, true));
    }
    for design in Design::ALL {
        let measured = own(reports, design)
            .and_then(|report| dot(params.ttl, stale(report)?, report.converged));
        let label = format!("simulated, {}", design.label());
        layers.extend(dots(measured, design.role(), &label));
    }
    let here = known.iter().find(|(ttl, _)| *ttl == params.ttl);
    let here = here.map_or([None; 3], |it| it.1);
    let now: Vec<String> = Design::ALL
        .into_iter()
        .zip(here)
        .filter_map(|(design, stale)| {
            Some(format!(
                "{} {}",
                design.label(),
                value(stale?, Unit::Percent)
            ))
        })
        .collect();
    let mut label = vec![value(params.ttl, Unit::Seconds)];
    label.extend(now.clone());
    let how = match params.news {
        News::Ttl => "Other servers do not hear of updates.".to_owned(),
        News::Event => format!(
            "Other servers hear of updates after {}.",
            value(params.delay_ms / 1e3, Unit::Seconds)
        ),
    };
    let mut notes = notes(&layers);
    notes.push(how.clone());
    if here[2].is_none() {
        notes.push(
            "Where code forgets the caches there is no formula for both together.".to_owned(),
        );
    }
    let handle = Handle {
        x: params.ttl,
        y: here[0],
        control: "ttl",
        label,
    };
    let description = format!(
        "The share of reads that get a value that has been updated since, over the time to live. {how} Now: {}.",
        now.join(", ")
    );
    caches::stale(TTL, layers, handle, description, notes)
}
