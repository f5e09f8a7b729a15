//! How long a replication is, where nobody says.

/// Shortest and longest replication that is chosen unasked.
const SHORTEST: f64 = 16_384.0;
const LONGEST: f64 = 1_048_576.0;

/// A few thousand relaxation times (given in requests), as a power of two, within bounds that keep a replication short enough to
/// watch.
pub(super) fn requests(relaxation: f64) -> u64 {
    let requests = (4096.0 * relaxation).clamp(SHORTEST, LONGEST);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    let whole = requests as u64;
    whole.next_power_of_two()
}
