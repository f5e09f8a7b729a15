//! Whatever the figure and the surface, drawing stays on the surface and never panics.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

mod labels;

use super::{Layout, Surface, Theme, draw};
use crate::figure::{Along, Axis, Bar, Dot, Figure, Handle, Layer, Role, Scale, Unit};

/// A backend that remembers what it was asked to draw.
#[derive(Default)]
struct Recorder {
    paths: Vec<Vec<BackendCoord>>,
    rectangles: Vec<(BackendCoord, BackendCoord)>,
    circles: Vec<(BackendCoord, (u8, u8, u8))>,
    texts: Vec<(String, BackendCoord)>,
}

type Drawn = Result<(), DrawingErrorKind<std::io::Error>>;

impl DrawingBackend for Recorder {
    type ErrorType = std::io::Error;

    fn get_size(&self) -> (u32, u32) {
        (0, 0)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        _: &S,
    ) -> Drawn {
        self.paths.push(path.into_iter().collect());
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        _: I,
        _: &S,
    ) -> Drawn {
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        _: &S,
        _: bool,
    ) -> Drawn {
        self.rectangles.push((from, to));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        at: BackendCoord,
        _: u32,
        style: &S,
        _: bool,
    ) -> Drawn {
        self.circles.push((at, style.color().rgb));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, _: &S, at: BackendCoord) -> Drawn {
        self.texts.push((text.to_owned(), at));
        Ok(())
    }
}

fn record(figure: &Figure, surface: &Surface) -> (Recorder, Layout) {
    let mut recorder = Recorder::default();
    let layout = draw(figure, &mut recorder, surface, &Theme::light()).unwrap();
    (recorder, layout)
}

fn axis(unit: Unit, scale: Scale, low: f64, high: f64) -> Axis {
    Axis {
        title: "Title".to_owned(),
        unit,
        scale,
        low,
        high,
    }
}

/// One of every layer.
fn full() -> Figure {
    let points: Vec<_> = (1..100)
        .map(|i| (f64::from(i) / 100.0, 1.0 / (1.0 - f64::from(i) / 100.0)))
        .collect();
    let line = |role, label: &str, dashed| Layer::Line {
        points: points.clone(),
        role,
        label: label.to_owned(),
        dashed,
    };
    let dot = |x, y, converged| Dot {
        x,
        y,
        low: Some(y * 0.9),
        high: Some(y * 1.1),
        converged,
    };
    let band = |from, to, hatched| Layer::Band {
        along: Along::X,
        from,
        to,
        role: Role::Healthy,
        label: "a band".to_owned(),
        hatched,
    };
    Figure {
        id: "full",
        title: "Full & <wide>".to_owned(),
        x: axis(Unit::Percent, Scale::Linear, 0.0, 1.2),
        y: axis(Unit::Seconds, Scale::Linear, 0.0, 20.0),
        layers: vec![
            band(0.6, 0.8, false),
            band(1.0, 1.2, true),
            line(Role::Theory, "mean", false),
            line(Role::Tail, "P99", true),
            Layer::Dots {
                points: vec![
                    dot(0.5, 2.0, true),
                    dot(0.9, 10.0, false),
                    dot(0.99, 100.0, true),
                ],
                role: Role::Simulation,
                label: "simulated".to_owned(),
            },
            Layer::Bars {
                bars: vec![
                    Bar {
                        from: 0.1,
                        to: 0.2,
                        value: 3.0,
                    },
                    Bar {
                        from: 0.2,
                        to: 0.3,
                        value: 1e-9,
                    },
                ],
                role: Role::Simulation,
                label: "bars".to_owned(),
            },
            Layer::Rule {
                x: 0.4,
                role: Role::Median,
                label: "P50".to_owned(),
                dashed: false,
            },
            Layer::Rule {
                x: 0.41,
                role: Role::Tail,
                label: "P90".to_owned(),
                dashed: true,
            },
        ],
        handle: Some(Handle {
            x: 0.9,
            y: Some(10.0),
            control: "utilization",
            label: vec!["90 %".to_owned(), "mean 10 s".to_owned()],
        }),
        description: "What is < seen & said.".to_owned(),
        notes: vec!["A note.".to_owned()],
    }
}

/// Numbers that make no sense on an axis.
const WEIRD: [f64; 7] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -1.0,
    1e300,
    1e-300,
];

/// Figures nobody means to draw.
fn weird() -> Vec<Figure> {
    let ends = WEIRD
        .into_iter()
        .flat_map(|low| WEIRD.map(|high| (low, high)));
    let scales = [Scale::Linear, Scale::Log];
    let axes =
        ends.flat_map(|(low, high)| scales.map(|scale| axis(Unit::Seconds, scale, low, high)));
    let on_axes = axes.flat_map(|axis| {
        let x = Axis {
            unit: Unit::Number,
            ..axis.clone()
        };
        [Figure { y: axis, ..full() }, Figure { x, ..full() }]
    });
    let handles = WEIRD.into_iter().flat_map(|x| {
        [None, Some(x)].map(|y| {
            let handle = Handle {
                x,
                y,
                control: "x",
                label: vec!["beyond".to_owned()],
            };
            Figure {
                layers: Vec::new(),
                handle: Some(handle),
                ..full()
            }
        })
    });
    let filled = WEIRD.map(|number| Figure {
        layers: weird_layers(number),
        ..full()
    });
    on_axes.chain(handles).chain(filled).collect()
}

fn weird_layers(number: f64) -> Vec<Layer> {
    let (role, label) = (Role::Tail, String::new());
    let line = |points| Layer::Line {
        points,
        role,
        label: label.clone(),
        dashed: true,
    };
    let band = |from, along| Layer::Band {
        along,
        from,
        to: number,
        role,
        label: label.clone(),
        hatched: true,
    };
    let dot = Dot {
        x: number,
        y: number,
        low: Some(number),
        high: Some(-number),
        converged: false,
    };
    let bar = Bar {
        from: number,
        to: 0.5,
        value: number,
    };
    vec![
        line(Vec::new()),
        line(vec![(number, 1.0), (0.5, number)]),
        Layer::Dots {
            points: vec![dot],
            role,
            label: label.clone(),
        },
        Layer::Bars {
            bars: vec![bar],
            role,
            label: label.clone(),
        },
        Layer::Rule {
            x: number,
            role,
            label: label.clone(),
            dashed: true,
        },
        band(number, Along::X),
        band(0.0, Along::X),
        band(number, Along::Y),
        band(0.0, Along::Y),
    ]
}

#[test]
fn any_figure_can_be_drawn_on_any_surface() {
    let sizes = [
        (0.0, 0.0),
        (320.0, 240.0),
        (1200.0, 600.0),
        (f64::NAN, f64::INFINITY),
        (1e9, 1.0),
    ];
    for figure in weird() {
        for (width, height) in sizes {
            record(&figure, &Surface::new(width, height, 1.0));
        }
    }
}

#[test]
fn curves_and_dots_keep_to_the_plot() {
    for (width, height) in [(320.0, 300.0), (1200.0, 520.0)] {
        let surface = Surface::new(width, height, 2.0);
        let (recorder, layout) = record(&full(), &surface);
        let units = surface.units();
        let plot = layout.plot;
        let long: Vec<_> = recorder
            .paths
            .iter()
            .filter(|path| path.len() > 3)
            .collect();
        assert!(!long.is_empty());
        for &(x, y) in long.into_iter().flatten() {
            let at = (f64::from(x) / units, f64::from(y) / units);
            assert!(plot.grown(0.5).contains(at), "{at:?} outside {plot:?}");
        }
        let blue = Theme::light().mark(Role::Simulation);
        let dots: Vec<_> = recorder
            .circles
            .iter()
            .filter(|(_, rgb)| *rgb == (blue.0, blue.1, blue.2))
            .collect();
        assert_eq!(dots.len(), 2, "the third lies above the axis");
    }
}

#[test]
fn everything_lies_on_the_surface() {
    for (width, height) in [
        (320.0, 300.0),
        (360.0, 340.0),
        (768.0, 400.0),
        (1200.0, 520.0),
    ] {
        let surface = Surface::new(width, height, 1.0);
        let (recorder, _) = record(&full(), &surface);
        let units = surface.units();
        for (text, (x, y)) in &recorder.texts {
            let (x, y) = (f64::from(*x) / units, f64::from(*y) / units);
            assert!(
                (0.0..=width).contains(&x) && (0.0..=height).contains(&y),
                "{text} at {x}, {y}"
            );
        }
    }
}

#[test]
fn the_handle_is_drawn_on_its_point() {
    let surface = Surface::new(800.0, 400.0, 1.0);
    let (recorder, layout) = record(&full(), &surface);
    let (x, y) = layout.handle.unwrap();
    assert_eq!(layout.position(0.9, 10.0), Some((x, y)));
    assert!((layout.x_at(x) - 0.9).abs() < 1e-9 && (layout.y_at(y) - 10.0).abs() < 1e-9);
    let ink = Theme::light().ink;
    let (last, _) = recorder
        .circles
        .iter()
        .rev()
        .find(|(_, rgb)| *rgb == (ink.0, ink.1, ink.2))
        .unwrap();
    assert!((f64::from(last.0) / surface.units() - x).abs() < 0.1);
}

#[test]
fn a_handle_beyond_the_top_stays_in_reach() {
    let mut figure = full();
    for y in [None, Some(1e9)] {
        figure.handle = Some(Handle {
            x: 1.1,
            y,
            control: "utilization",
            label: vec!["110 %".to_owned()],
        });
        let (_, layout) = record(&figure, &Surface::new(800.0, 400.0, 1.0));
        assert!(layout.plot.contains(layout.handle.unwrap()));
    }
}

#[test]
fn a_smaller_surface_has_fewer_ticks() {
    let count = |width, height| {
        let (_, layout) = record(&full(), &Surface::new(width, height, 1.0));
        (layout.x_ticks.len(), layout.y_ticks.len())
    };
    let (narrow, wide) = (count(320.0, 260.0), count(1200.0, 600.0));
    assert!(
        narrow.0 < wide.0 && narrow.1 < wide.1,
        "{narrow:?} {wide:?}"
    );
    assert!(narrow.0 >= 3 && narrow.1 >= 2);
}

#[test]
fn tick_labels_do_not_touch() {
    for width in [320.0, 390.0, 600.0, 1200.0] {
        let (_, layout) = record(&full(), &Surface::new(width, 400.0, 1.0));
        let ends: Vec<_> = layout
            .x_ticks
            .iter()
            .map(|tick| {
                let half = crate::plot::text::width(&tick.label, false) * layout.small / 2.0;
                let x = layout.x.pixel(tick.value).unwrap();
                (x - half, x + half)
            })
            .collect();
        assert!(
            ends.windows(2).all(|pair| pair[0].1 + 4.0 < pair[1].0),
            "{width}: {ends:?}"
        );
    }
}

#[cfg(feature = "plot-files")]
mod files {
    use super::*;
    use crate::plot::{png, svg};

    #[test]
    fn an_svg_tells_what_it_shows() {
        let text = svg(&full(), 800, 400, &Theme::light());
        assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
        assert!(text.contains("<title id=\"title\">Full &amp; &lt;wide&gt;</title>"));
        assert!(text.contains("What is &lt; seen &amp; said."));
        assert!(text.contains(">\nmean\n<") && text.contains(">\nA note.\n<"));
        assert_eq!(text.matches("<svg ").count(), 1);
    }

    #[test]
    fn a_png_is_a_png_of_twice_the_size_with_letters() {
        let decode = |bytes: &[u8]| {
            let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes))
                .read_info()
                .unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            (info.width, info.height, pixels)
        };
        let with = full();
        let without = Figure {
            title: String::new(),
            ..full()
        };
        let (width, height, pixels) = decode(&png(&with, 320, 240, &Theme::light()).unwrap());
        assert_eq!((width, height), (640, 480));
        let (.., bare) = decode(&png(&without, 320, 240, &Theme::light()).unwrap());
        // The title is the only difference, and ink stands in its place.
        let ink = |pixels: &[u8]| {
            pixels[..640 * 60 * 3]
                .chunks(3)
                .filter(|p| p[0] < 80)
                .count()
        };
        assert!(
            ink(&pixels) > ink(&bare) + 200,
            "{} {}",
            ink(&pixels),
            ink(&bare)
        );
    }

    #[test]
    fn weird_figures_make_files_too() {
        for figure in weird().iter().step_by(7) {
            assert!(svg(figure, 320, 240, &Theme::dark()).contains("</svg>"));
            assert!(png(figure, 60, 40, &Theme::dark()).is_ok());
        }
    }
}
