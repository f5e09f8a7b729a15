//! Hit ratios over the size of a cache: several sizes and policies fed with the same requests.
//!
//! [`Replay`] runs any caches over blocks of requests, exactly; [`LruCurve`] finds LRU's hits at all sizes in one pass;
//! [`Sampling`] runs a small cache on a sample of the keys in place of a large one.

mod block;
mod counts;
mod fenwick;
mod lru;
mod replay;
mod sampling;
mod stack;

pub use block::Block;
pub use counts::Counts;
pub use lru::LruCurve;
pub use replay::Replay;
pub use sampling::Sampling;
pub use stack::StackDistances;
