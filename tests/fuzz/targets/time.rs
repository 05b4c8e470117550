//! Whatever reads as an `xs:dateTime` is the instant that another reader finds, and survives being written.

#![no_main]

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use samlcheck::time::{after, before, parse_date_time, parse_rfc3339, rfc3339, words_between};

fuzz_target!(|text: &str| {
    let small = parse_rfc3339(text);
    let Ok(time) = parse_date_time(text) else { return };
    assert_eq!(small.is_ok(), time.zoned, "{text}: an option's time is one with a zone");
    let written = rfc3339(time.instant);
    let again = parse_date_time(&written).map(|time| time.instant);
    assert_eq!(again, Ok(time.instant), "{text} was written as {written}");
    if time.zoned
        && let Ok(other) = text.parse::<Timestamp>()
    {
        assert_eq!(time.instant, other, "{text}: jiff reads it differently");
    }
    for other in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
        assert_eq!(words_between(time.instant, other), words_between(other, time.instant));
    }
    for length in [SignedDuration::MIN, SignedDuration::from_secs(180), SignedDuration::MAX] {
        let (later, earlier) = (after(time.instant, length), before(time.instant, length));
        assert_eq!(later >= earlier, !length.is_negative(), "{text}, {length}");
    }
});
