//! Caches on the path of requests, against closed forms.

use sim_core::balancing::Policy as Balancing;
use sim_core::caching::{Capacity, Expiry, ExpiryRule, Policy};
use sim_core::distribution::Distribution;
use sim_core::run::report::CacheReport;
use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::activity::Set;
use sim_core::scenario::script::{Kill, Loss};
use sim_core::scenario::{
    Activity, Arrivals, Behind, Broadcast, Cache, Class, Group, Horizon, Incident, Lookup, Path,
    Scenario, Station, Write, WritePolicy,
};
use sim_core::workload::{Keys, Workload};
use sim_core::{Quantity, Report};

use crate::support::{check, details, estimate, long, place, simulate, station};

const READS: f64 = 10.0;

fn cache<'a>(report: &'a Report, name: &str) -> &'a CacheReport {
    let caches = &details(report).caches;
    caches.iter().find(|it| it.name == name).unwrap()
}

fn key(keys: Keys) -> Activity {
    Activity::Set(Set::Key(Workload::new(keys)))
}

/// One key, again and again.
fn hot() -> Activity {
    key(Keys::zipf(1, 0.0))
}

fn look_up(at: &str, miss: Path) -> Lookup {
    Lookup::new(at, miss)
}

fn write(caches: &[&str], how: WritePolicy) -> Write {
    Write {
        path: Path::new(),
        caches: caches.iter().map(|&it| it.into()).collect(),
        how,
        event: None,
        forgotten: 0.0,
    }
}

fn room_for(objects: u64) -> Cache {
    Cache::new(Policy::Lru, Capacity::Objects(objects))
}

fn expiring(seconds: f64) -> Cache {
    Cache {
        expiry: Some(Expiry {
            seconds,
            rule: ExpiryRule::OnWrite,
            jitter: 0.0,
        }),
        ..room_for(10)
    }
}

/// Reads of `key` from a cache `c`, at ten a second.
fn reads(cache: Cache, key: Activity, lookup: Lookup) -> Scenario {
    Scenario::empty()
        .with_resource("c", cache)
        .with_class("read", Class::new(Arrivals::poisson(READS)))
        .with_path(vec![key, Activity::Cache(lookup)])
}

fn with_writes(scenario: Scenario, rate: f64, write: Write) -> Scenario {
    let class = Class::new(Arrivals::poisson(rate));
    scenario.with_class(
        "write",
        class.with_path(vec![hot(), Activity::Write(write)]),
    )
}

#[test]
fn lru_in_a_system_hits_as_often_as_by_itself() {
    let lookup = look_up("c", Path::new());
    let scenario = reads(room_for(100), key(Keys::zipf(1000, 0.8)), lookup);
    let report = simulate(&long(scenario.clone(), 20_000));
    // Che's approximation is good to a thousandth here.
    check("hits", cache(&report, "c").hit_ratio, 0.377_790);
    assert_eq!(estimate(cache(&report, "c").stale_share), 0.0);
    check("look-ups", cache(&report, "c").lookups, READS);
}

#[test]
fn a_cache_alone_hits_the_same_without_the_calendar() {
    let plain = |policy, capacity, keys, ttl: Option<f64>| {
        let cache = Cache {
            expiry: ttl.map(|seconds| expiring(seconds).expiry.unwrap()),
            ..Cache::new(policy, capacity)
        };
        let scenario = reads(cache, key(keys), look_up("c", Path::new()));
        long(scenario, 5_000)
    };
    let sized = Capacity::Bytes(40);
    for scenario in [
        plain(
            Policy::Lru,
            Capacity::Objects(50),
            Keys::zipf(500, 0.9),
            None,
        ),
        plain(Policy::S3Fifo, sized, Keys::zipf(500, 0.9), None),
        plain(Policy::Random, sized, Keys::zipf(500, 0.9), Some(3.0)),
    ] {
        let stopping = Stopping {
            precision: 0.05,
            replications: 4,
            early: false,
        };
        let [alone, calendar] = [Plan::new(&scenario, 7), Plan::on_calendar(&scenario, 7)]
            .map(|plan| run(&plan.unwrap(), &stopping, 2, &Cancel::default(), &|_| {}));
        let [short, full] = [cache(&alone, "c"), cache(&calendar, "c")];
        assert_eq!(short.hit_ratio, full.hit_ratio);
        assert_eq!(short.lookups, full.lookups);
        assert_eq!(short.evictions, full.evictions);
        assert_eq!(alone.requests, calendar.requests);
        assert!(short.mean_age.estimate.is_none() && full.mean_age.estimate.is_some());
    }
}

#[test]
fn the_optimum_knows_the_requests_to_come() {
    let ratio = |policy| {
        let cache = Cache::new(policy, Capacity::Objects(50));
        let scenario = reads(cache, key(Keys::zipf(500, 0.9)), look_up("c", Path::new()));
        let scenario = long(scenario, 20_000);
        // Plans that are compared are on the calendar, which does not know them; this one is not.
        let [plan, again] = Plan::pair(&scenario, &scenario, 7).unwrap();
        let stopping = Stopping {
            precision: 0.05,
            replications: 8,
            early: false,
        };
        let report = run(&plan, &stopping, 2, &Cancel::default(), &|_| {});
        let second = run(&again, &stopping, 1, &Cancel::default(), &|_| {});
        assert_eq!(report.details, second.details);
        estimate(cache_of(&report).hit_ratio)
    };
    // Keeping the fifty most popular is the best that can be done without knowing.
    let popularity: f64 = (1..=500).map(|rank| f64::from(rank).powf(-0.9)).sum();
    let most = (1..=50).map(|rank| f64::from(rank).powf(-0.9)).sum::<f64>() / popularity;
    let (lru, optimum) = (ratio(Policy::Lru), ratio(Policy::Belady));
    assert!(
        lru < most && most < optimum && optimum < 0.9,
        "{lru} {most} {optimum}"
    );
}

fn cache_of(report: &Report) -> &CacheReport {
    cache(report, "c")
}

#[test]
fn what_is_fetched_by_one_serves_all_who_wait() {
    // A fetch takes d; the object lives for T after it: in each cycle one miss, λd that wait and λT hits.
    let (life, fetch) = (1.0, 0.5);
    let lookup = Lookup {
        coalesce: true,
        ..look_up(
            "c",
            vec![Activity::Delay(Distribution::deterministic(fetch))],
        )
    };
    let report = simulate(&long(reads(expiring(life), hot(), lookup), 20_000));
    let (hits, shared) = (READS * life, READS * fetch);
    let all = 1.0 + hits + shared;
    check("hits", cache(&report, "c").hit_ratio, hits / all);
    check("shared", cache(&report, "c").shared_share, shared / all);
    // Who waits, waits for half of the fetch on average; who fetches, for all of it.
    let response = (fetch + shared * fetch / 2.0) / all;
    check("response", report.mean_response, response);
    // An object of age a is as likely as any other up to T.
    check("age", cache(&report, "c").mean_age, life / 2.0);
}

#[test]
fn copies_that_only_expire_are_stale_as_often_as_their_age_says() {
    // A copy of age a is stale with probability 1 − e^−wa; a cycle has one miss and λT hits of any age up to T.
    let (life, writes) = (2.0, 0.4);
    let scenario = reads(expiring(life), hot(), look_up("c", Path::new()));
    let scenario = with_writes(scenario, writes, write(&["c"], WritePolicy::Around));
    let report = simulate(&long(scenario, 40_000));
    let fresh = (1.0 - f64::exp(-writes * life)) / writes;
    let expected = READS * (life - fresh) / (1.0 + READS * life);
    check("stale", cache(&report, "c").stale_share, expected);
    assert!(estimate(cache(&report, "c").mean_stale_age) > estimate(cache(&report, "c").mean_age));
    assert!(cache(&report, "c").writes > 1000);
}

#[test]
fn code_that_forgets_the_cache_leaves_stale_copies_until_somebody_does_not() {
    // Absent → fresh at the reads' rate r, fresh → stale at that of forgotten writes b, both → absent at that of the others a.
    let (writes, forgotten) = (2.0, 0.25);
    let (a, b) = (writes * (1.0 - forgotten), writes * forgotten);
    let scenario = reads(room_for(10), hot(), look_up("c", Path::new()));
    let careless = Write {
        forgotten,
        ..write(&["c"], WritePolicy::Aside)
    };
    let report = simulate(&long(with_writes(scenario, writes, careless), 40_000));
    let expected = READS / (READS + a) * b / (a + b);
    check("stale", cache(&report, "c").stale_share, expected);
    check("hits", cache(&report, "c").hit_ratio, READS / (READS + a));
}

#[test]
fn copies_that_are_taken_out_or_written_through_are_never_stale() {
    for how in [WritePolicy::Aside, WritePolicy::Through] {
        let scenario = reads(room_for(10), hot(), look_up("c", Path::new()));
        let report = simulate(&long(
            with_writes(scenario, 2.0, write(&["c"], how)),
            20_000,
        ));
        let c = cache(&report, "c");
        assert_eq!(estimate(c.stale_share), 0.0, "{how:?}");
        let expected = match how {
            WritePolicy::Through => 1.0,
            // Of reads and writes in any order, a read that follows a write misses.
            _ => READS / (READS + 2.0),
        };
        let hits = estimate(c.hit_ratio);
        assert!(
            (hits - expected).abs() < 0.005,
            "{how:?}: {hits} {expected}"
        );
    }
}

/// A value that is one for every request of a kind; its interval has no width.
fn exactly(quantity: Quantity, expected: f64) {
    assert!((estimate(quantity) - expected).abs() < 1e-9, "{quantity:?}");
}

#[test]
fn a_crash_loses_the_writes_that_wait() {
    // Writes go to the store each second; the crash comes 0.7 s after that.
    let behind = WritePolicy::Behind(Behind {
        interval: 1.0,
        batch: 1000,
    });
    let crash = |at| {
        Incident::Crash(Loss {
            at,
            cache: "c".into(),
        })
    };
    let scenario = reads(room_for(10), hot(), look_up("c", Path::new()));
    let scenario = with_writes(scenario, 20.0, write(&["c"], behind))
        .with_horizon(Horizon::Span { seconds: 100.0 });
    let script = (1..=9).map(|i| crash(f64::from(i) * 10.0 + 0.7));
    let scenario = script.fold(scenario, Scenario::with_incident);
    let report = simulate(&scenario);
    let lost = cache(&report, "c").lost_writes as f64;
    // 16 replications × 9 crashes × 14 writes; four standard deviations of a Poisson number.
    let expected = 16.0 * 9.0 * 14.0;
    assert!(
        (lost - expected).abs() < 4.0 * expected.sqrt(),
        "{lost} {expected}"
    );
}

/// Writes that wait no longer than a moment, to one of these keys, through a second cache.
fn through_a_second_cache(keys: Keys, how: WritePolicy) -> Scenario {
    let write = Write {
        path: vec![Activity::Cache(look_up("d", Path::new()))],
        ..write(&["c"], how)
    };
    Scenario::empty()
        .with_resource("c", room_for(10))
        .with_resource("d", room_for(10))
        .with_class("write", Class::new(Arrivals::poisson(READS)))
        .with_path(vec![key(keys), Activity::Write(write)])
}

fn behind(interval: f64, batch: u32) -> WritePolicy {
    WritePolicy::Behind(Behind { interval, batch })
}

#[test]
fn a_batch_looks_up_the_keys_that_were_written() {
    // The look-ups on the way to the store find as much as those of writes that go there at once.
    let hits = |how| {
        let keys = Keys::zipf(100_000_000, 1.5);
        let report = simulate(&long(through_a_second_cache(keys, how), 20_000));
        estimate(cache(&report, "d").hit_ratio)
    };
    let around = hits(WritePolicy::Around);
    assert!((around - 0.65).abs() < 0.01, "{around}");
    for batch in [1, 1000] {
        let found = hits(behind(0.001, batch));
        assert!((found - around).abs() < 0.01, "{found} {around}");
    }
}

#[test]
fn each_key_of_a_batch_is_looked_up_once() {
    // Every second, each of five keys goes to the store, whatever the batches are: five look-ups a second, all of them hits but
    // the first of each.
    for batch in [1, 3, 5, 100] {
        let keys = Keys::zipf(5, 0.0);
        let scenario = through_a_second_cache(keys, behind(1.0, batch));
        let mut scenario = scenario.with_horizon(Horizon::Span { seconds: 100.5 });
        if let Some(class) = scenario.classes.get_mut("write") {
            class.arrivals = Arrivals::poisson(1000.0);
        }
        let report = simulate(&scenario);
        let d = cache(&report, "d");
        exactly(d.hit_ratio, 495.0 / 500.0);
    }
}

#[test]
fn a_batch_that_fails_waits_for_the_next_time() {
    // The store turns batches away while it is busy with one; a crash finds that none of the writes got lost on the way.
    let store = Station {
        room: Some(1),
        ..station(1, 1.0 / 3.0)
    };
    let mut scenario = through_a_second_cache(Keys::zipf(5, 0.0), behind(1.0, 2));
    if let Some(Activity::Write(write)) = scenario.path.get_mut(1) {
        write.path.push(Activity::work("store"));
    }
    let scenario = scenario
        .with_resource("store", store)
        .with_horizon(Horizon::Span { seconds: 1000.0 });
    let report = simulate(&scenario);
    let store = place(&report, "store");
    // Of three batches a second it takes one, if it is idle: it is busy again at most a second after it was done.
    assert!(estimate(store.rejected_share) > 0.5, "{store:?}");
    assert!(estimate(store.utilization) > 0.8, "{store:?}");
}

#[test]
fn a_key_set_during_a_miss_is_forgotten_at_its_end() {
    // A page is made of two fragments, which are looked up while the page is fetched; others wait for the page meanwhile.
    let fragment = || {
        let pause = Activity::Delay(Distribution::deterministic(0.01));
        let keys = key(Keys::zipf(1_000, 0.0));
        [keys, Activity::Cache(look_up("d", vec![pause]))]
    };
    let lookup = Lookup {
        coalesce: true,
        ..look_up("c", [fragment(), fragment()].concat())
    };
    let path = vec![key(Keys::zipf(10, 0.0)), Activity::Cache(lookup)];
    let scenario = Scenario::empty()
        .with_resource("c", room_for(10))
        .with_resource("d", room_for(10))
        .with_class("read", Class::new(Arrivals::poisson(1000.0)))
        .with_path(path)
        .with_horizon(Horizon::Span { seconds: 10.0 });
    let report = simulate(&scenario);
    // All ten pages are there after the first miss of each, and nobody is left waiting.
    assert!(estimate(cache(&report, "c").hit_ratio) > 0.97);
    assert_eq!(details(&report).flow.in_flight, 0);
}

#[test]
fn a_server_that_crashes_loses_the_writes_in_its_cache() {
    let write = write(&["c"], behind(1.0, 1000));
    let inner = vec![Activity::Write(write)];
    let crash = |at| {
        Incident::Kill(Kill {
            at,
            server: "web[0]".into(),
            silent: false,
        })
    };
    let cache_of_each = Cache {
        per: Some("web".into()),
        ..room_for(10)
    };
    let scenario = Scenario::empty()
        .with_resource("c", cache_of_each)
        .with_resource("web", Group::new(2, Balancing::RoundRobin))
        .with_class("write", Class::new(Arrivals::poisson(20.0)))
        .with_path(vec![hot(), Activity::balance("web", inner)])
        .with_horizon(Horizon::Span { seconds: 10.0 })
        .with_incident(crash(5.7));
    let report = simulate(&scenario);
    // Of 16 replications × 14 writes since the last flush, half are in this server.
    let (lost, expected) = (cache(&report, "c").lost_writes as f64, 16.0 * 7.0);
    assert!(
        (lost - expected).abs() < 4.0 * expected.sqrt(),
        "{lost} {expected}"
    );
}

#[test]
fn the_absence_of_an_object_can_be_remembered() {
    let (life, keys) = (2.0, 50.0);
    let none = Lookup {
        absent: 1.0,
        ..look_up("c", Path::new())
    };
    let uniform = || key(Keys::zipf(50, 0.0));
    let report = simulate(&long(reads(room_for(100), uniform(), none.clone()), 5_000));
    exactly(cache(&report, "c").hit_ratio, 0.0);
    let remembered = Lookup {
        negative: Some(life),
        ..none
    };
    let report = simulate(&long(reads(room_for(100), uniform(), remembered), 20_000));
    // As with a time to live: of the requests for one key, the first of each cycle misses.
    let each = READS / keys * life;
    check("hits", cache(&report, "c").hit_ratio, each / (1.0 + each));
}

#[test]
fn early_refresh_spares_readers_the_wait() {
    let fetch = vec![Activity::Delay(Distribution::deterministic(0.1))];
    let lookup = |early| Lookup {
        coalesce: true,
        early,
        ..look_up("c", fetch.clone())
    };
    let run = |early| simulate(&long(reads(expiring(1.0), hot(), lookup(early)), 20_000));
    let (late, early) = (run(0.0), run(1.0));
    exactly(cache(&late, "c").refreshes, 0.0);
    assert!(estimate(cache(&early, "c").refreshes) > 0.5);
    assert!(estimate(early.mean_response) < 0.5 * estimate(late.mean_response));
}

/// Servers with a cache each, in front of a shared one, in front of a database.
fn tiers(servers: u32, event: Option<Broadcast>) -> Scenario {
    let database = || Activity::work("db");
    let shared = Activity::Cache(look_up("shared", vec![database()]));
    let local = Activity::Cache(look_up("local", vec![shared]));
    let update = Write {
        event,
        path: vec![database()],
        ..write(&["local", "shared"], WritePolicy::Aside)
    };
    let web = |path| Activity::balance("web", path);
    let local_cache = Cache {
        per: Some("web".into()),
        ..room_for(50)
    };
    let keys = || key(Keys::zipf(500, 0.9));
    Scenario::empty()
        .with_resource("local", local_cache)
        .with_resource("shared", room_for(200))
        .with_resource("db", station(4, 100.0))
        .with_resource("web", Group::new(servers, Balancing::RoundRobin))
        .with_class(
            "read",
            Class::new(Arrivals::poisson(100.0)).with_path(vec![keys(), web(vec![local])]),
        )
        .with_class(
            "write",
            Class::new(Arrivals::poisson(5.0))
                .with_path(vec![keys(), web(vec![Activity::Write(update)])]),
        )
}

#[test]
fn what_one_tier_misses_the_next_one_sees() {
    let report = simulate(&long(tiers(4, None), 20_000));
    let (local, shared) = (cache(&report, "local"), cache(&report, "shared"));
    let missed = estimate(local.lookups) * (1.0 - estimate(local.hit_ratio));
    assert!((estimate(shared.lookups) / missed - 1.0).abs() < 1e-9);
    let missed = missed * (1.0 - estimate(shared.hit_ratio));
    // The database sees the rest, and the writes.
    let asked = estimate(place(&report, "db").throughput);
    assert!(
        (asked / (missed + 5.0) - 1.0).abs() < 0.02,
        "{asked} {missed}"
    );
    // The estimate made before anything ran is near.
    let measured = estimate(place(&report, "db").utilization);
    assert!(
        (report.utilization / measured - 1.0).abs() < 0.25,
        "{measured} {}",
        report.utilization
    );
}

#[test]
fn other_servers_read_old_copies_until_they_hear_of_a_write() {
    let stale = |servers, event| {
        let report = simulate(&long(tiers(servers, event), 20_000));
        assert_eq!(estimate(cache(&report, "shared").stale_share), 0.0);
        estimate(cache(&report, "local").stale_share)
    };
    let after = |seconds| {
        Some(Broadcast {
            after: Distribution::deterministic(seconds),
        })
    };
    let never = stale(4, None);
    let (slow, fast) = (stale(4, after(2.0)), stale(4, after(0.2)));
    assert!(stale(1, None) == 0.0);
    assert!(
        never > slow && slow > fast && fast > 0.0,
        "{never} {slow} {fast}"
    );
}

#[test]
fn the_cache_of_a_server_dies_with_it_and_a_flush_shows() {
    let flush = Incident::Flush(Loss {
        at: 50.0,
        cache: "shared".into(),
    });
    let mut scenario = tiers(2, None)
        .with_incident(flush)
        .with_incident(Incident::kill(20.0, "web[0]"))
        .with_incident(Incident::revive(20.001, "web[0]"))
        .with_horizon(Horizon::Span { seconds: 60.0 });
    scenario.probes.series = 60;
    let report = simulate(&scenario);
    let series = details(&report).series.as_ref().unwrap();
    let hits = |cache: usize, at: usize| estimate(series.hit_ratio[cache][at]);
    // Caches are empty at the start of a span.
    assert!(hits(0, 0) < hits(0, 19) && hits(1, 0) < hits(1, 49));
    assert!(
        hits(0, 20) < 0.9 * hits(0, 19),
        "{} {}",
        hits(0, 20),
        hits(0, 19)
    );
    assert!(
        hits(1, 50) < 0.5 * hits(1, 49),
        "{} {}",
        hits(1, 50),
        hits(1, 49)
    );
}

#[test]
fn mistakes_about_caches_are_named() {
    let lookup = look_up("local", Path::new());
    let scenario = Scenario::empty()
        .with_resource(
            "local",
            Cache {
                per: Some("web".into()),
                ..Cache::new(Policy::Belady, Capacity::Objects(0))
            },
        )
        .with_class("read", Class::new(Arrivals::poisson(1.0)))
        .with_path(vec![
            Activity::Cache(lookup),
            Activity::Write(Write {
                forgotten: 2.0,
                ..write(
                    &[],
                    WritePolicy::Behind(Behind {
                        interval: 0.0,
                        batch: 0,
                    }),
                )
            }),
        ]);
    let problems: Vec<_> = scenario
        .problems()
        .iter()
        .map(|it| it.field().to_owned())
        .collect();
    assert_eq!(
        problems,
        [
            "resources.local.capacity.objects",
            "resources.local.policy",
            "resources.local.per",
            "path[0].cache.at",
            "path[1].write.forgotten",
            "path[1].write.how.behind.interval",
            "path[1].write.how.behind.batch",
            "path[1].write.caches",
            "path[0].cache",
            "path[1].write",
        ]
    );
}
