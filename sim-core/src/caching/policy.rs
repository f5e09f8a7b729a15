//! Policies by name.

use serde::{Deserialize, Serialize};

use super::Queue;
use crate::error::InputError;

/// Which object has to leave, and sometimes which may come in. Each is described, with its source, in its own file.
///
/// ```
/// use sim_core::caching::Policy;
/// assert_eq!(Policy::parse("--policy", "2q")?, Policy::TwoQ);
/// assert_eq!(Policy::TwoQ.name(), "2Q");
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename = "CachePolicy")]
pub enum Policy {
    /// The least recently used leaves.
    Lru,
    /// The oldest leaves.
    Fifo,
    /// The oldest leaves, unless it was used since the hand last passed.
    Clock,
    /// Any leaves.
    Random,
    /// The least frequently used leaves; among equals, the least recently used.
    Lfu,
    /// Two queues: what is asked for again after it left the first one stays longer.
    #[serde(rename = "2q")]
    TwoQ,
    /// Adapts the share of recent against frequent objects by what it regrets.
    Arc,
    /// By the recency of the last use but one.
    Lirs,
    /// Two segments: a second use protects.
    Slru,
    /// A queue with a hand that spares what was used.
    Sieve,
    /// Three first-in-first-out queues, one of them of ghosts.
    #[serde(rename = "s3-fifo")]
    S3Fifo,
    /// A small window; beyond it only what is asked for more often than what it displaces.
    #[serde(rename = "w-tinylfu")]
    WTinyLfu,
    /// The one whose last use but one is longest ago leaves.
    LruK,
    /// By frequency, size and age: small and popular objects stay.
    Gdsf,
    /// The optimum: the one that is needed again last leaves.
    Belady,
    /// Nothing ever leaves.
    Infinite,
}

impl Policy {
    /// All policies.
    pub const ALL: [Self; 16] = [
        Self::Lru,
        Self::Fifo,
        Self::Clock,
        Self::Random,
        Self::Lfu,
        Self::TwoQ,
        Self::Arc,
        Self::Lirs,
        Self::Slru,
        Self::Sieve,
        Self::S3Fifo,
        Self::WTinyLfu,
        Self::LruK,
        Self::Gdsf,
        Self::Belady,
        Self::Infinite,
    ];

    /// The names that [`Policy::parse`] knows, for messages and help.
    pub const NAMES: &'static str = "lru, fifo, clock, random, lfu, 2q, arc, lirs, slru, sieve, s3-fifo, w-tinylfu, lru-k, \
         gdsf, belady, infinite";

    /// Reads a policy's name.
    ///
    /// # Errors
    /// Names `field`, the text and the known names.
    pub fn parse(field: &str, text: &str) -> Result<Self, InputError> {
        let known = Self::ALL.into_iter().find(|policy| policy.spec() == text);
        known.ok_or_else(|| InputError::unknown(field, text, Self::NAMES))
    }

    /// The queues that its contents are shown in, in the order in which they are shown.
    pub const fn queues(self) -> &'static [Queue] {
        match self {
            Self::TwoQ => &[Queue::Recent, Queue::Frequent, Queue::Ghost],
            Self::Arc => &[
                Queue::Recent,
                Queue::Frequent,
                Queue::RecentGhost,
                Queue::FrequentGhost,
            ],
            Self::Lirs => &[Queue::Main, Queue::Small, Queue::Ghost],
            Self::S3Fifo => &[Queue::Small, Queue::Main, Queue::Ghost],
            Self::Slru => &[Queue::Probation, Queue::Protected],
            Self::WTinyLfu => &[Queue::Window, Queue::Probation, Queue::Protected],
            Self::LruK => &[Queue::Main, Queue::Ghost],
            Self::Lru
            | Self::Fifo
            | Self::Clock
            | Self::Random
            | Self::Lfu
            | Self::Sieve
            | Self::Gdsf
            | Self::Belady
            | Self::Infinite => &[Queue::Main],
        }
    }

    /// The name in files and on command lines.
    pub const fn spec(self) -> &'static str {
        match self {
            Self::Lru => "lru",
            Self::Fifo => "fifo",
            Self::Clock => "clock",
            Self::Random => "random",
            Self::Lfu => "lfu",
            Self::TwoQ => "2q",
            Self::Arc => "arc",
            Self::Lirs => "lirs",
            Self::Slru => "slru",
            Self::Sieve => "sieve",
            Self::S3Fifo => "s3-fifo",
            Self::WTinyLfu => "w-tinylfu",
            Self::LruK => "lru-k",
            Self::Gdsf => "gdsf",
            Self::Belady => "belady",
            Self::Infinite => "infinite",
        }
    }

    /// The name for readers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lru => "LRU",
            Self::Fifo => "FIFO",
            Self::Clock => "CLOCK",
            Self::Random => "random",
            Self::Lfu => "LFU",
            Self::TwoQ => "2Q",
            Self::Arc => "ARC",
            Self::Lirs => "LIRS",
            Self::Slru => "SLRU",
            Self::Sieve => "SIEVE",
            Self::S3Fifo => "S3-FIFO",
            Self::WTinyLfu => "W-TinyLFU",
            Self::LruK => "LRU-2",
            Self::Gdsf => "GDSF",
            Self::Belady => "optimum",
            Self::Infinite => "infinite",
        }
    }

    /// Whether it has to know all requests in advance: no real cache does.
    pub const fn needs_future(self) -> bool {
        matches!(self, Self::Belady)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_and_is_the_one_in_files() {
        for policy in Policy::ALL {
            assert_eq!(Policy::parse("policy", policy.spec()), Ok(policy));
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(json, format!("\"{}\"", policy.spec()));
            assert!(Policy::NAMES.split(", ").any(|name| name == policy.spec()));
        }
        let error = Policy::parse("--policy", "LRU").unwrap_err();
        assert_eq!(error.field(), "--policy");
    }
}
