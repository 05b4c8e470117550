//! The same document as libxml2 reads it (security rule 11: two parsers must not differ).

#![expect(unsafe_code, reason = "libxml2 is a C library")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::fmt::Write;
use std::ptr::{null, null_mut};
use std::sync::Once;

use samlcheck::xml::{Document, Element};
use xmlsec::bindings as x;

unsafe extern "C" fn silent<E>(_context: *mut c_void, _error: E) {}

/// # Panics
/// When libxml2 refuses the document, or finds other names, attributes or text in it.
pub(crate) fn agrees(document: &Document) {
    let text = document.text();
    let size = c_int::try_from(text.len()).unwrap();
    let options = x::xmlParserOption_XML_PARSE_NONET
        | x::xmlParserOption_XML_PARSE_NOERROR
        | x::xmlParserOption_XML_PARSE_NOWARNING
        | x::xmlParserOption_XML_PARSE_HUGE;
    static START: Once = Once::new();
    // SAFETY: the text lives through the call and is as long as it says; context and tree are freed once, here.
    unsafe {
        START.call_once(|| {
            x::xmlInitParser();
            x::xmlSetStructuredErrorFunc(null_mut(), Some(silent));
        });
        let context = x::xmlNewParserCtxt();
        let options = c_int::try_from(options).unwrap();
        let (start, encoding) = (text.as_ptr().cast(), c"UTF-8".as_ptr());
        let tree = x::xmlCtxtReadMemory(context, start, size, null(), encoding, options);
        let refused = tree.is_null() || (*context).wellFormed != 1 || (*context).nsWellFormed != 1;
        let message = string((*context).lastError.message);
        assert!(!refused, "libxml2 refuses {text:?}: {message}");
        assert_eq!(ours(document), theirs(tree), "{text:?}");
        x::xmlFreeDoc(tree);
        x::xmlFreeParserCtxt(context);
    }
}

fn ours(document: &Document) -> Vec<String> {
    document.elements().map(our_words).collect()
}

unsafe fn theirs(tree: x::xmlDocPtr) -> Vec<String> {
    let mut words = Vec::new();
    // SAFETY: the caller's tree is alive.
    unsafe {
        let mut node = x::xmlDocGetRootElement(tree);
        while !node.is_null() {
            if (*node).type_ == x::xmlElementType_XML_ELEMENT_NODE {
                words.push(their_words(node));
            }
            node = next(node);
        }
    }
    words
}

/// Name, attributes and direct text of an element, as we read it.
fn our_words(element: Element<'_>) -> String {
    let mut words = format!("{{{}}}{}", element.namespace(), element.local_name());
    for attribute in element.attributes() {
        let (namespace, name) = (attribute.namespace(), attribute.local_name());
        let _ = write!(words, " {{{namespace}}}{name}={:?}", attribute.value());
    }
    let _ = write!(words, " {:?}", element.text().value);
    words
}

/// The same words, as libxml2 reads it.
unsafe fn their_words(node: x::xmlNodePtr) -> String {
    // SAFETY: the caller's node is an element of a live tree, whose lists end with NULL.
    unsafe {
        let mut words = format!("{{{}}}{}", namespace((*node).ns), string((*node).name.cast()));
        let mut attribute = (*node).properties;
        while !attribute.is_null() {
            let name = string((*attribute).name.cast());
            let value = direct_text((*attribute).children);
            let _ = write!(words, " {{{}}}{name}={value:?}", namespace((*attribute).ns));
            attribute = (*attribute).next;
        }
        let _ = write!(words, " {:?}", direct_text((*node).children));
        words
    }
}

unsafe fn direct_text(mut node: x::xmlNodePtr) -> String {
    let mut text = String::new();
    // SAFETY: the caller's node is the first of a list in a live tree, or NULL.
    unsafe {
        while !node.is_null() {
            let kind = (*node).type_;
            if kind == x::xmlElementType_XML_TEXT_NODE
                || kind == x::xmlElementType_XML_CDATA_SECTION_NODE
            {
                text.push_str(string((*node).content.cast()));
            }
            node = (*node).next;
        }
    }
    text
}

/// The next node in document order, without recursion.
unsafe fn next(mut node: x::xmlNodePtr) -> x::xmlNodePtr {
    // SAFETY: the caller's node is of a live tree; a document, the last parent, begins like a node and has no `next`.
    unsafe {
        if (*node).type_ == x::xmlElementType_XML_ELEMENT_NODE && !(*node).children.is_null() {
            return (*node).children;
        }
        while !node.is_null() && (*node).type_ != x::xmlElementType_XML_DOCUMENT_NODE {
            if !(*node).next.is_null() {
                return (*node).next;
            }
            node = (*node).parent;
        }
        null_mut()
    }
}

unsafe fn namespace<'t>(namespace: *const x::xmlNs) -> &'t str {
    // SAFETY: NULL, or a namespace of a live tree.
    unsafe { namespace.as_ref().map_or("", |namespace| string(namespace.href.cast())) }
}

unsafe fn string<'t>(pointer: *const c_char) -> &'t str {
    if pointer.is_null() {
        return "";
    }
    // SAFETY: a NUL-terminated string of a live tree or context, in UTF-8.
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or("(not UTF-8)")
}
