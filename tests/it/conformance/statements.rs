//! Every normative statement is tested, or excused with a reason: `statements.tsv` says which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Version, identifier, side, `tested` or `excused`, tests or reason.
const STATEMENTS: &str = include_str!("statements.tsv");

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = STATEMENTS.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect())
}

/// Whether a file of tests has a test of this name.
fn is_test(place: &str) -> bool {
    let Some((file, name)) = place.split_once("::") else {
        return false;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = ["tests/it", "src"]
        .iter()
        .find_map(|tree| fs::read_to_string(root.join(tree).join(file).with_extension("rs")).ok());
    let Some(source) = source else {
        return false;
    };
    let head = format!("fn {name}(");
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let at = lines
        .iter()
        .position(|line| line.trim_start_matches("async ").starts_with(&head));
    at.is_some_and(|at| at > 0 && ["#[test]", "#[tokio::test]"].contains(&lines[at - 1]))
}

#[test]
fn every_statement_is_tested_or_excused() {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut count = BTreeMap::<_, u32>::new();
    for row in rows() {
        let &[version, id, side, state, value] = &row[..] else {
            faults.push(format!("{row:?} has not five columns"));
            continue;
        };
        *count.entry(version).or_default() += 1;
        if !seen.insert((version, id)) {
            faults.push(format!("{id} of {version} stands there twice"));
        }
        if !["server", "client", "both"].contains(&side) {
            faults.push(format!("{id} of {version}: {side} is no side"));
        }
        match state {
            "tested" => faults.extend(
                value
                    .split(' ')
                    .filter(|place| !is_test(place))
                    .map(|place| format!("{id} of {version}: there is no test {place}")),
            ),
            "excused" if value.split(' ').count() > 2 => {}
            _ => faults.push(format!("{id} of {version} is neither tested nor excused")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // As many as the specifications have.
    assert_eq!(count, [("3.1.1", 141), ("5.0", 251)].into());
}

#[test]
fn every_test_of_conformance_names_a_statement_that_exists() {
    let known: BTreeSet<_> = rows().map(|row| row[1].to_owned()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/conformance");
    for file in fs::read_dir(folder).expect("this folder") {
        let source = fs::read_to_string(file.expect("a file").path()).expect("text");
        for name in source.lines().filter_map(|line| line.strip_prefix("fn ")) {
            let name = name.strip_prefix("v3_1_1_").unwrap_or(name);
            let Some(rest) = name.strip_prefix("mqtt_") else {
                continue;
            };
            let numbers = rest.split('_').map_while(|word| word.parse::<u16>().ok());
            let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
            // Fewer name a section.
            if let [a, b, c, n, ..] = &numbers[..] {
                let id = format!("MQTT-{a}.{b}.{c}-{n}");
                assert!(known.contains(&id), "{name} is about {id}");
            }
        }
    }
}
