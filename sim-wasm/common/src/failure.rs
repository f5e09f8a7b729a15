//! What crosses the boundary when something cannot be done: a JavaScript `Error` with a sentence in it, never a panic.

use sim_core::InputError;
use wasm_bindgen::JsValue;

/// A sentence for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String);

impl Failure {
    /// A value that the page has checked before it was sent, and that is wrong nevertheless: where, without the words for readers, whose
    /// code a module that sees such values alone does not carry.
    pub fn unexpected(error: &InputError) -> Self {
        Self(["this should have been refused before: ", error.field()].concat())
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self(error.to_string())
    }
}

impl From<postcard::Error> for Failure {
    fn from(error: postcard::Error) -> Self {
        Self(format!("packed data: {error}"))
    }
}

impl From<serde_wasm_bindgen::Error> for Failure {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        Self(format!("the browser refused: {error:?}"))
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        js_sys::Error::new(&failure.0).into()
    }
}
