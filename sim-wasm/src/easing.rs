//! An axis that has to show other values glides there instead of jumping, so that the eye keeps hold of the curve.

use sim_core::figure::{Axis, Scale};
use sim_core::math;

/// Time constant, milliseconds.
const GLIDE: f64 = 70.0;
/// Share of the range below which a difference is not seen.
const SETTLED: f64 = 0.002;

/// What an axis shows on its way to what it should show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Easing {
    scale: Scale,
    low: f64,
    high: f64,
}

impl Easing {
    /// An axis at rest.
    pub(crate) fn at(axis: &Axis) -> Self {
        Self {
            scale: axis.scale,
            low: axis.low,
            high: axis.high,
        }
    }

    /// Moves `milliseconds` closer to `axis`, all the way where that is infinite, and sets the axis to what is shown. True while
    /// there is a way to go.
    pub(crate) fn glide(&mut self, axis: &mut Axis, milliseconds: f64) -> bool {
        let target = Self::at(axis);
        let ease = 1.0 - math::exp(-milliseconds.max(0.0) / GLIDE);
        let (low, high) = (
            self.toward(self.low, target.low, ease),
            self.toward(self.high, target.high, ease),
        );
        let range = target.place(target.high) - target.place(target.low);
        let off = |shown: f64, wanted: f64| {
            (target.place(shown) - target.place(wanted)).abs() > SETTLED * range
        };
        // Between a linear and a logarithmic axis there is no way to glide. NaN settles.
        let moving = self.scale == target.scale && (off(low, target.low) || off(high, target.high));
        *self = if moving {
            Self {
                scale: target.scale,
                low,
                high,
            }
        } else {
            target
        };
        (axis.low, axis.high) = (self.low, self.high);
        moving
    }

    fn toward(&self, from: f64, to: f64, share: f64) -> f64 {
        let place = self.place(from) + (self.place(to) - self.place(from)) * share;
        if self.scale == Scale::Log {
            math::exp(place)
        } else {
            place
        }
    }

    fn place(&self, value: f64) -> f64 {
        if self.scale == Scale::Log {
            math::ln(value)
        } else {
            value
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::figure::Unit;

    fn axis(scale: Scale, low: f64, high: f64) -> Axis {
        Axis {
            title: String::new(),
            unit: Unit::Number,
            scale,
            low,
            high,
        }
    }

    #[test]
    fn an_axis_glides_and_arrives() {
        for scale in [Scale::Linear, Scale::Log] {
            let mut easing = Easing::at(&axis(scale, 1.0, 10.0));
            let mut highs = Vec::new();
            loop {
                let mut shown = axis(scale, 1.0, 100.0);
                let moving = easing.glide(&mut shown, 16.0);
                highs.push(shown.high);
                if !moving {
                    break;
                }
            }
            assert!(
                highs.is_sorted() && highs.len() > 5 && highs.len() < 60,
                "{highs:?}"
            );
            assert_eq!(highs.last(), Some(&100.0));
        }
    }

    #[test]
    fn another_scale_and_no_patience_jump() {
        let mut easing = Easing::at(&axis(Scale::Linear, 0.0, 10.0));
        assert!(!easing.glide(&mut axis(Scale::Log, 0.1, 1.0), 16.0));
        assert!(!easing.glide(&mut axis(Scale::Log, 0.1, 1000.0), f64::INFINITY));
        assert_eq!(easing, Easing::at(&axis(Scale::Log, 0.1, 1000.0)));
    }
}
