//! Random scenarios: valid ones run to their end without a panic and account for every request; invalid ones are refused by
//! the path of what is wrong.

#![allow(missing_docs)]
#![allow(
    clippy::disallowed_methods,
    reason = "random scenarios need no particular last bits"
)]

mod examined;
mod fuzzing;
mod mutated;
mod random;
mod reduced;

use proptest::prelude::*;
use sim_core::autoscaling::{Autoscaler, Rule, Scaling};
use sim_core::balancing::Policy;
use sim_core::balancing::health::{ActiveChecks, Health, MaxFails, OutlierEjection};
use sim_core::caching::{Capacity, Expiry, ExpiryRule, Policy as CachePolicy};
use sim_core::distribution::Distribution;
use sim_core::run::report::Stopped;
use sim_core::run::{Job, Plan};
use sim_core::scenario::activity::{
    Abandoned, Attempt, Backoff, Branch, Mark, Parallel, Set, When, Work,
};
use sim_core::scenario::arrivals::{BatchSize, Batches, Bursty, Sinusoidal, Users};
use sim_core::scenario::script::{Kill, Loss, Moment, Slow};
use sim_core::scenario::{
    Activity, Arrivals, Behind, Broadcast, Cache, Class, Discipline, FailureKind, Failures, Group,
    Horizon, Incident, Lookup, Member, Pool, Resource, Scenario, Station, Write, WritePolicy,
};
use sim_core::workload::{Keys, Sizes, Workload};

fn law() -> impl Strategy<Value = Distribution> {
    let mean = 0.01..2.0_f64;
    prop_oneof![
        mean.clone().prop_map(Distribution::exponential),
        mean.clone().prop_map(Distribution::deterministic),
        (mean, 0.1..9.0_f64).prop_map(|(mean, scv)| Distribution::with_scv(mean, scv)),
    ]
}

fn discipline() -> impl Strategy<Value = Discipline> {
    prop::sample::select(vec![
        Discipline::Fifo,
        Discipline::Lifo,
        Discipline::RandomOrder,
        Discipline::Priority,
        Discipline::PreemptivePriority,
        Discipline::ShortestJob,
        Discipline::ShortestRemaining,
        Discipline::ProcessorSharing,
    ])
}

fn station() -> impl Strategy<Value = Station> {
    let room = prop::option::of(0..6_u32);
    (
        1..5_u32,
        law(),
        0.5..2.0_f64,
        discipline(),
        room,
        prop::option::of(law()),
        prop::option::weighted(0.3, failures()),
        prop::option::weighted(0.2, 0.0..5.0_f64),
    )
        .prop_map(
            |(servers, service, speed, discipline, room, patience, failures, cold_start)| Station {
                servers,
                service: Some(service),
                speed,
                discipline,
                room: room.map(|more| servers + more),
                patience,
                failures,
                cold_start: cold_start.unwrap_or(0.0),
                ..Station::default()
            },
        )
}

fn failures() -> impl Strategy<Value = Failures> {
    let kinds = vec![FailureKind::Crash, FailureKind::Drain, FailureKind::Pause];
    (
        2.0..20.0_f64,
        1.0..5.0_f64,
        prop::sample::select(kinds),
        any::<bool>(),
    )
        .prop_map(|(up, down, kind, silent)| Failures {
            kind,
            silent,
            ..Failures::new(
                Distribution::exponential(up),
                Distribution::exponential(down),
            )
        })
}

fn health() -> impl Strategy<Value = Health> {
    let active = prop::option::of((0.5..4.0_f64, 1..4_u32, 1..4_u32)).prop_map(|it| {
        it.map(|(interval, fall, rise)| ActiveChecks {
            interval,
            timeout: None,
            fall,
            rise,
            first: None,
        })
    });
    let passive = prop::option::of((0..4_u32, 1.0..10.0_f64)).prop_map(|it| {
        it.map(|(max_fails, fail_timeout)| MaxFails {
            max_fails,
            fail_timeout,
        })
    });
    let outlier = prop::option::of(Just(OutlierEjection::default()));
    (active, passive, outlier, 0.0..1.0_f64, 0.0..5.0_f64).prop_map(
        |(active, passive, outlier, panic_threshold, slow_start)| Health {
            active,
            passive,
            outlier,
            panic_threshold,
            slow_start,
            ..Health::default()
        },
    )
}

fn autoscaler(servers: u32) -> Autoscaler {
    let usual = Autoscaler {
        max: servers,
        interval: 2.0,
        provisioning: 3.0,
        ..Autoscaler::default()
    };
    // Either rule, so that neither is left out.
    if servers.is_multiple_of(2) {
        Autoscaler {
            rule: Rule::Cooldown,
            cooldown_out: Some(1.0),
            cooldown_in: Some(4.0),
            ..usual
        }
    } else {
        Autoscaler {
            scale_down: Some(Scaling {
                stabilization: Some(4.0),
                ..Scaling::default()
            }),
            ..usual
        }
    }
}

/// Anything that can happen to a server at any time.
fn incident() -> impl Strategy<Value = Incident> {
    let servers = prop::sample::select(vec!["a", "b", "g", "g[0]"]);
    (
        0.0..60.0_f64,
        servers,
        0..9_u32,
        any::<bool>(),
        0.1..10.0_f64,
    )
        .prop_map(|(at, server, what, silent, factor)| {
            let server = server.to_owned();
            let moment = Moment {
                at,
                server: server.clone(),
            };
            match what {
                0 => Incident::Kill(Kill { at, server, silent }),
                1 => Incident::Drain(moment),
                2 => Incident::Pause(moment),
                3 => Incident::Slow(Slow { at, server, factor }),
                4 => Incident::Partition(moment),
                5 => Incident::Heal(moment),
                6 => Incident::Flush(Loss {
                    at,
                    cache: "l".into(),
                }),
                7 => Incident::Crash(Loss {
                    at,
                    cache: "c".into(),
                }),
                _ => Incident::Revive(moment),
            }
        })
}

fn policy() -> impl Strategy<Value = Policy> {
    prop::sample::select(Policy::all().collect::<Vec<_>>())
}

fn group() -> impl Strategy<Value = Group> {
    let member = (1..4_u32, 0.5..2.0_f64, 1..5_u32, prop::bool::weighted(0.1)).prop_map(
        |(count, speed, weight, backup)| Member {
            count,
            speed,
            weight,
            backup,
        },
    );
    (
        prop::collection::vec(member, 1..4),
        policy(),
        1..4_u32,
        station(),
        prop::option::of(health()),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(members, policy, balancers, station, health, scales)| {
            let servers = members.iter().map(|it| it.count).sum();
            Group {
                members,
                balancers,
                station,
                health,
                autoscaler: scales.then(|| autoscaler(servers)),
                ..Group::new(0, policy)
            }
        })
}

fn pool() -> impl Strategy<Value = Pool> {
    (
        1..5_u32,
        prop::option::of(0..5_u32),
        prop::option::of(law()),
    )
        .prop_map(|(size, queue, patience)| Pool {
            size,
            queue,
            patience,
        })
}

fn arrivals() -> impl Strategy<Value = Arrivals> {
    let rate = 0.5..5.0_f64;
    let size = prop_oneof![
        (1..5_u32).prop_map(BatchSize::Fixed),
        (1.0..4.0_f64).prop_map(BatchSize::Geometric),
    ];
    prop_oneof![
        rate.clone().prop_map(Arrivals::poisson),
        (rate.clone(), size).prop_map(|(rate, size)| Arrivals::Batches(Batches { rate, size })),
        (1..20_u32, law()).prop_map(|(count, think)| {
            let think = Some(think);
            Arrivals::Users(Users { count, think })
        }),
        rate.clone().prop_map(|burst_rate| {
            Arrivals::Bursty(Bursty {
                calm_rate: 0.1,
                burst_rate,
                calm_seconds: 3.0,
                burst_seconds: 1.0,
            })
        }),
        rate.prop_map(|mean_rate| {
            Arrivals::Sinusoidal(Sinusoidal {
                mean_rate,
                swing: 0.8,
                period: 10.0,
            })
        }),
    ]
}

fn abandoned() -> impl Strategy<Value = Abandoned> {
    prop::sample::select(vec![Abandoned::Stops, Abandoned::RunsOn])
}

fn work(at: &'static str) -> impl Strategy<Value = Activity> {
    (prop::option::of(law()), any::<bool>()).prop_map(move |(demand, sized)| {
        Activity::Work(Work {
            at: at.into(),
            demand,
            times: sized.then(|| "size".into()),
        })
    })
}

fn leaf() -> impl Strategy<Value = Activity> {
    prop_oneof![
        work("a"),
        work("b"),
        law().prop_map(Activity::Delay),
        any::<u8>().prop_map(|priority| Activity::Set(Set::Priority(priority))),
        work("g").prop_map(|work| Activity::balance("g", vec![work])),
    ]
}

/// A cache under any policy that knows no future.
fn cache() -> impl Strategy<Value = Cache> {
    let policies = CachePolicy::ALL.into_iter().filter(|it| !it.needs_future());
    let expiry = prop::option::of((0.1..5.0_f64, any::<bool>(), 0.0..1.0_f64));
    (
        prop::sample::select(policies.collect::<Vec<_>>()),
        1..20_u64,
        any::<bool>(),
        expiry,
    )
        .prop_map(|(policy, amount, in_bytes, expiry)| Cache {
            policy,
            capacity: if in_bytes {
                Capacity::Bytes(amount)
            } else {
                Capacity::Objects(amount)
            },
            expiry: expiry.map(|(seconds, on_access, jitter)| Expiry {
                seconds,
                rule: if on_access {
                    ExpiryRule::OnAccess
                } else {
                    ExpiryRule::OnWrite
                },
                jitter,
            }),
            per: None,
        })
}

/// A look-up that does this after a miss.
fn look_up(at: &'static str, inner: Activity) -> impl Strategy<Value = Activity> {
    let negative = prop::option::of(0.1..5.0_f64);
    (any::<bool>(), 0.0..2.0_f64, 0.0..0.5_f64, negative).prop_map(
        move |(coalesce, early, absent, negative)| {
            Activity::Cache(Lookup {
                coalesce,
                early,
                absent,
                negative,
                ..Lookup::new(at, vec![inner.clone()])
            })
        },
    )
}

fn write(inner: Activity) -> impl Strategy<Value = Activity> {
    let behind = (0.1..5.0_f64, 1..10_u32)
        .prop_map(|(interval, batch)| WritePolicy::Behind(Behind { interval, batch }));
    let how = prop_oneof![
        Just(WritePolicy::Aside),
        Just(WritePolicy::Through),
        Just(WritePolicy::Around),
        behind,
    ];
    let event = prop::option::of(law().prop_map(|after| Broadcast { after }));
    (how, event, 0.0..1.0_f64).prop_map(move |(how, event, forgotten)| {
        let caches: &[&str] = match how {
            WritePolicy::Behind(_) => &["c"],
            _ => &["c", "l"],
        };
        Activity::Write(Write {
            path: vec![inner.clone()],
            caches: caches.iter().map(|&name| name.into()).collect(),
            how,
            event,
            forgotten,
        })
    })
}

/// Activities inside each other. A pool is held once at a time, and a cache missed once, so that is only around leaves.
fn activity() -> impl Strategy<Value = Activity> {
    let local = work("g").prop_flat_map(|inner| look_up("l", inner));
    let held = prop_oneof![
        3 => leaf(),
        1 => leaf().prop_map(|inner| Activity::hold("p", vec![inner])),
        1 => leaf().prop_flat_map(|inner| look_up("c", inner)),
        1 => local.prop_map(|inner| Activity::balance("g", vec![inner])),
        1 => leaf().prop_flat_map(write),
    ];
    held.prop_recursive(3, 12, 3, |inner| {
        let path = prop::collection::vec(inner, 0..3);
        let backoff = prop::option::of((0.01..1.0_f64).prop_map(|base| Backoff {
            base,
            factor: 2.0,
            most: 5.0,
            jitter: 0.5,
        }));
        prop_oneof![
            (0..4_u32, path.clone()).prop_map(|(times, path)| Activity::repeat(times, path)),
            (
                prop::collection::vec(path.clone(), 1..4),
                1..4_u32,
                abandoned()
            )
                .prop_map(|(paths, first, rest)| {
                    let most = u32::try_from(paths.len()).expect("few");
                    let first = Some(first.min(most));
                    Activity::Parallel(Parallel { paths, first, rest })
                }),
            (0.0..1.0_f64, path.clone(), path.clone()).prop_map(|(share, one, other)| {
                let branch = |when, path| Branch { when, path };
                Activity::Choose(vec![
                    branch(When::Share(share), one),
                    branch(When::Otherwise, other),
                ])
            }),
            (
                prop::option::of(0.05..3.0_f64),
                0..3_u32,
                backoff,
                abandoned(),
                path.clone()
            )
                .prop_map(|(timeout, retries, backoff, abandoned, path)| {
                    Activity::Attempt(Attempt {
                        timeout,
                        retries,
                        backoff,
                        abandoned,
                        path,
                        otherwise: None,
                    })
                }),
            path.prop_map(|path| Activity::Mark(Mark {
                span: "span".into(),
                path
            })),
        ]
    })
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let class = (arrivals(), any::<u8>()).prop_map(|(arrivals, priority)| Class {
        priority,
        ..Class::new(arrivals)
    });
    let path = prop::collection::vec(activity(), 1..4);
    let resources = (station(), station(), group(), pool(), cache(), cache());
    (
        prop::collection::vec(class, 1..3),
        path,
        resources,
        0..3_u32,
        prop::collection::vec(incident(), 0..6),
    )
        .prop_map(|(classes, mut path, (a, b, g, p, c, l), series, script)| {
            let l = Cache {
                per: Some("g".into()),
                ..l
            };
            let keys = Workload {
                keys: Keys::zipf(30, 1.0),
                sizes: Sizes::Law(Distribution::exponential(3.0)),
            };
            // A size that some work refers to, and time that certainly passes.
            path.insert(0, Activity::Delay(Distribution::exponential(0.01)));
            let name = "size".into();
            let to = Distribution::exponential(1.0);
            path.insert(0, Activity::Set(Set::Attribute { name, to }));
            path.insert(0, Activity::Set(Set::Key(keys)));
            let mut scenario = Scenario::empty()
                .with_resource("a", a)
                .with_resource("b", b)
                .with_resource("g", g)
                .with_resource("p", p)
                .with_resource("c", c)
                .with_resource("l", l)
                .with_path(path)
                .with_horizon(Horizon::Span { seconds: 60.0 });
            for (i, class) in classes.into_iter().enumerate() {
                scenario = scenario.with_class(&format!("class {i}"), class);
            }
            scenario.probes.series = 5 * series;
            scenario.probes.tail = series > 1;
            scenario.script = script;
            scenario.limits.population = 2_000;
            scenario
        })
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn valid_scenarios_end_and_account_for_everyone(scenario in scenario()) {
        prop_assert_eq!(scenario.problems(), []);
        let plan = Plan::new(&scenario, 1).unwrap();
        let mut job = Job::new(&plan, 0..2);
        while !job.step(1 << 16) {}
        let partial = job.finish();
        partial.check().unwrap();
        let report = partial.report(0.05, Stopped::Budget);
        let details = report.details.unwrap();
        prop_assert!(details.little < 1e-9, "{}", details.little);
        for class in &details.classes {
            let flow = class.flow;
            prop_assert_eq!(flow.arrived, flow.accounted());
        }
        for place in &details.places {
            let busy = place.utilization.estimate.unwrap();
            prop_assert!((-1e-9..=1.0 + 1e-9).contains(&busy), "{:?}", place);
            let queue = place.mean_in_queue.estimate.unwrap();
            prop_assert!(queue > -1e-6, "{:?}", place);
        }
        // What is written reads back the same, in both formats.
        let text = serde_json::to_string(&scenario).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Scenario>(&text).unwrap(), &scenario);
    }

    #[test]
    fn what_is_spoilt_is_refused_by_its_path(scenario in scenario(), which in 0..6_usize, bad in prop::sample::select(vec![0.0, -1.0, f64::NAN, f64::INFINITY, 1e300])) {
        let mut scenario = scenario;
        let expected = match which {
            0 => {
                scenario.path.push(Activity::Delay(Distribution::exponential(bad)));
                format!("path[{}].delay", scenario.path.len() - 1)
            }
            1 => {
                if let Some(Resource::Station(station)) = scenario.resources.get_mut("a") {
                    station.speed = bad;
                }
                "resources.a.speed".into()
            }
            2 => {
                if let Some(Resource::Pool(pool)) = scenario.resources.get_mut("p") {
                    pool.size = 0;
                }
                "resources.p.size".into()
            }
            3 => {
                scenario.horizon = Horizon::Span { seconds: bad };
                "horizon.span.seconds".into()
            }
            4 => {
                scenario.path.push(Activity::work("nowhere"));
                format!("path[{}].work.at", scenario.path.len() - 1)
            }
            _ => {
                let class = scenario.classes.get_mut("class 0").unwrap();
                class.arrivals = Arrivals::poisson(bad);
                "classes.class 0.arrivals.poisson.rate".into()
            }
        };
        let problems = scenario.problems();
        prop_assert!(problems.iter().any(|it| it.field().starts_with(&expected)), "{expected}: {problems:?}");
        prop_assert!(Plan::new(&scenario, 1).is_err());
    }
}

/// A hundred times the requests leave as much behind, and hold as much on the way.
#[test]
fn memory_does_not_grow_with_the_run() {
    let size = |seconds: f64| {
        let work = Activity::Attempt(Attempt {
            timeout: Some(1.5),
            retries: 2,
            backoff: None,
            abandoned: Abandoned::Stops,
            path: vec![Activity::demand("a", Distribution::exponential(1.0))],
            otherwise: None,
        });
        let scenario = Scenario::empty()
            .with_class("request", Class::new(Arrivals::poisson(3.0)))
            .with_resource("a", Station::new(4))
            .with_path(vec![work])
            .with_horizon(Horizon::Span { seconds });
        let plan = Plan::new(&scenario, 1).unwrap();
        let mut job = Job::new(&plan, 0..1);
        while !job.step(1 << 16) {}
        let packed = serde_json::to_string(&job.finish()).unwrap();
        packed.len()
    };
    let (short, long) = (size(1_000.0), size(100_000.0));
    // Counts get longer and rare values open more buckets of the histogram.
    assert!(long < 3 * short, "{short} {long}");
}
