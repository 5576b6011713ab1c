//! The one connection loop, for either role: transport, session and buffers.
