//! What is found, on its way to stdout.

use std::io::{self, Write};

use crate::cli::{InspectOptions, PacketForm};
use crate::command::failure::Failure;
use crate::inspect::{Observed, Partial, Sink, Skipped};
use crate::render::{Style, inspect};

/// Bytes that are written at once.
const BLOCK: usize = 64 * 1024;

/// Prints what a [`Dissector`](crate::inspect::Dissector) finds.
pub(super) struct Report {
    printer: inspect::Printer,
    out: Vec<u8>,
    /// Nobody reads stdout any more.
    is_closed: bool,
}

impl Report {
    pub(super) fn new(options: &InspectOptions) -> Self {
        let style = Style::of(&io::stdout());
        let form = match options.form {
            PacketForm::Tree => inspect::Form::Tree,
            PacketForm::OneLine => inspect::Form::OneLine,
        };
        Report {
            printer: inspect::Printer::new(form, style),
            out: Vec::new(),
            is_closed: false,
        }
    }

    /// Writes what has been found, if it is worth a write.
    ///
    /// # Errors
    ///
    /// stdout cannot be written.
    pub(super) fn write_if_full(&mut self) -> Result<(), Failure> {
        match self.out.len() {
            BLOCK.. => self.write(),
            _ => Ok(()),
        }
    }

    /// Writes what has been found.
    ///
    /// # Errors
    ///
    /// stdout cannot be written.
    pub(super) fn write(&mut self) -> Result<(), Failure> {
        match io::stdout().lock().write_all(&self.out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.is_closed = true,
            Err(error) => return Err(Failure::io("cannot write to stdout", &error)),
            Ok(()) => {}
        }
        self.out.clear();
        Ok(())
    }

    /// Whether nobody reads stdout any more.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Ends the report.
    ///
    /// # Errors
    ///
    /// stdout cannot be written.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.write()
    }
}

impl Sink for Report {
    fn packet(&mut self, packet: &Observed<'_>) {
        self.printer.packet(&mut self.out, packet);
    }

    fn skipped(&mut self, skipped: &Skipped<'_>) {
        self.printer.skipped(&mut self.out, skipped);
    }

    fn partial(&mut self, partial: &Partial<'_>) {
        self.printer.partial(&mut self.out, partial);
    }
}
