//! From a description to a cache: behind a pointer, or as a type of its own.

use super::dense::Dense;
use super::hashed::Hashed;
use super::policies::with_store;
use super::store::Store;
use super::ttl::Ttl;
use super::{Cache, Keys, Spec};
use crate::error::InputError;

/// What to do with a cache, compiled once for each kind of cache: for loops over millions of requests.
pub trait Visitor {
    /// What comes of it.
    type Output;

    /// Does it.
    fn visit<C: Cache + 'static>(self, cache: C) -> Self::Output;
}

/// Builds the cache and hands it to `visitor` as a type of its own. Where objects expire, the policy is behind a pointer.
///
/// # Errors
/// What [`Spec::validate`] finds.
pub fn with_cache<V: Visitor>(spec: &Spec, visitor: V) -> Result<V::Output, InputError> {
    spec.validate()?;
    if let Some(expiry) = spec.expiry {
        let cache = boxed(spec);
        return Ok(visitor.visit(Ttl::new(cache, expiry, spec.chance)));
    }
    Ok(of_policy(spec, visitor))
}

/// Builds the cache.
///
/// # Errors
/// What [`Spec::validate`] finds.
pub fn build(spec: &Spec) -> Result<Box<dyn Cache>, InputError> {
    spec.validate()?;
    let cache = boxed(spec);
    Ok(match spec.expiry {
        Some(expiry) => Box::new(Ttl::new(cache, expiry, spec.chance)),
        None => cache,
    })
}

/// Puts a cache behind a pointer.
struct Boxed;

impl Visitor for Boxed {
    type Output = Box<dyn Cache>;

    fn visit<C: Cache + 'static>(self, cache: C) -> Self::Output {
        Box::new(cache)
    }
}

fn boxed(spec: &Spec) -> Box<dyn Cache> {
    of_policy(spec, Boxed)
}

fn of_policy<V: Visitor>(spec: &Spec, visitor: V) -> V::Output {
    match spec.keys {
        Keys::Dense(keys) => with_store(spec, Store::new(Dense(keys), spec.capacity), visitor),
        Keys::Any => {
            let store = Store::new(Hashed::default(), spec.capacity);
            with_store(spec, store, visitor)
        }
    }
}

/// A function for each kind of cache: a loop over requests is much faster in one of its own than amid all others.
#[inline(never)]
pub(super) fn visit<V: Visitor, C: Cache + 'static>(visitor: V, cache: C) -> V::Output {
    visitor.visit(cache)
}
