//! What a policy looks at when it chooses.

/// Something that a policy may look at, besides which servers may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// The weights of the servers.
    Weights,
    /// Who asks: the client's address or its key.
    Client,
    /// Requests that this balancer has under way at each server.
    Connections,
    /// How long the requests took that this balancer sent.
    Responses,
    /// What servers report when they become idle.
    IdleReports,
    /// The truth: requests at each server, whoever sent them.
    InSystem,
    /// The truth: seconds of work left at each server.
    WorkLeft,
}

impl Sight {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Weights,
        Self::Client,
        Self::Connections,
        Self::Responses,
        Self::IdleReports,
        Self::InSystem,
        Self::WorkLeft,
    ];

    /// Whether it changes with what happens to requests at the servers. A policy that looks at nothing of the kind makes the same
    /// choices however long requests take.
    pub const fn is_of_servers(self) -> bool {
        match self {
            Self::Weights | Self::Client => false,
            Self::Connections
            | Self::Responses
            | Self::IdleReports
            | Self::InSystem
            | Self::WorkLeft => true,
        }
    }
}

/// How much a policy knows, from the least on: the order in which lists offer policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Knows {
    /// Nothing.
    Nothing,
    /// The weights.
    Weights,
    /// Who asks.
    Client,
    /// The queues of some servers that it polls.
    SomeQueues,
    /// Its own requests at two servers.
    OwnAtTwo,
    /// Its own requests at some servers.
    OwnAtSome,
    /// Its own requests at all servers.
    OwnAtAll,
    /// How long its own requests took.
    Responses,
    /// Which servers are idle.
    IdleServers,
    /// The queues of all servers.
    AllQueues,
    /// The work left at all servers.
    Work,
}
