//! The curve as a picture.

use sim_core::distribution::Distribution;
use sim_core::exhibits::Curve;
use sim_core::figure::{Figure, Scale};
use sim_core::scenario::Queue;

use crate::mm1::arguments::Arguments;
use crate::mm1::sweep::{Point, station};

/// The curve of the station that was asked for, with a dot for each point.
pub(crate) fn figure(arguments: &Arguments, points: &[Point]) -> Figure {
    let (servers, service_rate) = (arguments.servers, arguments.service_rate);
    let at = |utilization| {
        let rate = Queue::arrival_rate_at(utilization, servers, service_rate);
        // A load that no law allows has no theory, and the curve no point there.
        let nothing = || Distribution::exponential(f64::NAN);
        station(arguments, rate).unwrap_or_else(|_| Queue::new(nothing(), servers, nothing()))
    };
    let reports: Vec<_> = points.iter().map(|point| &point.report).collect();
    Curve {
        at: &at,
        scale: Scale::Linear,
        operating: None,
    }
    .figure(&reports)
}
