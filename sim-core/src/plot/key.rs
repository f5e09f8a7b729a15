//! A key for curves that end in the same place, where labels beside their ends would not say which is which: their names from
//! the highest curve to the lowest, each after a piece of its line, where they hide the least.

use plotters_backend::DrawingBackend;

use super::bands;
use super::cover::covered;
use super::ends::End;
use super::geometry::{Point, Rect, overlap};
use super::handle::REACH;
use super::layers::{LINE_WIDTH, stroke};
use super::layout::Layout;
use super::pen::{Drawn, Pen, Script, tint};
use crate::figure::{Figure, Layer};

/// Length of a piece of line, and the gap after it, CSS pixels.
const PIECE: f64 = 24.0;
const GAP: f64 = 7.0;
/// Places that are tried along each side of the plot.
const PLACES: u32 = 9;
/// Pixels of curve that other marks are worth when the key must cover one or the other.
const MARK: f64 = 1_000.0;
/// Pixels of curve that it is worth to keep off a band.
const BAND: f64 = 20.0;
/// Pixels of curve that a pixel further from the common end is worth.
const AWAY: f64 = 0.02;

/// Draws the keys of a figure.
pub(crate) fn draw<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let ends = layout.ends(figure);
    for (group, place) in ends.together.iter().zip(places(layout, figure)) {
        let step = place.height() / group.len() as f64;
        for (i, end) in group.iter().enumerate() {
            let y = place.top + step * (i as f64 + 0.5);
            let piece = [(place.left, y), (place.left + PIECE, y)];
            let color = tint(pen.theme.mark(end.role), 1.0);
            stroke(pen, &piece, color, LINE_WIDTH, end.dashed)?;
            let script = Script::new(layout.normal, pen.theme.text(end.role)).bold();
            pen.text_on_halo(&end.label.join(" "), (place.left + PIECE + GAP, y), script)?;
        }
    }
    Ok(())
}

/// Where the keys of a figure stand, in the order of its groups of ends.
pub(crate) fn places(layout: &Layout, figure: &Figure) -> Vec<Rect> {
    let mut taken = bands::labels(layout, figure);
    let bands = taken.len();
    for group in &layout.ends(figure).together {
        taken.push(place(layout, figure, group, &taken));
    }
    taken.split_off(bands)
}

fn place(layout: &Layout, figure: &Figure, group: &[End], taken: &[Rect]) -> Rect {
    let name = |end: &End| layout.bold_length(&end.label.join(" "));
    let width = PIECE + GAP + group.iter().map(name).fold(0.0, f64::max);
    let height = layout.normal * 1.4 * group.len() as f64;
    let plot = layout.plot.grown(-4.0);
    let room = (plot.width() - width, plot.height() - height);
    let at = |i: u32, room: f64| room.max(0.0) * f64::from(i) / f64::from(PLACES - 1);
    let places = (0..PLACES).flat_map(|row| (0..PLACES).map(move |column| (row, column)));
    let places = places.map(|(row, column)| {
        let (left, top) = (plot.left + at(column, room.0), plot.top + at(row, room.1));
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    });
    let end = (group[0].x, group[0].y);
    let cost = |place: &Rect| {
        covered(layout, figure, place)
            + MARK * f64::from(marks(layout, figure, place, taken))
            + AWAY * distance(place, end)
            + if bands::lie_across(layout, figure, place) {
                BAND
            } else {
                0.0
            }
    };
    let best = places.min_by(|a, b| cost(a).total_cmp(&cost(b)));
    best.unwrap_or(plot)
}

/// How many labels, rules and handles lie within `place`.
fn marks(layout: &Layout, figure: &Figure, place: &Rect, taken: &[Rect]) -> u32 {
    let wide = place.grown(4.0);
    let labels = taken.iter().filter(|it| overlap(&wide, it)).count();
    let crosses = |layer: &&Layer| match layer {
        Layer::Rule { x, .. } => {
            let x = layout.x.pixel(*x);
            x.is_some_and(|x| (wide.left..=wide.right).contains(&x))
        }
        _ => false,
    };
    let rules = figure.layers.iter().filter(crosses).count();
    // The handle has a line down to the axis.
    let held = layout.handle.is_some_and(|(x, y)| {
        let line = Rect {
            left: x - REACH,
            top: y - REACH,
            right: x + REACH,
            bottom: layout.plot.bottom,
        };
        overlap(&wide, &line)
    });
    u32::try_from(labels + rules + usize::from(held)).unwrap_or(u32::MAX)
}

fn distance(place: &Rect, (x, y): Point) -> f64 {
    let (dx, dy) = (
        f64::midpoint(place.left, place.right) - x,
        f64::midpoint(place.top, place.bottom) - y,
    );
    (dx * dx + dy * dy).sqrt()
}
