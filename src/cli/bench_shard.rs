//! Flags that make `mqtk bench` do its part of a run that several processes share.

use std::time::SystemTime;

use clap::Args;

use crate::bench::Shard;

/// Which part of a run, and when.
#[derive(Args)]
#[command(next_help_heading = "Shards")]
pub(super) struct ShardFlags {
    /// Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and
    /// --connect-rate are of all together; but in retained, queue and wills every part has the
    /// --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk
    /// bench merge makes one report of theirs
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,

    /// Connect, and begin at this time: such as 2030-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub start_at: Option<SystemTime>,

    /// What the environment says.
    #[arg(skip)]
    pub job_index: Option<String>,
}

impl ShardFlags {
    /// The part that was asked for.
    pub fn shard(&self) -> Result<Shard, String> {
        let Some(text) = &self.shard else {
            return Ok(Shard::default());
        };
        let wrong = |error| format!("--shard {text}: {error}");
        if text.contains('/') {
            return text.parse().map_err(wrong);
        }
        let index = self.job_index.as_ref().ok_or_else(|| {
            wrong(format!(
                "which of them? Say 0/{text}, or set $JOB_COMPLETION_INDEX"
            ))
        })?;
        let shard = format!("{index}/{text}").parse();
        shard.map_err(|error: String| wrong(format!("{error}; $JOB_COMPLETION_INDEX is '{index}'")))
    }
}

/// A time as RFC 3339 writes it.
fn moment(text: &str) -> Result<SystemTime, String> {
    let timestamp: Result<jiff::Timestamp, _> = text.parse();
    let timestamp = timestamp
        .map_err(|_| "a time has its date and its offset from UTC: 2030-01-31T12:00:00Z")?;
    Ok(timestamp.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(text: &str, job_index: Option<&str>) -> Result<String, String> {
        let flags = ShardFlags {
            shard: Some(text.into()),
            start_at: None,
            job_index: job_index.map(Into::into),
        };
        flags.shard().map(|shard| shard.to_string())
    }

    #[test]
    fn the_number_of_a_shard_may_be_that_of_a_job() {
        assert_eq!(shard("1/3", Some("7")), Ok("1/3".into()));
        assert_eq!(shard("3", Some("2")), Ok("2/3".into()));
        let missing = shard("3", None).unwrap_err();
        assert!(missing.contains("0/3"), "{missing}");
        let outside = shard("3", Some("3")).unwrap_err();
        assert!(
            outside.contains("from 0/3 to 2/3") && outside.contains("is '3'"),
            "{outside}"
        );
    }

    #[test]
    fn times_have_an_offset() {
        let noon = moment("2030-01-31T12:00:00Z").unwrap();
        assert_eq!(moment("2030-01-31T13:00:00+01:00"), Ok(noon));
        for text in ["2030-01-31T12:00:00", "noon", ""] {
            assert!(moment(text).is_err(), "{text}");
        }
    }
}
