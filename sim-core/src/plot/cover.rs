//! How much of what a figure shows would be hidden by something that is put on top of it.

use super::geometry::{Point, Rect, clip_polyline};
use super::layout::Layout;
use crate::figure::{Dot, Figure, Layer};

/// Pixels of curve that a dot is worth.
const DOT: f64 = 8.0;
/// How near something may come to a curve without touching it, CSS pixels.
const MARGIN: f64 = 3.0;

/// Pixels of curves and whiskers within `place`, and the dots in it.
pub(crate) fn covered(layout: &Layout, figure: &Figure, place: &Rect) -> f64 {
    let place = place.grown(MARGIN);
    let within = |points: &[(f64, f64)]| {
        let pieces = layout.pieces(points);
        let inner = pieces.iter().flat_map(|piece| clip_polyline(piece, &place));
        inner.map(|piece| length(&piece)).sum::<f64>()
    };
    let hidden = figure.layers.iter().map(|layer| match layer {
        Layer::Line { points, .. } => within(points),
        Layer::Dots { points, .. } => {
            let seen = |x, y| layout.position(x, y).is_some_and(|at| place.contains(at));
            let whisker = |dot: &Dot| {
                let ends = dot.low.zip(dot.high);
                ends.map_or(0.0, |(low, high)| within(&[(dot.x, low), (dot.x, high)]))
            };
            let whiskers = points.iter().map(whisker).sum::<f64>();
            whiskers + DOT * points.iter().filter(|dot| seen(dot.x, dot.y)).count() as f64
        }
        _ => 0.0,
    });
    hidden.sum()
}

fn length(points: &[Point]) -> f64 {
    let step = |pair: &[Point]| {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        (dx * dx + dy * dy).sqrt()
    };
    points.windows(2).map(step).sum()
}
