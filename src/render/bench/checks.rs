//! What came of thresholds.

use std::fmt::Display;
use std::io::{self, Write};

use colored::Colorize;

use crate::bench::Checked;
use crate::render::Style;

/// What came of thresholds.
pub(super) fn show_checks(
    out: &mut impl Write,
    checks: &[Checked],
    style: Style,
) -> io::Result<()> {
    for check in checks {
        match check.failed {
            true => check_line(out, true, check, style)?,
            false => check_line(out, false, check.passed(), style)?,
        }
    }
    Ok(())
}

/// What came of one threshold.
pub(super) fn check_line(
    out: &mut impl Write,
    failed: bool,
    text: impl Display,
    style: Style,
) -> io::Result<()> {
    let label = match failed {
        true => style.paint("FAILED", |text| text.red().bold()),
        false => style.paint("passed", |text| text.green()),
    };
    writeln!(out, "{label}  {text}")
}
