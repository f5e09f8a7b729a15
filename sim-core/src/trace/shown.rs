//! Refused values in messages.

/// The most characters of a value that a message repeats.
const SHOWN: usize = 60;

/// The beginning of a refused value, without control characters.
pub(super) fn shown(value: &(impl AsRef<[u8]> + ?Sized)) -> String {
    let bytes = value.as_ref();
    // A character has at most four bytes.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN + 4)]);
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
