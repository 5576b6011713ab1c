//! `mqtk inspect`: what bytes say and which rules they break.

mod report;
mod source;

use crate::cli::InspectOptions;
use crate::inspect::{Chunk, Data, Dissector, DissectorOptions, Origin, input};

use super::failure::Failure;
use crate::exit::ExitStatus;
use report::Report;

/// Inspects all input, to its end.
///
/// # Errors
///
/// The input cannot be read, or stdout cannot be written.
pub(super) fn run(options: InspectOptions) -> Result<(), Failure> {
    let mut report = Report::new(&options);
    let mut dissector = Dissector::new(DissectorOptions {
        version: options.version,
    });
    for (stream, source) in (0..).zip(source::sources(&options.input)) {
        let name = source.name();
        let bytes = input::read(&source.read()?)
            .map_err(|error| Failure::new(ExitStatus::Failure, format!("{name}: {error}")))?;
        let origin = Origin {
            stream,
            ..Origin::default()
        };
        for data in [Data::Bytes(&bytes), Data::End] {
            dissector.push(Chunk { origin, data }, &mut report);
            report.write_if_full()?;
            if report.is_closed() {
                return Ok(());
            }
        }
    }
    report.finish()
}
