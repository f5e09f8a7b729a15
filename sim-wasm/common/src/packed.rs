//! Values in few bytes, on their way from one module to another: each has a memory of its own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sim_core::exhibits::Scene;
use sim_core::run::{Findings, QueueResults};
use sim_core::scenario::Queue;

use crate::failure::Failure;

/// First byte of what is watched.
const STATION: u8 = 0;
const NETWORK: u8 = 1;

/// A value in few bytes, to be handed on.
///
/// # Errors
/// Never for a value that fits into memory.
pub fn pack(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    Ok(postcard::to_allocvec(value)?)
}

/// The value of [`pack`].
///
/// # Errors
/// Where it does not read as one; whether it makes sense is not asked.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    Ok(postcard::from_bytes(bytes)?)
}

/// A station, unpacked. Not generic, to be compiled here for size: what is generic is compiled by whoever calls it, for speed.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_station(bytes: &[u8]) -> Result<Queue, Failure> {
    unpack(bytes)
}

/// What was found of a station, packed; not generic either.
///
/// # Errors
/// As [`pack`].
pub fn pack_station(found: &Findings<QueueResults>) -> Result<Vec<u8>, Failure> {
    pack(found)
}

/// Scenes to be watched: a single station in a form of its own, which is read with less code.
///
/// # Errors
/// As [`pack`].
pub fn pack_watched(scenes: &[Scene]) -> Result<Vec<u8>, Failure> {
    let alone = match scenes {
        [alone] => alone.scenario.queue(),
        _ => None,
    };
    let (kind, packed) = match alone {
        Some(queue) => (STATION, pack(&queue)?),
        None => (NETWORK, pack(&scenes)?),
    };
    Ok([&[kind], packed.as_slice()].concat())
}

/// The station of [`pack_watched`]; `None` if it is none.
///
/// # Errors
/// As [`unpack`].
pub fn watched_station(packed: &[u8]) -> Result<Option<Queue>, Failure> {
    match packed.split_first() {
        Some((&STATION, queue)) => unpack(queue).map(Some),
        _ => Ok(None),
    }
}

/// The networks of [`pack_watched`].
///
/// # Errors
/// As [`unpack`], and if it is a station.
pub fn watched_networks(packed: &[u8]) -> Result<Vec<Scene>, Failure> {
    match packed.split_first() {
        Some((&NETWORK, scenes)) => unpack(scenes),
        _ => Err(Failure("this is no network".into())),
    }
}
