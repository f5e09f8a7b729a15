//! What a policy says of itself: names, words, and what others have to know of it.
//!
//! Every policy has to say all of it, so that nothing elsewhere lists policies, and what is forgotten does not compile.

use super::{Approximation, Queue};

/// What a policy says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    /// The name in files and on command lines.
    pub(super) spec: &'static str,
    /// The name for readers, as it stands in a sentence.
    pub(super) name: &'static str,
    /// What it does, in a sentence: for documentation and the schema.
    pub(super) sentence: &'static str,
    /// The same in some words, for the help of commands.
    pub(super) brief: &'static str,
    /// The queues that its contents are shown in, in the order in which they are shown, and what each is.
    pub(super) queues: Queues,
    /// Whether it has to know all requests in advance.
    pub(super) needs_future: bool,
    /// Whether nothing ever leaves, whatever the capacity.
    pub(super) keeps_everything: bool,
    /// Whether nothing is left of requests whose objects expired long ago: neither ghosts nor counts nor a place of the hand.
    pub(super) forgets_expired: bool,
    /// How soon it holds what it holds in the long run.
    pub(super) settling: Settling,
    /// What theory knows of it.
    pub(super) approximation: Option<Approximation>,
}

/// Queues with what they are, in words for a picture.
pub(super) type Queues = &'static [(Queue, &'static str)];

/// How soon a cache holds what it holds in the long run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// Once a few times as many objects were asked for as it holds: what it holds depends on the latest requests alone.
    Soon,
    /// Later: it goes round in circles, or learns slowly which objects are worth keeping.
    Late,
}

/// Text with a capital at its start, in as many bytes.
pub(super) const fn capital<const BYTES: usize>(text: &str) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    bytes.copy_from_slice(text.as_bytes());
    bytes[0] = bytes[0].to_ascii_uppercase();
    bytes
}

/// The text of [`capital`].
pub(super) const fn text(bytes: &'static [u8]) -> &'static str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a capital makes no other letter of the rest"),
    }
}
