//! What M/M/c promises, quantity by quantity.

use sim_core::trace::Promise;

/// M/M/c's values in the order of the nine quantities.
pub(crate) fn promised(promise: &Promise) -> [f64; 9] {
    [
        promise.mean_response,
        promise.mean_wait,
        promise.mean_in_system,
        promise.mean_in_queue,
        promise.p50,
        promise.p90,
        promise.p95,
        promise.p99,
        promise.p999,
    ]
}
