//! What kind of cache to build.

use std::sync::Arc;

use super::{Capacity, Expiry, Policy};
use crate::error::InputError;

/// A cache to be built.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its policy.
    pub policy: Policy,
    /// How much it holds.
    pub capacity: Capacity,
    /// What keys there are.
    pub keys: Keys,
    /// How long objects live; `None` for ever.
    pub expiry: Option<Expiry>,
    /// Which streams it draws from.
    pub chance: Chance,
    /// For Belady's policy: when each request's key is next asked for, from [`super::next_uses`].
    pub future: Option<Arc<[u32]>>,
}

/// What keys a cache is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Those below this number: flat arrays with a place for each, about ten bytes a key; a key is its own slot.
    Dense(u32),
    /// Any: a hash table finds them.
    Any,
}

impl Keys {
    /// The largest space of dense keys: beyond, their arrays would take more than a gigabyte.
    pub const MAX_DENSE: u32 = 1 << 26;
}

/// Which streams of random numbers a cache draws from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chance {
    /// The seed of the whole run.
    pub seed: u64,
    /// The replication.
    pub replication: u64,
    /// Which of the caches it is, where there are several.
    pub cache: u16,
}

impl Spec {
    /// A cache for any keys, whose objects live for ever.
    pub fn new(policy: Policy, capacity: Capacity) -> Self {
        Self {
            policy,
            capacity,
            keys: Keys::Any,
            expiry: None,
            chance: Chance::default(),
            future: None,
        }
    }

    /// The same for these keys.
    #[must_use]
    pub fn with_keys(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// The same with objects that expire.
    #[must_use]
    pub fn with_expiry(self, expiry: Expiry) -> Self {
        Self {
            expiry: Some(expiry),
            ..self
        }
    }

    /// The same with these streams.
    #[must_use]
    pub fn with_chance(self, chance: Chance) -> Self {
        Self { chance, ..self }
    }

    /// The same with this knowledge of the requests to come.
    #[must_use]
    pub fn with_future(self, future: Arc<[u32]>) -> Self {
        Self {
            future: Some(future),
            ..self
        }
    }

    /// Checks all of it.
    ///
    /// # Errors
    /// Names the field, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        self.capacity
            .validate()
            .map_err(|error| error.within("capacity"))?;
        if let Keys::Dense(keys) = self.keys
            && !(1..=Keys::MAX_DENSE).contains(&keys)
        {
            let allowed = format!("1..={}", Keys::MAX_DENSE);
            return Err(InputError::out_of_range("keys", keys, allowed));
        }
        if let Some(expiry) = self.expiry {
            expiry.validate().map_err(|error| error.within("expiry"))?;
        }
        if self.policy.needs_future() && self.future.is_none() {
            return Err(InputError::missing("future", "the requests in advance"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ExpiryRule, build};
    use super::*;

    #[test]
    fn what_cannot_be_built_is_refused_by_name() {
        let lru = |capacity| Spec::new(Policy::Lru, capacity);
        let expiry = |seconds, jitter| Expiry {
            seconds,
            rule: ExpiryRule::OnWrite,
            jitter,
        };
        for (spec, field) in [
            (lru(Capacity::Objects(0)), "capacity.objects"),
            (lru(Capacity::Bytes(u64::MAX)), "capacity.bytes"),
            (lru(Capacity::Bytes(9)).with_keys(Keys::Dense(0)), "keys"),
            (
                lru(Capacity::Bytes(9)).with_keys(Keys::Dense(u32::MAX)),
                "keys",
            ),
            (
                lru(Capacity::Bytes(9)).with_expiry(expiry(f64::NAN, 0.0)),
                "expiry.seconds",
            ),
            (
                lru(Capacity::Bytes(9)).with_expiry(expiry(1.0, 1.5)),
                "expiry.jitter",
            ),
            (Spec::new(Policy::Belady, Capacity::Objects(1)), "future"),
        ] {
            assert_eq!(build(&spec).unwrap_err().field(), field);
        }
    }
}
