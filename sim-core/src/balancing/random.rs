//! Random: each eligible server with the same probability, whatever its weight and its load.
//!
//! The baseline of all others: with Poisson arrivals each of n servers is an M/G/1 queue of its own.

use super::{View, draw};
use crate::random::Uniforms;

#[inline(always)]
pub(super) fn choose(view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
    draw::any(view, random)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chosen, counts, view};
    use super::super::{Policy, View};

    #[test]
    fn every_eligible_server_is_as_likely() {
        let weights = [1, 9, 1, 1];
        let view = View {
            eligible: Some(&[true, true, false, true]),
            ..view(&weights, &[5, 0, 0, 0])
        };
        let counts = counts(&chosen(&Policy::Random, &view, 30_000), 4);
        assert_eq!(counts[2], 0);
        for server in [0, 1, 3] {
            // 10 000 ± 82.
            assert!(counts[server].abs_diff(10_000) < 410, "{counts:?}");
        }
    }
}
