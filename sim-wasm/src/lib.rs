//! A reader's side of `sim-core`: sessions with an exhibit, plots on a canvas, the books of what is simulated.
//!
//! A library for the modules that the page loads, which say what exhibits they have. No exhibit is known here by name; they all
//! come from `sim-core`'s registry. It simulates nothing: workers do, with engines of their own.

pub mod books;
mod control;
mod easing;
mod ledger;
mod session;

pub use session::Session;
