use super::*;
use crate::exhibits::tests::sentences;
use crate::figure::{Dot, Layer};
use crate::run::report::{Quantity, Stopped};

fn figure(params: &Params, reports: &[Option<Report>]) -> Figure {
    LatencyCurve::figures(params, reports).remove(0)
}

fn curve<'a>(figure: &'a Figure, name: &str) -> (&'a [(f64, f64)], bool) {
    let found = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line {
            points,
            label,
            dashed,
            ..
        } if label == name => Some((points.as_slice(), *dashed)),
        _ => None,
    });
    found.unwrap()
}

fn dots<'a>(figure: &'a Figure, name: &str) -> &'a [Dot] {
    let found = figure.layers.iter().find_map(|layer| match layer {
        Layer::Dots { points, label, .. } if label == name => Some(points.as_slice()),
        _ => None,
    });
    found.unwrap_or(&[])
}

fn height(figure: &Figure, name: &str, utilization: f64) -> f64 {
    curve(figure, name)
        .0
        .iter()
        .find(|(x, _)| *x == utilization)
        .unwrap()
        .1
}

fn report(params: &Params, converged: bool) -> Report {
    let scenario = params.at(params.utilization);
    let quantity = |value: f64| Quantity {
        estimate: Some(value),
        low: Some(value * 0.9),
        high: Some(value * 1.1),
        theory: None,
    };
    let nothing = Quantity::default();
    let stable = scenario.utilization() < 1.0;
    Report {
        utilization: scenario.utilization(),
        arrival_rate: scenario.arrival_rate(),
        service_rate: scenario.service_rate(),
        servers: params.servers,
        replications: 8,
        requests: 80_000,
        warm_up: 0,
        stable,
        converged,
        stopped: Stopped::Budget,
        mean_response: quantity(0.2),
        mean_wait: nothing,
        mean_in_system: nothing,
        mean_in_queue: nothing,
        p50: nothing,
        p90: nothing,
        p95: nothing,
        p99: quantity(0.5),
        p999: nothing,
        growth_rate: (!stable).then(|| quantity(5.0)),
        details: None,
        ..Report::unknown()
    }
}

/// The operating point's report alone.
fn only(report: Report) -> Vec<Option<Report>> {
    std::iter::once(Some(report))
        .chain(GRID.map(|_| None))
        .collect()
}

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&LatencyCurve::readouts(params, reports)).join(" ")
}

#[test]
fn dragging_leaves_the_grid_as_it_is() {
    let at = |utilization| {
        LatencyCurve::scenarios(&Params {
            utilization,
            ..Params::default()
        })
        .unwrap()
    };
    assert_eq!(at(0.3)[1..], at(1.1)[1..]);
    assert_ne!(at(0.3)[0], at(1.1)[0]);
}

#[test]
fn mm1_is_drawn_by_its_closed_forms() {
    let figure = figure(&Params::default(), &[]);
    for utilization in [0.1, 0.5, 0.9] {
        // W = 1/(μ − λ); response times are exponential with that mean.
        let mean = 0.01 / (1.0 - utilization);
        let expected = [
            ("mean", mean),
            ("P50", mean * std::f64::consts::LN_2),
            ("P99", mean * 4.605_170_185_988_091),
        ];
        for (name, value) in expected {
            let drawn = height(&figure, name, utilization);
            assert!(
                (drawn / value - 1.0).abs() < 1e-9,
                "{name} at {utilization}: {drawn} for {value}"
            );
            assert!(!curve(&figure, name).1, "{name} is exact, so not dashed");
        }
    }
    let handle = figure.handle.unwrap();
    assert!((handle.y.unwrap() - 0.1).abs() < 1e-12);
    assert_eq!(handle.label[1..], ["mean 100\u{a0}ms", "P99 461\u{a0}ms"]);
}

#[test]
fn what_is_approximate_is_dashed_and_says_so() {
    let known = [(1, 1.0, 4.0), (1, 1.0, 0.25), (3, 1.0, 0.0), (3, 4.0, 1.0)];
    for (servers, arrival_scv, service_scv) in known {
        let params = Params {
            servers,
            arrival_scv,
            service_scv,
            ..Params::default()
        };
        let exact = figure(&params, &[]);
        assert!(!curve(&exact, "mean").1 && !curve(&exact, "P99").1);
        assert!(exact.notes.is_empty(), "{:?}", exact.notes);
    }
    let ggc = figure(
        &Params {
            service_scv: 4.0,
            servers: 3,
            ..Params::default()
        },
        &[],
    );
    assert!(curve(&ggc, "mean").1);
    assert!(
        ggc.notes[0].contains("Dashed") && ggc.notes[0].contains("M/G/3"),
        "{:?}",
        ggc.notes
    );
    assert!(ggc.handle.unwrap().label[1].contains('≈'));
    assert!(figure(&Params::default(), &[]).notes.is_empty());
}

#[test]
fn the_axis_stands_still_and_then_follows_smoothly() {
    let high = |utilization, axis| {
        figure(
            &Params {
                utilization,
                axis,
                ..Params::default()
            },
            &[],
        )
        .y
        .high
    };
    for scale in [Scale::Linear, Scale::Log] {
        let still = high(0.1, scale);
        assert!(
            [0.3, 0.6, 0.9, 0.95, 1.0, 1.1]
                .iter()
                .all(|u| high(*u, scale) == still)
        );
        let (mut before, mut grown) = (still, false);
        for step in 950..=995 {
            let now = high(f64::from(step) / 1000.0, scale);
            // The mean itself grows by a quarter at most from one step to the next.
            assert!(now >= before && now <= before * 1.26, "{scale:?} {step}");
            grown |= now > still;
            before = now;
        }
        assert!(grown, "{scale:?}");
    }
}

#[test]
fn a_report_becomes_a_dot_with_its_interval_at_the_operating_point() {
    // 0.7 comes back from the rates as another number than it went in.
    let params = Params {
        utilization: 0.7,
        service_ms: 7.3,
        ..Params::default()
    };
    let drawn = figure(&params, &only(report(&params, false)));
    assert_eq!(
        dots(&drawn, "simulated mean"),
        [Dot {
            x: 0.7,
            y: 0.2,
            low: Some(0.2 * 0.9),
            high: Some(0.2 * 1.1),
            converged: false
        }]
    );
    assert_eq!(dots(&drawn, "simulated P99")[0].y, 0.5);
    assert!(
        drawn
            .notes
            .iter()
            .any(|note| note.contains("not yet converged"))
    );
    let drawn = figure(&params, &only(report(&params, true)));
    assert!(dots(&drawn, "simulated mean")[0].converged);
    assert!(
        !drawn
            .notes
            .iter()
            .any(|note| note.contains("not yet converged"))
    );
}

#[test]
fn overload_grows_and_has_no_steady_number() {
    let params = Params {
        utilization: 1.05,
        ..Params::default()
    };
    let drawn = figure(&params, &only(report(&params, true)));
    let handle = drawn.handle.as_ref().unwrap();
    assert_eq!(handle.y, None);
    assert_eq!(handle.label, ["105\u{a0}%", "queue grows", "by 5/s"]);
    assert!(dots(&drawn, "simulated mean").is_empty());
    assert!(
        drawn.description.contains("the queue grows by 5/s"),
        "{}",
        drawn.description
    );
    let said = words(&params, &only(report(&params, true)));
    assert!(
        said.contains("105/s arrive and at most 100/s can leave"),
        "{said}"
    );
    assert!(
        said.contains("grows by 5/s without end, by 18 000 in an hour"),
        "{said}"
    );
    assert!(said.contains("growth of 5/s (4.5–5.5/s)"), "{said}");
    assert!(!said.contains("on average"), "{said}");
}

#[test]
fn at_exactly_full_load_there_is_no_number_either() {
    let params = Params {
        utilization: 1.0,
        ..Params::default()
    };
    let drawn = figure(&params, &[]);
    assert_eq!(drawn.handle.as_ref().unwrap().y, None);
    assert!(words(&params, &[]).contains("never settles"));
}

#[test]
fn readouts_say_what_theory_and_simulation_know() {
    let params = Params::default();
    let said = words(&params, &[]);
    assert!(
        said.contains("a request that needs 10 ms takes 100 ms on average"),
        "{said}"
    );
    assert!(
        said.contains("90 ms in the queue and 10 ms in service"),
        "{said}"
    );
    assert!(
        said.contains("on average 9 requests in the system, 8.1 of them waiting"),
        "{said}"
    );
    assert!(said.contains("no result yet"), "{said}");
    let said = words(&params, &only(report(&params, false)));
    assert!(
        said.contains("Simulated: mean 200 ms (180–220 ms), P99 500 ms (450–550 ms)"),
        "{said}"
    );
    assert!(said.contains("not yet converged"), "{said}");
    assert!(!words(&params, &only(report(&params, true))).contains("not yet converged"));
}

#[test]
fn the_command_names_the_operating_point() {
    let params = Params {
        utilization: 0.85,
        servers: 3,
        service_scv: 4.0,
        ..Params::default()
    };
    assert_eq!(
        LatencyCurve::command(&params, 7, 32).unwrap(),
        "cargo run --release -p sim-core --example mm1 -- --utilization 0.85 --servers 3 --service-rate 100 \
         --arrivals exponential --service hyperexponential:4 --seed 7 --replications 32"
    );
}

#[test]
fn the_command_rebuilds_the_scenario_to_the_bit() {
    let digits = [
        (0.85, 3.0, 0.25, 1.5),
        (0.37, 7.3, 0.0, 16.0),
        (1.13, 0.1, 1.0, 0.3),
    ];
    for (utilization, service_ms, arrival_scv, service_scv) in digits {
        let params = Params {
            utilization,
            servers: 3,
            service_ms,
            arrival_scv,
            service_scv,
            ..Params::default()
        };
        let command = LatencyCurve::command(&params, 1, 1).unwrap();
        let flag = |name: &str| {
            command
                .split(' ')
                .skip_while(|word| *word != name)
                .nth(1)
                .unwrap()
        };
        let number = |name: &str| flag(name).parse::<f64>().unwrap();
        let rate = number("--service-rate");
        let arrival_rate = Queue::arrival_rate_at(number("--utilization"), 3, rate);
        let rebuilt = Queue::new(
            Distribution::parse("arrivals", flag("--arrivals"), 1.0 / arrival_rate).unwrap(),
            3,
            Distribution::parse("service", flag("--service"), 1.0 / rate).unwrap(),
        );
        let original = LatencyCurve::animated(&params)[0].scenario.queue().unwrap();
        assert_eq!(rebuilt.arrivals, original.arrivals);
        assert_eq!(rebuilt.station, original.station);
    }
}

#[test]
fn overload_is_watched_from_an_empty_start() {
    for utilization in [1.0, 1.05] {
        let params = Params {
            utilization,
            ..Params::default()
        };
        let scenario = &LatencyCurve::animated(&params)[0].scenario;
        assert!(matches!(scenario.horizon, Horizon::Transient { .. }));
        assert!(
            LatencyCurve::command(&params, 1, 1)
                .unwrap()
                .contains("--requests 20000")
        );
    }
}
