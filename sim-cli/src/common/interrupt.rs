//! SIGINT and SIGTERM end a command with a word and the exit code that a shell makes of the signal. Results are printed at the end
//! and all at once: before that there are none.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether results are on their way out.
static PRINTING: AtomicBool = AtomicBool::new(false);

/// Results begin to go out.
pub(crate) fn begin_printing() {
    PRINTING.store(true, Ordering::SeqCst);
}

/// All of them are out.
pub(crate) fn end_printing() {
    PRINTING.store(false, Ordering::SeqCst);
}

/// Waits for signals, beside everything else. Where a system has none, or grants no thread, its own way of ending programs is left.
pub(crate) fn watch() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        let wait = move || {
            if let Some(signal) = signals.forever().next() {
                end(signal);
            }
        };
        // It waits as long as the program runs, and has no part in any result.
        #[allow(clippy::disallowed_methods)]
        drop(std::thread::spawn(wait));
    }
}

#[cfg(unix)]
fn end(signal: i32) -> ! {
    use std::io::Write as _;
    let message = if PRINTING.load(Ordering::SeqCst) {
        "interrupted: the results printed so far are not complete"
    } else {
        "interrupted: there are no results"
    };
    // Nobody may be left to read it. A bar that was being drawn keeps its line.
    let _ = writeln!(std::io::stderr(), "\n{message}");
    std::process::exit(128 + signal);
}
