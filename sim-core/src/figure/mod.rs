//! A plot as data: what to show, not how to draw it. Plain values, comparable in tests and serialisable.

use serde::{Deserialize, Serialize};

pub mod format;
pub mod table;
pub mod ticks;

/// One plot: two axes, layers drawn in order, and the same content in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Identifier within its exhibit, kebab-case.
    pub id: &'static str,
    /// Heading, in plain words.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What is drawn, back to front.
    pub layers: Vec<Layer>,
    /// The point the reader drags, if there is one.
    pub handle: Option<Handle>,
    /// The figure in one to three sentences, for those who do not see it. Follows the numbers.
    pub description: String,
    /// Short remarks under the figure ("dashed: an approximation", "hollow: not yet converged").
    pub notes: Vec<String>,
}

/// One axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// Title in plain words with the unit, such as `Response time`.
    pub title: String,
    /// How its values are written.
    pub unit: Unit,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// Lowest value shown.
    pub low: f64,
    /// Highest value shown.
    pub high: f64,
}

/// How positions follow values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal steps for equal differences.
    Linear,
    /// Equal steps for equal ratios; only positive values.
    Log,
}

/// How a number is written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A bare number.
    Number,
    /// A share, written in percent.
    Percent,
    /// Seconds, written in µs, ms, s, min or h as fits.
    Seconds,
    /// A rate per second, written per second, minute or hour as fits.
    PerSecond,
    /// A whole count.
    Count,
}

/// What a mark means; each has one colour everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Theory: ink.
    Theory,
    /// Simulation and policy A: blue.
    Simulation,
    /// The tail, P99: vermilion.
    Tail,
    /// P95: orange.
    HighPercentile,
    /// P50 and other quiet companions of the mean: grey ink.
    Median,
    /// Policy B and the healthy band: bluish green.
    Healthy,
    /// Overload: reddish purple.
    Overload,
}

/// One of a figure's two axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    /// The horizontal one.
    X,
    /// The vertical one.
    Y,
}

/// One layer of a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Layer {
    /// A band of values of one axis, across the whole plot, faintly tinted and labelled; `hatched` for a forbidden region.
    Band {
        /// Which axis' values: those of x stand upright, those of y lie.
        along: Along,
        /// From this value.
        from: f64,
        /// To this value.
        to: f64,
        /// What it means.
        role: Role,
        /// Its label.
        label: String,
        /// Drawn with hatching (no steady state) instead of a tint.
        hatched: bool,
    },
    /// A curve through points in x order, labelled at its right end.
    Line {
        /// (x, y) in x order; non-finite or out-of-range values break or clip the line.
        points: Vec<(f64, f64)>,
        /// What it means.
        role: Role,
        /// Label at its end.
        label: String,
        /// Dashed: an approximation.
        dashed: bool,
    },
    /// The band between the lower and the upper ends of intervals along a curve, faintly tinted.
    Ribbon {
        /// (x, low, high) in x order.
        points: Vec<(f64, f64, f64)>,
        /// What it means.
        role: Role,
        /// What it is, for the table.
        label: String,
    },
    /// Measured points with 95 % whiskers.
    Dots {
        /// The points.
        points: Vec<Dot>,
        /// What they mean.
        role: Role,
        /// What they are, for the table and the description.
        label: String,
    },
    /// Bars from the bottom axis.
    Bars {
        /// The bars, left to right.
        bars: Vec<Bar>,
        /// What they mean.
        role: Role,
        /// What they count.
        label: String,
    },
    /// A vertical rule at an x value with a label at its top.
    Rule {
        /// Where.
        x: f64,
        /// What it means.
        role: Role,
        /// Its label with its value, such as `P99 5 s`.
        label: String,
        /// Dashed: an approximation.
        dashed: bool,
    },
}

/// A measured point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Dot {
    /// Where on the horizontal axis.
    pub x: f64,
    /// The estimate.
    pub y: f64,
    /// Lower end of its 95 % interval, where there is one.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval, where there is one.
    pub high: Option<f64>,
    /// Drawn filled when converged, hollow when not.
    pub converged: bool,
}

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// Left edge.
    pub from: f64,
    /// Right edge.
    pub to: f64,
    /// Height.
    pub value: f64,
}

/// The operating point that asks to be dragged; moving it along x moves one control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Handle {
    /// Where on the horizontal axis, in the control's own value.
    pub x: f64,
    /// Where on the vertical axis; `None` when it has no finite height (overload): drawn at the top edge.
    pub y: Option<f64>,
    /// Key of the control it moves; the control's value is the x value.
    pub control: &'static str,
    /// Its numbers, to write beside it: short lines.
    pub label: Vec<String>,
}

/// The numbers behind a figure, for those who would rather read them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Column headings with units.
    pub columns: Vec<String>,
    /// Rows of formatted cells.
    pub rows: Vec<Vec<String>>,
}
