//! Where things are: the plot's rectangle on its surface, and the way between values and pixels.

use super::Surface;
use super::ends::{End, Ends};
use super::geometry::{Point, Rect, clip_polyline};
use super::text;
use crate::figure::ticks::Tick;
use crate::figure::{Along, Axis, Figure, Scale};
use crate::math;

/// Below this width, CSS pixels, letters and margins shrink a little.
const NARROW: f64 = 520.0;
/// Pixels far outside any surface; keeps clipped geometry finite.
const FAR: f64 = 1e7;

/// How much wider than Helvetica, by which widths are reckoned, the sans fonts of some systems are.
pub(crate) const WIDE_FONTS: f64 = 1.16;

/// The places of a drawn figure, in CSS pixels from the surface's top left.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The rectangle that data is drawn in.
    pub plot: Rect,
    /// Where the handle was drawn, if there is one.
    pub handle: Option<(f64, f64)>,
    pub(crate) x: Projection,
    pub(crate) y: Projection,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    /// Size of tick labels and remarks.
    pub(crate) small: f64,
    /// Size of labels that matter.
    pub(crate) normal: f64,
    /// Height kept free above for a heading.
    pub(crate) heading: f64,
    /// Whether the labels above the plot have a row of their own, below the axis' title.
    pub(crate) two_rows: bool,
    /// Longest line of a curve's label, in font sizes.
    pub(crate) label_room: f64,
}

/// The share of the surface that a line of a curve's label may take.
const LABEL_SHARE: f64 = 0.28;
/// Room between two labels side by side.
pub(crate) const GAP: f64 = 12.0;

impl Layout {
    /// The value of the horizontal axis under a pixel, within the axis.
    pub fn x_at(&self, pixel: f64) -> f64 {
        self.x.value(pixel)
    }

    /// The value of the vertical axis under a pixel, within the axis.
    pub fn y_at(&self, pixel: f64) -> f64 {
        self.y.value(pixel)
    }

    /// The pixel of a point; `None` where an axis cannot show the value (not finite, or not positive on a log axis).
    pub fn position(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        Some((self.x.pixel(x)?, self.y.pixel(y)?))
    }

    /// The figure's layout on a surface.
    pub(crate) fn of(figure: &Figure, surface: &Surface) -> Self {
        let narrow = surface.width < NARROW;
        let (small, normal) = if narrow { (11.0, 12.0) } else { (12.0, 13.0) };
        let heading = if surface.heading { 40.0 } else { 0.0 };
        let foot = if surface.heading {
            20.0 * notes(figure, surface).len() as f64 + 4.0
        } else {
            0.0
        };
        let top = heading + small * 2.7;
        let bottom = (surface.height - foot - small * 3.6).max(top + 1.0);
        let y_ticks = figure.y.ticks(y_count(bottom - top, figure.y.scale));
        let widest = |ticks: &[Tick]| {
            ticks
                .iter()
                .map(|t| text::width(&t.label, false) * small)
                .fold(0.0, f64::max)
        };
        let left = (WIDE_FONTS * widest(&y_ticks) + 10.0).clamp(16.0, surface.width * 0.4);
        let mut layout = Self {
            plot: Rect {
                left,
                top,
                right: (surface.width - 18.0).max(left + 1.0),
                bottom,
            },
            handle: None,
            x: Projection::new(&figure.x, left, left + 1.0),
            y: Projection::new(&figure.y, bottom, top),
            x_ticks: Vec::new(),
            y_ticks,
            small,
            normal,
            heading,
            two_rows: false,
            label_room: LABEL_SHARE * surface.width / normal,
        };
        layout.stretch(figure);
        let overhang = layout.overhang(figure);
        layout.plot.right = (layout.plot.right - overhang).max(left + 1.0);
        if layout.row_length(figure) > surface.width {
            layout.two_rows = true;
            layout.plot.top = (layout.plot.top + small * 1.5).min(bottom - 1.0);
        }
        layout.stretch(figure);
        let probe = widest(&figure.x.ticks(6));
        let room = layout.plot.width() / (probe + if narrow { 18.0 } else { 40.0 });
        // At most a handful, so the cast keeps the value.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = room.clamp(2.0, 12.0) as usize;
        layout.x_ticks = figure.x.ticks(count);
        layout.handle = figure.handle.as_ref().and_then(|h| layout.grip(h.x, h.y));
        layout
    }

    fn stretch(&mut self, figure: &Figure) {
        self.x = Projection::new(&figure.x, self.plot.left, self.plot.right);
        self.y = Projection::new(&figure.y, self.plot.bottom, self.plot.top);
    }

    /// How far labels at the ends of lines stick out of the plot on the right.
    fn overhang(&self, figure: &Figure) -> f64 {
        let ends = self.ends(figure).staying;
        let grip = figure.handle.as_ref().and_then(|h| self.grip(h.x, h.y));
        let beyond = ends
            .iter()
            .map(|end| end.x + end.clearance(grip) + 2.0 + self.length(end) - self.plot.right);
        beyond.fold(0.0, f64::max).min(self.plot.width() * 0.4)
    }

    /// What the axis' title and the labels of curves that leave through the top need in one row.
    fn row_length(&self, figure: &Figure) -> f64 {
        let ends = self.ends(figure).leaving;
        let labels = ends.iter().map(|end| self.length(end) + GAP);
        self.title_length(figure) + labels.sum::<f64>()
    }

    /// The length of the vertical axis' title with the gap after it.
    pub(crate) fn title_length(&self, figure: &Figure) -> f64 {
        WIDE_FONTS * text::width(&figure.y.title, false) * self.small + GAP
    }

    /// The length of a curve's label.
    pub(crate) fn length(&self, end: &End) -> f64 {
        let lines = end.label.iter().map(|line| self.bold_length(line));
        lines.fold(0.0, f64::max)
    }

    /// The length of a line of bold letters, in a wide font.
    pub(crate) fn bold_length(&self, line: &str) -> f64 {
        WIDE_FONTS * self.normal * text::width(line, true)
    }

    /// Where the curves of a figure end.
    pub(crate) fn ends(&self, figure: &Figure) -> Ends {
        Ends::of(self, figure)
    }

    /// The part of the plot between two values of an axis.
    pub(crate) fn across(&self, along: Along, from: f64, to: f64) -> Option<Rect> {
        let plot = self.plot;
        let rect = match along {
            Along::X => Rect {
                left: self.x.pixel(from)?.max(plot.left),
                right: self.x.pixel(to)?.min(plot.right),
                ..plot
            },
            Along::Y => Rect {
                top: self.y.pixel(to)?.max(plot.top),
                bottom: self.y.pixel(from)?.min(plot.bottom),
                ..plot
            },
        };
        (rect.left < rect.right && rect.top < rect.bottom).then_some(rect)
    }

    /// The visible pieces of a curve.
    pub(crate) fn pieces(&self, points: &[(f64, f64)]) -> Vec<Vec<Point>> {
        let broken = (f64::NAN, f64::NAN);
        let pixels: Vec<_> = points
            .iter()
            .map(|(x, y)| self.position(*x, *y).unwrap_or(broken))
            .collect();
        // A curve along the edge is not cut off by rounding.
        clip_polyline(&pixels, &self.plot.grown(1e-6))
    }

    /// Where the handle goes: on its point, or at the plot's edge where that is beyond it; just below the upper edge
    /// where it has no height.
    fn grip(&self, x: f64, y: Option<f64>) -> Option<Point> {
        let x = self.x.pixel(x)?.clamp(self.plot.left, self.plot.right);
        let edge = (self.plot.top + self.small).min(self.plot.bottom);
        let y = y.and_then(|y| self.y.pixel(y)).unwrap_or(edge);
        Some((x, y.clamp(self.plot.top, self.plot.bottom)))
    }
}

/// The notes under a picture file, broken to its width.
pub(crate) fn notes(figure: &Figure, surface: &Surface) -> Vec<String> {
    figure
        .notes
        .iter()
        .flat_map(|note| text::lines(note, (surface.width - 24.0) / 12.0))
        .collect()
}

fn y_count(height: f64, scale: Scale) -> usize {
    let gap = if scale == Scale::Log { 34.0 } else { 50.0 };
    // At most ten, so the cast keeps the value.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let count = (height / gap).clamp(2.0, 10.0) as usize;
    count
}

/// One axis laid along pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Projection {
    scale: Scale,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Projection {
    fn new(axis: &Axis, from: f64, to: f64) -> Self {
        Self {
            scale: axis.scale,
            low: axis.low,
            high: axis.high,
            from,
            to,
        }
    }

    fn spread(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value,
            Scale::Log => math::ln(value),
        }
    }

    /// The pixel of a value; `None` where there is none.
    pub(crate) fn pixel(&self, value: f64) -> Option<f64> {
        let (low, high) = (self.spread(self.low), self.spread(self.high));
        let share = (self.spread(value) - low) / (high - low);
        let pixel = self.from + share * (self.to - self.from);
        (pixel.is_finite() && low < high).then(|| pixel.clamp(-FAR, FAR))
    }

    /// The value under a pixel, within the axis; its lower end where the axis has no extent.
    fn value(&self, pixel: f64) -> f64 {
        let (low, high) = (self.spread(self.low), self.spread(self.high));
        let share = ((pixel - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        let spread = low + share * (high - low);
        let value = match self.scale {
            Scale::Linear => spread,
            Scale::Log => math::exp(spread),
        };
        if value.is_finite() && self.low < self.high {
            value.clamp(self.low, self.high)
        } else {
            self.low
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Unit;

    fn projection(scale: Scale, low: f64, high: f64) -> Projection {
        let axis = Axis {
            title: String::new(),
            unit: Unit::Number,
            scale,
            low,
            high,
        };
        Projection::new(&axis, 100.0, 300.0)
    }

    #[test]
    fn values_and_pixels_are_each_others_inverse() {
        for scale in [Scale::Linear, Scale::Log] {
            let p = projection(scale, 1.0, 100.0);
            for value in [1.0, 3.0, 10.0, 99.0, 100.0] {
                let back = p.value(p.pixel(value).unwrap());
                assert!(
                    (back - value).abs() < 1e-9 * value,
                    "{scale:?} {value} {back}"
                );
            }
        }
        assert_eq!(projection(Scale::Log, 1.0, 100.0).pixel(10.0), Some(200.0));
        assert_eq!(projection(Scale::Linear, 0.0, 2.0).pixel(0.5), Some(150.0));
    }

    #[test]
    fn a_pixel_outside_gives_the_nearest_value() {
        let p = projection(Scale::Linear, 0.0, 2.0);
        assert_eq!(p.value(0.0), 0.0);
        assert_eq!(p.value(1e9), 2.0);
    }

    #[test]
    fn what_cannot_be_shown_has_no_pixel() {
        assert_eq!(projection(Scale::Log, 1.0, 100.0).pixel(0.0), None);
        assert_eq!(projection(Scale::Log, 0.0, 100.0).pixel(1.0), None);
        assert_eq!(projection(Scale::Linear, 1.0, 1.0).pixel(1.0), None);
        assert_eq!(projection(Scale::Linear, 0.0, 1.0).pixel(f64::NAN), None);
        assert_eq!(projection(Scale::Linear, 1.0, 1.0).value(150.0), 1.0);
    }
}
