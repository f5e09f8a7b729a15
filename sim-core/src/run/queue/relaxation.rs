//! How many requests it takes a station to forget its past.

use crate::distribution::Distribution;
use crate::scenario::Queue;

/// Requests over which a station forgets its past, roughly: (C²a + C²s)/2/(1 − ρ)² in heavy traffic (the relaxation time of
/// reflected Brownian motion; Whitt, "Planning queueing simulations", 1989), and the turnover of all servers in light.
pub(super) fn relaxation(scenario: &Queue) -> f64 {
    let variability = f64::midpoint(
        variability(&scenario.arrivals.interarrival),
        variability(&scenario.station.service),
    );
    let room = (1.0 - scenario.utilization()).max(1e-6);
    variability.max(1.0) * (1.0 / (room * room)).max(f64::from(scenario.station.servers) / 4.0)
}

/// The SCV of a law; a thousand where it is more, or infinite.
pub(in crate::run) fn variability(law: &Distribution) -> f64 {
    law.scv().unwrap_or(1e3).min(1e3)
}
