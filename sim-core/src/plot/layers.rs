//! The layers of a figure: bands, lines, dots with whiskers, bars, rules.

use plotters_backend::DrawingBackend;

use super::geometry::{Point, Rect, dashes, hatching};
use super::layout::Layout;
use super::pen::{Drawn, Pen, Script, tint};
use super::text::{self, Anchor};
use crate::figure::{Bar, Dot, Figure, Layer, Role};

const LINE_WIDTH: f64 = 2.0;
const DASH: (f64, f64) = (7.0, 4.5);

/// Draws one layer's marks; labels of lines and rules come later, on top.
pub(crate) fn draw<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    layer: &Layer,
) -> Drawn<B> {
    match layer {
        Layer::Band {
            from,
            to,
            role,
            label,
            hatched,
        } => {
            let Some(rect) = column(layout, *from, *to) else {
                return Ok(());
            };
            if *hatched {
                hatch(pen, &rect, *role)?;
            } else {
                pen.fill(&rect, tint(pen.theme.mark(*role), 0.10))?;
            }
            band_label(pen, layout.small, &rect, label, *role, *hatched)
        }
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

fn stroke<B: DrawingBackend>(
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

/// The part of the plot between two x values.
fn column(layout: &Layout, from: f64, to: f64) -> Option<Rect> {
    let plot = layout.plot;
    let left = layout.x.pixel(from)?.max(plot.left);
    let right = layout.x.pixel(to)?.min(plot.right);
    (left < right).then_some(Rect {
        left,
        right,
        ..plot
    })
}

fn hatch<B: DrawingBackend>(pen: &mut Pen<B>, rect: &Rect, role: Role) -> Drawn<B> {
    let color = pen.theme.mark(role);
    pen.fill(rect, tint(color, 0.05))?;
    for (from, to) in hatching(rect, 11.0) {
        pen.stroke(&[from, to], tint(color, 0.30), 1.0)?;
    }
    pen.stroke(
        &[(rect.left, rect.top), (rect.left, rect.bottom)],
        tint(color, 0.8),
        1.25,
    )
}

/// How far a band's label may stick out of it, CSS pixels.
const OVERHANG: f64 = 6.0;

/// A band's label in as many lines as its width asks for, or upright where no word fits: at its top, or at its foot
/// where it is hatched, since curves are high there.
fn band_label<B: DrawingBackend>(
    pen: &mut Pen<B>,
    size: f64,
    rect: &Rect,
    label: &str,
    role: Role,
    hatched: bool,
) -> Drawn<B> {
    let Some(BandLabel {
        place,
        lines,
        level,
    }) = BandLabel::of(size, rect, label, hatched)
    else {
        return Ok(());
    };
    let script = Script::new(size, pen.theme.text(role)).anchored(Anchor::Middle);
    let middle = f64::midpoint(place.left, place.right);
    if !level {
        let centre = f64::midpoint(place.top, place.bottom);
        return pen.text_on_halo(label, (middle, centre), script.upright());
    }
    let step = place.height() / lines.len() as f64;
    for (i, line) in lines.iter().enumerate() {
        let at = (middle, place.top + step * (i as f64 + 0.5));
        if hatched {
            pen.text_on_halo(line, at, script)?;
        } else {
            pen.text(line, at, script)?;
        }
    }
    Ok(())
}

/// Where a band's label stands, and in which lines.
struct BandLabel {
    place: Rect,
    lines: Vec<String>,
    /// Lines are level; otherwise the label stands upright.
    level: bool,
}

impl BandLabel {
    /// The label of the band that fills `rect`; `None` where there is no room for it.
    fn of(size: f64, rect: &Rect, label: &str, hatched: bool) -> Option<Self> {
        let middle = f64::midpoint(rect.left, rect.right);
        let length = |text: &str| text::width(text, false) * size;
        let lines = band_lines(label, rect.width() / size);
        let widest = lines.iter().map(|line| length(line)).fold(0.0, f64::max);
        let level = widest <= rect.width() + OVERHANG;
        let step = size * 1.3;
        let (width, height) = if level {
            (widest, step * lines.len() as f64)
        } else {
            (step, length(label))
        };
        let margin = size * 0.4;
        if (!level && width > rect.width()) || height + 2.0 * margin > rect.height() {
            return None;
        }
        let top = if hatched {
            rect.bottom - height - margin
        } else {
            rect.top + margin
        };
        let place = Rect {
            left: middle - width / 2.0,
            top,
            right: middle + width / 2.0,
            bottom: top + height,
        };
        Some(Self {
            place,
            lines,
            level,
        })
    }
}

/// Where the labels of a figure's bands stand.
pub(crate) fn band_labels(layout: &Layout, figure: &Figure) -> Vec<Rect> {
    let place = |layer: &Layer| match layer {
        Layer::Band {
            from,
            to,
            label,
            hatched,
            ..
        } => {
            let rect = column(layout, *from, *to)?;
            Some(BandLabel::of(layout.small, &rect, label, *hatched)?.place)
        }
        _ => None,
    };
    figure.layers.iter().filter_map(place).collect()
}

/// `label` in lines of at most `room` font sizes; the words before a colon must do where all would be a column.
fn band_lines(label: &str, room: f64) -> Vec<String> {
    let all = text::lines(label, room);
    if all.len() <= 3 {
        return all;
    }
    text::lines(label.split(':').next().unwrap_or(label), room)
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
    let (Some(rect), Some(top)) = (column(layout, bar.from, bar.to), layout.y.pixel(bar.value))
    else {
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
