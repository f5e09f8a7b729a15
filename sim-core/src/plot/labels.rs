//! Direct labels: at the ends of curves and beside rules, kept apart from each other.

use plotters_backend::DrawingBackend;

use super::axes::title_row;
use super::bands;
use super::ends::End;
use super::geometry::{Rect, overlap, spread};
use super::key;
use super::layout::{GAP, Layout};
use super::pen::{Drawn, Pen, Script, tint};
use super::text::Anchor;
use crate::figure::{Figure, Layer};

/// Labels every curve: above the plot where it leaves through the top, else beside its end.
pub(crate) fn lines<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let ends = layout.ends(figure);
    above(pen, layout, figure, &ends.leaving)?;
    beside(pen, layout, &ends.staying)
}

fn above<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
    ends: &[End],
) -> Drawn<B> {
    let sizes: Vec<_> = ends.iter().map(|end| layout.length(end) + GAP).collect();
    let wishes: Vec<_> = ends.iter().map(|end| end.x).collect();
    let low = if layout.two_rows {
        -GAP / 2.0
    } else {
        layout.title_length(figure)
    };
    let centres = spread(&wishes, &sizes, low, pen.surface.width + GAP / 2.0);
    let row = title_row(layout);
    for (end, centre) in ends.iter().zip(centres) {
        let script = Script::new(layout.normal, pen.theme.text(end.role))
            .bold()
            .anchored(Anchor::Middle);
        let foot = (centre, row + layout.normal * 0.65);
        pen.stroke(
            &[(end.x, layout.plot.top), foot],
            tint(pen.theme.mark(end.role), 0.6),
            1.0,
        )?;
        pen.text(&end.label.join(" "), (centre, row), script)?;
    }
    Ok(())
}

fn beside<B: DrawingBackend>(pen: &mut Pen<B>, layout: &Layout, ends: &[End]) -> Drawn<B> {
    let step = layout.normal * 1.2;
    let height = |end: &End| step * end.label.len() as f64;
    let sizes: Vec<_> = ends.iter().map(height).collect();
    let wishes: Vec<_> = ends.iter().map(|end| end.y).collect();
    let centres = spread(&wishes, &sizes, layout.plot.top, layout.plot.bottom);
    for (end, centre) in ends.iter().zip(centres) {
        let script = Script::new(layout.normal, pen.theme.text(end.role)).bold();
        let clear = end.clearance(layout.handle);
        if (centre - end.y).abs() > layout.normal * 0.4 {
            let line = [(end.x + 1.0, end.y), (end.x + clear - 2.0, centre)];
            pen.stroke(&line, tint(pen.theme.mark(end.role), 0.6), 1.0)?;
        }
        let room = pen.surface.width - layout.length(end) - 2.0;
        let top = centre - (height(end) - step) / 2.0;
        for (i, line) in end.label.iter().enumerate() {
            let at = ((end.x + clear).min(room), top + step * i as f64);
            pen.text_on_halo(line, at, script)?;
        }
    }
    Ok(())
}

/// Where the labels stand that have no other place: those of bands, and keys.
pub(crate) fn placed(layout: &Layout, figure: &Figure) -> Vec<Rect> {
    let mut places = bands::labels(layout, figure);
    places.extend(key::places(layout, figure));
    places
}

/// Labels every rule near its top, each in the first row and on the side where it hides no other label, and crosses no
/// other rule if that can be had.
pub(crate) fn rules<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let plot = &layout.plot;
    let place = |layer| match layer {
        &Layer::Rule {
            x, role, ref label, ..
        } => {
            let x = layout
                .x
                .pixel(x)
                .filter(|x| (plot.left..=plot.right).contains(x))?;
            Some((x, role, label))
        }
        _ => None,
    };
    let marked: Vec<_> = figure.layers.iter().filter_map(place).collect();
    let rules: Vec<f64> = marked.iter().map(|(x, ..)| *x).collect();
    let mut taken = placed(layout, figure);
    for (x, role, label) in marked {
        let size = (layout.bold_length(label) + 4.0, layout.normal * 1.35);
        let place = rule_place(plot, x, size, &rules, &taken);
        let script = Script::new(layout.normal, pen.theme.text(role)).bold();
        pen.text_on_halo(
            label,
            (place.left + 2.0, f64::midpoint(place.top, place.bottom)),
            script,
        )?;
        taken.push(place);
    }
    Ok(())
}

fn rule_place(
    plot: &Rect,
    x: f64,
    (length, height): (f64, f64),
    rules: &[f64],
    taken: &[Rect],
) -> Rect {
    let rows = (0..=taken.len()).map(|row| plot.top + 2.0 + height * row as f64);
    let places: Vec<Rect> = rows
        .flat_map(|top| [x + 3.0, x - 3.0 - length].map(|left| (left, top)))
        .map(|(left, top)| Rect {
            left,
            top,
            right: left + length,
            bottom: top + height,
        })
        .filter(|place| place.left >= plot.left && place.right <= plot.right)
        .filter(|place| !taken.iter().any(|other| overlap(place, other)))
        .collect();
    let crosses = |place: &&Rect| {
        rules
            .iter()
            .any(|rule| *rule > place.left && *rule < place.right)
    };
    let found = places
        .iter()
        .find(|place| !crosses(place))
        .or_else(|| places.first());
    // A label wider than the plot on both sides of its rule starts at the plot's edge.
    let fallback = Rect {
        left: plot.left,
        top: plot.top,
        right: plot.left + length,
        bottom: plot.top + height,
    };
    *found.unwrap_or(&fallback)
}
