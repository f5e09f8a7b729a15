//! Panic: when too few servers are believed up, all are used, whatever is believed of them.
//!
//! If the checks rather than the servers are at fault, or if the few that are left would drown in the traffic of all, a guess
//! beats a belief. Envoy panics below 50 % (`healthy_panic_threshold`), nginx and HAProxy never. Envoy weighs several groups by
//! their health; here a backup that is believed up averts panic. Source: Envoy, "Panic threshold" in its architecture overview.

/// Whether a group with `up` of `present` servers believed up panics: up/present < threshold.
pub(super) fn panics(threshold: f64, up: u32, present: u32) -> bool {
    f64::from(up) < threshold * f64::from(present)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strictly_below_the_threshold() {
        for (up, present, expected) in [
            (0, 4, true),
            (1, 4, true),
            (2, 4, false),
            (1, 2, false),
            (1, 3, true),
            (0, 0, false),
        ] {
            assert_eq!(panics(0.5, up, present), expected, "{up} of {present}");
        }
        assert!(!panics(0.0, 0, 4));
        assert!(panics(1.0, 3, 4) && !panics(1.0, 4, 4));
    }
}
