//! Attributes of a request before they are drawn: which values they can still have, given the way that was taken.
//!
//! E[A | a < A ≤ b] = (∫ₐᵇ P(A > x)dx + a·P(A > a) − b·P(A > b)) / (P(A > a) − P(A > b)).

use std::collections::BTreeMap;

use super::amount::Amount;
use super::law::Law;
use crate::distribution::Distribution;

/// What is known of one attribute.
#[derive(Debug, Clone, PartialEq)]
enum Known<'a> {
    /// Its law, where it lies above the first number and not above the second.
    Drawn(&'a Distribution, f64, f64),
    /// Its mean.
    Mean(Amount),
}

/// What is known of all attributes. One that was never set is 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Attributes<'a> {
    known: BTreeMap<&'a str, Known<'a>>,
}

impl<'a> Attributes<'a> {
    /// An attribute is drawn.
    pub(super) fn set(&mut self, name: &'a str, law: &'a Distribution) {
        self.known
            .insert(name, Known::Drawn(law, f64::NEG_INFINITY, f64::INFINITY));
    }

    /// The mean of an attribute.
    pub(super) fn mean(&self, name: &str) -> Amount {
        match self.known.get(name) {
            None => Amount::ONE,
            Some(Known::Mean(mean)) => *mean,
            Some(&Known::Drawn(law, above, most)) => {
                let mean = law.mean().unwrap_or(f64::INFINITY);
                if above < 0.0 && most == f64::INFINITY {
                    return Amount::exact(mean);
                }
                mean_between(law, above.max(0.0), most)
                    .map_or(Amount::at_least(mean), Amount::exact)
            }
        }
    }

    /// The probability that an attribute is above a value.
    pub(super) fn chance_above(&self, name: &str, value: f64) -> Amount {
        match self.known.get(name) {
            None => Amount::exact(f64::from(u8::from(1.0 > value))),
            Some(Known::Mean(_)) => Amount::at_most(0.5, 1.0),
            Some(&Known::Drawn(law, above, most)) => {
                let all = law.ccdf(above) - survival(law, most);
                if all <= 0.0 {
                    return Amount::at_most(0.5, 1.0);
                }
                let over = law.ccdf(value.max(above)) - survival(law, most);
                Amount::exact((over / all).clamp(0.0, 1.0))
            }
        }
    }

    /// An attribute is found to be above a value, or not.
    pub(super) fn learn(&mut self, name: &str, value: f64, is_above: bool) {
        if let Some(Known::Drawn(_, above, most)) = self.known.get_mut(name) {
            if is_above {
                *above = above.max(value);
            } else {
                *most = most.min(value);
            }
        }
    }

    /// After one of several ways, each with its probability: what was changed on one of them has a mean and no law.
    pub(super) fn merge(&mut self, ways: &[(Amount, Self)], before: &Self) {
        let names: Vec<&'a str> = ways
            .iter()
            .flat_map(|way| way.1.known.keys().copied())
            .collect();
        *self = before.clone();
        for name in names {
            let is_drawn_anew = |way: &(Amount, Self)| way.1.is_drawn_anew(name, before);
            if !ways.iter().any(is_drawn_anew) {
                continue;
            }
            let parts = ways.iter().map(|(share, way)| way.mean(name).times(*share));
            let mean = parts.fold(Amount::ZERO, Amount::plus);
            self.known.insert(name, Known::Mean(mean));
        }
    }

    fn is_drawn_anew(&self, name: &str, before: &Self) -> bool {
        match (self.known.get(name), before.known.get(name)) {
            (Some(&Known::Drawn(new, above, most)), Some(&Known::Drawn(old, low, high))) => {
                !std::ptr::eq(new, old) || above < low || most > high
            }
            (new, old) => new != old,
        }
    }
}

/// P(A > x), nothing beyond all numbers.
fn survival(law: &Distribution, x: f64) -> f64 {
    if x == f64::INFINITY { 0.0 } else { law.ccdf(x) }
}

fn mean_between(law: &Distribution, above: f64, most: f64) -> Option<f64> {
    let tails = (law.ccdf(above), survival(law, most));
    let share = tails.0 - tails.1;
    let of = Law::drawn(law, 1.0)?;
    if share <= 0.0 {
        return None;
    }
    let up_to = |x: f64| {
        if x == f64::INFINITY {
            of.mean()
        } else {
            of.mean_up_to(x)
        }
    };
    let beyond = if most == f64::INFINITY {
        0.0
    } else {
        most * tails.1
    };
    Some((up_to(most) - up_to(above) + above * tails.0 - beyond) / share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_narrow_a_law_down() {
        let law = Distribution::exponential(2.0);
        let mut known = Attributes::default();
        known.set("size", &law);
        assert_eq!(known.mean("size"), Amount::exact(2.0));
        assert_eq!(known.mean("unset"), Amount::ONE);
        let e = crate::math::exp(-1.0);
        let above = known.chance_above("size", 2.0);
        assert!(above.is_exact() && (above.value - e).abs() < 1e-12);
        // Memoryless: above 2 it is 2 and as much again.
        let mut large = known.clone();
        large.learn("size", 2.0, true);
        assert!((large.mean("size").value - 4.0).abs() < 1e-9);
        // Below, the rest of the mean: (2 − 4e⁻¹)/(1 − e⁻¹).
        let mut small = known.clone();
        small.learn("size", 2.0, false);
        let expected = (2.0 - 4.0 * e) / (1.0 - e);
        assert!((small.mean("size").value - expected).abs() < 1e-9);
        assert_eq!(small.chance_above("size", 2.0).value, 0.0);
        // After the ways have met nothing is known but what was before.
        let mut after = large.clone();
        after.merge(&[(above, large), (above.rest(), small)], &known);
        assert_eq!(after, known);
    }

    #[test]
    fn what_is_set_on_one_way_only_has_a_mean() {
        let law = Distribution::exponential(3.0);
        let before = Attributes::default();
        let mut way = before.clone();
        way.set("size", &law);
        let mut after = before.clone();
        let share = Amount::exact(0.25);
        after.merge(&[(share, way), (share.rest(), before.clone())], &before);
        assert_eq!(after.mean("size"), Amount::exact(0.25 * 3.0 + 0.75));
        assert!(
            after.chance_above("size", 1.0).is_unknown()
                || !after.chance_above("size", 1.0).is_exact()
        );
    }
}
