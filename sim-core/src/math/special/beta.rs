//! The continued fraction of the incomplete beta function.
//!
//! The regularised function is xᵃ(1−x)ᵇ / (a·B(a, b)) · F(x; a, b), with F the fraction of DLMF 8.17.22, evaluated by the modified Lentz
//! method. Converges quickly for x below (a+1)/(a+b+2), in about √max(a, b) steps.

/// The fraction F(x; a, b) above, for `a`, `b` > 0 and `x` in `0.0..=(a+1)/(a+b+2)`.
pub(super) fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const MOST_STEPS: u32 = 20_000;
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut ratio_up = 1.0;
    let mut ratio_down = away_from_zero(1.0 - (a + b) * x / (a + 1.0)).recip();
    let mut value = ratio_down;
    for step in 1..=MOST_STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            ratio_up = away_from_zero(1.0 + coefficient / ratio_up);
            ratio_down = away_from_zero(1.0 + coefficient * ratio_down).recip();
            change = ratio_up * ratio_down;
            value *= change;
        }
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}
