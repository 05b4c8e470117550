use proptest::prelude::*;

use super::*;

fn instant(text: &str) -> String {
    rfc3339(parse_date_time(text).unwrap().instant)
}

fn error(text: &str) -> TimeError {
    parse_date_time(text).unwrap_err()
}

#[test]
fn a_time_in_utc_is_read_as_it_stands() {
    assert_eq!(instant("2026-11-22T09:45:27Z"), "2026-11-22T09:45:27Z");
    assert!(parse_date_time("2026-11-22T09:45:27Z").unwrap().zoned);
}

#[test]
fn an_offset_is_taken_off() {
    assert_eq!(instant("2026-11-22T09:51:52.814997+00:00"), "2026-11-22T09:51:52.814997Z");
    assert_eq!(instant("2026-11-22T00:30:00+01:00"), "2026-11-21T23:30:00Z");
    assert_eq!(instant("2026-11-22T00:30:00-05:30"), "2026-11-22T06:00:00Z");
    assert_eq!(instant("2026-11-22T14:00:00+14:00"), "2026-11-22T00:00:00Z");
    assert_eq!(instant("2026-11-22T00:00:00-14:00"), "2026-11-22T14:00:00Z");
}

#[test]
fn a_zone_further_than_14_hours_is_refused() {
    assert_eq!(error("2026-11-22T00:00:00+14:01"), TimeError::ZoneTooFar);
    assert_eq!(error("2026-11-22T00:00:00-15:00"), TimeError::ZoneTooFar);
    assert_eq!(error("2026-11-22T00:00:00+01:60"), TimeError::NoSuch("zone"));
}

#[test]
fn no_zone_is_read_as_utc_and_said() {
    let time = parse_date_time("2026-11-22T09:45:27").unwrap();
    assert_eq!(rfc3339(time.instant), "2026-11-22T09:45:27Z");
    assert!(!time.zoned);
}

#[test]
fn fractions_are_cut_at_nanoseconds_never_rounded() {
    assert_eq!(instant("2026-11-22T09:45:27.5Z"), "2026-11-22T09:45:27.5Z");
    assert_eq!(instant("2026-11-22T09:45:27.1234567Z"), "2026-11-22T09:45:27.1234567Z");
    assert_eq!(instant("2026-11-22T09:45:27.1234567899999Z"), "2026-11-22T09:45:27.123456789Z");
    assert_eq!(instant(&format!("2026-11-22T09:45:27.{}Z", "9".repeat(100_000))).len(), 30);
    assert_eq!(instant("2026-11-22T09:45:27.000Z"), "2026-11-22T09:45:27Z");
}

#[test]
fn twenty_four_oclock_is_the_next_midnight() {
    assert_eq!(instant("2026-12-31T24:00:00Z"), "2027-01-01T00:00:00Z");
    assert_eq!(instant("2026-12-31T24:00:00.000Z"), "2027-01-01T00:00:00Z");
    assert_eq!(error("2026-12-31T24:00:01Z"), TimeError::NoSuch("hour"));
    assert_eq!(error("2026-12-31T24:00:00.1Z"), TimeError::NoSuch("hour"));
    assert_eq!(error("9999-12-31T24:00:00Z"), TimeError::OutOfRange);
}

#[test]
fn a_leap_second_is_refused_with_its_own_error() {
    assert_eq!(error("2016-12-31T23:59:60Z"), TimeError::LeapSecond);
    assert_eq!(error("2016-12-31T23:59:61Z"), TimeError::NoSuch("second"));
}

#[test]
fn dates_and_times_that_do_not_exist_are_refused() {
    assert_eq!(error("2026-13-01T00:00:00Z"), TimeError::NoSuch("month"));
    assert_eq!(error("2026-00-01T00:00:00Z"), TimeError::NoSuch("month"));
    assert_eq!(error("2026-02-29T00:00:00Z"), TimeError::NoSuch("day"));
    assert_eq!(instant("2028-02-29T00:00:00Z"), "2028-02-29T00:00:00Z");
    assert_eq!(error("2026-01-00T00:00:00Z"), TimeError::NoSuch("day"));
    assert_eq!(error("2026-01-01T25:00:00Z"), TimeError::NoSuch("hour"));
    assert_eq!(error("2026-01-01T00:60:00Z"), TimeError::NoSuch("minute"));
}

#[test]
fn years_outside_of_four_digits_never_panic() {
    assert_eq!(instant("-0044-03-15T12:00:00Z"), "-0044-03-15T12:00:00Z");
    assert_eq!(instant("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00Z");
    assert_eq!(error("10000-01-01T00:00:00Z"), TimeError::OutOfRange);
    assert_eq!(error("-10000-01-01T00:00:00Z"), TimeError::OutOfRange);
    assert_eq!(error(&format!("{}-01-01T00:00:00Z", "9".repeat(99_999))), TimeError::OutOfRange);
    assert_eq!(parse_date_time("9999-12-31T23:59:59Z").unwrap().instant, Timestamp::MAX);
    assert_eq!(error("10000-01-01T00:00:00Z"), TimeError::OutOfRange);
    assert_eq!(error("-9999-01-01T00:00:00+14:00"), TimeError::OutOfRange);
}

#[test]
fn anything_but_the_exact_form_is_refused_and_placed() {
    for (text, at) in [
        ("", 1),
        (" 2026-11-22T09:45:27Z", 1),
        ("2026-11-22T09:45:27Z ", 21),
        ("+2026-11-22T09:45:27Z", 1),
        ("226-11-22T09:45:27Z", 4),
        ("02026-11-22T09:45:27Z", 5),
        ("2026-1-22T09:45:27Z", 7),
        ("2026-11-22 09:45:27Z", 11),
        ("2026-11-22t09:45:27Z", 11),
        ("2026-11-22T09:45Z", 17),
        ("2026-11-22T09:45:27.Z", 21),
        ("2026-11-22T09:45:27,5Z", 20),
        ("2026-11-22T09:45:27z", 20),
        ("2026-11-22T09:45:27+0100", 23),
        ("2026-11-22T09:45:27+01", 23),
        ("2026-11-22T09:45:27ZZ", 21),
        ("２026-11-22T09:45:27Z", 1),
        ("2026-11-22", 11),
    ] {
        let error = error(text);
        assert!(matches!(error, TimeError::Malformed { at: found, .. } if found == at), "{text}");
    }
    assert_eq!(
        error("2026-11-22 09:45:27Z").to_string(),
        "not an xs:dateTime such as 2026-11-22T09:45:27Z: character 11 should be T"
    );
}

#[test]
fn an_option_must_name_its_zone() {
    assert_eq!(parse_rfc3339("2026-11-22T09:45:27"), Err(TimeError::NoZone));
    let small = parse_rfc3339("2026-11-22t10:45:27z").unwrap();
    assert_eq!(rfc3339(small), "2026-11-22T10:45:27Z");
}

#[test]
fn durations_are_told_in_at_most_two_units() {
    let from = parse_rfc3339("2026-11-22T00:00:00Z").unwrap();
    for (seconds, words) in [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (261, "4 min 21 s"),
        (3_600, "1 h"),
        (3_659, "1 h"),
        (3_785, "1 h 3 min"),
        (86_400, "1 day"),
        (90_000, "1 day 1 h"),
        (5 * 86_400 + 7_000, "5 days"),
        (400 * 86_400, "400 days"),
    ] {
        let to = after(from, SignedDuration::from_secs(seconds));
        assert_eq!(words_between(from, to), words);
        assert_eq!(words_between(to, from), words);
    }
    let soon = after(from, SignedDuration::from_millis(3));
    assert_eq!(words_between(from, soon), "less than 1 s");
    assert!(words_between(Timestamp::MIN, Timestamp::MAX).ends_with(" days"));
}

#[test]
fn arithmetic_stops_at_the_ends_of_time() {
    let second = SignedDuration::from_secs(1);
    assert_eq!(after(Timestamp::MAX, second), Timestamp::MAX);
    assert_eq!(before(Timestamp::MIN, second), Timestamp::MIN);
    for duration in [SignedDuration::MIN, SignedDuration::MAX] {
        for instant in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let forward = duration == SignedDuration::MAX;
            let (last, first) = (Timestamp::MAX, Timestamp::MIN);
            assert_eq!(after(instant, duration), if forward { last } else { first });
            assert_eq!(before(instant, duration), if forward { first } else { last });
        }
    }
    let noon = parse_rfc3339("2026-11-22T12:00:00Z").unwrap();
    assert_eq!(rfc3339(after(noon, second)), "2026-11-22T12:00:01Z");
    assert_eq!(rfc3339(before(noon, second)), "2026-11-22T11:59:59Z");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC*") {
        let _ = parse_date_time(&text);
    }

    #[test]
    fn no_near_miss_makes_the_parser_panic(
        text in "-?[0-9]{3,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,12})?(Z|[+-][0-9]{2}:[0-9]{2})?"
    ) {
        let _ = parse_date_time(&text);
        let _ = parse_rfc3339(&text);
    }

    #[test]
    fn what_is_written_is_read_back(
        seconds in Timestamp::MIN.as_second() + 1..Timestamp::MAX.as_second(),
        nanoseconds in 0..1_000_000_000,
    ) {
        let instant = Timestamp::new(seconds, nanoseconds).unwrap();
        let found = parse_date_time(&rfc3339(instant)).unwrap();
        prop_assert_eq!(found, DateTime { instant, zoned: true });
    }
}
