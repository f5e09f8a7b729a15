//! The sample that is shown: fast requests and a slow tail, each spread evenly over the quantiles of its law.

use super::Params;
use crate::distribution::{Distribution, Lognormal};
use crate::error::InputError;
use crate::stats::sample::Sample;

/// Ten response times, seconds, on which the conventions differ most visibly.
pub(super) const TEN: [f64; 10] = [
    0.012, 0.015, 0.022, 0.048, 0.095, 0.110, 0.340, 0.890, 1.200, 4.800,
];

/// The largest sample: drawn anew at every move of a slider.
pub(super) const MAX_SAMPLE: u32 = 20_000;

/// Numbers of slow requests and of all requests in the sample.
pub(super) fn sizes(params: &Params) -> (u32, u32) {
    let all = params.sample_size.min(MAX_SAMPLE);
    let slow = f64::from(all) * params.slow_share.clamp(0.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to all"
    )]
    let slow = slow.round() as u32;
    (slow, all)
}

/// The sample, seconds.
pub(super) fn sample(params: &Params) -> Result<Sample, InputError> {
    let (slow, all) = sizes(params);
    let mut values = evenly(all - slow, params.fast_ms / 1e3, params.fast_spread);
    values.extend(evenly(slow, params.slow_ms / 1e3, params.slow_spread));
    Sample::new(values)
}

/// `count` values evenly over the quantiles of a lognormal law, or all equal where there is no spread.
fn evenly(count: u32, mean: f64, spread: f64) -> Vec<f64> {
    let scv = spread * spread;
    let law = if scv > 0.0 {
        Distribution::Lognormal(Lognormal { mean, scv })
    } else {
        Distribution::deterministic(mean)
    };
    (0..count)
        .filter_map(|i| law.quantile((f64::from(i) + 0.5) / f64::from(count)))
        .collect()
}

/// The ten response times.
pub(super) fn ten() -> Sample {
    Sample::new(TEN.to_vec()).expect("ten finite values")
}
