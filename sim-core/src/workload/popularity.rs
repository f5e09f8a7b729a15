//! How popular keys are, for theory: groups of keys that are asked for about equally often.
//!
//! Zipf's ranks beyond 1024 are grouped, each group at most 1/1024 as wide as its first rank is high, with the mean
//! probability of its ranks: sums of smooth functions over ranks then are right to about 10⁻⁷ of themselves. The sum of r^−α over a group is
//! that of the Euler–Maclaurin formula in its midpoint form,
//!
//! Σ f(r), r = a..b  ≈  ∫ f from a − ½ to b + ½  −  (f′(b + ½) − f′(a − ½))/24  +  7·(f‴(b + ½) − f‴(a − ½))/5760,
//!
//! exact to the last digits from a = 1024 on. Source: *NIST Handbook of Mathematical Functions*, section 2.10(i).

use crate::math;

/// Ranks that stay by themselves.
const SINGLE: u64 = 1024;

/// Keys that are asked for equally often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// How many.
    pub items: f64,
    /// Of all requests, the share that asks for each of them.
    pub probability: f64,
}

/// The law of independent requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Popularity {
    /// Keys that come again. All probabilities and [`Popularity::never_again`] add up to one.
    pub groups: Vec<Group>,
    /// The share of requests for keys that nobody asks for again.
    pub never_again: f64,
}

impl Popularity {
    /// The same with every probability `share` times as large.
    pub(super) fn scaled(mut self, share: f64) -> Self {
        for group in &mut self.groups {
            group.probability *= share;
        }
        self.never_again *= share;
        self
    }

    /// Number of keys that come again.
    pub fn items(&self) -> f64 {
        self.groups.iter().map(|group| group.items).sum()
    }

    /// The same law with fewer groups, for pictures and estimates: neighbours are taken together until they are a share of
    /// 1/`fineness` of all keys up to them. Sums of smooth functions over keys move by less than 1/fineness² of themselves.
    #[must_use]
    pub fn coarse(&self, fineness: f64) -> Self {
        let mut groups = Vec::new();
        let (mut before, mut items, mut mass) = (0.0, 0.0, 0.0);
        for (at, group) in self.groups.iter().enumerate() {
            items += group.items;
            mass += group.items * group.probability;
            if items * fineness >= before + items || at + 1 == self.groups.len() {
                groups.push(Group {
                    items,
                    probability: mass / items,
                });
                before += items;
                (items, mass) = (0.0, 0.0);
            }
        }
        Self {
            groups,
            never_again: self.never_again,
        }
    }
}

/// Zipf's law over `items` keys.
pub(super) fn zipf_groups(items: u64, alpha: f64) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut first = 1;
    while first <= items {
        let width = (first / SINGLE).max(1).min(items + 1 - first);
        let mass = if first < SINGLE {
            math::pow(first as f64, -alpha)
        } else {
            power_sum(first as f64, (first + width - 1) as f64, alpha)
        };
        groups.push(Group {
            items: width as f64,
            probability: mass / width as f64,
        });
        first += width;
    }
    let total: f64 = groups.iter().map(|it| it.items * it.probability).sum();
    for group in &mut groups {
        group.probability /= total;
    }
    groups
}

/// Σ r^−α over r = `a`..=`b`, `a` at least [`SINGLE`].
fn power_sum(a: f64, b: f64, alpha: f64) -> f64 {
    let (low, high) = (a - 0.5, b + 0.5);
    let first = |x: f64| -alpha * math::pow(x, -alpha - 1.0);
    let third = |x: f64| -alpha * (alpha + 1.0) * (alpha + 2.0) * math::pow(x, -alpha - 3.0);
    integral(low, high, alpha) - (first(high) - first(low)) / 24.0
        + 7.0 * (third(high) - third(low)) / 5760.0
}

/// ∫ x^−α from `low` to `high`, without cancellation near α = 1.
fn integral(low: f64, high: f64, alpha: f64) -> f64 {
    let (power, octaves) = (1.0 - alpha, math::ln(high / low));
    let growth = power * octaves;
    let mean = if growth.abs() < 1e-300 {
        octaves
    } else {
        octaves * math::exp_m1(growth) / growth
    };
    math::pow(low, power) * mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_sums_are_those_of_the_terms() {
        for alpha in [0.0, 0.5, 0.999_999, 1.0, 1.2, 3.0, 10.0] {
            for (a, b) in [(1024, 1024), (1024, 1025), (5000, 5004), (1024, 50_000)] {
                let terms: f64 = (a..=b).rev().map(|r| libm::pow(f64::from(r), -alpha)).sum();
                let found = power_sum(f64::from(a), f64::from(b), alpha);
                assert!((found / terms - 1.0).abs() < 1e-12, "α {alpha}, {a}..={b}");
            }
        }
    }

    #[test]
    fn groups_hold_every_key_and_the_whole_probability() {
        for (items, alpha) in [
            (1, 1.0),
            (1024, 0.7),
            (1_000_003, 1.0),
            (1_000_000_000, 0.6),
        ] {
            let groups = zipf_groups(items, alpha);
            let count: f64 = groups.iter().map(|it| it.items).sum();
            let total: f64 = groups.iter().map(|it| it.items * it.probability).sum();
            assert_eq!(count, items as f64);
            assert!((total - 1.0).abs() < 1e-12);
            assert!(
                groups
                    .windows(2)
                    .all(|it| it[1].probability <= it[0].probability)
            );
            assert!(groups.len() < 20_000, "{}", groups.len());
        }
        // The first of a million at α 1 has 1/H, H = 14.392726722865723631.
        let first = zipf_groups(1_000_000, 1.0)[0].probability;
        assert!((first * 14.392_726_722_865_724 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn coarse_groups_hold_all_keys_and_all_requests() {
        for (items, skew) in [(1, 1.0), (10, 0.0), (1_000, 0.8), (50_000, 1.3)] {
            let groups = zipf_groups(items, skew);
            let fine = Popularity {
                groups,
                never_again: 0.0,
            };
            for (fineness, most) in [(9.0, 110), (64.0, 700)] {
                let groups = fine.coarse(fineness).groups;
                let keys: f64 = groups.iter().map(|it| it.items).sum();
                let total: f64 = groups.iter().map(|it| it.items * it.probability).sum();
                assert_eq!(keys, items as f64);
                assert!((total - 1.0).abs() < 1e-9);
                assert!(groups.len() < most, "{}", groups.len());
            }
        }
    }
}
