//! What exhibits about caches share: controls, the law of requests, keys in few groups, the pieces of a scenario, response times of
//! requests that ask the database now and then, and what is read and drawn of their reports.

mod controls;
mod figures;
mod found;
mod waits;

pub(super) use controls::{FOLDED_SKEW, SIZE, SKEW, keys, round_trip, time_to_live, traffic, work};
pub(super) use figures::{NEARLY, busy, extent, stale};
pub(super) use found::{cache, in_two_steps, kept_up, place, plain};
pub use waits::Shown;
pub(super) use waits::Way;

use crate::caching::{self, Capacity, Expiry, ExpiryRule, Policy};
use crate::distribution::Distribution;
use crate::scenario::activity::Set;
use crate::scenario::{Activity, Cache, Lookup, Path, Station};
use crate::theory::Che;
use crate::workload::{Group, Keys, Workload};

/// Names of the two classes and of the database.
pub(super) const READ: &str = "read";
pub(super) const WRITE: &str = "write";
pub(super) const DATABASE: &str = "database";
/// The smallest cache that is drawn, as a share of the items.
pub(super) const SMALLEST: f64 = 1e-3;
/// How fine the popularity of items is told apart in pictures of theory, and roughly.
const FINENESS: f64 = 64.0;
const ROUGHLY: f64 = 9.0;

/// Objects in a cache of this share of the items.
pub(super) fn objects(share: f64, items: u32) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a slider's range"
    )]
    let objects = (share * f64::from(items)).round() as u64;
    objects.max(1)
}

/// The law of requests for these keys, for pictures; none where they depend on each other.
pub(super) fn law(keys: &Keys) -> Option<Che> {
    let popularity = keys.popularity()?;
    caching::law(&popularity.coarse(FINENESS)).ok()
}

/// Zipf's law in some dozens of groups, for sums that take longer for each.
pub(super) fn few_groups(items: u32, skew: f64) -> Vec<Group> {
    let popularity = Keys::zipf(items.into(), skew).popularity();
    popularity.map_or_else(Vec::new, |it| it.coarse(ROUGHLY).groups)
}

/// A request is about another key from here on.
pub(super) fn key(items: u32, skew: f64) -> Activity {
    let keys = Keys::zipf(items.into(), skew);
    Activity::Set(Set::Key(Workload::new(keys)))
}

/// A round trip.
pub(super) fn pause(seconds: f64) -> Activity {
    Activity::Delay(Distribution::deterministic(seconds))
}

/// A look-up, with what to do where the object is not there.
pub(super) fn look_up(at: &str, miss: Path) -> Activity {
    Activity::Cache(Lookup::new(at, miss))
}

/// A cache for so many objects that live for `ttl` seconds; the least recently used one leaves.
pub(super) fn expiring(objects: u32, ttl: f64) -> Cache {
    Cache {
        expiry: Some(Expiry {
            seconds: ttl,
            rule: ExpiryRule::OnWrite,
            jitter: 0.0,
        }),
        ..Cache::new(Policy::Lru, Capacity::Objects(objects.into()))
    }
}

/// The database: `servers` that each need `work` seconds on average, exponentially distributed.
pub(super) fn database(servers: u32, work: f64) -> Station {
    Station {
        service: Some(Distribution::exponential(work)),
        ..Station::new(servers)
    }
}
