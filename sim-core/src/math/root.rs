//! Root of a continuous function inside a bracket.
//!
//! T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function without
//! using derivatives", Advances in Engineering Software 28 (1997) 145–149: inverse quadratic interpolation where it is
//! safe, bisection elsewhere. Only exact arithmetic, so the same bits everywhere.

/// A point where `f` changes sign between `low` and `high`, to a relative precision of about 1e-15.
///
/// Where `f(low)` and `f(high)` have the same sign, the end whose value is closer to zero.
pub fn bracketed_root(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let ends = [(low, f(low)), (high, f(high))];
    root_between(f, ends, f64::EPSILON)
}

/// The same between two points whose values are known, to a relative `precision`.
pub fn root_between(
    mut f: impl FnMut(f64) -> f64,
    [(low, f_low), (high, f_high)]: [(f64, f64); 2],
    precision: f64,
) -> f64 {
    const MOST_STEPS: u32 = 200;
    let (mut a, mut b) = (high, low);
    let (mut fa, mut fb) = (f_high, f_low);
    if (fa > 0.0) == (fb > 0.0) {
        return if fa.abs() < fb.abs() { a } else { b };
    }
    let mut share = 0.5;
    for _ in 0..MOST_STEPS {
        let middle = a + share * (b - a);
        let f_middle = f(middle);
        let (c, fc);
        if (f_middle > 0.0) == (fa > 0.0) {
            (c, fc) = (a, fa);
        } else {
            (c, fc) = (b, fb);
            (b, fb) = (a, fa);
        }
        (a, fa) = (middle, f_middle);
        let best = if fa.abs() < fb.abs() { a } else { b };
        let tolerance = 2.0 * precision * best.abs() / (b - a).abs();
        if fa == 0.0 || tolerance >= 0.5 || tolerance.is_nan() {
            return best;
        }
        share = next_share([a, b, c], [fa, fb, fc]).clamp(tolerance, 1.0 - tolerance);
    }
    if fa.abs() < fb.abs() { a } else { b }
}

/// Where to look next between `a` and `b`, as a share of the way: by inverse quadratic interpolation through the last
/// three points where that is known to be monotone, else in the middle.
fn next_share([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3]) -> f64 {
    let xi = (a - b) / (c - b);
    let phi = (fa - fb) / (fc - fb);
    if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
        let from_c = fa / (fb - fa) * fc / (fb - fc);
        let from_b = (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
        from_c + from_b
    } else {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_known_in_closed_form() {
        let close = |x: f64, y: f64| assert!((x - y).abs() <= 4e-15 * y.abs(), "{x} against {y}");
        close(
            bracketed_root(|x| x * x - 2.0, 0.0, 2.0),
            std::f64::consts::SQRT_2,
        );
        close(
            bracketed_root(|x| 2.0 - x * x, 0.0, 1e6),
            std::f64::consts::SQRT_2,
        );
        close(bracketed_root(|x| x * x * x - 1e-30, 0.0, 1.0), 1e-10);
        close(
            bracketed_root(|x| libm::exp(-x) - 1e-100, 0.0, 1e3),
            100.0 * std::f64::consts::LN_10,
        );
    }

    #[test]
    fn an_end_that_is_the_root_is_found() {
        assert_eq!(bracketed_root(|x| x - 1.0, 1.0, 5.0), 1.0);
        assert_eq!(bracketed_root(|x| x - 5.0, 1.0, 5.0), 5.0);
    }
}
