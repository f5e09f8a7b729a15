//! M/M/∞: Poisson arrivals, exponential service, a free server for everyone.
//!
//! Nobody waits; the number in the system is Poisson with mean a = λ/μ (for any law of service), the response is the service.
//! Source: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 2.6.

use crate::error::InputError;
use crate::math;
use crate::math::special::poisson_probability;
use crate::theory::rates::{assert_probability, check_rates};

/// An M/M/∞ system in its steady state: always stable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MmInf {
    arrival_rate: f64,
    service_rate: f64,
}

impl MmInf {
    /// The system with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the rate.
    pub fn new(arrival_rate: f64, service_rate: f64) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        Ok(Self {
            arrival_rate,
            service_rate,
        })
    }

    /// a = λ/μ, Erlangs: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// W, seconds: the mean service.
    pub fn mean_response(&self) -> f64 {
        self.service_rate.recip()
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.offered_load()
    }

    /// Probability of `n` requests in the system.
    pub fn probability_in_system(&self, n: u64) -> f64 {
        poisson_probability(n, self.offered_load())
    }

    /// Probability that a response takes longer than `t` seconds.
    pub fn response_ccdf(&self, t: f64) -> f64 {
        math::exp(-self.service_rate * t.max(0.0))
    }

    /// Probability that a response takes at most `t` seconds.
    pub fn response_cdf(&self, t: f64) -> f64 {
        -math::exp_m1(-self.service_rate * t.max(0.0))
    }

    /// The response time, in seconds, that a share `p` of the requests does not exceed.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1)`.
    pub fn response_quantile(&self, p: f64) -> f64 {
        assert_probability(p);
        -math::ln_1p(-p) / self.service_rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Mmc;

    #[test]
    fn is_what_many_servers_tend_to() {
        let endless = MmInf::new(30.0, 2.0).unwrap();
        let many = Mmc::new(30.0, 2.0, 100).unwrap();
        assert!((endless.mean_in_system() / many.mean_in_system() - 1.0).abs() < 1e-12);
        assert!((endless.mean_response() / many.mean_response() - 1.0).abs() < 1e-12);
        for n in [0, 5, 15, 40] {
            let (found, limit) = (
                many.probability_in_system(n),
                endless.probability_in_system(n),
            );
            assert!(
                (found / limit - 1.0).abs() < 1e-12,
                "n {n}: {found} against {limit}"
            );
        }
        for p in [0.0, 0.5, 0.99] {
            let (found, limit) = (many.response_quantile(p), endless.response_quantile(p));
            assert!(
                (found - limit).abs() <= 1e-12 * limit,
                "p {p}: {found} against {limit}"
            );
            assert!((endless.response_cdf(limit) - p).abs() < 1e-15);
            assert!((endless.response_ccdf(limit) - (1.0 - p)).abs() < 1e-15);
        }
    }

    #[test]
    fn any_load_is_stable_and_wrong_input_is_named() {
        let crowd = MmInf::new(1e150, 1e-150).unwrap();
        assert!(crowd.mean_in_system().is_finite() && crowd.probability_in_system(7) == 0.0);
        assert_eq!(MmInf::new(0.0, 1.0).unwrap_err().field(), "arrival_rate");
        assert_eq!(
            MmInf::new(1.0, f64::NAN).unwrap_err().field(),
            "service_rate"
        );
    }
}
