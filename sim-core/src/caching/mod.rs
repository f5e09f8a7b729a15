//! Caches: what stays and what goes, one replacement policy a file in `policies`.
//!
//! A cache here has no values, only keys and sizes: it answers whether a request is a hit and what had to leave. It has no
//! calendar and no clock; time comes in as a number, and chance from a stream of its own. [`Cache`] is what the others see,
//! `Replacement` what a policy does and says of itself; everything that policies share (slots, lists, indexes from keys to slots,
//! a heap, a sketch of frequencies) has a file of its own.
//!
//! All objects lie in one flat array, ghosts included (keys that are remembered after the object has left), so that one probe
//! of one index tells hit, ghost and stranger apart. A hit allocates nothing. Memory grows with the objects that are there or
//! remembered, which the capacity bounds, never with the capacity itself; where keys are dense, there is a slot for each.
//!
//! On a recorded trace and on one drawn from Zipf's law, at three sizes each, LRU, FIFO, CLOCK, LFU, ARC, SIEVE, 2Q and Belady have
//! exactly the hits of libCacheSim 0.3.5. Where others differ on purpose, their files say how.
//!
//! ```
//! use sim_core::caching::{Capacity, Outcome, Policy, Spec, build};
//! let mut cache = build(&Spec::new(Policy::Lru, Capacity::Objects(2)))?;
//! for key in [1, 2, 1, 3] {
//!     cache.on_request(key, 1, 0.0);
//! }
//! assert!(cache.contains(1) && !cache.contains(2));
//! assert_eq!(cache.on_request(2, 1, 0.0), Outcome::Miss { admitted: true, evicted: 1 });
//! # Ok::<(), sim_core::InputError>(())
//! ```

mod about;
mod build;
mod cache;
mod capacity;
pub mod curve;
mod dense;
mod future;
mod hashed;
mod heap;
mod index;
mod law;
mod list;
mod policies;
mod policy;
mod queue;
mod replacement;
mod ring;
mod seen;
mod sketch;
mod spec;
mod store;
#[cfg(test)]
mod tests;
mod ttl;

pub use about::Settling;
pub use build::{Visitor, build, with_cache};
pub use cache::{Cache, Insertion, Outcome, Slot};
pub use capacity::Capacity;
pub use future::next_uses;
pub use law::{Approximation, law};
pub use policies::Policy;
pub use seen::{Queue, Seen};
pub use spec::{Chance, Keys, Spec};
pub use ttl::{Expiry, ExpiryRule};
