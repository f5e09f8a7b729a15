//! Closed forms that the cells need, written for them alone: what they are compared with was not written by the simulator's theory.

/// Share of those who give up, and mean number in the line, of M/M/c+M with service rate 1, by its birth–death chain (Palm; Garnett, Mandelbaum and
/// Reiman, 2002).
pub(crate) fn erlang_a(servers: u32, load: f64, patience_rate: f64) -> (f64, f64) {
    let c = f64::from(servers);
    let (mut term, mut total, mut queue) = (1.0, 1.0, 0.0);
    for n in 1..20_000 {
        let n = f64::from(n);
        let leaving = n.min(c) + (n - c).max(0.0) * patience_rate;
        term *= load / leaving;
        total += term;
        queue += (n - c).max(0.0) * term;
        if n > c && term < 1e-18 * total {
            break;
        }
    }
    let in_queue = queue / total;
    (patience_rate * in_queue / load, in_queue)
}

/// W of two classes at one exponential server of rate 1 that finishes what it has begun (Cobham, 1954).
pub(crate) fn priorities(high: f64, low: f64) -> [f64; 2] {
    let residual = high + low;
    [
        residual / (1.0 - high) + 1.0,
        residual / ((1.0 - high) * (1.0 - high - low)) + 1.0,
    ]
}

/// The same where the higher class interrupts the lower one, which then goes on (White and Christie, 1958).
pub(crate) fn preemptive(high: f64, low: f64) -> [f64; 2] {
    [
        1.0 / (1.0 - high),
        1.0 / (1.0 - high) + (high + low) / ((1.0 - high) * (1.0 - high - low)),
    ]
}

/// Throughput and the number at each queue of a closed network of single exponential servers with these demands, and users who think
/// (Reiser and Lavenberg, 1980).
pub(crate) fn closed(users: u32, think: f64, demands: &[f64]) -> (f64, Vec<f64>) {
    let mut inside = vec![0.0; demands.len()];
    let mut throughput = 0.0;
    for n in 1..=users {
        let times: Vec<f64> = demands
            .iter()
            .zip(&inside)
            .map(|(demand, inside)| demand * (1.0 + inside))
            .collect();
        throughput = f64::from(n) / (think + times.iter().sum::<f64>());
        inside = times.iter().map(|time| throughput * time).collect();
    }
    (throughput, inside)
}

/// W of two parallel M/M/1 queues with rate 1 that both have to be passed (Flatto and Hahn, 1984).
pub(crate) fn flatto_hahn(utilization: f64) -> f64 {
    (12.0 - utilization) / 8.0 / (1.0 - utilization)
}
