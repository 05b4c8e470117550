//! What is remembered, what is written down, and what is refused.

use std::fs;
use std::path::Path;

use super::file::SeenFile;
use super::*;
use crate::checks::fixture::Case;

const HEADER: &str = "{\"format\":\"samlcheck-seen\",\"version\":1}\n";
const CLOCK: &str = "2026-02-01T08:00:00Z";

fn opened(path: Option<&Path>) -> Seen {
    Seen::open(path, CLOCK.parse().unwrap()).unwrap()
}

/// The codes of the diagnoses of each report, after they were looked up as one input.
fn told(seen: &mut Seen, reports: Vec<Report>) -> Vec<Vec<&'static str>> {
    let mut reports = reports;
    seen.tell(&mut reports).unwrap();
    let codes = |report: &Report| report.diagnoses().iter().map(|d| d.cause.code).collect();
    reports.iter().map(codes).collect()
}

fn usual() -> Report {
    Case::usual().is_accepted()
}

fn another(id: &str) -> Report {
    Case::usual().message(|r| r.assertion().id = Some(id.to_owned())).is_accepted()
}

/// An error about a file with this content, which must stay as it is.
fn refused(content: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seen.jsonl");
    fs::write(&path, content).unwrap();
    let error = Seen::open(Some(&path), CLOCK.parse().unwrap()).err().expect("an error");
    assert_eq!(fs::read(&path).unwrap(), content, "{error}");
    let name = path.display().to_string();
    error.strip_prefix(&format!("{name}: ")).expect("the file's name").to_owned()
}

#[test]
fn within_one_run_the_second_input_is_told_and_the_first_is_not() {
    let mut seen = opened(None);
    assert_eq!(told(&mut seen, vec![usual()]), [[""; 0]]);
    assert_eq!(told(&mut seen, vec![another("_b")]), [[""; 0]]);
    assert_eq!(told(&mut seen, vec![usual()]), [["replayed"]]);
}

#[test]
fn what_comes_twice_in_one_input_is_left_to_its_flow() {
    let mut seen = opened(None);
    assert_eq!(told(&mut seen, vec![usual(), usual()]), [[""; 0], [""; 0]]);
    assert_eq!(told(&mut seen, vec![usual(), usual()]), [["replayed"], ["replayed"]]);
}

#[test]
fn the_same_id_of_another_issuer_is_another_assertion() {
    let other = "https://other.example/idp";
    let issued_by_other = || {
        let case = Case::usual().config(|c| c.issuer = crate::checks::fixture::given(other));
        case.message(|r| {
            other.clone_into(&mut r.issuer.as_mut().unwrap().value);
            other.clone_into(&mut r.assertion().issuer.as_mut().unwrap().value);
        })
        .is_accepted()
    };
    let mut seen = opened(None);
    assert_eq!(usual().assertion_id(), issued_by_other().assertion_id());
    assert_eq!(told(&mut seen, vec![usual()]), [[""; 0]]);
    assert_eq!(told(&mut seen, vec![issued_by_other()]), [[""; 0]]);
}

#[test]
fn an_unsigned_id_is_neither_looked_up_nor_recorded() {
    let unsigned = || {
        let case = Case::usual().message(|r| r.assertion().signing = None);
        case.report()
    };
    let mut seen = opened(None);
    told(&mut seen, vec![unsigned()]);
    assert_eq!(told(&mut seen, vec![usual()]), [[""; 0]]);
    let codes = told(&mut seen, vec![unsigned()]);
    assert!(codes.iter().flatten().all(|code| *code != "replayed"), "{codes:?}");
}

#[test]
fn a_file_is_created_appended_to_and_read_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seen.jsonl");
    let mut first = opened(Some(&path));
    assert_eq!(fs::read_to_string(&path).unwrap(), HEADER);
    assert_eq!(told(&mut first, vec![usual()]), [[""; 0]]);
    let once = fs::read_to_string(&path).unwrap();
    let record: serde_json::Value = serde_json::from_str(once.lines().last().unwrap()).unwrap();
    let report = usual();
    assert_eq!(record["id"].as_str(), report.assertion_id());
    assert_eq!(record["issuer"], crate::support::response::ISSUER);
    assert_eq!(record["origin"], report.parts().origin);
    assert_eq!(record["judged_at"], "2026-01-15T10:01:00Z");
    assert_eq!(record["recorded_at"], CLOCK);

    let mut second = opened(Some(&path));
    assert_eq!(told(&mut second, vec![usual()]), [["replayed"]]);
    assert_eq!(fs::read_to_string(&path).unwrap(), once, "the first time is what counts");
    assert_eq!(told(&mut second, vec![another("_b")]), [[""; 0]]);
    let twice = fs::read_to_string(&path).unwrap();
    assert!(twice.starts_with(&once) && twice.lines().count() == 3, "{twice}");
    // The first run is still there, and learns what the second one wrote.
    assert_eq!(told(&mut first, vec![another("_b")]), [["replayed"]]);
    assert_eq!(fs::read_to_string(&path).unwrap(), twice);
}

#[test]
fn an_empty_file_is_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seen.jsonl");
    fs::write(&path, "").unwrap();
    assert_eq!(told(&mut opened(Some(&path)), vec![usual()]), [[""; 0]]);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
}

#[test]
fn a_damaged_file_is_an_error_with_its_line_and_stays_as_it_is() {
    let good = "{\"id\":\"_a\",\"issuer\":\"i\",\"origin\":\"o\",\"judged_at\":\"2026-01-15T10:01:00Z\",\
                \"recorded_at\":\"2026-01-15T10:01:00Z\"}\n";
    let after = |line: &str| format!("{HEADER}{good}{line}").into_bytes();
    for (content, says) in [
        (b"<samlp:Response/>\n".to_vec(), "line 1: it is not {\"format\":"),
        (HEADER.trim_end().as_bytes().to_vec(), "line 1: it has no line feed at its end"),
        (HEADER.replace('1', "2").into_bytes(), "line 1: version 2 of the format is not known"),
        (after(good.trim_end()), "line 3: it has no line feed at its end, so it was cut off"),
        (after("{\"id\":\"_b\"\n"), "line 3: it is no JSON object with id, issuer,"),
        (after(&good.replace("\"issuer\":\"i\",", "")), "line 3: it is no JSON object"),
        (after(&good.replace("{\"id", "{\"more\":1,\"id")), "line 3: it is no JSON object"),
        (after("\n"), "line 3: it is no JSON object"),
        ([after(""), b"\xff\n".to_vec()].concat(), "line 3: it is no JSON object"),
        (after(&good.replacen("2026-01", "2026-13", 1)), "line 3: its judged_at is no time: "),
    ] {
        let error = refused(&content);
        assert!(error.starts_with(says), "{error}");
        assert!(error.contains("correct it, remove that line, or name another file"), "{error}");
    }
}

#[test]
fn a_file_that_became_shorter_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seen.jsonl");
    let mut seen = opened(Some(&path));
    told(&mut seen, vec![usual()]);
    fs::write(&path, HEADER).unwrap();
    let error = seen.tell(&mut [another("_b")]).unwrap_err();
    assert!(error.contains("cannot be read: it has become shorter meanwhile"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), HEADER);
}

#[test]
fn a_file_has_a_limit_when_it_is_read_and_when_it_grows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seen.jsonl");
    let fits = HEADER.len();
    let mut file = SeenFile::limited(&path, fits).unwrap();
    file.lock().unwrap().append(&[]).unwrap();
    assert_eq!(file.lock().unwrap().news().unwrap(), []);
    let error = file.lock().unwrap().append(&[b"{}\n".to_vec()]).unwrap_err();
    assert!(error.contains(&format!("more than {fits} bytes (seen_bytes)")), "{error}");
    let mut smaller = SeenFile::limited(&path, fits - 1).unwrap();
    let error = smaller.lock().unwrap().news().unwrap_err();
    assert!(error.contains("(seen_bytes); keep it and name a new file"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), HEADER);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("no/such/folder");
    for (path, says) in [(folder.path(), "cannot be opened"), (&absent, "cannot be opened")] {
        let error = Seen::open(Some(path), CLOCK.parse().unwrap()).err().expect("an error");
        assert!(error.contains(says) && error.contains("check the path"), "{error}");
    }
    if cfg!(target_os = "linux") {
        let error = Seen::open(Some("/dev/null".as_ref()), CLOCK.parse().unwrap()).err();
        assert!(error.expect("an error").contains("is no regular file"));
    }
}
