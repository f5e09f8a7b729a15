//! Exhibit `cache-latency`: from the size of a cache to its hit ratio, from there to the database's utilization, and from there to
//! latency; and what happens when the cache is empty.
//!
//! Theory: Che's hit ratio h for LRU; misses come at λ(1 − h) to a database M/M/c. Misses are not quite a Poisson process, so the whole
//! is an approximation. Response: what the cache takes, and for the share 1 − h what the database takes.

mod figures;
mod model;
mod readouts;
#[cfg(test)]
mod tests;
mod timeline;
mod watched;

use serde::{Deserialize, Serialize};

use super::caches::{self, DATABASE, SIZE, SKEW, SMALLEST};
use super::parts::{command, count, milliseconds};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::caching::{Capacity, Policy};
use crate::error::InputError;
use crate::figure::{Figure, Scale};
use crate::run::report::Report;
use crate::scenario::script::Loss;
use crate::scenario::{
    Activity, Arrivals, Cache, Class, Horizon, Incident, Lookup, Path, REQUEST, Scenario,
};

/// Sizes simulated besides the operating point, as shares of the items.
const SWEEP: [f64; 5] = [0.02, 0.14, 0.22, 0.4, 0.8];
/// Requests in each replication of the steady state, and of the timeline.
const REQUESTS: u64 = 20_000;
const WATCHED: f64 = 60_000.0;
/// Points of the timeline.
const POINTS: u32 = 60;
/// When the cache is emptied, as a share of the timeline.
const FLUSH: f64 = 0.5;
/// Name of the cache.
const CACHE: &str = "cache";

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct CacheLatency;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Size of the cache, as a share of the items.
    pub size: f64,
    /// Requests per second.
    pub rate: f64,
    /// Requests that the database serves at once.
    pub servers: u32,
    /// Mean time of a query, milliseconds.
    pub query_ms: f64,
    /// What a look-up takes, milliseconds.
    pub cache_ms: f64,
    /// Skew α of the popularity.
    pub skew: f64,
    /// Number of items N.
    pub items: u32,
    /// What requests do for an object that is on its way.
    pub misses: Misses,
}

/// What requests do for an object that is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Misses {
    /// Fetch it too.
    Apart,
    /// Wait for it.
    Together,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            size: 0.1,
            rate: 2_000.0,
            servers: 4,
            query_ms: 4.0,
            cache_ms: 1.0,
            skew: 0.9,
            items: 10_000,
            misses: Misses::Apart,
        }
    }
}

impl Params {
    /// Objects in a cache of this share of the items.
    fn objects(&self, share: f64) -> u64 {
        caches::objects(share, self.items)
    }

    /// Length of the timeline, seconds.
    fn span(&self) -> f64 {
        WATCHED / self.rate
    }

    fn scenario(&self, share: f64) -> Scenario {
        let database = caches::database(self.servers, self.query_ms / 1e3);
        let look_up = Lookup {
            coalesce: self.misses == Misses::Together,
            ..Lookup::new(CACHE, vec![Activity::work(DATABASE)])
        };
        let path: Path = vec![
            caches::key(self.items, self.skew),
            caches::pause(self.cache_ms / 1e3),
            Activity::Cache(look_up),
        ];
        Scenario::empty()
            .with_resource(
                CACHE,
                Cache::new(Policy::Lru, Capacity::Objects(self.objects(share))),
            )
            .with_resource(DATABASE, database)
            .with_class(REQUEST, Class::new(Arrivals::poisson(self.rate)))
            .with_path(path)
            .with_horizon(Horizon::Steady {
                requests: Some(REQUESTS),
            })
    }

    /// From an empty cache on; later it is emptied again.
    fn timeline(&self) -> Scenario {
        let flush = Incident::Flush(Loss {
            at: FLUSH * self.span(),
            cache: CACHE.to_owned(),
        });
        let mut scenario = self
            .scenario(self.size)
            .with_horizon(Horizon::Span {
                seconds: self.span(),
            })
            .with_incident(flush);
        scenario.probes.series = POINTS;
        scenario
    }

    /// Sizes in the order of the scenarios.
    fn places(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.size).chain(SWEEP)
    }
}

impl Exhibit for CacheLatency {
    type Params = Params;

    const CARD: Card = Card {
        id: "cache-latency",
        title: "What a cache spares",
        group: "Caches",
        blurb: "From hit ratio to database load to latency, and what an empty cache does to both.",
    };

    const TEXT: &'static [&'static str] = &[
        "A cache answers quickly, but that is the smaller part of what it does. Every hit is a query that the database does not \
         see, and latency at the database is a matter of its load: take away half of the queries from a busy one and \
         the other half wait far less.",
        "The reverse is the danger. A database bought for the load behind a warm cache may be too small for the load without it. \
         When the cache is new, or emptied, all requests fall on the database at once; its queue grows, and if the cache fills \
         more slowly than the queue does, it may not recover for a long time.",
        "Watch it above: the cache starts empty, and each square is room for an object. To be watched it is small, with fewer items and \
         about the same share of hits; one that is larger fills as much more slowly, behind a queue as much longer.",
    ];

    const CONTROLS: &'static [Control] = &[
        SIZE,
        Control {
            key: "rate",
            label: "Requests",
            symbol: "λ",
            kind: ControlKind::Number {
                min: 100.0,
                max: 10_000.0,
                step: 0.05,
                scale: Scale::Log,
                unit: "/s",
                whole: false,
            },
            help: "Requests per second that look into the cache.",
            folded: false,
        },
        Control {
            key: "query_ms",
            label: "Mean time of a query",
            symbol: "1/μ",
            kind: milliseconds(0.1, 100.0),
            help: "How long a query keeps the database busy.",
            folded: false,
        },
        Control {
            key: "servers",
            label: "Queries at once",
            symbol: "c",
            kind: count(1.0, 64.0),
            help: "How many queries the database works on at the same time; others wait.",
            folded: true,
        },
        SKEW,
        Control {
            key: "misses",
            label: "Misses of one object",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("apart", "Each asks the database"),
                    ("together", "Wait for the first"),
                ],
            },
            help: "What requests do whose object has been asked for, but is not there yet.",
            folded: false,
        },
        Control {
            key: "items",
            label: "Items",
            symbol: "N",
            kind: count(100.0, 30_000.0),
            help: "How many different items there are.",
            folded: true,
        },
        Control {
            key: "cache_ms",
            label: "A look-up takes",
            symbol: "",
            kind: milliseconds(0.01, 10.0),
            help: "The time that every request spends with the cache.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "busy-database",
            label: "A busy database",
            values: &[],
        },
        Preset {
            id: "no-way-back",
            label: "Slow to recover",
            values: &[
                ("size", "0.3"),
                ("rate", "2800"),
                ("skew", "0.7"),
                ("query_ms", "3"),
            ],
        },
        Preset {
            id: "hot-keys",
            label: "A few hot keys",
            values: &[("skew", "1.4"), ("size", "0.01"), ("misses", "together")],
        },
        Preset {
            id: "no-skew",
            label: "All items alike",
            values: &[("skew", "0"), ("size", "0.7")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[157, 137, 83],
        notes: &[&[83, 43, 26], &[73, 43, 26], &[50], &[84]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let mut scenarios: Vec<_> = params.places().map(|size| params.scenario(size)).collect();
        scenarios.push(params.timeline());
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let timeline = reports.get(SWEEP.len() + 1).and_then(Option::as_ref);
        let expected = model::Expected::of(params);
        vec![
            figures::over_size(params, &expected, reports),
            figures::over_utilization(params, &expected, reports),
            timeline::hits(params, &expected, timeline),
            timeline::latency(params, &expected, timeline),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, reports)
    }

    fn animated(params: &Params) -> Vec<Scene> {
        vec![Scene::alone(params.watched())]
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}
