//! An amount before anything has run: known exactly, between two bounds, or only from below.

/// An amount that is not negative, and how far it is known.
///
/// ```
/// use sim_core::scenario::Amount;
/// assert!(Amount::exact(2.0).is_exact());
/// let at_least = Amount::at_least(0.5);
/// assert_eq!((at_least.low, at_least.value, at_least.high), (0.5, 0.5, f64::INFINITY));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// The best guess: what it is if nobody waits, nothing is lost and no try fails.
    pub value: f64,
    /// It is at least this for certain.
    pub low: f64,
    /// It is at most this for certain; infinite where nothing is known from above.
    pub high: f64,
}

impl Amount {
    /// Nothing, for certain.
    pub const ZERO: Self = Self::exact(0.0);
    /// One, for certain.
    pub const ONE: Self = Self::exact(1.0);

    /// Known exactly.
    pub const fn exact(value: f64) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// Known from below only: what is not known comes on top.
    pub const fn at_least(value: f64) -> Self {
        Self {
            value,
            low: value,
            high: f64::INFINITY,
        }
    }

    /// Between nothing and `high`.
    pub const fn at_most(value: f64, high: f64) -> Self {
        Self {
            value,
            low: 0.0,
            high,
        }
    }

    /// Whether nothing is left open.
    pub fn is_exact(&self) -> bool {
        self.low >= self.high
    }

    /// Whether it may be any number.
    pub fn is_unknown(&self) -> bool {
        self.low <= 0.0 && self.high == f64::INFINITY
    }

    /// Whether `value` lies within the bounds, give or take `slack`.
    pub fn admits(&self, value: f64, slack: f64) -> bool {
        (self.low - slack..=self.high + slack).contains(&value)
    }

    /// The same with nothing certain from below.
    #[must_use]
    pub(super) fn or_less(self) -> Self {
        Self { low: 0.0, ..self }
    }

    /// The same with nothing certain from above.
    #[must_use]
    pub(super) fn or_more(self) -> Self {
        Self {
            high: f64::INFINITY,
            ..self
        }
    }

    /// The same, and `most` at most.
    #[must_use]
    pub(super) fn capped(self, most: f64) -> Self {
        self.map(|it| it.min(most))
    }

    /// The sum of two amounts.
    #[must_use]
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            low: self.low + other.low,
            high: self.high + other.high,
        }
    }

    /// The product of two amounts.
    #[must_use]
    pub(super) fn times(self, other: Self) -> Self {
        Self {
            value: product(self.value, other.value),
            low: product(self.low, other.low),
            high: product(self.high, other.high),
        }
    }

    /// A multiple.
    #[must_use]
    pub(super) fn scaled(self, factor: f64) -> Self {
        self.map(|it| product(it, factor))
    }

    /// The other side of a probability.
    #[must_use]
    pub(super) fn rest(self) -> Self {
        let rest = |it: f64| (1.0 - it).max(0.0);
        Self {
            value: rest(self.value),
            low: rest(self.high),
            high: rest(self.low),
        }
    }

    /// A function that grows with the amount.
    #[must_use]
    pub(super) fn map(self, grows: impl Fn(f64) -> f64) -> Self {
        Self {
            value: grows(self.value),
            low: grows(self.low),
            high: grows(self.high),
        }
    }
}

/// A product in which nothing of something endless is nothing.
fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_amounts_stay_exact_and_bounds_multiply() {
        let (two, some) = (Amount::exact(2.0), Amount::at_most(0.5, 3.0));
        assert_eq!(two.times(two).plus(two), Amount::exact(6.0));
        assert_eq!(two.times(some), Amount::at_most(1.0, 6.0));
        assert_eq!(
            Amount::at_least(0.5).times(Amount::ZERO),
            Amount::exact(0.0)
        );
        assert!(Amount::at_least(0.0).is_unknown() && !some.is_unknown());
    }

    #[test]
    fn the_rest_of_a_probability_turns_the_bounds_around() {
        let chance = Amount {
            value: 0.5,
            low: 0.25,
            high: 1.0,
        };
        let rest = chance.rest();
        assert_eq!((rest.low, rest.value, rest.high), (0.0, 0.5, 0.75));
    }
}
