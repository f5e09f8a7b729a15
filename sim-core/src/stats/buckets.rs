//! Log-linear buckets for positive times: 128 to each factor of two, found from the bits of the number alone.
//!
//! The layout is that of `HdrHistogram` (Tene), moved to binary floating point: the exponent and the top seven bits of the
//! mantissa are the bucket's number. A bucket is at most 1/128 of its value wide, so its middle is within 0.4 % of all in it.

/// Buckets for each factor of two.
const PER_OCTAVE_BITS: u32 = 7;
/// Buckets altogether: 64 octaves.
pub const BUCKETS: usize = 64 << PER_OCTAVE_BITS;
/// Octaves below the scale; the other 40 lie above it.
const OCTAVES_BELOW: u64 = 24;
const SHIFT: u32 = 52 - PER_OCTAVE_BITS;

/// Where the buckets lie: from 2⁻²⁴ to 2⁴⁰ times a scale. What is smaller counts in the first, what is larger in the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buckets {
    /// Number of the first bucket, counted from the smallest positive float.
    base: u64,
}

impl Buckets {
    /// Buckets around `scale`, a time in seconds between 1e-280 and 1e280.
    ///
    /// # Panics
    /// If the scale is outside that range: a validated scenario never is.
    pub fn around(scale: f64) -> Self {
        assert!(
            (1e-280..=1e280).contains(&scale),
            "no buckets around {scale}"
        );
        let octave = scale.to_bits() >> 52;
        Self {
            base: (octave - OCTAVES_BELOW) << PER_OCTAVE_BITS,
        }
    }

    /// Lower edges of the first and of the last bucket.
    #[inline(always)]
    pub fn span(self) -> (f64, f64) {
        (self.lower_edge(0), self.lower_edge(BUCKETS - 1))
    }

    /// The bucket of `value`, a positive number or zero; below the span the first, above it the last.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most the number of buckets"
    )]
    pub fn index(self, value: f64) -> u32 {
        let (low, high) = self.span();
        let above = if value > low { value } else { low };
        let held = if above < high { above } else { high };
        ((held.to_bits() >> SHIFT) - self.base) as u32
    }

    /// The smallest value of bucket `index`, or the upper end of the one before.
    #[inline(always)]
    pub fn lower_edge(self, index: usize) -> f64 {
        f64::from_bits((self.base + index as u64) << SHIFT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lies_in_its_bucket_and_the_middle_is_near() {
        for scale in [1e-9, 0.01, 1.0, 3.7, 1e9] {
            let buckets = Buckets::around(scale);
            let (low, high) = buckets.span();
            let mut value = low;
            while value < high {
                let index = buckets.index(value) as usize;
                let (from, to) = (buckets.lower_edge(index), buckets.lower_edge(index + 1));
                assert!(from <= value && value < to);
                let middle = f64::midpoint(from, to);
                assert!((middle / value - 1.0).abs() <= 0.005);
                value *= 1.000_37;
            }
        }
    }

    #[test]
    fn the_span_covers_what_queues_produce() {
        let (low, high) = Buckets::around(1.0).span();
        assert!(low < 1e-7 && high > 1e12 / 2.0);
    }
}
