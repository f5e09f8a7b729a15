//! Key workloads: which key each request asks for, and how large its object is.
//!
//! A [`Workload`] is data: a pattern of keys, or a mixture of several, and a law of sizes. It is checked once, and then draws keys
//! in blocks: the same ones for the same (seed, replication, number of the workload), whatever reads them. Keys are dense, 0 up to
//! the number of items, except for those that never come again; caches with flat tables want to know ([`Workload::dense`]).

mod alias;
mod cycle;
mod drift;
mod hotspot;
mod mixture;
mod one_hit;
mod popularity;
mod ranks;
mod requests;
mod scan;
mod sizes;
#[cfg(test)]
mod tests;
mod uniform;
mod zipf;

use serde::{Deserialize, Serialize};

pub use cycle::Loop;
pub use drift::Drift;
pub use hotspot::Hotspot;
pub use mixture::{MAX_PARTS, Part};
pub use one_hit::OneHit;
pub use popularity::{Group, Popularity};
pub use requests::Requests;
pub use scan::Scan;
pub use sizes::Sizes;
pub use uniform::Uniform;
pub use zipf::Zipf;

use crate::error::InputError;

/// The most keys of one pattern.
pub const MAX_ITEMS: u64 = 1_000_000_000;

/// What every pattern of keys can say of itself.
trait Pattern {
    /// Checks the parameters; the error's field is the parameter's name.
    fn validate(&self) -> Result<(), InputError>;
    /// How many keys there are; `None` where there is no end of new ones.
    fn items(&self) -> Option<u64>;
    /// The law of the requests, where they are independent and it does not change.
    fn popularity(&self) -> Option<Popularity>;
}

/// Which keys are asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Keys {
    /// By Zipf's law.
    Zipf(Zipf),
    /// All alike.
    Uniform(Uniform),
    /// A share of requests to a share of keys.
    Hotspot(Hotspot),
    /// All in order, again and again.
    Loop(Loop),
    /// Runs of consecutive keys from random starts.
    Scan(Scan),
    /// By Zipf's law with ranks that move.
    Drift(Drift),
    /// Each once and never again.
    OneHit(OneHit),
    /// Several patterns, each with a weight.
    Mixture(Vec<Part>),
}

/// Calls the same method on whichever pattern it is.
macro_rules! each_pattern {
    ($self:expr, $pattern:ident => $call:expr, $parts:ident => $mixture:expr) => {
        match $self {
            Keys::Zipf($pattern) => $call,
            Keys::Uniform($pattern) => $call,
            Keys::Hotspot($pattern) => $call,
            Keys::Loop($pattern) => $call,
            Keys::Scan($pattern) => $call,
            Keys::Drift($pattern) => $call,
            Keys::OneHit($pattern) => $call,
            Keys::Mixture($parts) => $mixture,
        }
    };
}

impl Keys {
    /// Zipf's law with skew `alpha` over `items` keys.
    pub fn zipf(items: u64, alpha: f64) -> Self {
        Self::Zipf(Zipf { items, alpha })
    }

    /// Checks every parameter.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        let name = self.name();
        each_pattern!(self,
            pattern => pattern.validate().map_err(|error| error.within(name)),
            parts => mixture::validate(parts))
    }

    /// The law of the requests, where they are independent of each other and the law does not change; `None` elsewhere.
    pub fn popularity(&self) -> Option<Popularity> {
        each_pattern!(self, pattern => pattern.popularity(), parts => mixture::popularity(parts))
    }

    /// The name it has in a document.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Zipf(_) => "zipf",
            Self::Uniform(_) => "uniform",
            Self::Hotspot(_) => "hotspot",
            Self::Loop(_) => "loop",
            Self::Scan(_) => "scan",
            Self::Drift(_) => "drift",
            Self::OneHit(_) => "one_hit",
            Self::Mixture(_) => "mixture",
        }
    }

    /// How many keys come again; `None` for a pattern all of whose keys are new.
    pub fn items(&self) -> Option<u64> {
        each_pattern!(self, pattern => pattern.items(), parts => Some(mixture::Layout::of(parts).end))
    }
}

/// Which keys are asked for, and how large their objects are.
///
/// ```
/// use sim_core::workload::{Keys, Workload};
/// let workload = Workload::new(Keys::zipf(1_000_000, 0.9));
/// let mut requests = workload.requests(1, 0, 0)?;
/// let mut keys = [0; 100];
/// requests.fill(&mut keys);
/// assert!(keys.iter().all(|&key| key < 1_000_000));
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Which keys.
    pub keys: Keys,
    /// How large.
    #[serde(default)]
    pub sizes: Sizes,
}

impl Workload {
    /// These keys, for objects of one byte.
    pub fn new(keys: Keys) -> Self {
        Self {
            keys,
            sizes: Sizes::default(),
        }
    }

    /// Checks every parameter.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        self.keys.validate().map_err(|error| error.within("keys"))?;
        self.sizes.validate().map_err(|error| error.within("sizes"))
    }

    /// The number of keys from 0 on that all of the first `requests` keys are below, where that is at most [`MAX_ITEMS`]: a
    /// flat table of so many places serves them.
    pub fn dense(&self, requests: u64) -> Option<u64> {
        let new = |fewest: u64, kinds: u64| fewest.checked_add(kinds.checked_mul(requests)?);
        let end = match &self.keys {
            Keys::Mixture(parts) => {
                let layout = mixture::Layout::of(parts);
                new(layout.end, layout.endless)
            }
            keys => keys.items().or_else(|| new(0, 1)),
        };
        end.filter(|&end| end <= MAX_ITEMS)
    }

    /// The requests of one replication. `number` tells the workloads of one run apart.
    ///
    /// # Errors
    /// As [`Workload::validate`].
    pub fn requests(
        &self,
        seed: u64,
        replication: u64,
        number: u16,
    ) -> Result<Requests, InputError> {
        self.validate()?;
        Ok(Requests::new(self, seed, replication, number))
    }
}

/// Checks a number of keys.
fn check_items(field: &str, items: u64) -> Result<(), InputError> {
    if (1..=MAX_ITEMS).contains(&items) {
        Ok(())
    } else {
        let allowed = format!("1..={MAX_ITEMS}");
        Err(InputError::out_of_range(field, items, allowed))
    }
}
