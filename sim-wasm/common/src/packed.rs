//! Values in few bytes, on their way from one module to another: each has a memory of its own.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

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
