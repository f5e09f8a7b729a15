//! The highest utilization that keeps a limit: from a formula by bisection, from measured points between them.

use super::{Found, Params};
use crate::exhibits::parts::{Known, known};
use crate::math;

/// How far a server may be loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Load {
    /// Up to this utilization.
    UpTo(f64),
    /// Further than the highest utilization looked at.
    Beyond(f64),
    /// Not even to the lowest utilization looked at.
    Below(f64),
}

/// Utilizations looked at with a formula.
const LOWEST: f64 = 0.001;
const HIGHEST: f64 = 0.999;

/// By theory of the steady stream; and whether it is exact. `None` without a formula.
pub(super) fn by_theory(params: &Params) -> Option<(Load, bool)> {
    let limit = params.limit_ms / 1e3;
    let at = |utilization| known(&params.theory(utilization), |v| params.shown.theory(v));
    let Known { value, exact } = at(HIGHEST)?;
    if value <= limit {
        return Some((Load::Beyond(HIGHEST), exact));
    }
    if at(LOWEST)?.value > limit {
        return Some((Load::Below(LOWEST), exact));
    }
    // Waits grow with utilization: halve the interval in which the limit is crossed.
    let (mut low, mut high) = (LOWEST, HIGHEST);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if at(middle)?.value <= limit {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some((Load::UpTo(low), exact))
}

/// By simulation of bursts, on straight lines between measured points over a logarithmic axis. `None` before there are two.
pub(super) fn by_simulation(params: &Params, found: &Found) -> Option<Load> {
    let limit = params.limit_ms / 1e3;
    let mut points: Vec<(f64, f64)> = found
        .bursty
        .iter()
        .filter_map(|(place, report)| Some((*place, params.shown.measured(report).estimate?)))
        .filter(|(_, value)| *value > 0.0)
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    if first.1 > limit {
        return Some(Load::Below(first.0));
    }
    let crossed = points.windows(2).find(|pair| pair[1].1 > limit);
    Some(crossed.map_or(Load::Beyond(last.0), |pair| {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        let part = math::ln(limit / y0) / math::ln(y1 / y0);
        Load::UpTo(x0 + part.clamp(0.0, 1.0) * (x1 - x0))
    }))
}
