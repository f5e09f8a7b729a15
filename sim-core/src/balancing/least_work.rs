//! Least work left: an oracle that knows how many seconds of work each server has, and takes the least; the tied draw
//! uniformly.
//!
//! To equal first-come-first-served servers it gives the waits of one central queue, G/G/c, since every request goes where it
//! begins first. Source: Harchol-Balter, "Performance modeling and design of computer systems" (2013), chapter 24. Weights are
//! not regarded.

use super::View;
use super::least::least;
use crate::random::Uniforms;

#[inline]
pub(super) fn choose(view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
    least(view.work_left, view, random)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, view};
    use super::super::{Balancer, Policy, View};
    use super::*;

    #[test]
    fn the_least_work_wins_whatever_the_queues() {
        let view = View {
            work_left: &[3.0, 0.5, 0.25],
            eligible: Some(&[true, true, false]),
            ..view(&[1; 3], &[0, 7, 0])
        };
        assert_eq!(choose(&view, &mut stream(1)), Some(1));
        assert!(Balancer::new(&Policy::LeastWork, &[1; 3]).needs_work_left());
        assert!(!Balancer::new(&Policy::ShortestQueue, &[1; 3]).needs_work_left());
    }

    #[test]
    fn it_reproduces_the_central_queue() {
        // The waits of Kiefer and Wolfowitz' recursion, by two servers' work as a heap would hold it: arrivals every second,
        // services as listed, by hand. Work before each arrival: (0,0) (2,0) (1,0) (0,2) (1,1).
        let mut work = [0.0_f64; 2];
        let mut random = stream(2);
        let mut waits = Vec::new();
        for service in [3.0, 1.0, 3.0, 2.0, 1.0] {
            let weights = [1; 2];
            let view = View {
                work_left: &work,
                ..view(&weights, &[0; 2])
            };
            let server = choose(&view, &mut random).unwrap() as usize;
            waits.push(work[server]);
            work[server] += service;
            work = work.map(|left| (left - 1.0).max(0.0));
        }
        assert_eq!(waits, [0.0, 0.0, 0.0, 0.0, 1.0]);
    }
}
