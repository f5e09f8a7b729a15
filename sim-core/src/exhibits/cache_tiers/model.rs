//! What theory says of the three designs: hit ratios, stale reads, the database's utilization, response times.
//!
//! Every key's reads and updates are Poisson streams, and a cache keeps a copy as [`Copied`] says. What reaches the shared cache of
//! the tiered design is what the local ones miss, from n servers, taken as a Poisson stream, as is what reaches the database:
//! approximations, the better the more servers there are. An update takes out the shared copy at once, so that what local caches
//! fetch from there is up to date, unless code forgets the caches: then no formula is given for the stale reads of both.

use super::{LOOK_UP, News, Params, Shown};
use crate::exhibits::caches::Way;
use crate::theory::Mmc;
use crate::theory::copies::{Copied, stay};
use crate::workload::Group;

/// A cache as its readers see it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tier {
    /// The share of look-ups that find an object.
    pub(super) hits: f64,
    /// The share of look-ups that find an old one.
    pub(super) stale: f64,
}

/// What theory knows of a design.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) local: Option<Tier>,
    /// Of what reaches it.
    pub(super) shared: Option<Tier>,
    /// The share of reads that get an old value, wherever from; not known for both tiers where code forgets them.
    pub(super) stale: Option<f64>,
    /// Requests to the database a second, over what it can do.
    pub(super) utilization: f64,
    ways: Vec<Way>,
    database: Option<Mmc>,
}

impl Known {
    /// The response time of reads, where the database can do what it is asked for.
    pub(super) fn response(&self, shown: Shown) -> Option<f64> {
        Some(shown.theory(&self.ways, &self.database?))
    }
}

/// Keys of about the same popularity: how many, the reads of each at one cache, and its copy.
type Copies = Vec<(f64, Copied)>;

impl Params {
    /// Updates of a key with this probability that are told, and that are forgotten; per second.
    fn updates_of(&self, probability: f64) -> (f64, f64) {
        let all = self.updates_per_second() * probability;
        (all * (1.0 - self.forgotten), all * self.forgotten)
    }

    /// A key's copy in the local cache of one server.
    fn local_copy(&self, probability: f64) -> Copied {
        let servers = f64::from(self.servers);
        let (told, forgotten) = self.updates_of(probability);
        let (own, others) = (told / servers, told * (1.0 - 1.0 / servers));
        let hears = self.news == News::Event;
        Copied {
            reads: self.reads_per_second() * probability / servers,
            removals: own,
            news: if hears { others } else { 0.0 },
            delay: self.delay_ms / 1e3,
            unheard: forgotten + if hears { 0.0 } else { others },
            ttl: self.ttl,
        }
    }

    /// A key's copy in the shared cache, read so often.
    fn shared_copy(&self, probability: f64, reads: f64) -> Copied {
        let (told, forgotten) = self.updates_of(probability);
        Copied {
            reads,
            removals: told,
            unheard: forgotten,
            ttl: self.ttl,
            ..Copied::default()
        }
    }

    /// Theory of the three designs, for keys in these groups.
    pub(super) fn known(&self, groups: &[Group]) -> [Known; 3] {
        let shared = self.shared_alone(groups);
        let [local, tiered] = self.with_local(groups);
        [local, shared, tiered]
    }

    /// Theory of the shared cache alone, whatever the number of servers.
    pub(super) fn shared_alone(&self, groups: &[Group]) -> Known {
        let reads = self.reads_per_second();
        let copy = |it: &Group| {
            (
                it.items,
                self.shared_copy(it.probability, reads * it.probability),
            )
        };
        let copies: Copies = groups.iter().map(copy).collect();
        let shared = seen(&copies, stay(&copies, f64::from(self.shared)));
        self.one(None, Some(shared))
    }

    /// Theory of local caches, and of those with a shared one behind them.
    pub(super) fn with_local(&self, groups: &[Group]) -> [Known; 2] {
        let copy = |it: &Group| (it.items, self.local_copy(it.probability));
        let copies: Copies = groups.iter().map(copy).collect();
        let room = stay(&copies, f64::from(self.local));
        let local = seen(&copies, room);
        let servers = f64::from(self.servers);
        let behind = |(it, (items, copy)): (&Group, &(f64, Copied))| {
            let missed = servers * copy.reads * (1.0 - copy.hit_ratio(room));
            (*items, self.shared_copy(it.probability, missed))
        };
        let behind: Copies = groups.iter().zip(&copies).map(behind).collect();
        let shared = seen(&behind, stay(&behind, f64::from(self.shared)));
        [
            self.one(Some(local), None),
            self.one(Some(local), Some(shared)),
        ]
    }

    fn one(&self, local: Option<Tier>, shared: Option<Tier>) -> Known {
        let missed = 1.0 - local.map_or(0.0, |it| it.hits);
        let asked = missed * (1.0 - shared.map_or(0.0, |it| it.hits));
        let trip = if shared.is_some() {
            self.round_trip_ms / 1e3
        } else {
            0.0
        };
        let way = |share, fixed, asks| Way { share, fixed, asks };
        let ways = vec![
            way(1.0 - missed, LOOK_UP, false),
            way(missed - asked, LOOK_UP + trip, false),
            way(asked, LOOK_UP + trip, true),
        ];
        let rate = self.reads_per_second() * asked + self.updates_per_second();
        let stale = match (local, shared) {
            // What a local cache fetches may be old already, and more often when its own copy has just been taken out, or less.
            (Some(_), Some(_)) if self.forgotten > 0.0 => None,
            (Some(tier), _) | (None, Some(tier)) => Some(tier.stale),
            (None, None) => Some(0.0),
        };
        Known {
            local,
            shared,
            stale,
            utilization: rate / self.database_capacity(),
            ways,
            database: self.database_model(rate),
        }
    }
}

/// A cache over all keys.
fn seen(copies: &Copies, stay: f64) -> Tier {
    let (mut reads, mut tier) = (0.0, Tier::default());
    for (items, it) in copies {
        let asked = items * it.reads;
        reads += asked;
        tier.hits += asked * it.hit_ratio(stay);
        tier.stale += asked * it.stale_share(stay);
    }
    if reads > 0.0 {
        tier.hits /= reads;
        tier.stale /= reads;
    }
    tier
}
