//! Percentiles, histogram and servers of both policies, in blue and green; in ink, what theory knows.

use std::fmt::Write;

use super::{Params, Side, WORK};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Bar, Dot, Figure, Layer, Role, Scale, Unit};
use crate::math;
use crate::run::report::{Bin, Report};
use crate::theory::GgcApproximation;

/// The percentiles that are marked: one request in so many is slower.
const MARKED: [f64; 5] = [2.0, 10.0, 20.0, 100.0, 1_000.0];
/// Where the curves begin: the slower half, and a little more.
const COMMONEST: f64 = 1.5;
/// The rarest request shown: one in so many.
const RAREST: f64 = 2_000.0;
/// How far the two policies' dots stand off their server's number.
const SIDEWAYS: f64 = 0.15;
/// Steps of the histogram in a factor of ten of time.
const STEPS: f64 = 20.0;

/// Response time of the slowest request in two, ten, a hundred, …
pub(super) fn percentiles(params: &Params, sides: &[Side; 2]) -> Figure {
    let mut layers = vec![Layer::Rule {
        x: 100.0,
        role: Role::Tail,
        label: "P99".to_owned(),
        dashed: false,
    }];
    let theory = Theory::all(params);
    layers.extend(theory.iter().filter_map(Theory::line));
    for side in sides {
        layers.extend(side.steady().and_then(|report| curve(side, report)));
    }
    for side in sides {
        layers.extend(side.steady().and_then(|report| marks(side, report)));
    }
    let mut notes = Vec::new();
    if theory.iter().any(|it| !it.exact) {
        notes.push("Dashed: an approximation by two moments.".to_owned());
    } else if !theory.is_empty() {
        notes.push(
            "In ink, exactly: random choice, and a single queue that no balancer can beat on average."
                .to_owned(),
        );
    }
    notes.extend(legend(&layers));
    notes.extend(missing(sides));
    Figure {
        id: "percentiles",
        title: "How slow are the slowest?".to_owned(),
        x: axis(
            "The slowest request in …",
            Unit::Count,
            Scale::Log,
            COMMONEST,
            RAREST,
        ),
        y: axis(
            "Response time",
            Unit::Seconds,
            Scale::Log,
            0.5 * WORK,
            highest(params, sides),
        ),
        handle: None,
        description: describe(params, sides),
        layers,
        notes,
    }
}

/// The distribution of response times.
pub(super) fn histogram(params: &Params, sides: &[Side; 2]) -> Figure {
    let mut layers = Vec::new();
    let mut top: f64 = 0.02;
    let [first, second] = sides;
    if let Some(bins) = bins(first) {
        let bars = bars(bins);
        top = bars.iter().map(|bar| bar.value).fold(top, f64::max);
        layers.push(Layer::Bars {
            bars,
            role: first.role,
            label: first.policy.name().to_owned(),
        });
    }
    if let Some(bins) = bins(second) {
        let bars = bars(bins);
        top = bars.iter().map(|bar| bar.value).fold(top, f64::max);
        let outline = bars
            .iter()
            .flat_map(|bar| [(bar.from, bar.value), (bar.to, bar.value)]);
        layers.extend(line(outline.collect(), second.role, "B", false));
    }
    let marked = sides.iter().zip(["A", "B"]).filter_map(|(side, letter)| {
        let report = side.steady()?;
        let named = [("P50", report.p50), ("P99", report.p99)];
        Some(named.map(|(name, quantity)| Some((quantity.estimate?, letter, name, side.role))))
    });
    let mut rules: Vec<_> = marked.flatten().flatten().collect();
    rules.sort_by(|a, b| a.0.total_cmp(&b.0));
    layers.extend(
        rules
            .into_iter()
            .map(|(x, letter, name, role)| Layer::Rule {
                x,
                role,
                label: format!("{letter} {name}"),
                dashed: false,
            }),
    );
    let mut notes = Vec::new();
    if !layers.is_empty() {
        notes.push(format!(
            "A, filled, in blue: {}. B, outlined, in green: {}. Each step reaches an eighth further than the one before; its height \
             is the share of requests within it.",
            first.policy.name(),
            second.policy.name()
        ));
    }
    notes.extend(missing(sides));
    Figure {
        id: "histogram",
        title: "All response times".to_owned(),
        x: axis(
            "Response time",
            Unit::Seconds,
            Scale::Log,
            0.1 * WORK,
            highest(params, sides),
        ),
        y: axis(
            "Share of requests",
            Unit::Percent,
            Scale::Linear,
            0.0,
            1.3 * top,
        ),
        handle: None,
        description: describe(params, sides),
        layers,
        notes,
    }
}

/// Mean number of requests at each server.
pub(super) fn servers(params: &Params, sides: &[Side; 2]) -> Figure {
    let layers: Vec<Layer> = sides
        .iter()
        .zip([-SIDEWAYS, SIDEWAYS])
        .filter_map(|(side, aside)| {
            let beside = present(side).into_iter().map(|dot| Dot {
                x: dot.x + aside,
                ..dot
            });
            dots(beside, side.role, side.policy.name())
        })
        .collect();
    let ends = layers.iter().flat_map(|layer| match layer {
        Layer::Dots { points, .. } => points.as_slice(),
        _ => &[],
    });
    let seen = ends.map(|dot| dot.high.unwrap_or(dot.y).max(dot.y));
    // Before anything is seen, as high as one server alone in M/M/1.
    let top = seen
        .reduce(f64::max)
        .unwrap_or(params.utilization / (1.0 - params.utilization));
    let mut notes = Vec::new();
    if !layers.is_empty() {
        notes.push(format!(
            "Left, in blue: {}. Right, in green: {}.",
            sides[0].policy.name(),
            sides[1].policy.name()
        ));
    }
    let last = params.speeds.last();
    if last.speed != 1.0 {
        let speed = if last.speed < 1.0 { "slow" } else { "fast" };
        notes.push(format!("Server {} is the {speed} one.", params.servers));
    }
    notes.extend(legend(&layers));
    notes.extend(missing(sides));
    Figure {
        id: "servers",
        title: "Requests at each server".to_owned(),
        x: axis(
            "Server",
            Unit::Count,
            Scale::Linear,
            0.5,
            f64::from(params.servers) + 0.5,
        ),
        y: axis(
            "Requests there, mean",
            Unit::Number,
            Scale::Linear,
            0.0,
            1.2 * top,
        ),
        handle: None,
        description: describe_servers(sides),
        layers,
        notes,
    }
}

/// One of the two queues that theory knows beside the policies.
struct Theory {
    label: &'static str,
    model: GgcApproximation,
    exact: bool,
}

impl Theory {
    /// Random choice makes M/G/1 of every server; a single queue in front of all is M/G/n. Of unequal servers there is no
    /// formula here.
    fn all(params: &Params) -> Vec<Self> {
        if params.speeds.last().speed != 1.0 {
            return Vec::new();
        }
        let rate = params.arrival_rate();
        let model = |rate, servers| {
            GgcApproximation::new(rate, 1.0 / WORK, servers, 1.0, params.service_scv).ok()
        };
        let named = [
            (
                "random (theory)",
                model(rate / f64::from(params.servers), 1),
            ),
            ("one queue (theory)", model(rate, params.servers)),
        ];
        let known = |(label, model): (&'static str, Option<_>)| {
            Some(Self {
                label,
                model: model?,
                exact: params.service_scv == 1.0,
            })
        };
        named.into_iter().filter_map(known).collect()
    }

    fn line(&self) -> Option<Layer> {
        // Evenly on the logarithmic axis, from its left end to its right one.
        let steps =
            (0..=60).map(|i| COMMONEST * math::pow(RAREST / COMMONEST, f64::from(i) / 60.0));
        let points = steps.map(|rare| (rare, self.model.response_quantile(1.0 - 1.0 / rare)));
        line(points.collect(), Role::Theory, self.label, !self.exact)
    }
}

/// The response time that the slowest request in so many exceeds, as far as the histogram tells.
fn curve(side: &Side, report: &Report) -> Option<Layer> {
    let bins = &report.details.as_ref()?.histogram;
    let (mut rest, mut covered) = (1.0, 0.0);
    let mut points = Vec::with_capacity(bins.len());
    for bin in bins.iter().filter(|bin| bin.share > 0.0) {
        rest -= bin.share;
        let (rare, time) = (1.0 / f64::max(rest, 1e-9), bin.to);
        if rare < RAREST {
            points.push((rare, time));
            covered = 1.0 - 1.0 / rare;
            continue;
        }
        // The last point lies within its bin, as far along as the axis goes.
        let part = (1.0 - 1.0 / RAREST - covered) / bin.share;
        points.push((
            RAREST,
            bin.from + part.clamp(0.0, 1.0) * (bin.to - bin.from),
        ));
        break;
    }
    line(points, side.role, side.policy.name(), false)
}

fn marks(side: &Side, report: &Report) -> Option<Layer> {
    let measured = [report.p50, report.p90, report.p95, report.p99, report.p999];
    let marked = MARKED
        .into_iter()
        .zip(measured)
        .filter_map(|(rare, quantity)| dot(rare, quantity, report.converged));
    let label = format!("simulated, {}", side.policy.name());
    dots(marked, side.role, &label)
}

/// The histogram of a steady state.
fn bins<'a>(side: &'a Side) -> Option<&'a [Bin]> {
    let details = side.steady()?.details.as_ref()?;
    (!details.histogram.is_empty()).then_some(details.histogram.as_slice())
}

/// The histogram in steps of equal ratio: its own bins are of unequal ones.
fn bars(bins: &[Bin]) -> Vec<Bar> {
    let edge = |step: f64| math::pow(10.0, step / STEPS);
    let number = |time: f64| STEPS * math::log10(time);
    let mut cumulated = Cumulated {
        bins,
        at: 0,
        sum: 0.0,
    };
    let mut step = number(bins[0].from.max(0.01 * WORK)).floor();
    let last = number(bins[bins.len() - 1].to).ceil();
    let mut before = cumulated.below(edge(step));
    let mut bars = Vec::new();
    while step < last {
        let (from, to) = (edge(step), edge(step + 1.0));
        let below = cumulated.below(to);
        bars.push(Bar {
            from,
            to,
            value: f64::max(below - before, 0.0),
        });
        before = below;
        step += 1.0;
    }
    bars
}

/// A walk along the bins.
struct Cumulated<'a> {
    bins: &'a [Bin],
    at: usize,
    sum: f64,
}

impl Cumulated<'_> {
    /// The share of values below `time`, which must not fall from call to call; within a bin, in proportion.
    fn below(&mut self, time: f64) -> f64 {
        while let Some(bin) = self.bins.get(self.at).filter(|bin| bin.to <= time) {
            self.sum += bin.share;
            self.at += 1;
        }
        let part = self.bins.get(self.at).map_or(0.0, |bin| {
            let covered = (time - bin.from).max(0.0) / (bin.to - bin.from);
            bin.share * covered.min(1.0)
        });
        self.sum + part
    }
}

fn present(side: &Side) -> Vec<Dot> {
    let Some(report) = side.steady() else {
        return Vec::new();
    };
    let places = report.details.iter().flat_map(|details| &details.places);
    places
        .enumerate()
        .filter_map(|(i, place)| dot((i + 1) as f64, place.mean_in_system, report.converged))
        .collect()
}

/// The upper end of the time axis: above the rarest request of theory and of both policies.
fn highest(params: &Params, sides: &[Side; 2]) -> f64 {
    let seen = sides
        .iter()
        .filter_map(|side| side.steady()?.p999.estimate)
        .fold(0.0, f64::max);
    let theory = Theory::all(params);
    let theory = theory.iter().map(|it| it.model.response_quantile(0.999));
    theory.fold((1.6 * seen).max(20.0 * WORK), |high, it| high.max(1.3 * it))
}

fn describe(params: &Params, sides: &[Side; 2]) -> String {
    let mut text = format!(
        "Response times of {} servers at {} utilization under {} and under {}.",
        params.servers,
        value(params.utilization, Unit::Percent),
        sides[0].policy.name(),
        sides[1].policy.name()
    );
    for side in sides {
        let Some(report) = side.steady() else {
            continue;
        };
        if let (Some(median), Some(tail)) = (report.p50.estimate, report.p99.estimate) {
            let _ = write!(
                text,
                " {}: half take at most {}, one in a hundred more than {}.",
                side.policy.title(),
                value(median, Unit::Seconds),
                value(tail, Unit::Seconds)
            );
        }
    }
    text
}

fn describe_servers(sides: &[Side; 2]) -> String {
    let mut text = "Mean number of requests at each server, waiting or in service.".to_owned();
    for side in sides {
        let present = present(side);
        let least = present
            .iter()
            .map(|dot| dot.y)
            .fold(f64::INFINITY, f64::min);
        let most = present.iter().map(|dot| dot.y).fold(0.0, f64::max);
        if least.is_finite() {
            let _ = write!(
                text,
                " {}: from {} to {}.",
                side.policy.title(),
                value(least, Unit::Number),
                value(most, Unit::Number)
            );
        }
    }
    text
}

/// What is not drawn, and why.
fn missing(sides: &[Side; 2]) -> Vec<String> {
    let growing = sides
        .iter()
        .filter(|side| side.report.is_some_and(|report| !report.stable));
    let mut names: Vec<_> = growing.map(|side| side.policy.title()).collect();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            format!("{name} has no steady state here, and so no curve: a queue grows without end.")
        })
        .collect()
}
