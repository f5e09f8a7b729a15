//! Where curves end, and what is said there: above the plot where they leave through the top, beside their ends elsewhere, and in a
//! key where several end in the same place.

use super::geometry::Point;
use super::handle::REACH;
use super::layout::Layout;
use super::text;
use crate::figure::{Figure, Layer, Role};
use crate::math::order::in_order;

/// Ends nearer to each other than this, CSS pixels, are in the same place.
const NEAR: f64 = 8.0;
/// So many curves that end in the same place, and look different, have a key.
const MANY: usize = 3;
/// From a curve's end to its label.
const CLEAR: f64 = 8.0;

/// Where a curve ends, and what it is called.
pub(crate) struct End {
    /// In lines short enough for the surface.
    pub(crate) label: Vec<String>,
    pub(crate) role: Role,
    pub(crate) dashed: bool,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// How high the curve is on the whole.
    height: f64,
}

/// The ends of a figure's curves.
#[derive(Default)]
pub(crate) struct Ends {
    /// Of those that leave through the top.
    pub(crate) leaving: Vec<End>,
    /// Of the others.
    pub(crate) staying: Vec<End>,
    /// Of those that end in the same place, the highest curve first.
    pub(crate) together: Vec<Vec<End>>,
}

impl Ends {
    /// The ends of a figure's curves as they are laid out. A curve that comes down to the axis is named at its peak.
    pub(crate) fn of(layout: &Layout, figure: &Figure) -> Self {
        let mut groups: Vec<Vec<End>> = Vec::new();
        for end in figure.layers.iter().filter_map(|it| End::of(layout, it)) {
            match groups.iter_mut().find(|group| group[0].is_near(&end)) {
                Some(group) => group.push(end),
                None => groups.push(vec![end]),
            }
        }
        // Steep curves that leave through the top are told apart by their labels above it.
        let edge = layout.plot.right - NEAR;
        let has_key = |group: &Vec<End>| {
            let crossed = group.iter().any(|it| it.leaves(layout) && it.x < edge);
            looks(group) >= MANY && !crossed
        };
        let (together, few): (Vec<_>, Vec<_>) = groups.into_iter().partition(has_key);
        let (leaving, staying) = few
            .into_iter()
            .flatten()
            .partition(|end| end.leaves(layout));
        Self {
            leaving,
            staying,
            together: together
                .into_iter()
                .map(|group| in_order(group, |it| it.height))
                .collect(),
        }
    }
}

impl End {
    fn of(layout: &Layout, layer: &Layer) -> Option<Self> {
        let Layer::Line {
            points,
            role,
            label,
            dashed,
        } = layer
        else {
            return None;
        };
        let pieces = layout.pieces(points);
        let mut at = *pieces.last()?.last()?;
        if at.1 > layout.plot.bottom - 0.75 {
            let highest = |a: Point, b: &Point| if b.1 < a.1 { *b } else { a };
            at = pieces.iter().flatten().fold(at, highest);
            at.1 -= layout.normal * 0.8;
        }
        Some(Self {
            label: text::lines(label, layout.label_room),
            role: *role,
            dashed: *dashed,
            x: at.0,
            y: at.1,
            height: mean_height(&pieces),
        })
    }

    /// Whether the curve leaves through the top.
    fn leaves(&self, layout: &Layout) -> bool {
        self.y <= layout.plot.top + 0.5
    }

    fn is_near(&self, other: &Self) -> bool {
        (self.x - other.x).abs() < NEAR && (self.y - other.y).abs() < NEAR
    }

    /// How far from the end its label begins: beyond the handle, where that lies on it.
    pub(crate) fn clearance(&self, handle: Option<Point>) -> f64 {
        let beyond = handle.and_then(|(x, y)| {
            let covers = (x - self.x).abs() < REACH && (y - self.y).abs() < REACH;
            covers.then_some(x + REACH + 2.0 - self.x)
        });
        beyond.unwrap_or(CLEAR).max(CLEAR)
    }
}

/// How many different lines there are.
fn looks(group: &[End]) -> usize {
    let same = |a: &End, b: &End| a.role == b.role && a.dashed == b.dashed;
    let is_first = |&at: &usize| !group[..at].iter().any(|it| same(it, &group[at]));
    (0..group.len()).filter(is_first).count()
}

/// The mean of a curve's pixels over what it spans.
fn mean_height(pieces: &[Vec<Point>]) -> f64 {
    let (mut area, mut span) = (0.0, 0.0);
    for pair in pieces.iter().flat_map(|piece| piece.windows(2)) {
        let width = pair[1].0 - pair[0].0;
        area += width * f64::midpoint(pair[0].1, pair[1].1);
        span += width;
    }
    if span > 0.0 { area / span } else { 0.0 }
}
