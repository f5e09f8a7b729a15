//! The layers of a figure: bands, lines, dots with whiskers, bars, rules.

use plotters_backend::DrawingBackend;

use super::bands;
use super::geometry::{Point, Rect, dashes};
use super::layout::Layout;
use super::pen::{Drawn, Pen, tint};
use crate::figure::{Along, Bar, Dot, Figure, Layer, Role};

/// Width of a curve, CSS pixels.
pub(crate) const LINE_WIDTH: f64 = 2.0;
const DASH: (f64, f64) = (7.0, 4.5);

/// Draws one layer's marks; labels of lines and rules come later, on top.
pub(crate) fn draw<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
    layer: &Layer,
) -> Drawn<B> {
    match layer {
        Layer::Band { .. } => bands::draw(pen, layout, figure, layer),
        Layer::Line {
            points,
            role,
            dashed,
            ..
        } => {
            let color = tint(pen.theme.mark(*role), 1.0);
            for piece in layout.pieces(points) {
                stroke(pen, &piece, color, LINE_WIDTH, *dashed)?;
            }
            Ok(())
        }
        Layer::Ribbon { points, role, .. } => {
            let color = tint(pen.theme.mark(*role), 0.16);
            pen.polygon(&ribbon(layout, points), color)
        }
        Layer::Dots { points, role, .. } => {
            // Whiskers first, so that no dot is crossed by its neighbour's.
            points
                .iter()
                .try_for_each(|dot| whisker(pen, layout, dot, *role))?;
            points
                .iter()
                .try_for_each(|dot| spot(pen, layout, dot, *role))
        }
        Layer::Bars { bars, role, .. } => bars.iter().try_for_each(|b| bar(pen, layout, b, *role)),
        Layer::Rule {
            x, role, dashed, ..
        } => {
            let Some(x) = layout.x.pixel(*x).filter(|x| inside(layout, *x)) else {
                return Ok(());
            };
            let line = [(x, layout.plot.top), (x, layout.plot.bottom)];
            stroke(pen, &line, tint(pen.theme.mark(*role), 1.0), 1.5, *dashed)
        }
    }
}

/// A line, or its dashes.
pub(crate) fn stroke<B: DrawingBackend>(
    pen: &mut Pen<B>,
    points: &[Point],
    color: plotters_backend::BackendColor,
    width: f64,
    dashed: bool,
) -> Drawn<B> {
    if !dashed {
        return pen.stroke(points, color, width);
    }
    dashes(points, DASH.0, DASH.1)
        .iter()
        .try_for_each(|dash| pen.stroke(dash, color, width))
}

fn inside(layout: &Layout, x: f64) -> bool {
    (layout.plot.left - 0.5..=layout.plot.right + 0.5).contains(&x)
}

/// Along the upper ends and back along the lower ones, within the plot.
fn ribbon(layout: &Layout, points: &[(f64, f64, f64)]) -> Vec<Point> {
    let plot = &layout.plot;
    let at = |x: f64, y: f64| {
        let x = layout.x.pixel(x).filter(|x| inside(layout, *x))?;
        // What a logarithmic axis cannot show lies below it.
        let y = layout.y.pixel(y).unwrap_or(plot.bottom);
        Some((x, y.clamp(plot.top, plot.bottom)))
    };
    let upper = points.iter().filter_map(|(x, _, high)| at(*x, *high));
    let lower = points.iter().rev().filter_map(|(x, low, _)| at(*x, *low));
    upper.chain(lower).collect()
}

fn whisker<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    dot: &Dot,
    role: Role,
) -> Drawn<B> {
    let (Some(low), Some(high)) = (dot.low, dot.high) else {
        return Ok(());
    };
    let line = layout.pieces(&[(dot.x, low), (dot.x, high)]);
    line.iter()
        .try_for_each(|piece| pen.stroke(piece, tint(pen.theme.mark(role), 0.9), 1.25))
}

/// A dot: filled when converged, a ring when not.
fn spot<B: DrawingBackend>(pen: &mut Pen<B>, layout: &Layout, dot: &Dot, role: Role) -> Drawn<B> {
    let Some(at) = layout.position(dot.x, dot.y) else {
        return Ok(());
    };
    if !layout.plot.contains(at) {
        return Ok(());
    }
    let radius = layout.small / 3.0;
    pen.disc(at, radius + 1.25, tint(pen.theme.paper, 1.0))?;
    pen.disc(at, radius, tint(pen.theme.mark(role), 1.0))?;
    if !dot.converged {
        pen.disc(at, radius - 1.5, tint(pen.theme.paper, 1.0))?;
    }
    Ok(())
}

/// A bar from the bottom axis, at least two pixels high where there is anything at all, so that the rare is seen.
fn bar<B: DrawingBackend>(pen: &mut Pen<B>, layout: &Layout, bar: &Bar, role: Role) -> Drawn<B> {
    let (Some(rect), Some(top)) = (
        layout.across(Along::X, bar.from, bar.to),
        layout.y.pixel(bar.value),
    ) else {
        return Ok(());
    };
    if bar.value <= 0.0 {
        return Ok(());
    }
    let plot = layout.plot;
    let gap = if rect.width() > 4.0 { 0.5 } else { 0.0 };
    let top = top.min(plot.bottom - 2.0).max(plot.top);
    let right = (rect.right - gap).max(rect.left + 1.5);
    let rect = Rect {
        left: rect.left + gap,
        top,
        right: right.min(plot.right),
        bottom: plot.bottom,
    };
    pen.fill(&rect, tint(pen.theme.mark(role), 0.7))
}
