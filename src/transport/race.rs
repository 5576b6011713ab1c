//! Attempts in turn, where a slow one delays the next only for a moment (as in RFC 8305).

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

/// The result of the first attempt that succeeds, or else the errors of all. Each attempt starts when
/// all those before it have failed, or `head_start` after the last of them.
pub(super) async fn race<A, T, E>(
    mut waiting: impl ExactSizeIterator<Item = A>,
    head_start: Duration,
) -> Result<T, Vec<E>>
where
    A: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    let mut attempts = JoinSet::new();
    let mut errors = Vec::new();
    loop {
        if let Some(attempt) = waiting.next() {
            attempts.spawn(attempt);
        }
        let finished = if waiting.len() == 0 {
            attempts.join_next().await
        } else {
            match timeout(head_start, attempts.join_next()).await {
                Ok(finished) => finished,
                Err(_) => continue,
            }
        };
        match finished {
            Some(Ok(Ok(success))) => return Ok(success),
            Some(Ok(Err(error))) => errors.push(error),
            // These tasks neither panic nor are cancelled.
            Some(Err(_)) => {}
            None => return Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;

    type Attempt = Pin<Box<dyn Future<Output = Result<u8, u8>> + Send>>;

    async fn race_of(attempts: Vec<Attempt>, head_start: Duration) -> Result<u8, Vec<u8>> {
        race(attempts.into_iter(), head_start).await
    }

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn an_attempt_that_hangs_holds_up_the_next_only_for_its_head_start() {
        let attempts: Vec<Attempt> = vec![
            Box::pin(std::future::pending()),
            Box::pin(std::future::pending()),
            Box::pin(async { Ok(3) }),
        ];
        assert_eq!(race_of(attempts, Duration::from_millis(1)).await, Ok(3));
    }

    #[tokio::test]
    async fn a_failure_starts_the_next_at_once_and_a_success_is_the_last() {
        let attempts: Vec<Attempt> = vec![
            Box::pin(async { Err(1) }),
            Box::pin(async { Ok(2) }),
            Box::pin(async { panic!("not needed") }),
        ];
        assert_eq!(race_of(attempts, LONG).await, Ok(2));
    }

    #[tokio::test]
    async fn all_errors_are_told() {
        let attempts: Vec<Attempt> = vec![Box::pin(async { Err(1) }), Box::pin(async { Err(2) })];
        assert_eq!(race_of(attempts, LONG).await, Err(vec![1, 2]));
        assert_eq!(race_of(Vec::new(), LONG).await, Err(Vec::new()));
    }
}
