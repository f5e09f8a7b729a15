//! The eligible server with the least of some value; among the tied, one drawn uniformly.

use super::View;
use crate::random::Uniforms;

/// The eligible server whose value is least. A number of the stream is used only where several are tied.
#[inline(always)]
pub(super) fn least<T: Copy + PartialOrd>(
    values: &[T],
    view: &View<'_>,
    random: &mut Uniforms<1>,
) -> Option<u32> {
    if view.eligible.is_none() {
        return least_of_all(values, random);
    }
    let mut best: Option<(u32, T)> = None;
    let mut tied = 0;
    for server in 0..view.servers() {
        if !view.is_eligible(server) {
            continue;
        }
        let value = values[server as usize];
        match best {
            Some((_, least)) if value > least => {}
            Some((_, least)) if value == least => tied += 1,
            _ => (best, tied) = (Some((server, value)), 1),
        }
    }
    let (first, least) = best?;
    if tied == 1 {
        return Some(first);
    }
    let rank = random.below(tied) as usize;
    (first..view.servers())
        .filter(|&server| values[server as usize] == least && view.is_eligible(server))
        .nth(rank)
}

/// The same where everybody is eligible: without branches, which the processor would have to guess.
#[inline(always)]
fn least_of_all<T: Copy + PartialOrd>(values: &[T], random: &mut Uniforms<1>) -> Option<u32> {
    let mut least = *values.first()?;
    for &value in values {
        least = if value < least { value } else { least };
    }
    let mut base = 0;
    let tied: u32 = values
        .chunks(32)
        .map(|some| tied_bits(some, least).count_ones())
        .sum();
    let mut rank = if tied == 1 { 0 } else { random.below(tied) };
    for some in values.chunks(32) {
        let bits = tied_bits(some, least);
        let count = bits.count_ones();
        if rank < count {
            return Some(base + nth_one(bits, rank));
        }
        rank -= count;
        base += 32;
    }
    None
}

/// A bit for each value that is the least.
#[inline(always)]
fn tied_bits<T: Copy + PartialOrd>(values: &[T], least: T) -> u32 {
    let mut bits = 0;
    for (i, &value) in values.iter().enumerate() {
        bits |= u32::from(value == least) << i;
    }
    bits
}

/// The place of the one bit of this rank, from 0 on.
#[inline(always)]
fn nth_one(mut bits: u32, rank: u32) -> u32 {
    for _ in 0..rank {
        bits &= bits - 1;
    }
    bits.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, view};
    use super::*;

    #[test]
    fn ties_are_drawn_uniformly_and_a_single_least_uses_no_number() {
        let weights = [1; 4];
        let view = View {
            eligible: Some(&[true, true, false, true]),
            ..view(&weights, &[0; 4])
        };
        let mut random = stream(3);
        let untouched = random.clone().next_bits();
        assert_eq!(least(&[3, 2, 0, 4], &view, &mut random), Some(1));
        assert_eq!(random.clone().next_bits(), untouched);
        let mut counts = [0_u32; 4];
        for _ in 0..10_000 {
            counts[least(&[2, 5, 0, 2], &view, &mut random).unwrap() as usize] += 1;
        }
        // 5000 ± 50.
        assert!(counts[0].abs_diff(5000) < 250, "{counts:?}");
        assert_eq!(counts[0] + counts[3], 10_000);
    }
}
