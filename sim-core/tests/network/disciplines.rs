//! Who is served next, against closed forms.

use sim_core::distribution::Distribution;
use sim_core::scenario::{Activity, Arrivals, Class, Discipline, Scenario, Station};

use crate::support::{check, details, estimate, long, open, place, simulate, station};

fn two_priorities(discipline: Discipline) -> Scenario {
    let shared = Station {
        discipline,
        ..station(1, 1.0)
    };
    let high = Class {
        priority: 1,
        ..Class::new(Arrivals::poisson(0.2))
    };
    let scenario = Scenario::empty()
        .with_class("high", high)
        .with_class("low", Class::new(Arrivals::poisson(0.6)))
        .with_resource("server", shared)
        .with_path(vec![Activity::work("server")]);
    long(scenario, 100_000)
}

#[test]
fn priorities_agree_with_cobham() {
    let report = simulate(&two_priorities(Discipline::Priority));
    let classes = &details(&report).classes;
    check("high", classes[0].mean_response, 2.0);
    check("low", classes[1].mean_response, 6.0);
    let report = simulate(&two_priorities(Discipline::PreemptivePriority));
    let classes = &details(&report).classes;
    // The high class sees an M/M/1 of itself alone; the low one (1/μ)/((1 − ρ₁)(1 − ρ₁ − ρ₂)).
    check("high, preemptive", classes[0].mean_response, 1.25);
    check(
        "low, preemptive",
        classes[1].mean_response,
        1.0 / (0.8 * 0.2),
    );
}

#[test]
fn a_shared_processor_does_not_see_the_shape_of_the_law() {
    for scv in [0.0, 1.0, 4.0] {
        let shared = Station {
            service: Some(Distribution::with_scv(0.2, scv)),
            discipline: Discipline::ProcessorSharing,
            ..Station::new(1)
        };
        let report = simulate(&long(open(3.0, shared), 60_000));
        check("PS", report.mean_response, 0.5);
        check("PS utilization", place(&report, "server").utilization, 0.6);
    }
}

#[test]
fn a_shared_processor_with_several_servers_is_an_mmc() {
    // Each request gets one server at most: the number present is that of M/M/c.
    let shared = Station {
        discipline: Discipline::ProcessorSharing,
        ..station(2, 5.0)
    };
    check(
        "W",
        simulate(&long(open(9.0, shared), 100_000)).mean_response,
        1.052_631_6,
    );
}

#[test]
fn the_order_of_service_leaves_the_mean_alone_unless_it_looks_at_sizes() {
    let served = |discipline| {
        let station = Station {
            discipline,
            ..station(1, 1.0)
        };
        simulate(&long(open(0.8, station), 60_000))
    };
    for discipline in [Discipline::Lifo, Discipline::RandomOrder] {
        check("W", served(discipline).mean_response, 5.0);
    }
    let fifo = estimate(served(Discipline::Fifo).mean_response);
    let shortest = estimate(served(Discipline::ShortestJob).mean_response);
    let remaining = estimate(served(Discipline::ShortestRemaining).mean_response);
    assert!(
        remaining < shortest && shortest < fifo,
        "{remaining} {shortest} {fifo}"
    );
    // SRPT in M/M/1 at ρ = 0.8 (Schrage and Miller 1966, integrated numerically).
    check(
        "SRPT",
        served(Discipline::ShortestRemaining).mean_response,
        srpt(0.8),
    );
}

/// Mean response of SRPT with exponential services of mean 1: ∫f(x)(∫₀ˣdt/(1 − ρ(t)) + λ(∫₀ˣt²f + x²F̄(x))/(2(1 − ρ(x))²))dx.
fn srpt(rate: f64) -> f64 {
    let (step, mut x, mut residence, mut sum) = (1e-4, 0.0_f64, 0.0, 0.0);
    while x < 40.0 {
        let tail = (-x).exp();
        let load = rate * (1.0 - (1.0 + x) * tail);
        let squares = 2.0 - (x * x + 2.0 * x + 2.0) * tail;
        residence += step / (1.0 - load);
        let wait = rate * (squares + x * x * tail) / (2.0 * (1.0 - load).powi(2));
        sum += tail * (residence + wait) * step;
        x += step;
    }
    sum
}
