//! The completions and man pages that come with mqtk say what its flags say.

use std::fs;
use std::path::{Path, PathBuf};

use mqtk::cli::{self, Shell};

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
