//! The walls between the rooms of the crate, as `src/lib.rs` draws them.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms whose names may stand in it.
const ROOMS: [(&str, &[&str]); 15] = [
    ("codec", &[]),
    ("topic", &["codec"]),
    ("session", &["codec", "topic"]),
    ("scram", &[]),
    ("metrics", &[]),
    ("transport", &[]),
    ("driver", &["codec", "topic", "session", "transport"]),
    (
        "client",
        &["codec", "topic", "session", "scram", "transport", "driver"],
    ),
    (
        "broker",
        &[
            "codec",
            "topic",
            "session",
            "scram",
            "metrics",
            "transport",
            "driver",
        ],
    ),
    (
        "inspect",
        &["codec", "topic", "session", "transport", "driver"],
    ),
    (
        "bench",
        &[
            "codec",
            "topic",
            "session",
            "metrics",
            "transport",
            "driver",
            "client",
        ],
    ),
    ("render", &["codec", "topic", "inspect", "bench"]),
    ("exit", &[]),
    (
        "cli",
        &[
            "codec",
            "topic",
            "scram",
            "transport",
            "client",
            "broker",
            "inspect",
            "bench",
            "exit",
        ],
    ),
    (
        "command",
        &[
            "codec",
            "topic",
            "session",
            "metrics",
            "transport",
            "driver",
            "client",
            "broker",
            "inspect",
            "bench",
            "render",
            "cli",
            "exit",
        ],
    ),
];

/// What the pure rooms do without: sockets, files, clocks, threads.
const IMPURE: [&str; 7] = [
    "tokio::",
    "std::net",
    "std::fs",
    "std::env",
    "std::thread",
    "Instant::now",
    "SystemTime::now",
];

/// What only some rooms know, and these rooms.
const KNOWN_TO: [(&str, &[&str]); 3] = [
    ("clap::", &["cli"]),
    ("colored::", &["render"]),
    ("indicatif::", &["render"]),
];

/// The source files of a room, without those of its tests.
fn files(room: &str) -> Vec<PathBuf> {
    fn collect(path: PathBuf, files: &mut Vec<PathBuf>) {
        if path.ends_with("tests") || path.ends_with("tests.rs") {
            return;
        }
        match fs::read_dir(&path) {
            Ok(entries) => {
                entries.for_each(|entry| collect(entry.expect("an entry").path(), files));
            }
            Err(_) => files.push(path),
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let dir = src.join(room);
    match dir.is_dir() {
        true => collect(dir, &mut files),
        false => files.push(dir.with_extension("rs")),
    }
    files
}

/// The code of a file with its line numbers: no comments, and no unit tests, which stand last.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).expect("a source file");
    let lines: Vec<_> = text.lines().collect();
    // Where the tests have a file of their own, the code goes on.
    let begins_tests = |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{');
    let end = lines.windows(2).position(begins_tests);
    let lines = lines.iter().enumerate().take(end.unwrap_or(lines.len()));
    lines
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, (*line).to_owned()))
        .collect()
}

/// Every line of every room for which `is_wrong` has an objection.
fn objections(is_wrong: impl Fn(&str, &Path, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (room, _) in ROOMS {
        for path in files(room) {
            for (number, line) in code(&path) {
                if let Some(objection) = is_wrong(room, &path, &line) {
                    found.push(format!("{}:{number}: {objection}", path.display()));
                }
            }
        }
    }
    found
}

#[test]
fn arrows_point_down() {
    let upward = objections(|room, _, line| {
        let (_, below) = ROOMS.iter().find(|(name, _)| *name == room)?;
        let named = line.split("crate::").skip(1);
        let mut named = named.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_'));
        let other = named.find_map(|mut words| {
            let name = words.next().unwrap_or_default();
            let is_room = ROOMS.iter().any(|(room, _)| *room == name);
            (is_room && name != room && !below.contains(&name)).then(|| name.to_owned())
        })?;
        Some(format!("{room} must not know {other}"))
    });
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn pure_rooms_have_no_clock_and_no_sockets() {
    let impure = objections(|room, path, line| {
        let is_pure = match room {
            "codec" | "topic" | "session" => true,
            "inspect" => !path.iter().any(|part| part == "proxy"),
            _ => false,
        };
        let word = IMPURE
            .iter()
            .find(|word| is_pure && line.contains(**word))?;
        Some(format!("{room} is pure, but here is {word}"))
    });
    assert!(impure.is_empty(), "{impure:#?}");
}

#[test]
fn terminal_crates_stay_in_their_rooms() {
    let strays = objections(|room, _, line| {
        let (word, _) = KNOWN_TO
            .iter()
            .find(|(word, rooms)| line.contains(word) && !rooms.contains(&room))?;
        Some(format!("{room} must not know {word}"))
    });
    assert!(strays.is_empty(), "{strays:#?}");
}

#[test]
fn every_room_is_looked_at() {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let lib = fs::read_to_string(lib).expect("src/lib.rs");
    let rooms: Vec<_> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    for room in &rooms {
        assert!(
            ROOMS.iter().any(|(name, _)| name == room),
            "{room} is not in the table"
        );
    }
    assert_eq!(rooms.len(), ROOMS.len());
    let lines = files("codec")
        .iter()
        .map(|path| code(path).len())
        .sum::<usize>();
    assert!(lines > 100, "only {lines} lines of the codec were read");
}
