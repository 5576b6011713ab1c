//! Which flags of `mqtk bench` a scenario has a use for. The others are not in its help, and
//! refused: a flag that does nothing would only deceive. A variable in the environment may be meant
//! for others, and is ignored.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use crate::bench::{Act, Scenario};

/// The flags that not every scenario has a use for, by their long names.
const CHOOSY: [&str; 26] = [
    "publishers",
    "receivers",
    "rate",
    "duration",
    "warmup",
    "messages",
    "topic",
    "group",
    "qos",
    "mix",
    "retain",
    "connect-rate",
    "connecting",
    "drain",
    "interval",
    "csv",
    "hlog",
    "size",
    "random-payload",
    "payload",
    "payload-file",
    "max-inflight",
    "will-topic",
    "will-payload",
    "will-qos",
    "will-retain",
];

/// Flags of clients that come back, which no client of a load generator does.
const OF_NOBODY: [&str; 4] = [
    "reconnect-min",
    "reconnect-max",
    "reconnect-for",
    "no-reconnect",
];

/// Whether the scenario has a use for the flag of this long name.
pub(super) fn uses(scenario: Scenario, flag: &str) -> bool {
    use Scenario::{Connect, Idle, Mix, Queue, Retained, Shared, Sub, Wills};
    let act = scenario.act();
    match flag {
        "publishers" => matches!(scenario, Sub | Shared | Retained | Queue),
        "receivers" => scenario == Wills,
        "rate" => scenario != Idle,
        "duration" | "interval" | "csv" | "hlog" => scenario != Connect,
        "warmup" => act != Act::Stay && !scenario.is_storm(),
        "messages" => !matches!(scenario, Connect | Idle | Wills),
        "drain" => act != Act::Stay,
        "topic" => has_topics(act),
        "qos" => has_topics(act) && scenario != Mix,
        "group" => scenario == Shared,
        "mix" => scenario == Mix,
        "retain" => act == Act::Publish || scenario == Retained,
        "connect-rate" | "connecting" => !scenario.churns(),
        "size" | "random-payload" | "payload" | "payload-file" => {
            has_topics(act) && act != Act::Request
        }
        "max-inflight" => has_topics(act) && act != Act::Die,
        "will-topic" | "will-payload" | "will-qos" | "will-retain" => act != Act::Die,
        flag => !OF_NOBODY.contains(&flag),
    }
}

fn has_topics(act: Act) -> bool {
    !matches!(act, Act::Stay | Act::Visit)
}

/// Takes the flags that the scenario has no use for out of its help.
pub(super) fn hide_useless(command: Command, scenario: Scenario) -> Command {
    let useless = CHOOSY.iter().filter(|flag| !uses(scenario, flag));
    let command = hide_useless_to_all(command);
    useless.fold(command, |command, flag| hide(command, flag))
}

/// The same of those that no scenario has a use for.
pub(super) fn hide_useless_to_all(command: Command) -> Command {
    OF_NOBODY.into_iter().fold(command, hide)
}

fn hide(command: Command, flag: &str) -> Command {
    command.mut_arg(id(flag), |arg| arg.hide(true))
}

/// What clap calls the flag.
fn id(flag: &str) -> String {
    flag.replace('-', "_")
}

/// Refuses what was given on the command line and does nothing.
///
/// # Errors
///
/// What that is, in one line.
pub(super) fn check(matches: &ArgMatches, scenario: Scenario) -> Result<(), String> {
    let given = |flag: &str| matches.value_source(&id(flag)) == Some(ValueSource::CommandLine);
    let mut flags = CHOOSY.into_iter().chain(OF_NOBODY);
    match flags.find(|flag| !uses(scenario, flag) && given(flag)) {
        None if scenario == Scenario::Connect && given("rate") && given("connect-rate") => {
            Err("--rate and --connect-rate are the same in bench connect: give one".into())
        }
        None if given("rate") && given("max-inflight") && !scenario.fills() => Err(
            "--max-inflight: with --rate, messages leave when they are due, however many are \
             unacknowledged"
                .into(),
        ),
        None => Ok(()),
        Some(flag) => Err(format!("--{flag}: {}", why_not(scenario, flag))),
    }
}

/// Why the scenario has no use for a flag, and who has one.
pub(super) fn why_not(scenario: Scenario, flag: &str) -> String {
    let name = scenario.name();
    match (flag, scenario) {
        ("rate", _) => format!(
            "the clients of bench {name} only stay connected; --connect-rate says how fast they \
             connect"
        ),
        ("warmup", _) => format!("bench {name} measures from the beginning"),
        (_, Scenario::Wills) if flag.starts_with("will-") => {
            "bench wills makes the wills itself, of -t, --size and -q".into()
        }
        ("qos", Scenario::Mix) => "bench mix has several: --mix".into(),
        ("connect-rate", _) => {
            format!("the clients of bench {name} connect when it is their turn: --rate")
        }
        (flag, _) if OF_NOBODY.contains(&flag) => {
            "a client of bench that loses its connection is counted, and does not come back".into()
        }
        _ => {
            let users: Vec<_> = Scenario::ALL
                .into_iter()
                .filter(|other| uses(*other, flag))
                .map(Scenario::name)
                .collect();
            match &*users {
                [] => format!("bench {name} has no use for it"),
                [one] => format!("bench {name} has no use for it; bench {one} has"),
                _ => format!("bench {name} has no use for it; {} have", users.join(", ")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::tree;

    #[test]
    fn every_flag_named_here_is_there() {
        for flag in CHOOSY.into_iter().chain(OF_NOBODY) {
            let command = tree::bench(Scenario::Pairs);
            let mut args = command.get_arguments();
            let found = args.find(|arg| arg.get_long() == Some(flag));
            assert_eq!(found.map(|arg| arg.get_id().as_str()), Some(&*id(flag)));
        }
    }

    #[test]
    fn who_is_refused_a_flag_is_told_who_has_it() {
        assert!(why_not(Scenario::Pub, "group").ends_with("bench shared has"));
        assert!(why_not(Scenario::Idle, "rate").contains("--connect-rate"));
        assert!(why_not(Scenario::Churn, "connect-rate").contains("--rate"));
        assert!(why_not(Scenario::Tls, "size").contains("; pub, sub, pairs"));
        assert!(!uses(Scenario::Connect, "no-reconnect"));
    }
}
