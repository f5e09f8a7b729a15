//! Direct labels: at the ends of curves and beside rules, kept apart from each other.

use plotters_backend::DrawingBackend;

use super::axes::title_row;
use super::geometry::{Rect, spread};
use super::layout::Layout;
use super::pen::{Drawn, Pen, Script, tint};
use super::text::{Anchor, width};
use crate::figure::{Figure, Layer, Role};

/// A curve's label and where the curve ends.
struct End<'a> {
    label: &'a str,
    role: Role,
    x: f64,
    y: f64,
}

/// Labels every curve: above the plot where it leaves through the top, else beside its end.
pub(crate) fn lines<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let ends = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Line {
            points,
            role,
            label,
            ..
        } => {
            let (x, y) = *layout.pieces(points).last()?.last()?;
            Some(End {
                label,
                role: *role,
                x,
                y,
            })
        }
        _ => None,
    });
    let (leaving, staying): (Vec<_>, Vec<_>) = ends.partition(|end| end.y <= layout.plot.top + 0.5);
    above(pen, layout, figure, &leaving)?;
    beside(pen, layout, &staying)
}

fn above<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
    ends: &[End],
) -> Drawn<B> {
    let gap = 10.0;
    let sizes: Vec<_> = ends
        .iter()
        .map(|end| width(end.label, true) * layout.normal + gap)
        .collect();
    let wishes: Vec<_> = ends.iter().map(|end| end.x).collect();
    let low = 2.0 + width(&figure.y.title, false) * layout.small + gap;
    let centres = spread(&wishes, &sizes, low, pen.surface.width + gap / 2.0);
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
        pen.text(end.label, (centre, row), script)?;
    }
    Ok(())
}

fn beside<B: DrawingBackend>(pen: &mut Pen<B>, layout: &Layout, ends: &[End]) -> Drawn<B> {
    let sizes = vec![layout.normal * 1.2; ends.len()];
    let wishes: Vec<_> = ends.iter().map(|end| end.y).collect();
    let centres = spread(&wishes, &sizes, layout.plot.top, layout.plot.bottom);
    for (end, centre) in ends.iter().zip(centres) {
        let script = Script::new(layout.normal, pen.theme.text(end.role)).bold();
        if (centre - end.y).abs() > layout.normal * 0.4 {
            let line = [(end.x + 1.0, end.y), (end.x + 6.0, centre)];
            pen.stroke(&line, tint(pen.theme.mark(end.role), 0.6), 1.0)?;
        }
        pen.text(end.label, (end.x + 8.0, centre), script)?;
    }
    Ok(())
}

/// Labels every rule near its top, each in the first row where it hides no other.
pub(crate) fn rules<B: DrawingBackend>(
    pen: &mut Pen<B>,
    layout: &Layout,
    figure: &Figure,
) -> Drawn<B> {
    let mut taken: Vec<Rect> = Vec::new();
    for layer in &figure.layers {
        let Layer::Rule { x, role, label, .. } = layer else {
            continue;
        };
        let Some(x) = layout
            .x
            .pixel(*x)
            .filter(|x| (layout.plot.left..=layout.plot.right).contains(x))
        else {
            continue;
        };
        let place = rule_place(layout, x, width(label, true) * layout.normal, &taken);
        pen.fill(&place, tint(pen.theme.paper, 0.85))?;
        let script = Script::new(layout.normal, pen.theme.text(*role)).bold();
        pen.text(
            label,
            (place.left + 2.0, f64::midpoint(place.top, place.bottom)),
            script,
        )?;
        taken.push(place);
    }
    Ok(())
}

fn rule_place(layout: &Layout, x: f64, length: f64, taken: &[Rect]) -> Rect {
    let (height, plot) = (layout.normal * 1.35, &layout.plot);
    let fits = x + length + 8.0 <= plot.right;
    let left = if fits {
        x + 3.0
    } else {
        (x - length - 7.0).max(plot.left)
    };
    let row = |top: f64| Rect {
        left,
        top,
        right: left + length + 4.0,
        bottom: top + height,
    };
    let free = |place: &Rect| {
        let apart = |other: &Rect| {
            place.right < other.left
                || other.right < place.left
                || place.bottom <= other.top + 0.01
                || other.bottom <= place.top + 0.01
        };
        taken.iter().all(apart)
    };
    let rows = (0..taken.len()).map(|i| row(plot.top + 2.0 + height * i as f64));
    let mut rows = rows.filter(free);
    rows.next()
        .unwrap_or_else(|| row(plot.top + 2.0 + height * taken.len() as f64))
}
