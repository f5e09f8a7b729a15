//! Bands: the values of an axis that are well, as a tint, or those that cannot be, hatched. Each says what it is.

use plotters_backend::DrawingBackend;

use super::cover::covered;
use super::geometry::{Rect, hatching, overlap};
use super::handle::REACH;
use super::layout::{Layout, WIDE_FONTS};
use super::pen::{Drawn, Pen, Script, tint};
use super::text::{self, Anchor};
use crate::figure::{Along, Figure, Layer, Role};

/// How far the label of an upright band may stick out of it, CSS pixels.
const OVERHANG: f64 = 6.0;
/// The share of a lying band's length that a line of its label may take.
const SHARE: f64 = 0.4;
/// Pixels of curve that the handle is worth when a label must cover one or the other.
const HANDLE: f64 = 1_000.0;
/// How opaque a tint is.
const TINT: f64 = 0.10;

/// A band on its plot.
struct Band<'a> {
    along: Along,
    rect: Rect,
    role: Role,
    label: &'a str,
    hatched: bool,
}

impl<'a> Band<'a> {
    /// The band of a layer; `None` for other layers, and where nothing of it lies within the plot.
    fn of(layout: &Layout, layer: &'a Layer) -> Option<Self> {
        let Layer::Band {
            along,
            from,
            to,
            role,
            label,
            hatched,
        } = layer
        else {
            return None;
        };
        Some(Self {
            along: *along,
            rect: layout.across(*along, *from, *to)?,
            role: *role,
            label,
            hatched: *hatched,
        })
    }

    /// The edge at which it begins.
    fn edge(&self) -> [(f64, f64); 2] {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = self.rect;
        match self.along {
            Along::X => [(left, top), (left, bottom)],
            Along::Y => [(left, bottom), (right, bottom)],
        }
    }
}

/// Draws a layer that is a band.
pub(crate) fn draw<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
    layer: &Layer,
) -> Drawn<B> {
    let Some(band) = Band::of(layout, layer) else {
        return Ok(());
    };
    let color = pen.theme.mark(band.role);
    if band.hatched {
        pen.fill(&band.rect, tint(color, TINT / 2.0))?;
        for (from, to) in hatching(&band.rect, 11.0) {
            pen.stroke(&[from, to], tint(color, 0.30), 1.0)?;
        }
        pen.stroke(&band.edge(), tint(color, 0.8), 1.25)?;
    } else {
        pen.fill(&band.rect, tint(color, TINT))?;
    }
    match Label::of(layout, figure, &band) {
        Some(label) => label.draw(pen, layout.small, &band),
        None => Ok(()),
    }
}

/// Whether `place` lies across a band of the vertical axis.
pub(crate) fn lie_across(layout: &Layout, figure: &Figure, place: &Rect) -> bool {
    let mut bands = figure.layers.iter().filter_map(|it| Band::of(layout, it));
    bands.any(|band| band.along == Along::Y && overlap(&band.rect, place))
}

/// Where the labels of a figure's bands stand.
pub(crate) fn labels(layout: &Layout, figure: &Figure) -> Vec<Rect> {
    let place = |layer: &Layer| {
        let band = Band::of(layout, layer)?;
        Some(Label::of(layout, figure, &band)?.place)
    };
    figure.layers.iter().filter_map(place).collect()
}

/// Where a band's label stands, and in which lines.
struct Label {
    place: Rect,
    lines: Vec<String>,
    /// Lines are level; otherwise the label stands upright.
    level: bool,
}

impl Label {
    /// The label of a band; `None` where there is no room for it.
    fn of(layout: &Layout, figure: &Figure, band: &Band) -> Option<Self> {
        match band.along {
            Along::X => Self::in_column(layout.small, band),
            Along::Y => Self::in_row(layout, figure, band),
        }
    }

    /// In as many lines as the band's width asks for, or upright where no word fits: at its top, or at its foot where it is
    /// hatched, since curves are high there.
    fn in_column(size: f64, band: &Band) -> Option<Self> {
        let (rect, label) = (&band.rect, band.label);
        let middle = f64::midpoint(rect.left, rect.right);
        let lines = few_lines(label, rect.width() / size);
        let widest = longest(&lines, size);
        let level = widest <= rect.width() + OVERHANG;
        let step = size * 1.3;
        let (width, height) = if level {
            (widest, step * lines.len() as f64)
        } else {
            (step, text::width(label, false) * size)
        };
        let margin = size * 0.4;
        if (!level && width > rect.width()) || height + 2.0 * margin > rect.height() {
            return None;
        }
        let top = if band.hatched {
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

    /// In the corner of the band where it hides the least.
    fn in_row(layout: &Layout, figure: &Figure, band: &Band) -> Option<Self> {
        let (rect, size) = (&band.rect, layout.small);
        let lines = few_lines(band.label, SHARE * rect.width() / size);
        let (width, height) = (
            WIDE_FONTS * longest(&lines, size),
            size * 1.3 * lines.len() as f64,
        );
        let margin = size * 0.5;
        if height > rect.height() || width + 2.0 * margin > rect.width() {
            return None;
        }
        let down = margin.min((rect.height() - height) / 2.0);
        let lefts = [rect.left + margin, rect.right - margin - width];
        let tops = [rect.top + down, rect.bottom - down - height];
        let places = lefts.into_iter().flat_map(|left| {
            tops.map(|top| Rect {
                left,
                top,
                right: left + width,
                bottom: top + height,
            })
        });
        let cost = |place: &Rect| {
            let grip = |(x, y)| {
                let ring = Rect {
                    left: x,
                    top: y,
                    right: x,
                    bottom: y,
                };
                overlap(place, &ring.grown(REACH))
            };
            let held = layout.handle.is_some_and(grip);
            covered(layout, figure, place) + if held { HANDLE } else { 0.0 }
        };
        let place = places.min_by(|a, b| cost(a).total_cmp(&cost(b)))?;
        Some(Self {
            place,
            lines,
            level: true,
        })
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Pen<B>, size: f64, band: &Band) -> Drawn<B> {
        let script = Script::new(size, pen.theme.text(band.role)).anchored(Anchor::Middle);
        let place = &self.place;
        let middle = f64::midpoint(place.left, place.right);
        if !self.level {
            let centre = f64::midpoint(place.top, place.bottom);
            return pen.text_on_halo(band.label, (middle, centre), script.upright());
        }
        let step = place.height() / self.lines.len() as f64;
        for (i, line) in self.lines.iter().enumerate() {
            let at = (middle, place.top + step * (i as f64 + 0.5));
            if band.hatched {
                pen.text_on_halo(line, at, script)?;
            } else {
                pen.text(line, at, script)?;
            }
        }
        Ok(())
    }
}

fn longest(lines: &[String], size: f64) -> f64 {
    let lengths = lines.iter().map(|line| text::width(line, false) * size);
    lengths.fold(0.0, f64::max)
}

/// `label` in lines of at most `room` font sizes; the words before a colon must do where all would be a column.
fn few_lines(label: &str, room: f64) -> Vec<String> {
    let all = text::lines(label, room);
    if all.len() <= 3 {
        return all;
    }
    text::lines(label.split(':').next().unwrap_or(label), room)
}
