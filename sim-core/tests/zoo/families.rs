//! The cells: families of scenarios whose answers are known.

use sim_core::caching::{Capacity, Expiry, ExpiryRule, Policy};
use sim_core::distribution::{Distribution, Lognormal, Uniform, Weibull};
use sim_core::scenario::activity::{Abandoned, Activity, Attempt, Branch, Parallel, Set, When};
use sim_core::scenario::{
    Arrivals, Cache, Class, Discipline, Failures, Horizon, Lookup, Path, Pool, Scenario, Station,
};
use sim_core::theory::{Mg1, Mm1, Mmc, erlang_b};
use sim_core::workload::{Keys, Workload};

use crate::cell::Cell;
use crate::formulas::{closed, erlang_a, flatto_hahn, preemptive, priorities};

/// Requests of a replication, where a cell says nothing else.
const REQUESTS: u64 = 4_000;

pub(crate) fn all() -> Vec<Cell> {
    [
        sessions(),
        losses(),
        delays(),
        pools(),
        open_networks(),
        closed_networks(),
        classes(),
        impatience(),
        breakdowns(),
        caches(),
        retries(),
        forks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn exponential(mean: f64) -> Distribution {
    Distribution::exponential(mean)
}

fn lognormal(mean: f64, scv: f64) -> Distribution {
    Distribution::Lognormal(Lognormal { mean, scv })
}

fn laws(mean: f64) -> Vec<(&'static str, Distribution)> {
    vec![
        ("exponential", exponential(mean)),
        ("deterministic", Distribution::deterministic(mean)),
        ("lognormal", lognormal(mean, 4.0)),
        ("hyperexponential", Distribution::with_scv(mean, 9.0)),
    ]
}

fn poisson(rate: f64, path: Path) -> Scenario {
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(rate)))
        .with_path(path)
        .with_horizon(Horizon::Steady {
            requests: Some(REQUESTS),
        })
}

fn watched(scenario: Scenario, requests: u64) -> Scenario {
    scenario.with_horizon(Horizon::Steady {
        requests: Some(requests),
    })
}

fn station(servers: u32, service: Distribution) -> Station {
    Station {
        service: Some(service),
        ..Station::new(servers)
    }
}

/// M/G/∞: a Poisson number, and the law itself.
fn sessions() -> Vec<Cell> {
    let mut more = laws(600.0);
    more.push((
        "uniform",
        Distribution::Uniform(Uniform {
            low: 60.0,
            high: 1_140.0,
        }),
    ));
    more.push((
        "weibull",
        Distribution::Weibull(Weibull {
            mean: 600.0,
            shape: 0.6,
        }),
    ));
    let mut cells = Vec::new();
    for (name, law) in more {
        for load in [3.0, 200.0] {
            let rate = load / 600.0;
            let scenario = poisson(rate, vec![Activity::Delay(law.clone())]);
            let mut cell = Cell::new(
                "sessions",
                format!("M/G/∞ {name}, {load} at once"),
                scenario,
            )
            .knows("L", load)
            .knows("W", 600.0)
            .knows("X", rate);
            if let (Some(median), Some(p90)) = (law.quantile(0.5), law.quantile(0.9)) {
                cell = cell.knows("P50", median).knows("P90", p90);
            }
            cells.push(cell);
        }
    }
    cells
}

/// M/G/c/c: Erlang B whatever the law.
fn losses() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (lines, load) in [
        (1, 0.5),
        (10, 8.0),
        (100, 95.0),
        (1_000, 1_000.0),
        (10_000, 10_000.0),
    ] {
        for (name, law) in laws(180.0) {
            let rate = load / 180.0;
            let lossy = Station {
                room: Some(lines),
                ..station(lines, law)
            };
            let scenario =
                poisson(rate, vec![Activity::work("trunk")]).with_resource("trunk", lossy);
            let blocked = erlang_b(lines, load).unwrap();
            let requests = if lines >= 1_000 {
                2 * u64::from(lines)
            } else {
                10_000
            };
            cells.push(
                Cell::new(
                    "losses",
                    format!("M/G/{lines}/{lines} {name}"),
                    watched(scenario, requests),
                )
                .knows("lost trunk", blocked)
                .knows("L", load * (1.0 - blocked))
                .knows("X", rate * (1.0 - blocked))
                .knows("W", 180.0),
            );
        }
    }
    cells
}

/// A station before a long delay, and after one.
fn delays() -> Vec<Cell> {
    let mut cells = Vec::new();
    for utilization in [0.1, 0.5, 0.9] {
        let rate = 20.0 * utilization;
        let theory = Mm1::new(rate, 20.0).unwrap();
        for (name, path) in [
            (
                "before",
                vec![Activity::work("web"), Activity::Delay(lognormal(10.0, 2.0))],
            ),
            (
                "after",
                vec![Activity::Delay(lognormal(10.0, 2.0)), Activity::work("web")],
            ),
        ] {
            let scenario = poisson(rate, path).with_resource("web", station(1, exponential(0.05)));
            cells.push(
                Cell::new(
                    "delays",
                    format!("M/M/1 at {utilization} {name} a delay"),
                    scenario,
                )
                .knows("L", theory.mean_in_system() + 10.0 * rate)
                .knows("W", theory.mean_response() + 10.0)
                .knows("Wq", theory.mean_wait())
                .knows("L web", theory.mean_in_system())
                .knows("U web", utilization),
            );
        }
    }
    cells
}

/// Pools held during a delay: M/M/c and M/D/1.
fn pools() -> Vec<Cell> {
    let held = |size: u32, rate: f64, law: Distribution| {
        let pool = Pool::new(size);
        poisson(
            rate,
            vec![Activity::hold("pool", vec![Activity::Delay(law)])],
        )
        .with_resource("pool", pool)
    };
    let mut cells = Vec::new();
    for (size, utilization) in [(1, 0.5), (5, 0.8), (20, 0.9), (4, 0.1)] {
        let rate = utilization * f64::from(size) / 0.2;
        let theory = Mmc::new(rate, 5.0, size).unwrap();
        let scenario = watched(held(size, rate, exponential(0.2)), 20_000);
        cells.push(
            Cell::new("pools", format!("{size} places, {utilization}"), scenario)
                .knows("W", theory.mean_response())
                .knows("Wq", theory.mean_wait())
                .knows("Lq pool", theory.mean_in_queue())
                .knows("waits pool", theory.probability_of_waiting())
                .knows("U pool", utilization)
                .knows("P90", theory.response_quantile(0.9)),
        );
    }
    let theory = Mg1::new(3.0, 5.0, 0.0).unwrap();
    cells.push(
        Cell::new(
            "pools",
            "1 place, regular",
            watched(held(1, 3.0, Distribution::deterministic(0.2)), 10_000),
        )
        .knows("W", theory.mean_response())
        .knows("Wq pool", theory.mean_wait()),
    );
    cells
}

/// Product forms: tandems, a shared processor with any law, and Bolch's network.
fn open_networks() -> Vec<Cell> {
    let mut cells = Vec::new();
    for utilization in [0.1, 0.5, 0.9, 0.97] {
        let rate = 10.0 * utilization;
        let one = Mm1::new(rate, 10.0).unwrap();
        let two = Mmc::new(rate, 5.0, 2).unwrap();
        let path = vec![
            Activity::work("a"),
            Activity::work("b"),
            Activity::work("c"),
        ];
        let scenario = poisson(rate, path)
            .with_resource("a", station(1, exponential(0.1)))
            .with_resource("b", station(2, exponential(0.2)))
            .with_resource("c", station(1, exponential(0.1)));
        let requests = if utilization > 0.95 { 40_000 } else { 8_000 };
        cells.push(
            Cell::new(
                "open networks",
                format!("tandem at {utilization}"),
                watched(scenario, requests),
            )
            .knows("W", 2.0 * one.mean_response() + two.mean_response())
            .knows("L", 2.0 * one.mean_in_system() + two.mean_in_system())
            .knows("Lq b", two.mean_in_queue())
            .knows("L c", one.mean_in_system())
            .knows("U a", utilization),
        );
    }
    for utilization in [0.3, 0.8] {
        let shared = Station {
            discipline: Discipline::ProcessorSharing,
            ..station(1, lognormal(0.1, 4.0))
        };
        let theory = Mm1::new(10.0 * utilization, 10.0).unwrap();
        let scenario =
            poisson(10.0 * utilization, vec![Activity::work("cpu")]).with_resource("cpu", shared);
        cells.push(
            Cell::new(
                "open networks",
                format!("M/G/1-PS at {utilization}"),
                watched(scenario, 20_000),
            )
            .knows("W", theory.mean_response())
            .knows("L", theory.mean_in_system()),
        );
    }
    let half = |name: &str| Branch {
        when: When::Share(0.5),
        path: vec![Activity::work(name)],
    };
    let disks = Activity::Choose(vec![half("disk"), half("tape")]);
    let scenario = poisson(
        4.0,
        vec![
            Activity::repeat(5, vec![Activity::work("cpu"), disks]),
            Activity::work("line"),
        ],
    )
    .with_resource("cpu", station(1, exponential(0.04)))
    .with_resource("disk", station(1, exponential(0.03)))
    .with_resource("tape", station(1, exponential(0.06)))
    .with_resource("line", station(1, exponential(0.05)));
    let inside = [
        (20.0, 25.0),
        (10.0, 1.0 / 0.03),
        (10.0, 1.0 / 0.06),
        (4.0, 20.0),
    ]
    .map(|(rate, service)| Mm1::new(rate, service).unwrap().mean_in_system());
    cells.push(
        Cell::new("open networks", "Bolch 7.4", scenario)
            .knows("L cpu", inside[0])
            .knows("L disk", inside[1])
            .knows("L tape", inside[2])
            .knows("L line", inside[3])
            .knows("W", inside.iter().sum::<f64>() / 4.0),
    );
    cells
}

/// Users who think, by mean value analysis.
fn closed_networks() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (users, think) in [(1, 1.0), (10, 2.0), (40, 4.0)] {
        let demands = [0.1, 0.15];
        let (throughput, inside) = closed(users, think, &demands);
        let scenario = Scenario::empty()
            .with_class("user", Class::new(Arrivals::users(users, think)))
            .with_path(vec![Activity::work("cpu"), Activity::work("disk")])
            .with_resource("cpu", station(1, exponential(demands[0])))
            .with_resource("disk", station(1, exponential(demands[1])));
        cells.push(
            Cell::new(
                "closed networks",
                format!("{users} users who think {think} s"),
                watched(scenario, 8_000),
            )
            .knows("X", throughput)
            .knows("L cpu", inside[0])
            .knows("L disk", inside[1])
            .knows("W", inside.iter().sum::<f64>() / throughput),
        );
    }
    cells
}

/// Two priorities, by Cobham and by preemption.
fn classes() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (discipline, name) in [
        (Discipline::Priority, "waits"),
        (Discipline::PreemptivePriority, "preempts"),
    ] {
        for (high, low) in [(0.2, 0.3), (0.2, 0.6), (0.5, 0.4)] {
            let [first, second] = match discipline {
                Discipline::Priority => priorities(high, low),
                _ => preemptive(high, low),
            };
            let class = |rate: f64, priority: u8| Class {
                priority,
                ..Class::new(Arrivals::poisson(rate))
            };
            let desk = Station {
                discipline,
                ..station(1, exponential(1.0))
            };
            let scenario = Scenario::empty()
                .with_class("high", class(high, 1))
                .with_class("low", class(low, 0))
                .with_resource("desk", desk)
                .with_path(vec![Activity::work("desk")]);
            cells.push(
                Cell::new(
                    "priorities",
                    format!("{high} before {low}, {name}"),
                    watched(scenario, 20_000),
                )
                .knows("class high W", first)
                .knows("class low W", second)
                .knows("U desk", high + low),
            );
        }
    }
    cells
}

/// M/M/c+M, Erlang A.
fn impatience() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (servers, load) in [(1, 0.5), (5, 4.5), (5, 7.0), (20, 20.0)] {
        let (left, in_queue) = erlang_a(servers, load, 0.5);
        let desk = Station {
            patience: Some(exponential(2.0)),
            ..station(servers, exponential(1.0))
        };
        let scenario = poisson(load, vec![Activity::work("desk")]).with_resource("desk", desk);
        cells.push(
            Cell::new(
                "patience",
                format!("Erlang A, {load} at {servers}"),
                watched(scenario, 10_000),
            )
            .knows("left desk", left)
            .knows("Lq desk", in_queue)
            .knows("X", load * (1.0 - left)),
        );
    }
    cells
}

/// M/M/1 whose server stands still while it is repaired (White and Christie).
fn breakdowns() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (rate, up, down) in [(0.3, 20.0, 5.0), (0.6, 50.0, 5.0)] {
        let desk = Station {
            failures: Some(Failures {
                kind: sim_core::scenario::FailureKind::Pause,
                ..Failures::new(exponential(up), exponential(down))
            }),
            ..station(1, exponential(1.0))
        };
        let (f, r) = (1.0 / up, 1.0 / down);
        let availability = r / (f + r);
        // A request also waits for what is left of a repair that began while nobody was there.
        let share = rate / availability;
        let completion_second = 2.0 * ((1.0 + f / r) * (1.0 + f / r) + f / (r * r));
        let wait = (rate * completion_second / 2.0) / (1.0 - share) + (f / (f + r)) / r;
        let scenario = poisson(rate, vec![Activity::work("desk")]).with_resource("desk", desk);
        cells.push(
            Cell::new(
                "breakdowns",
                format!("{rate}/s, up {up} s, down {down} s"),
                watched(scenario, 20_000),
            )
            .knows("W", wait + 1.0 + f / r)
            .knows("X", rate),
        );
    }
    cells
}

/// A cache with room for all whose objects expire: λT/(1 + λT) of the requests for each find it.
fn caches() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (rate, seconds) in [(1.0, 10.0), (20.0, 60.0), (5.0, 600.0)] {
        let items = 50;
        let cache = Cache {
            expiry: Some(Expiry {
                seconds,
                rule: ExpiryRule::default(),
                jitter: 0.0,
            }),
            ..Cache::new(Policy::Infinite, Capacity::Objects(1_000))
        };
        let each = rate / f64::from(items);
        let hits = each * seconds / (1.0 + each * seconds);
        let key = Activity::Set(Set::Key(Workload::new(Keys::zipf(
            u64::from(items as u32),
            0.0,
        ))));
        let lookup = Activity::Cache(Lookup::new(
            "cache",
            vec![Activity::Delay(Distribution::deterministic(1e-6))],
        ));
        let scenario = poisson(rate, vec![key, lookup]).with_resource("cache", cache);
        let requests = (40.0 * rate * seconds).clamp(8_000.0, 60_000.0) as u64;
        cells.push(
            Cell::new(
                "caches",
                format!("{rate}/s, {seconds} s to live"),
                watched(scenario, requests),
            )
            .knows("hits cache", hits),
        );
    }
    cells
}

/// Tries against the clock: each fails with the chance that its delay is longer.
fn retries() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (timeout, retries) in [(0.5, 1), (1.0, 2), (1.5, 2), (0.1, 3)] {
        let q = (-timeout / 1.0_f64).exp();
        let tries: f64 = (0..=retries).map(|i| q.powi(i)).sum();
        let served = 1.0 - q.powi(retries + 1);
        let attempt = Attempt {
            timeout: Some(timeout),
            retries: retries.unsigned_abs(),
            backoff: None,
            abandoned: Abandoned::default(),
            path: vec![Activity::Delay(exponential(1.0))],
            otherwise: None,
        };
        let scenario = poisson(50.0, vec![Activity::Attempt(attempt)]);
        // Every try takes min(exp 1, timeout): 1 − q on average.
        cells.push(
            Cell::new("retries", format!("{timeout} s, {retries} more"), scenario)
                .knows("tries", tries)
                .knows("served", served)
                .knows("X", 50.0 * served)
                .knows("L", 50.0 * tries * (1.0 - q)),
        );
    }
    cells
}

/// Two queues side by side, of which a request needs both (Flatto and Hahn, 1984).
fn forks() -> Vec<Cell> {
    let mut cells = Vec::new();
    for utilization in [0.1, 0.5, 0.9] {
        let both = Parallel {
            paths: vec![vec![Activity::work("a")], vec![Activity::work("b")]],
            first: None,
            rest: Abandoned::default(),
        };
        let scenario = poisson(utilization, vec![Activity::Parallel(both)])
            .with_resource("a", station(1, exponential(1.0)))
            .with_resource("b", station(1, exponential(1.0)));
        let requests = if utilization > 0.8 { 20_000 } else { 5_000 };
        let one = Mm1::new(utilization, 1.0).unwrap();
        cells.push(
            Cell::new(
                "fork–join",
                format!("two at {utilization}"),
                watched(scenario, requests),
            )
            .knows("W", flatto_hahn(utilization))
            .knows("Wq a", one.mean_wait())
            .knows("L", utilization * flatto_hahn(utilization)),
        );
    }
    cells
}
