//! Hit ratio over size as a picture: dots for what was measured, LRU's whole curve, and Che's.

use sim_core::caching::curve::{Block, LruCurve};
use sim_core::caching::{Capacity, Policy};
use sim_core::figure::{Axis, Dot, Figure, Layer, Role, Scale, Unit};

use crate::cache::job::{Job, equal_ratios};
use crate::cache::run::Measured;
use crate::cache::theory::Theory;
use crate::common::failure::Failure;

/// Sizes of the curves that are drawn without dots.
const POINTS: u64 = 120;
/// The most requests for which LRU's whole curve is found: a minute.
const MOST: u64 = 200_000_000;
/// The most keys of a table of LRU's order.
const MOST_KEYS: u64 = 1 << 28;
/// Colours in the order in which policies get them, LRU's and the optimum's apart.
const COLOURS: [Role; 5] = [
    Role::Healthy,
    Role::Tail,
    Role::HighPercentile,
    Role::Overload,
    Role::Median,
];

/// The figure.
pub(crate) fn figure(job: &Job, results: &[Measured]) -> Result<Figure, Failure> {
    let (low, high) = ends(job);
    let sizes = sizes(job, low, high);
    let mut layers = Vec::new();
    let mut notes = Vec::new();
    if let Some(theory) = Theory::of(job)? {
        let line = |policy| theory_line(&theory, policy, &sizes);
        let policies = job.policies.iter().filter(|it| **it != Policy::Random);
        let lines: Vec<_> = policies.filter_map(|&policy| line(policy)).collect();
        if !lines.is_empty() {
            notes.push("Dashed: Che's approximation of the steady state.".to_owned());
        }
        layers.extend(lines);
    }
    let lru = lru_line(job, &sizes)?;
    let drawn = lru.is_some();
    layers.extend(lru);
    let mut colours = COLOURS.into_iter().cycle();
    for &policy in &job.policies {
        let role = if policy == Policy::Lru {
            Role::Simulation
        } else if policy.needs_future() {
            Role::Theory
        } else {
            colours.next().unwrap_or(Role::Median)
        };
        layers.extend(measured_layers(policy, role, results, drawn));
    }
    let highest = results
        .iter()
        .map(|it| it.counts.hit_ratio())
        .fold(0.0, f64::max);
    let in_bytes = matches!(job.capacities.first(), Some(Capacity::Bytes(_)));
    let names: Vec<_> = job.policies.iter().map(|policy| policy.name()).collect();
    Ok(Figure {
        id: "hit-ratio",
        title: "Hit ratio over the size of the cache".into(),
        x: Axis {
            title: if in_bytes {
                "Size, bytes"
            } else {
                "Size, objects"
            }
            .into(),
            unit: Unit::Count,
            scale: Scale::Log,
            low,
            high,
        },
        y: Axis {
            title: "Hit ratio".into(),
            unit: Unit::Percent,
            scale: Scale::Linear,
            low: 0.0,
            high: (highest * 1.1).clamp(0.01, 1.0),
        },
        layers,
        handle: None,
        description: format!(
            "Hit ratio of {} at {} sizes of the cache.",
            names.join(", "),
            job.capacities.len()
        ),
        notes,
    })
}

/// The ends of the axis: the sizes that were asked for; around a single one a decade.
fn ends(job: &Job) -> (f64, f64) {
    let amounts = || {
        job.capacities
            .iter()
            .map(|capacity| capacity.amount() as f64)
    };
    let (low, high) = (
        amounts().fold(f64::INFINITY, f64::min),
        amounts().fold(0.0, f64::max),
    );
    if low < high {
        (low, high)
    } else {
        ((low / 3.0).max(0.5), high * 3.0)
    }
}

/// Whole sizes between the ends.
fn sizes(job: &Job, low: f64, high: f64) -> Vec<Capacity> {
    let amounts = equal_ratios(POINTS, low, high);
    let in_bytes = matches!(job.capacities.first(), Some(Capacity::Bytes(_)));
    let in_unit = |amount| {
        if in_bytes {
            Capacity::Bytes(amount)
        } else {
            Capacity::Objects(amount)
        }
    };
    amounts.into_iter().map(in_unit).collect()
}

fn theory_line(theory: &Theory, policy: Policy, sizes: &[Capacity]) -> Option<Layer> {
    let points = sizes.iter().map(|&capacity| {
        let hit_ratio = theory.hit_ratio(policy, capacity)?;
        Some((capacity.amount() as f64, hit_ratio))
    });
    Some(Layer::Line {
        points: points.collect::<Option<_>>()?,
        role: Role::Theory,
        label: match policy.approximation() {
            Some(law) => format!("Che, {}", law.name()),
            None => format!("theory, {}", policy.name()),
        },
        dashed: true,
    })
}

/// LRU at all sizes, exactly, where nothing expires, nothing is sampled and a table of all objects fits.
fn lru_line(job: &Job, sizes: &[Capacity]) -> Result<Option<Layer>, Failure> {
    let keys = job.traffic.dense().filter(|&keys| keys <= MOST_KEYS);
    let plain = job.expiry.is_none() && job.sampling.is_none() && job.traffic.len() <= MOST;
    if keys.is_none() || !plain {
        return Ok(None);
    }
    let mut curve = LruCurve::new(sizes);
    let mut flow = job.flow()?;
    let mut block = Block::default();
    while flow.next(&mut block) {
        for (&key, &size) in block.keys.iter().zip(&block.sizes) {
            // Dense: below 2²⁸.
            curve.request(u32::try_from(key).unwrap_or(0), size);
        }
        if flow.warmed_up() {
            curve.forget_counts();
        }
    }
    let counts = curve.counts().into_iter();
    let points = counts.filter_map(|(size, counts)| Some((size as f64, counts?.hit_ratio())));
    Ok(Some(Layer::Line {
        points: points.collect(),
        role: Role::Simulation,
        label: Policy::Lru.name().into(),
        dashed: false,
    }))
}

/// A policy's dots, and a line through them unless its whole curve is there.
fn measured_layers(
    policy: Policy,
    role: Role,
    results: &[Measured],
    lru_drawn: bool,
) -> Vec<Layer> {
    let of_policy = results.iter().filter(|it| it.cell.policy == policy);
    let mut points: Vec<(f64, f64)> = of_policy
        .map(|it| (it.cell.capacity.amount() as f64, it.counts.hit_ratio()))
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let dots = points.iter().map(|&(x, y)| Dot {
        x,
        y,
        low: None,
        high: None,
        converged: true,
    });
    let dots = Layer::Dots {
        points: dots.collect(),
        role,
        label: format!("{}, measured", policy.name()),
    };
    if policy == Policy::Lru && lru_drawn {
        return vec![dots];
    }
    let line = Layer::Line {
        points,
        role,
        label: policy.name().into(),
        dashed: false,
    };
    vec![line, dots]
}
