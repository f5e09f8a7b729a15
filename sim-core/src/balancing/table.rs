//! The table of policies: each is named once, and what holds for all of them is made of that.

use serde::{Deserialize, Serialize};

use super::kind::{Entry, Kind};

/// The pattern of a policy; where it has parameters, they are bound to the name.
macro_rules! pattern {
    ($it:ident, $policy:ident) => {
        $crate::balancing::Policy::$policy
    };
    ($it:ident, $policy:ident $parameters:ident) => {
        $crate::balancing::Policy::$policy($it)
    };
}

/// Binds a policy without parameters to the name; where it has some, they are that already.
macro_rules! value {
    ($it:ident, $policy:ident) => {
        let $it = &mut $crate::balancing::$policy;
    };
    ($it:ident, $policy:ident $parameters:ident) => {};
}

/// From lines such as `Maglev(Maglev) in maglev`, or `Random in random` for a policy without parameters: the policies as data, their
/// states, and a way to do the same with whichever it is. In the module is a type of the policy's name, which is its [`Kind`].
macro_rules! policies {
    ($d:tt $($policy:ident $(($parameters:ident))? in $module:ident,)+) => {
        pub use super::{$($module::$policy),+};

        /// How a balancer chooses a server. Each is described, with its source, in its own file.
        ///
        /// ```
        /// use sim_core::balancing::Policy;
        /// let policy = Policy::parse("--policy", "power-of-choices:3")?;
        /// assert_eq!(policy.name(), "power of choices");
        /// # Ok::<(), sim_core::InputError>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Policy {
            $(
                #[doc = concat!("See [`", stringify!($policy), "`](struct@", stringify!($policy), ").")]
                #[cfg_attr(
                    feature = "schema",
                    schemars(description = <super::$module::$policy as Kind>::SENTENCE)
                )]
                $policy $(($parameters))?,
            )+
        }

        impl Policy {
            /// One of each kind, with its usual parameters, in the order of the table.
            pub fn all() -> impl Iterator<Item = Self> {
                [$(Self::$policy $(($parameters::default()))?),+].into_iter()
            }

            /// What is said of each kind, in the same order.
            pub(crate) const ENTRIES: &'static [Entry] =
                &[$(Entry::of::<super::$module::$policy>(stringify!($policy))),+];
        }

        /// What each policy has to remember.
        #[derive(Debug, Clone)]
        pub(super) enum State {
            $($policy(<super::$module::$policy as Kind>::State),)+
        }

        impl State {
            /// The state of a new balancer, for servers of these weights.
            pub(super) fn new(policy: &Policy, weights: &[u32]) -> Self {
                match policy {
                    $(pattern!(it, $policy $($parameters)?) => {
                        value!(it, $policy $($parameters)?);
                        Self::$policy(it.state(weights))
                    })+
                }
            }
        }

        /// Does the same with whichever policy it is, by its value or by its type alone.
        macro_rules! each_policy {
            ($d policy:expr, type $d Own:ident => $d call:expr) => {
                match $d policy {
                    $(
                        $crate::balancing::Policy::$policy { .. } => {
                            type $d Own = $crate::balancing::$policy;
                            $d call
                        }
                    )+
                }
            };
            ($d policy:expr, $d it:ident => $d call:expr) => {
                match $d policy {
                    $(
                        pattern!($d it, $policy $($parameters)?) => {
                            value!($d it, $policy $($parameters)?);
                            $d call
                        }
                    )+
                }
            };
        }

        /// Does the same with whichever state it is, or with it and the type of its policy.
        macro_rules! each_state {
            ($d state:expr, $d it:ident => $d call:expr) => {
                match $d state {
                    $($crate::balancing::table::State::$policy($d it) => $d call,)+
                }
            };
            ($d state:expr, $d it:ident of $d Own:ident => $d call:expr) => {
                match $d state {
                    $(
                        $crate::balancing::table::State::$policy($d it) => {
                            type $d Own = $crate::balancing::$policy;
                            $d call
                        }
                    )+
                }
            };
        }
    };
}

policies! {
    $
    Random in random,
    RoundRobin in round_robin,
    WeightedRoundRobin in weighted_round_robin,
    LeastConnections in least_connections,
    IpHash in ip_hash,
    ConsistentHash(ConsistentHash) in consistent_hash,
    Maglev(Maglev) in maglev,
    Rendezvous in rendezvous,
    BoundedHash(BoundedHash) in bounded_hash,
    PowerOfChoices(PowerOfChoices) in power_of_choices,
    ShortestQueue in shortest_queue,
    LeastWork in least_work,
    IdleQueue in idle_queue,
    PeakEwma(PeakEwma) in peak_ewma,
    LeastRequest(LeastRequest) in least_request,
    Prequal(Prequal) in prequal,
    RandomTwo in random_two,
    WeightedRandom in weighted_random,
}
