//! What every simulator runs, and the mean response time it must find.
//!
//! In all of them services take an exponential time of mean 1 s, arrivals are Poisson, and 0.9 of the servers' capacity is asked
//! for. The last four have ten stations of one server, each with its own queue.

/// Standard deviations by which a mean over one run may be off: by chance one in 16,000 is.
const TOLERATED: f64 = 4.0;

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    /// Its name, the same in every program.
    pub(super) name: &'static str,
    /// The exact mean response time in seconds, where a formula gives it.
    pub(super) theory: Option<f64>,
    /// Standard deviation of a mean over n requests, times √n, in seconds: found by 200 runs of 300,000 requests in desim and
    /// rounded up.
    spread: f64,
}

/// All models, in the order of the table.
pub(super) const MODELS: [Model; 6] = [
    model("M/M/1", Some(10.0), 200.0),
    // 1 + C/1.6 with Erlang's C for 14.4 Erlangs on 16 servers.
    model("M/M/16", Some(1.369_6), 13.0),
    // Each station is E10/M/1: 1/(1 − σ) where σ = (9/(10 − σ))¹⁰.
    model("round robin", Some(5.660_3), 100.0),
    // Each station is M/M/1.
    model("random", Some(10.0), 220.0),
    model("power of two choices", None, 30.0),
    model("shortest queue", None, 22.0),
];

const fn model(name: &'static str, theory: Option<f64>, spread: f64) -> Model {
    Model {
        name,
        theory,
        spread,
    }
}

impl Model {
    /// How far apart the means over two runs may be, in seconds.
    pub(super) fn tolerance(&self, requests: u64, of_the_other: u64) -> f64 {
        let shares = (requests as f64).recip() + (of_the_other as f64).recip();
        TOLERATED * self.spread * shares.sqrt()
    }

    /// How far from the exact mean that over a run may be, in seconds.
    pub(super) fn tolerance_to_theory(&self, requests: u64) -> f64 {
        TOLERATED * self.spread / (requests as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theory(name: &str) -> f64 {
        let model = MODELS.iter().find(|model| model.name == name);
        model.and_then(|model| model.theory).unwrap()
    }

    #[test]
    fn sixteen_servers_agree_with_erlangs_recurrence() {
        let load = 14.4;
        let blocked = (1..=16).fold(1.0, |blocked: f64, servers| {
            (1.0 + f64::from(servers) / (load * blocked)).recip()
        });
        let waits = blocked / (1.0 - 0.9 * (1.0 - blocked));
        assert!((theory("M/M/16") - (1.0 + waits / 1.6)).abs() < 5e-5);
    }

    #[test]
    fn round_robin_agrees_with_the_root_of_its_equation() {
        let sigma = (0..500).fold(0.5, |sigma: f64, _| (9.0 / (10.0 - sigma)).powi(10));
        assert!((theory("round robin") - (1.0 - sigma).recip()).abs() < 5e-5);
    }
}
