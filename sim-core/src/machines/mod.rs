//! Machines: sizes that can be rented, with what they hold and what they cost, and where they end.
//!
//! A [`PriceList`] is data. The default one is a general-purpose family as large providers have it: 4 GB of memory a core and
//! about 35 USD a core and month whatever the size, up to a ceiling of 96 cores and 384 GB. The names are ours; the price is of
//! the order of list prices on demand in 2025, with no discount.
//!
//! Beyond the ceiling there is no machine at any price: [`PriceList::smallest_with`] answers that with a [`BeyondCeiling`].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{InputError, in_range};

/// The most sizes of a list.
const MAX_SIZES: usize = 100;
/// The most cores of a machine.
const MAX_CORES: u32 = 10_000;
/// The highest price, USD a month.
const MAX_PRICE: f64 = 1e9;
/// USD a core and month in the default list.
const PRICE_PER_CORE: f64 = 35.0;
/// GB a core in the default list.
const MEMORY_PER_CORE: f64 = 4.0;

/// A size of machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// What it is called.
    pub name: String,
    /// Cores, `1..=10000`: the servers of its station.
    pub cores: u32,
    /// Memory, GB, above 0 and up to 1e9.
    pub memory_gb: f64,
    /// Price, USD a month, `0..=1e9`.
    pub price_per_month: f64,
}

impl Machine {
    fn validate(&self) -> Result<(), InputError> {
        if self.name.is_empty() {
            return Err(InputError::missing("name", "a name"));
        }
        if !(1..=MAX_CORES).contains(&self.cores) {
            let allowed = format!("1..={MAX_CORES}");
            return Err(InputError::out_of_range("cores", self.cores, allowed));
        }
        in_range("memory_gb", self.memory_gb, 1e-3, 1e9)?;
        in_range("price_per_month", self.price_per_month, 0.0, MAX_PRICE).map(|_| ())
    }
}

/// Sizes from the smallest to the largest, which is the ceiling.
///
/// ```
/// use sim_core::machines::PriceList;
/// let list = PriceList::default();
/// assert_eq!(list.smallest_with(5).unwrap().cores, 8);
/// let beyond = list.smallest_with(97).unwrap_err();
/// assert_eq!(beyond.largest.cores, 96);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct PriceList {
    /// One to a hundred sizes, each with more cores than the one before.
    pub sizes: Vec<Machine>,
}

impl Default for PriceList {
    fn default() -> Self {
        let sizes = [1, 2, 4, 8, 16, 32, 48, 64, 96].map(|cores: u32| Machine {
            name: format!("general-{cores}"),
            cores,
            memory_gb: MEMORY_PER_CORE * f64::from(cores),
            price_per_month: PRICE_PER_CORE * f64::from(cores),
        });
        Self {
            sizes: sizes.into(),
        }
    }
}

impl PriceList {
    /// Checks each size and their order.
    ///
    /// # Errors
    /// Names the field, such as `[2].cores`, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        if self.sizes.is_empty() || self.sizes.len() > MAX_SIZES {
            let found = format!("a list of {}", self.sizes.len());
            let allowed = format!("1..={MAX_SIZES} entries");
            return Err(InputError::out_of_range("", found, allowed));
        }
        for (index, machine) in self.sizes.iter().enumerate() {
            let place = format!("[{index}]");
            machine.validate().map_err(|error| error.within(&place))?;
        }
        for (index, pair) in self.sizes.windows(2).enumerate() {
            if pair[1].cores <= pair[0].cores {
                let field = format!("[{}].cores", index + 1);
                let allowed = format!("{}..={MAX_CORES}", pair[0].cores + 1);
                return Err(InputError::out_of_range(field, pair[1].cores, allowed));
            }
        }
        Ok(())
    }

    /// The largest size there is, of a valid list.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn largest(&self) -> &Machine {
        self.sizes.last().expect("a valid list has a size")
    }

    /// The smallest machine with at least this many cores, of a valid list.
    ///
    /// # Errors
    /// [`BeyondCeiling`] with the largest machine if none has as many.
    pub fn smallest_with(&self, cores: u32) -> Result<&Machine, BeyondCeiling<'_>> {
        self.sizes
            .iter()
            .find(|machine| machine.cores >= cores)
            .ok_or_else(|| BeyondCeiling {
                cores,
                largest: self.largest(),
            })
    }
}

/// More cores were asked for than the largest machine has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeyondCeiling<'a> {
    /// What was asked for.
    pub cores: u32,
    /// The largest machine there is.
    pub largest: &'a Machine,
}

impl fmt::Display for BeyondCeiling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no machine has {} cores: the largest, {}, has {}",
            self.cores, self.largest.name, self.largest.cores
        )
    }
}

impl std::error::Error for BeyondCeiling<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(cores: &[u32]) -> PriceList {
        let machine = |&cores: &u32| Machine {
            name: format!("m{cores}"),
            cores,
            memory_gb: 1.0,
            price_per_month: 1.0,
        };
        PriceList {
            sizes: cores.iter().map(machine).collect(),
        }
    }

    #[test]
    fn the_usual_list_ends_at_96_cores_and_384_gb() {
        let list = PriceList::default();
        list.validate().unwrap();
        let largest = list.largest();
        assert_eq!((largest.cores, largest.memory_gb), (96, 384.0));
        assert_eq!(largest.price_per_month, 3360.0);
        // The price of a core is the same at every size: what a larger machine costs is the pooling's to earn.
        for machine in &list.sizes {
            assert_eq!(machine.price_per_month, 35.0 * f64::from(machine.cores));
        }
    }

    #[test]
    fn the_smallest_that_is_large_enough() {
        let list = list(&[2, 4, 16]);
        for (cores, expected) in [(0, 2), (1, 2), (2, 2), (3, 4), (5, 16), (16, 16)] {
            assert_eq!(list.smallest_with(cores).unwrap().cores, expected);
        }
        let beyond = list.smallest_with(17).unwrap_err();
        assert_eq!((beyond.cores, beyond.largest.cores), (17, 16));
        assert_eq!(
            beyond.to_string(),
            "no machine has 17 cores: the largest, m16, has 16"
        );
    }

    #[test]
    fn a_list_reads_back() {
        let text = r#"[{"name": "small", "cores": 2, "memory_gb": 8, "price_per_month": 70}]"#;
        let list: PriceList = serde_json::from_str(text).unwrap();
        list.validate().unwrap();
        assert_eq!(list.largest().name, "small");
        let again = serde_json::to_string(&list).unwrap();
        assert_eq!(serde_json::from_str::<PriceList>(&again).unwrap(), list);
        assert!(serde_json::from_str::<PriceList>(r#"[{"cores": 2}]"#).is_err());
    }

    #[test]
    fn wrong_input_is_named() {
        let field = |list: &PriceList| list.validate().unwrap_err().field().to_owned();
        assert_eq!(field(&list(&[])), "");
        assert_eq!(field(&list(&[2, 2])), "[1].cores");
        assert_eq!(field(&list(&[2, 4, 3])), "[2].cores");
        assert_eq!(field(&list(&[0])), "[0].cores");
        let mut wrong = list(&[2, 4]);
        wrong.sizes[1].price_per_month = f64::NAN;
        assert_eq!(field(&wrong), "[1].price_per_month");
        let mut wrong = list(&[2]);
        wrong.sizes[0].memory_gb = 0.0;
        assert_eq!(field(&wrong), "[0].memory_gb");
        wrong.sizes[0].name.clear();
        assert_eq!(field(&wrong), "[0].name");
    }
}
