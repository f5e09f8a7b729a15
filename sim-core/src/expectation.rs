//! What theory says about a scenario: where the layers of theory and simulation first meet.
//!
//! | scenario | exact | approximate |
//! |---|---|---|
//! | M/M/c | everything | |
//! | D/D/c | everything: nobody waits | |
//! | M/G/1 | the four means (Pollaczek–Khinchine) | percentiles |
//! | G/G/c | | everything (Allen–Cunneen and two-moment fits) |
//! | ρ ≥ 1 | the growth rate λ − cμ | |
//!
//! An infinite variance leaves nothing to say, and a transient run has no steady state to compare with.

use serde::Serialize;

use crate::distribution::Distribution;
use crate::error::InputError;
use crate::run::report::{Quantity, Report};
use crate::scenario::{Horizon, Queue};
use crate::theory::{GgcApproximation, Mg1, Mmc};

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
            (Shape::Exponential, Shape::Constant | Shape::General(_), 1) => {
                found.fill_mg1(scenario, service);
            }
            _ => found.fill_ggc(scenario, gap, service),
        }
    }
    found
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
        self.exact = Values::of_means(
            model.mean_response(),
            model.mean_wait(),
            model.mean_in_system(),
            model.mean_in_queue(),
        )
        .with_quantiles(|p| model.response_quantile(p));
    }

    /// Regular arrivals at regular servers with capacity to spare: everyone is served at once.
    fn fill_clockwork(&mut self, scenario: &Queue) {
        let response = scenario.service_rate().recip();
        self.label = "exact: nobody waits";
        self.exact = Values::of_means(response, 0.0, scenario.arrival_rate() * response, 0.0)
            .with_quantiles(|_| response);
    }

    fn fill_mg1(&mut self, scenario: &Queue, service: Shape) {
        let Some(scv) = service.scv() else {
            self.label = "no formula: the service time has no finite variance";
            return;
        };
        let Ok(model) = Mg1::new(scenario.arrival_rate(), scenario.service_rate(), scv) else {
            return;
        };
        self.label = "means exact, percentiles approximate";
        self.exact = Values::of_means(
            model.mean_response(),
            model.mean_wait(),
            model.mean_in_system(),
            model.mean_in_queue(),
        );
        if let Some(approximation) = two_moments(scenario, Shape::Exponential, service) {
            self.approximate =
                Values::default().with_quantiles(|p| approximation.response_quantile(p));
        }
    }

    fn fill_ggc(&mut self, scenario: &Queue, gap: Shape, service: Shape) {
        let Some(model) = two_moments(scenario, gap, service) else {
            self.label = "no formula: a law has no finite variance";
            return;
        };
        self.label = "approximate (Allen–Cunneen)";
        self.approximate = Values::of_means(
            model.mean_response(),
            model.mean_wait(),
            model.mean_in_system(),
            model.mean_in_queue(),
        )
        .with_quantiles(|p| model.response_quantile(p));
    }
}

/// The approximation from two moments; `None` without finite variances.
fn two_moments(scenario: &Queue, gap: Shape, service: Shape) -> Option<GgcApproximation> {
    GgcApproximation::new(
        scenario.arrival_rate(),
        scenario.service_rate(),
        scenario.station.servers,
        gap.scv()?,
        service.scv()?,
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

    fn with_quantiles(self, quantile: impl Fn(f64) -> f64) -> Self {
        Self {
            p50: Some(quantile(0.5)),
            p90: Some(quantile(0.9)),
            p95: Some(quantile(0.95)),
            p99: Some(quantile(0.99)),
            p999: Some(quantile(0.999)),
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
        assert!(is_empty(&found.exact) && found.approximate.mean_wait.is_some());
    }

    #[test]
    fn one_server_with_poisson_arrivals_has_exact_means_only() {
        for (spec, factor) in [
            ("deterministic", 0.5),
            ("erlang:4", 0.625),
            ("hyperexponential:9", 5.0),
        ] {
            let found = expectation(&scenario(law("exponential", 1.25), 1, law(spec, 1.0)));
            let wait = found.exact.mean_wait.unwrap();
            assert!((wait - factor * 4.0).abs() < 1e-9, "{spec}: {wait}");
            assert!((found.exact.mean_response.unwrap() - wait - 1.0).abs() < 1e-9);
            assert_eq!(found.exact.p99, None);
            assert!(found.approximate.p99.unwrap() > found.approximate.p50.unwrap());
            assert_eq!(found.approximate.mean_wait, None);
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

    #[test]
    fn an_infinite_variance_leaves_nothing_to_say() {
        for servers in [1, 2] {
            let found = expectation(&scenario(
                law("exponential", 2.0),
                servers,
                law("pareto:1.5", 1.0),
            ));
            assert!(is_empty(&found.exact) && is_empty(&found.approximate));
            assert!(found.label.contains("variance"), "{}", found.label);
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
    fn a_report_takes_exact_values_only() {
        let mm1 = scenario(law("exponential", 2.0), 1, law("exponential", 1.0));
        let report = blank_report().with_theory(&mm1);
        assert_eq!(report.mean_response.theory, Some(2.0));
        assert!((report.p99.theory.unwrap() - 2.0 * crate::math::ln(100.0)).abs() < 1e-12);
        assert_eq!(report.growth_rate.unwrap().theory, None);

        let mg1 = scenario(law("exponential", 2.0), 1, law("deterministic", 1.0));
        let report = blank_report().with_theory(&mg1);
        assert_eq!(report.mean_response.theory, Some(1.5));
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
