//! How many requests it takes a station to forget its past.

use crate::distribution::Distribution;
use crate::scenario::Scenario;

/// Requests over which a station forgets its past, roughly: (C²a + C²s)/2/(1 − ρ)² in heavy traffic (the relaxation time of
/// reflected Brownian motion; Whitt, "Planning queueing simulations", 1989), and the turnover of all servers in light.
pub(super) fn relaxation(scenario: &Scenario) -> f64 {
    let scv = |law: &Distribution| law.scv().unwrap_or(1e3).min(1e3);
    let variability = f64::midpoint(
        scv(&scenario.arrivals.interarrival),
        scv(&scenario.station.service),
    );
    let room = (1.0 - scenario.utilization()).max(1e-6);
    variability.max(1.0) * (1.0 / (room * room)).max(f64::from(scenario.station.servers) / 4.0)
}
