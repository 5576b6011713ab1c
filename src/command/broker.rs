use super::failure::Failure;
use crate::cli::BrokerOptions;
pub(super) async fn run(_: BrokerOptions) -> Result<(), Failure> {
    Ok(())
}
