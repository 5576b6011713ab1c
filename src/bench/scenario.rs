//! The scenarios: who does what to whom.

/// Who does what to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Connections are opened, and that is all.
    Connect,
    /// Connections stand and are kept alive.
    Idle,
    /// Publishers only.
    Pub,
    /// Every subscriber gets the messages of every publisher.
    Sub,
    /// Every publisher has a subscriber of its own.
    Pairs,
    /// One member of a Shared Subscription gets each message.
    Shared,
    /// The same as pairs, with several QoS in one run.
    Mix,
    /// Clients subscribe to what is retained.
    Retained,
    /// Clients come back to sessions with messages in them.
    Queue,
    /// Clients with wills are cut off.
    Wills,
    /// Clients subscribe and unsubscribe, again and again.
    Subscribe,
    /// Clients connect and disconnect, again and again.
    Churn,
    /// The same, with full TLS handshakes and resumed ones in turn.
    Tls,
}

/// What a client does when its turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing: it is there.
    Stay,
    /// It publishes a message.
    Publish,
    /// It connects and disconnects.
    Visit,
    /// It subscribes or, the other time, unsubscribes.
    Request,
    /// It subscribes, once.
    Subscribe,
    /// It connects again to the session that it left, once.
    Return,
    /// Its connection is cut without DISCONNECT, once.
    Die,
}

/// Who gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// There are no subscribers.
    Nobody,
    /// One subscriber: that of the publisher, or any of a group.
    One,
    /// All subscribers.
    Everybody,
}

impl Scenario {
    /// All of them, in the order in which people meet them.
    pub const ALL: [Scenario; 13] = [
        Scenario::Connect,
        Scenario::Idle,
        Scenario::Pub,
        Scenario::Sub,
        Scenario::Pairs,
        Scenario::Shared,
        Scenario::Mix,
        Scenario::Retained,
        Scenario::Queue,
        Scenario::Wills,
        Scenario::Subscribe,
        Scenario::Churn,
        Scenario::Tls,
    ];

    /// All that a run needs to know of a scenario.
    const fn row(self) -> (&'static str, Act, Audience) {
        match self {
            Scenario::Connect => ("connect", Act::Stay, Audience::Nobody),
            Scenario::Idle => ("idle", Act::Stay, Audience::Nobody),
            Scenario::Pub => ("pub", Act::Publish, Audience::Nobody),
            Scenario::Sub => ("sub", Act::Publish, Audience::Everybody),
            Scenario::Pairs => ("pairs", Act::Publish, Audience::One),
            Scenario::Shared => ("shared", Act::Publish, Audience::One),
            Scenario::Mix => ("mix", Act::Publish, Audience::One),
            Scenario::Retained => ("retained", Act::Subscribe, Audience::Everybody),
            Scenario::Queue => ("queue", Act::Return, Audience::Everybody),
            Scenario::Wills => ("wills", Act::Die, Audience::Everybody),
            Scenario::Subscribe => ("subscribe", Act::Request, Audience::Nobody),
            Scenario::Churn => ("churn", Act::Visit, Audience::Nobody),
            Scenario::Tls => ("tls", Act::Visit, Audience::Nobody),
        }
    }

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The scenario of this name.
    pub fn named(name: &str) -> Option<Scenario> {
        Scenario::ALL
            .into_iter()
            .find(|scenario| scenario.name() == name)
    }

    /// The names of all, with commas between them.
    pub fn names() -> String {
        Scenario::ALL.map(Scenario::name).join(", ")
    }

    /// What a client does when its turn has come.
    pub const fn act(self) -> Act {
        self.row().1
    }

    /// Who gets a message.
    pub(super) const fn audience(self) -> Audience {
        self.row().2
    }

    /// Whether clients connect and disconnect, instead of staying.
    pub const fn churns(self) -> bool {
        matches!(self.act(), Act::Visit)
    }

    /// Whether clients take turns, which a rate can pace.
    pub const fn has_rate(self) -> bool {
        !matches!(self.act(), Act::Stay)
    }

    /// Whether it is about connecting.
    pub const fn connects(self) -> bool {
        self.churns() || matches!(self, Scenario::Connect)
    }

    /// Whether every client has one turn, all of them at once unless there is a rate.
    pub const fn is_storm(self) -> bool {
        matches!(self.act(), Act::Subscribe | Act::Return | Act::Die)
    }

    /// Whether the broker is filled with messages before the first turn.
    pub const fn fills(self) -> bool {
        matches!(self.act(), Act::Subscribe | Act::Return)
    }

    /// Whether a subscriber gets messages from the publishers of all shards of a run.
    pub const fn crosses_shards(self) -> bool {
        matches!(self, Scenario::Sub | Scenario::Shared)
    }

    /// Whether the broker owes the messages of a publisher in their order: those that are retained
    /// are of different topics.
    pub const fn keeps_order(self) -> bool {
        !matches!(self, Scenario::Retained | Scenario::Wills)
    }
}
