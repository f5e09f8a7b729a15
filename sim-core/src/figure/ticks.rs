//! Few tick marks, at values people would choose, written as people would write them.
//!
//! Linear axes step by 1, 2 or 5 times a power of ten (times: by whole minutes and hours where those are the unit).
//! Logarithmic axes mark powers of ten, filled up with 2 and 5 where there is room (times above 10 s: a minute, ten
//! minutes, an hour, a day).

use crate::figure::format::{self, TimeScale};
use crate::figure::{Axis, Scale, Unit};
use crate::math;
use crate::math::order::ascending;

/// More ticks than this help nobody, whatever is asked for.
const MOST: usize = 40;

/// One tick mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where on the axis.
    pub value: f64,
    /// What is written beside it.
    pub label: String,
}

impl Axis {
    /// About `count` ticks within the axis, in rising order; none where the range is empty or not finite.
    pub fn ticks(&self, count: usize) -> Vec<Tick> {
        let sane = self.low.is_finite() && self.high.is_finite() && self.low < self.high;
        let count = count.clamp(1, MOST);
        match self.scale {
            _ if !sane => Vec::new(),
            Scale::Linear => self.linear(count),
            Scale::Log if self.low > 0.0 => self.logarithmic(count),
            Scale::Log => Vec::new(),
        }
    }

    fn linear(&self, count: usize) -> Vec<Tick> {
        let step = self.step((self.high - self.low) / count as f64);
        let first = (self.low / step - 1e-9).ceil();
        let slack = (self.high - self.low) * 1e-9;
        (0..=MOST)
            .map(|i| (first + i as f64) * step)
            .filter(|value| (self.low - slack..=self.high + slack).contains(value))
            // Adding zero turns a negative zero into a plain one.
            .map(|value| Tick {
                value: value + 0.0,
                label: self.linear_label(value + 0.0),
            })
            .collect()
    }

    /// The handy step nearest above `raw`.
    fn step(&self, raw: f64) -> f64 {
        let raw = if self.unit == Unit::Count {
            raw.max(1.0)
        } else {
            raw
        };
        match self.unit {
            Unit::Seconds if raw > 20.0 => time_step(raw),
            _ => decimal_step(raw),
        }
    }

    /// All labels of a linear time axis share one unit, that of its upper end.
    fn linear_label(&self, value: f64) -> String {
        match self.unit {
            _ if value == 0.0 && self.unit != Unit::Percent => "0".to_owned(),
            Unit::Seconds => {
                let scale = TimeScale::of(self.high.abs().max(self.low.abs()), 2);
                format!(
                    "{}\u{a0}{}",
                    format::number(value / scale.seconds, 6),
                    scale.name
                )
            }
            unit => format::with_digits(value, unit, 6),
        }
    }

    fn logarithmic(&self, count: usize) -> Vec<Tick> {
        let fits = |values: &Vec<f64>| values.len() <= count;
        let candidates = [
            self.ladder(&[1.0, 2.0, 5.0]),
            self.ladder(&[1.0, 3.0]),
            self.ladder(&[1.0]),
        ];
        let Some(sparsest) = candidates.last() else {
            return Vec::new();
        };
        let stride = sparsest.len().div_ceil(count).max(1);
        let thinned: Vec<f64> = sparsest.iter().copied().step_by(stride).collect();
        let values = candidates.iter().find(|c| fits(c)).unwrap_or(&thinned);
        if values.len() < 2 {
            return self
                .linear(count.min(4))
                .into_iter()
                .filter(|t| t.value > 0.0)
                .collect();
        }
        values
            .iter()
            .map(|&value| Tick {
                value,
                label: format::value(value, self.unit),
            })
            .collect()
    }

    /// The multiples in `factors` of each power of ten within the axis; for times the clock's own steps above 10 s.
    fn ladder(&self, factors: &[f64]) -> Vec<f64> {
        const CLOCK: [f64; 5] = [60.0, 600.0, 3_600.0, 36_000.0, 86_400.0];
        let timed = self.unit == Unit::Seconds;
        let decades = power(self.low)..=power(self.high);
        let decimal = decades.flat_map(|p| factors.iter().map(move |f| ten_to(p) * f));
        let decimal = decimal.filter(|value| !timed || *value <= 10.0 || *value > 86_400.0);
        let mut values: Vec<f64> = decimal.collect();
        if timed {
            values.extend(CLOCK);
        }
        let mut values = ascending(values);
        let (low, high) = (self.low * (1.0 - 1e-9), self.high * (1.0 + 1e-9));
        values.retain(|value| (low..=high).contains(value));
        values
    }
}

/// 1, 2 or 5 times a power of ten, at least `raw`.
fn decimal_step(raw: f64) -> f64 {
    let base = ten_to(power(raw));
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|f| f * base >= raw * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * base
}

/// A step in whole minutes, hours or days, at least `raw` seconds.
fn time_step(raw: f64) -> f64 {
    const STEPS: [f64; 12] = [
        30.0, 60.0, 120.0, 300.0, 600.0, 1_200.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0,
        43_200.0,
    ];
    let found = STEPS.into_iter().find(|step| *step >= raw);
    found.unwrap_or_else(|| decimal_step(raw / 86_400.0) * 86_400.0)
}

/// The power of ten at or below a positive `value`.
fn power(value: f64) -> i32 {
    let floor = math::log10(value).floor();
    // Within the exponents of f64, so the cast keeps the value.
    #[allow(clippy::cast_possible_truncation)]
    let floor = floor.clamp(-307.0, 307.0) as i32;
    floor
}

/// A power of ten as the decimal literal would give it.
fn ten_to(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(unit: Unit, scale: Scale, low: f64, high: f64) -> Axis {
        Axis {
            title: String::new(),
            unit,
            scale,
            low,
            high,
        }
    }

    fn labels(axis: &Axis, count: usize) -> Vec<String> {
        axis.ticks(count)
            .into_iter()
            .map(|t| t.label.replace('\u{a0}', " "))
            .collect()
    }

    #[test]
    fn percent_and_times_on_linear_axes() {
        let share = axis(Unit::Percent, Scale::Linear, 0.0, 1.2);
        assert_eq!(
            labels(&share, 6),
            ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %", "120 %"]
        );
        let time = axis(Unit::Seconds, Scale::Linear, 0.0, 0.25);
        assert_eq!(
            labels(&time, 5),
            ["0", "50 ms", "100 ms", "150 ms", "200 ms", "250 ms"]
        );
        let time = axis(Unit::Seconds, Scale::Linear, 0.0, 1.5);
        assert_eq!(labels(&time, 3), ["0", "0.5 s", "1 s", "1.5 s"]);
        let time = axis(Unit::Seconds, Scale::Linear, 0.0, 1_300.0);
        assert_eq!(
            labels(&time, 5),
            ["0", "5 min", "10 min", "15 min", "20 min"]
        );
    }

    #[test]
    fn a_log_axis_marks_decades_and_the_clock() {
        let time = axis(Unit::Seconds, Scale::Log, 0.01, 4_000.0);
        assert_eq!(
            labels(&time, 8),
            ["10 ms", "100 ms", "1 s", "10 s", "1 min", "10 min", "1 h"]
        );
        let short = axis(Unit::Seconds, Scale::Log, 0.01, 0.11);
        assert_eq!(labels(&short, 5), ["10 ms", "20 ms", "50 ms", "100 ms"]);
        let narrow = axis(Unit::Seconds, Scale::Log, 0.011, 0.016);
        assert!(labels(&narrow, 5).len() >= 2);
    }

    #[test]
    fn counts_step_by_whole_numbers() {
        let few = axis(Unit::Count, Scale::Linear, 0.0, 3.0);
        assert_eq!(labels(&few, 10), ["0", "1", "2", "3"]);
    }

    #[test]
    fn a_range_that_is_none_has_no_ticks() {
        for (low, high) in [
            (1.0, 1.0),
            (2.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
        ] {
            assert!(
                axis(Unit::Number, Scale::Linear, low, high)
                    .ticks(5)
                    .is_empty()
            );
        }
        assert!(axis(Unit::Number, Scale::Log, 0.0, 1.0).ticks(5).is_empty());
    }

    #[test]
    fn ticks_rise_lie_within_and_are_few_on_any_axis() {
        for unit in [
            Unit::Number,
            Unit::Percent,
            Unit::Seconds,
            Unit::PerSecond,
            Unit::Count,
        ] {
            for scale in [Scale::Linear, Scale::Log] {
                for (low, high) in [
                    (1e-300, 1e300),
                    (1e-9, 2e-9),
                    (3.0, 1e9),
                    (0.7, 1e5),
                    (-5.0, 5.0),
                ] {
                    for count in [0, 1, 4, 9, usize::MAX] {
                        let ticks = axis(unit, scale, low, high).ticks(count);
                        assert!(ticks.len() <= MOST + 1);
                        assert!(
                            ticks.windows(2).all(|w| w[0].value < w[1].value),
                            "{unit:?} {low} {high}"
                        );
                        let inside = |t: &Tick| {
                            t.value >= low - 1e-6 * high.abs() && t.value <= high * 1.001
                        };
                        assert!(
                            ticks.iter().all(inside),
                            "{unit:?} {scale:?} {low} {high} {ticks:?}"
                        );
                    }
                }
            }
        }
    }
}
