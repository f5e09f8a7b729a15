//! Exhibit `cache-writes`: what a write does to the cache in front of a database, four ways on the same reads and writes.
//!
//! All copies have a time to live, and the cache, a round trip away, has room for all keys. Code that forgets the cache writes to
//! the database alone. Under write-behind, writes wait in the cache and go to the database every so often, a batch being as
//! much work as one write; if the cache crashes meanwhile, they are lost.

mod figures;
mod lost;
mod model;
mod readouts;
mod system;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::caches::{self, few_groups};
use super::parts::{self, called, command, control, count, in_sight, ranging, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::error::InputError;
use crate::figure::{Figure, Role};
use crate::run::report::{Quantity, Report};
use crate::scenario::Scenario;

/// Servers of the database.
const DATABASE_SERVERS: u32 = 2;
/// Requests measured in each replication.
const REQUESTS: u64 = 12_000;
/// About so many writes wait at all crashes of a replication together, and there are at most so many crashes.
const WRITES_LOST: f64 = 1_000.0;
const MOST_CRASHES: f64 = 16.0;
/// Values that the reader may choose, seconds.
const TTL: (f64, f64) = (0.5, 60.0);
const INTERVAL: (f64, f64) = (0.1, 30.0);
/// The fewest and the most writes among requests.
const LEAST_WRITES: f64 = 0.01;
const MOST_WRITES: f64 = 0.9;
/// Name of the cache.
const CACHE: &str = "cache";

pub use super::caches::Shown;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct CacheWrites;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The one that is looked at.
    pub policy: Policy,
    /// The share of requests that write.
    pub writes: f64,
    /// Seconds that a copy lives.
    pub ttl: f64,
    /// Write-behind: seconds from one flush to the next.
    pub interval: f64,
    /// The share of writes by code that forgot the cache.
    pub forgotten: f64,
    /// Write-behind: whether the cache crashes.
    pub crash: Crash,
    /// What is drawn.
    pub shown: Shown,
    /// Write-behind: keys in a batch, at most.
    pub batch: u32,
    /// Requests per second.
    pub traffic: f64,
    /// Mean work of the database for a request, milliseconds.
    pub database_ms: f64,
    /// To the cache and back, milliseconds.
    pub round_trip_ms: f64,
    /// Keys.
    pub items: u32,
    /// Zipf's α.
    pub skew: f64,
}

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// To the database, then the copy is taken out.
    Aside,
    /// To the database and into the cache.
    Through,
    /// Into the cache, to the database later.
    Behind,
    /// To the database alone.
    Around,
}

impl Policy {
    const ALL: [Self; 4] = [Self::Aside, Self::Through, Self::Behind, Self::Around];

    fn label(self) -> &'static str {
        match self {
            Self::Aside => "cache-aside",
            Self::Through => "write-through",
            Self::Behind => "write-behind",
            Self::Around => "write-around",
        }
    }
}

/// Whether there is a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Crash {
    /// There is.
    Yes,
    /// There is not.
    No,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            policy: Policy::Aside,
            writes: 0.2,
            ttl: 20.0,
            interval: 2.0,
            forgotten: 0.0,
            crash: Crash::Yes,
            shown: Shown::Mean,
            batch: 100,
            traffic: 200.0,
            database_ms: 10.0,
            round_trip_ms: 1.0,
            items: 1_000,
            skew: 0.8,
        }
    }
}

/// What was found: the policies by name, and the crashes.
struct Found<'a> {
    policies: [(Policy, Option<&'a Report>); 4],
    outage: Option<&'a Report>,
    /// The keys.
    groups: Vec<crate::workload::Group>,
}

impl<'a> Found<'a> {
    /// Of a policy, if it has a steady state.
    fn report(&self, policy: Policy) -> Option<&'a Report> {
        self.policies.iter().find(|it| it.0 == policy)?.1
    }
}

fn found<'a>(params: &Params, reports: &'a [Option<Report>]) -> Found<'a> {
    let order = params.order();
    let report = |at: usize| reports.get(at).and_then(Option::as_ref);
    let of = |policy: Policy| {
        let at = order.iter().position(|it| *it == policy);
        (policy, at.and_then(report).filter(|it| caches::kept_up(it)))
    };
    Found {
        policies: Policy::ALL.map(of),
        outage: report(order.len()),
        groups: few_groups(params.items, params.skew),
    }
}

impl Exhibit for CacheWrites {
    type Params = Params;

    const CARD: Card = Card {
        id: "cache-writes",
        title: "What a write does to the cache",
        group: "Caches",
        blurb: "Aside, through, behind, around: what each costs readers and writers, who reads old values, and what a crash takes with it.",
    };

    const TEXT: &'static [&'static str] = &[
        "A write can throw the cached copy away (cache-aside): the next reader fetches the new value and pays for it. It can put \
         the new value there as well (write-through): readers find it. It can leave the copy alone (write-around): cheap, and \
         readers get the old value until the copy expires.",
        "Or it goes into the cache alone, and many writes go to the database together a little later (write-behind). Nothing is \
         faster or spares the database more. The price is paid on the day the cache dies: whatever waited in it was answered, and is gone. \
         On average that is half of what is written from one flush to the next.",
        "Whatever the policy, some code path forgets the cache. Where all others take care, the copy that it leaves behind lives on until \
         somebody else writes, or its time to live is over: that is what the time to live is for.",
    ];

    const CONTROLS: &'static [Control] = &[
        in_sight(control(
            "policy",
            "Policy",
            ControlKind::Choice {
                options: &[
                    ("aside", "Cache-aside"),
                    ("through", "Write-through"),
                    ("behind", "Write-behind"),
                    ("around", "Write-around"),
                ],
            },
            "The one in colour. All four see the same reads and writes.",
        )),
        in_sight(control(
            "writes",
            "Writes",
            share(LEAST_WRITES, MOST_WRITES),
            "The share of requests that write; the others read. Both prefer the same keys.",
        )),
        caches::time_to_live(TTL, "Seconds after which a copy is thrown away."),
        in_sight(called(
            "I",
            control(
                "interval",
                "Flush interval",
                ranging(INTERVAL.0, INTERVAL.1, "s"),
                "Write-behind: seconds from one flush to the next.",
            ),
        )),
        in_sight(control(
            "forgotten",
            "Forgotten writes",
            share(0.0, 0.5),
            "The share of writes by code that writes to the database and forgets the cache. Under write-behind there is nothing to forget.",
        )),
        control(
            "crash",
            "The cache crashes",
            ControlKind::Choice {
                options: &[("yes", "Yes"), ("no", "No")],
            },
            "Write-behind: whether crashes are simulated, at moments spread over the flush interval.",
        ),
        Control {
            folded: true,
            ..parts::SHOWN
        },
        control(
            "batch",
            "Keys in a batch",
            count(1.0, 1_000.0),
            "Write-behind: keys that go to the database together, at most. A batch is as much work as one write.",
        ),
        caches::traffic(20.0, 400.0, "Requests per second."),
        caches::work(
            "Mean work for a request, exponentially distributed; the database does two at a time.",
        ),
        caches::round_trip("To the cache and back."),
        caches::keys(
            10.0,
            10_000.0,
            "Different objects; the cache has room for all of them.",
        ),
        caches::FOLDED_SKEW,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "aside",
            label: "Cache-aside",
            values: &[],
        },
        Preset {
            id: "through",
            label: "Write-through",
            values: &[("policy", "through")],
        },
        Preset {
            id: "behind",
            label: "Write-behind",
            values: &[("policy", "behind")],
        },
        Preset {
            id: "long-flush",
            label: "Write-behind, seldom flushed",
            values: &[("policy", "behind"), ("interval", "30"), ("writes", "0.5")],
        },
        Preset {
            id: "around",
            label: "Nobody tells the cache",
            values: &[("policy", "around")],
        },
        Preset {
            id: "forgotten",
            label: "One code path forgets",
            values: &[("forgotten", "0.05"), ("ttl", "60")],
        },
        Preset {
            id: "write-heavy",
            label: "Mostly writes",
            values: &[("writes", "0.7")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[175, 290, 110, 165],
        notes: &[
            &[93, 43, 26],
            &[93, 43, 26],
            &[33, 43, 26],
            &[164, 43, 26],
            &[46, 43],
        ],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let policies = params.order().map(|policy| params.scenario(policy));
        let outage = params.crashes().then(|| params.outage());
        let scenarios: Vec<_> = policies.into_iter().chain(outage).collect();
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        figures::figures(params, &found(params, reports))
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &found(params, reports))
    }

    /// Where a value was changed, and where an old one is, cannot be seen on requests that move.
    fn animated(_: &Params) -> Vec<Scene> {
        Vec::new()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

impl Params {
    /// Writes lost in a crash. Writes that wait are a Poisson number, and so are those of many crashes together: the interval is that
    /// of a Poisson mean by the score.
    fn lost_in(&self, report: &Report) -> Option<Quantity> {
        const Z: f64 = 1.959_964;
        let lost = caches::cache(report, CACHE)?.lost_writes as f64;
        let crashes = f64::from(self.crashes_each()) * report.replications as f64;
        let (middle, width) = (lost + Z * Z / 2.0, Z * (lost + Z * Z / 4.0).sqrt());
        let interval = ((middle - width) / crashes, (middle + width) / crashes);
        (crashes > 0.0).then(|| Quantity::new(lost / crashes, Some(interval)))
    }

    /// The chosen policy is in colour, the others are quiet.
    fn role(&self, policy: Policy) -> Role {
        if policy == self.policy {
            Role::Simulation
        } else {
            Role::Median
        }
    }
}
