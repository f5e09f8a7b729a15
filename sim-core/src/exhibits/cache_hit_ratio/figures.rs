//! Hit ratio over size, and what the database sees of the requests.

use super::{HEALTHY, Life, Pace, Params, hit_ratio, of_policy};
use crate::caching::{Approximation, Policy};
use crate::exhibits::caches;
use crate::exhibits::parts::{FIRST, SECOND, axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Along, Axis, Dot, Figure, Handle, Layer, Role, Scale, Unit};
use crate::run::report::Report;
use crate::theory::Che;

/// Roles of A, B and the optimum.
const ROLES: [Role; 3] = [FIRST, SECOND, Role::Median];

/// Points of theory's curves.
const POINTS: u32 = 60;

impl Params {
    /// The law of the requests, where they are independent of each other.
    fn law(&self) -> Option<Che> {
        if self.scans > 0.0 || self.drift != Pace::None || self.ttl != Life::Endless {
            return None;
        }
        caches::law(&self.keys())
    }

    /// What theory knows of the policies that are shown.
    fn theories(&self) -> impl Iterator<Item = Approximation> {
        let shown = [self.policy, self.other].map(Policy::approximation);
        let all = Approximation::ALL.into_iter();
        all.filter(move |it| shown.contains(&Some(*it)))
    }

    /// Theory's curves of hits over the size as a share of the items.
    fn curves(&self) -> Vec<Layer> {
        let Some(che) = self.law() else {
            return Vec::new();
        };
        let items = f64::from(self.items);
        let curve = |theory: Approximation| {
            let whole = theory.hit_ratio(&che, items).ok();
            let whole = whole.map(|hits| (items, hits));
            let within = |room: &f64| (self.smallest() * items..items).contains(room);
            let points = theory.curve(&che, POINTS).into_iter();
            let points = points.filter(|(room, _)| within(room)).chain(whole);
            let points = points.map(|(room, hits)| (room / items, hits));
            let label = format!("{} by Che", theory.name());
            line(points.collect(), Role::Theory, &label, true)
        };
        self.theories().filter_map(curve).collect()
    }

    /// The name of a curve.
    pub(super) fn name(number: usize, policy: Policy) -> String {
        let letter = ["A: ", "B: ", ""][number];
        format!("{letter}{}", policy.name())
    }
}

/// The measured points of a policy, at `x` of their sizes and `y` of their hit ratios.
fn measured(params: &Params, reports: &[Option<Report>], number: usize) -> Vec<Dot> {
    let (_, curve) = of_policy(reports, number);
    let point = |(size, report): (f64, Option<&Report>)| {
        let report = report?;
        dot(size, hit_ratio(report)?, report.converged)
    };
    params.sizes().zip(curve).filter_map(point).collect()
}

pub(super) fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
    let theory = params.curves();
    vec![
        over_size(params, &theory, reports),
        misses(params, &theory, reports),
    ]
}

fn size_axis(params: &Params) -> Axis {
    axis(
        "Size of the cache, share of all items",
        Unit::Percent,
        Scale::Log,
        params.smallest(),
        1.0,
    )
}

/// The hit ratio of A at the reader's size: as measured, or else as theory expects.
fn here(params: &Params, reports: &[Option<Report>]) -> Option<f64> {
    let found = of_policy(reports, 0).0.and_then(hit_ratio);
    let found = found.and_then(|it| it.estimate);
    found.or_else(|| params.expected(params.size))
}

/// Where most caches live.
fn healthy() -> Layer {
    Layer::Band {
        along: Along::Y,
        from: HEALTHY.0,
        to: HEALTHY.1,
        role: Role::Healthy,
        label: "most caches live here".to_owned(),
        hatched: false,
    }
}

/// Hit ratio over size.
fn over_size(params: &Params, theory: &[Layer], reports: &[Option<Report>]) -> Figure {
    let mut layers = vec![healthy()];
    layers.extend(theory.iter().cloned());
    for (number, policy) in params.policies().into_iter().enumerate() {
        let points = measured(params, reports, number);
        let joined = points.iter().map(|dot| (dot.x, dot.y)).collect();
        let name = Params::name(number, policy);
        layers.extend(line(joined, ROLES[number], &name, false));
        layers.extend(dots(points, ROLES[number], &format!("simulated, {name}")));
    }
    let here = here(params, reports);
    let mut notes = vec!["Grey: the optimum, which knows all requests to come.".to_owned()];
    if !theory.is_empty() {
        notes.push("Dashed: Che's approximation, for independent requests.".to_owned());
    }
    notes.extend(legend(&layers));
    Figure {
        id: "hit-ratio",
        title: "Hit ratio over size".to_owned(),
        x: size_axis(params),
        y: axis("Hit ratio", Unit::Percent, Scale::Linear, 0.0, 1.0),
        handle: Some(Handle {
            x: params.size.max(params.smallest()),
            y: here,
            control: "size",
            label: std::iter::once(format!(
                "{} of {}",
                value(params.objects(params.size) as f64, Unit::Count),
                value(f64::from(params.items), Unit::Count)
            ))
            .chain(here.map(|ratio| format!("{} hits", value(ratio, Unit::Percent))))
            .collect(),
        }),
        description: describe(params, reports),
        layers,
        notes,
    }
}

/// What the database sees: the misses, on a scale on which halving them is always the same step.
fn misses(params: &Params, theory: &[Layer], reports: &[Option<Report>]) -> Figure {
    let left = |points: Vec<(f64, f64)>| {
        let points = points.into_iter().map(|(x, hits)| (x, 1.0 - hits));
        points.filter(|(_, misses)| *misses > LEAST).collect()
    };
    let mut layers: Vec<Layer> = theory.to_vec();
    for layer in &mut layers {
        if let Layer::Line { points, .. } = layer {
            *points = left(std::mem::take(points));
        }
    }
    for (number, policy) in params.policies().into_iter().enumerate() {
        let points = measured(params, reports, number);
        let points = left(points.iter().map(|dot| (dot.x, dot.y)).collect());
        let name = Params::name(number, policy);
        layers.extend(line(points, ROLES[number], &name, false));
    }
    let here = here(params, reports).map(|hits| 1.0 - hits);
    let size = value(params.size, Unit::Percent);
    let missed = here.map(|it| format!("{} misses", value(it, Unit::Percent)));
    Figure {
        id: "misses",
        title: "What the database sees".to_owned(),
        x: size_axis(params),
        y: axis("Misses", Unit::Percent, Scale::Log, LEAST, 1.0),
        handle: Some(Handle {
            x: params.size.max(params.smallest()),
            y: here.map(|it| it.max(LEAST)),
            control: "size",
            label: std::iter::once(size).chain(missed).collect(),
        }),
        description: format!(
            "The share of requests that miss, over the size of the cache. {}",
            describe(params, reports)
        ),
        notes: vec!["On this scale half as many misses are always the same step down.".to_owned()],
        layers,
    }
}

/// Misses below this share are not drawn.
const LEAST: f64 = 1e-2;

impl Params {
    /// What theory expects of A, where it knows.
    pub(super) fn expected(&self, share: f64) -> Option<f64> {
        let theory = self.policy.approximation()?;
        let objects = self.objects(share) as f64;
        theory.hit_ratio(&self.law()?, objects).ok()
    }
}

fn describe(params: &Params, reports: &[Option<Report>]) -> String {
    let said = params
        .policies()
        .into_iter()
        .enumerate()
        .filter_map(|(number, policy)| {
            let ratio = hit_ratio(of_policy(reports, number).0?)?.estimate?;
            let name = Params::name(number, policy);
            Some(format!("{name} {}", value(ratio, Unit::Percent)))
        });
    let said: Vec<_> = said.collect();
    let room = value(params.size, Unit::Percent);
    if said.is_empty() {
        format!("Hit ratio over the size of the cache. The cache has room for {room} of the items.")
    } else {
        format!(
            "With room for {room} of the items the hit ratios are: {}.",
            said.join(", ")
        )
    }
}
