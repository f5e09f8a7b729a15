//! What the modules of the page share: failures in words, numbers from JavaScript, what is packed to cross from one module to
//! another, canvases, and errands. Exports nothing by itself.
//!
//! Nothing that comes in is trusted and no panic goes out: whatever cannot be done comes back as a JavaScript `Error`
//! with a sentence in it.

mod errands;
mod failure;
mod number;
mod packed;
mod runner;
mod sheet;

use serde::Serialize;
use wasm_bindgen::JsValue;

pub use errands::{Engine, Errands};
pub use failure::Failure;
pub use number::whole;
pub use packed::{
    pack, pack_station, pack_watched, unpack, unpack_station, watched_networks, watched_station,
};
pub use sheet::{Sheet, View};

/// A value as plain JavaScript: objects rather than maps, `null` for what is absent.
///
/// # Errors
/// If the browser cannot make it.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, Failure> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&plain)?)
}
