//! The two C libraries as a whole: starting them, silencing them, hearing what they complain about.
//!
//! The recipe was measured against libxmlsec1 1.2.37 and libxml2 2.9.14. They are never shut down: they live as long
//! as the process.
#![expect(unsafe_code, reason = "libxml2 and libxmlsec1 are C libraries")]

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;

use openssl::error::ErrorStack;
use xmlsec::bindings as x;

use crate::crypto::engine::EngineError;

/// The versions of the two libraries: libxmlsec1's is that of its headers (it has no other, and the start refuses a
/// library that is not compatible), libxml2's that of the library loaded.
pub fn versions() -> Vec<(&'static str, String)> {
    let built = CStr::from_bytes_with_nul(x::XMLSEC_VERSION).unwrap_or_default();
    // SAFETY: the function returns the address of a variable that holds a static, NUL-terminated string.
    let loaded = readable(unsafe { string(*x::__xmlParserVersion()) });
    vec![("libxmlsec1", readable(built)), ("libxml2", dotted(&loaded))]
}

/// libxml2 says `20914`, perhaps with more behind it, for 2.9.14.
fn dotted(version: &str) -> String {
    let digits = version.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse::<u32>().map_or_else(
        |_| version.to_owned(),
        |n| format!("{}.{}.{}", n / 10_000, n / 100 % 100, n % 100),
    )
}

// Missing from the generated bindings: <xmlsec/errors.h>, <xmlsec/io.h>.
type ErrorsCallback = unsafe extern "C" fn(
    *const c_char,
    c_int,
    *const c_char,
    *const c_char,
    *const c_char,
    c_int,
    *const c_char,
);
// SAFETY: the declarations repeat those of the headers, whose types the bindings generated.
unsafe extern "C" {
    fn xmlSecErrorsSetCallback(callback: Option<ErrorsCallback>);
    fn xmlSecIOCleanupCallbacks();
}

/// Starts the libraries once, and silences libxml2 on this thread (its handler is per thread, libxmlsec1's is
/// global).
pub(super) fn initialise() -> Result<(), EngineError> {
    static STARTED: OnceLock<bool> = OnceLock::new();
    let started = *STARTED.get_or_init(|| {
        let version =
            [x::XMLSEC_VERSION_MAJOR, x::XMLSEC_VERSION_MINOR, x::XMLSEC_VERSION_SUBMINOR];
        let [Ok(major), Ok(minor), Ok(subminor)] = version.map(c_int::try_from) else {
            return false;
        };
        let mode = x::xmlSecCheckVersionMode_xmlSecCheckVersionABICompatible;
        // SAFETY: called once and before any other use of the libraries, in the order that their manuals prescribe.
        // `xmlSecIOCleanupCallbacks` takes away every way to open a file or URL; nothing here puts one back.
        unsafe {
            x::xmlInitParser();
            xmlSecErrorsSetCallback(Some(on_xmlsec_error));
            let started = x::xmlSecInit() >= 0
                && x::xmlSecCheckVersionExt(major, minor, subminor, mode) == 1
                && x::xmlSecOpenSSLInit() >= 0;
            xmlSecErrorsSetCallback(Some(on_xmlsec_error));
            xmlSecIOCleanupCallbacks();
            started
        }
    });
    if !started {
        return Err(EngineError::Engine(format!("libxmlsec1 does not start: {}", take_messages())));
    }
    // SAFETY: the handler is a function of this program and ignores both of its arguments; the record is this
    // thread's.
    unsafe {
        x::xmlSetStructuredErrorFunc(null_mut(), Some(on_libxml2_error));
        x::xmlResetLastError();
    }
    take_messages();
    Ok(())
}

thread_local! {
    /// What libxmlsec1 complained about on this thread, the innermost cause first.
    static MESSAGES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The first messages since the last call; the rest only repeats them from further out. Empties OpenSSL's queue, too.
pub(super) fn take_messages() -> String {
    drop(ErrorStack::get());
    MESSAGES.with_borrow_mut(std::mem::take).join("; ")
}

unsafe extern "C" fn on_xmlsec_error(
    _file: *const c_char,
    _line: c_int,
    function: *const c_char,
    _object: *const c_char,
    _subject: *const c_char,
    _reason: c_int,
    message: *const c_char,
) {
    // Nothing may unwind into C: during a thread's end the list may be gone, and then the message is, too.
    let _gone = MESSAGES.try_with(|messages| {
        if let Ok(mut messages) = messages.try_borrow_mut().map_err(drop)
            && messages.len() < 2
        {
            // SAFETY: libxmlsec1 passes NULL or a NUL-terminated string that lives as long as this call.
            let (function, message) = unsafe { (string(function), string(message)) };
            messages.push(format!("{}: {}", readable(function), readable(message)));
        }
    });
}

/// Generic, because the error is a pointer to mutable or to constant data, depending on libxml2's version.
unsafe extern "C" fn on_libxml2_error<E>(_context: *mut c_void, _error: E) {}

/// The last thing libxml2 complained about on this thread.
pub(super) fn libxml2_message() -> String {
    // SAFETY: returns NULL or this thread's own record, which nobody else changes.
    let message = unsafe { x::xmlGetLastError().as_ref().map_or(c"", |e| string(e.message)) };
    readable(message)
}

/// # Safety
/// The pointer is NULL, which reads as empty, or leads to a NUL-terminated string that lives for `'s`.
pub(super) unsafe fn string<'s>(pointer: *const c_char) -> &'s CStr {
    // SAFETY: not NULL, and a string by this function's own condition.
    if pointer.is_null() { c"" } else { unsafe { CStr::from_ptr(pointer) } }
}

/// Messages may quote the document and be cut in the middle of a character.
pub(super) fn readable(message: &CStr) -> String {
    let trimmed = message.to_bytes().trim_ascii();
    str::from_utf8(trimmed).map_or_else(|_| trimmed.escape_ascii().to_string(), str::to_owned)
}
