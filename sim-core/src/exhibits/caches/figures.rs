//! What is drawn in more than one exhibit about caches: how busy the database is, and who reads old values.

use crate::exhibits::parts::{axis, legend};
use crate::figure::{Along, Axis, Figure, Handle, Layer, Role, Scale, Unit};

/// Beyond this utilization the database is as good as lost, and curves of response times end.
pub(in crate::exhibits) const NEARLY: f64 = 0.97;

/// The lowest and the highest point of curves and dots, their intervals' upper ends included.
pub(in crate::exhibits) fn extent(layers: &[Layer]) -> Option<(f64, f64)> {
    let heights = layers.iter().flat_map(|layer| match layer {
        Layer::Line { points, .. } => points.iter().map(|point| point.1).collect(),
        Layer::Dots { points, .. } => points
            .iter()
            .flat_map(|it| [it.y, it.high.unwrap_or(it.y)])
            .collect(),
        _ => Vec::new(),
    });
    heights.fold(None, |all, it| {
        let (low, high) = all.unwrap_or((it, it));
        Some((f64::min(low, it), f64::max(high, it)))
    })
}

/// What is asked of the database, as a share of what it can do.
pub(in crate::exhibits) fn busy(
    x: Axis,
    curves: Vec<Layer>,
    handle: Option<Handle>,
    description: String,
    note: &str,
) -> Figure {
    let top = extent(&curves).map_or(1.0, |it| it.1);
    let high = (1.15 * top).max(0.1);
    let mut layers = Vec::new();
    if top > 1.0 {
        layers.push(Layer::Band {
            along: Along::Y,
            from: 1.0,
            to: high,
            role: Role::Overload,
            label: "more than it can do".to_owned(),
            hatched: true,
        });
    }
    layers.extend(curves);
    let mut notes = vec![note.to_owned()];
    notes.extend(legend(&layers));
    Figure {
        id: "database",
        title: "How busy the database is".to_owned(),
        x,
        y: axis(
            "Asked of the database",
            Unit::Percent,
            Scale::Linear,
            0.0,
            high,
        ),
        handle,
        description,
        layers,
        notes,
    }
}

/// Reads that get an old value, over times to live from the one to the other.
pub(in crate::exhibits) fn stale(
    (shortest, longest): (f64, f64),
    layers: Vec<Layer>,
    handle: Handle,
    description: String,
    notes: Vec<String>,
) -> Figure {
    let top = extent(&layers).map_or(0.0, |it| it.1);
    let high = if top > 0.0 { 1.2 * top } else { 0.1 };
    Figure {
        id: "stale",
        title: "Reads that get an old value".to_owned(),
        x: axis("Time to live", Unit::Seconds, Scale::Log, shortest, longest),
        y: axis(
            "Stale reads, of all",
            Unit::Percent,
            Scale::Linear,
            0.0,
            high.min(1.0),
        ),
        handle: Some(handle),
        description,
        layers,
        notes,
    }
}
