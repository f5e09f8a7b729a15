//! A pen that draws in CSS pixels on a plotters backend, whose own coordinates are whole numbers.

use plotters_backend::{BackendColor, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::Surface;
use super::geometry::{Point, Rect};
use super::text::{Anchor, Lettering};
use super::theme::{Rgb, Theme};

/// What drawing returns.
pub(crate) type Drawn<B> = Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

/// A colour with an opacity.
pub(crate) fn tint(Rgb(r, g, b): Rgb, alpha: f64) -> BackendColor {
    BackendColor {
        alpha,
        rgb: (r, g, b),
    }
}

/// Points of a polyline nearer than this, CSS pixels, look like one.
const CLOSE: f64 = 1.5;
/// Width of the paper around a text that stands on other things, CSS pixels.
const HALO: f64 = 2.0;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) upright: bool,
    pub(crate) anchor: Anchor,
    pub(crate) color: Rgb,
}

impl Script {
    pub(crate) fn new(size: f64, color: Rgb) -> Self {
        Self {
            size,
            bold: false,
            upright: false,
            anchor: Anchor::Left,
            color,
        }
    }

    pub(crate) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) fn upright(self) -> Self {
        Self {
            upright: true,
            ..self
        }
    }

    pub(crate) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

struct Stroke {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// Draws in CSS pixels from the top left.
pub(crate) struct Pen<'a, B: DrawingBackend> {
    pub(crate) backend: &'a mut B,
    pub(crate) surface: &'a Surface,
    pub(crate) theme: &'a Theme,
}

impl<B: DrawingBackend> Pen<'_, B> {
    /// Backend units; within ±10⁶ so that no backend's arithmetic overflows.
    fn units(&self, length: f64) -> i32 {
        // The clamp keeps the value within an i32; NaN becomes 0.
        #[allow(clippy::cast_possible_truncation)]
        let units = (length * self.surface.units()).round().clamp(-1e6, 1e6) as i32;
        units
    }

    fn at(&self, (x, y): Point) -> (i32, i32) {
        (self.units(x), self.units(y))
    }

    fn length(&self, length: f64) -> u32 {
        self.units(length).unsigned_abs().max(1)
    }

    /// The nearest whole device pixel, in CSS pixels.
    pub(crate) fn snapped(&self, position: f64) -> f64 {
        (position * self.surface.ratio).round() / self.surface.ratio
    }

    /// A polyline. Points too close to the one before to be seen are left out: rasterisers stumble over them.
    pub(crate) fn stroke(&mut self, points: &[Point], color: BackendColor, width: f64) -> Drawn<B> {
        let Some(&last) = points.last() else {
            return Ok(());
        };
        let mut kept: Vec<Point> = Vec::with_capacity(points.len());
        for &(x, y) in points {
            if kept
                .last()
                .is_none_or(|(px, py)| (x - px).abs() + (y - py).abs() >= CLOSE)
            {
                kept.push((x, y));
            }
        }
        if kept.len() > 1 {
            kept.pop();
        }
        kept.push(last);
        let mut path: Vec<_> = kept.iter().map(|p| self.at(*p)).collect();
        path.dedup();
        if path.len() < 2 {
            return Ok(());
        }
        let style = Stroke {
            color,
            width: self.length(width),
        };
        self.backend.draw_path(path, &style)
    }

    /// A filled rectangle.
    pub(crate) fn fill(&mut self, rect: &Rect, color: BackendColor) -> Drawn<B> {
        let (from, to) = (
            self.at((rect.left, rect.top)),
            self.at((rect.right, rect.bottom)),
        );
        if to.0 <= from.0 || to.1 <= from.1 {
            return Ok(());
        }
        self.backend.draw_rect(from, to, &color, true)
    }

    /// A horizontal hairline on whole device pixels, never blurred.
    pub(crate) fn horizontal(&mut self, y: f64, left: f64, right: f64, color: Rgb) -> Drawn<B> {
        let top = self.snapped(y);
        let thickness = 1.0_f64.max(self.surface.ratio.round()) / self.surface.ratio;
        self.fill(
            &Rect {
                left,
                top,
                right,
                bottom: top + thickness,
            },
            tint(color, 1.0),
        )
    }

    /// A vertical hairline on whole device pixels.
    pub(crate) fn vertical(&mut self, x: f64, top: f64, bottom: f64, color: Rgb) -> Drawn<B> {
        let left = self.snapped(x);
        let thickness = 1.0_f64.max(self.surface.ratio.round()) / self.surface.ratio;
        self.fill(
            &Rect {
                left,
                top,
                right: left + thickness,
                bottom,
            },
            tint(color, 1.0),
        )
    }

    /// A filled circle.
    pub(crate) fn disc(&mut self, centre: Point, radius: f64, color: BackendColor) -> Drawn<B> {
        let (centre, radius) = (self.at(centre), self.length(radius));
        self.backend.draw_circle(centre, radius, &color, true)
    }

    /// A filled polygon.
    pub(crate) fn polygon(&mut self, points: &[Point], color: BackendColor) -> Drawn<B> {
        let path: Vec<_> = points.iter().map(|p| self.at(*p)).collect();
        self.backend.fill_polygon(path, &color)
    }

    /// A line of text on a halo of paper, readable on whatever lies below.
    pub(crate) fn text_on_halo(&mut self, text: &str, at: Point, script: Script) -> Drawn<B> {
        let paper = Script {
            color: self.theme.paper,
            ..script
        };
        for (dx, dy) in [(1.0, 0.0), (0.7, 0.7), (0.0, 1.0), (-0.7, 0.7)] {
            for side in [-HALO, HALO] {
                self.text(text, (at.0 + side * dx, at.1 + side * dy), paper)?;
            }
        }
        self.text(text, at, script)
    }

    /// A line of text, vertically centred on its point.
    pub(crate) fn text(&mut self, text: &str, at: Point, script: Script) -> Drawn<B> {
        if text.is_empty() {
            return Ok(());
        }
        let lettering = Lettering {
            family: self.theme.font,
            size: script.size * self.surface.units() * self.surface.lettering,
            bold: script.bold,
            upright: script.upright,
            anchor: script.anchor,
            color: tint(script.color, 1.0),
        };
        let at = self.at(at);
        self.backend.draw_text(text, &lettering, at)
    }
}
