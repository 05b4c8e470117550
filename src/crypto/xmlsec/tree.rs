//! A document as libxml2 reads it, and its canonical octets.
//!
//! xml-c14n, xml-c14n11, xml-exc-c14n. The tree is read through `Node`, which cannot outlive it.
#![expect(unsafe_code, reason = "libxml2 is a C library")]

use std::collections::HashSet;
use std::ffi::{CString, c_int, c_uchar, c_void};
use std::marker::PhantomData;
use std::ptr::{NonNull, null, null_mut};

use xmlsec::bindings as x;

use super::library::{libxml2_message, readable, string};
use crate::crypto::engine::{Canonicalization, EngineError};

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

// Missing from the generated bindings: <libxml/c14n.h>.
type IsVisible = unsafe extern "C" fn(*mut c_void, x::xmlNodePtr, x::xmlNodePtr) -> c_int;

// SAFETY: the declarations repeat those of the headers, whose types the bindings generated.
unsafe extern "C" {
    fn xmlC14NExecute(
        doc: x::xmlDocPtr,
        is_visible: Option<IsVisible>,
        user_data: *mut c_void,
        mode: c_int,
        inclusive_ns_prefixes: *mut *mut c_uchar,
        with_comments: c_int,
        buf: x::xmlOutputBufferPtr,
    ) -> c_int;
}

/// A document as libxml2 parsed it.
pub(super) struct Tree(NonNull<x::xmlDoc>);

impl Drop for Tree {
    fn drop(&mut self) {
        // SAFETY: the document is ours alone, and every `Node` borrows this `Tree`.
        unsafe { x::xmlFreeDoc(self.0.as_ptr()) };
    }
}

struct ParserContext(NonNull<x::xmlParserCtxt>);

impl Drop for ParserContext {
    fn drop(&mut self) {
        // SAFETY: made by `xmlNewParserCtxt`, freed only here; the document was taken out of it.
        unsafe { x::xmlFreeParserCtxt(self.0.as_ptr()) };
    }
}

/// A DOCTYPE is refused where it begins: nothing of it is read.
unsafe extern "C" fn on_doctype(
    context: *mut c_void,
    _name: *const c_uchar,
    _external: *const c_uchar,
    _system: *const c_uchar,
) {
    let context: x::xmlParserCtxtPtr = context.cast();
    // SAFETY: libxml2 passes the parser context, which `Tree::parse` left as its own user data.
    unsafe {
        (*context).wellFormed = 0;
        x::xmlStopParser(context);
    }
}

impl Tree {
    /// Choice: `XML_PARSE_HUGE` lifts libxml2's own bounds (10 MB of text, depth 256). Ours acted on the same text
    /// before (`Limits`: 32 MiB, depth 512, 256 attributes), and entities, for which those bounds were made, cannot
    /// be declared.
    pub(super) fn parse(source: &str) -> Result<Self, EngineError> {
        let size = c_int::try_from(source.len())
            .map_err(|_| EngineError::Parse("larger than 2 GiB".to_owned()))?;
        let options = x::xmlParserOption_XML_PARSE_NONET
            | x::xmlParserOption_XML_PARSE_NOERROR
            | x::xmlParserOption_XML_PARSE_NOWARNING
            | x::xmlParserOption_XML_PARSE_COMPACT
            | x::xmlParserOption_XML_PARSE_HUGE;
        let options = c_int::try_from(options).unwrap_or_default();
        // SAFETY: no arguments; NULL is handled.
        let context = NonNull::new(unsafe { x::xmlNewParserCtxt() })
            .map(ParserContext)
            .ok_or_else(|| EngineError::Engine("no parser context".to_owned()))?;
        let raw = context.0.as_ptr();
        // SAFETY: the context and its own table of handlers are valid; the text lives through the call, its length is
        // the one given, and the encoding is forced, so that a declaration in the text changes nothing.
        let tree = unsafe {
            (*(*raw).sax).internalSubset = Some(on_doctype);
            (*(*raw).sax).externalSubset = None;
            (*(*raw).sax).resolveEntity = None;
            let buffer = source.as_ptr().cast();
            x::xmlCtxtReadMemory(raw, buffer, size, null(), c"UTF-8".as_ptr(), options)
        };
        let tree = NonNull::new(tree).map(Self);
        // SAFETY: the context is valid until it is dropped, and so is its record of the last error.
        let (well_formed, message) = unsafe {
            let well_formed = (*raw).wellFormed == 1 && (*raw).nsWellFormed == 1;
            (well_formed, readable(string((*raw).lastError.message)))
        };
        // libxml2 returns a document even where namespaces are wrong.
        match tree {
            Some(tree) if well_formed => Ok(tree),
            Some(_) | None if message.is_empty() => {
                Err(EngineError::Parse("it is not well-formed, or has a DOCTYPE".to_owned()))
            }
            Some(_) | None => Err(EngineError::Parse(message)),
        }
    }

    pub(super) fn root(&self) -> Option<Node<'_>> {
        // SAFETY: the document is valid, and its root is a node of it, or NULL.
        unsafe { Node::new(x::xmlDocGetRootElement(self.0.as_ptr())) }
    }

    /// How many steps up the tree canonicalisation may take: at every node, attribute and namespace in scope, libxmlsec1
    /// climbs to the root to see whether it is signed. Counting ends soon after `limit`.
    pub(super) fn climbing_steps(&self, limit: usize) -> usize {
        let Some(root) = self.root() else { return 0 };
        let (mut node, mut depth, mut namespaces, mut steps) = (root, 1_usize, 0_usize, 0_usize);
        while steps <= limit {
            let declared = node.declarations();
            steps += depth * (1 + node.attributes().count() + namespaces + declared);
            if let Some(child) = node.first_child() {
                (node, depth, namespaces) = (child, depth + 1, namespaces + declared);
                continue;
            }
            while node.next().is_none() && node.pointer != root.pointer {
                let Some(parent) = node.parent() else { return steps };
                (node, depth) = (parent, depth - 1);
                namespaces -= node.declarations();
            }
            match node.next() {
                Some(next) if node.pointer != root.pointer => node = next,
                Some(_) | None => break,
            }
        }
        steps
    }

    /// The element with this ordinal, found by walking in document order without recursion.
    pub(super) fn element(&self, ordinal: usize) -> Option<Node<'_>> {
        self.root()?.subtree().filter(|node| node.is_element()).nth(ordinal)
    }

    /// The octets of an element by themselves.
    pub(super) fn canonicalize(
        &self,
        apex: Node<'_>,
        method: Canonicalization,
    ) -> Result<Vec<u8>, EngineError> {
        let prefixes = match method {
            Canonicalization::Exclusive { .. } => inclusive_namespaces(apex),
            Canonicalization::Inclusive10 { .. } | Canonicalization::Inclusive11 { .. } => {
                Vec::new()
            }
        };
        self.write(&apex.subtree().map(|node| node.pointer).collect(), method, &prefixes)
    }

    /// The octets of a set of nodes.
    pub(super) fn write(
        &self,
        visible: &Visible,
        method: Canonicalization,
        prefixes: &[CString],
    ) -> Result<Vec<u8>, EngineError> {
        let mode = match method {
            Canonicalization::Inclusive10 { .. } => 0,
            Canonicalization::Exclusive { .. } => 1,
            Canonicalization::Inclusive11 { .. } => 2,
        };
        let mut list: Vec<*mut c_uchar> =
            prefixes.iter().map(|prefix| prefix.as_ptr().cast_mut().cast()).collect();
        list.push(null_mut());
        let set = std::ptr::from_ref(visible).cast_mut().cast();
        let comments = c_int::from(method.comments());
        let buffer = Buffer::new()?;
        // SAFETY: document, buffer, set and NULL-terminated list live through the call, and closing frees the writer,
        // not the buffer. The list and the set behind their mutable pointers are only read: by libxml2, and by
        // `is_visible`.
        let (written, octets) = unsafe {
            let (doc, list) = (self.0.as_ptr(), list.as_mut_ptr());
            let writer = x::xmlSecBufferCreateOutputBuffer(buffer.0.as_ptr());
            let c14n = xmlC14NExecute(doc, Some(is_visible), set, mode, list, comments, writer);
            let closed = x::xmlOutputBufferClose(writer);
            (c14n.min(closed), octets(buffer.0.as_ptr()))
        };
        if written < 0 || octets.is_empty() {
            return Err(EngineError::Canonicalization(libxml2_message()));
        }
        Ok(octets)
    }
}

/// A node of a tree that is alive.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    pub(super) pointer: *mut x::xmlNode,
    tree: PhantomData<&'t Tree>,
}

impl<'t> Node<'t> {
    /// # Safety
    /// The pointer is NULL or leads to a node (never an attribute or a namespace) of a tree that lives for `'t`.
    unsafe fn new(pointer: *mut x::xmlNode) -> Option<Self> {
        (!pointer.is_null()).then_some(Self { pointer, tree: PhantomData })
    }

    fn raw(self) -> &'t x::xmlNode {
        // SAFETY: the pointer is valid as long as the tree, and no call runs while the reference is used. A document,
        // which may be a parent, begins with the same fields as a node and is longer.
        unsafe { &*self.pointer }
    }

    pub(super) fn is_element(self) -> bool {
        self.raw().type_ == x::xmlElementType_XML_ELEMENT_NODE
    }

    /// Whether this is an element with that expanded name.
    pub(super) fn is(self, namespace: &str, local_name: &str) -> bool {
        let raw = self.raw();
        // SAFETY: an element's `ns` is NULL or valid, and both are NUL-terminated strings of the tree.
        self.is_element()
            && unsafe {
                raw.ns
                    .as_ref()
                    .is_some_and(|ns| string(ns.href.cast()).to_bytes() == namespace.as_bytes())
                    && string(raw.name.cast()).to_bytes() == local_name.as_bytes()
            }
    }

    fn first_child(self) -> Option<Self> {
        // SAFETY: only elements are asked, and the children of an element are nodes of the same tree.
        if self.is_element() { unsafe { Self::new(self.raw().children) } } else { None }
    }

    fn next(self) -> Option<Self> {
        // SAFETY: siblings are nodes of the same tree.
        unsafe { Self::new(self.raw().next) }
    }

    fn parent(self) -> Option<Self> {
        // SAFETY: a parent is a node of the same tree, or the document, which begins like a node.
        unsafe { Self::new(self.raw().parent) }
    }

    pub(super) fn is_child_of(self, parent: Self) -> bool {
        self.raw().parent == parent.pointer
    }

    /// The child elements.
    pub(super) fn elements(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.first_child(), |node| node.next()).filter(|n| n.is_element())
    }

    /// The node and everything below it, in document order, without recursion.
    pub(super) fn subtree(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), move |node| {
            node.first_child().or_else(|| {
                let mut node = *node;
                while node.pointer != self.pointer {
                    if let Some(next) = node.next() {
                        return Some(next);
                    }
                    node = node.parent()?;
                }
                None
            })
        })
    }

    /// The element's text; `None` when there is anything else in it.
    pub(super) fn text(self) -> Option<String> {
        whole_text(self.first_child())
    }

    /// The value of an un-namespaced attribute.
    pub(super) fn attribute(self, name: &str) -> Option<String> {
        let found = self.raw_attribute(name)?;
        // SAFETY: an attribute's children are nodes of the same tree.
        whole_text(unsafe { Self::new((*found.as_ptr()).children) })
    }

    fn attributes(self) -> impl Iterator<Item = NonNull<x::xmlAttr>> {
        let first = if self.is_element() { self.raw().properties } else { null_mut() };
        // SAFETY: an element's attributes are a NULL-terminated list that lives as long as the tree.
        std::iter::successors(NonNull::new(first), |found| unsafe {
            NonNull::new((*found.as_ptr()).next)
        })
    }

    /// How many namespaces the element declares.
    fn declarations(self) -> usize {
        let first = if self.is_element() { self.raw().nsDef } else { null_mut() };
        // SAFETY: an element's declarations are a NULL-terminated list that lives as long as the tree.
        let list = std::iter::successors(NonNull::new(first), |found| unsafe {
            NonNull::new((*found.as_ptr()).next)
        });
        list.count()
    }

    fn raw_attribute(self, name: &str) -> Option<NonNull<x::xmlAttr>> {
        // SAFETY: an attribute of a live tree has a name, which is a NUL-terminated string.
        self.attributes().find(|found| unsafe {
            let found = found.as_ptr();
            (*found).ns.is_null() && string((*found).name.cast()).to_bytes() == name.as_bytes()
        })
    }

    /// Makes the `ID` attribute known as an identifier; false when another element has taken the same value.
    pub(super) fn register_id(self, id: &str) -> bool {
        let (Some(attribute), Ok(value)) = (self.raw_attribute("ID"), CString::new(id)) else {
            return false;
        };
        let (doc, value) = (self.raw().doc, value.as_ptr().cast());
        // SAFETY: attribute and document are of the same live tree, which owns the entry; the value is copied.
        unsafe { !x::xmlAddID(null_mut(), doc, value, attribute.as_ptr()).is_null() }
    }
}

/// The text of nodes that are nothing but text. A document without a DOCTYPE has no entity references to resolve.
fn whole_text(first: Option<Node<'_>>) -> Option<String> {
    let mut whole = String::new();
    for node in std::iter::successors(first, |node| node.next()) {
        let kind = node.raw().type_;
        if kind != x::xmlElementType_XML_TEXT_NODE
            && kind != x::xmlElementType_XML_CDATA_SECTION_NODE
        {
            return None;
        }
        // SAFETY: the content of such a node is NULL or a NUL-terminated string.
        whole.push_str(unsafe { string(node.raw().content.cast()) }.to_str().ok()?);
    }
    Some(whole)
}

/// The `PrefixList` of the exclusive canonicalisation of a `SignedInfo` (xml-exc-c14n §3).
fn inclusive_namespaces(signed_info: Node<'_>) -> Vec<CString> {
    let Some(method) = signed_info.elements().next() else { return Vec::new() };
    let list = method.elements().find(|node| node.is(EXCLUSIVE, "InclusiveNamespaces"));
    let prefixes = list.and_then(|node| node.attribute("PrefixList")).unwrap_or_default();
    prefixes.split_ascii_whitespace().filter_map(|prefix| CString::new(prefix).ok()).collect()
}

/// The nodes to write; attributes and namespaces belong to an element in it.
pub(super) type Visible = HashSet<*mut x::xmlNode>;

unsafe extern "C" fn is_visible(
    set: *mut c_void,
    node: x::xmlNodePtr,
    parent: x::xmlNodePtr,
) -> c_int {
    // SAFETY: `Tree::write` passes its own set, which outlives the call. Of the node only the kind is read, which stands at
    // the same place in every kind, namespaces included.
    let (set, kind): (&Visible, _) = unsafe { (&*set.cast(), (*node).type_) };
    let owned = kind == x::xmlElementType_XML_ATTRIBUTE_NODE
        || kind == x::xmlElementType_XML_NAMESPACE_DECL;
    c_int::from(set.contains(if owned { &parent } else { &node }))
}

struct Buffer(NonNull<x::xmlSecBuffer>);

impl Buffer {
    fn new() -> Result<Self, EngineError> {
        // SAFETY: no pointers are passed; NULL is handled.
        let buffer = NonNull::new(unsafe { x::xmlSecBufferCreate(0) });
        buffer.map(Self).ok_or_else(|| EngineError::Engine("no buffer".to_owned()))
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: made by `xmlSecBufferCreate`, freed only here.
        unsafe { x::xmlSecBufferDestroy(self.0.as_ptr()) };
    }
}

/// # Safety
/// The pointer is NULL or leads to a valid buffer.
pub(super) unsafe fn octets(buffer: x::xmlSecBufferPtr) -> Vec<u8> {
    // SAFETY: both functions take NULL, too; the data is as long as the size says, or NULL when nothing was written.
    unsafe {
        let data = x::xmlSecBufferGetData(buffer);
        let size = usize::try_from(x::xmlSecBufferGetSize(buffer)).unwrap_or_default();
        if data.is_null() { Vec::new() } else { std::slice::from_raw_parts(data, size).to_vec() }
    }
}
