//! The completions, the man pages and the README say what the program says.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use mqtk::cli::{self, Environment, Shell, Stop};
use mqtk::exit::ExitStatus;

/// Set, it has the files written anew instead of compared.
const UPDATE: &str = "UPDATE_GENERATED";

/// Every generated file, by its path from the top of the repository.
fn generated() -> Vec<(PathBuf, Vec<u8>)> {
    let shells = [
        Shell::Bash,
        Shell::Zsh,
        Shell::Fish,
        Shell::PowerShell,
        Shell::Elvish,
    ];
    let completions = shells.map(cli::completions).map(|(name, text)| {
        let path = Path::new("completions").join(name);
        (path, text)
    });
    let pages = cli::man_pages().expect("man pages are written to memory");
    let pages = pages
        .into_iter()
        .map(|(name, text)| (Path::new("man").join(name), text));
    completions.into_iter().chain(pages).collect()
}

#[test]
fn completions_and_man_pages_are_current() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (path, text) in generated() {
        if std::env::var_os(UPDATE).is_some() {
            fs::write(top.join(&path), text).expect("the file can be written");
        } else if fs::read(top.join(&path)).ok() != Some(text) {
            stale.push(path);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?} differ from the flags; write them anew with\n    \
         {UPDATE}=1 cargo test --test it generated_files"
    );
}

#[test]
fn nothing_else_lies_beside_them() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known: Vec<_> = generated().into_iter().map(|(path, _)| path).collect();
    for dir in ["completions", "man"] {
        for entry in fs::read_dir(top.join(dir)).expect("the directory exists") {
            let path = Path::new(dir).join(entry.expect("an entry").file_name());
            assert!(known.contains(&path), "{path:?} is not generated any more");
        }
    }
}

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::read_to_string(path).expect("there is a README")
}

#[test]
fn the_readme_has_every_exit_status() {
    let table: String = std::iter::once("| code | meaning |\n|---|---|\n".to_owned())
        .chain(
            ExitStatus::ALL.map(|status| format!("| {} | {} |\n", status.code(), status.meaning())),
        )
        .collect();
    assert!(
        readme().contains(&table),
        "it should have this table:\n{table}"
    );
}

#[test]
fn the_commands_of_the_readme_are_right() {
    let readme = readme();
    let directory = tempfile::tempdir().expect("a directory");
    let files = [
        ("broker.toml", toml_of(&readme)),
        ("users.csv", "ann,secret\n"),
        ("image.bin", "image"),
    ];
    let files = files.map(|(name, text)| {
        let path = directory.path().join(name);
        fs::write(&path, text).expect("the directory is writable");
        (name, path)
    });
    let commands: Vec<_> = readme.lines().flat_map(commands).collect();
    assert!(commands.len() > 30, "{commands:?}");
    for mut words in commands {
        // Tests have no terminal to ask on.
        words.retain(|word| word != "--ask-password");
        for word in &mut words {
            if let Some((_, path)) = files.iter().find(|(name, _)| word == name) {
                *word = path.into();
            }
        }
        match cli::parse(words.clone(), &Environment::new([])) {
            Ok(_) | Err(Stop::Shown(_)) => {}
            Err(Stop::Usage(error)) => panic!("{words:?}: {error}"),
        }
    }
}

/// The configuration file that the README shows.
fn toml_of(readme: &str) -> &str {
    let start = readme.find("```toml\nlisten").expect("an example") + "```toml\n".len();
    readme[start..].split("```").next().expect("its text")
}

/// The commands of mqtk on a line of shell, without what the shell would put in.
fn commands(line: &str) -> impl Iterator<Item = Vec<OsString>> {
    let code = line.split(" #").next().unwrap_or_default();
    code.split(['|', ';'])
        .map(|command| command.trim_start_matches(['$', ' ']))
        .filter(|command| command.starts_with("mqtk ") && !command.contains('$'))
        .map(|command| words(command.split(" >").next().unwrap_or_default()))
}

/// The words of a command in which some are in single quotes.
fn words(command: &str) -> Vec<OsString> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("one at least").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words.into_iter().map(OsString::from).collect()
}
