//! How many threads are used.

/// The most threads that are started.
pub(crate) const MAX_THREADS: u64 = 1024;

/// The threads asked for; all cores where nothing is said.
pub(crate) fn threads(asked: Option<u64>) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    asked
        .and_then(|threads| usize::try_from(threads).ok())
        .unwrap_or_else(all)
}
