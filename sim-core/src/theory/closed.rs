//! M/M/c//N, a closed loop: N users who think for an exponential time of mean Z, send a request to c exponential servers with
//! one queue, wait for the answer and think again. Known as the machine repairman, or the interactive system.
//!
//! With D = 1/μ, the number n of requests at the servers is a birth–death process: it rises at rate (N−n)/Z and falls at rate
//! min(n, c)·μ, so that p(n+1)/p(n) = (N−n)/(Z·μ·min(n+1, c)). Then X = Σ p(n)·min(n, c)·μ and, by Little's law, R = L/X =
//! N/X − Z; exact. The means, though not the percentiles, hold for think times of any law.
//!
//! Asymptotic bounds, of any laws: X ≤ min(N/(Z+D), c/D) and R ≥ max(D, N·D/c − Z); they meet at the knee N* = c·(Z+D)/D.
//!
//! Source: Lazowska, Zahorjan, Graham and Sevcik, *Quantitative System Performance* (1984), chapters 5 and 6.

use crate::error::{InputError, in_range};
use crate::theory::rates::{check_rates, check_servers};

/// The most users: the states are gone through one by one.
const MAX_USERS: u32 = 1_000_000;

/// A closed loop in its steady state; it always has one.
///
/// ```
/// use sim_core::theory::Closed;
/// let alone = Closed::new(1, 0.9, 10.0, 1)?;
/// assert!((alone.throughput() - 1.0).abs() < 1e-12); // a request every 0.9 s + 0.1 s
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closed {
    users: u32,
    think: f64,
    service_rate: f64,
    servers: u32,
    throughput: f64,
    mean_in_system: f64,
}

impl Closed {
    /// The loop of N = `users` in `1..=1_000_000` with Z = `think` seconds in `1e-9..=1e9`, μ = `service_rate` per second and
    /// at least one server.
    ///
    /// # Errors
    /// [`InputError::OutOfRange`] naming the parameter.
    pub fn new(
        users: u32,
        think: f64,
        service_rate: f64,
        servers: u32,
    ) -> Result<Self, InputError> {
        if !(1..=MAX_USERS).contains(&users) {
            let allowed = format!("1..={MAX_USERS}");
            return Err(InputError::out_of_range("users", users, allowed));
        }
        in_range("think", think, 1e-9, 1e9)?;
        check_rates(service_rate, service_rate)?;
        check_servers(servers)?;
        let (busy, present) = means(users, think * service_rate, servers);
        Ok(Self {
            users,
            think,
            service_rate,
            servers,
            throughput: busy * service_rate,
            mean_in_system: present,
        })
    }

    /// X, requests answered per second.
    pub fn throughput(&self) -> f64 {
        self.throughput
    }

    /// R, seconds from a request to its answer.
    pub fn mean_response(&self) -> f64 {
        self.mean_in_system / self.throughput
    }

    /// L, requests waiting or in service.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_in_system
    }

    /// ρ, the share of time each server is busy.
    pub fn utilization(&self) -> f64 {
        self.throughput / self.capacity()
    }

    /// The most that X can be: all users answered at once, or all servers always busy.
    pub fn throughput_bound(&self) -> f64 {
        let unhindered = f64::from(self.users) / (self.think + self.service_rate.recip());
        unhindered.min(self.capacity())
    }

    /// The least that R can be: one service, or what the servers' pace leaves each user to wait.
    pub fn response_bound(&self) -> f64 {
        let paced = f64::from(self.users) / self.capacity() - self.think;
        paced.max(self.service_rate.recip())
    }

    /// N*, users from which on the servers and no longer the users set the pace.
    pub fn knee(&self) -> f64 {
        self.capacity() * (self.think + self.service_rate.recip())
    }

    /// c·μ, requests per second.
    fn capacity(&self) -> f64 {
        f64::from(self.servers) * self.service_rate
    }
}

/// Mean numbers of busy servers and of requests present, from the balance of flows; `think` is Z·μ.
fn means(users: u32, think: f64, servers: u32) -> (f64, f64) {
    // Weights are kept near one: a step scales down all sums alike where they grow large.
    let (mut weight, mut all, mut busy, mut present) = (1.0_f64, 1.0, 0.0, 0.0);
    for n in 1..=users {
        let served = f64::from(n.min(servers));
        weight *= f64::from(users - n + 1) / (think * served);
        if weight > 1e200 {
            for sum in [&mut weight, &mut all, &mut busy, &mut present] {
                *sum *= 1e-200;
            }
        }
        all += weight;
        busy += weight * served;
        present += weight * f64::from(n);
    }
    (busy / all, present / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Mm1;
    use crate::theory::testing::assert_close;

    /// Mean value analysis of one exponential server: R(N) = D·(1 + L(N−1)), X(N) = N/(Z + R(N)), L(N) = X(N)·R(N).
    fn mean_values(users: u32, think: f64, demand: f64) -> (f64, f64) {
        let (mut present, mut found) = (0.0, (0.0, 0.0));
        for n in 1..=users {
            let response = demand * (1.0 + present);
            let throughput = f64::from(n) / (think + response);
            present = throughput * response;
            found = (throughput, response);
        }
        found
    }

    #[test]
    fn one_server_agrees_with_mean_value_analysis() {
        for (think, demand) in [(1.0, 0.01), (0.009, 0.001), (0.1, 1.0)] {
            for users in [1, 2, 5, 17, 100, 1_000] {
                let model = Closed::new(users, think, 1.0 / demand, 1).unwrap();
                let (throughput, response) = mean_values(users, think, demand);
                assert_close(model.throughput(), throughput, 1e-10);
                assert_close(model.mean_response(), response, 1e-10);
            }
        }
    }

    #[test]
    fn littles_law_holds_around_the_loop() {
        for servers in [1, 3, 20] {
            for users in [1, 10, 400] {
                let model = Closed::new(users, 0.5, 20.0, servers).unwrap();
                let around = model.throughput() * (0.5 + model.mean_response());
                assert_close(around, f64::from(users), 1e-11);
            }
        }
    }

    #[test]
    fn as_many_servers_as_users_leave_no_queue() {
        let model = Closed::new(12, 0.3, 5.0, 12).unwrap();
        assert_close(model.mean_response(), 0.2, 1e-12);
        assert_close(model.throughput(), 12.0 / 0.5, 1e-12);
    }

    #[test]
    fn bounds_are_kept_and_reached_far_from_the_knee() {
        for servers in [1, 4] {
            for users in [1, 2, 10, 40, 100, 2_000] {
                let model = Closed::new(users, 0.9, 10.0, servers).unwrap();
                assert!(model.throughput() <= model.throughput_bound() * (1.0 + 1e-12));
                assert!(model.mean_response() >= model.response_bound() * (1.0 - 1e-12));
                assert!(model.utilization() <= 1.0 + 1e-12);
            }
            let many = Closed::new(2_000, 0.9, 10.0, servers).unwrap();
            assert_close(many.throughput(), many.throughput_bound(), 1e-12);
            assert_close(many.mean_response(), many.response_bound(), 1e-12);
        }
        let model = Closed::new(1, 0.9, 10.0, 4).unwrap();
        assert_close(model.knee(), 40.0, 1e-12);
    }

    #[test]
    fn very_many_thinking_users_are_open_arrivals() {
        // A million users, each a millionth of the traffic: nearly Poisson at 80 % of one server.
        let closed = Closed::new(1_000_000, 1_250_000.0, 1.0, 1).unwrap();
        let open = Mm1::new(0.8, 1.0).unwrap();
        assert_close(closed.mean_response(), open.mean_response(), 1e-3);
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(Closed::new(0, 1.0, 1.0, 1).unwrap_err().field(), "users");
        assert_eq!(Closed::new(1, 0.0, 1.0, 1).unwrap_err().field(), "think");
        assert_eq!(Closed::new(1, 1.0, 1.0, 0).unwrap_err().field(), "servers");
        assert!(Closed::new(1, 1.0, f64::NAN, 1).is_err());
    }

    #[test]
    fn extremes_stay_finite() {
        for users in [1, 3, 1_000_000] {
            for think in [1e-9, 1.0, 1e9] {
                for service_rate in [1e-9, 1.0, 1e9] {
                    let model = Closed::new(users, think, service_rate, 2).unwrap();
                    let values = [
                        model.throughput(),
                        model.mean_response(),
                        model.mean_in_system(),
                    ];
                    assert!(
                        values.iter().all(|it| it.is_finite() && *it > 0.0),
                        "{model:?}"
                    );
                }
            }
        }
    }
}
