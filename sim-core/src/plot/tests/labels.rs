//! Labels of bands that lie, and of curves that end in the same place.

use super::*;
use crate::plot::Rect;

/// A curve from the left edge by way of a height in the middle to the upper right corner.
fn curve(middle: f64, role: Role, label: &str) -> Layer {
    Layer::Line {
        points: vec![(0.0, middle / 2.0), (0.6, middle), (1.2, 20.0)],
        role,
        label: label.to_owned(),
        dashed: false,
    }
}

fn figure(layers: Vec<Layer>) -> Figure {
    Figure {
        layers,
        handle: None,
        ..full()
    }
}

/// Where a text stands, CSS pixels.
fn place(recorder: &Recorder, surface: &Surface, text: &str) -> (f64, f64) {
    let found = recorder.texts.iter().rev().find(|it| it.0 == text);
    let (x, y) = found.unwrap_or_else(|| panic!("no {text}")).1;
    (
        f64::from(x) / surface.units(),
        f64::from(y) / surface.units(),
    )
}

const SIZES: [(f64, f64); 3] = [(360.0, 300.0), (530.0, 320.0), (1100.0, 400.0)];

#[test]
fn curves_that_end_together_have_a_key_in_their_order() {
    let all = figure(vec![
        curve(4.0, Role::Simulation, "low"),
        curve(12.0, Role::Median, "high"),
        curve(8.0, Role::Healthy, "middle"),
    ]);
    for (width, height) in SIZES {
        let surface = Surface::new(width, height, 1.0);
        let (recorder, layout) = record(&all, &surface);
        let places = ["high", "middle", "low"].map(|it| place(&recorder, &surface, it));
        for pair in places.windows(2) {
            assert!((pair[0].0 - pair[1].0).abs() < 1.0, "{places:?}");
            assert!(pair[0].1 + layout.normal < pair[1].1, "{places:?}");
        }
        assert!(places.iter().all(|at| layout.plot.contains(*at)));
    }
    // Two of them have their names at the edge.
    let two = figure(vec![
        curve(4.0, Role::Simulation, "low"),
        curve(12.0, Role::Median, "high"),
    ]);
    let surface = Surface::new(530.0, 320.0, 1.0);
    let (recorder, layout) = record(&two, &surface);
    for name in ["low", "high"] {
        assert!(!layout.plot.contains(place(&recorder, &surface, name)));
    }
}

#[test]
fn a_lying_band_goes_across_and_says_what_it_is_where_no_curve_is() {
    let band = Layer::Band {
        along: Along::Y,
        from: 14.0,
        to: 19.0,
        role: Role::Healthy,
        label: "most live here".to_owned(),
        hatched: false,
    };
    // One curve crosses the band on the right alone, the other goes up and down in it on the left.
    let mut points: Vec<_> = (0..10)
        .map(|i| (f64::from(i) * 0.05, if i % 2 == 0 { 18.5 } else { 14.5 }))
        .collect();
    points.extend([(0.5, 1.0), (1.2, 1.0)]);
    let falling = Layer::Line {
        points,
        role: Role::Theory,
        label: "falling".to_owned(),
        dashed: false,
    };
    let rising = curve(4.0, Role::Theory, "rising");
    for (width, height) in SIZES {
        let surface = Surface::new(width, height, 1.0);
        for (line, is_left) in [(&rising, true), (&falling, false)] {
            let (recorder, layout) = record(&figure(vec![band.clone(), line.clone()]), &surface);
            let (top, bottom) = (layout.y.pixel(19.0).unwrap(), layout.y.pixel(14.0).unwrap());
            let rect = Rect {
                top,
                bottom,
                ..layout.plot
            };
            let units = surface.units();
            let corner = |(x, y): (i32, i32)| (f64::from(x) / units, f64::from(y) / units);
            let is_there = recorder.rectangles.iter().any(|&(from, to)| {
                let (from, to) = (corner(from), corner(to));
                let edges = [
                    from.0 - rect.left,
                    from.1 - rect.top,
                    to.0 - rect.right,
                    to.1 - rect.bottom,
                ];
                edges.iter().all(|it| it.abs() < 1.0)
            });
            assert!(is_there, "{:?}", recorder.rectangles);
            let text = recorder.texts.iter().find(|it| it.0.starts_with("most"));
            let at = corner(text.unwrap().1);
            let middle = f64::midpoint(rect.left, rect.right);
            assert!(rect.contains(at) && (at.0 < middle) == is_left, "{at:?}");
        }
    }
}
