//! Times of messages, in the user's time zone.

use jiff::Timestamp;
use jiff::fmt::StdIoWrite;
use jiff::fmt::strtime::{self, BrokenDownTime, PosixCustom};
use jiff::tz::TimeZone;

use super::digits::zero_padded;

/// Writes times. It keeps the text of the last second, which most messages have in common.
pub struct Clock {
    zone: Option<TimeZone>,
    second: Option<i64>,
    /// `2026-11-22T20:42:22` of that second.
    date_time: Vec<u8>,
    /// Seconds east of UTC in that second.
    offset: i32,
}

/// How an offset from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    /// `+01:00` (RFC 3339).
    Colon,
    /// `+0100` (strftime's `%z`).
    Plain,
}

impl Clock {
    /// A clock that shows the time of the system's zone, which is read when first needed.
    pub fn local() -> Self {
        Self::with(None)
    }

    /// A clock that shows the time of this zone.
    pub fn new(zone: TimeZone) -> Self {
        Self::with(Some(zone))
    }

    fn with(zone: Option<TimeZone>) -> Self {
        Self {
            zone,
            second: None,
            date_time: Vec::new(),
            offset: 0,
        }
    }

    /// `2026-11-22T20:42:22.515566+01:00`
    pub(super) fn with_microseconds(&mut self, out: &mut Vec<u8>, time: Timestamp, offset: Offset) {
        let (second, nanosecond) = split(time);
        self.turn_to(second, time);
        out.extend_from_slice(&self.date_time);
        out.push(b'.');
        zero_padded(out, u64::from(nanosecond / 1000), 6);
        self.write_offset(out, offset);
    }

    /// `2026-11-22T20:42:22.515+01:00`
    pub(super) fn with_milliseconds(&mut self, out: &mut Vec<u8>, time: Timestamp) {
        let (second, nanosecond) = split(time);
        self.turn_to(second, time);
        out.extend_from_slice(&self.date_time);
        out.push(b'.');
        zero_padded(out, u64::from(nanosecond / 1_000_000), 3);
        self.write_offset(out, Offset::Colon);
    }

    /// `20:42:22.515566`
    pub(super) fn time_of_day(&mut self, out: &mut Vec<u8>, time: Timestamp) {
        let (second, nanosecond) = split(time);
        self.turn_to(second, time);
        let date = "2026-11-22T".len();
        out.extend_from_slice(self.date_time.get(date..).unwrap_or_default());
        out.push(b'.');
        zero_padded(out, u64::from(nanosecond / 1000), 6);
    }

    /// `2026-11-22T20:42:22+0100`
    pub(super) fn with_seconds(&mut self, out: &mut Vec<u8>, time: Timestamp) {
        self.turn_to(split(time).0, time);
        out.extend_from_slice(&self.date_time);
        self.write_offset(out, Offset::Plain);
    }

    /// What strftime makes of one conversion, such as `%H`.
    pub(super) fn strftime(&mut self, out: &mut Vec<u8>, time: Timestamp, conversion: &str) {
        let zoned = time.to_zoned(self.zone().clone());
        let config = strtime::Config::new().custom(PosixCustom::new());
        // `has_conversion` has checked it, and writing to a buffer does not fail.
        let _ = BrokenDownTime::from(&zoned).format_with_config(
            &config,
            conversion,
            &mut StdIoWrite(out),
        );
    }

    /// Whether `strftime` knows a conversion.
    pub(super) fn has_conversion(conversion: &str) -> bool {
        let zoned = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let config = strtime::Config::new().custom(PosixCustom::new());
        let mut text = String::new();
        BrokenDownTime::from(&zoned)
            .format_with_config(&config, conversion, &mut text)
            .is_ok()
    }

    fn zone(&mut self) -> &TimeZone {
        self.zone.get_or_insert_with(TimeZone::system)
    }

    fn turn_to(&mut self, second: i64, time: Timestamp) {
        if self.second == Some(second) {
            return;
        }
        let offset = self.zone().to_offset(time);
        let local = offset.to_datetime(time);
        self.second = Some(second);
        self.offset = offset.seconds();
        self.date_time.clear();
        let text = &mut self.date_time;
        let mut part = |number: i16, width, end: &[u8]| {
            zero_padded(text, number.unsigned_abs().into(), width);
            text.extend_from_slice(end);
        };
        part(local.year(), 4, b"-");
        part(local.month().into(), 2, b"-");
        part(local.day().into(), 2, b"T");
        part(local.hour().into(), 2, b":");
        part(local.minute().into(), 2, b":");
        part(local.second().into(), 2, b"");
    }

    fn write_offset(&self, out: &mut Vec<u8>, style: Offset) {
        let minutes = u64::from(self.offset.unsigned_abs() / 60);
        out.push(if self.offset < 0 { b'-' } else { b'+' });
        zero_padded(out, minutes / 60, 2);
        if style == Offset::Colon {
            out.push(b':');
        }
        zero_padded(out, minutes % 60, 2);
    }
}

/// `1795380142.515566298`
pub(super) fn unix(out: &mut Vec<u8>, time: Timestamp) {
    let (second, _) = split(time);
    if second < 0 {
        out.push(b'-');
    }
    zero_padded(out, second.unsigned_abs(), 1);
    out.push(b'.');
    nanoseconds(out, time);
}

/// The nine digits after the second.
pub(super) fn nanoseconds(out: &mut Vec<u8>, time: Timestamp) {
    zero_padded(out, split(time).1.into(), 9);
}

/// Seconds since 1970 and the nanoseconds that follow them.
fn split(time: Timestamp) -> (i64, u32) {
    let nanosecond = time.as_nanosecond();
    let second = nanosecond.div_euclid(1_000_000_000) as i64;
    (second, nanosecond.rem_euclid(1_000_000_000) as u32)
}

#[cfg(test)]
mod tests {
    use jiff::tz;

    use super::*;
    use crate::render::message::samples::TIME;

    fn at(nanosecond: i128) -> Timestamp {
        Timestamp::from_nanosecond(nanosecond).expect("in range")
    }

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn times_carry_their_zone() {
        let mut clock = Clock::new(tz::offset(-3).to_time_zone());
        assert_eq!(
            text(|out| clock.with_microseconds(out, at(TIME), Offset::Colon)),
            "2026-11-22T17:42:22.515566-03:00"
        );
        assert_eq!(
            text(|out| clock.with_seconds(out, at(TIME))),
            "2026-11-22T17:42:22-0300"
        );
        assert_eq!(
            text(|out| clock.with_milliseconds(out, at(TIME))),
            "2026-11-22T17:42:22.515-03:00"
        );
    }

    #[test]
    fn the_remembered_second_is_used_for_itself_only() {
        let mut clock = Clock::new(TimeZone::UTC);
        for (later, expected) in [
            (0, "2026-11-22T20:42:22+0000"),
            (400_000_000, "2026-11-22T20:42:22+0000"),
            (500_000_000, "2026-11-22T20:42:23+0000"),
            (0, "2026-11-22T20:42:22+0000"),
        ] {
            assert_eq!(
                text(|out| clock.with_seconds(out, at(TIME + later))),
                expected
            );
        }
    }

    #[test]
    fn agrees_with_jiff_around_a_change_of_the_clock() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
        let mut clock = Clock::new(zone.clone());
        for hour in 0..48 {
            // From 24 October 2026 on; the clocks went back on the 25th.
            let time = at((1_792_800_000 + hour * 3600) * 1_000_000_000 + 1_000);
            let expected = time
                .to_zoned(zone.clone())
                .strftime("%FT%T.%6f%:z")
                .to_string();
            let written = text(|out| clock.with_microseconds(out, time, Offset::Colon));
            assert_eq!(written, expected);
        }
    }

    #[test]
    fn unix_time_has_nanoseconds() {
        assert_eq!(text(|out| unix(out, at(TIME))), "1795380142.515566298");
        assert_eq!(text(|out| unix(out, at(42))), "0.000000042");
    }

    #[test]
    fn strftime_is_that_of_the_c_locale() {
        let mut clock = Clock::new(TimeZone::UTC);
        assert_eq!(
            text(|out| clock.strftime(out, at(TIME), "%c")),
            "Sun Nov 22 20:42:22 2026"
        );
        assert!(Clock::has_conversion("%j"));
        assert!(!Clock::has_conversion("%E"));
    }
}
