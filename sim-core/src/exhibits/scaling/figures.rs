//! Latency, cost and nines over traffic, and what happens over time when a machine dies.

use super::fleet::MOST_MACHINES;
use super::{DEATH, Found, Params, Policy, RETURN, SPAN, Shown, Side, TRAFFIC, Way, role};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Along, Axis, Figure, Handle, Layer, Role, Scale, Unit};
use crate::math;
use crate::run::report::{Quantity, Report, SeriesReport};
use crate::theory::availability::nines as in_nines;

/// Points of a curve over traffic.
const POINTS: u32 = 120;
/// The most nines that the axis reaches.
const MOST_NINES: f64 = 12.0;

impl Shown {
    pub(super) fn theory(self, params: &Params, fleet: &super::Fleet) -> Option<f64> {
        match self {
            Self::Mean => params.mean(fleet),
            Self::P99 => params.p99(fleet),
        }
    }

    pub(super) fn measured(self, report: &Report) -> Quantity {
        match self {
            Self::Mean => report.mean_response,
            Self::P99 => report.p99,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Mean => "Mean response time",
            Self::P99 => "P99 of the response time",
        }
    }
}

/// Traffic in equal ratios along the axis.
fn traffics() -> impl Iterator<Item = f64> {
    let (low, high) = TRAFFIC;
    (0..=POINTS).map(move |i| low * math::pow(high / low, f64::from(i) / f64::from(POINTS)))
}

fn traffic_axis() -> Axis {
    axis("Traffic", Unit::PerSecond, Scale::Log, TRAFFIC.0, TRAFFIC.1)
}

/// Where a way to grow ends, if it does within the axis.
fn end(params: &Params, way: Way) -> Option<Layer> {
    let from = params.ceiling(way);
    (from < TRAFFIC.1).then(|| Layer::Band {
        along: Along::X,
        from: from.max(TRAFFIC.0),
        to: TRAFFIC.1,
        role: Role::Overload,
        label: match way {
            Way::Up => "no bigger machine".to_owned(),
            Way::Out if params.fleet(way, 1e9).machines == MOST_MACHINES => {
                format!("over {MOST_MACHINES} machines")
            }
            Way::Out => "more machines do less".to_owned(),
        },
        hatched: way == Way::Up,
    })
}

/// A quantity of the fleets that are enough, over traffic.
fn over_traffic(
    params: &Params,
    way: Way,
    of: impl Fn(&super::Fleet) -> Option<f64>,
) -> Vec<(f64, f64)> {
    let points = traffics().filter_map(|traffic| {
        let fleet = params.fleet(way, traffic);
        Some((traffic, of(&fleet).filter(|_| fleet.enough)?))
    });
    points.filter(|(_, y)| y.is_finite()).collect()
}

pub(super) fn latency(params: &Params, found: &Found) -> Figure {
    let shown = params.shown;
    let ends = Way::BOTH.map(|way| end(params, way));
    let mut layers: Vec<Layer> = ends.into_iter().flatten().collect();
    let curves = Way::BOTH.map(|way| over_traffic(params, way, |it| shown.theory(params, it)));
    let mut all: Vec<f64> = curves.iter().flatten().map(|(_, y)| *y).collect();
    for (way, points) in Way::BOTH.into_iter().zip(curves) {
        let label = match (way, params.policy) {
            (Way::Out, Policy::LeastConnections) => "small machines, random",
            _ => way.label(),
        };
        layers.extend(line(points, Role::Theory, label, false));
    }
    for (at, way) in Way::BOTH.into_iter().enumerate() {
        let sides = found.grid.iter().chain([&found.here[at]]);
        let sides = sides.filter(|side| side.fleet.way == way);
        let measured: Vec<_> = sides
            .filter_map(|side| {
                let report = side.steady()?;
                dot(side.fleet.traffic, shown.measured(report), report.converged)
            })
            .collect();
        all.extend(measured.iter().map(|dot| dot.y));
        let label = format!("simulated, {}", way.label());
        layers.extend(dots(measured, role(way), &label));
    }
    let least = all.iter().copied().fold(super::WORK, f64::min);
    let most = all.iter().copied().fold(2.0 * super::WORK, f64::max);
    let written = |way| {
        let fleet = params.fleet(way, params.traffic);
        let known = shown.theory(params, &fleet);
        let known = known.map_or_else(
            || "too slow, the queue grows".to_owned(),
            |it| value(it, Unit::Seconds),
        );
        format!("{}: {known}", fleet.in_words())
    };
    let [up, out] = Way::BOTH.map(written);
    let mut notes = vec![sizes(params)];
    if params.policy == Policy::LeastConnections {
        notes.push("The curve of the small machines is that of random choice; least connections has no formula.".to_owned());
    }
    notes.extend(legend(&layers));
    Figure {
        id: "latency",
        title: format!("{} over traffic", shown.title()),
        x: traffic_axis(),
        y: axis(
            shown.title(),
            Unit::Seconds,
            Scale::Log,
            least / 1.5,
            1.5 * most,
        ),
        handle: Some(Handle {
            x: params.traffic,
            y: shown.theory(params, &params.fleet(Way::Up, params.traffic)),
            control: "traffic",
            label: vec![
                value(params.traffic, Unit::PerSecond),
                up.clone(),
                out.clone(),
            ],
        }),
        description: format!(
            "{} of one big machine and of small ones, each bought for {} utilization, over traffic. For {}: {up}; {out}.",
            shown.title(),
            value(params.target, Unit::Percent),
            value(params.traffic, Unit::PerSecond),
        ),
        layers,
        notes,
    }
}

fn sizes(params: &Params) -> String {
    format!(
        "Either side has the fewest cores that keep to {} utilization; machines come in sizes, so the curves have steps. Blue: one big \
         machine; green: small ones.",
        value(params.target, Unit::Percent)
    )
}

pub(super) fn cost(params: &Params) -> Figure {
    let mut layers: Vec<Layer> = end(params, Way::Up).into_iter().collect();
    let curves = Way::BOTH.map(|way| over_traffic(params, way, |it| Some(params.cost(it))));
    let all: Vec<f64> = curves.iter().flatten().map(|(_, y)| *y).collect();
    for (way, points) in Way::BOTH.into_iter().zip(curves) {
        layers.extend(line(points, role(way), way.label(), false));
    }
    let most = all.iter().copied().fold(100.0, f64::max);
    let least = all.iter().copied().fold(most / 2.0, f64::min);
    let [up, out] = Way::BOTH.map(|way| {
        let fleet = params.fleet(way, params.traffic);
        format!(
            "{} for {} USD",
            fleet.in_words(),
            value(params.cost(&fleet), Unit::Count)
        )
    });
    Figure {
        id: "cost",
        title: "Cost over traffic".to_owned(),
        x: traffic_axis(),
        y: axis(
            "USD a month",
            Unit::Number,
            Scale::Log,
            least / 1.5,
            1.5 * most,
        ),
        handle: None,
        description: format!(
            "Monthly cost of either side over traffic; that of one big machine ends where no bigger one is sold. For {}: {up}; {out}.",
            value(params.traffic, Unit::PerSecond),
        ),
        layers,
        notes: vec![
            "From the price list; balancers are in the price of the small machines.".to_owned(),
        ],
    }
}

pub(super) fn nines(params: &Params) -> Figure {
    let mut layers: Vec<Layer> = end(params, Way::Up).into_iter().collect();
    let of = |fleet: &super::Fleet| {
        // Precise where hardly anything is ever down.
        let down = params.unavailable(fleet);
        Some(if down > 1e-9 {
            in_nines(1.0 - down)
        } else {
            -math::log10(down.max(1e-300))
        })
    };
    let curves = Way::BOTH.map(|way| over_traffic(params, way, of));
    let most = curves.iter().flatten().map(|(_, y)| *y).fold(4.0, f64::max);
    let top = (1.15 * most).min(MOST_NINES);
    for (way, points) in Way::BOTH.into_iter().zip(curves) {
        let points = points.into_iter().map(|(x, y)| (x, y.min(MOST_NINES)));
        layers.extend(line(points.collect(), role(way), way.label(), false));
    }
    let [up, out] = Way::BOTH.map(|way| {
        let fleet = params.fleet(way, params.traffic);
        let up = 1.0 - params.unavailable(&fleet);
        format!("{}: {}", fleet.in_words(), value(up, Unit::Percent))
    });
    Figure {
        id: "nines",
        title: "Availability over traffic".to_owned(),
        x: traffic_axis(),
        y: axis("Nines", Unit::Number, Scale::Linear, 0.0, top),
        handle: None,
        description: format!(
            "Nines of availability: 3 is 99.9 %, or 44 minutes a month down. For {}: {up}; {out}.",
            value(params.traffic, Unit::PerSecond)
        )
        .replace(" %", "\u{a0}%"),
        layers,
        notes: vec![
            "3 nines are 99.9\u{a0}%. Available means: enough machines are up that the queue does not grow, and a balancer."
                .to_owned(),
        ],
    }
}

/// The share of requests lost in each second around the death of a machine.
pub(super) fn lost_when_one_dies(found: &Found) -> Figure {
    let layers = over_time(found, |series| &series.lost_share);
    Figure {
        id: "outage-lost",
        title: "A machine dies: requests lost".to_owned(),
        x: axis("Time", Unit::Seconds, Scale::Linear, 0.0, SPAN),
        y: axis(
            "Share of requests lost",
            Unit::Percent,
            Scale::Linear,
            0.0,
            1.35,
        ),
        handle: None,
        description: describe(found),
        notes: moments(&layers),
        layers,
    }
}

/// The mean response time of those served, likewise.
pub(super) fn latency_when_one_dies(found: &Found) -> Figure {
    let layers = over_time(found, |series| &series.mean_response);
    let heights = layers.iter().flat_map(|layer| match layer {
        Layer::Line { points, .. } => points.iter().map(|point| point.1).collect(),
        Layer::Ribbon { points, .. } => points.iter().map(|point| point.2).collect(),
        _ => Vec::new(),
    });
    let top = heights.fold(3.0 * super::WORK, f64::max);
    let mut notes = moments(&layers);
    notes.push(
        "By the moment of arrival; only requests that were served have a response time.".to_owned(),
    );
    Figure {
        id: "outage-latency",
        title: "A machine dies: how long the others take".to_owned(),
        x: axis("Time", Unit::Seconds, Scale::Linear, 0.0, SPAN),
        y: axis(
            "Mean response time",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            1.1 * top,
        ),
        handle: None,
        description: describe(found),
        layers,
        notes,
    }
}

fn over_time(found: &Found, of: impl Fn(&SeriesReport) -> &Vec<Quantity>) -> Vec<Layer> {
    let mut layers = vec![rule(DEATH, "one dies"), rule(RETURN, "it is back")];
    let known = found.outage.each_ref().map(|side| points(side, &of));
    for (side, points) in found.outage.iter().zip(&known) {
        let ends = points
            .iter()
            .filter_map(|(time, it)| Some((*time, it.low?.max(0.0), it.high?)));
        let points: Vec<_> = ends.collect();
        if points.len() > 1 {
            layers.push(Layer::Ribbon {
                points,
                role: role(side.fleet.way),
                label: format!("{}, 95 % interval", side.fleet.way.label()),
            });
        }
    }
    for (side, points) in found.outage.iter().zip(&known) {
        let estimates = points
            .iter()
            .filter_map(|(time, it)| Some((*time, it.estimate?)));
        layers.extend(line(
            estimates.collect(),
            role(side.fleet.way),
            side.fleet.way.label(),
            false,
        ));
    }
    layers
}

fn rule(x: f64, label: &str) -> Layer {
    Layer::Rule {
        x,
        role: Role::Median,
        label: label.to_owned(),
        dashed: false,
    }
}

/// The middle of each stretch, and what was measured in it.
fn points(side: &Side, of: impl Fn(&SeriesReport) -> &Vec<Quantity>) -> Vec<(f64, Quantity)> {
    let series = side
        .report
        .and_then(|report| report.details.as_ref()?.series.as_ref());
    let Some(series) = series else {
        return Vec::new();
    };
    let middles = (0_u32..).map(|at| (f64::from(at) + 0.5) * series.step);
    middles.zip(of(series).iter().copied()).collect()
}

fn moments(layers: &[Layer]) -> Vec<String> {
    let mut notes = vec![format!(
        "From an empty start. At {} a machine dies and refuses requests at once; at {} it is back, much sooner than in the reckoning by \
         the month. Checks every {} take a machine out after {} failures.",
        value(DEATH, Unit::Seconds),
        value(RETURN, Unit::Seconds),
        value(super::INTERVAL, Unit::Seconds),
        super::FALL
    )];
    if layers.iter().any(|it| matches!(it, Layer::Ribbon { .. })) {
        notes.push("Shaded: 95\u{a0}% intervals.".to_owned());
    }
    notes
}

fn describe(found: &Found) -> String {
    let each = found.outage.each_ref().map(|side| {
        let lost = side.report.and_then(|report| {
            let flow = &report.details.as_ref()?.flow;
            (flow.arrived > 0).then(|| flow.lost() as f64 / flow.arrived as f64)
        });
        let lost = lost.map_or_else(|| "not yet known".to_owned(), |it| value(it, Unit::Percent));
        format!("{}, {lost}", side.fleet.in_words())
    });
    let [up, out] = each;
    format!(
        "A machine dies after {} and is back after {}. Requests lost of all in {}: {up}; {out}.",
        value(DEATH, Unit::Seconds),
        value(RETURN, Unit::Seconds),
        value(SPAN, Unit::Seconds)
    )
}
