//! The users that an unknown Subject may have meant, by the mistakes that people make (platform §6).

use super::{User, lower, same_but_for_case};
use crate::config::IdentityType;
use crate::config::endpoint::same_id;

/// As many candidates as a reader can compare at a glance. Choice.
const MOST: usize = 3;
/// Edits beyond which two values are no longer the same one mistyped. Choice.
const MOST_EDITS: usize = 3;
/// Characters beyond which a Subject is not compared by edits, as that takes quadratic time. Choice: a Username has at
/// most 80, a Federation ID at most 512; nobody mistypes the longer ones.
const LONGEST_EDITED: usize = 128;

/// Characters that the name of a sandbox has at most; the platform's limit.
const LONGEST_SANDBOX: usize = 10;

/// A user whom an unknown Subject may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest<'u> {
    /// The user.
    pub user: &'u User,
    /// The column that holds the value, by its name in the file.
    pub column: &'static str,
    /// The value that is near to the Subject.
    pub value: &'u str,
    /// What keeps it from being the Subject.
    pub because: Near,
}

/// What keeps a value from being the Subject, the likeliest mistake first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Near {
    /// Upper and lower case.
    Case,
    /// Whitespace, or a character that cannot be seen, at an end.
    Whitespace,
    /// The suffix that usernames have in a sandbox, here or there.
    SandboxSuffix,
    /// It is the value of another column: the identity type is wrong.
    OtherColumn,
    /// This number of characters.
    EditDistance(usize),
}

/// The nearest users, at most [`MOST`], the likeliest first and otherwise in the order of the file.
pub(super) fn nearest<'u>(
    users: &'u [User],
    subject: &str,
    identity_type: IdentityType,
) -> Vec<Nearest<'u>> {
    let mut candidates: Vec<Nearest<'u>> = Vec::with_capacity(MOST + 1);
    let subject = Subject::new(subject);
    if subject.trimmed.is_empty() {
        return candidates;
    }
    for user in users {
        let Some((column, value, because)) = near(user, &subject, identity_type) else {
            continue;
        };
        // The place behind all that are at least as near, so that equals keep the order of the file.
        let place = candidates.partition_point(|candidate| candidate.because <= because);
        if place < MOST {
            let column = column.column();
            candidates.insert(place, Nearest { user, column, value, because });
            candidates.truncate(MOST);
        }
    }
    candidates
}

/// The Subject with what is worth calculating only once.
struct Subject<'s> {
    value: &'s str,
    trimmed: &'s str,
    /// Folded characters, unless there are too many to compare by edits.
    characters: Option<Vec<char>>,
    letters: u64,
}

impl<'s> Subject<'s> {
    fn new(value: &'s str) -> Self {
        let characters = fold(value);
        let letters = letters(&characters);
        let characters = (characters.len() <= LONGEST_EDITED).then_some(characters);
        Self { value, trimmed: trim(value), characters, letters }
    }
}

fn near<'u>(
    user: &'u User,
    subject: &Subject<'_>,
    identity_type: IdentityType,
) -> Option<(IdentityType, &'u str, Near)> {
    let own = user.value(identity_type);
    let here = own.and_then(|value| {
        let near = if same_but_for_case(subject.value, value) {
            Near::Case
        } else if same_but_for_case(subject.trimmed, trim(value)) {
            Near::Whitespace
        } else if identity_type == IdentityType::Username && suffixed(subject.trimmed, value) {
            Near::SandboxSuffix
        } else {
            return None;
        };
        Some((identity_type, value, near))
    });
    here.or_else(|| in_other_column(user, subject.trimmed, identity_type)).or_else(|| {
        let value = own?;
        Some((identity_type, value, Near::EditDistance(edits(subject, value)?)))
    })
}

fn in_other_column<'u>(
    user: &'u User,
    subject: &str,
    identity_type: IdentityType,
) -> Option<(IdentityType, &'u str, Near)> {
    let columns = [IdentityType::Username, IdentityType::FederationId, IdentityType::UserId];
    columns.into_iter().filter(|column| *column != identity_type).find_map(|column| {
        let value = user.value(column)?;
        let same = match column {
            IdentityType::Username | IdentityType::FederationId => {
                same_but_for_case(subject, value)
            }
            IdentityType::UserId => same_id(subject, value),
        };
        same.then_some((column, value, Near::OtherColumn))
    })
}

/// Whether one username is the other with `.sandbox` behind it.
fn suffixed(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let Some((base, sandbox)) = long.split_at_checked(short.len()) else {
        return false;
    };
    let name = sandbox.strip_prefix('.').unwrap_or_default();
    (1..=LONGEST_SANDBOX).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
        && short.contains('@')
        && same_but_for_case(base, short)
}

/// The number of edits between the Subject and a value, when it is small enough for a slip.
fn edits(subject: &Subject<'_>, value: &str) -> Option<usize> {
    let characters = subject.characters.as_deref()?;
    // Cheap tests spare nearly every user the quadratic comparison: the lengths, the sets of letters (an edit changes at
    // most two members of the set). The rest is compared only between a common beginning and a common end.
    let most = MOST_EDITS.min(characters.len() / 4);
    let value = fold(value);
    let different = usize::try_from((letters(&value) ^ subject.letters).count_ones()).ok()?;
    if different > 2 * most || value.len().abs_diff(characters.len()) > most {
        return None;
    }
    let (a, b) = without_common_ends(characters, &value);
    let edits = strsim::generic_levenshtein(&a.to_vec(), &b.to_vec());
    (edits <= most).then_some(edits)
}

fn without_common_ends<'a>(a: &'a [char], b: &'a [char]) -> (&'a [char], &'a [char]) {
    let begin = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(begin..).unwrap_or_default(), b.get(begin..).unwrap_or_default());
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let cut = |part: &'a [char]| part.get(..part.len().saturating_sub(end)).unwrap_or_default();
    (cut(a), cut(b))
}

/// The first characters of a value in lower case, one more than can be compared, so that a hostile 30 MB Subject is
/// not folded to the end.
fn fold(value: &str) -> Vec<char> {
    let first = value.chars().take(LONGEST_EDITED + 1);
    if value.len() <= LONGEST_EDITED && value.is_ascii() {
        return first.map(|c| c.to_ascii_lowercase()).collect();
    }
    first.flat_map(lower).collect()
}

/// The set of characters, each at one of 64 places.
fn letters(characters: &[char]) -> u64 {
    characters.iter().fold(0, |set, c| set | 1 << (u32::from(*c) % 64))
}

/// Without whitespace and invisible characters at the ends. Only for suggestions: no check trims like this (security
/// rule 12).
fn trim(value: &str) -> &str {
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
    };
    value.trim_matches(invisible)
}
