//! Hit ratio over size, and what the database sees of the requests.

use super::{HEALTHY, Life, Pace, Params, hit_ratio, of_policy};
use crate::caching::Policy;
use crate::exhibits::caches;
use crate::exhibits::parts::{FIRST, SECOND, axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Dot, Figure, Handle, Layer, Role, Scale, Unit};
use crate::run::report::Report;
use crate::theory::Che;

/// Roles of A, B and the optimum.
const ROLES: [Role; 3] = [FIRST, SECOND, Role::Median];

/// Points of theory's curves.
const POINTS: u32 = 60;

/// What theory knows of a policy.
#[derive(Debug, Clone, Copy)]
struct Theory {
    label: &'static str,
    /// The hit ratio with room for so many objects.
    at: fn(&Che, f64) -> Option<f64>,
    /// The curve over the room.
    curve: fn(&Che, u32) -> Vec<(f64, f64)>,
}

const LRU: Theory = Theory {
    label: "LRU by Che",
    at: |che, room| che.lru(room).ok(),
    curve: Che::lru_curve,
};
const FIFO: Theory = Theory {
    label: "FIFO by Che",
    at: |che, room| che.fifo(room).ok(),
    curve: Che::fifo_curve,
};

impl Params {
    /// The law of the requests, where they are independent of each other.
    fn law(&self) -> Option<Che> {
        if self.scans > 0.0 || self.drift != Pace::None || self.ttl != Life::Endless {
            return None;
        }
        caches::law(&self.keys())
    }

    /// What theory knows of the policies that are shown.
    fn theories(&self) -> Vec<Theory> {
        let shown = [self.policy, self.other];
        let mut theories = Vec::new();
        if shown.contains(&Policy::Lru) {
            theories.push(LRU);
        }
        if shown.contains(&Policy::Fifo) || shown.contains(&Policy::Random) {
            theories.push(FIFO);
        }
        theories
    }

    /// Theory's curves: over the size as a share of the items, hits or what they leave.
    fn curves(&self, of_hits: impl Fn(f64) -> f64) -> Vec<Layer> {
        let Some(che) = self.law() else {
            return Vec::new();
        };
        let items = f64::from(self.items);
        let curve = |theory: Theory| {
            let points = (theory.curve)(&che, POINTS).into_iter();
            let points = points.map(|(room, hits)| (room / items, of_hits(hits)));
            let smallest = self.smallest();
            let shown = points.filter(|(size, _)| (smallest..=1.0).contains(size));
            line(shown.collect(), Role::Theory, theory.label, true)
        };
        self.theories().into_iter().filter_map(curve).collect()
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

/// Hit ratio over size.
pub(super) fn over_size(params: &Params, reports: &[Option<Report>]) -> Figure {
    let mut layers = params.curves(|hits| hits);
    let has_theory = !layers.is_empty();
    for (number, policy) in params.policies().into_iter().enumerate() {
        let points = measured(params, reports, number);
        let joined = points.iter().map(|dot| (dot.x, dot.y)).collect();
        let name = Params::name(number, policy);
        layers.extend(line(joined, ROLES[number], &name, false));
        layers.extend(dots(points, ROLES[number], &format!("simulated, {name}")));
    }
    let here = of_policy(reports, 0).0.and_then(hit_ratio);
    let here = here
        .and_then(|it| it.estimate)
        .or_else(|| params.expected(params.size));
    let smallest = params.smallest();
    let mut notes = vec![format!(
        "Between {} and {} most caches do their work; grey: the optimum, which knows all requests to come.",
        value(HEALTHY.0, Unit::Percent),
        value(HEALTHY.1, Unit::Percent),
    )];
    if has_theory {
        notes.push("Dashed: Che's approximation, for independent requests.".to_owned());
    }
    notes.extend(legend(&layers));
    Figure {
        id: "hit-ratio",
        title: "Hit ratio over size".to_owned(),
        x: axis(
            "Size of the cache, share of all items",
            Unit::Percent,
            Scale::Log,
            smallest,
            1.0,
        ),
        y: axis("Hit ratio", Unit::Percent, Scale::Linear, 0.0, 1.0),
        handle: Some(Handle {
            x: params.size.max(smallest),
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
pub(super) fn misses(params: &Params, reports: &[Option<Report>]) -> Figure {
    let mut layers = Vec::new();
    let mut lowest: f64 = 0.5;
    for (number, policy) in params.policies().into_iter().enumerate() {
        let turned = |mut dot: Dot| {
            let (low, high) = (dot.low, dot.high);
            dot.y = 1.0 - dot.y;
            (dot.low, dot.high) = (high.map(|it| 1.0 - it), low.map(|it| 1.0 - it));
            dot
        };
        let points: Vec<Dot> = measured(params, reports, number)
            .into_iter()
            .map(turned)
            .filter(|dot| dot.y > LEAST)
            .collect();
        lowest = points.iter().map(|dot| dot.y).fold(lowest, f64::min);
        let joined = points.iter().map(|dot| (dot.x, dot.y)).collect();
        let name = Params::name(number, policy);
        layers.extend(line(joined, ROLES[number], &name, false));
    }
    layers.extend(params.curves(|hits| (1.0 - hits).max(LEAST)));
    layers.push(Layer::Rule {
        x: params.size,
        role: Role::Median,
        label: "here".to_owned(),
        dashed: false,
    });
    let smallest = params.smallest();
    Figure {
        id: "misses",
        title: "What the database sees".to_owned(),
        x: axis(
            "Size of the cache, share of all items",
            Unit::Percent,
            Scale::Log,
            smallest,
            1.0,
        ),
        y: axis(
            "Misses",
            Unit::Percent,
            Scale::Log,
            (lowest / 1.5).max(LEAST),
            1.0,
        ),
        handle: None,
        description: format!(
            "The share of requests that miss, over the size of the cache. {}",
            describe(params, reports)
        ),
        notes: vec!["On this scale half as many misses are always the same step down.".to_owned()],
        layers,
    }
}

/// Misses below this share are not drawn.
const LEAST: f64 = 1e-3;

impl Params {
    /// What theory expects of A, where it knows.
    pub(super) fn expected(&self, share: f64) -> Option<f64> {
        let of = match self.policy {
            Policy::Lru => LRU.at,
            Policy::Fifo | Policy::Random => FIFO.at,
            _ => return None,
        };
        of(&self.law()?, self.objects(share) as f64)
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
