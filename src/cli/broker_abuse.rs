//! Flags of `mqtk broker` about abnormal behaviour.

use std::time::Duration;

use clap::Args;

use super::values;
use crate::broker::AbuseLimits;

/// Who does one of these things half as often as is allowed is slowed down, and who does it as
/// often is blocked. Each is a count within --abuse-window; 0: any number.
#[derive(Args)]
#[command(next_help_heading = "Abuse")]
pub(super) struct AbuseFlags {
    /// Seconds within which one of the counts below leads to a block; half of it slows down
    #[arg(long, value_name = "SECS", default_value = "60", value_parser = values::positive_seconds)]
    abuse_window: Duration,

    /// Seconds that a block lasts
    #[arg(long, value_name = "SECS", default_value = "60", value_parser = values::positive_seconds)]
    abuse_block: Duration,

    /// CONNECTs of an address; 0: any number
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().address_connects)]
    abuse_address_connects: u32,

    /// Connections of an address without CONNECT
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().no_connects)]
    abuse_no_connects: u32,

    /// Failed logins of an address
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().failed_logins)]
    abuse_failed_logins: u32,

    /// CONNECTs with a Client Identifier
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().client_connects)]
    abuse_client_connects: u32,

    /// Connections of a Client Identifier that end without DISCONNECT, or by breaking the protocol
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().abnormal_ends)]
    abuse_abnormal_ends: u32,

    /// Messages and subscriptions of a Client Identifier that are refused by the ACL
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().refusals)]
    abuse_refusals: u32,

    /// Messages of a Client Identifier that nobody gets; 0: any number
    #[arg(long, value_name = "COUNT", default_value_t = AbuseLimits::default().unwanted_messages)]
    abuse_unwanted_messages: u32,

    /// Count and block clients on this machine as well
    #[arg(long)]
    abuse_loopback: bool,
}

impl AbuseFlags {
    pub fn limits(&self) -> AbuseLimits {
        AbuseLimits {
            window: self.abuse_window,
            block: self.abuse_block,
            address_connects: self.abuse_address_connects,
            no_connects: self.abuse_no_connects,
            failed_logins: self.abuse_failed_logins,
            client_connects: self.abuse_client_connects,
            abnormal_ends: self.abuse_abnormal_ends,
            refusals: self.abuse_refusals,
            unwanted_messages: self.abuse_unwanted_messages,
            watches_loopback: self.abuse_loopback,
            ..AbuseLimits::default()
        }
    }
}
