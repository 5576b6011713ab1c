//! Flags of the command line, turned into plain options.
