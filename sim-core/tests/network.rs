//! The general engine against closed forms, published values, and laws that hold without any.
//!
//! Statistical checks are seeded. A formula must lie within twice the half-width of the 95 % interval, which a correct
//! simulation misses about once in ten thousand checks.

#![allow(missing_docs)]
#![allow(
    clippy::disallowed_methods,
    reason = "expected values need no particular last bits"
)]

use sim_core::balancing::{Policy, PowerOfChoices};
use sim_core::distribution::Distribution;
use sim_core::run::report::{Details, PlaceReport};
use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::activity::{Abandoned, Attempt, Branch, Mark, Parallel, Set, When, Work};
use sim_core::scenario::arrivals::{
    BatchSize, Batches, Bursty, Recorded, Sinusoidal, Step, Steps, Users,
};
use sim_core::scenario::{
    Activity, Arrivals, Class, Discipline, Group, Horizon, Pool, Scenario, Station,
};
use sim_core::{Quantity, Report};

fn exponential(mean: f64) -> Distribution {
    Distribution::exponential(mean)
}

fn station(servers: u32, service_rate: f64) -> Station {
    Station {
        service: Some(exponential(service_rate.recip())),
        ..Station::new(servers)
    }
}

/// Poisson requests that visit one station.
fn open(rate: f64, station: Station) -> Scenario {
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(rate)))
        .with_resource("server", station)
        .with_path(vec![Activity::work("server")])
}

fn long(scenario: Scenario, requests: u64) -> Scenario {
    scenario.with_horizon(Horizon::Steady {
        requests: Some(requests),
    })
}

/// Sixteen replications on the calendar of events; flows and Little's law are checked on the way.
fn simulate(scenario: &Scenario) -> Report {
    let plan = Plan::on_calendar(scenario, 20_240_229).unwrap();
    let stopping = Stopping {
        precision: 0.05,
        replications: 16,
        early: false,
    };
    let report = run(&plan, &stopping, 2, &Cancel::default(), &|_| {});
    let details = details(&report);
    assert!(details.little < 1e-9, "{}", details.little);
    let flow = details.flow;
    let gone = flow.served + flow.rejected + flow.gave_up + flow.timed_out;
    assert_eq!(flow.arrived, gone + flow.in_flight);
    report
}

fn details(report: &Report) -> &Details {
    report.details.as_deref().unwrap()
}

fn place<'a>(report: &'a Report, name: &str) -> &'a PlaceReport {
    let places = &details(report).places;
    places.iter().find(|place| place.name == name).unwrap()
}

fn check(what: &str, found: Quantity, expected: f64) {
    let (Some(estimate), Some(low), Some(high)) = (found.estimate, found.low, found.high) else {
        panic!("{what}: {found:?} has no interval");
    };
    assert!(
        (estimate - expected).abs() <= high - low,
        "{what}: {found:?} against {expected}"
    );
    assert!(
        (high - low) < 0.3 * estimate.abs(),
        "{what}: too wide to tell anything: {found:?}"
    );
}

fn estimate(quantity: Quantity) -> f64 {
    quantity.estimate.unwrap()
}

#[test]
fn waiting_stations_agree_with_formulas() {
    let report = simulate(&long(open(9.0, station(2, 5.0)), 100_000));
    check("M/M/2 W", report.mean_response, 1.052_631_6);
    check("M/M/2 Lq", report.mean_in_queue, 7.673_684);
    let report = simulate(&open(9.0, station(4, 5.0)));
    check("M/M/4 W", report.mean_response, 0.211_684_9);
    check(
        "M/M/4 place",
        place(&report, "server").mean_response,
        0.211_684_9,
    );
    check(
        "M/M/4 utilization",
        place(&report, "server").utilization,
        0.45,
    );
    check("throughput", details(&report).throughput, 9.0);
}

#[test]
fn percentiles_agree_with_the_exponential_law_of_mm1() {
    let report = simulate(&long(open(0.8, station(1, 1.0)), 100_000));
    for (found, p) in [(report.p50, 0.5), (report.p90, 0.9), (report.p99, 0.99)] {
        check("quantile", found, -5.0 * f64::ln_1p(-p));
    }
}

#[test]
fn finite_rooms_lose_what_the_formulas_say() {
    for (rate, servers, service_rate, room, blocked, response) in [
        (50.0, 4, 10.0, 6, 0.293_543, None),
        (3.0, 2, 2.0, 5, 0.085_113_8, Some(0.230_857 + 0.5)),
        (40.0, 3, 30.0, 7, 0.0, Some(0.036_517)),
    ] {
        let room = Station {
            room: Some(room),
            ..station(servers, service_rate)
        };
        let report = simulate(&long(open(rate, room), 60_000));
        let place = place(&report, "server");
        if blocked > 0.0 {
            check("pK", place.rejected_share, blocked);
            let served = details(&report).classes[0].served_share;
            check("served", served, 1.0 - blocked);
        }
        if let Some(response) = response {
            check("W", report.mean_response, response);
        }
    }
    let full = Station {
        room: Some(10),
        ..station(1, 1.0)
    };
    check(
        "M/M/1/10 at full load",
        simulate(&long(open(1.0, full), 60_000)).mean_in_system,
        5.0,
    );
}

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

#[test]
fn an_open_jackson_network_has_its_product_form() {
    // Bolch, 7.4: 4 requests a second; visits 5, 2.5, 2.5 and 1.
    let disks = Activity::Choose(vec![
        Branch {
            when: When::Share(0.5),
            path: vec![Activity::work("disk")],
        },
        Branch {
            when: When::Otherwise,
            path: vec![Activity::work("tape")],
        },
    ]);
    let scenario = Scenario::empty()
        .with_class("job", Class::new(Arrivals::poisson(4.0)))
        .with_resource("cpu", station(1, 25.0))
        .with_resource("disk", station(1, 1.0 / 0.03))
        .with_resource("tape", station(1, 1.0 / 0.06))
        .with_resource("line", station(1, 20.0))
        .with_path(vec![
            Activity::repeat(5, vec![Activity::work("cpu"), disks]),
            Activity::work("line"),
        ]);
    let report = simulate(&long(scenario, 60_000));
    for (name, expected) in [
        ("cpu", 4.0),
        ("disk", 0.428_571),
        ("tape", 1.5),
        ("line", 0.25),
    ] {
        check(name, place(&report, name).mean_in_system, expected);
    }
    check(
        "W",
        report.mean_response,
        (4.0 + 0.428_571 + 1.5 + 0.25) / 4.0,
    );
}

#[test]
fn closed_networks_agree_with_mean_value_analysis() {
    // Jain, 34.2: 20 users who think 4 s; visits 16, 10, 5.
    let visit = |name: &str, times| Activity::repeat(times, vec![Activity::work(name)]);
    let round = vec![visit("cpu", 3), visit("a", 2), visit("b", 1)];
    let scenario = Scenario::empty()
        .with_class("user", Class::new(Arrivals::users(20, 4.0)))
        .with_resource("cpu", station(1, 8.0))
        .with_resource("a", station(1, 1.0 / 0.3))
        .with_resource("b", station(1, 5.0))
        .with_path(vec![Activity::repeat(5, round), visit("cpu", 1)]);
    let report = simulate(&long(scenario, 20_000));
    for (name, wait, number) in [
        ("cpu", 0.373, 1.991),
        ("a", 4.854, 16.177),
        ("b", 0.300, 0.500),
    ] {
        let place = place(&report, name);
        check(name, place.mean_response, wait);
        check(name, place.mean_in_system, number);
    }
    // Bolch, 8.3: 6 jobs that never pause.
    let maybe = |name: &str, share| Branch {
        when: When::Share(share),
        path: vec![Activity::work(name)],
    };
    let jobs = Users {
        count: 6,
        think: None,
    };
    let scenario = Scenario::empty()
        .with_class("job", Class::new(Arrivals::Users(jobs)))
        .with_resource("1", station(1, 50.0))
        .with_resource("2", station(1, 5.0))
        .with_resource("3", station(1, 2.5))
        .with_resource("4", station(1, 1.0 / 0.6))
        .with_path(vec![
            Activity::work("1"),
            Activity::Choose(vec![maybe("2", 0.4), maybe("3", 0.2), maybe("4", 0.1)]),
        ]);
    let report = simulate(&long(scenario, 60_000));
    for (name, throughput) in [("1", 9.920), ("2", 3.968), ("3", 1.984), ("4", 0.992)] {
        check(name, place(&report, name).throughput, throughput);
    }
}

#[test]
fn a_fork_of_two_takes_as_long_as_flatto_and_hahn_say() {
    let paths = vec![vec![Activity::work("a")], vec![Activity::work("b")]];
    let fork = Activity::Parallel(Parallel {
        paths,
        first: None,
        rest: Abandoned::Stops,
    });
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(0.7)))
        .with_resource("a", station(1, 1.0))
        .with_resource("b", station(1, 1.0))
        .with_path(vec![fork]);
    let report = simulate(&long(scenario, 60_000));
    // (12 − ρ)/8 times the M/M/1 (Nelson and Tantawi 1988).
    check("fork", report.mean_response, (12.0 - 0.7) / 8.0 / 0.3);
}

#[test]
fn the_first_of_two_stops_the_other() {
    let race = Activity::Parallel(Parallel {
        paths: vec![
            vec![Activity::Delay(exponential(1.0))],
            vec![Activity::Delay(exponential(0.5))],
        ],
        first: Some(1),
        rest: Abandoned::Stops,
    });
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(1.0)))
        .with_path(vec![Activity::Mark(Mark {
            span: "race".into(),
            path: vec![race],
        })]);
    let report = simulate(&long(scenario, 40_000));
    check("minimum of rates 1 and 2", report.mean_response, 1.0 / 3.0);
    check("mark", details(&report).spans[0].mean, 1.0 / 3.0);
}

#[test]
fn a_pool_in_front_of_plenty_is_a_station() {
    let work = Activity::Delay(exponential(0.2));
    let pool = Pool {
        size: 2,
        queue: None,
        patience: None,
    };
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(9.0)))
        .with_resource("connections", pool)
        .with_path(vec![Activity::hold("connections", vec![work])]);
    let report = simulate(&long(scenario, 100_000));
    check("W", report.mean_response, 1.052_631_6);
    check("Wq", report.mean_wait, 1.052_631_6 - 0.2);
    let connections = place(&report, "connections");
    check("held", connections.utilization, 0.9);
    assert_eq!(connections.mean_response, connections.mean_wait);
}

#[test]
fn impatient_requests_leave_as_the_birth_and_death_chain_says() {
    // M/M/2 with rate 3, service 1, patience of mean 2: births 3, deaths min(n, 2) + max(n − 2, 0)/2.
    let (mut weight, mut total, mut waiting) = (1.0, 1.0, 0.0);
    for n in 1..200 {
        let n = f64::from(n);
        weight *= 3.0 / (n.min(2.0) + (n - 2.0).max(0.0) / 2.0);
        total += weight;
        waiting += weight * (n - 2.0).max(0.0);
    }
    let impatient = Station {
        patience: Some(exponential(2.0)),
        ..station(2, 1.0)
    };
    let report = simulate(&long(open(3.0, impatient), 60_000));
    let place = place(&report, "server");
    check("Lq", place.mean_in_queue, waiting / total);
    check("gave up", place.gave_up_share, waiting / total / 2.0 / 3.0);
}

#[test]
fn timeouts_and_retries_fail_as_often_as_they_should() {
    for (retries, tries) in [(0, 1), (2, 3)] {
        let attempt = Attempt {
            timeout: Some(1.0),
            retries,
            backoff: None,
            abandoned: Abandoned::Stops,
            path: vec![Activity::Delay(exponential(1.0))],
        };
        let scenario = Scenario::empty()
            .with_class("request", Class::new(Arrivals::poisson(5.0)))
            .with_path(vec![Activity::Attempt(attempt)]);
        let report = simulate(&long(scenario, 40_000));
        let failed = f64::exp(-1.0).powi(tries);
        check(
            "served",
            details(&report).classes[0].served_share,
            1.0 - failed,
        );
        assert_eq!(details(&report).flow.rejected, 0);
    }
}

#[test]
fn batches_wait_for_each_other() {
    for size in [BatchSize::Fixed(4), BatchSize::Geometric(4.0)] {
        let arrivals = Arrivals::Batches(Batches { rate: 0.15, size });
        let scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_resource("server", station(1, 1.0))
            .with_path(vec![Activity::work("server")]);
        // L = ρ(1 + E[X²]/E[X])/2/(1 − ρ).
        let ratio = match size {
            BatchSize::Fixed(size) => f64::from(size),
            BatchSize::Geometric(mean) => 2.0 * mean - 1.0,
        };
        let number = 0.6 * (1.0 + ratio) / 2.0 / 0.4;
        let report = simulate(&long(scenario, 60_000));
        check("L", report.mean_in_system, number);
        check("W", report.mean_response, number / 0.6);
    }
}

#[test]
fn bursts_have_their_mean_rate_and_make_requests_wait() {
    let bursty = |burst_rate, calm_rate| {
        let arrivals = Arrivals::Bursty(Bursty {
            calm_rate,
            burst_rate,
            calm_seconds: 30.0,
            burst_seconds: 10.0,
        });
        let scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_resource("server", station(1, 1.0))
            .with_path(vec![Activity::work("server")]);
        simulate(&long(scenario, 60_000))
    };
    let even = bursty(0.6, 0.6);
    check("no bursts: M/M/1", even.mean_response, 2.5);
    let uneven = bursty(1.5, 0.3);
    check("rate", details(&uneven).throughput, 0.6);
    assert!(estimate(uneven.mean_response) > 2.0 * estimate(even.mean_response));
}

#[test]
fn a_changing_rate_brings_what_it_says() {
    let infinite = vec![Activity::Delay(exponential(0.01))];
    let over = |arrivals| {
        let mut scenario = Scenario::empty()
            .with_class("request", Class::new(arrivals))
            .with_path(infinite.clone())
            .with_horizon(Horizon::Span { seconds: 100.0 });
        scenario.probes.series = 4;
        simulate(&scenario)
    };
    let steps = Arrivals::Steps(Steps {
        steps: vec![
            Step {
                seconds: 50.0,
                rate: 100.0,
            },
            Step {
                seconds: 50.0,
                rate: 20.0,
            },
        ],
    });
    check("steps", details(&over(steps)).throughput, 60.0);
    let sine = Arrivals::Sinusoidal(Sinusoidal {
        mean_rate: 80.0,
        swing: 1.0,
        period: 50.0,
    });
    check("sine", details(&over(sine)).throughput, 80.0);
}

fn balanced(policy: Policy, servers: u32, utilization: f64) -> Scenario {
    let work = Activity::demand("web", exponential(1.0));
    let scenario = Scenario::empty()
        .with_class(
            "request",
            Class::new(Arrivals::poisson(utilization * f64::from(servers))),
        )
        .with_resource("web", Group::new(servers, policy))
        .with_path(vec![Activity::balance("web", vec![work])]);
    long(scenario, 60_000)
}

/// Two servers in turn, a second of work each: one there from 0.5 s on, one each from 0.75 s, two and one from 1 s, one each from
/// 1.5 s, one and none from 1.75 s, nobody from 2.5 s.
#[test]
fn imbalance_of_a_tiny_case_is_that_on_paper() {
    let times = vec![0.5, 0.75, 1.0];
    let work = Activity::demand("web", Distribution::deterministic(1.0));
    let mut scenario = Scenario::empty()
        .with_class(
            "request",
            Class::new(Arrivals::Recorded(Recorded { times })),
        )
        .with_resource("db", Station::new(1))
        .with_resource("web", Group::new(2, Policy::RoundRobin))
        .with_path(vec![Activity::balance("web", vec![work])])
        .with_horizon(Horizon::Span { seconds: 4.0 });
    scenario.probes.series = 4;
    let report = simulate(&scenario);
    let series = details(&report).series.as_ref().unwrap();
    let [group] = &series.groups[..] else {
        panic!("{:?}", series.groups)
    };
    assert_eq!((group.name.as_str(), series.step), ("web", 1.0));
    let means: Vec<_> = group.imbalance.iter().map(|it| it.estimate).collect();
    assert_eq!(means, [0.25, 0.75, 0.5, 0.0].map(Some));
    scenario.probes.series = 0;
    assert!(details(&simulate(&scenario)).series.is_none());
}

fn two_choices() -> Policy {
    Policy::PowerOfChoices(PowerOfChoices { choices: 2 })
}

#[test]
fn two_choices_approach_their_limit_as_servers_are_added() {
    let limit = 2.614_057;
    let mean = |servers| estimate(simulate(&balanced(two_choices(), servers, 0.9)).mean_response);
    let (few, more, many) = (mean(10), mean(50), mean(400));
    assert!(few > more && more > many, "{few} {more} {many}");
    assert!((many / limit - 1.0).abs() < 0.02, "{many}");
    let half = simulate(&balanced(two_choices(), 400, 0.5));
    assert!((estimate(half.mean_response) / 1.265_686 - 1.0).abs() < 0.01);
}

#[test]
fn knowing_more_of_the_queues_helps() {
    let mean = |policy| estimate(simulate(&balanced(policy, 10, 0.9)).mean_response);
    let random = simulate(&balanced(Policy::Random, 10, 0.9));
    check("random: M/M/1 each", random.mean_response, 10.0);
    let ordered = [
        mean(Policy::LeastWork),
        mean(Policy::ShortestQueue),
        mean(two_choices()),
        mean(Policy::RoundRobin),
        estimate(random.mean_response),
    ];
    assert!(ordered.is_sorted(), "{ordered:?}");
}

#[test]
fn load_and_servers_move_the_mean_the_right_way() {
    let mean = |utilization, servers| {
        let rate = utilization * f64::from(servers);
        estimate(simulate(&long(open(rate, station(servers, 1.0)), 30_000)).mean_response)
    };
    let by_load = [0.3, 0.5, 0.7, 0.9].map(|utilization| mean(utilization, 2));
    assert!(by_load.is_sorted(), "{by_load:?}");
    let by_servers = [8, 4, 2, 1].map(|servers| mean(0.8, servers));
    assert!(by_servers.is_sorted(), "{by_servers:?}");
}

#[test]
fn a_size_is_the_same_wherever_it_comes() {
    let work = |at: &str| {
        Activity::Work(Work {
            at: at.into(),
            demand: Some(Distribution::deterministic(1.0)),
            times: Some("size".into()),
        })
    };
    let size = Set::Attribute {
        name: "size".into(),
        to: exponential(0.5),
    };
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(0.01)))
        .with_resource("a", Station::new(1))
        .with_resource("b", Station::new(1))
        .with_path(vec![Activity::Set(size), work("a"), work("b")]);
    let report = simulate(&long(scenario, 20_000));
    // Hardly anybody waits: twice the same exponential.
    let double = -f64::ln_1p(-0.99);
    assert!(
        (estimate(report.p99) / double - 1.0).abs() < 0.05,
        "{report:?}"
    );
}

#[test]
fn any_split_and_any_number_of_threads_give_the_same_bits() {
    let scenario = long(balanced(Policy::LeastConnections, 5, 0.8), 5_000);
    let plan = Plan::new(&scenario, 7).unwrap();
    let stopping = Stopping {
        precision: 0.05,
        replications: 9,
        early: false,
    };
    let whole = |threads| run(&plan, &stopping, threads, &Cancel::default(), &|_| {});
    assert_eq!(whole(1), whole(2));
    let part = |range: std::ops::Range<u64>, step| {
        let mut job = sim_core::run::Job::new(&plan, range);
        while !job.step(step) {}
        job.finish()
    };
    let mut parts = part(6..9, 1);
    parts.merge(&part(0..2, 1000)).unwrap();
    parts.merge(&part(2..6, 77)).unwrap();
    assert!(parts == part(0..9, 1 << 30));
    let text = serde_json::to_string(&parts).unwrap();
    let read: sim_core::run::Partial = serde_json::from_str(&text).unwrap();
    assert!(read == parts);
    assert!(parts.merge(&read).is_err());
}

#[test]
fn an_overloaded_network_grows_and_has_no_steady_state() {
    let scenario = open(2.0, station(1, 1.0)).with_horizon(Horizon::Transient { requests: 20_000 });
    let report = simulate(&scenario);
    assert!(!report.stable && report.mean_response.estimate.is_none());
    check("growth", report.growth_rate.unwrap(), 1.0);
}

#[test]
fn a_crowd_ends_the_run_with_what_there_is() {
    let mut scenario =
        open(2.0, station(1, 1.0)).with_horizon(Horizon::Transient { requests: 20_000 });
    scenario.limits.population = 1_000;
    let report = simulate(&scenario);
    assert_eq!(details(&report).crowded, 16);
    assert!(details(&report).flow.arrived > 1_000);
}

#[test]
fn time_that_stands_still_is_reported_with_its_cycle() {
    let closed = Station {
        room: Some(1),
        ..station(1, 1e-6)
    };
    let attempt = Attempt {
        timeout: None,
        retries: 1_000_000,
        backoff: None,
        abandoned: Abandoned::Stops,
        path: vec![Activity::repeat(1_000, vec![Activity::work("door")])],
    };
    let knocking = vec![Activity::repeat(1_000, vec![Activity::Attempt(attempt)])];
    let scenario = Scenario::empty()
        .with_class("caller", Class::new(Arrivals::poisson(10.0)))
        .with_resource("door", closed)
        .with_path(knocking)
        .with_horizon(Horizon::Span { seconds: 100.0 });
    let report = simulate(&scenario);
    let cycle = &details(&report).livelock;
    assert!(
        cycle.iter().any(|place| place.contains("attempt")),
        "{cycle:?}"
    );
    assert!(
        cycle.iter().any(|place| place.ends_with("work")),
        "{cycle:?}"
    );
}

#[test]
fn everything_wrong_is_found_at_once() {
    let scenario = Scenario::empty()
        .with_class("a", Class::new(Arrivals::poisson(-1.0)))
        .with_resource("db", Station::new(0))
        .with_path(vec![
            Activity::work("db"),
            Activity::hold("pool", vec![Activity::work("nowhere")]),
        ]);
    let problems: Vec<String> = scenario
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    let fields: Vec<&str> = problems
        .iter()
        .map(|it| it.split(':').next().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "resources.db.servers",
            "classes.a.arrivals.poisson.rate",
            "path[0].work.demand",
            "path[1].hold.pool",
            "path[1].hold.path[0].work.at",
        ],
        "{problems:#?}"
    );
}
