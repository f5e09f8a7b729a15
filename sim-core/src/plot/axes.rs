//! Grid lines, ticks and titles: few, faint, and written by hand.

use plotters_backend::DrawingBackend;

use super::layout::Layout;
use super::pen::{Drawn, Pen, Script};
use super::text::{Anchor, width};
use crate::figure::Figure;

/// Faint horizontal lines, behind everything.
pub(crate) fn grid<B: DrawingBackend>(pen: &mut Pen<B>, layout: &Layout) -> Drawn<B> {
    for tick in &layout.y_ticks {
        if let Some(y) = layout.y.pixel(tick.value) {
            pen.horizontal(y, layout.plot.left, layout.plot.right, pen.theme.grid)?;
        }
    }
    Ok(())
}

/// The axis line, tick labels and titles.
pub(crate) fn labels<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let plot = &layout.plot;
    let script = Script::new(layout.small, pen.theme.muted);
    pen.horizontal(plot.bottom, plot.left, plot.right, pen.theme.axis)?;
    for tick in &layout.y_ticks {
        if let Some(y) = layout.y.pixel(tick.value) {
            pen.text(
                &tick.label,
                (plot.left - 8.0, y),
                script.anchored(Anchor::Right),
            )?;
        }
    }
    let row = plot.bottom + 6.0 + layout.small * 0.8;
    for tick in &layout.x_ticks {
        let Some(x) = layout.x.pixel(tick.value) else {
            continue;
        };
        pen.vertical(x, plot.bottom, plot.bottom + 4.0, pen.theme.axis)?;
        let half = width(&tick.label, false) * layout.small / 2.0;
        let x = x.clamp(
            half.min(plot.left),
            (pen.surface.width - half).max(plot.left),
        );
        pen.text(&tick.label, (x, row), script.anchored(Anchor::Middle))?;
    }
    let middle = f64::midpoint(plot.left, plot.right);
    let title = (middle, row + layout.small * 1.5);
    pen.text(&figure.x.title, title, script.anchored(Anchor::Middle))?;
    let above = if layout.two_rows {
        layout.small * 1.5
    } else {
        0.0
    };
    pen.text(&figure.y.title, (2.0, title_row(layout) - above), script)
}

/// The row above the plot with the labels of curves that leave through the top, and with the vertical axis' title if there is room.
pub(crate) fn title_row(layout: &Layout) -> f64 {
    layout.plot.top - layout.small * 1.5
}
