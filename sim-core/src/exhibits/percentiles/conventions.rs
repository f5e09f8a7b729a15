//! Ten response times, and the percentiles that either convention finds between them.

use super::histogram::MARKED;
use super::seconds;
use crate::figure::{Axis, Dot, Figure, Layer, Role, Scale, Unit};
use crate::stats::sample::{Convention, Sample};

/// The ten response times over the share of requests, and how each convention fills the gaps.
pub(super) fn conventions(ten: &Sample) -> Figure {
    let rule = |(x, name, role): (f64, &str, Role)| Layer::Rule {
        x,
        role,
        label: name.to_owned(),
        dashed: false,
    };
    let line = |points, convention: Convention, role| Layer::Line {
        points,
        role,
        label: convention.name().to_owned(),
        dashed: false,
    };
    let mut layers: Vec<Layer> = MARKED[..3].iter().copied().map(rule).collect();
    layers.push(line(staircase(ten), Convention::NearestRank, Role::Theory));
    layers.push(line(
        interpolated(ten),
        Convention::LinearInterpolation,
        Role::Healthy,
    ));
    layers.push(Layer::Dots {
        points: places(ten)
            .map(|(x, y)| Dot {
                x,
                y,
                low: None,
                high: None,
                converged: true,
            })
            .collect(),
        role: Role::Simulation,
        label: "Ten requests".to_owned(),
    });
    let top = ten.sorted().len() - 1;
    let [seen, between] = Convention::ALL.map(|convention| seconds(ten.quantile(0.9, convention)));
    Figure {
        id: "conventions",
        title: "Two ways to read a percentile off ten requests".into(),
        x: Axis { title: "Share of requests".into(), unit: Unit::Percent, scale: Scale::Linear, low: 0.0, high: 1.0 },
        y: Axis { title: "Response time".into(), unit: Unit::Seconds, scale: Scale::Log, low: 0.01, high: 10.0 },
        layers,
        handle: None,
        description: format!(
            "Ten response times from {} to {}, and the percentiles between them: by nearest rank a staircase, by linear \
             interpolation a line from one to the next. At P90 the first says {seen}, the second {between}.",
            seconds(ten.sorted()[0]),
            seconds(ten.sorted()[top]),
        ),
        notes: vec![
            "Nearest rank takes the next request up; linear interpolation, the default of numpy, a point on the straight line between \
             two (bent here by the logarithmic axis). With thousands of requests the two agree almost everywhere; with ten, ask which one a tool uses."
                .to_owned(),
        ],
    }
}

/// Each value of a sample at the share of the others that it exceeds.
fn places(sample: &Sample) -> impl Iterator<Item = (f64, f64)> {
    let top = sample.sorted().len() - 1;
    sample
        .sorted()
        .iter()
        .enumerate()
        .map(move |(i, &value)| (i as f64 / top as f64, value))
}

/// The percentiles by nearest rank: from each value straight up to the next.
pub(super) fn staircase(sample: &Sample) -> Vec<(f64, f64)> {
    let next = sample.sorted().iter().skip(1).map(Some).chain([None]);
    places(sample)
        .zip(next)
        .flat_map(|((x, y), next)| [Some((x, y)), next.map(|&next| (x, next))])
        .flatten()
        .collect()
}

/// The percentiles by linear interpolation, in steps fine enough for a logarithmic axis.
pub(super) fn interpolated(sample: &Sample) -> Vec<(f64, f64)> {
    let shares = (0..=450).map(|i| f64::from(i) / 450.0);
    shares
        .map(|p| (p, sample.quantile(p, Convention::LinearInterpolation)))
        .collect()
}
