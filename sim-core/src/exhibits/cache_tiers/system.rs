//! The scenarios: three designs on the same traffic, at the reader's number of servers and at others.

use super::{
    DATABASE_SERVERS, Design, GRID, LOCAL, LOOK_UP, News, Params, REQUESTS, SERVERS, SHARED,
};
use crate::balancing::Policy;
use crate::distribution::Distribution;
use crate::exhibits::caches::{self, DATABASE, READ, WRITE, database, expiring, look_up, pause};
use crate::scenario::{
    Activity, Arrivals, Broadcast, Cache, Class, Group, Horizon, Path, Scenario, Write, WritePolicy,
};
use crate::theory::Mmc;

impl Params {
    pub(super) fn updates_per_second(&self) -> f64 {
        self.traffic * self.updates
    }

    pub(super) fn reads_per_second(&self) -> f64 {
        self.traffic * (1.0 - self.updates)
    }

    /// Requests per second that the database can do.
    pub(super) fn database_capacity(&self) -> f64 {
        f64::from(DATABASE_SERVERS) * 1e3 / self.database_ms
    }

    /// The database at so many requests per second, where it can do them.
    pub(super) fn database_model(&self, rate: f64) -> Option<Mmc> {
        Mmc::new(rate.max(1e-9), 1e3 / self.database_ms, DATABASE_SERVERS).ok()
    }

    fn read(&self, design: Design) -> Path {
        let ask = vec![Activity::work(DATABASE)];
        let far = |miss| {
            let trip = pause(self.round_trip_ms / 1e3);
            vec![trip, look_up(SHARED, miss)]
        };
        let mut path = vec![pause(LOOK_UP)];
        match design {
            Design::Local => path.push(look_up(LOCAL, ask)),
            Design::Shared => path.extend(far(ask)),
            Design::Tiered => path.push(look_up(LOCAL, far(ask))),
        }
        path
    }

    fn update(&self, design: Design) -> Write {
        let caches: &[&str] = match design {
            Design::Local => &[LOCAL],
            Design::Shared => &[SHARED],
            Design::Tiered => &[LOCAL, SHARED],
        };
        let tells = self.news == News::Event && design != Design::Shared;
        Write {
            path: vec![Activity::work(DATABASE)],
            caches: caches.iter().map(|&it| it.to_owned()).collect(),
            how: WritePolicy::Aside,
            event: tells.then(|| Broadcast {
                after: Distribution::deterministic(self.delay_ms / 1e3),
            }),
            forgotten: self.forgotten,
        }
    }

    pub(super) fn scenario(&self, design: Design) -> Scenario {
        let class = |rate: f64, path: Path| {
            let key = caches::key(self.items, self.skew);
            let path = vec![key, Activity::balance(SERVERS, path)];
            Class::new(Arrivals::poisson(rate)).with_path(path)
        };
        let mut scenario = Scenario::empty()
            .with_resource(DATABASE, database(DATABASE_SERVERS, self.database_ms / 1e3))
            .with_resource(SERVERS, Group::new(self.servers, Policy::Random))
            .with_class(READ, class(self.reads_per_second(), self.read(design)))
            .with_horizon(Horizon::Steady {
                requests: Some(REQUESTS),
            });
        if design != Design::Shared {
            let local = Cache {
                per: Some(SERVERS.to_owned()),
                ..expiring(self.local, self.ttl)
            };
            scenario = scenario.with_resource(LOCAL, local);
        }
        if design != Design::Local {
            scenario = scenario.with_resource(SHARED, expiring(self.shared, self.ttl));
        }
        if self.updates > 0.0 {
            let update = vec![Activity::Write(self.update(design))];
            scenario = scenario.with_class(WRITE, class(self.updates_per_second(), update));
        }
        // Copies from before the start, of which no update is known, are gone by then.
        scenario.warm_up = self.ttl;
        scenario.name = format!("{} caches, {} servers", design.label(), self.servers);
        scenario
    }

    /// What is simulated, in order: the three designs, then those to which the number of servers matters over the grid.
    pub(super) fn places(&self) -> Vec<(Self, Design)> {
        let with = |servers| Self {
            servers,
            ..self.clone()
        };
        let own = Design::ALL.map(|design| (self.clone(), design));
        let grid = GRID.into_iter().flat_map(|servers| {
            [Design::Local, Design::Tiered].map(|design| (with(servers), design))
        });
        own.into_iter().chain(grid).collect()
    }
}
