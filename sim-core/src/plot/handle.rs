//! The operating point: a large dot that asks to be dragged, with its numbers beside it.

use plotters_backend::DrawingBackend;

use super::cover::covered;
use super::geometry::{Point, Rect, overlap};
use super::labels;
use super::layout::Layout;
use super::pen::{Drawn, Pen, Script, tint};
use super::text::width;
use crate::figure::{Figure, Handle};

/// Pixels of curve that a label is worth when the patch must cover one or the other.
const LABEL: f64 = 400.0;
/// Radius of the dot, CSS pixels.
const RADIUS: f64 = 8.0;
/// Radius of the faint ring around it: the place to grab.
pub(crate) const REACH: f64 = 19.0;

/// Opacity of the paper behind the numbers: enough to read them on, and to see the curves go on below.
const VEIL: f64 = 0.75;

/// Draws the handle, if the figure has one.
pub(crate) fn draw<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let (Some(handle), Some(at)) = (&figure.handle, layout.handle) else {
        return Ok(());
    };
    let ink = pen.theme.ink;
    pen.stroke(&[at, (at.0, layout.plot.bottom)], tint(ink, 0.35), 1.0)?;
    words(pen, layout, figure, handle, at)?;
    pen.disc(at, REACH, tint(ink, 0.09))?;
    for side in [-1.0, 1.0] {
        let tip = (at.0 + side * (REACH - 3.0), at.1);
        let back = at.0 + side * (REACH - 7.5);
        pen.polygon(
            &[tip, (back, at.1 - 4.0), (back, at.1 + 4.0)],
            tint(ink, 0.55),
        )?;
    }
    pen.disc(at, RADIUS + 2.0, tint(pen.theme.paper, 1.0))?;
    pen.disc(at, RADIUS, tint(ink, 1.0))?;
    if handle.y.is_none() {
        // Beyond the top: an arrow on the dot.
        let (x, y) = at;
        pen.polygon(
            &[(x, y - 5.0), (x - 4.5, y + 3.0), (x + 4.5, y + 3.0)],
            tint(pen.theme.paper, 1.0),
        )?;
    }
    Ok(())
}

/// The numbers, on a veil of paper, where they hide least.
fn words<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
    handle: &Handle,
    at: Point,
) -> Drawn<B> {
    let step = layout.normal * 1.4;
    let bold = |i: usize| i == 0;
    let lines = handle.label.iter().enumerate();
    let length = lines
        .map(|(i, line)| width(line, bold(i)) * layout.normal)
        .fold(0.0, f64::max);
    if length == 0.0 {
        return Ok(());
    }
    let size = (length + 12.0, step * handle.label.len() as f64 + 6.0);
    let place = patch(layout, figure, at, size);
    pen.fill(&place, tint(pen.theme.paper, VEIL))?;
    for (i, line) in handle.label.iter().enumerate() {
        let script = Script {
            bold: bold(i),
            ..Script::new(layout.normal, pen.theme.ink)
        };
        let at = (place.left + 6.0, place.top + 3.0 + step * (i as f64 + 0.5));
        pen.text_on_halo(line, at, script)?;
    }
    Ok(())
}

/// The corner around the handle where a patch of `size` lies inside the plot and covers the least of the curves.
fn patch(layout: &Layout, figure: &Figure, at: Point, size: (f64, f64)) -> Rect {
    let plot = layout.plot;
    let corner = |right: bool, below: bool| {
        let left = if right {
            at.0 + REACH
        } else {
            at.0 - REACH - size.0
        };
        let inner = left.min(plot.right - size.0).max(plot.left);
        // Pushed back over the dot by the plot's edge, it goes clear above or below.
        let clear = if inner == left { REACH * 0.4 } else { REACH };
        let top = if below {
            at.1 + clear
        } else {
            at.1 - clear - size.1
        };
        let top = top.min(plot.bottom - size.1).max(plot.top);
        Rect {
            left: inner,
            top,
            right: inner + size.0,
            bottom: top + size.1,
        }
    };
    let places = [
        corner(false, false),
        corner(true, true),
        corner(true, false),
        corner(false, true),
    ];
    let dot = Rect {
        left: at.0 - REACH,
        top: at.1 - RADIUS,
        right: at.0 + REACH,
        bottom: at.1 + RADIUS,
    };
    let labels = labels::placed(layout, figure);
    let cost = |place: &Rect| {
        let hidden = hidden(layout, figure, &labels, place);
        if overlap(place, &dot) {
            hidden + 10_000
        } else {
            hidden
        }
    };
    let cheapest = places.iter().min_by_key(|place| cost(place));
    *cheapest.unwrap_or(&places[0])
}

/// How much of the curves and dots, in pixels, and of other labels lies within `place`.
fn hidden(layout: &Layout, figure: &Figure, labels: &[Rect], place: &Rect) -> u32 {
    let lettered = labels.iter().filter(|label| overlap(place, label)).count();
    let hidden = covered(layout, figure, place) + LABEL * lettered as f64;
    // Pixels of a curve on a surface, so the cast keeps the value.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let hidden = hidden.min(9_999.0) as u32;
    hidden
}
