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
        Policy::Lru => visitor.visit(Lru::new(store)),
        Policy::Fifo => visitor.visit(Fifo::new(store)),
        Policy::Clock => visitor.visit(Clock::new(store)),
        Policy::Random => visitor.visit(Random::new(store, spec.chance)),
        Policy::Lfu => visitor.visit(Lfu::new(store)),
        Policy::TwoQ => visitor.visit(TwoQ::new(store)),
        Policy::Arc => visitor.visit(Arc::new(store)),
        Policy::Lirs => visitor.visit(Lirs::new(store)),
        Policy::Slru => visitor.visit(Slru::new(store)),
        Policy::Sieve => visitor.visit(Sieve::new(store)),
        Policy::S3Fifo => visitor.visit(S3Fifo::new(store)),
        Policy::WTinyLfu => visitor.visit(WTinyLfu::new(store)),
        Policy::LruK => visitor.visit(LruK::new(store)),
        Policy::Gdsf => visitor.visit(Gdsf::new(store)),
        Policy::Belady => {
            let future = spec.future.clone().unwrap_or_default();
            visitor.visit(Belady::new(store, future))
        }
        Policy::Infinite => visitor.visit(Infinite::new(store)),
    }
}
