//! One verification by libxmlsec1: what it may use, the key it gets, what it concludes.
//!
//! xmldsig-core1 §3.2. Two things are closed to it: `KeyInfo`, and every algorithm but those of the vetted signature.
#![expect(unsafe_code, reason = "libxmlsec1 is a C library")]

use std::cell::RefCell;
use std::ffi::{CString, c_int};
use std::ptr::{NonNull, null_mut};

use openssl::pkey::{PKeyRef, Public};
use xmlsec::bindings as x;

use super::library::take_messages;
use super::tree::{Node, octets};
use crate::crypto::engine::EngineError;

/// OpenSSL's `EVP_PKEY`, which is only passed on.
#[repr(C)]
struct EvpPkey {
    opaque: [u8; 0],
}

// Missing from the generated bindings: <openssl/evp.h>, <xmlsec/openssl/evp.h>.
// SAFETY: the declarations repeat those of the headers.
unsafe extern "C" {
    fn EVP_PKEY_up_ref(key: *mut EvpPkey) -> c_int;
    fn EVP_PKEY_free(key: *mut EvpPkey);
    fn xmlSecOpenSSLEvpKeyAdopt(key: *mut EvpPkey) -> x::xmlSecKeyDataPtr;
}

/// What libxmlsec1 concluded.
pub(super) struct Judgement {
    /// Whether it found the digest right.
    pub(super) reference_valid: bool,
    /// Whether it accepted the whole signature.
    pub(super) valid: bool,
    /// What it digested.
    pub(super) digested: Vec<u8>,
}

/// One verification by libxmlsec1 with one key.
pub(super) struct Context(NonNull<x::xmlSecDSigCtx>);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made by `xmlSecDSigCtxCreate`, freed only here, together with the key that it was given.
        unsafe { x::xmlSecDSigCtxDestroy(self.0.as_ptr()) };
    }
}

impl Context {
    /// The algorithms are those that were vetted in this very signature; any other that libxmlsec1 meets is its
    /// error.
    pub(super) fn new(
        key: &PKeyRef<Public>,
        in_signed_info: &[&'static str],
        in_reference: &[&'static str],
    ) -> Result<Self, EngineError> {
        // SAFETY: no keys manager, so that `KeyInfo` has nothing to look a key up with; NULL is handled.
        let context = NonNull::new(unsafe { x::xmlSecDSigCtxCreate(null_mut()) })
            .map(Self)
            .ok_or_else(|| EngineError::Engine(take_messages()))?;
        let raw = context.0.as_ptr();
        // SAFETY: the context is valid and owns the key from here on. With `signKey` set libxmlsec1 does not read `KeyInfo`;
        // if it did, it would find every indirection forbidden and no kind of key data but a name allowed.
        let limited = unsafe {
            (*raw).flags = x::XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS
                | x::XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
            (*raw).enabledReferenceUris =
                x::xmlSecTransformUriTypeEmpty | x::xmlSecTransformUriTypeSameDocument;
            (*raw).keyInfoReadCtx.maxRetrievalMethodLevel = 0;
            (*raw).keyInfoReadCtx.maxEncryptedKeyLevel = 0;
            (*raw).signKey = adopt(key)?;
            let name_only = x::xmlSecKeyDataNameGetKlass().cast_mut().cast();
            x::xmlSecPtrListAdd(&raw mut (*raw).keyInfoReadCtx.enabledKeyData, name_only)
        };
        context.require(limited)?;
        for uri in in_signed_info {
            let transform = transform(uri)?;
            // SAFETY: the context is valid, the transform is a static description.
            context.require(unsafe { x::xmlSecDSigCtxEnableSignatureTransform(raw, transform) })?;
        }
        for uri in in_reference {
            let transform = transform(uri)?;
            // SAFETY: as above.
            context.require(unsafe { x::xmlSecDSigCtxEnableReferenceTransform(raw, transform) })?;
        }
        Ok(context)
    }

    fn require(&self, code: c_int) -> Result<(), EngineError> {
        if code < 0 { Err(EngineError::Engine(take_messages())) } else { Ok(()) }
    }

    /// Runs once: a context keeps what it concluded.
    ///
    /// A value that is not `judgeable`, because a key of another curve made it, is libxmlsec1's error; by then it has judged the
    /// reference, and has not accepted the signature.
    pub(super) fn verify(
        self,
        signature: Node<'_>,
        judgeable: bool,
    ) -> Result<Judgement, EngineError> {
        let raw = self.0.as_ptr();
        // SAFETY: context and node are valid; libxmlsec1 may change the tree's register of identifiers, nothing else
        // of it.
        let code = unsafe { x::xmlSecDSigCtxVerify(raw, signature.pointer) };
        let messages = take_messages();
        if code < 0 && messages.contains("C14N") {
            return Err(EngineError::Canonicalization(messages));
        }
        if code < 0 && judgeable {
            return Err(EngineError::Engine(messages));
        }
        // SAFETY: the list belongs to the context, holds reference contexts only and is asked only for what it has.
        unsafe {
            let list = &raw mut (*raw).signedInfoReferences;
            if x::xmlSecPtrListGetSize(list) != 1 {
                return Err(EngineError::Structure("there is not exactly one Reference"));
            }
            let reference: x::xmlSecDSigReferenceCtxPtr = x::xmlSecPtrListGetItem(list, 0).cast();
            Ok(Judgement {
                reference_valid: (*reference).status
                    == x::xmlSecDSigStatus_xmlSecDSigStatusSucceeded,
                valid: (*raw).status == x::xmlSecDSigStatus_xmlSecDSigStatusSucceeded,
                digested: octets(x::xmlSecDSigReferenceCtxGetPreDigestBuffer(reference)),
            })
        }
    }
}

/// OpenSSL's key as a key of libxmlsec1, for the caller to free.
///
/// Choice: the key is shared, not written as DER and loaded again, which costs OpenSSL 3 two milliseconds. Both libraries
/// must therefore use one libcrypto, as they do unless the `openssl` crate is built with its own copy.
fn adopt(key: &PKeyRef<Public>) -> Result<x::xmlSecKeyPtr, EngineError> {
    let pointer: *mut EvpPkey = std::ptr::from_ref(key).cast_mut().cast();
    // SAFETY: a `PKeyRef` is OpenSSL's key seen through a reference, so that their addresses are the same; the count of its
    // users, the only thing changed, is atomic. What is created is owned by what it is put into, or freed here.
    unsafe {
        if EVP_PKEY_up_ref(pointer) != 1 {
            return Err(EngineError::Key(take_messages()));
        }
        let data = xmlSecOpenSSLEvpKeyAdopt(pointer);
        if data.is_null() {
            EVP_PKEY_free(pointer);
            return Err(EngineError::Key(take_messages()));
        }
        let adopted = x::xmlSecKeyCreate();
        if adopted.is_null() || x::xmlSecKeySetValue(adopted, data) < 0 {
            x::xmlSecKeyDataDestroy(data);
            if !adopted.is_null() {
                x::xmlSecKeyDestroy(adopted);
            }
            return Err(EngineError::Key(take_messages()));
        }
        Ok(adopted)
    }
}

thread_local! {
    /// The descriptions that were asked for, which libxmlsec1 finds by comparing one text after the other.
    static FOUND: RefCell<Vec<(&'static str, x::xmlSecTransformId)>> = const { RefCell::new(Vec::new()) };
}

/// libxmlsec1's description of an algorithm.
fn transform(uri: &'static str) -> Result<x::xmlSecTransformId, EngineError> {
    let unsupported = EngineError::Unsupported { engine: "libxmlsec1", algorithm: uri };
    let known = FOUND.with_borrow(|found| {
        let known = found.iter().find(|(other, _)| *other == uri);
        known.map(|(_, transform)| *transform)
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let Ok(href) = CString::new(uri) else { return Err(unsupported) };
    // SAFETY: the libraries are started, so that their list is filled and no longer changes; the string is only read.
    let found = unsafe {
        let all = x::xmlSecTransformIdsGet();
        x::xmlSecTransformIdListFindByHref(all, href.as_ptr().cast(), x::xmlSecTransformUsageAny)
    };
    if found.is_null() {
        return Err(unsupported);
    }
    // As many as there are algorithms, each a constant of this program.
    FOUND.with_borrow_mut(|all| all.push((uri, found)));
    Ok(found)
}
