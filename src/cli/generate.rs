//! The files that are made from the flags: completions and man pages.

use std::io;

use clap::{Arg, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use super::environment::variable;
use super::{layers, tree};
use crate::bench::Scenario;
use crate::exit::ExitStatus;

/// The completions for a shell, and the name that its file has.
pub fn completions(shell: Shell) -> (String, Vec<u8>) {
    use clap_complete::Generator;

    let mut text = Vec::new();
    clap_complete::generate(shell, &mut tree::all(), "mqtk", &mut text);
    (shell.file_name("mqtk"), text)
}

/// The man pages, with the names of their files: of `mqtk` and of each subcommand with options.
///
/// # Errors
///
/// None in practice: they are written to memory.
pub fn man_pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let commands = [
        tree::all(),
        tree::publish(),
        tree::subscribe(),
        tree::broker(),
        tree::inspect(),
        tree::passwd(),
    ];
    let scenarios = Scenario::ALL.map(tree::bench);
    let tools = [
        tree::bench_search(),
        tree::bench_run(),
        tree::bench_compare(),
        tree::bench_merge(),
    ];
    commands
        .into_iter()
        .chain(scenarios)
        .chain(tools)
        .map(man_page)
        .collect()
}

/// Subcommands that have neither variables nor an options file.
const WITHOUT_LAYERS: [&str; 3] = ["passwd", "compare", "merge"];

const CONFIGURATION: &str = "\
    Options as TOML: a key is the long name of an option, its value a string, a number, true or \
    false, and a list of these for an option that may be repeated: listen = \
    [\"mqtt://127.0.0.1\"]. Keys may stand in a table named after the first word of their heading \
    above, in lower case: [limits]. What stands on the command line, in a variable or in the \
    options file overrides it; without -o, no options file is read beside it. Relative paths are \
    relative to the working directory.";

fn man_page(command: Command) -> io::Result<(String, Vec<u8>)> {
    let subcommand = match command.get_name() {
        "mqtk" => None,
        name => Some(name.to_owned()),
    };
    let title = match command.get_bin_name() {
        Some(name) => name.replace(' ', "-"),
        None => "mqtk".to_owned(),
    };
    let mut command = command.display_name(&title);
    command.build();
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let extra = extra_sections(subcommand.as_deref(), &command);

    let man = Man::new(command)
        .title(title.to_ascii_uppercase())
        .source(concat!("mqtk ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    page.extend_from_slice(synopsis(&usage).as_bytes());
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    page.extend_from_slice(extra.as_bytes());
    Ok((format!("{title}.1"), page))
}

/// The usage in one line: clap_mangen would name each of a hundred options.
fn synopsis(usage: &str) -> String {
    let mut page = Page::default();
    page.section("SYNOPSIS");
    page.text(usage);
    page.0
}

/// The sections that clap knows nothing of.
fn extra_sections(subcommand: Option<&str>, command: &Command) -> String {
    let mut page = Page::default();
    if subcommand.is_none() {
        page.section("COMMANDS");
        for command in command.get_subcommands() {
            let about = command.get_about().map(ToString::to_string);
            let name = command.get_bin_name().unwrap_or_default();
            page.entry(name, &about.unwrap_or_default());
        }
    }
    page.section("EXIT STATUS");
    for status in ExitStatus::ALL {
        page.entry(&status.code().to_string(), status.meaning());
    }
    if let Some(name) = subcommand.filter(|name| !WITHOUT_LAYERS.contains(name)) {
        page.section("ENVIRONMENT");
        page.0 += ".nh\n"; // Variables are not hyphenated.
        page.text(
            "An option of the command line overrides its variable, and a variable overrides the \
             options file. A switch is on with 1 and off with 0; an option that may be repeated \
             takes one value on a line.",
        );
        let options = command.get_arguments();
        let longs = options
            .filter(|option| layers::has_variable(option))
            .filter_map(Arg::get_long);
        let variables: Vec<_> = longs.map(|long| variable(name, long)).collect();
        page.text(&format!(
            "The variables are named after the long options: {}.",
            variables.join(", ")
        ));
        page.0 += ".hy\n";
        page.section("FILES");
        page.entry(
            &format!("$XDG_CONFIG_HOME/mqtk/{name}, $HOME/.config/mqtk/{name}"),
            "Options that are read unless -o names another file: an option and its value on a \
             line, as on the command line but without quotes. Lines that begin with # are \
             comments.",
        );
        if command.get_arguments().any(|arg| arg.get_id() == "config") {
            page.entry("--config FILE", CONFIGURATION);
        }
    }
    page.section("EXAMPLES");
    for example in tree::examples(subcommand.unwrap_or_default()) {
        page.literal(example);
    }
    page.section("SEE ALSO");
    let this = command.get_display_name().unwrap_or_default();
    let before = [
        "mqtk",
        "mqtk-pub",
        "mqtk-sub",
        "mqtk-broker",
        "mqtk-inspect",
    ];
    let scenarios = Scenario::ALL.map(|scenario| format!("mqtk-bench-{}", scenario.name()));
    let others: Vec<_> = before
        .map(str::to_owned)
        .into_iter()
        .chain(scenarios)
        .chain(["run", "search", "compare", "merge"].map(|tool| format!("mqtk-bench-{tool}")))
        .chain(["mqtk-passwd".to_owned()])
        .filter(|other| other != this)
        .map(|other| format!("{other}(1)"))
        .collect();
    page.text(&others.join(", "));
    page.0
}

/// A part of a man page, in roff.
#[derive(Default)]
struct Page(String);

impl Page {
    fn section(&mut self, title: &str) {
        self.0 += &format!(".SH \"{title}\"\n");
    }

    fn text(&mut self, text: &str) {
        self.0 += &format!(".PP\n{}\n", escape(text));
    }

    fn entry(&mut self, term: &str, text: &str) {
        self.0 += &format!(".TP\n\\fB{}\\fR\n{}\n", escape(term), escape(text));
    }

    fn literal(&mut self, line: &str) {
        self.0 += &format!(".PP\n.nf\n{}\n.fi\n", escape(line));
    }
}

/// Text that roff prints as it is: hyphens that can be copied, no request at a line's start.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}
