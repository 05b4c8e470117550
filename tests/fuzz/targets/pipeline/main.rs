//! Whatever is accepted says what the toy identity provider signed, and nothing else: the whole validation, forged against.
//!
//! The first byte chooses how a message is made from the others:
//!
//! | byte | message |
//! | --- | --- |
//! | `r` | the bytes as they are, wrappings and all; the seeds are the samples, signed for real |
//! | `m` | a signed seed, taken apart and put together again by the edits of `forge.rs` |
//! | anything else | a message of the toy's with hostile values, signed by the right key |

#![no_main]

#[path = "../../../support/mod.rs"]
mod support;

mod forge;
mod oracle;
mod values;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

use oracle::Oracle;

thread_local! {
    static ORACLE: Oracle = Oracle::new();
}

fuzz_target!(|data: &[u8]| {
    ORACLE.with(|oracle| match data.split_first() {
        Some((b'r', bytes)) => oracle.as_given(bytes),
        Some((b'm', choices)) => drop(forged(oracle, &mut Unstructured::new(choices))),
        Some((_, choices)) => drop(signed(oracle, &mut Unstructured::new(choices))),
        None => {}
    });
});

/// A signed message that was tampered with.
fn forged(oracle: &Oracle, choices: &mut Unstructured<'_>) -> Result<()> {
    let seed = choices.choose(&oracle.seeds)?;
    let xml = forge::tampered(&seed.xml, choices)?;
    oracle.only(&seed.truth, &xml);
    Ok(())
}

/// A message that says what the bytes choose, signed by the configured key.
fn signed(oracle: &Oracle, choices: &mut Unstructured<'_>) -> Result<()> {
    let message = values::response(choices)?;
    oracle.only(&oracle::Truth::of(&message), &message.xml());
    Ok(())
}
