//! `mqtk inspect`: what bytes say and which rules they break.

mod capture;
mod dump;
mod encode;
mod gunzip;
mod interrupt;
mod proxy;
mod report;
mod source;

use crate::cli::InspectOptions;
use crate::inspect::{Capture, Dissector, DissectorOptions};

use super::failure::Failure;
use super::talk::Talk;
use capture::Recording;
use dump::Dump;
use report::Report;
use source::Opened;

/// Inspects all input, to its end.
///
/// # Errors
///
/// The input cannot be read, or stdout cannot be written.
pub(super) fn run(options: InspectOptions) -> Result<(), Failure> {
    if options.encode {
        return encode::run(&options);
    }
    let mut report = Report::new(&options);
    let mut dissector = Dissector::new(DissectorOptions {
        version: options.version,
    });
    if let Some(proxy) = options.proxy {
        let talk = Talk::new(options.verbosity);
        return super::block_on(proxy::run(proxy, dissector, report, talk));
    }
    let mut stream = 0;
    for source in source::sources(&options.input) {
        if source.is_typed() {
            Talk::new(options.verbosity).note("paste the bytes, then press Enter and Ctrl-D");
        }
        let Opened {
            name,
            is_argument,
            size,
            begun,
            rest,
        } = source.open()?;
        if Capture::recognises(&begun) {
            let recording = Recording {
                name,
                size,
                begun,
                rest,
            };
            match recording.inspect(stream, &options, &mut dissector, &mut report) {
                Ok(conversations) => stream += conversations,
                Err(failure) => {
                    if report.found() > 0 {
                        report.finish()?;
                    }
                    return Err(failure);
                }
            }
        } else {
            let dump = Dump {
                name,
                is_argument,
                begun,
                rest,
            };
            stream += dump.inspect(stream, &options, &mut dissector, &mut report)?;
        }
        if report.is_closed() {
            return Ok(());
        }
    }
    report.finish()
}
