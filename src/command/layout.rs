//! What a printer shows of each message, from what the flags ask for.

use crate::cli::Form;
use crate::exit::ExitStatus;
use crate::render::{Format, Layout};

use super::failure::Failure;

/// What is shown of a message in this form.
///
/// # Errors
///
/// The format is no format.
pub(super) fn layout(form: &Form) -> Result<Layout, Failure> {
    Ok(match form {
        Form::Payload | Form::Rate => Layout::Payload,
        Form::TopicAndPayload => Layout::Verbose,
        Form::Format(format) => Layout::Format(
            Format::compile(format)
                .map_err(|error| Failure::new(ExitStatus::Usage, format!("-F: {error}")))?,
        ),
        Form::Json => Layout::Json,
    })
}
