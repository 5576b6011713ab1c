//! Printing what is found.

use std::io::{self, Write};

use crate::cli::InspectOptions;
use crate::command::failure::Failure;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::{Observed, PacketForm, Partial, Sieve, Sink, Skipped, Summary};
use crate::render::inspect::{Options, Printer, Skip, summary};
use crate::render::{Clock, Style};

/// Bytes that are written at once.
const BLOCK: usize = 64 * 1024;

/// Prints what a [`Dissector`](crate::inspect::Dissector) finds.
pub(super) struct Report {
    printer: Printer,
    options: Options,
    sieve: Sieve,
    summary: Summary,
    /// Where bytes that are no packet are reported, if stdout is for packets only.
    aside: Option<Talk>,
    talk: Talk,
    is_strict: bool,
    out: Vec<u8>,
    /// Nobody reads stdout any more.
    is_closed: bool,
}

impl Report {
    pub(super) fn new(options: &InspectOptions) -> Self {
        let talk = Talk::new(options.verbosity);
        let shown = Options {
            style: Style::of(&io::stdout()),
            show_secrets: options.show_secrets,
            fields: options.fields,
        };
        Report {
            printer: Printer::new(options.form, shown, Clock::local()),
            options: shown,
            sieve: Sieve::new(options.filter.clone()),
            summary: Summary::default(),
            aside: (options.form == PacketForm::Json).then_some(talk),
            talk,
            is_strict: options.strict,
            out: Vec::new(),
            is_closed: false,
        }
    }

    /// How many packets were found, whole or begun.
    pub(super) fn found(&self) -> u64 {
        self.summary.packets + self.summary.partial
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

    /// Ends the report with its summary.
    ///
    /// # Errors
    ///
    /// stdout cannot be written, or with `--strict` a rule was broken.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.write()?;
        if self.is_closed {
            return Ok(());
        }
        self.talk.note(summary(&self.summary));
        match self.is_strict && !self.summary.is_clean() {
            false => Ok(()),
            true => Err(Failure::new(
                ExitStatus::VerdictFailed,
                "violations were found (--strict)",
            )),
        }
    }

    /// Makes room within a chunk that holds very many packets.
    fn spill(&mut self) {
        const MOST: usize = 16 * BLOCK;
        if self.out.len() > MOST && !self.is_closed {
            // An error is reported by the next write, at the end of the chunk.
            match io::stdout().lock().write_all(&self.out) {
                Ok(()) => self.out.clear(),
                Err(error) => {
                    self.is_closed = error.kind() == io::ErrorKind::BrokenPipe;
                }
            }
        }
    }
}

impl Sink for Report {
    fn packet(&mut self, packet: &Observed<'_>) {
        self.summary.packet(packet);
        if self.sieve.passes(packet) {
            self.printer.packet(&mut self.out, packet);
            self.spill();
        }
    }

    fn skipped(&mut self, skipped: &Skipped<'_>) {
        self.summary.skipped(skipped);
        if self.sieve.passes_skipped(skipped) {
            self.printer.skipped(&mut self.out, skipped);
            if let Some(talk) = self.aside {
                talk.warn(Skip(skipped, self.options));
            }
        }
    }

    fn partial(&mut self, partial: &Partial<'_>) {
        self.summary.partial(partial);
        if self.sieve.passes_partial(partial) {
            self.printer.partial(&mut self.out, partial);
        }
    }
}
