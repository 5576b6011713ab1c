//! Flags of `mqtk broker` that make it misbehave.

use clap::Args;

use crate::broker::{FaultRule, Faults};

/// What a bad network or a bad broker would do.
#[derive(Args)]
#[command(next_help_heading = "Faults")]
pub(super) struct FaultFlags {
    /// Misbehave by this rule, such as 'drop probability=0.1 packet=PUBLISH direction=out' (all:
    /// mqtk help broker); may be repeated
    ///
    /// A rule is what happens to a packet and, as KEY=VALUE, to which packets.
    ///
    /// What happens: delay by=200ms [jitter=50ms]; drop; duplicate; corrupt, which flips a bit
    /// behind the Fixed Header; reorder, which lets the next packet go first, for a second at
    /// most; close, without a word; disconnect [code=0x8B], by DISCONNECT in MQTT 5.0; refuse
    /// [code=0x87], which answers CONNECT, or packet=PUBLISH, SUBSCRIBE or UNSUBSCRIBE, as a broker
    /// that refuses it; stall [for=5s], which stops reading the client, for ever if no time is
    /// said; no-pingresp, which never answers PINGREQ.
    ///
    /// To which packets: client=sensor-* (a pattern for Client Identifiers, with * and ?), topic=a/#
    /// (PUBLISH only), packet=PUBLISH,PUBACK, direction=in|out (from or to the client),
    /// probability=0.1, after=100 (not the first 100 on each connection), times=3 (three in all).
    ///
    /// Every rule is tried on every packet, in the order given, until one takes the packet away.
    /// -v reports each fault.
    #[arg(long, value_name = "RULE")]
    fault: Vec<FaultRule>,

    /// Seed of the rules' chance, which the log of an earlier run has told: repeats its faults
    #[arg(long, value_name = "NUMBER")]
    fault_seed: Option<u64>,
}

impl FaultFlags {
    pub fn faults(self) -> Faults {
        Faults {
            rules: self.fault,
            seed: self.fault_seed,
        }
    }
}
