//! Time to live: objects expire, whatever the policy.
//!
//! An object lives for a number of seconds from when it was put in or refreshed, or from its last use. A look-up that finds it
//! expired takes it out without a trace, and is a miss. Until somebody looks it stays and takes up room, as in memcached or
//! Redis between their sweeps. With jitter j each life is drawn anew, uniform between 1 − j and 1 + j times as long, so that
//! objects put in together do not expire together; the draws come from a stream of their own.
//!
//! Before time zero, while a cache is warmed, the first life in each slot is cut at random, uniformly: objects that all came at once would
//! expire together, and popular ones go on doing so for hundreds of lives. In the steady state they do not.

use serde::{Deserialize, Serialize};

use super::{Cache, Chance, Insertion, Seen, Slot};
use crate::error::{InputError, in_range};
use crate::random::{Purpose, Uniforms};

/// From when an object's life is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExpiryRule {
    /// From when it was put in or refreshed.
    #[default]
    OnWrite,
    /// From its last use.
    OnAccess,
}

/// How long objects live.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// Seconds.
    pub seconds: f64,
    /// From when on.
    #[serde(default)]
    pub rule: ExpiryRule,
    /// By which share a life may be shorter or longer, 0 to 1.
    #[serde(default)]
    pub jitter: f64,
}

impl Expiry {
    /// Checks the numbers.
    ///
    /// # Errors
    /// Names the number, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        in_range("seconds", self.seconds, 1e-9, 1e12)?;
        in_range("jitter", self.jitter, 0.0, 1.0)?;
        Ok(())
    }
}

/// A cache whose objects expire.
#[derive(Debug)]
pub(super) struct Ttl {
    cache: Box<dyn Cache>,
    expiry: Expiry,
    /// When the object in each slot expires.
    expires: Vec<f64>,
    draws: Uniforms<1>,
}

impl Ttl {
    pub(super) fn new(cache: Box<dyn Cache>, expiry: Expiry, chance: Chance) -> Self {
        let purpose = Purpose::Lifetime(chance.cache);
        Self {
            cache,
            expiry,
            expires: Vec::new(),
            draws: Uniforms::new(chance.seed, chance.replication, purpose),
        }
    }

    fn start_life(&mut self, slot: Slot, now: f64) {
        let Expiry {
            seconds, jitter, ..
        } = self.expiry;
        let mut factor = 1.0;
        if jitter > 0.0 {
            let [u] = self.draws.next_uniform();
            factor += jitter * (2.0 * u - 1.0);
        }
        if self.expires.len() <= slot as usize {
            self.expires.resize(slot as usize + 1, f64::INFINITY);
        }
        let expires = &mut self.expires[slot as usize];
        if now < 0.0 && expires.is_infinite() {
            // A cache that is warmed before time zero is found in the middle of its objects' lives.
            let [u] = self.draws.next_uniform();
            factor *= u;
        }
        *expires = now + seconds * factor;
    }
}

impl Cache for Ttl {
    fn access(&mut self, key: u64, now: f64) -> Option<Slot> {
        let expired = self
            .cache
            .find(key)
            .is_some_and(|slot| self.expires[slot as usize] <= now);
        if expired {
            self.cache.remove(key);
        }
        // Even where it is gone: the policy may count look-ups.
        let slot = self.cache.access(key, now)?;
        if self.expiry.rule == ExpiryRule::OnAccess {
            self.start_life(slot, now);
        }
        Some(slot)
    }

    fn insert(&mut self, key: u64, size: u32, now: f64) -> Insertion {
        let insertion = self.cache.insert(key, size, now);
        if let Some(slot) = insertion.slot {
            self.start_life(slot, now);
        }
        insertion
    }

    fn remove(&mut self, key: u64) -> bool {
        self.cache.remove(key)
    }

    fn find(&self, key: u64) -> Option<Slot> {
        self.cache.find(key)
    }

    fn expires(&self, slot: Slot) -> f64 {
        let known = self.expires.get(slot as usize);
        known.copied().unwrap_or(f64::INFINITY)
    }

    fn len(&self) -> u64 {
        self.cache.len()
    }

    fn used(&self) -> u64 {
        self.cache.used()
    }

    fn capacity(&self) -> u64 {
        self.cache.capacity()
    }

    fn slots(&self) -> u32 {
        self.cache.slots()
    }

    fn contents(&self, see: &mut dyn FnMut(Seen)) {
        self.cache.contents(see);
    }
}
