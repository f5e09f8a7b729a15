//! Exhibit `cache-tiers`: a cache in every server, one that all share, or both, on the same traffic.
//!
//! Reads and updates ask for keys by Zipf's law. A local look-up takes no time to speak of; the shared cache is a round trip away;
//! a miss asks the database, M/M/c. An update goes to the database and takes out the copies in the shared cache and in the server
//! that made it; other servers hear of it by an event, or keep their copies until they expire.

mod figures;
mod model;
mod old;
mod readouts;
mod system;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::caches::{self, plain};
use super::parts::{self, called, command, control, count, in_sight, milliseconds, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::error::InputError;
use crate::figure::{Figure, Role};
use crate::run::report::{Quantity, Report};
use crate::scenario::Scenario;

/// Seconds that a look-up in a server's own memory takes, with all that belongs to it.
const LOOK_UP: f64 = 0.000_02;
/// Servers of the database.
const DATABASE_SERVERS: u32 = 4;
/// Requests measured in each replication.
const REQUESTS: u64 = 10_000;
/// The most servers, and numbers of them that are simulated besides the reader's own.
const MOST_SERVERS: u32 = 32;
const GRID: [u32; 2] = [2, MOST_SERVERS];
/// Times to live that the reader may choose, seconds.
const TTL: (f64, f64) = (0.5, 60.0);
/// Names of the caches and of the group of servers.
const LOCAL: &str = "local";
const SHARED: &str = "shared";
const SERVERS: &str = "server";

pub use super::caches::Shown;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct CacheTiers;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Servers n.
    pub servers: u32,
    /// Seconds that a copy lives.
    pub ttl: f64,
    /// The share of requests that update.
    pub updates: f64,
    /// How other servers hear of an update.
    pub news: News,
    /// What is drawn.
    pub shown: Shown,
    /// Requests per second, all servers together.
    pub traffic: f64,
    /// Zipf's α.
    pub skew: f64,
    /// Keys.
    pub items: u32,
    /// Objects that fit in the cache of each server.
    pub local: u32,
    /// Objects that fit in the shared cache.
    pub shared: u32,
    /// To the shared cache and back, milliseconds.
    pub round_trip_ms: f64,
    /// Milliseconds until an event arrives.
    pub delay_ms: f64,
    /// The share of updates by code that forgot the caches.
    pub forgotten: f64,
    /// Mean work of the database for a request, milliseconds.
    pub database_ms: f64,
}

/// How other servers hear of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum News {
    /// They do not; copies expire.
    Ttl,
    /// By a message; copies expire, too.
    Event,
}

/// Where the caches are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Design {
    Local,
    Shared,
    Tiered,
}

impl Design {
    const ALL: [Self; 3] = [Self::Local, Self::Shared, Self::Tiered];

    fn label(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Shared => "shared",
            Self::Tiered => "both",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Local => parts::FIRST,
            Self::Shared => parts::SECOND,
            Self::Tiered => Role::HighPercentile,
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Self {
            servers: 8,
            ttl: 20.0,
            updates: 0.02,
            news: News::Ttl,
            shown: Shown::Mean,
            traffic: 500.0,
            skew: 0.9,
            items: 10_000,
            local: 1_000,
            shared: 5_000,
            round_trip_ms: 1.0,
            delay_ms: 100.0,
            forgotten: 0.0,
            database_ms: 10.0,
        }
    }
}

/// The share of reads that got an old value.
fn stale(report: &Report) -> Option<Quantity> {
    let [local, shared] = [LOCAL, SHARED].map(|name| caches::cache(report, name));
    match (local, shared) {
        (Some(local), Some(shared)) => {
            caches::in_two_steps(local.stale_share, local.hit_ratio, shared.stale_share)
        }
        (one, other) => Some(plain(one.or(other)?.stale_share)),
    }
}

/// The report of a design at the reader's own values, if it has a steady state.
fn own(reports: &[Option<Report>], design: Design) -> Option<&Report> {
    let at = Design::ALL.iter().position(|it| *it == design)?;
    let report = reports.get(at)?.as_ref()?;
    caches::kept_up(report).then_some(report)
}

impl Exhibit for CacheTiers {
    type Params = Params;

    const CARD: Card = Card {
        id: "cache-tiers",
        title: "A cache in every server, or one for all?",
        group: "Caches",
        blurb: "Local, shared, or both: who is fast, who spares the database, and who tells its readers yesterday's news.",
    };

    const TEXT: &'static [&'static str] = &[
        "A cache in the server's own memory answers at once, but every server has to fetch everything for itself: the more servers, \
         the fewer requests each of them sees, and the less it finds. One shared cache finds more and is a round trip away. With both, \
         hot keys are answered at once, the rest by the shared cache, and the database is asked for what is left.",
        "An update takes the old value out of the shared cache, and out of the server that made it. The other servers do not know. \
         Until their copies expire, or a message reaches them, they answer with the old value: two readers of the same page see \
         different things, and one who reloads may see time run backwards.",
        "A short time to live bounds the lie and costs hits. Messages end it sooner, but only for updates whose code sends \
         them: for the code path that forgot, the time to live is what is left.",
    ];

    const CONTROLS: &'static [Control] = &[
        in_sight(called(
            "n",
            control(
                "servers",
                "Servers",
                count(2.0, 32.0),
                "They share the traffic evenly, request by request. Each has a cache of its own in the local and tiered designs.",
            ),
        )),
        caches::time_to_live(
            TTL,
            "Seconds after which a copy is thrown away, in all caches.",
        ),
        in_sight(control(
            "updates",
            "Updates",
            share(0.0, 0.3),
            "The share of requests that change an object; the others read. Both prefer the same keys.",
        )),
        in_sight(control(
            "news",
            "Other servers hear of an update",
            ControlKind::Choice {
                options: &[("ttl", "Never: copies expire"), ("event", "By an event")],
            },
            "Never: old copies stay until their time to live is over. By an event: a message takes them out a little later.",
        )),
        parts::SHOWN,
        caches::traffic(50.0, 600.0, "Requests per second to all servers together."),
        caches::FOLDED_SKEW,
        caches::keys(100.0, 50_000.0, "Different objects in the database."),
        control(
            "local",
            "Room in a local cache",
            count(10.0, 5_000.0),
            "Objects that fit in the cache of each server; the one not asked for the longest leaves.",
        ),
        control(
            "shared",
            "Room in the shared cache",
            count(10.0, 50_000.0),
            "Objects that fit in the cache that all servers share.",
        ),
        caches::round_trip("To the shared cache and back."),
        control(
            "delay_ms",
            "An event takes",
            milliseconds(1.0, 10_000.0),
            "From the update until other servers have taken their copies out.",
        ),
        control(
            "forgotten",
            "Forgotten updates",
            share(0.0, 0.5),
            "The share of updates by code that writes to the database and forgets the caches.",
        ),
        caches::work(
            "Mean work for a request, exponentially distributed; the database does four at a time.",
        ),
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "eight-servers",
            label: "Eight servers",
            values: &[],
        },
        Preset {
            id: "two-servers",
            label: "Two servers",
            values: &[("servers", "2")],
        },
        Preset {
            id: "many-servers",
            label: "Thirty-two servers",
            values: &[("servers", "32")],
        },
        Preset {
            id: "long-life",
            label: "Long time to live",
            values: &[("ttl", "60"), ("updates", "0.05")],
        },
        Preset {
            id: "events",
            label: "Events",
            values: &[("ttl", "60"), ("updates", "0.05"), ("news", "event")],
        },
        Preset {
            id: "forgotten",
            label: "Events, and code that forgets",
            values: &[
                ("ttl", "60"),
                ("updates", "0.05"),
                ("news", "event"),
                ("forgotten", "0.1"),
            ],
        },
        Preset {
            id: "no-updates",
            label: "Nothing changes",
            values: &[("updates", "0"), ("ttl", "60")],
        },
        Preset {
            id: "hot-keys",
            label: "A few hot keys",
            values: &[("skew", "1.3"), ("local", "50")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[154, 190, 160, 236],
        notes: &[
            &[102, 43, 26],
            &[102, 43, 26],
            &[190, 43, 26],
            &[102, 43, 26, 37],
        ],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let places = params.places();
        let scenarios: Vec<_> = places
            .iter()
            .map(|(params, design)| params.scenario(*design))
            .collect();
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        figures::figures(params, reports)
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, reports)
    }

    /// What differs is where an old value is, and requests that move do not show values.
    fn animated(_: &Params) -> Vec<Scene> {
        Vec::new()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}
