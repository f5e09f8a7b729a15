//! Simulation of one station against theory, against laws that hold without any, and against itself.
//!
//! Statistical checks are seeded. A formula must lie within twice the half-width of the 95 % interval, which a correct
//! simulation misses about once in ten thousand checks.

#![allow(missing_docs)]

use sim_core::distribution::Distribution;
use sim_core::engine::InstructionSet;
use sim_core::run::{Cancel, Job, Partial, Plan, Stopping, run};
use sim_core::scenario::{Horizon, Queue, Scenario};
use sim_core::{Quantity, Report};

fn law(spec: &str, mean: f64) -> Distribution {
    Distribution::parse("law", spec, mean).unwrap()
}

fn station(
    arrivals: &str,
    arrival_rate: f64,
    servers: u32,
    service: &str,
    service_rate: f64,
) -> Queue {
    Queue::new(
        law(arrivals, arrival_rate.recip()),
        servers,
        law(service, service_rate.recip()),
    )
}

fn fixed(replications: u64) -> Stopping {
    Stopping {
        precision: 0.05,
        replications,
        early: false,
    }
}

fn plan(scenario: &Queue, seed: u64) -> Plan {
    Plan::new(&scenario.clone().into(), seed).unwrap()
}

fn simulate(scenario: &Queue, replications: u64) -> Report {
    let plan = plan(scenario, 20_240_229);
    run(&plan, &fixed(replications), 2, &Cancel::default(), &|_| {})
}

fn check(what: &str, found: Quantity, expected: f64) {
    let (estimate, low, high) = (
        found.estimate.unwrap(),
        found.low.unwrap(),
        found.high.unwrap(),
    );
    assert!(low <= estimate && estimate <= high, "{what}: {found:?}");
    assert!(
        (estimate - expected).abs() <= high - low,
        "{what}: {found:?} against {expected}"
    );
    assert!(
        (high - low) < 0.3 * estimate.abs(),
        "{what}: too wide to tell anything: {found:?}"
    );
}

#[test]
fn published_values_lie_in_the_intervals() {
    // λ, μ, c, Lq, W: M/M/2 and M/M/4 at λ = 9, μ = 5; M/M/1 at ρ = 0.9.
    for (arrival_rate, service_rate, servers, in_queue, response) in [
        (9.0, 5.0, 2, 7.673_684, 1.052_631_6),
        (9.0, 5.0, 4, 0.105_163_9, 0.211_684_9),
        (0.9, 1.0, 1, 8.1, 10.0),
    ] {
        let scenario = station(
            "exponential",
            arrival_rate,
            servers,
            "exponential",
            service_rate,
        );
        let report = simulate(&scenario, 32);
        check("Lq", report.mean_in_queue, in_queue);
        check("W", report.mean_response, response);
        check("L", report.mean_in_system, response * arrival_rate);
        check("Wq", report.mean_wait, response - 1.0 / service_rate);
    }
}

#[test]
fn exact_formulas_lie_in_the_intervals() {
    for (servers, utilization) in [(1, 0.3), (1, 0.8), (3, 0.7), (16, 0.95), (250, 0.9)] {
        let scenario = station(
            "exponential",
            utilization * f64::from(servers),
            servers,
            "exponential",
            1.0,
        );
        let report = simulate(&scenario, 32).with_theory(&scenario);
        for (what, quantity) in [
            ("mean_response", report.mean_response),
            ("mean_in_system", report.mean_in_system),
            ("p50", report.p50),
            ("p90", report.p90),
            ("p95", report.p95),
            ("p99", report.p99),
            ("p999", report.p999),
        ] {
            check(
                &format!("{what} of M/M/{servers}"),
                quantity,
                quantity.theory.unwrap(),
            );
        }
    }
}

#[test]
fn pollaczek_and_khinchine_lie_in_the_intervals() {
    for spec in [
        "deterministic",
        "erlang:3",
        "mixed-erlang:0.4",
        "hyperexponential:4",
        "lognormal:2",
        "uniform",
        "weibull:0.8",
        "bounded-pareto:1.5:100",
        "pareto:4.5",
        "empirical:1;1;10",
    ] {
        let scenario = station("exponential", 0.7, 1, spec, 1.0);
        let scv = scenario.station.service.scv().unwrap();
        let wait = 0.7 * (1.0 + scv) / 2.0 / (1.0 - 0.7);
        check(spec, simulate(&scenario, 32).mean_wait, wait);
    }
}

#[test]
fn a_queue_without_variability_never_waits() {
    let report = simulate(&station("deterministic", 0.9, 1, "deterministic", 1.0), 8);
    for quantity in [report.mean_response, report.p50, report.p99, report.p999] {
        assert_eq!(quantity.estimate, Some(1.0));
        assert_eq!((quantity.low, quantity.high), (Some(1.0), Some(1.0)));
    }
    assert_eq!(report.mean_wait.estimate, Some(0.0));
    assert!(report.converged);
}

#[test]
fn a_wait_too_rare_to_be_seen_has_no_interval() {
    let report = simulate(&station("exponential", 100.0, 1000, "exponential", 1.0), 8);
    assert_eq!(report.mean_wait.estimate, Some(0.0));
    assert_eq!(report.mean_wait.low, None);
    assert!(report.mean_response.low.is_some());
}

/// Two replications of a hundred requests: Student's interval goes far below nothing.
#[test]
fn no_time_and_no_number_is_negative() {
    let mut queue = station("exponential", 0.5, 1, "exponential", 1.0);
    queue.horizon = Horizon::Steady {
        requests: Some(100),
    };
    for seed in 0..20 {
        let report = run(
            &plan(&queue, seed),
            &fixed(2),
            1,
            &Cancel::default(),
            &|_| {},
        );
        for found in [
            report.mean_response,
            report.mean_wait,
            report.mean_in_system,
            report.mean_in_queue,
        ] {
            assert!(found.low.is_none_or(|low| low >= 0.0), "{found:?}");
        }
    }
}

#[test]
fn an_infinite_mean_is_never_a_number() {
    let report = simulate(&station("exponential", 0.5, 1, "pareto:1.8", 1.0), 8);
    assert_eq!(report.mean_wait, Quantity::default());
    assert_eq!(report.mean_in_system, Quantity::default());
    assert!(report.p50.estimate.is_some() && !report.converged);
}

#[test]
fn the_first_requests_of_an_empty_queue_wait_less() {
    // The first 25 waits of M/M/1 at λ = 1 and ρ = 0.9 average 2.125; the steady state would say 8.1.
    let mut scenario = station("exponential", 1.0, 1, "exponential", 1.0 / 0.9);
    scenario.horizon = Horizon::Transient { requests: 25 };
    let report = simulate(&scenario, 20_000);
    check("first 25 waits", report.mean_wait, 2.125);
}

#[test]
fn overload_grows_at_the_excess_rate_and_has_no_steady_state() {
    for servers in [1, 4] {
        let mut scenario = station(
            "exponential",
            1.3 * f64::from(servers),
            servers,
            "exponential",
            1.0,
        );
        scenario.horizon = Horizon::Transient { requests: 50_000 };
        let report = simulate(&scenario, 32).with_theory(&scenario);
        check(
            "growth",
            report.growth_rate.unwrap(),
            0.3 * f64::from(servers),
        );
        assert_eq!(report.mean_response, Quantity::default());
        assert!(!report.stable && !report.converged);
    }
}

#[test]
fn twice_the_time_scale_is_twice_the_times_to_the_bit() {
    let base = simulate(
        &station("exponential", 0.8, 3, "hyperexponential:4", 0.3),
        8,
    );
    let slow = simulate(
        &station("exponential", 0.4, 3, "hyperexponential:4", 0.15),
        8,
    );
    for (one, two) in [
        (base.mean_response, slow.mean_response),
        (base.p99, slow.p99),
        (base.mean_wait, slow.mean_wait),
    ] {
        assert_eq!(two.estimate.unwrap(), 2.0 * one.estimate.unwrap());
        assert_eq!(two.high.unwrap(), 2.0 * one.high.unwrap());
    }
    assert_eq!(base.mean_in_queue, slow.mean_in_queue);
}

#[test]
fn on_the_same_demands_more_servers_wait_less_and_more_load_waits_more() {
    let wait = |arrival_rate, servers| {
        simulate(
            &station("exponential", arrival_rate, servers, "lognormal:3", 1.0),
            8,
        )
        .mean_wait
        .estimate
        .unwrap()
    };
    assert!(wait(1.8, 2) > wait(1.8, 3) && wait(1.8, 3) > wait(1.8, 4));
    assert!(wait(0.5, 2) < wait(1.0, 2) && wait(1.0, 2) < wait(1.5, 2));
}

fn partial(plan: &Plan, replications: u64, instructions: InstructionSet, lanes: usize) -> Partial {
    let mut job = Job::with_instructions(plan, 0..replications, instructions, lanes);
    while !job.step(10_000) {}
    job.finish()
}

#[test]
fn every_instruction_set_width_and_thread_count_gives_the_same_bits() {
    for (servers, service) in [
        (1, "exponential"),
        (3, "lognormal:2"),
        (16, "hyperexponential:9"),
        (300, "erlang:2"),
    ] {
        let mut scenario = station(
            "exponential",
            0.85 * f64::from(servers),
            servers,
            service,
            1.0,
        );
        scenario.horizon = Horizon::Steady {
            requests: Some(5_001),
        };
        let plan = plan(&scenario, 7);
        let reference = partial(&plan, 21, InstructionSet::Baseline, 4);
        for instructions in InstructionSet::available() {
            for lanes in [4, 8, 16] {
                let again = partial(&plan, 21, instructions, lanes);
                assert!(
                    again == reference,
                    "{instructions:?} with {lanes} lanes differs at c = {servers}"
                );
            }
        }
        let one = run(&plan, &fixed(21), 1, &Cancel::default(), &|_| {});
        for threads in [2, 7] {
            assert_eq!(
                one,
                run(&plan, &fixed(21), threads, &Cancel::default(), &|_| {})
            );
        }
    }
}

/// Recorded once; any change of these bits is a change of results that the changelog must name.
#[test]
fn recorded_bits() {
    let mut scenario = station("exponential", 0.9, 1, "exponential", 1.0);
    scenario.horizon = Horizon::Steady {
        requests: Some(10_000),
    };
    let plan = plan(&scenario, 1);
    let report = run(&plan, &fixed(8), 1, &Cancel::default(), &|_| {});
    let bits = [report.mean_response, report.p50, report.p99].map(|quantity| {
        [quantity.estimate, quantity.low, quantity.high].map(|x| x.unwrap().to_bits())
    });
    assert_eq!(bits, RECORDED, "{bits:#x?}");
}

const RECORDED: [[u64; 3]; 3] = [
    [
        0x4024_44b7_d830_7c04,
        0x4021_1b84_56eb_ec13,
        0x4027_6deb_5975_0bf5,
    ],
    [
        0x401b_8f83_e0f8_3e10,
        0x4017_f63e_dc12_3b7a,
        0x4020_1d8d_4233_3f35,
    ],
    [
        0x4047_3627_6276_2764,
        0x4042_0dbd_977d_982f,
        0x4049_a459_6ce8_bc26,
    ],
];

#[test]
fn a_run_stops_at_its_precision_or_its_budget_and_says_which() {
    use sim_core::run::report::Stopped;
    let plan = plan(&station("exponential", 0.8, 1, "exponential", 1.0), 3);
    let at = |precision, replications| {
        let stopping = Stopping {
            precision,
            replications,
            early: true,
        };
        run(&plan, &stopping, 2, &Cancel::default(), &|_| {})
    };
    let precise = at(0.01, 100_000);
    assert_eq!(precise.stopped, Stopped::Precision);
    assert!(precise.converged && precise.mean_response.relative_half_width().unwrap() <= 0.01);
    assert!(precise.p99.relative_half_width().unwrap() <= 0.01);
    let short = at(0.000_1, 48);
    assert_eq!(
        (short.stopped, short.replications, short.converged),
        (Stopped::Budget, 48, false)
    );
    // What a precision needed, a later run with that many replications repeats to the bit.
    let again = run(
        &plan,
        &fixed(precise.replications),
        1,
        &Cancel::default(),
        &|_| {},
    );
    assert_eq!(again.mean_response, precise.mean_response);
}

#[test]
fn a_cancelled_run_keeps_what_it_has() {
    let plan = plan(&station("exponential", 0.99, 1, "exponential", 1.0), 3);
    let cancel = Cancel::default();
    let report = run(&plan, &fixed(10_000), 2, &cancel, &|requests| {
        if requests > 40_000_000 {
            cancel.cancel();
        }
    });
    assert_eq!(report.stopped, sim_core::run::report::Stopped::Cancelled);
    assert!(report.replications < 10_000);
}

#[test]
fn bad_scenarios_are_refused_by_field() {
    let good = station("exponential", 0.5, 1, "exponential", 1.0);
    let spoil = |change: &dyn Fn(&mut Queue)| {
        let mut scenario = good.clone();
        change(&mut scenario);
        Plan::new(&Scenario::from(scenario), 1)
            .unwrap_err()
            .field()
            .to_owned()
    };
    assert_eq!(
        spoil(&|s| s.station.servers = 0),
        "resources.server.servers"
    );
    assert_eq!(
        spoil(&|s| s.station.servers = 1_000_001),
        "resources.server.servers"
    );
    for mean in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e308] {
        assert_eq!(
            spoil(&|s| s.station.service = Distribution::exponential(mean)),
            "resources.server.service.exponential.mean"
        );
        let field = spoil(&|s| s.arrivals.interarrival = Distribution::deterministic(mean));
        assert_eq!(field, "classes.request.arrivals.renewal.interarrival");
    }
    assert_eq!(
        spoil(&|s| s.station.service = Distribution::exponential(2.0)),
        "utilization"
    );
    assert_eq!(
        spoil(&|s| s.horizon = Horizon::Transient { requests: 0 }),
        "horizon.transient.requests"
    );
    assert_eq!(
        spoil(&|s| s.horizon = Horizon::Steady {
            requests: Some(1 << 40)
        }),
        "horizon.steady.requests"
    );
}
