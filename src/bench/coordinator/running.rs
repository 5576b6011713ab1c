//! How long clients had turns, exactly.

use std::time::Duration;

use crate::bench::{Load, Plan, Schedule};

/// From the first turn to the end of the last, the warm-up included: in the open loop each message
/// has a step of the schedule to itself, and the closed loop goes on until its time is over.
///
/// `all_turns` is when the last one was had; `None`: the run was given up or interrupted `over`
/// after its start, with more of them to come.
pub(super) fn running(plan: &Plan, all_turns: Option<Duration>, over: Duration) -> Duration {
    match (plan.load, plan.schedule(), all_turns) {
        (Load::Open { .. }, Some(schedule), Some(last)) => {
            of_schedule(&schedule, plan.actors(), last)
        }
        (Load::Open { .. }, Some(_), None) => over,
        (_, _, last) => {
            let end = last.unwrap_or(over);
            plan.time().map_or(end, |time| end.min(time))
        }
    }
}

/// Who breaks down in the last round of turns has gone through the schedule; earlier, it ended
/// there.
fn of_schedule(schedule: &Schedule, clients: u64, last: Duration) -> Duration {
    let due = |n| Duration::from_nanos(schedule.due(n));
    let messages = schedule.messages();
    match last >= due(messages.saturating_sub(clients)) {
        true => due(messages).max(last + schedule.step()),
        false => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_schedule_lasts_until_its_last_message_has_left() {
        let schedule = Schedule::new(100.0, 4, None, Some(1000 * MS));
        let on_time = of_schedule(&schedule, 4, 990 * MS);
        assert_eq!(on_time, 1000 * MS);
        let late = of_schedule(&schedule, 4, 1500 * MS);
        assert_eq!(late, 1510 * MS, "no more than is known");
        let by_others = of_schedule(&schedule, 4, 965 * MS);
        assert_eq!(by_others, 1000 * MS, "whose turn was last is gone");
        let broken = of_schedule(&schedule, 4, 300 * MS);
        assert_eq!(broken, 300 * MS, "nobody was there any more");
    }
}
