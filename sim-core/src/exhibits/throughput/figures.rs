//! Latency against throughput, throughput against users, and percentiles with a pause now and then.

use std::fmt::Write;

use super::{Found, MOST_USERS, Params, in_words, requests, whole};
use crate::exhibits::parts::{FIRST, SECOND, axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Along, Figure, Handle, Layer, Role, Scale, Unit};
use crate::run::report::{ClassReport, Report};

/// Points of a curve.
const POINTS: u32 = 90;
/// The percentiles that are marked: one request in so many is slower.
const MARKED: [f64; 5] = [2.0, 10.0, 20.0, 100.0, 1_000.0];

/// Mean response over throughput.
pub(super) fn latency(params: &Params, found: &Found) -> Figure {
    let capacity = params.capacity();
    let service = params.service_ms / 1e3;
    let mut layers = vec![Layer::Band {
        along: Along::X,
        from: capacity,
        to: 1.15 * capacity,
        role: Role::Overload,
        label: "more than can leave".to_owned(),
        hatched: true,
    }];
    layers.extend(line(open(params), Role::Theory, "open", false));
    layers.extend(line(closed(params), Role::Theory, "closed", false));
    let measured = found.closed.iter().filter_map(|(_, report)| {
        let class = requests(report)?;
        dot(
            class.throughput.estimate?,
            class.mean_response,
            report.converged,
        )
    });
    layers.extend(dots(measured, FIRST, "simulated, closed"));
    let measured = found
        .open
        .iter()
        .filter(|report| report.stable)
        .filter_map(|report| dot(report.arrival_rate, report.mean_response, report.converged));
    layers.extend(dots(measured, SECOND, "simulated, open"));
    let model = params.closed(params.users).ok();
    let here = model.map_or(service, |model| model.mean_response());
    let knee = params.knee();
    let marked = [
        (params.closed(whole(knee)).ok(), "knee".to_owned()),
        (model, in_words(params.users)),
    ];
    layers.extend(marked.into_iter().filter_map(|(model, label)| {
        Some(Layer::Rule {
            x: model?.throughput(),
            role: Role::Median,
            label,
            dashed: false,
        })
    }));
    let mut notes = vec![
        "Both curves are exact. Closed, blue dots: users who wait for their answers; open, green dots: arrivals that wait for nobody."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    Figure {
        id: "latency",
        title: "Latency over throughput".to_owned(),
        x: axis(
            "Throughput",
            Unit::PerSecond,
            Scale::Linear,
            0.0,
            1.15 * capacity,
        ),
        y: axis(
            "Mean response time",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            (16.0 * service).max(1.25 * here),
        ),
        handle: None,
        description: describe_latency(params),
        layers,
        notes,
    }
}

/// Throughput over users with its bounds, and the knee.
pub(super) fn users(params: &Params, found: &Found) -> Figure {
    let (capacity, knee) = (params.capacity(), params.knee());
    let right = (2.5 * knee)
        .min(f64::from(MOST_USERS))
        .max(1.15 * f64::from(params.users))
        .max(3.0);
    // Nobody waits; all servers are always busy.
    let sent = vec![(0.0, 0.0), (1.25 * knee, 1.25 * capacity)];
    let answered = vec![(0.0, capacity), (right, capacity)];
    let mut layers = vec![Layer::Rule {
        x: knee,
        role: Role::Median,
        label: "knee".to_owned(),
        dashed: false,
    }];
    layers.extend(line(sent, Role::Median, "N/(D + Z)", false));
    layers.extend(line(answered, Role::Median, "c/D", false));
    let exact = places(right).filter_map(|users| {
        let model = params.closed(users).ok()?;
        Some((f64::from(users), model.throughput()))
    });
    layers.extend(line(exact.collect(), Role::Theory, "closed", false));
    let measured = found.closed.iter().filter_map(|(users, report)| {
        dot(
            f64::from(*users),
            requests(report)?.throughput,
            report.converged,
        )
    });
    layers.extend(dots(measured, FIRST, "simulated, closed"));
    let model = params.closed(params.users).ok();
    let mut notes = vec![
        "Grey: the most that N users can send, N/(D + Z), if nobody ever waits; and the most that c servers can answer, c/D. They \
         meet at the knee."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    Figure {
        id: "users",
        title: "Throughput over users".to_owned(),
        x: axis("Users", Unit::Count, Scale::Linear, 0.0, right),
        y: axis(
            "Throughput",
            Unit::PerSecond,
            Scale::Linear,
            0.0,
            1.25 * capacity,
        ),
        handle: model.map(|model| Handle {
            x: f64::from(params.users),
            y: Some(model.throughput()),
            control: "users",
            label: vec![
                in_words(params.users),
                value(model.throughput(), Unit::PerSecond),
                format!("mean {}", value(model.mean_response(), Unit::Seconds)),
            ],
        }),
        description: format!(
            "Throughput grows with the number of users up to about {}, the knee, and levels off at {}. With {} it is {}.",
            value(knee, Unit::Number),
            value(capacity, Unit::PerSecond),
            in_words(params.users),
            model.map_or_else(
                || "–".to_owned(),
                |model| value(model.throughput(), Unit::PerSecond)
            ),
        ),
        layers,
        notes,
    }
}

/// Percentiles with pauses: what the closed test reports, and what open arrivals see.
pub(super) fn pauses(params: &Params, found: &Found) -> Figure {
    let sides = [
        (found.closed_with_pauses, FIRST, "the closed test"),
        (found.open_with_pauses, SECOND, "open arrivals"),
    ];
    let mut layers = vec![Layer::Rule {
        x: 100.0,
        role: Role::Tail,
        label: "P99".to_owned(),
        dashed: false,
    }];
    let mut highest: f64 = params.pause_ms / 1e3;
    let mut said = String::new();
    let known = |(report, role, name): (Option<&'_ Report>, Role, &'static str)| {
        let report = report?;
        let points: Vec<_> = MARKED
            .into_iter()
            .zip(percentiles(requests(report)?))
            .filter_map(|(rare, quantity)| dot(rare, quantity, report.converged))
            .collect();
        Some((points, role, name))
    };
    let sides: Vec<_> = sides.into_iter().filter_map(known).collect();
    for (points, role, name) in &sides {
        highest = points.iter().map(|dot| dot.y).fold(highest, f64::max);
        let joined = points.iter().map(|dot| (dot.x, dot.y)).collect();
        layers.extend(line(joined, *role, name, false));
        if let Some(tail) = points.iter().find(|dot| dot.x == 100.0) {
            // Writing to a string cannot fail.
            let _ = write!(said, " P99 of {name}: {}.", value(tail.y, Unit::Seconds));
        }
    }
    for (points, role, name) in sides {
        layers.extend(dots(points, role, &format!("simulated, {name}")));
    }
    let why = if params.is_capped() {
        "fewer than the closed loop gets through: at its rate the queue of open arrivals would have no end"
    } else {
        "as many as the closed loop gets through without pauses"
    };
    let rate = value(params.open_rate(), Unit::PerSecond);
    let mut notes = vec![format!("Open arrivals come at {rate}, {why}.")];
    notes.extend(legend(&layers));
    let service = params.service_ms / 1e3;
    Figure {
        id: "pauses",
        title: "With a pause now and then".to_owned(),
        x: axis(
            "The slowest request in …",
            Unit::Count,
            Scale::Log,
            1.5,
            1_500.0,
        ),
        y: axis(
            "Response time",
            Unit::Seconds,
            Scale::Log,
            0.3 * service,
            (2.0 * highest).max(20.0 * service),
        ),
        handle: None,
        description: format!(
            "Response times of the slowest request in two, ten, a hundred and a thousand, where all servers stand still for {} \
             about every {}.{said}",
            value(params.pause_ms / 1e3, Unit::Seconds),
            value(params.pause_every_s, Unit::Seconds),
        ),
        layers,
        notes,
    }
}

/// The percentiles of [`MARKED`].
fn percentiles(class: &ClassReport) -> [crate::run::report::Quantity; 5] {
    let it = &class.percentiles;
    [it.p50, it.p90, it.p95, it.p99, it.p999]
}

/// Whole numbers of users, evenly spread up to `right`.
fn places(right: f64) -> impl Iterator<Item = u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a slider's range"
    )]
    let most = right as u32;
    let step = most.div_ceil(POINTS).max(1);
    let last = (most > 0 && !(most - 1).is_multiple_of(step)).then_some(most);
    (1..=most).step_by(step as usize).chain(last)
}

/// Throughput and mean response of the closed loop, from one user to far past the knee.
fn closed(params: &Params) -> Vec<(f64, f64)> {
    let right = (6.0 * params.knee() + 30.0)
        .min(f64::from(MOST_USERS))
        .max(f64::from(params.users));
    let point = |users| {
        let model = params.closed(users).ok()?;
        Some((model.throughput(), model.mean_response()))
    };
    // Where it bends, more closely than beyond.
    let mut users: Vec<u32> = places(right.min(2.5 * params.knee().max(2.0)))
        .chain(places(right))
        .collect();
    users.sort_unstable();
    users.dedup();
    users.into_iter().filter_map(point).collect()
}

/// Rate and mean response of open arrivals.
fn open(params: &Params) -> Vec<(f64, f64)> {
    let even = (1..90).map(|i| f64::from(i) / 100.0);
    let near = std::iter::successors(Some(0.1), |gap| Some(gap * 0.9)).take(40);
    let point = |utilization: f64| {
        let rate = utilization * params.capacity();
        Some((rate, params.open(rate).ok()?.mean_response()))
    };
    even.chain(near.map(|gap| 1.0 - gap))
        .filter_map(point)
        .collect()
}

fn describe_latency(params: &Params) -> String {
    let capacity = params.capacity();
    let open = params
        .open(0.9 * capacity)
        .map(|model| model.mean_response());
    let written = |time: Result<f64, _>| {
        time.map_or_else(
            |_: crate::error::InputError| "–".to_owned(),
            |time| value(time, Unit::Seconds),
        )
    };
    format!(
        "Mean response time over throughput, which cannot exceed {}. At 90 % of that, open arrivals take {}. {} users in a closed \
         loop take {}, and {} times as many users would take {}.",
        value(capacity, Unit::PerSecond),
        written(open),
        params.users,
        written(
            params
                .closed(params.users)
                .map(|model| model.mean_response())
        ),
        4,
        written(
            params
                .closed(4 * params.users)
                .map(|model| model.mean_response())
        ),
    )
}
