//! Slow start, HAProxy's `slowstart`: a server that came back gets its share of requests little by little.
//!
//! Its weight rises in sixteen equal steps, from a sixteenth at once to the whole after `slow_start` seconds:
//! w·(⌊16·t/slow start⌋ + 1)/16. So that a weight of one can be divided, the weights of all servers are then counted in
//! sixteenths. Source: HAProxy, `server_recalc_eweight` with `BE_WEIGHT_SCALE` 16; HAProxy looks at a clock of whole seconds.

/// Parts of a weight.
pub(super) const STEPS: u32 = 16;

/// The weight, in sixteenths, `elapsed` seconds after coming back, of a server whose weight is `weight`.
pub(super) fn ramped(weight: u32, slow_start: f64, elapsed: f64) -> u32 {
    weight * (steps_done(slow_start, elapsed) + 1).min(STEPS)
}

/// Seconds after coming back at which the weight rises next; infinity once it is whole.
pub(super) fn next_step(slow_start: f64, elapsed: f64) -> f64 {
    let next = steps_done(slow_start, elapsed) + 1;
    if next < STEPS {
        slow_start * f64::from(next) / f64::from(STEPS)
    } else {
        f64::INFINITY
    }
}

/// Steps after the first, at most `STEPS`.
fn steps_done(slow_start: f64, elapsed: f64) -> u32 {
    let is_done = |step: u32| elapsed >= slow_start * f64::from(step) / f64::from(STEPS);
    let done = (1..=STEPS).take_while(|&step| is_done(step));
    done.last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_rises_by_sixteenths() {
        for (elapsed, expected) in [
            (0.0, 1),
            (1.9, 1),
            (2.0, 2),
            (15.9, 8),
            (16.0, 9),
            (29.9, 15),
            (30.0, 16),
            (31.9, 16),
            (32.0, 16),
            (1e9, 16),
        ] {
            assert_eq!(ramped(1, 32.0, elapsed), expected, "{elapsed}");
            assert_eq!(ramped(5, 32.0, elapsed), 5 * expected, "{elapsed}");
        }
    }

    #[test]
    fn the_next_step_is_where_the_weight_changes() {
        let mut elapsed = 0.0;
        let mut weights = vec![ramped(1, 0.7, elapsed)];
        while next_step(0.7, elapsed).is_finite() {
            elapsed = next_step(0.7, elapsed);
            weights.push(ramped(1, 0.7, elapsed));
        }
        assert_eq!(weights, (1..=16).collect::<Vec<_>>());
    }
}
