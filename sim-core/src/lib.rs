//! Headroom's simulator: queueing theory and discrete-event simulation that agree, and exhibits that show both.
//!
//! The modules stand in layers, each importing only what is listed above it:
//! [`wording`]; [`error`] and `math`; [`random`]; [`distribution`]; [`workload`]; [`stats`]; [`theory`];
//! [`balancing`]; [`caching`]; [`autoscaling`]; [`machines`]; [`geography`];
//! [`document`]; [`scenario`]; [`engine`]; [`run`];
//! [`expectation`]; `trace`; [`figure`] and `plot`; [`exhibits`].
//!
//! Time is in seconds throughout; rates are per second.

pub mod autoscaling;
pub mod balancing;
pub mod caching;
pub mod distribution;
pub mod document;
pub mod engine;
pub mod error;
pub mod exhibits;
pub mod expectation;
pub mod figure;
pub mod geography;
pub mod machines;
pub mod math;
#[cfg(feature = "plot")]
pub mod plot;
pub mod random;
pub mod run;
pub mod scenario;
pub mod stats;
pub mod theory;
#[cfg(feature = "trace")]
pub mod trace;
pub mod wording;
pub mod workload;

pub use error::InputError;
pub use run::report::{Quantity, Report};
pub use scenario::Scenario;
