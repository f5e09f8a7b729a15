//! Little's law: L = λ·W, for any stable system, any part of one, and any laws.
//!
//! ```
//! use sim_core::theory::{Mmc, little};
//! let queue = Mmc::new(9.0, 5.0, 2)?;
//! let inside = little::mean_inside(queue.throughput(), queue.mean_response());
//! assert!((inside - queue.mean_in_system()).abs() < 1e-12);
//! # Ok::<(), sim_core::InputError>(())
//! ```
//!
//! Source: J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9 (1961) 383–387.

/// L, the mean number inside, from the rate of those who pass (per second) and the mean time each stays (seconds).
pub fn mean_inside(throughput: f64, mean_time: f64) -> f64 {
    throughput * mean_time
}

/// W, the mean time inside (seconds), from the mean number inside and the rate of those who pass (per second).
pub fn mean_time(mean_inside: f64, throughput: f64) -> f64 {
    mean_inside / throughput
}

/// λ, the rate of those who pass (per second), from the mean number inside and the mean time each stays (seconds).
pub fn throughput(mean_inside: f64, mean_time: f64) -> f64 {
    mean_inside / mean_time
}
