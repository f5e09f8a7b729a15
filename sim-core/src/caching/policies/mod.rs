//! The policies, one a file, and the table of them.
//!
//! The table makes the enumeration that everybody else knows, and from it all that is said of policies: names, help, the schema,
//! captions. What is said is in each policy's own file.

mod arc;
mod belady;
mod clock;
mod clock_pro;
mod fifo;
mod gdsf;
pub(super) mod infinite;
mod lfu;
mod lirs;
mod lru;
pub(super) mod lru_k;
mod random;
mod s3_fifo;
mod sieve;
mod slru;
mod two_q;
mod w_tiny_lfu;

use super::about::{capital, text};
use super::build::{Visitor, visit};
use super::dense::Dense;
use super::index::Index;
use super::replacement::Replacement;
use super::store::Store;
use super::{Approximation, Queue, Settling, Spec};

/// Makes [`Policy`] of the policies: each by its name and its file.
macro_rules! policies {
    ($($policy:ident in $file:ident,)+) => {
        /// Which object has to leave, and sometimes which may come in. Each is described, with its source, in its own file.
        ///
        /// ```
        /// use sim_core::caching::Policy;
        /// assert_eq!(Policy::parse("--policy", "2q")?, Policy::TwoQ);
        /// assert_eq!(Policy::TwoQ.name(), "2Q");
        /// # Ok::<(), sim_core::InputError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(rename = "CachePolicy", transform = super::policy::say_in_schema))]
        pub enum Policy {
            $(
                #[doc = concat!("Described in `caching/policies/", stringify!($file), ".rs`, in short by [`Policy::sentence`].")]
                $policy,
            )+
        }

        impl Policy {
            /// All policies.
            pub const ALL: [Self; [$(stringify!($policy)),+].len()] = [$(Self::$policy),+];

            /// Their names in files and on command lines, in the same order.
            pub const NAMES: [&'static str; Self::ALL.len()] = [$(about!($file::$policy).spec),+];

            /// The name in files and on command lines.
            pub const fn spec(self) -> &'static str {
                Self::NAMES[self as usize]
            }

            /// The name for readers, as it stands in a sentence.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$policy => about!($file::$policy).name,)+ }
            }

            /// The name for readers at the start of a line.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$policy => {
                        const NAME: &str = about!($file::$policy).name;
                        text(&const { capital::<{ NAME.len() }>(NAME) })
                    })+
                }
            }

            /// What it does, in a sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$policy => about!($file::$policy).sentence,)+ }
            }

            /// What it does, in some words without a full stop: for the help of commands.
            pub const fn brief(self) -> &'static str {
                match self { $(Self::$policy => about!($file::$policy).brief,)+ }
            }

            /// The queues that its contents are shown in, in the order in which they are shown, and what each is in words.
            pub const fn queues(self) -> &'static [(Queue, &'static str)] {
                match self { $(Self::$policy => about!($file::$policy).queues,)+ }
            }

            /// Whether it has to know all requests in advance: no real cache does.
            pub const fn needs_future(self) -> bool {
                match self { $(Self::$policy => about!($file::$policy).needs_future,)+ }
            }

            /// Whether nothing ever leaves, whatever the capacity says: no real cache does that either.
            pub const fn keeps_everything(self) -> bool {
                match self { $(Self::$policy => about!($file::$policy).keeps_everything,)+ }
            }

            /// Whether nothing is left in it of requests whose objects expired long ago.
            pub const fn forgets_expired(self) -> bool {
                match self { $(Self::$policy => about!($file::$policy).forgets_expired,)+ }
            }

            /// How soon it holds what it holds in the long run.
            pub const fn settling(self) -> Settling {
                match self { $(Self::$policy => about!($file::$policy).settling,)+ }
            }

            /// Which formula tells its hit ratio, where requests are independent and nothing expires.
            pub const fn approximation(self) -> Option<Approximation> {
                match self { $(Self::$policy => about!($file::$policy).approximation,)+ }
            }
        }

        /// Builds the cache around a store and hands it over.
        pub(super) fn with_store<I: Index + 'static, V: Visitor>(
            spec: &Spec,
            store: Store<I>,
            visitor: V,
        ) -> V::Output {
            match spec.policy { $(Policy::$policy => visit(visitor, $file::$policy::<I>::new(store, spec)),)+ }
        }
    };
}

/// What a policy says of itself, whatever finds its slots.
macro_rules! about {
    ($file:ident::$policy:ident) => {
        <$file::$policy<Dense> as Replacement>::ABOUT
    };
}

policies! {
    Lru in lru,
    Fifo in fifo,
    Clock in clock,
    ClockPro in clock_pro,
    Random in random,
    Lfu in lfu,
    TwoQ in two_q,
    Arc in arc,
    Lirs in lirs,
    Slru in slru,
    Sieve in sieve,
    S3Fifo in s3_fifo,
    WTinyLfu in w_tiny_lfu,
    LruK in lru_k,
    Gdsf in gdsf,
    Belady in belady,
    Infinite in infinite,
}
