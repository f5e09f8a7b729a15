//! Quantiles of all replications together, with intervals from the differences between them.
//!
//! Each replication is a *section* of n values. At a time x let `F_k(x)` be the share of section k that does not exceed x. The
//! `F_k(x)` are independent and alike, and where replications start in the steady state their mean is the true F(x) whatever n
//! is; so mean ± t·s/√R is an interval for F(x), and the set of x whose interval contains p is one for the p-quantile. This
//! inverts the classical sectioned interval (Asmussen and Glynn, "Stochastic Simulation", 2007, III.5), which takes quantiles
//! of the sections instead and is biased for short ones.
//!
//! Everything kept is a whole number, and sums of whole numbers do not depend on their order: sections merge exactly.

use serde::{Deserialize, Serialize};

use super::buckets::{BUCKETS, Buckets};
use super::interval::{CONFIDENCE, half_width_factor};

/// A bucket whose count is this many times that of its two neighbours together holds an atom: many equal values.
const ATOM: u64 = 3;

/// Buckets in one bin of a picture.
const BUCKETS_PER_BIN: usize = 16;

/// An estimate with its 95 % interval; no interval from fewer than two sections.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub estimate: f64,
    /// The interval's ends.
    pub interval: Option<(f64, f64)>,
}

/// The distributions of several sections of equal length, merged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sections {
    /// Number of sections R.
    number: u64,
    /// Values in each section n.
    length: u64,
    /// Bucket number of the first entry below.
    first: usize,
    /// Values in each bucket, all sections together.
    counts: Vec<u64>,
    /// For each bucket, the sum over sections of C², less that of the bucket before, where C is the section's
    /// count up to and including the bucket. Kept as differences, a section touches only the buckets it has values in.
    square_steps: Vec<u128>,
    /// What sections of different lengths need besides.
    #[serde(default)]
    unequal: Option<Unequal>,
}

/// Sections of different lengths `n_k`: the share ΣC/Σn is a ratio, and its interval that of a ratio of means.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Unequal {
    /// Σn.
    total: u64,
    /// Σn².
    length_squares: u128,
    /// For each bucket, the sum over sections of its count times n.
    cross_steps: Vec<u128>,
}

impl Sections {
    /// Sections that may have different lengths.
    pub fn of_any_length() -> Self {
        Self {
            unequal: Some(Unequal::default()),
            ..Self::default()
        }
    }

    /// Adds one section: the counts of all buckets, `length` values altogether.
    ///
    /// # Panics
    /// If an earlier section had another length, unless any length is allowed, or `length` does not fit 32 bits.
    pub fn add(&mut self, counts: &[u32; BUCKETS], length: u64) {
        assert!(u32::try_from(length).is_ok());
        if let Some(unequal) = &mut self.unequal {
            unequal.total += length;
            unequal.length_squares += u128::from(length * length);
            // A section without values has nothing to say of where they lie, but it is one.
            self.number += u64::from(length == 0);
        } else {
            assert!(self.number == 0 || self.length == length);
            self.length = length;
        }
        let Some(first) = counts.iter().position(|&count| count > 0) else {
            return;
        };
        let last = counts.iter().rposition(|&count| count > 0).unwrap_or(first);
        self.cover(first, last);
        self.number += 1;
        let mut below = 0;
        for (bucket, &count) in counts.iter().enumerate().take(last + 1).skip(first) {
            let count = u64::from(count);
            self.counts[bucket - self.first] += count;
            // (below + count)² − below², which fits because the whole section fits 32 bits.
            self.square_steps[bucket - self.first] += u128::from(count * (2 * below + count));
            if let Some(unequal) = &mut self.unequal {
                unequal.cross_steps[bucket - self.first] += u128::from(count * length);
            }
            below += count;
        }
    }

    /// Adds all sections of `other`.
    ///
    /// # Panics
    /// If the sections have different lengths.
    pub fn merge(&mut self, other: &Self) {
        if other.number == 0 {
            return;
        }
        assert!(self.number == 0 || self.length == other.length);
        assert_eq!(self.unequal.is_some(), other.unequal.is_some());
        self.number += other.number;
        self.length = other.length;
        if let (Some(ours), Some(theirs)) = (&mut self.unequal, &other.unequal) {
            ours.total += theirs.total;
            ours.length_squares += theirs.length_squares;
        }
        if other.counts.is_empty() {
            return;
        }
        self.cover(other.first, other.first + other.counts.len() - 1);
        let offset = other.first - self.first;
        for (i, (&count, &step)) in other.counts.iter().zip(&other.square_steps).enumerate() {
            self.counts[offset + i] += count;
            self.square_steps[offset + i] += step;
        }
        if let (Some(ours), Some(theirs)) = (&mut self.unequal, &other.unequal) {
            for (i, &step) in theirs.cross_steps.iter().enumerate() {
                ours.cross_steps[offset + i] += step;
            }
        }
    }

    /// Widens the range of buckets to include `first..=last`.
    fn cover(&mut self, first: usize, last: usize) {
        if self.counts.is_empty() {
            self.first = first;
        }
        if first < self.first {
            let missing = self.first - first;
            self.counts.splice(0..0, std::iter::repeat_n(0, missing));
            self.square_steps
                .splice(0..0, std::iter::repeat_n(0, missing));
            if let Some(unequal) = &mut self.unequal {
                let missing = std::iter::repeat_n(0, missing);
                unequal.cross_steps.splice(0..0, missing);
            }
            self.first = first;
        }
        let size = self.counts.len().max(last + 1 - self.first);
        self.counts.resize(size, 0);
        self.square_steps.resize(size, 0);
        if let Some(unequal) = &mut self.unequal {
            unequal.cross_steps.resize(size, 0);
        }
    }

    /// Values counted, all sections together.
    pub fn count(&self) -> u64 {
        self.unequal
            .as_ref()
            .map_or(self.number * self.length, |unequal| unequal.total)
    }

    /// Number of buckets kept, which is what its memory depends on.
    pub fn buckets_covered(&self) -> usize {
        self.counts.len()
    }

    /// Whether this could have come from a run: a partial read from a file may hold anything.
    pub fn is_consistent(&self) -> bool {
        let total = self
            .counts
            .iter()
            .try_fold(0_u64, |sum, &count| sum.checked_add(count));
        let expected = match &self.unequal {
            None => self.number.checked_mul(self.length),
            Some(unequal) => {
                (unequal.cross_steps.len() == self.counts.len()).then_some(unequal.total)
            }
        };
        self.counts.len() == self.square_steps.len()
            && self
                .first
                .checked_add(self.counts.len())
                .is_some_and(|end| end <= BUCKETS)
            && u32::try_from(self.length).is_ok()
            && total.is_some()
            && total == expected
    }

    /// The shares of all values in bins of eight to each factor of two, from the first bin with a value to the last: where it
    /// begins, where it ends, its share.
    pub fn bins(&self, buckets: Buckets) -> Vec<(f64, f64, f64)> {
        let start = self.first - self.first % BUCKETS_PER_BIN;
        let shift = self.first - start;
        let bins = (self.counts.len() + shift).div_ceil(BUCKETS_PER_BIN);
        let count_of = |bin: usize| -> u64 {
            let from = (bin * BUCKETS_PER_BIN).saturating_sub(shift);
            let to = ((bin + 1) * BUCKETS_PER_BIN - shift).min(self.counts.len());
            self.counts[from..to].iter().sum()
        };
        (0..bins)
            .map(|bin| {
                let from = start + bin * BUCKETS_PER_BIN;
                (
                    buckets.lower_edge(from),
                    buckets.lower_edge(from + BUCKETS_PER_BIN),
                    count_of(bin) as f64 / self.count() as f64,
                )
            })
            .collect()
    }

    /// The quantile of `p` in (0, 1) of all values together, with its 95 % interval; `None` without values.
    ///
    /// `extremes` are the smallest and the largest value seen; no estimate leaves them.
    pub fn quantile(&self, buckets: Buckets, p: f64, extremes: (f64, f64)) -> Option<Estimate> {
        self.quantile_on(&self.curve(buckets)?, p, extremes)
    }

    /// Several quantiles; `None` for those of a `p` that is not in (0, 1).
    pub fn quantiles(
        &self,
        buckets: Buckets,
        levels: &[f64],
        extremes: (f64, f64),
    ) -> Vec<Option<Estimate>> {
        let curve = self.curve(buckets);
        let read = |&p: &f64| {
            let curve = curve.as_ref().filter(|_| p > 0.0 && p < 1.0)?;
            self.quantile_on(curve, p, extremes)
        };
        levels.iter().map(read).collect()
    }

    fn quantile_on(&self, curve: &Curve, p: f64, extremes: (f64, f64)) -> Option<Estimate> {
        let (at, estimate) = curve.first_reaching(p, |point| point.share)?;
        let clamp = |x: f64| x.clamp(extremes.0, extremes.1);
        let interval = (self.number > 1).then(|| {
            let (_, low) = curve
                .first_reaching(p, |point| point.share + point.half_width)
                .unwrap_or((at, estimate));
            let high = curve.last_not_above(p);
            if self.is_atom(at) {
                // Within one bucket the curve is taken as straight, which equal values are not.
                (
                    low.min(curve.points[at].from),
                    high.max(curve.points[at].to),
                )
            } else {
                (low, high)
            }
        });
        Some(Estimate {
            estimate: clamp(estimate),
            interval: interval.map(|(low, high)| (clamp(low), clamp(high))),
        })
    }

    fn is_atom(&self, index: usize) -> bool {
        let neighbour = |i: Option<usize>| i.and_then(|i| self.counts.get(i)).copied().unwrap_or(0);
        let around = neighbour(index.checked_sub(1)) + neighbour(Some(index + 1));
        self.counts[index] > ATOM * around
    }

    /// The empirical distribution function at every bucket's upper edge, with the half-width of its interval.
    fn curve(&self, buckets: Buckets) -> Option<Curve> {
        if self.count() == 0 {
            return None;
        }
        let sections = u128::from(self.number);
        let factor = half_width_factor(self.number, CONFIDENCE).unwrap_or(0.0);
        let (mut sum, mut squares, mut cross) = (0_u128, 0_u128, 0_u128);
        let points = self
            .counts
            .iter()
            .zip(&self.square_steps)
            .enumerate()
            .map(|(i, (&count, &step))| {
                sum += u128::from(count);
                squares += step;
                let share = sum as f64 / self.count() as f64;
                let half_width = if let Some(unequal) = &self.unequal {
                    cross += unequal.cross_steps[i];
                    let deviation =
                        unequal.deviation(share, squares as f64, cross as f64, self.number);
                    factor * deviation / (unequal.total as f64 / self.number as f64)
                } else {
                    // R·ΣC² − (ΣC)² is exact in whole numbers: nothing cancels.
                    let spread = (sections * squares).saturating_sub(sum * sum) as f64;
                    let deviation = (spread / (sections * (sections - 1).max(1)) as f64).sqrt();
                    factor * deviation / self.length as f64
                };
                Point {
                    from: buckets.lower_edge(self.first + i),
                    to: buckets.lower_edge(self.first + i + 1),
                    share,
                    half_width,
                }
            })
            .collect();
        Some(Curve { points })
    }
}

impl Unequal {
    /// Standard deviation of C − F·n over sections, where F is the share of all values together.
    fn deviation(&self, share: f64, squares: f64, cross: f64, sections: u64) -> f64 {
        let spread = squares - 2.0 * share * cross + share * share * self.length_squares as f64;
        (spread.max(0.0) / sections.saturating_sub(1).max(1) as f64).sqrt()
    }
}

/// The distribution function at one bucket's upper edge.
struct Point {
    from: f64,
    to: f64,
    share: f64,
    half_width: f64,
}

/// The distribution function, straight within each bucket.
struct Curve {
    points: Vec<Point>,
}

impl Curve {
    /// Bucket and value where `level` first reaches `p`.
    fn first_reaching(&self, p: f64, level: impl Fn(&Point) -> f64) -> Option<(usize, f64)> {
        let index = self.points.iter().position(|point| level(point) >= p)?;
        Some((index, self.interpolate(index, p, level)))
    }

    /// The largest value whose interval's lower end is not above `p`.
    fn last_not_above(&self, p: f64) -> f64 {
        let lower = |point: &Point| point.share - point.half_width;
        let next = self
            .points
            .iter()
            .rposition(|point| lower(point) <= p)
            .map_or(0, |i| i + 1);
        match self.points.get(next) {
            Some(_) => self.interpolate(next, p, lower),
            None => self.points[self.points.len() - 1].to,
        }
    }

    /// Where `level` crosses `p` within bucket `index`, which it does or has done before.
    fn interpolate(&self, index: usize, p: f64, level: impl Fn(&Point) -> f64) -> f64 {
        let point = &self.points[index];
        let before = index
            .checked_sub(1)
            .map_or(0.0, |i| level(&self.points[i]))
            .clamp(0.0, 1.0);
        let rise = level(point) - before;
        let position = if rise > 0.0 {
            ((p - before) / rise).clamp(0.0, 1.0)
        } else {
            1.0
        };
        point.from + position * (point.to - point.from)
    }
}

/// The quantile of `p` of the values in one histogram; 0 without values.
pub fn quantile_of(buckets: Buckets, counts: &[u32; BUCKETS], p: f64) -> f64 {
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let wanted = p * total as f64;
    let mut below = 0.0;
    for (bucket, &count) in counts.iter().enumerate() {
        let count = f64::from(count);
        if count > 0.0 && below + count >= wanted {
            let (from, to) = (buckets.lower_edge(bucket), buckets.lower_edge(bucket + 1));
            return from + ((wanted - below) / count).clamp(0.0, 1.0) * (to - from);
        }
        below += count;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::random::{Purpose, Uniforms};

    fn section(buckets: Buckets, values: &[f64]) -> Box<[u32; BUCKETS]> {
        let mut counts = vec![0; BUCKETS].into_boxed_slice();
        for &value in values {
            counts[buckets.index(value) as usize] += 1;
        }
        counts.try_into().unwrap()
    }

    fn exponentials(replication: u64, size: usize) -> Vec<f64> {
        let mut uniforms = Uniforms::<1>::new(5, replication, Purpose::Service);
        (0..size)
            .map(|_| (-math::ln(uniforms.next_uniform()[0])).max(1e-6))
            .collect()
    }

    #[test]
    fn order_of_merging_does_not_matter() {
        let buckets = Buckets::around(1.0);
        let parts: Vec<Sections> = (0..5)
            .map(|k| {
                let mut part = Sections::default();
                part.add(&section(buckets, &exponentials(k, 1000)), 1000);
                part
            })
            .collect();
        let merged = |order: [usize; 5]| {
            let mut all = Sections::default();
            for i in order {
                all.merge(&parts[i]);
            }
            all
        };
        let all = merged([0, 1, 2, 3, 4]);
        assert_eq!(all, merged([4, 2, 0, 3, 1]));
        assert!(all.is_consistent());
        assert_eq!(all.count(), 5000);
    }

    #[test]
    fn intervals_cover_the_exponential_quantiles() {
        let buckets = Buckets::around(1.0);
        for (p, truth) in [(0.75, 1.386_294_361), (0.99, 4.605_170_19)] {
            let mut covered = 0;
            for trial in 0..400 {
                let mut all = Sections::default();
                for k in 0..20 {
                    all.add(&section(buckets, &exponentials(trial * 20 + k, 2000)), 2000);
                }
                let (low, high) = all
                    .quantile(buckets, p, (0.0, 100.0))
                    .unwrap()
                    .interval
                    .unwrap();
                covered += u32::from(low <= truth && truth <= high);
            }
            // 95 % of 400 is 380 with a standard deviation of 4.4.
            assert!(
                (363..=397).contains(&covered),
                "{covered} of 400 cover the quantile of {p}"
            );
        }
    }

    #[test]
    fn equal_values_give_their_own_value() {
        let buckets = Buckets::around(1.0);
        let mut all = Sections::default();
        for _ in 0..3 {
            all.add(&section(buckets, &[1.3; 10]), 10);
        }
        let quantile = all.quantile(buckets, 0.9, (1.3, 1.3)).unwrap();
        assert_eq!(
            quantile,
            Estimate {
                estimate: 1.3,
                interval: Some((1.3, 1.3))
            }
        );
    }

    #[test]
    fn an_atom_widens_the_interval_to_its_bucket() {
        let buckets = Buckets::around(1.0);
        let mut all = Sections::default();
        for k in 0..10 {
            let mut values = exponentials(k, 500);
            for x in &mut values {
                *x += 1.3;
            }
            values.extend([1.3; 500]);
            all.add(&section(buckets, &values), 1000);
        }
        let (low, high) = all
            .quantile(buckets, 0.3, (1.3, 20.0))
            .unwrap()
            .interval
            .unwrap();
        assert!(low <= 1.3 && 1.3 <= high);
    }

    #[test]
    fn one_section_has_no_interval_and_none_has_nothing() {
        let buckets = Buckets::around(1.0);
        let mut all = Sections::default();
        assert_eq!(all.quantile(buckets, 0.5, (0.0, 1.0)), None);
        all.add(&section(buckets, &exponentials(0, 100)), 100);
        assert_eq!(
            all.quantile(buckets, 0.5, (0.0, 9.0)).unwrap().interval,
            None
        );
    }
}
