//! The scenarios: four policies on the same reads and writes, and a cache that crashes.

use super::{CACHE, Crash, DATABASE_SERVERS, MOST_CRASHES, Params, Policy, REQUESTS, WRITES_LOST};
use crate::exhibits::caches::{self, DATABASE, READ, WRITE, database, expiring, look_up, pause};
use crate::scenario::script::Loss;
use crate::scenario::{
    Activity, Arrivals, Behind, Class, Horizon, Incident, Path, Scenario, Write, WritePolicy,
};

impl Params {
    pub(super) fn writes_per_second(&self) -> f64 {
        self.traffic * self.writes
    }

    pub(super) fn reads_per_second(&self) -> f64 {
        self.traffic * (1.0 - self.writes)
    }

    /// Requests per second that the database can do.
    pub(super) fn database_capacity(&self) -> f64 {
        f64::from(DATABASE_SERVERS) * 1e3 / self.database_ms
    }

    /// All policies, the one that is looked at first.
    pub(super) fn order(&self) -> [Policy; 4] {
        let mut all = Policy::ALL;
        all.sort_by_key(|policy| *policy != self.policy);
        all
    }

    pub(super) fn crashes(&self) -> bool {
        self.crash == Crash::Yes
    }

    fn read(&self) -> Path {
        vec![
            caches::key(self.items, self.skew),
            pause(self.round_trip_ms / 1e3),
            look_up(CACHE, vec![Activity::work(DATABASE)]),
        ]
    }

    fn write(&self, policy: Policy) -> Path {
        let how = match policy {
            Policy::Aside => WritePolicy::Aside,
            Policy::Through => WritePolicy::Through,
            Policy::Around => WritePolicy::Around,
            Policy::Behind => WritePolicy::Behind(Behind {
                interval: self.interval,
                batch: self.batch,
            }),
        };
        let write = Activity::Write(Write {
            path: vec![Activity::work(DATABASE)],
            caches: vec![CACHE.to_owned()],
            how,
            event: None,
            forgotten: self.forgotten,
        });
        let mut path = vec![caches::key(self.items, self.skew)];
        let trip = pause(self.round_trip_ms / 1e3);
        match policy {
            Policy::Around => path.push(write),
            // The database first, so that nobody puts an older value back.
            Policy::Aside | Policy::Through => path.extend([write, trip]),
            Policy::Behind => path.extend([trip, write]),
        }
        path
    }

    pub(super) fn scenario(&self, policy: Policy) -> Scenario {
        let class = |rate, path| Class::new(Arrivals::poisson(rate)).with_path(path);
        let mut scenario = Scenario::empty()
            .with_resource(DATABASE, database(DATABASE_SERVERS, self.database_ms / 1e3))
            .with_resource(CACHE, expiring(self.items, self.ttl))
            .with_class(READ, class(self.reads_per_second(), self.read()))
            .with_class(WRITE, class(self.writes_per_second(), self.write(policy)))
            .with_horizon(Horizon::Steady {
                requests: Some(REQUESTS),
            });
        // Copies from before the start, of which no write is known, are gone by then.
        scenario.warm_up = self.ttl;
        policy.label().clone_into(&mut scenario.name);
        if scenario.load().certain_overload().is_some() {
            // Writes alone are too much for the database: there is no steady state to be in.
            scenario.horizon = Horizon::Transient { requests: REQUESTS };
        }
        scenario
    }

    /// How often the cache crashes in a replication: the more often, the fewer writes wait.
    pub(super) fn crashes_each(&self) -> u32 {
        let crashes = WRITES_LOST / self.lost(self.interval);
        // Between one and sixteen, so the cast keeps the value.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number"
        )]
        let whole = crashes.clamp(1.0, MOST_CRASHES) as u32;
        whole
    }

    /// Write-behind alone, and a cache that crashes again and again, each time at another moment between two flushes: the
    /// moments are spread evenly, so that the mean over them is that over any moment.
    pub(super) fn outage(&self) -> Scenario {
        let crashes = self.crashes_each();
        let at = |i: u32| {
            let phase = (f64::from(i) + 0.5) / f64::from(crashes);
            (f64::from(2 * i) + 1.0 + phase) * self.interval
        };
        let class = Class::new(Arrivals::poisson(self.writes_per_second()));
        let scenario = Scenario::empty()
            .with_resource(DATABASE, database(DATABASE_SERVERS, self.database_ms / 1e3))
            .with_resource(CACHE, expiring(self.items, self.ttl))
            .with_class(WRITE, class.with_path(self.write(Policy::Behind)))
            .with_horizon(Horizon::Span {
                seconds: f64::from(2 * crashes + 1) * self.interval,
            });
        let crash = |i| {
            Incident::Crash(Loss {
                at: at(i),
                cache: CACHE.to_owned(),
            })
        };
        let mut scenario = (0..crashes)
            .map(crash)
            .fold(scenario, Scenario::with_incident);
        "write-behind, the cache crashes".clone_into(&mut scenario.name);
        scenario
    }
}
