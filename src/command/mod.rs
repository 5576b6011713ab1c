//! What each subcommand does with its options.
