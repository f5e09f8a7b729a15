//! All requests in advance, for the policy that has to know them.

use std::sync::Arc;

use sim_core::InputError;
use sim_core::caching::curve::{Block, Sampling};
use sim_core::caching::next_uses;

use crate::cache::requests::Flow;
use crate::common::failure::Failure;

/// The most requests that are held, 12 bytes each.
const MOST: u64 = 100_000_000;

/// For each of `requests`, or each sampled one, the number of the next one for the same object.
pub(crate) fn of(
    requests: u64,
    mut flow: Flow<'_>,
    sampling: Option<&Sampling>,
) -> Result<Arc<[u32]>, Failure> {
    let rate = sampling.map_or(1.0, Sampling::rate);
    if requests as f64 * rate > MOST as f64 {
        let allowed = format!("1..={MOST}, since belady has to know all of them in advance");
        return Err(InputError::out_of_range("--requests", requests, allowed).into());
    }
    let mut keys = Vec::new();
    let mut block = Block::default();
    while flow.next(&mut block) {
        if let Some(sampling) = sampling {
            block.retain(|key| sampling.keeps(key));
        }
        keys.extend_from_slice(&block.keys);
    }
    Ok(next_uses(&keys)?)
}
