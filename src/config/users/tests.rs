use IdentityType::{FederationId, UserId, Username};

use super::*;

const USERS: &str = "\
Name,Username,FederationIdentifier,Id,IsActive
Jane Doe,jane.doe@acme.example,JDoe@acme.example,005000000000001AAA,true
John Roe,john.roe@acme.example.uat,jroe,005000000000002AAA,0
Ann Poe,ann.poe@acme.example,,005000000000003,1
";

fn users(csv: &str) -> Users {
    Users::parse(csv.as_bytes(), Path::new("users.csv")).unwrap()
}

fn error(csv: &[u8]) -> String {
    Users::parse(csv, Path::new("conf/users.csv")).unwrap_err().to_string()
}

fn candidates(subject: &str, identity_type: IdentityType) -> Vec<(String, Near)> {
    match users(USERS).map(subject, identity_type, true) {
        Mapping::Unknown { candidates } => {
            candidates.iter().map(|c| (format!("{}={}", c.column, c.value), c.because)).collect()
        }
        Mapping::Mapped(_) | Mapping::Inactive(_) | Mapping::Ambiguous(_) => panic!("{subject}"),
    }
}

fn line(mapping: &Mapping<'_>) -> usize {
    match mapping {
        Mapping::Mapped(user) => user.line,
        Mapping::Inactive(_) | Mapping::Ambiguous(_) | Mapping::Unknown { .. } => 0,
    }
}

#[test]
fn columns_may_stand_in_any_order_case_and_company() {
    let found = users("isactive,X, id ,USERNAME\nFALSE,x,005000000000001,a@b.example\n");
    assert!(found.has(Username) && found.has(UserId) && !found.has(FederationId));
    assert_eq!(found.len(), 1);
    assert!(
        matches!(found.map("a@b.example", Username, true), Mapping::Inactive(u) if u.line == 2)
    );
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_part_of_the_values() {
    let found = users("\u{FEFF}Username,Id\r\na@b.example,1\r\n");
    assert_eq!(line(&found.map("a@b.example", Username, true)), 2);
    assert_eq!(found.users[0].id.as_deref(), Some("1"));
}

#[test]
fn lines_are_counted_across_crlf_blank_lines_and_quoted_line_ends() {
    let csv = b"Username,Id\r\n\r\na,1\r\n\"b\r\nb\",2\r\n\r\nc,3\r\n";
    let found = Users::parse(csv, Path::new("users.csv")).unwrap();
    let lines: Vec<usize> = found.users.iter().map(|user| user.line).collect();
    assert_eq!(lines, [3, 4, 7]);
}

#[test]
fn users_without_the_active_column_or_cell_are_active() {
    assert_eq!(line(&users("Username\na@b\n").map("a@b", Username, true)), 2);
    assert_eq!(line(&users("Username,IsActive\na@b,\n").map("a@b", Username, true)), 2);
}

#[test]
fn errors_name_the_file_the_line_and_the_remedy() {
    assert_eq!(
        error(b"Username,IsActive\na,true\nb,maybe\n"),
        "conf/users.csv:3: `IsActive` cannot be `maybe`; it is true or false, or 1 or 0"
    );
    assert_eq!(
        error(b"Username,Id\na,1\nb\n"),
        "conf/users.csv:3: 1 columns where the header has 2; \
         put values that contain a comma in double quotes"
    );
    assert_eq!(
        error(b"Username,Id\na,1\n\xFF,2\n"),
        "conf/users.csv:3: the text is not UTF-8; save the file as CSV UTF-8"
    );
    assert_eq!(
        error(b"Username;Id\na;1\n"),
        "conf/users.csv:1: no column identifies a user: the header is `Username;Id`; \
         name at least one column `Username`, `FederationIdentifier` or `Id`, and separate columns by commas"
    );
    assert_eq!(
        error(b"Username,username\na,b\n"),
        "conf/users.csv:1: there are two columns `Username`; keep one of them"
    );
    assert!(error(b"").starts_with("conf/users.csv:1: no column identifies a user"));
}

#[test]
fn usernames_are_compared_without_case() {
    let found = users("Username\nJane@acme.example\nÉve@acme.example\n");
    assert_eq!(line(&found.map("jane@ACME.example", Username, true)), 2);
    assert_eq!(line(&found.map("éve@acme.example", Username, true)), 3);
    assert_eq!(line(&found.map("E\u{301}ve@acme.example", Username, true)), 0);
}

#[test]
fn the_kelvin_sign_is_no_k() {
    let found = users("Username\nkim@acme.example\n");
    assert_eq!(line(&found.map("KIM@acme.example", Username, true)), 2);
    assert_eq!(line(&found.map("\u{212A}im@acme.example", Username, true)), 0);
}

#[test]
fn federation_ids_are_compared_with_case_unless_switched_off() {
    let found = users(USERS);
    assert_eq!(line(&found.map("JDoe@acme.example", FederationId, true)), 2);
    assert_eq!(line(&found.map("jdoe@acme.example", FederationId, true)), 0);
    assert_eq!(line(&found.map("jdoe@acme.example", FederationId, false)), 2);
}

#[test]
fn user_ids_are_compared_on_their_first_15_characters() {
    let found = users(USERS);
    assert_eq!(line(&found.map("005000000000001", UserId, true)), 2);
    assert_eq!(line(&found.map("005000000000003AAA", UserId, true)), 4);
    let found = users("Id\n00500000000abcD\n");
    assert_eq!(line(&found.map("00500000000ABCD", UserId, true)), 0);
    assert_eq!(line(&found.map("00500000000abcD-and-more", UserId, true)), 0);
}

#[test]
fn an_inactive_user_is_found_and_named() {
    let found = users(USERS);
    let mapping = found.map("jroe", FederationId, true);
    assert!(matches!(mapping, Mapping::Inactive(user) if user.line == 3));
}

#[test]
fn two_users_of_one_name_are_ambiguous_even_when_one_is_inactive() {
    let found = users("FederationIdentifier,IsActive\na,true\na,false\n");
    let mapping = found.map("a", FederationId, true);
    assert!(matches!(mapping, Mapping::Ambiguous(users) if users.len() == 2));
}

#[test]
fn a_blank_value_identifies_nobody() {
    let found = users(USERS);
    let nobody = Mapping::Unknown { candidates: Vec::new() };
    assert_eq!(found.map("", FederationId, true), nobody);
    assert_eq!(found.map(" \n", FederationId, true), nobody);
    assert_eq!(found.map("null", FederationId, true), Mapping::Unknown { candidates: Vec::new() });
}

#[test]
fn a_case_difference_is_the_nearest_candidate() {
    let expected = ("FederationIdentifier=JDoe@acme.example".to_owned(), Near::Case);
    assert_eq!(candidates("jdoe@acme.example", FederationId)[0], expected);
}

#[test]
fn whitespace_at_an_end_is_pointed_out() {
    for subject in
        [" jane.doe@acme.example", "jane.doe@acme.example\u{A0}", "jane.doe@acme.example\u{200B}"]
    {
        let expected = ("Username=jane.doe@acme.example".to_owned(), Near::Whitespace);
        assert_eq!(candidates(subject, Username)[0], expected);
    }
}

#[test]
fn a_sandbox_suffix_is_recognised_on_either_side() {
    let expected = ("Username=john.roe@acme.example.uat".to_owned(), Near::SandboxSuffix);
    assert_eq!(candidates("john.roe@acme.example", Username)[0], expected);
    let expected = ("Username=jane.doe@acme.example".to_owned(), Near::SandboxSuffix);
    assert_eq!(candidates("Jane.Doe@acme.example.dev1", Username)[0], expected);
}

#[test]
fn the_value_of_another_column_shows_the_wrong_identity_type() {
    let expected = ("Username=jane.doe@acme.example".to_owned(), Near::OtherColumn);
    assert_eq!(candidates("jane.doe@acme.example", FederationId), [expected]);
    let expected = ("Id=005000000000003".to_owned(), Near::OtherColumn);
    assert_eq!(candidates("005000000000003AAA", Username), [expected]);
}

#[test]
fn a_slip_of_the_pen_is_found_by_edit_distance() {
    let expected = ("Username=jane.doe@acme.example".to_owned(), Near::EditDistance(2));
    assert_eq!(candidates("jnae.doe@acme.example", Username), [expected]);
    assert_eq!(candidates("someone.else@other.example", Username), []);
}

#[test]
fn short_values_are_not_near_to_each_other() {
    let found = users("FederationIdentifier\nabc\n");
    let nobody = Mapping::Unknown { candidates: Vec::new() };
    assert_eq!(found.map("xyz", FederationId, true), nobody);
}

#[test]
fn at_most_three_candidates_are_named_the_likeliest_first() {
    let found =
        users("FederationIdentifier\njanedoe1\njanedoe2\njanedoe3\njanedoe12\nJANEDOE\njanedoe \n");
    let Mapping::Unknown { candidates } = found.map("janedoe", FederationId, true) else {
        panic!("janedoe is unknown");
    };
    let because: Vec<Near> = candidates.iter().map(|c| c.because).collect();
    assert_eq!(because, [Near::Case, Near::Whitespace, Near::EditDistance(1)]);
    assert_eq!(candidates[2].value, "janedoe1");
}

#[test]
fn a_huge_subject_is_not_read_again_for_every_user() {
    let users = users(&format!("Username\n{}", "jane.doe@acme.example\n".repeat(3_000)));
    let nobody = Mapping::Unknown { candidates: Vec::new() };
    for subject in [
        "jane.doe@acme.example".repeat(500_000),
        format!("jane.doe@acme.example.{}", "a".repeat(10_000_000)),
    ] {
        for identity_type in [Username, FederationId, UserId] {
            assert_eq!(users.map(&subject, identity_type, false), nobody);
        }
    }
}

#[test]
fn a_hundred_thousand_users_are_searched_in_one_pass() {
    let mut csv = "Username,FederationIdentifier,Id\n".to_owned();
    for n in 0..100_000 {
        csv += &format!("user{n:06}@acme.example,fed{n:06},005{n:012}\n");
    }
    let found = users(&csv);
    assert_eq!(line(&found.map("user099999@acme.example", Username, true)), 100_001);
    let Mapping::Unknown { candidates } = found.map("usr099999@acme.example", Username, true)
    else {
        panic!("usr099999 is unknown");
    };
    assert_eq!(candidates[0].value, "user099999@acme.example");
    assert_eq!(candidates[0].because, Near::EditDistance(1));
}
