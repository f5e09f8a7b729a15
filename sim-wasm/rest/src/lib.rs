//! The module of the exhibits further down: sessions with any exhibit of the registry.

use sim_core::exhibits;
use sim_wasm::{Session, books};
use sim_wasm_common::Failure;
use wasm_bindgen::prelude::*;

/// Opens an exhibit at its defaults.
///
/// # Errors
/// If there is none of that name.
#[wasm_bindgen]
pub fn open(id: &str) -> Result<Session, Failure> {
    Session::open(exhibits::find(id)?, books::of_any)
}
