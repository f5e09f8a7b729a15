//! What several exhibits are put together from: kinds of sliders, axes, dots with intervals, words for numbers, the command.

use super::registry::object;
use super::{Control, ControlKind, Exhibit, values};
use crate::expectation::{Expectation, Values};
use crate::figure::format::{self, value};
use crate::figure::{Axis, Dot, Layer, Role, Scale, Unit};
use crate::run::report::Quantity;

/// The first of two alternatives, and its simulation.
pub(super) const FIRST: Role = Role::Simulation;
/// The second of two alternatives, and its simulation.
pub(super) const SECOND: Role = Role::Healthy;

/// A value of theory and whether it is exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Known {
    pub(super) value: f64,
    pub(super) exact: bool,
}

/// Theory's value of one quantity, exact before approximate.
pub(super) fn known(theory: &Expectation, of: impl Fn(&Values) -> Option<f64>) -> Option<Known> {
    let exact = of(&theory.exact).map(|value| Known { value, exact: true });
    exact.or_else(|| {
        of(&theory.approximate).map(|value| Known {
            value,
            exact: false,
        })
    })
}

/// A value with its unit, marked where it is approximate.
pub(super) fn written(known: Known, unit: Unit) -> String {
    let mark = if known.exact { "" } else { "≈\u{a0}" };
    format!("{mark}{}", value(known.value, unit))
}

/// The same at the start of a sentence.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// An estimate with its interval.
pub(super) fn measured(quantity: Quantity, unit: Unit) -> Option<String> {
    let estimate = quantity.estimate?;
    Some(match (quantity.low, quantity.high) {
        (Some(low), Some(high)) => format::measured(estimate, low, high, unit),
        _ => value(estimate, unit),
    })
}

/// Where curves over utilization end: short of the wall, so that their ends can be told apart.
pub(super) const LAST: f64 = 0.97;

/// Utilizations for smooth curves, up to [`LAST`] or the operating point.
pub(super) fn utilizations(operating: f64) -> impl Iterator<Item = f64> {
    let even = (1..90).map(|i| f64::from(i) / 100.0);
    let near = (0..=35).map(|i| 0.9 + (LAST - 0.9) * f64::from(i) / 35.0);
    let mut all: Vec<f64> = even.chain(near).chain([operating]).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all.into_iter()
}

/// The control of the service time's SCV.
pub(super) const SERVICE_SCV: Control = Control {
    key: "service_scv",
    label: "Variability of service",
    symbol: "C²s",
    kind: number(16.0, 0.25),
    help: "Variance of the service time over its squared mean. 0: always the same; 1: exponential; more: mostly short, \
           now and then very long.",
    folded: false,
};

/// Which response time is shown.
pub(super) const SHOWN: Control = Control {
    key: "shown",
    label: "Show",
    symbol: "",
    kind: ControlKind::Choice {
        options: &[("mean", "Mean"), ("p99", "P99")],
    },
    help: "The mean response time, or the one that one request in a hundred exceeds.",
    folded: false,
};

/// A control without a symbol that starts folded away.
pub(super) const fn control(
    key: &'static str,
    label: &'static str,
    kind: ControlKind,
    help: &'static str,
) -> Control {
    Control {
        key,
        label,
        symbol: "",
        kind,
        help,
        folded: true,
    }
}

/// The same in sight.
pub(super) const fn in_sight(control: Control) -> Control {
    Control {
        folded: false,
        ..control
    }
}

/// The same with a symbol.
pub(super) const fn called(symbol: &'static str, control: Control) -> Control {
    Control { symbol, ..control }
}

/// A slider for a share, shown in percent.
pub(super) const fn share(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.005,
        scale: Scale::Linear,
        unit: "%",
        whole: false,
    }
}

/// A slider for a whole count.
pub(super) const fn count(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.1,
        scale: Scale::Log,
        unit: "",
        whole: true,
    }
}

/// A slider for a small whole number, one stop for each.
pub(super) const fn few(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 1.0,
        scale: Scale::Linear,
        unit: "",
        whole: true,
    }
}

/// A slider for a time in milliseconds.
pub(super) const fn milliseconds(min: f64, max: f64) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.1,
        scale: Scale::Log,
        unit: "ms",
        whole: false,
    }
}

/// A slider in equal ratios.
pub(super) const fn ranging(min: f64, max: f64, unit: &'static str) -> ControlKind {
    ControlKind::Number {
        min,
        max,
        step: 0.1,
        scale: Scale::Log,
        unit,
        whole: false,
    }
}

/// A slider for a bare number from zero.
pub(super) const fn number(max: f64, step: f64) -> ControlKind {
    ControlKind::Number {
        min: 0.0,
        max,
        step,
        scale: Scale::Linear,
        unit: "",
        whole: false,
    }
}

/// An axis.
pub(super) fn axis(title: &str, unit: Unit, scale: Scale, low: f64, high: f64) -> Axis {
    Axis {
        title: title.to_owned(),
        unit,
        scale,
        low,
        high,
    }
}

/// A curve; `None` where there are no two points to join.
pub(super) fn line(
    points: Vec<(f64, f64)>,
    role: Role,
    label: &str,
    dashed: bool,
) -> Option<Layer> {
    (points.len() > 1).then(|| Layer::Line {
        points,
        role,
        label: label.to_owned(),
        dashed,
    })
}

/// A measured point; `None` while nothing is known of it.
pub(super) fn dot(x: f64, quantity: Quantity, converged: bool) -> Option<Dot> {
    Some(Dot {
        x,
        y: quantity.estimate?,
        low: quantity.low,
        high: quantity.high,
        converged,
    })
}

/// Measured points from left to right; `None` while there are none.
pub(super) fn dots(
    points: impl IntoIterator<Item = Dot>,
    role: Role,
    label: &str,
) -> Option<Layer> {
    let mut points: Vec<Dot> = points.into_iter().collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    points.dedup_by(|a, b| a.x == b.x);
    (!points.is_empty()).then(|| Layer::Dots {
        points,
        role,
        label: label.to_owned(),
    })
}

/// What the marks of a figure mean, as far as it has them.
pub(super) fn legend(layers: &[Layer]) -> Vec<String> {
    let mut notes = Vec::new();
    let drawn = layers.iter().filter_map(|layer| match layer {
        Layer::Dots { points, .. } => Some(points),
        _ => None,
    });
    let mut drawn = drawn.flatten().peekable();
    if drawn.peek().is_some() {
        notes.push("Dots: simulation; whiskers: 95\u{a0}% intervals.".to_owned());
    }
    if drawn.any(|dot| !dot.converged) {
        notes.push("Hollow: not yet converged.".to_owned());
    }
    notes
}

/// The command that computes the exhibit's numbers in batch: its name and the values that are not the defaults.
pub(super) fn command<E: Exhibit>(params: &E::Params, seed: u64, replications: u64) -> String {
    let query = values::query(E::CONTROLS, &object(params), &object(&E::Params::default()));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let set: Vec<_> = pairs.flat_map(|pair| [" --set ", pair]).collect();
    let set = set.concat();
    format!(
        "cargo run --release -p sim-core --example batch -- exhibit {}{set} --seed {seed} --replications {replications}",
        E::CARD.id
    )
}
