//! From a description to a cache: behind a pointer, or as a type of its own.

use super::arc::Arc;
use super::belady::Belady;
use super::clock::Clock;
use super::dense::Dense;
use super::fifo::Fifo;
use super::gdsf::Gdsf;
use super::hashed::Hashed;
use super::index::Index;
use super::infinite::Infinite;
use super::lfu::Lfu;
use super::lirs::Lirs;
use super::lru::Lru;
use super::lru_k::LruK;
use super::random::Random;
use super::s3_fifo::S3Fifo;
use super::sieve::Sieve;
use super::slru::Slru;
use super::store::Store;
use super::ttl::Ttl;
use super::two_q::TwoQ;
use super::w_tiny_lfu::WTinyLfu;
use super::{Cache, Keys, Policy, Spec};
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
        Keys::Dense(keys) => with_index(spec, Dense(keys), visitor),
        Keys::Any => with_index(spec, Hashed::default(), visitor),
    }
}

fn with_index<I: Index + 'static, V: Visitor>(spec: &Spec, index: I, visitor: V) -> V::Output {
    let store = Store::new(index, spec.capacity);
    match spec.policy {
        Policy::Lru => visit(visitor, Lru::new(store)),
        Policy::Fifo => visit(visitor, Fifo::new(store)),
        Policy::Clock => visit(visitor, Clock::new(store)),
        Policy::Random => visit(visitor, Random::new(store, spec.chance)),
        Policy::Lfu => visit(visitor, Lfu::new(store)),
        Policy::TwoQ => visit(visitor, TwoQ::new(store)),
        Policy::Arc => visit(visitor, Arc::new(store)),
        Policy::Lirs => visit(visitor, Lirs::new(store)),
        Policy::Slru => visit(visitor, Slru::new(store)),
        Policy::Sieve => visit(visitor, Sieve::new(store)),
        Policy::S3Fifo => visit(visitor, S3Fifo::new(store)),
        Policy::WTinyLfu => visit(visitor, WTinyLfu::new(store)),
        Policy::LruK => visit(visitor, LruK::new(store)),
        Policy::Gdsf => visit(visitor, Gdsf::new(store)),
        Policy::Belady => {
            let future = spec.future.clone().unwrap_or_default();
            visit(visitor, Belady::new(store, future))
        }
        Policy::Infinite => visit(visitor, Infinite::new(store)),
    }
}

/// A function for each kind of cache: a loop over requests is much faster in one of its own than amid all others.
#[inline(never)]
fn visit<V: Visitor, C: Cache + 'static>(visitor: V, cache: C) -> V::Output {
    visitor.visit(cache)
}
