//! Command line over environment over options file over configuration file.
//!
//! The command line is parsed first. What the layers below it add is checked entry by entry, so that an
//! error names the line or the variable. Then it is put before the command line, and everything is
//! parsed again. Without variables and files there is only the first parse.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, Id};

use super::config_file::Entry;
use super::environment::{Environment, variable};
use super::places::Places;
use super::stop::{Stop, one_line};
use super::url::BrokerUrl;
use super::{config_file, options_file, property_words};
use crate::transport::plain_io;

/// Options of a lower layer that give way to another option of a layer above, without being an error.
const GIVES_WAY: [(&str, &str); 7] = [
    ("host", "url"),
    ("port", "url"),
    ("unix", "url"),
    ("unix", "host"),
    ("port", "listen"),
    ("bind", "listen"),
    ("topic", "topics"),
];

/// Parses the arguments of a subcommand, with what the environment and its file add.
pub(super) fn parse(
    command: Command,
    args: impl Iterator<Item = OsString>,
    environment: &Environment,
) -> Result<ArgMatches, Stop> {
    parse_over(command, args, environment, None)
}

/// The same, and what of it stands where in the configuration file.
pub(super) fn parse_placed(
    command: Command,
    args: impl Iterator<Item = OsString>,
    environment: &Environment,
) -> Result<(ArgMatches, Places), Stop> {
    let mut places = Places::default();
    let matches = parse_layers(command, args, environment, None, &mut places)?;
    Ok((matches, places))
}

/// The keys of a configuration file that has been read.
pub(super) struct Configured<'a> {
    pub path: &'a Path,
    pub entries: Vec<Entry>,
}

/// The same, over a configuration file that was named elsewhere.
pub(super) fn parse_over(
    command: Command,
    args: impl Iterator<Item = OsString>,
    environment: &Environment,
    configured: Option<Configured<'_>>,
) -> Result<ArgMatches, Stop> {
    parse_layers(
        command,
        args,
        environment,
        configured,
        &mut Places::default(),
    )
}

fn parse_layers(
    mut command: Command,
    args: impl Iterator<Item = OsString>,
    environment: &Environment,
    configured: Option<Configured<'_>>,
    places: &mut Places,
) -> Result<ArgMatches, Stop> {
    let name = command.get_name().to_owned();
    let shown = shown_name(&command);
    let args = property_words::fold(&command, args).map_err(|error| Stop::usage(&shown, error))?;
    let matches = parse_once(&mut command, &args).map_err(|error| Stop::clap(&shown, error))?;

    let file = OptionsFile::find(&name, &matches, environment, configured.is_some())?;
    let is_configured = configured.is_some() || path_in(&matches, "config").is_some();
    if file.is_none() && !is_configured && environment.is_empty() {
        return Ok(matches);
    }
    let mut layers = Layers {
        taken: given(&command, &matches),
        command,
        subcommand: &name,
        shown: &shown,
    };
    layers.taken.extend(said_by_url(&matches));
    let variables = layers.variables(environment)?;
    let lines = file.map_or(Ok(Vec::new()), |file| layers.lines(file))?;
    let all: Vec<_> = [lines, variables, args].concat();
    let matches =
        parse_once(&mut layers.command, &all).map_err(|error| Stop::clap(&shown, error))?;
    layers.taken.extend(given(&layers.command, &matches));
    let entries = match (configured, path_in(&matches, "config")) {
        (Some(configured), _) => layers.entries(configured, places)?,
        (None, Some(path)) => {
            let configured = layers.read(&path)?;
            layers.entries(configured, places)?
        }
        (None, None) => return Ok(matches),
    };
    parse_once(&mut layers.command, &[entries, all].concat())
        .map_err(|error| Stop::clap(&shown, error))
}

/// What is typed after `mqtk`: the subcommand, and its scenario if it has any.
fn shown_name(command: &Command) -> String {
    let shown = command.get_display_name().unwrap_or(command.get_name());
    shown.strip_prefix("mqtk ").unwrap_or(shown).to_owned()
}

/// The file that an option names, if the subcommand has the option.
fn path_in(matches: &ArgMatches, option: &str) -> Option<PathBuf> {
    matches.try_get_one(option).ok().flatten().cloned()
}

fn parse_once(command: &mut Command, args: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let name = OsStr::new("mqtk");
    command.try_get_matches_from_mut(std::iter::once(name).chain(args.iter().map(|arg| &**arg)))
}

/// The options that stand in the arguments themselves.
fn given(command: &Command, matches: &ArgMatches) -> HashSet<Id> {
    let ids = command.get_arguments().map(Arg::get_id);
    let given = |id: &&Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    ids.filter(given).cloned().collect()
}

/// What a URL among the arguments settles besides itself.
fn said_by_url(matches: &ArgMatches) -> impl Iterator<Item = Id> {
    let url = matches.try_get_one::<BrokerUrl>("url").ok().flatten();
    let said = |id: &'static str, is_said: fn(&BrokerUrl) -> bool| {
        url.is_some_and(is_said).then(|| Id::from(id))
    };
    [
        said("username", |url| url.user().is_some()),
        said("password", |url| url.password().is_some()),
        said("topic", BrokerUrl::has_topic),
    ]
    .into_iter()
    .flatten()
}

/// The layers below the command line, from the top one down.
struct Layers<'a> {
    command: Command,
    subcommand: &'a str,
    /// Its name with that of the scenario.
    shown: &'a str,
    /// What the layers above have settled.
    taken: HashSet<Id>,
}

impl Layers<'_> {
    /// The arguments that the environment stands for.
    fn variables(&mut self, environment: &Environment) -> Result<Vec<OsString>, Stop> {
        let mut args = Vec::new();
        let mut settled = HashSet::new();
        let options: Vec<Arg> = self.command.get_arguments().cloned().collect();
        for option in &options {
            let Some(long) = option.get_long().filter(|_| has_variable(option)) else {
                continue;
            };
            let name = variable(self.subcommand, long);
            let Some(value) = environment.get(&name) else {
                continue;
            };
            if self.gives_way(option) {
                continue;
            }
            settled.insert(option.get_id().clone());
            for arg in from_variable(option, long, value)
                .map_err(|error| Stop::usage(self.shown, format!("{name}: {error}")))?
            {
                let matches = parse_once(&mut self.command, std::slice::from_ref(&arg))
                    .map_err(|error| Stop::clap_in(self.shown, &name, error))?;
                settled.extend(said_by_url(&matches));
                args.push(arg);
            }
        }
        self.taken.extend(settled);
        Ok(args)
    }

    /// The arguments that stand in the file.
    fn lines(&mut self, file: OptionsFile) -> Result<Vec<OsString>, Stop> {
        let mut args = Vec::new();
        for line in file.lines {
            let place = format!("{}:{}", file.path.display(), line.number);
            let wrong = |error: &str| Stop::usage(self.shown, format!("{place}: {error}"));
            let matches = parse_once(&mut self.command, &line.args)
                .map_err(|error| Stop::clap_in(self.shown, &place, error))?;
            let given = given(&self.command, &matches);
            if given.contains("topics") {
                return Err(wrong("this option takes no value"));
            }
            if given.contains("options_file") {
                return Err(wrong("an options file cannot name another"));
            }
            let options = self.command.get_arguments();
            let mut options = options.filter(|option| given.contains(option.get_id()));
            // One file holds for all scenarios of bench, which hide what they have no use for.
            if options.all(|option| !self.gives_way(option) && !option.is_hide_set()) {
                args.extend(line.args);
            }
        }
        Ok(args)
    }

    /// Reads a configuration file.
    fn read<'p>(&self, path: &'p Path) -> Result<Configured<'p>, Stop> {
        let usage = |error: String| Stop::usage(self.shown, error);
        let text = fs::read_to_string(path).map_err(|error| {
            let (path, why) = (path.display(), plain_io(&error));
            usage(format!("cannot read the configuration file {path}: {why}"))
        })?;
        let entries = config_file::parse(&text, &self.command).map_err(|error| {
            usage(format!(
                "{}:{}: {}",
                path.display(),
                error.line,
                error.message
            ))
        })?;
        Ok(Configured { path, entries })
    }

    /// The arguments that the configuration file stands for.
    fn entries(
        &mut self,
        configured: Configured<'_>,
        places: &mut Places,
    ) -> Result<Vec<OsString>, Stop> {
        let Configured { path, entries } = configured;
        let wrong = |line: usize, what: &str| {
            Stop::usage(
                self.subcommand,
                format!("{}:{line}: {what}", path.display()),
            )
        };
        let mut args = Vec::new();
        let mut requiring = Vec::new();
        let mut command = self.command.clone();
        for entry in entries {
            // Alone, so that an error is about this line; what it requires is seen to below.
            match parse_once(&mut command, &entry.args) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {
                    let what = config_file::about_value(&entry.key, &error);
                    requiring.push((entry.line, what, error));
                }
                Err(error) => {
                    let what = config_file::about_value(&entry.key, &error);
                    return Err(wrong(entry.line, &what));
                }
            }
            let mut options = command.get_arguments();
            let option = options.find(|option| option.get_long() == Some(&entry.key));
            if option.is_some_and(|option| !self.gives_way(option)) {
                places.add(path, &entry);
                args.extend(entry.args);
            }
        }
        let Err(error) = parse_once(&mut command, &args) else {
            return Ok(args);
        };
        let missing = |error: &clap::Error| error.get(ContextKind::InvalidArg).cloned();
        let mut requiring = requiring.iter();
        Err(
            match requiring.find(|(_, _, of)| missing(of) == missing(&error)) {
                Some((line, what, _)) => wrong(*line, what),
                None => Stop::usage(self.shown, places.blame(one_line(&error))),
            },
        )
    }

    /// Whether a layer above has said the same, or what this would contradict.
    fn gives_way(&self, option: &Arg) -> bool {
        let id = option.get_id();
        let contradicts = |option: &Arg, other: &Id| {
            let others = self.command.get_arg_conflicts_with(option);
            others.iter().any(|conflict| conflict.get_id() == other)
        };
        self.taken.contains(id)
            || GIVES_WAY
                .iter()
                .any(|(lower, upper)| id == lower && self.taken.contains(*upper))
            || self
                .command
                .get_arguments()
                .filter(|other| self.taken.contains(other.get_id()))
                .any(|other| contradicts(option, other.get_id()) || contradicts(other, id))
    }
}

/// Whether an environment variable stands for the option.
pub(super) fn has_variable(option: &Arg) -> bool {
    let asks = matches!(
        option.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    );
    !asks && !option.is_hide_set() && option.get_long().is_some()
}

/// The arguments that a variable stands for: for an option that may be repeated, one a line.
fn from_variable(option: &Arg, long: &str, value: &OsStr) -> Result<Vec<OsString>, String> {
    let with = |value: &OsStr| {
        let mut arg = OsString::from(format!("--{long}="));
        arg.push(value);
        arg
    };
    if matches!(option.get_action(), ArgAction::SetTrue) {
        return match value.to_str().map(str::to_ascii_lowercase).as_deref() {
            Some("1" | "true" | "yes" | "on") => Ok(vec![format!("--{long}").into()]),
            Some("0" | "false" | "no" | "off") => Ok(Vec::new()),
            _ => Err(format!("--{long} is on with 1 and off with 0")),
        };
    }
    match (option.get_action(), value.to_str()) {
        (ArgAction::Append, Some(values)) => {
            let lines = values.lines().filter(|line| !line.is_empty());
            Ok(lines.map(|line| with(OsStr::new(line))).collect())
        }
        _ => Ok(vec![with(value)]),
    }
}

/// A file of options that exists.
struct OptionsFile {
    path: PathBuf,
    lines: Vec<options_file::Line>,
}

impl OptionsFile {
    /// The file that was named, which must exist, or else the default one, which need not; the
    /// latter not beside a configuration file.
    fn find(
        subcommand: &str,
        matches: &ArgMatches,
        environment: &Environment,
        is_configured: bool,
    ) -> Result<Option<Self>, Stop> {
        let config = variable(subcommand, "config");
        let configured = is_configured
            || path_in(matches, "config").is_some()
            || environment.get(&config).is_some();
        let named = matches
            .get_one::<PathBuf>("options_file")
            .cloned()
            .or_else(|| {
                let variable = variable(subcommand, "options-file");
                environment.get(&variable).map(PathBuf::from)
            });
        let is_named = named.is_some();
        // Who names a configuration file does not mean the default options.
        let default = || match configured {
            true => None,
            false => environment.options_file(subcommand),
        };
        let Some(path) = named.or_else(default) else {
            return Ok(None);
        };
        let fail = |why: &str| {
            let message = format!("cannot read the options file {}: {why}", path.display());
            Stop::usage(subcommand, message)
        };
        match options_file::read(&path) {
            Ok(Some(lines)) => Ok(Some(Self { path, lines })),
            Ok(None) if is_named => Err(fail("there is no such file")),
            Ok(None) => Ok(None),
            Err(error) => Err(fail(&plain_io(&error))),
        }
    }
}
