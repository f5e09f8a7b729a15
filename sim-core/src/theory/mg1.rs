//! M/G/1: Poisson arrivals, service times of any law with a finite variance, one server, infinite room.
//!
//! Pollaczek–Khinchine: Wq = ρ/(1−ρ) · (1+C²s)/2 · 1/μ, whatever the order of service as long as it does not look at service
//! times or interrupt; exact.
//! Source: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 5.1.

use crate::error::InputError;
use crate::theory::rates::{check_rates, check_scv, check_stable};

/// An M/G/1 queue in its steady state.
///
/// ```
/// use sim_core::theory::Mg1;
/// let regular = Mg1::new(0.9, 1.0, 0.0)?;
/// let random = Mg1::new(0.9, 1.0, 1.0)?;
/// assert!((regular.mean_wait() - random.mean_wait() / 2.0).abs() < 1e-12);
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mg1 {
    arrival_rate: f64,
    service_rate: f64,
    service_scv: f64,
}

impl Mg1 {
    /// The queue with λ = `arrival_rate` and μ = `service_rate`, per second, each in `1e-150..=1e150`, and C²s =
    /// `service_scv` in `0..=1e100`.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter, [`InputError::Unstable`] if λ ≥ μ.
    pub fn new(arrival_rate: f64, service_rate: f64, service_scv: f64) -> Result<Self, InputError> {
        check_rates(arrival_rate, service_rate)?;
        check_scv("service_scv", service_scv)?;
        check_stable(arrival_rate, service_rate)?;
        Ok(Self {
            arrival_rate,
            service_rate,
            service_scv,
        })
    }

    /// ρ, the share of time the server is busy.
    pub fn utilization(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Rate of departures: all that arrive, per second.
    pub fn throughput(&self) -> f64 {
        self.arrival_rate
    }

    /// Share of requests that wait: ρ.
    pub fn probability_of_waiting(&self) -> f64 {
        self.utilization()
    }

    /// Wq, seconds.
    pub fn mean_wait(&self) -> f64 {
        let spare_rate = self.service_rate - self.arrival_rate;
        self.utilization() / spare_rate * (1.0 + self.service_scv) / 2.0
    }

    /// W, seconds.
    pub fn mean_response(&self) -> f64 {
        self.mean_wait() + self.service_rate.recip()
    }

    /// Lq, requests.
    pub fn mean_in_queue(&self) -> f64 {
        self.arrival_rate * self.mean_wait()
    }

    /// L, requests.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_queue() + self.utilization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Mm1;
    use crate::theory::testing::assert_close;

    #[test]
    fn exponential_service_is_mm1() {
        for utilization in [1e-9, 0.5, 0.99, 1.0 - 1e-12] {
            let general = Mg1::new(utilization, 1.0, 1.0).unwrap();
            let markov = Mm1::new(utilization, 1.0).unwrap();
            assert_close(general.mean_wait(), markov.mean_wait(), 1e-12);
            assert_close(general.mean_response(), markov.mean_response(), 1e-12);
            assert_close(general.mean_in_queue(), markov.mean_in_queue(), 1e-12);
            assert_close(general.mean_in_system(), markov.mean_in_system(), 1e-12);
        }
    }

    #[test]
    fn md1_agrees_with_the_mean_of_its_known_law() {
        // P(n in system) of M/D/1 by the embedded chain: π₀ = 1−ρ and π_{n+1} from the Poisson counts of arrivals in a service.
        let utilization = 0.7;
        let mut arrivals = vec![libm::exp(-utilization)];
        for n in 1..300 {
            arrivals.push(arrivals[n - 1] * utilization / n as f64);
        }
        let mut states = vec![1.0 - utilization];
        for n in 0..120 {
            let inflow = states[0] * arrivals[n]
                + (1..=n)
                    .map(|k| states[k] * arrivals[n + 1 - k])
                    .sum::<f64>();
            states.push((states[n] - inflow) / arrivals[0]);
        }
        // Forward substitution loses digits in the far tail, which by then no longer matters.
        let mean: f64 = states[..60]
            .iter()
            .enumerate()
            .map(|(n, p)| n as f64 * p)
            .sum();
        let queue = Mg1::new(utilization, 1.0, 0.0).unwrap();
        assert!((queue.mean_in_system() / mean - 1.0).abs() < 1e-6, "{mean}");
    }

    #[test]
    fn wrong_input_is_named() {
        for scv in [-1e-9, f64::NAN, f64::INFINITY, 1e101] {
            assert_eq!(Mg1::new(0.5, 1.0, scv).unwrap_err().field(), "service_scv");
        }
        assert!(matches!(
            Mg1::new(1.0, 1.0, 0.0),
            Err(InputError::Unstable { .. })
        ));
        assert_eq!(
            Mg1::new(-1.0, 1.0, 0.0).unwrap_err().field(),
            "arrival_rate"
        );
    }

    #[test]
    fn extremes_stay_finite() {
        for (arrival_rate, service_rate) in [
            (1e-150, 1e150),
            (1e-150, 1.1e-150),
            (1.0 - 1e-12, 1.0),
            (0.9e150, 1e150),
        ] {
            for scv in [0.0, 1e-100, 1.0, 1e100] {
                let queue = Mg1::new(arrival_rate, service_rate, scv).unwrap();
                let values = [
                    queue.mean_wait(),
                    queue.mean_response(),
                    queue.mean_in_queue(),
                    queue.mean_in_system(),
                ];
                assert!(
                    values.iter().all(|v| v.is_finite() && *v >= 0.0),
                    "{queue:?}: {values:?}"
                );
            }
        }
    }
}
