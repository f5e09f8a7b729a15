//! Exhibit `cache-hit-ratio`: the hit ratio over the size of a cache, for two policies on the same requests, beside the optimum that
//! knows the future and Che's approximation.
//!
//! Every point is a cache alone, warm at the start, that sees the same keys as all others.

mod figures;
mod film;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::caches::{self, SIZE, SKEW, SMALLEST};
use super::parts::{command, count, share};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::caching::{Capacity, Expiry, ExpiryRule, Policy};
use crate::error::InputError;
use crate::figure::Figure;
use crate::run::report::{Quantity, Report};
use crate::scenario::activity::Set;
use crate::scenario::{Activity, Arrivals, Cache, Class, Horizon, Lookup, Path, REQUEST, Scenario};
use crate::workload::{Drift, Keys, Loop, OneHit, Part, Workload};

/// Sizes of each curve.
const SIZES: u32 = 20;
/// Requests in each replication.
const REQUESTS: u64 = 8_000;
/// Requests per second: what a time to live is measured with.
const RATE: f64 = 1_000.0;
/// Name of the cache.
const CACHE: &str = "cache";
/// The hit ratios that most caches live with.
const HEALTHY: (f64, f64) = (0.70, 0.95);

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct CacheHitRatio;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Size of the cache, as a share of the items.
    pub size: f64,
    /// Policy A.
    pub policy: Policy,
    /// Policy B.
    pub other: Policy,
    /// Skew α of the popularity.
    pub skew: f64,
    /// Number of items N.
    pub items: u32,
    /// Share of requests that belong to a scan of all items.
    pub scans: f64,
    /// Share of requests for keys that never come again.
    pub strangers: f64,
    /// How fast popularity moves.
    pub drift: Pace,
    /// How long objects live.
    pub ttl: Life,
}

/// How fast popularity moves: requests between one move of the ranks and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pace {
    /// Not at all.
    None,
    /// Every hundred requests.
    Slow,
    /// Every ten requests.
    Fast,
}

/// How long objects live, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Life {
    /// Until they have to leave.
    #[serde(rename = "none")]
    Endless,
    /// One second.
    #[serde(rename = "1")]
    Second,
    /// Ten seconds.
    #[serde(rename = "10")]
    TenSeconds,
    /// A minute and forty seconds.
    #[serde(rename = "100")]
    Minutes,
}

impl Life {
    fn seconds(self) -> Option<f64> {
        match self {
            Self::Endless => None,
            Self::Second => Some(1.0),
            Self::TenSeconds => Some(10.0),
            Self::Minutes => Some(100.0),
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Self {
            size: 0.1,
            policy: Policy::Lru,
            other: Policy::S3Fifo,
            skew: 0.9,
            items: 10_000,
            scans: 0.0,
            strangers: 0.0,
            drift: Pace::None,
            ttl: Life::Endless,
        }
    }
}

impl Params {
    /// Objects in a cache of this share of the items.
    fn objects(&self, share: f64) -> u64 {
        caches::objects(share, self.items)
    }

    /// The smallest size that is drawn, as a share of the items: at least one object.
    fn smallest(&self) -> f64 {
        SMALLEST.max(1.0 / f64::from(self.items))
    }

    /// The sizes of the curves, as shares of the items. They do not move with the operating point.
    fn sizes(&self) -> impl Iterator<Item = f64> {
        let smallest = self.smallest();
        let step = crate::math::ln(1.0 / smallest) / f64::from(SIZES - 1);
        (0..SIZES).map(move |i| smallest * crate::math::exp(step * f64::from(i)))
    }

    /// What is asked for.
    fn keys(&self) -> Keys {
        let items = u64::from(self.items);
        let popular = match self.drift {
            Pace::None => Keys::zipf(items, self.skew),
            Pace::Slow | Pace::Fast => Keys::Drift(Drift {
                items,
                alpha: self.skew,
                every: if self.drift == Pace::Slow { 100 } else { 10 },
            }),
        };
        if self.scans <= 0.0 && self.strangers <= 0.0 {
            return popular;
        }
        let part = |weight: f64, keys, shared| {
            (weight > 0.0).then_some(Part {
                weight,
                keys,
                shared,
            })
        };
        let rest = (1.0 - self.scans - self.strangers).max(0.0);
        let parts = [
            part(rest, popular, true),
            part(self.scans, Keys::Loop(Loop { items }), true),
            part(self.strangers, Keys::OneHit(OneHit {}), false),
        ];
        Keys::Mixture(parts.into_iter().flatten().collect())
    }

    /// A cache of this size under a policy.
    fn scenario(&self, policy: Policy, share: f64) -> Scenario {
        let cache = Cache {
            expiry: self.ttl.seconds().map(|seconds| Expiry {
                seconds,
                rule: ExpiryRule::OnWrite,
                jitter: 0.0,
            }),
            ..Cache::new(policy, Capacity::Objects(self.objects(share)))
        };
        let mut scenario = Scenario::empty()
            .with_resource(CACHE, cache)
            .with_class(REQUEST, Class::new(Arrivals::poisson(RATE)))
            .with_path(vec![
                Activity::Set(Set::Key(Workload::new(self.keys()))),
                Activity::Cache(Lookup::new(CACHE, Path::new())),
            ])
            .with_horizon(Horizon::Steady {
                requests: Some(REQUESTS),
            });
        policy.name().clone_into(&mut scenario.name);
        scenario
    }

    /// The policies that are drawn, A and B and the optimum.
    fn policies(&self) -> [Policy; 3] {
        [self.policy, self.other, Policy::Belady]
    }
}

/// Which reports belong to a policy: that at the operating point, then the curve.
fn of_policy(reports: &[Option<Report>], number: usize) -> (Option<&Report>, Vec<Option<&Report>>) {
    let at = |i: usize| reports.get(3 * i + number).and_then(Option::as_ref);
    (at(0), (1..=SIZES as usize).map(at).collect())
}

/// The hit ratio of a report.
fn hit_ratio(report: &Report) -> Option<Quantity> {
    let details = report.details.as_deref()?;
    Some(details.caches.first()?.hit_ratio)
}

const POLICIES: ControlKind = ControlKind::Choice {
    options: &Policy::OPTIONS,
};

impl Exhibit for CacheHitRatio {
    type Params = Params;

    const CARD: Card = Card {
        id: "cache-hit-ratio",
        title: "How big a cache?",
        group: "Caches",
        blurb: "The hit ratio over the size of a cache, for two policies, beside one that knows the future.",
    };

    const TEXT: &'static [&'static str] = &[
        "A few items get most of the requests, so a small cache goes a long way: the first percent of the items may catch a third \
         of the requests. The next percents catch less and less, and the last ones next to nothing.",
        "What to throw out when the cache is full is a guess about the future. LRU bets on what was used of late. A single scan of \
         everything fools it: each item comes in, is never used again, and pushes out one that would have been. Newer policies \
         ask for a second use before they let an item stay.",
        "Most caches live between 70 and 95 % hits. What counts is the rest: from 90 to 95 % the hits hardly grow, \
         but the database sees half as many requests. (The moving picture shows both caches in small.)",
    ];

    const CONTROLS: &'static [Control] = &[
        SIZE,
        Control {
            key: "policy",
            label: "Policy A",
            symbol: "",
            kind: POLICIES,
            help: "Which object leaves when the cache is full.",
            folded: false,
        },
        Control {
            key: "other",
            label: "Policy B",
            symbol: "",
            kind: POLICIES,
            help: "Another policy, on the same requests.",
            folded: false,
        },
        SKEW,
        Control {
            key: "scans",
            label: "Scans",
            symbol: "",
            kind: share(0.0, 0.5),
            help: "The share of requests that read all items in order, again and again.",
            folded: false,
        },
        Control {
            key: "strangers",
            label: "One-hit wonders",
            symbol: "",
            kind: share(0.0, 0.5),
            help: "The share of requests for items that nobody will ask for again; they carry no number in the moving picture.",
            folded: true,
        },
        Control {
            key: "items",
            label: "Items",
            symbol: "N",
            kind: count(100.0, 30_000.0),
            help: "How many different items there are, apart from one-hit wonders.",
            folded: true,
        },
        Control {
            key: "drift",
            label: "Popularity",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("none", "Stays"),
                    ("slow", "Moves slowly"),
                    ("fast", "Moves fast"),
                ],
            },
            help: "Whether yesterday's favourites are tomorrow's: the ranks move on every hundred requests, or every ten.",
            folded: true,
        },
        Control {
            key: "ttl",
            label: "Objects live",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("none", "Until they must go"),
                    ("100", "100 s"),
                    ("10", "10 s"),
                    ("1", "1 s"),
                ],
            },
            help: "How long an object is served after it was fetched. A thousand requests come in a second. In the moving picture, what is too \
                   old is an empty frame.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "web-pages",
            label: "Web pages",
            values: &[],
        },
        Preset {
            id: "nightly-scan",
            label: "A scan runs",
            values: &[("scans", "0.3")],
        },
        Preset {
            id: "one-hit-wonders",
            label: "One-hit wonders",
            values: &[("strangers", "0.4"), ("other", "w-tinylfu")],
        },
        Preset {
            id: "all-alike",
            label: "All items alike",
            values: &[("skew", "0"), ("other", "random")],
        },
        Preset {
            id: "changing-taste",
            label: "Changing taste",
            values: &[("drift", "fast"), ("other", "lfu")],
        },
        Preset {
            id: "short-lives",
            label: "Short lives",
            values: &[("ttl", "1"), ("other", "fifo")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[170, 56, 98],
        notes: &[&[52, 54, 43, 26], &[64]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let scenarios: Vec<_> = std::iter::once(params.size)
            .chain(params.sizes())
            .flat_map(|size| {
                params
                    .policies()
                    .map(|policy| params.scenario(policy, size))
            })
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

    fn animated(params: &Params) -> Vec<Scene> {
        film::scenes(params)
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}
