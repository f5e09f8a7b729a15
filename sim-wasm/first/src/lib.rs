//! The module of the first view: the first exhibit with the animation of its station, and the names of the others.

use sim_core::exhibits;
use sim_wasm::{Session, books};
use sim_wasm_animation::{Animation, station_of_stages};
use sim_wasm_common::{Failure, to_js};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Who all exhibits are, in the order of the page.
///
/// # Errors
/// If the browser cannot make an array.
#[wasm_bindgen]
pub fn cards() -> Result<JsValue, Failure> {
    to_js(&exhibits::cards())
}

/// Opens the first exhibit at its defaults, whatever it is called.
///
/// # Errors
/// If the defaults make no valid scenario.
#[wasm_bindgen]
pub fn open(_id: &str) -> Result<Session, Failure> {
    Session::open(exhibits::first(), books::of_station)
}

/// Watches a station, packed by a session, in slow motion.
///
/// # Errors
/// What is wrong with the scenario or the canvas.
#[wasm_bindgen]
pub fn animate(canvas: HtmlCanvasElement, packed: &[u8], seed: f64) -> Result<Animation, Failure> {
    Animation::new(canvas, packed, seed, station_of_stages)
}
