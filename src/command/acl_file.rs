//! The file of `--acl-file`.

use std::fs;

use crate::broker::Acl;
use crate::cli::AclOptions;
use crate::transport::plain_io;

/// Reads the rules.
///
/// # Errors
///
/// What is wrong with the file, in one line that names it.
pub(super) fn read(options: &AclOptions) -> Result<Acl, String> {
    let file = options.file.display();
    let text = fs::read_to_string(&options.file)
        .map_err(|error| format!("cannot read --acl-file {file}: {}", plain_io(&error)))?;
    let acl: Acl = text.parse().map_err(|error: crate::broker::AclError| {
        format!("{file}:{}: {}", error.line, error.what())
    })?;
    Ok(acl.refusing_subscriptions(options.refuses_subscriptions))
}
