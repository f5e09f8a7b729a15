//! When each request's key is asked for again.

use std::sync::Arc;

use super::hashed::Hashed;
use super::policies::infinite::Infinite;
use super::replacement::Replacement;
use super::store::Store;
use super::{Cache, Capacity, Policy, Spec};
use crate::error::InputError;

/// Not asked for again.
pub(super) const NEVER: u32 = u32::MAX;

/// For each request the number of the next request for the same key, counted from 0, or `u32::MAX` where there is none.
///
/// ```
/// use sim_core::caching::next_uses;
/// assert_eq!(*next_uses(&[7, 8, 7])?, [2, u32::MAX, u32::MAX]);
/// # Ok::<(), sim_core::InputError>(())
/// ```
///
/// # Errors
/// If there are 2³² − 1 requests or more.
pub fn next_uses(keys: &[u64]) -> Result<Arc<[u32]>, InputError> {
    let requests = u32::try_from(keys.len()).unwrap_or(NEVER);
    if requests == NEVER {
        let allowed = format!("0..{NEVER}");
        return Err(InputError::out_of_range("requests", keys.len(), allowed));
    }
    let mut next = vec![NEVER; keys.len()];
    let spec = Spec::new(Policy::Infinite, Capacity::Objects(1));
    let mut seen = Infinite::new(Store::new(Hashed::default(), spec.capacity), &spec);
    let mut last: Vec<u32> = Vec::new();
    for (number, &key) in (0..requests).zip(keys) {
        if let Some(slot) = seen.access(key, 0.0) {
            let before = std::mem::replace(&mut last[slot as usize], number);
            next[before as usize] = number;
        } else {
            seen.insert(key, 1, 0.0);
            last.push(number);
        }
    }
    Ok(next.into())
}
