//! Findings in packets whose version nobody has told: cited for both versions that it may be.

use std::borrow::Cow;

use crate::codec::{Trace, Version, Violation};
use crate::inspect::Finding;

/// Makes findings of what is wrong with a packet that was taken for one of this version; those
/// that it would have in the other one as well, with the identifier there.
#[cold]
pub(super) fn cite(
    violations: &[Violation],
    bytes: &[u8],
    version: Version,
    findings: &mut Vec<Finding>,
) {
    let other = other_than(version);
    let trace = Trace::of(bytes, other);
    findings.extend(violations.iter().map(|violation| {
        let mut finding = Finding::from(*violation);
        let id = trace
            .violations
            .iter()
            .find(|found| found.is(violation.rule) && found.offset == violation.offset)
            .map(Violation::id);
        if let Some(id) = id.filter(|id| *id != finding.id) {
            finding.message = Cow::Owned(format!("{}; MQTT {other}: {id}", finding.message));
        }
        finding
    }));
}

/// The version that a packet may be in which was taken for one of this version.
pub(in crate::inspect) fn other_than(version: Version) -> Version {
    match version {
        Version::V5 => Version::V3_1_1,
        Version::V3_1 | Version::V3_1_1 => Version::V5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(bytes: &[u8], version: Version) -> Vec<(&'static str, String)> {
        let mut findings = Vec::new();
        let trace = Trace::of(bytes, version);
        cite(&trace.violations, bytes, version, &mut findings);
        let cited = findings.into_iter();
        cited.map(|f| (f.id, f.message.into_owned())).collect()
    }

    #[test]
    fn a_fault_in_both_versions_is_cited_for_both() {
        let [(id, message)] = &cited(b"\xc1\0", Version::V3_1_1)[..] else {
            panic!("one fault");
        };
        assert_eq!(*id, "MQTT-2.2.2-1");
        assert!(message.ends_with("; MQTT 5.0: MQTT-2.1.3-1"), "{message}");
        let [(id, message)] = &cited(b"\xc1\0", Version::V5)[..] else {
            panic!("one fault");
        };
        assert_eq!(*id, "MQTT-2.1.3-1");
        assert!(message.ends_with("; MQTT 3.1.1: MQTT-2.2.2-1"), "{message}");
    }

    #[test]
    fn a_fault_in_one_version_is_cited_for_it_alone() {
        // Retain Handling; before 5.0, reserved bits.
        for message in cited(b"\x82\x06\0\x01\0\x01a\x30", Version::V3_1_1) {
            assert!(!message.1.contains("5.0:"), "{message:?}");
        }
        // The same identifier in both.
        let [(id, message)] = &cited(b"\x60\x02\0\x01", Version::V5)[..] else {
            panic!("one fault");
        };
        assert_eq!(*id, "MQTT-3.6.1-1");
        assert!(!message.contains("3.1.1"), "{message}");
    }
}
