//! The sample in sentences.

use super::{Params, seconds};
use crate::exhibits::Readout;
use crate::exhibits::sentence::Sentence;
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::stats::sample::{Convention, Sample};

/// What the mean says and what the percentiles say.
pub(super) fn tail(sample: &Sample) -> Readout {
    let percentile = |p| seconds(sample.quantile(p, Convention::NearestRank));
    Sentence::new("The mean is ")
        .number(seconds(sample.mean()), Role::Theory)
        .text(". Half of the requests take at most ")
        .number(percentile(0.5), Role::Median)
        .text("; one in a hundred takes at least ")
        .number(percentile(0.99), Role::Tail)
        .end()
}

/// How many people a day lose their patience.
pub(super) fn daily(params: &Params, sample: &Sample) -> Readout {
    let limit = params.limit_ms / 1e3;
    let requests = params.daily_requests as f64;
    let waiting = requests * sample.share_above(limit);
    Sentence::new("At ")
        .number(value(requests, Unit::Count), Role::Simulation)
        .text(" requests a day, ")
        .number(value(waiting, Unit::Count), Role::Tail)
        .text(&format!(
            " people wait longer than {}, every day",
            seconds(limit)
        ))
        .end()
}

/// How many requests are anything like the mean.
pub(super) fn near_the_mean(sample: &Sample) -> Readout {
    let mean = sample.mean();
    let near = sample.share_above(0.9 * mean) - sample.share_above(1.1 * mean);
    Sentence::new("")
        .number(value(near, Unit::Percent), Role::Theory)
        .text(" of the requests take within a tenth of the mean")
        .end()
}

/// The conventions disagree about ten requests.
pub(super) fn conventions(ten: &Sample) -> Readout {
    let [seen, between] = Convention::ALL.map(|convention| seconds(ten.quantile(0.9, convention)));
    Sentence::new("Of the ten requests in the second figure, P90 is ")
        .number(seen, Role::Theory)
        .text(" by nearest rank and ")
        .number(between, Role::Healthy)
        .text(" by linear interpolation")
        .end()
}
