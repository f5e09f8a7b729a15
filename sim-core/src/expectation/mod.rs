//! What theory says about a scenario: where the layers of theory and simulation first meet.
//!
//! | scenario | exact | approximate |
//! |---|---|---|
//! | M/M/c | everything | |
//! | D/D/c | everything: nobody waits | |
//! | M/D/c | everything (Crommelin, Franx), up to 512 servers | beyond |
//! | G/M/c | everything (Takács), up to some thousand servers | beyond |
//! | M/G/1 | everything (Pollaczek–Khinchine) | percentiles of a law without a density |
//! | G/G/c | | everything (Allen–Cunneen and two-moment fits) |
//! | ρ ≥ 1 | the growth rate λ − cμ | |
//!
//! Percentiles of M/G/1 come from the inversion of a transform, good for 1e-8 in the probability; where it does not reach that
//! they count as not known. [`GgcApproximation`] says how far off approximations are. An infinite variance leaves no mean of
//! M/G/1 and no approximation, and a transient run has no steady state to compare with.

mod reach;
pub mod scenario;

use serde::Serialize;

pub use scenario::{ScenarioTheory, of_scenario};

use self::reach::{EVERY_LAW, Reach, STAGES};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::run::report::{Quantity, Report};
use crate::scenario::{Horizon, Queue};
use crate::theory::{GgcApproximation, Gmc, Mdc, Mg1, Mg1Times, Mmc};

/// The shares of the percentiles.
const SHARES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];
/// The most terms of the sum for G/M/c: some milliseconds.
const MOST_TERMS: f64 = 1e5;
const INFINITE_VARIANCE: &str = "no formula: a law has no finite variance";

/// Theory's values for a scenario, exact ones apart from approximate ones.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expectation {
    /// The scenario in Kendall's notation, with M, D and G for the laws: `M/M/1`, `M/G/1`, `G/G/4`.
    pub model: String,
    /// What kind of theory this is, in a few words for people.
    pub label: &'static str,
    /// Values that hold exactly.
    pub exact: Values,
    /// Values of an approximation, only where there is no exact one.
    pub approximate: Values,
    /// Growth of the number in system, requests per second, in the long run; only where ρ ≥ 1.
    pub growth_rate: Option<f64>,
}

/// One value for each quantity of a [`Report`], in the same units; `None` where theory has none.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Values {
    /// W, seconds.
    pub mean_response: Option<f64>,
    /// Wq, seconds.
    pub mean_wait: Option<f64>,
    /// L, requests.
    pub mean_in_system: Option<f64>,
    /// Lq, requests.
    pub mean_in_queue: Option<f64>,
    /// Median response time, seconds.
    pub p50: Option<f64>,
    /// 90th percentile of the response time, seconds.
    pub p90: Option<f64>,
    /// 95th percentile of the response time, seconds.
    pub p95: Option<f64>,
    /// 99th percentile of the response time, seconds.
    pub p99: Option<f64>,
    /// 99.9th percentile of the response time, seconds.
    pub p999: Option<f64>,
}

/// What theory says about `scenario`. Of a scenario that does not validate it says nothing.
pub fn expectation(scenario: &Queue) -> Expectation {
    within(scenario, &EVERY_LAW)
}

/// The same for a program that knows only the laws of [`Distribution::with_scv`], and has no room for the formulas of others: of those it
/// says what approximations say.
pub fn expectation_of_stages(scenario: &Queue) -> Expectation {
    within(scenario, &STAGES)
}

fn within(scenario: &Queue, reach: &Reach) -> Expectation {
    let gap = Shape::of(&scenario.arrivals.interarrival);
    let service = Shape::of(&scenario.station.service);
    let servers = scenario.station.servers;
    let mut found = Expectation {
        model: format!("{}/{}/{servers}", gap.letter(), service.letter()),
        label: "no formula",
        exact: Values::default(),
        approximate: Values::default(),
        growth_rate: None,
    };
    let (arrival_rate, service_rate) = (scenario.arrival_rate(), scenario.service_rate());
    let unusable = scenario
        .validate()
        .is_err_and(|e| !matches!(e, InputError::Unstable { .. }));
    if unusable {
        found.label = "not a valid scenario";
    } else if scenario.utilization() >= 1.0 {
        found.label = "no steady state: the queue grows without end";
        found.growth_rate = Some(arrival_rate - f64::from(servers) * service_rate);
    } else if matches!(scenario.horizon, Horizon::Transient { .. }) {
        found.label = "a start from empty: no formula";
    } else {
        match (gap, service, servers) {
            (Shape::Exponential, Shape::Exponential, _) => found.fill_mmc(scenario),
            (Shape::Constant, Shape::Constant, _) => found.fill_clockwork(scenario),
            (Shape::Exponential, Shape::Constant, _) => found.fill_mdc(scenario),
            (_, Shape::Exponential, _) => found.fill_gmc(scenario, reach),
            (Shape::Exponential, Shape::General(_), 1) => {
                found.fill_mg1(scenario, service, reach);
            }
            _ => found.fill_ggc(scenario),
        }
    }
    found
}

/// The means of a model of a queue: all of them have them by the same names.
macro_rules! means {
    ($model:ident) => {
        Values::of_means(
            $model.mean_response(),
            $model.mean_wait(),
            $model.mean_in_system(),
            $model.mean_in_queue(),
        )
    };
}

impl Expectation {
    fn fill_mmc(&mut self, scenario: &Queue) {
        let Ok(model) = Mmc::new(
            scenario.arrival_rate(),
            scenario.service_rate(),
            scenario.station.servers,
        ) else {
            return;
        };
        self.label = "exact";
        self.exact = means!(model).with_quantiles(|p| model.response_quantile(p));
    }

    /// Regular arrivals at regular servers with capacity to spare: everyone is served at once.
    fn fill_clockwork(&mut self, scenario: &Queue) {
        let response = scenario.service_rate().recip();
        self.label = "exact: nobody waits";
        self.exact = Values::of_means(response, 0.0, scenario.arrival_rate() * response, 0.0)
            .with_quantiles(|_| response);
    }

    /// Constant service: exact up to the number of servers that its formula takes.
    fn fill_mdc(&mut self, scenario: &Queue) {
        let (rate, service) = (scenario.arrival_rate(), scenario.service_rate());
        let Ok(model) = Mdc::new(rate, service, scenario.station.servers) else {
            return self.fill_ggc(scenario);
        };
        self.label = "exact";
        self.exact = means!(model).with_quantiles(|p| model.response_quantile(p));
    }

    /// Exponential service: exact where the sum over the servers is not too long.
    fn fill_gmc(&mut self, scenario: &Queue, reach: &Reach) {
        let Some(gap) = (reach.transform)(&scenario.arrivals.interarrival) else {
            return self.fill_ggc(scenario);
        };
        let (rate, servers) = (scenario.arrival_rate(), scenario.station.servers);
        let model = (gap.cost() as f64 * f64::from(servers) < MOST_TERMS).then(|| {
            Gmc::new(rate, scenario.service_rate(), servers, |s| {
                gap.complement_at(s)
            })
        });
        let Some(Ok(model)) = model else {
            return self.fill_ggc(scenario);
        };
        self.label = "exact";
        self.exact = means!(model).with_quantiles(|p| model.response_quantile(p));
    }

    /// Means by Pollaczek and Khinchine; percentiles by inversion of their transform, where the law has a density.
    fn fill_mg1(&mut self, scenario: &Queue, service: Shape, reach: &Reach) {
        let (rate, service_rate) = (scenario.arrival_rate(), scenario.service_rate());
        let means = service.scv().map(|scv| Mg1::new(rate, service_rate, scv));
        if let Some(Ok(model)) = means {
            self.exact = means!(model);
        }
        let law = &scenario.station.service;
        if let Some(values) = mg1_percentiles(rate, law, reach) {
            self.label = if means.is_some() {
                "exact"
            } else {
                "percentiles exact; the mean is infinite"
            };
            let mut values = values.into_iter();
            self.exact = self
                .exact
                .with_quantiles(|_| values.next().unwrap_or(f64::NAN));
        } else if let Some(approximation) = two_moments(scenario) {
            self.label = "means exact, percentiles within about 30 %";
            self.approximate =
                Values::default().with_quantiles(|p| approximation.response_quantile(p));
        } else {
            self.label = INFINITE_VARIANCE;
        }
    }

    fn fill_ggc(&mut self, scenario: &Queue) {
        let Some(model) = two_moments(scenario) else {
            self.label = INFINITE_VARIANCE;
            return;
        };
        self.label = "Allen–Cunneen, within about 20 % when busy";
        self.approximate = means!(model).with_quantiles(|p| model.response_quantile(p));
    }
}

/// The percentiles of a [`Values`] for a law that has a density.
fn mg1_percentiles(arrival_rate: f64, law: &Distribution, reach: &Reach) -> Option<Vec<f64>> {
    let mean = law.mean().filter(|_| law.has_density())?;
    let transform = (reach.transform)(law)?;
    let ccdf = |t| (reach.ccdf)(law, t);
    let times = Mg1Times::new(arrival_rate, mean, &*transform, &ccdf).ok()?;
    times.response_quantiles(&SHARES)
}

/// The approximation from two moments; `None` without finite variances.
fn two_moments(scenario: &Queue) -> Option<GgcApproximation> {
    GgcApproximation::new(
        scenario.arrival_rate(),
        scenario.service_rate(),
        scenario.station.servers,
        scenario.arrivals.interarrival.scv()?,
        scenario.station.service.scv()?,
    )
    .ok()
}

/// What the formulas ask about a law. A law counts as exponential or constant when it really is, not when only its SCV
/// is 1 or nearly 0.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Exponential,
    Constant,
    /// Any other, with its SCV.
    General(Option<f64>),
}

impl Shape {
    fn of(law: &Distribution) -> Self {
        if law.is_exponential() {
            Self::Exponential
        } else if law.scv() == Some(0.0) {
            Self::Constant
        } else {
            Self::General(law.scv())
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Exponential => 'M',
            Self::Constant => 'D',
            Self::General(_) => 'G',
        }
    }

    fn scv(self) -> Option<f64> {
        match self {
            Self::Exponential => Some(1.0),
            Self::Constant => Some(0.0),
            Self::General(scv) => scv,
        }
    }
}

impl Values {
    fn of_means(response: f64, wait: f64, in_system: f64, in_queue: f64) -> Self {
        Self {
            mean_response: Some(response),
            mean_wait: Some(wait),
            mean_in_system: Some(in_system),
            mean_in_queue: Some(in_queue),
            ..Self::default()
        }
    }

    fn with_quantiles(self, quantile: impl FnMut(f64) -> f64) -> Self {
        let [p50, p90, p95, p99, p999] = SHARES.map(quantile).map(Some);
        Self {
            p50,
            p90,
            p95,
            p99,
            p999,
            ..self
        }
    }
}

impl Values {
    /// The same with the percentiles that are known.
    fn with_known_quantiles(self, quantile: impl FnMut(f64) -> Option<f64>) -> Self {
        let [p50, p90, p95, p99, p999] = SHARES.map(quantile);
        Self {
            p50,
            p90,
            p95,
            p99,
            p999,
            ..self
        }
    }

    /// All times this many times as long.
    fn times(self, factor: f64) -> Self {
        let longer = |time: Option<f64>| time.map(|time| time * factor);
        Self {
            mean_response: longer(self.mean_response),
            mean_wait: longer(self.mean_wait),
            p50: longer(self.p50),
            p90: longer(self.p90),
            p95: longer(self.p95),
            p99: longer(self.p99),
            p999: longer(self.p999),
            ..self
        }
    }
}

impl Report {
    /// The report with each quantity's `theory` filled in where theory is exact; `scenario` is the one that was run.
    #[must_use]
    pub fn with_theory(mut self, scenario: &Queue) -> Self {
        let Expectation {
            exact, growth_rate, ..
        } = expectation(scenario);
        let fill = |quantity: &mut Quantity, theory: Option<f64>| quantity.theory = theory;
        fill(&mut self.mean_response, exact.mean_response);
        fill(&mut self.mean_wait, exact.mean_wait);
        fill(&mut self.mean_in_system, exact.mean_in_system);
        fill(&mut self.mean_in_queue, exact.mean_in_queue);
        fill(&mut self.p50, exact.p50);
        fill(&mut self.p90, exact.p90);
        fill(&mut self.p95, exact.p95);
        fill(&mut self.p99, exact.p99);
        fill(&mut self.p999, exact.p999);
        if let Some(growth) = &mut self.growth_rate {
            growth.theory = growth_rate;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::report::Stopped;
    use crate::theory::Mm1;

    fn scenario(gap: Distribution, servers: u32, service: Distribution) -> Queue {
        Queue::new(gap, servers, service)
    }

    fn law(spec: &str, mean: f64) -> Distribution {
        Distribution::parse("law", spec, mean).unwrap()
    }

    fn is_empty(values: &Values) -> bool {
        *values == Values::default()
    }

    #[test]
    fn poisson_at_exponential_servers_is_known_exactly() {
        let found = expectation(&scenario(
            law("exponential", 1.0 / 0.9),
            1,
            law("exponential", 1.0),
        ));
        assert_eq!(found.model, "M/M/1");
        assert!(is_empty(&found.approximate));
        let theory = Mm1::new(0.9, 1.0).unwrap();
        let close = |found: Option<f64>, expected: f64| {
            assert!((found.unwrap() / expected - 1.0).abs() < 1e-12);
        };
        close(found.exact.mean_response, 10.0);
        close(found.exact.mean_wait, 9.0);
        close(found.exact.mean_in_system, 9.0);
        close(found.exact.mean_in_queue, 8.1);
        close(found.exact.p50, theory.response_quantile(0.5));
        close(found.exact.p999, theory.response_quantile(0.999));

        let found = expectation(&scenario(
            law("exponential", 1.0 / 9.0),
            4,
            law("exponential", 0.2),
        ));
        assert_eq!(found.model, "M/M/4");
        assert!((found.exact.mean_response.unwrap() - 0.211_684_9).abs() < 1e-7);
    }

    #[test]
    fn an_exponential_law_by_another_name_counts_as_one() {
        for spec in ["erlang:1", "hyperexponential:1", "weibull:1"] {
            let found = expectation(&scenario(law(spec, 2.0), 2, law(spec, 1.0)));
            assert_eq!(found.model, "M/M/2", "{spec}");
            assert!(found.exact.p99.is_some());
        }
    }

    #[test]
    fn an_scv_of_one_alone_does_not_make_a_law_exponential() {
        let found = expectation(&scenario(
            law("exponential", 2.0),
            1,
            law("lognormal:1", 1.0),
        ));
        assert_eq!(found.model, "M/G/1");
        let found = expectation(&scenario(
            law("lognormal:1", 2.0),
            1,
            law("exponential", 1.0),
        ));
        assert_eq!(found.model, "G/M/1");
        assert!(is_empty(&found.approximate) && found.exact.mean_wait != Some(1.0));
    }

    #[test]
    fn one_server_with_poisson_arrivals_is_known_exactly() {
        for (spec, factor) in [
            ("deterministic", 0.5),
            ("erlang:4", 0.625),
            ("hyperexponential:9", 5.0),
        ] {
            let found = expectation(&scenario(law("exponential", 1.25), 1, law(spec, 1.0)));
            let wait = found.exact.mean_wait.unwrap();
            assert!((wait - factor * 4.0).abs() < 1e-9, "{spec}: {wait}");
            assert!((found.exact.mean_response.unwrap() - wait - 1.0).abs() < 1e-9);
            assert!(found.exact.p99.unwrap() > found.exact.p50.unwrap());
            assert!(is_empty(&found.approximate));
        }
    }

    #[test]
    fn the_general_case_is_only_approximated() {
        let found = expectation(&scenario(
            law("hyperexponential:4", 0.3),
            4,
            law("erlang:2", 1.0),
        ));
        assert_eq!(found.model, "G/G/4");
        assert!(is_empty(&found.exact));
        assert!(found.approximate.mean_response.unwrap() > 1.0);
        assert!(found.approximate.p999.unwrap() > found.approximate.p99.unwrap());
    }

    #[test]
    fn clockwork_never_waits() {
        let found = expectation(&scenario(
            law("deterministic", 0.4),
            3,
            law("deterministic", 1.0),
        ));
        assert_eq!(found.model, "D/D/3");
        assert_eq!(found.exact.mean_wait, Some(0.0));
        assert_eq!(found.exact.p999, Some(1.0));
        assert_eq!(found.exact.mean_in_system, Some(2.5));
    }

    /// Pareto's law of shape 1.5 at ρ = 0.5: the response exceeds 6 s with probability 0.1703188561, by an integral equation.
    #[test]
    fn an_infinite_variance_leaves_percentiles_of_one_server_at_most() {
        let pareto = |servers| {
            expectation(&scenario(
                law("exponential", 2.0),
                servers,
                law("pareto:1.5", 1.0),
            ))
        };
        let one = pareto(1);
        assert!(one.exact.mean_wait.is_none() && is_empty(&one.approximate));
        assert!(one.exact.p50.unwrap() < 6.0 && one.exact.p90.unwrap() > 6.0);
        assert!(one.label.contains("infinite"), "{}", one.label);
        let two = pareto(2);
        assert!(is_empty(&two.exact) && is_empty(&two.approximate));
        assert!(two.label.contains("variance"), "{}", two.label);
    }

    #[test]
    fn a_record_of_values_has_exact_means_and_approximate_percentiles() {
        let found = expectation(&scenario(
            law("exponential", 2.0),
            1,
            law("empirical:1;2;7", 1.0),
        ));
        assert!(found.exact.mean_wait.is_some() && found.exact.p99.is_none());
        assert!(found.approximate.p99.is_some() && found.approximate.mean_wait.is_none());
    }

    #[test]
    fn constant_service_at_several_servers_is_exact_up_to_a_number() {
        let of = |servers: u32| {
            let gap = law("exponential", 1.25 / f64::from(servers));
            expectation(&scenario(gap, servers, law("deterministic", 1.0)))
        };
        let found = of(3);
        assert_eq!((found.model.as_str(), found.label), ("M/D/3", "exact"));
        assert!(is_empty(&found.approximate) && found.exact.p99.unwrap() > 1.0);
        assert!(is_empty(&of(513).exact) && of(513).approximate.p99.is_some());
    }

    #[test]
    fn exponential_service_is_exact_for_gaps_of_any_law() {
        for (spec, servers) in [
            ("deterministic", 4),
            ("erlang:3", 100),
            ("pareto:1.5", 2),
            ("lognormal:4", 1),
        ] {
            let gap = law(spec, 1.25 / f64::from(servers));
            let found = expectation(&scenario(gap, servers, law("exponential", 1.0)));
            assert!(
                is_empty(&found.approximate) && found.label == "exact",
                "{spec}"
            );
            assert!(found.exact.mean_response.unwrap() > 1.0 && found.exact.p99.unwrap() > 4.0);
        }
    }

    fn transient(mut scenario: Queue) -> Queue {
        scenario.horizon = Horizon::Transient { requests: 100 };
        scenario
    }

    #[test]
    fn overload_grows_and_has_nothing_else() {
        let overload = transient(scenario(
            law("exponential", 0.4),
            2,
            law("lognormal:3", 1.0),
        ));
        let found = expectation(&overload);
        assert!((found.growth_rate.unwrap() - 0.5).abs() < 1e-12);
        assert!(is_empty(&found.exact) && is_empty(&found.approximate));
    }

    #[test]
    fn a_start_from_empty_is_not_compared_with_the_steady_state() {
        let found = expectation(&transient(scenario(
            law("exponential", 2.0),
            1,
            law("exponential", 1.0),
        )));
        assert!(
            is_empty(&found.exact) && is_empty(&found.approximate) && found.growth_rate.is_none()
        );
    }

    #[test]
    fn nonsense_gets_no_theory() {
        for mean in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let found = expectation(&scenario(
                Distribution::exponential(mean),
                1,
                Distribution::exponential(1.0),
            ));
            assert!(
                is_empty(&found.exact)
                    && is_empty(&found.approximate)
                    && found.growth_rate.is_none()
            );
        }
    }

    fn blank_report() -> Report {
        let nothing = Quantity::default();
        Report {
            utilization: 0.5,
            arrival_rate: 0.5,
            service_rate: 1.0,
            servers: 1,
            replications: 1,
            requests: 1,
            warm_up: 0,
            stable: true,
            converged: false,
            stopped: Stopped::Budget,
            mean_response: nothing,
            mean_wait: nothing,
            mean_in_system: nothing,
            mean_in_queue: nothing,
            p50: nothing,
            p90: nothing,
            p95: nothing,
            p99: nothing,
            p999: nothing,
            growth_rate: Some(nothing),
            details: None,
            ..Report::unknown()
        }
    }

    #[test]
    fn a_reach_of_stages_is_enough_for_laws_of_stages() {
        for (arrivals, service, servers) in [
            (1.0, 1.0, 4),
            (0.0, 1.0, 3),
            (1.0, 0.0, 2),
            (0.3, 1.0, 2),
            (6.0, 1.0, 1),
            (1.0, 0.2, 1),
            (1.0, 9.0, 1),
            (2.0, 0.5, 3),
        ] {
            let gap = Distribution::with_scv(1.0, arrivals);
            let law = Distribution::with_scv(0.7 * f64::from(servers), service);
            let queue = scenario(gap, servers, law);
            assert_eq!(expectation_of_stages(&queue), expectation(&queue));
        }
        let queue = scenario(law("exponential", 1.0), 1, law("lognormal:4", 0.7));
        assert!(expectation(&queue).exact.p99.is_some());
        let found = expectation_of_stages(&queue);
        assert!(found.exact.p99.is_none() && found.approximate.p99.is_some());
    }

    #[test]
    fn a_report_takes_exact_values_only() {
        let mm1 = scenario(law("exponential", 2.0), 1, law("exponential", 1.0));
        let report = blank_report().with_theory(&mm1);
        assert_eq!(report.mean_response.theory, Some(2.0));
        assert!((report.p99.theory.unwrap() - 2.0 * crate::math::ln(100.0)).abs() < 1e-12);
        assert_eq!(report.growth_rate.unwrap().theory, None);

        let mg1 = scenario(law("exponential", 2.0), 1, law("empirical:1;3", 1.0));
        let report = blank_report().with_theory(&mg1);
        assert_eq!(report.mean_response.theory, Some(1.625));
        assert_eq!(report.p99.theory, None);

        let ggc = scenario(law("erlang:2", 2.0), 1, law("deterministic", 1.0));
        assert_eq!(blank_report().with_theory(&ggc).mean_response.theory, None);

        let overload = transient(scenario(
            law("exponential", 0.5),
            1,
            law("exponential", 1.0),
        ));
        assert_eq!(
            blank_report()
                .with_theory(&overload)
                .growth_rate
                .unwrap()
                .theory,
            Some(1.0)
        );
    }
}
