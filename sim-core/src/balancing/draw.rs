//! Uniform draws among the servers that may be chosen: one, two or several different ones.
//!
//! The eligible servers are ranked by their number. Different ones are drawn by rank among those not yet drawn, so that k
//! servers take exactly k numbers of the stream, without rejection.

use super::{View, number};
use crate::random::Uniforms;

/// The most servers that may be drawn for one choice.
pub(super) const MAX_DRAWN: u32 = 32;

impl View<'_> {
    /// How many servers may be chosen.
    #[inline(always)]
    pub(super) fn candidates(&self) -> u32 {
        match self.eligible {
            None => self.servers(),
            Some(eligible) => eligible.iter().map(|&yes| u32::from(yes)).sum(),
        }
    }

    /// The eligible server of this rank, from 0 on.
    #[inline(always)]
    pub(super) fn candidate(&self, rank: u32) -> u32 {
        match self.eligible {
            None => rank,
            Some(eligible) => ranked(eligible, rank),
        }
    }
}

fn ranked(eligible: &[bool], rank: u32) -> u32 {
    let mut indices = (0..eligible.len()).filter(|&index| eligible[index]);
    number(indices.nth(rank as usize).expect("rank below candidates"))
}

/// One eligible server, uniformly.
#[inline(always)]
pub(super) fn any(view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
    match view.candidates() {
        0 => None,
        candidates => Some(view.candidate(random.below(candidates))),
    }
}

/// Two different eligible servers, uniformly, in the order drawn; where there is only one, that one twice.
#[inline(always)]
pub(super) fn two(view: &View<'_>, random: &mut Uniforms<1>) -> Option<(u32, u32)> {
    match view.candidates() {
        0 => None,
        1 => {
            let only = view.candidate(0);
            Some((only, only))
        }
        candidates => {
            let first = random.below(candidates);
            let second = random.below(candidates - 1);
            let second = second + u32::from(second >= first);
            Some((view.candidate(first), view.candidate(second)))
        }
    }
}

/// Different eligible servers one after the other, uniformly.
#[derive(Debug)]
pub(super) struct Distinct {
    /// Ranks drawn so far, ascending.
    drawn: [u32; MAX_DRAWN as usize],
    count: u32,
    candidates: u32,
}

impl Distinct {
    pub(super) fn new(view: &View<'_>) -> Self {
        Self {
            drawn: [0; MAX_DRAWN as usize],
            count: 0,
            candidates: view.candidates(),
        }
    }

    /// The next server; `None` when all, or [`MAX_DRAWN`], have been drawn.
    pub(super) fn next(&mut self, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
        if self.count == self.candidates.min(MAX_DRAWN) {
            return None;
        }
        let mut rank = random.below(self.candidates - self.count);
        let count = self.count as usize;
        let mut at = 0;
        while at < count && rank >= self.drawn[at] {
            rank += 1;
            at += 1;
        }
        self.drawn.copy_within(at..count, at + 1);
        self.drawn[at] = rank;
        self.count += 1;
        Some(view.candidate(rank))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, view};
    use super::*;

    #[test]
    fn pairs_are_uniform_and_different() {
        let weights = [1; 5];
        let (eligible, mut random) = ([true, false, true, true, true], stream(1));
        let view = View {
            eligible: Some(&eligible),
            ..view(&weights, &[0; 5])
        };
        let mut counts = [[0_u32; 5]; 5];
        for _ in 0..120_000 {
            let (a, b) = two(&view, &mut random).unwrap();
            counts[a as usize][b as usize] += 1;
        }
        for (a, row) in counts.iter().enumerate() {
            for (b, &count) in row.iter().enumerate() {
                let possible = a != b && eligible[a] && eligible[b];
                // One of twelve ordered pairs: 10 000 ± 96 (one standard deviation).
                let expected = if possible { 10_000 } else { 0 };
                assert!(count.abs_diff(expected) < 480, "{a} {b}: {count}");
            }
        }
    }

    #[test]
    fn distinct_draws_are_a_uniform_permutation() {
        let (weights, mut random) = ([1; 3], stream(2));
        let view = view(&weights, &[0; 3]);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..60_000 {
            let mut drawing = Distinct::new(&view);
            let order: Vec<u32> = std::iter::from_fn(|| drawing.next(&view, &mut random)).collect();
            *counts.entry(order).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 6, "{counts:?}");
        // 10 000 ± 91 each.
        assert!(counts.values().all(|&count| count.abs_diff(10_000) < 455));
    }
}
