//! The data behind a figure, as tables of formatted cells.
//!
//! Curves and dots over a common axis share one table with a row for each measured point (or, without measurements, for
//! each tick); bars have a table of their own, and so have marked values and regions.

use crate::figure::format::{self, interval, value};
use crate::figure::{Along, Axis, Bar, Dot, Figure, Layer, Table, Unit};
use crate::math::order::ascending;

/// Rows of a table of curves that has no measured points to go by.
const CURVE_ROWS: usize = 12;

impl Figure {
    /// Every layer's data, in at most four tables.
    pub fn tables(&self) -> Vec<Table> {
        let marks = [Along::X, Along::Y].map(|along| self.marks(along));
        let all = [self.curves(), self.histogram()].into_iter().chain(marks);
        all.flatten().collect()
    }

    fn curves(&self) -> Option<Table> {
        let mut columns = vec![self.x.title.clone()];
        for layer in &self.layers {
            match layer {
                Layer::Line {
                    label,
                    dashed: true,
                    ..
                } => columns.push(format!("{label} (approximation)")),
                Layer::Line { label, .. }
                | Layer::Ribbon { label, .. }
                | Layer::Dots { label, .. } => columns.push(label.clone()),
                _ => {}
            }
        }
        let rows: Vec<_> = self.positions().into_iter().map(|x| self.row(x)).collect();
        let caption = format!(
            "{}: {} over {}",
            self.title,
            lower(&self.y.title),
            lower(&self.x.title)
        );
        (columns.len() > 1 && !rows.is_empty()).then_some(Table {
            caption,
            columns,
            rows,
        })
    }

    /// The x values worth a row: the measured ones, else the ticks.
    fn positions(&self) -> Vec<f64> {
        let dots = self.layers.iter().flat_map(|layer| match layer {
            Layer::Dots { points, .. } => points.as_slice(),
            _ => &[],
        });
        let mut xs: Vec<f64> = dots.map(|dot| self.place(dot.x)).collect();
        xs.extend(self.handle.as_ref().map(|handle| handle.x));
        if xs.len() < 3 {
            xs.extend(self.x.ticks(CURVE_ROWS).into_iter().map(|tick| tick.value));
        }
        xs.retain(|x| x.is_finite());
        let mut xs = ascending(xs);
        xs.dedup();
        xs
    }

    /// Where a dot belongs: on an axis of counts, dots set side by side of one number share its row.
    fn place(&self, x: f64) -> f64 {
        match self.x.unit {
            Unit::Count => x.round(),
            _ => x,
        }
    }

    fn row(&self, x: f64) -> Vec<String> {
        let mut cells = vec![value(x, self.x.unit)];
        for layer in &self.layers {
            match layer {
                Layer::Line { points, .. } => {
                    cells.push(at(points, x).map_or_else(dash, |y| value(y, self.y.unit)));
                }
                Layer::Ribbon { points, .. } => {
                    let end = |of: fn(&(f64, f64, f64)) -> f64| {
                        let ends: Vec<_> = points.iter().map(|it| (it.0, of(it))).collect();
                        at(&ends, x)
                    };
                    let ends = end(|it| it.1).zip(end(|it| it.2));
                    let cell = ends.map(|(low, high)| interval(low, high, self.y.unit));
                    cells.push(cell.unwrap_or_else(dash));
                }
                Layer::Dots { points, .. } => {
                    let dot = points.iter().find(|dot| self.place(dot.x) == x);
                    cells.push(dot.map_or_else(dash, |dot| measured(dot, self.y.unit)));
                }
                _ => {}
            }
        }
        cells
    }

    fn histogram(&self) -> Option<Table> {
        let mut rows = Vec::new();
        for layer in &self.layers {
            if let Layer::Bars { bars, label, .. } = layer {
                rows.extend(bars.iter().map(|bar| bar_row(bar, label, &self.x, &self.y)));
            }
        }
        let columns = vec![
            self.x.title.clone(),
            self.y.title.clone(),
            "What".to_owned(),
        ];
        let caption = format!("{}: bars", self.title);
        (!rows.is_empty()).then_some(Table {
            caption,
            columns,
            rows,
        })
    }

    /// Marked values and regions of one axis.
    fn marks(&self, of: Along) -> Option<Table> {
        let axis = match of {
            Along::X => &self.x,
            Along::Y => &self.y,
        };
        let row = |layer: &Layer| match layer {
            Layer::Rule {
                x, label, dashed, ..
            } if of == Along::X => {
                let approximate = if *dashed { " (approximation)" } else { "" };
                Some(vec![format!("{label}{approximate}"), value(*x, axis.unit)])
            }
            Layer::Band {
                along,
                from,
                to,
                label,
                ..
            } if *along == of => Some(vec![label.clone(), interval(*from, *to, axis.unit)]),
            _ => None,
        };
        let rows: Vec<_> = self.layers.iter().filter_map(row).collect();
        let columns = vec!["Mark".to_owned(), axis.title.clone()];
        let caption = format!("{}: marked values", self.title);
        (!rows.is_empty()).then_some(Table {
            caption,
            columns,
            rows,
        })
    }
}

/// A curve's height at `x`, between its neighbouring points; `None` outside it or where it is broken.
fn at(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let next = points.iter().position(|p| p.0 >= x)?;
    let (x1, y1) = points[next];
    if x1 == x {
        return y1.is_finite().then_some(y1);
    }
    let (x0, y0) = *points.get(next.checked_sub(1)?)?;
    let y = y0 + (y1 - y0) * ((x - x0) / (x1 - x0));
    y.is_finite().then_some(y)
}

fn measured(dot: &Dot, unit: Unit) -> String {
    let mut text = match (dot.low, dot.high) {
        (Some(low), Some(high)) => format::measured(dot.y, low, high, unit),
        _ => value(dot.y, unit),
    };
    if !dot.converged {
        text.push_str(", not converged");
    }
    text
}

fn bar_row(bar: &Bar, label: &str, x: &Axis, y: &Axis) -> Vec<String> {
    vec![
        interval(bar.from, bar.to, x.unit),
        value(bar.value, y.unit),
        label.to_owned(),
    ]
}

fn dash() -> String {
    "–".to_owned()
}

/// A title within a sentence. Names such as P99 stay as they are. Titles begin with plain letters, or with symbols that have no
/// case: the tables of all alphabets can stay away.
fn lower(title: &str) -> String {
    let mut lower = title.to_owned();
    let is_name = !title.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase);
    if let Some(first) = lower.get_mut(..1).filter(|_| !is_name) {
        first.make_ascii_lowercase();
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Role, Scale};

    fn figure(layers: Vec<Layer>) -> Figure {
        let axis = |title: &str, unit, high| Axis {
            title: title.to_owned(),
            unit,
            scale: Scale::Linear,
            low: 0.0,
            high,
        };
        Figure {
            id: "test",
            title: "Curve".to_owned(),
            x: axis("Utilization", Unit::Percent, 1.0),
            y: axis("Response time", Unit::Seconds, 2.0),
            layers,
            handle: None,
            description: String::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_measured_point_stands_beside_the_curve_at_its_place() {
        let line = Layer::Line {
            points: vec![(0.0, 0.0), (0.4, 0.4), (1.0, f64::NAN)],
            role: Role::Theory,
            label: "mean".to_owned(),
            dashed: true,
        };
        let dot = Dot {
            x: 0.2,
            y: 0.21,
            low: Some(0.19),
            high: Some(0.23),
            converged: false,
        };
        let dots = Layer::Dots {
            points: vec![
                dot,
                Dot { x: 0.7, ..dot },
                Dot {
                    x: 0.8,
                    low: None,
                    converged: true,
                    ..dot
                },
            ],
            role: Role::Simulation,
            label: "simulated mean".to_owned(),
        };
        let tables = figure(vec![line, dots]).tables();
        assert_eq!(tables.len(), 1);
        assert_eq!(
            tables[0].columns,
            ["Utilization", "mean (approximation)", "simulated mean"]
        );
        let row: Vec<_> = tables[0].rows[0]
            .iter()
            .map(|c| c.replace('\u{a0}', " "))
            .collect();
        assert_eq!(
            row,
            ["20 %", "200 ms", "210 ms (190–230 ms), not converged"]
        );
        assert_eq!(tables[0].rows[1][1], "–");
        assert_eq!(tables[0].rows[2][2].replace('\u{a0}', " "), "210 ms");
    }

    #[test]
    fn bars_and_marks_have_their_own_tables() {
        let bars = Layer::Bars {
            bars: vec![Bar {
                from: 0.1,
                to: 0.2,
                value: 3.0,
            }],
            role: Role::Simulation,
            label: "requests".to_owned(),
        };
        let rule = Layer::Rule {
            x: 0.5,
            role: Role::Tail,
            label: "P99".to_owned(),
            dashed: false,
        };
        let band = |along, from, to| Layer::Band {
            along,
            from,
            to,
            role: Role::Healthy,
            label: "target".to_owned(),
            hatched: false,
        };
        let (upright, level) = (band(Along::X, 0.6, 0.8), band(Along::Y, 0.5, 1.5));
        let tables = figure(vec![bars, rule, upright, level]).tables();
        assert_eq!(tables.len(), 3);
        assert_eq!(tables[0].rows, [["10–20\u{a0}%", "3\u{a0}s", "requests"]]);
        assert_eq!(
            tables[1].rows,
            [["P99", "50\u{a0}%"], ["target", "60–80\u{a0}%"]]
        );
        assert_eq!(tables[2].columns, ["Mark", "Response time"]);
        assert_eq!(tables[2].rows, [["target", "0.5–1.5\u{a0}s"]]);
    }

    #[test]
    fn dots_side_by_side_of_one_number_share_its_row() {
        let dots = |x, label: &str| Layer::Dots {
            points: vec![Dot {
                x,
                y: 1.0,
                low: None,
                high: None,
                converged: true,
            }],
            role: Role::Simulation,
            label: label.to_owned(),
        };
        let mut figure = figure(vec![dots(2.85, "A"), dots(3.15, "B")]);
        figure.x.unit = Unit::Count;
        let tables = figure.tables();
        let row = tables[0].rows.iter().find(|row| row[0] == "3").unwrap();
        assert_eq!(row[1..], ["1\u{a0}s", "1\u{a0}s"]);
    }

    #[test]
    fn a_curve_alone_is_read_off_at_the_ticks() {
        let points = vec![(0.0, 1.0), (1.0, 2.0)];
        let line = Layer::Line {
            points,
            role: Role::Theory,
            label: "mean".to_owned(),
            dashed: false,
        };
        let tables = figure(vec![line]).tables();
        assert!(tables[0].rows.len() > 5);
        assert!(
            tables[0]
                .rows
                .iter()
                .any(|row| row[0] == "50\u{a0}%" && row[1] == "1.5\u{a0}s")
        );
    }

    #[test]
    fn an_empty_figure_has_no_table() {
        assert!(figure(Vec::new()).tables().is_empty());
    }
}
