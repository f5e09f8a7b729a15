//! Drawing a [`Figure`] on any plotters backend: the browser's canvas, an SVG, a PNG. One code draws them all.
//!
//! Backends count in whole units. So that curves stay smooth, a backend unit is a fraction of a device pixel: a
//! [`Surface`] has [`Surface::fine`] units to the device pixel, and whoever owns the backend scales back by that (a canvas
//! transform, an SVG `viewBox`, averaging pixels).

use plotters_backend::{DrawingBackend, DrawingErrorKind};

use crate::figure::Figure;

mod axes;
mod bands;
mod cover;
mod ends;
#[cfg(feature = "plot-files")]
mod font;
mod geometry;
mod handle;
mod key;
mod labels;
mod layers;
pub mod layout;
mod pen;
#[cfg(feature = "plot-files")]
pub mod png;
#[cfg(feature = "plot-files")]
pub mod svg;
#[cfg(test)]
mod tests;
mod text;
pub mod theme;

pub use geometry::Rect;
pub use layout::Layout;
#[cfg(feature = "plot-files")]
pub use png::png;
#[cfg(feature = "plot-files")]
pub use svg::svg;
pub use theme::{Rgb, Theme};

use pen::{Pen, Script, tint};

/// What is drawn on: its size, its pixels, and what goes around the plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surface {
    /// Width, CSS pixels.
    width: f64,
    /// Height, CSS pixels.
    height: f64,
    /// Device pixels per CSS pixel.
    ratio: f64,
    /// Backend units per device pixel.
    fine: u32,
    /// What a backend makes of a font size, to be undone.
    lettering: f64,
    /// Whether the figure's title and notes are drawn too.
    heading: bool,
}

impl Surface {
    /// A surface of `width` by `height` CSS pixels with `ratio` device pixels to each; sizes are brought into
    /// 40..=8192, ratios into 0.25..=8.
    pub fn new(width: f64, height: f64, ratio: f64) -> Self {
        // A size that is not a number becomes the smallest.
        let within = |value: f64, low: f64, high: f64| value.max(low).min(high);
        Self {
            width: within(width, 40.0, 8192.0),
            height: within(height, 40.0, 8192.0),
            ratio: within(ratio, 0.25, 8.0),
            fine: 8,
            lettering: 1.0,
            heading: false,
        }
    }

    /// Backend units per device pixel: a canvas draws with its transform set to 1/`fine`.
    pub fn fine(&self) -> u32 {
        self.fine
    }

    /// Width and height in device pixels.
    pub fn pixels(&self) -> (u32, u32) {
        // At most 65 536, so the cast keeps the value.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let whole = |length: f64| (length * self.ratio).round() as u32;
        (whole(self.width), whole(self.height))
    }

    /// Backend units per CSS pixel.
    pub(crate) fn units(&self) -> f64 {
        self.ratio * f64::from(self.fine)
    }
}

/// Draws `figure` and says where everything went. To ease an axis, change its range in the figure before.
///
/// # Errors
/// What the backend reports.
pub fn draw<B: DrawingBackend>(
    figure: &Figure,
    backend: &mut B,
    surface: &Surface,
    theme: &Theme,
) -> Result<Layout, DrawingErrorKind<B::ErrorType>> {
    let layout = Layout::of(figure, surface);
    backend.ensure_prepared()?;
    let mut pen = Pen {
        backend,
        surface,
        theme,
    };
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: surface.width + 1.0,
        bottom: surface.height + 1.0,
    };
    pen.fill(&whole, tint(theme.paper, 1.0))?;
    axes::grid(&mut pen, &layout)?;
    for layer in &figure.layers {
        layers::draw(&mut pen, &layout, figure, layer)?;
    }
    axes::labels(&mut pen, &layout, figure)?;
    labels::lines(&mut pen, &layout, figure)?;
    key::draw(&mut pen, &layout, figure)?;
    labels::rules(&mut pen, &layout, figure)?;
    handle::draw(&mut pen, &layout, figure)?;
    if surface.heading {
        heading(&mut pen, figure)?;
    }
    pen.backend.present()?;
    Ok(layout)
}

/// A picture that stands alone has its title above and its notes below.
fn heading<B: DrawingBackend>(pen: &mut Pen<B>, figure: &Figure) -> pen::Drawn<B> {
    // System fonts may be a little wider than the table of widths says.
    let room = 0.92 * (pen.surface.width - 4.0) / text::width(&figure.title, true).max(1.0);
    let script = Script::new(room.min(17.0), pen.theme.ink).bold();
    pen.text(&figure.title, (2.0, 18.0), script)?;
    let notes = layout::notes(figure, pen.surface);
    for (i, note) in notes.iter().rev().enumerate() {
        let y = pen.surface.height - 12.0 - 20.0 * i as f64;
        pen.text(note, (2.0, y), Script::new(12.0, pen.theme.muted))?;
    }
    Ok(())
}
