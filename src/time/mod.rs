//! Reads and writes moments in time: `xs:dateTime` as SAML messages spell it, RFC 3339 as options do, words as people do.
//!
//! XML Schema 1.1 part 2 §3.3.7; saml-core-2.0 §1.3.3 (times are UTC); security rule 13. The clock is never read here:
//! "now" is an argument everywhere.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// An `xs:dateTime` as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// The moment it names, cut to nanoseconds.
    pub instant: Timestamp,
    /// Whether it named a zone. Without one it was read as UTC, which the report says.
    pub zoned: bool,
}

/// Why a text is not a moment in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text does not have the form of an `xs:dateTime`.
    #[error("not an xs:dateTime such as 2026-11-22T09:45:27Z: character {at} should be {expected}")]
    Malformed {
        /// Which character is wrong, counted from 1.
        at: usize,
        /// What stands there in an `xs:dateTime`.
        expected: &'static str,
    },
    /// A part has a value that no calendar or clock has: month 13, February 30, 25 o'clock.
    #[error("there is no such {0}")]
    NoSuch(&'static str),
    /// The seconds are 60. `xs:dateTime` has no leap seconds.
    #[error("the seconds are 60, and xs:dateTime has no leap seconds")]
    LeapSecond,
    /// The zone is further from UTC than 14 hours.
    #[error("the zone is more than 14 hours from UTC")]
    ZoneTooFar,
    /// The moment lies outside of the years that can be calculated with.
    #[error("the year lies outside of -9999 to 9999")]
    OutOfRange,
    /// A zone is required and there is none.
    #[error("the zone is missing: end it with Z, or with an offset such as +01:00")]
    NoZone,
}

/// Reads an `xs:dateTime`, strictly: `-?YYYY-MM-DDThh:mm:ss(.f+)?(Z|±hh:mm)?` and nothing around it.
///
/// Choice: the year 0000 is allowed and is the year before 0001, as in XML Schema 1.1 (1.0 had no such year). Fractions
/// finer than a nanosecond are cut off, not rounded: rounding could lift an instant past a limit that it does not reach.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_date_time(text: &str) -> Result<DateTime, TimeError> {
    let mut reader = Reader { rest: text.as_bytes(), at: 1 };
    let year = reader.year()?;
    reader.byte(b'-', "-")?;
    let month = reader.two_digits()?;
    reader.byte(b'-', "-")?;
    let day = reader.two_digits()?;
    reader.byte(b'T', "T")?;
    let hour = reader.two_digits()?;
    reader.byte(b':', ":")?;
    let minute = reader.two_digits()?;
    reader.byte(b':', ":")?;
    let second = reader.two_digits()?;
    let nanosecond = reader.fraction()?;
    let zone = reader.zone()?;

    if !(1..=12).contains(&month) {
        return Err(TimeError::NoSuch("month"));
    }
    // A year that does not fit is still a well-formed one, so it is judged only after the whole text was read.
    let year = year.ok_or(TimeError::OutOfRange)?;
    let date = Date::new(year, month, day).map_err(|_| TimeError::NoSuch("day"))?;
    let end_of_day = hour == 24 && minute == 0 && second == 0 && nanosecond == 0;
    if hour > 23 && !end_of_day {
        return Err(TimeError::NoSuch("hour"));
    }
    if minute > 59 {
        return Err(TimeError::NoSuch("minute"));
    }
    if second == 60 {
        return Err(TimeError::LeapSecond);
    }
    if second > 60 {
        return Err(TimeError::NoSuch("second"));
    }
    let civil = if end_of_day {
        date.tomorrow().map_err(|_| TimeError::OutOfRange)?.to_datetime(Time::midnight())
    } else {
        let time = Time::new(hour, minute, second, nanosecond);
        date.to_datetime(time.map_err(|_| TimeError::NoSuch("time"))?)
    };
    let offset = Offset::from_seconds(zone.unwrap_or(0)).map_err(|_| TimeError::ZoneTooFar)?;
    // Choice: .NET writes "never" as the last second of 9999, which lies some hours beyond what can be calculated with. It is read as
    // the last moment that can.
    let instant = match offset.to_timestamp(civil) {
        Ok(instant) => instant,
        Err(_) if year == 9999 => Timestamp::MAX,
        Err(_) => return Err(TimeError::OutOfRange),
    };
    Ok(DateTime { instant, zoned: zone.is_some() })
}

/// Reads an RFC 3339 time as an option gives it: like [`parse_date_time`], but the zone is required and `t` and `z` may
/// be small.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_rfc3339(text: &str) -> Result<Timestamp, TimeError> {
    let time = parse_date_time(&text.to_ascii_uppercase())?;
    if time.zoned { Ok(time.instant) } else { Err(TimeError::NoZone) }
}

/// Writes an instant in UTC, with a fraction only when there is one: `2026-11-22T09:45:27Z`.
pub fn rfc3339(instant: Timestamp) -> String {
    let text = instant.to_string();
    // Years before 0000 have no RFC 3339 form; they are written as xs:dateTime has them, with four digits.
    text.strip_prefix("-00").map_or_else(|| text.clone(), |rest| format!("-{rest}"))
}

/// The time between two instants in words, whichever is first: `5 days`, `1 h 3 min`, `4 min 21 s`.
///
/// Choice: two units at most, and from two days on only days, because an hour no longer matters to the reader then.
pub fn words_between(from: Timestamp, to: Timestamp) -> String {
    words(to.duration_since(from))
}

/// A duration in words, whichever its sign.
pub fn words(between: SignedDuration) -> String {
    let between = between.unsigned_abs();
    let seconds = between.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let rest = seconds % 60;
    match (days, hours, minutes) {
        (2.., _, _) => format!("{days} days"),
        (1, 0, _) => "1 day".to_owned(),
        (1, _, _) => format!("1 day {hours} h"),
        (0, 1.., 0) => format!("{hours} h"),
        (0, 1.., _) => format!("{hours} h {minutes} min"),
        (0, 0, 1..) if rest == 0 => format!("{minutes} min"),
        (0, 0, 1..) => format!("{minutes} min {rest} s"),
        (0, 0, 0) if seconds == 0 && !between.is_zero() => "less than 1 s".to_owned(),
        (0, 0, 0) => format!("{seconds} s"),
    }
}

/// `instant + duration`, held at the last instant that exists where it would pass it: a clock skew added to a hostile
/// time cannot overflow.
pub fn after(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    let end = if duration.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    instant.checked_add(duration).unwrap_or(end)
}

/// `instant - duration`, held at the first instant that exists where it would pass it.
pub fn before(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    let end = if duration.is_negative() { Timestamp::MAX } else { Timestamp::MIN };
    instant.checked_sub(duration).unwrap_or(end)
}

/// The unread rest of a text and the number of its first character.
struct Reader<'t> {
    rest: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn malformed<T>(&self, expected: &'static str) -> Result<T, TimeError> {
        Err(TimeError::Malformed { at: self.at, expected })
    }

    fn next_if(&mut self, test: impl Fn(u8) -> bool) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        if !test(byte) {
            return None;
        }
        self.rest = rest;
        self.at += 1;
        Some(byte)
    }

    fn byte(&mut self, byte: u8, name: &'static str) -> Result<(), TimeError> {
        self.next_if(|b| b == byte).map_or_else(|| self.malformed(name), |_| Ok(()))
    }

    fn digit(&mut self) -> Result<u8, TimeError> {
        match self.next_if(|b| b.is_ascii_digit()) {
            Some(byte) => Ok(byte - b'0'),
            None => self.malformed("a digit"),
        }
    }

    fn two_digits(&mut self) -> Result<i8, TimeError> {
        let value = self.digit()? * 10 + self.digit()?;
        i8::try_from(value).or_else(|_| self.malformed("a digit"))
    }

    /// The year, or `None` when it is well-formed and too large. More than four digits must not begin with 0.
    fn year(&mut self) -> Result<Option<i16>, TimeError> {
        let sign = if self.next_if(|b| b == b'-').is_some() { -1 } else { 1 };
        let mut year: i16 = 0;
        for _ in 0..4 {
            year = year * 10 + i16::from(self.digit()?);
        }
        let mut fits = true;
        while self.rest.first().is_some_and(u8::is_ascii_digit) {
            if year < 1000 && fits {
                return self.malformed("- (a longer year does not begin with 0)");
            }
            self.digit()?;
            fits = false;
        }
        Ok(fits.then_some(sign * year))
    }

    /// Nanoseconds: the first nine digits behind the point; the others are read and dropped.
    fn fraction(&mut self) -> Result<i32, TimeError> {
        if self.next_if(|b| b == b'.').is_none() {
            return Ok(0);
        }
        let mut nanoseconds = i32::from(self.digit()?) * 100_000_000;
        let mut unit = 10_000_000;
        while let Some(byte) = self.next_if(|b| b.is_ascii_digit()) {
            nanoseconds += i32::from(byte - b'0') * unit;
            unit /= 10;
        }
        Ok(nanoseconds)
    }

    /// Seconds east of UTC, or `None` when the text ends without a zone.
    fn zone(&mut self) -> Result<Option<i32>, TimeError> {
        let seconds = match self.next_if(|b| matches!(b, b'Z' | b'+' | b'-')) {
            None if self.rest.is_empty() => return Ok(None),
            None => return self.malformed("a fraction, a zone or the end"),
            Some(b'Z') => 0,
            Some(sign) => {
                let hours = i32::from(self.two_digits()?);
                self.byte(b':', ":")?;
                let minutes = i32::from(self.two_digits()?);
                if minutes > 59 {
                    return Err(TimeError::NoSuch("zone"));
                }
                if hours * 60 + minutes > 14 * 60 {
                    return Err(TimeError::ZoneTooFar);
                }
                let seconds = (hours * 60 + minutes) * 60;
                if sign == b'-' { -seconds } else { seconds }
            }
        };
        if self.rest.is_empty() { Ok(Some(seconds)) } else { self.malformed("the end") }
    }
}

#[cfg(test)]
mod tests;
