//! What a reader's visit costs: every byte that the server sends for it, to the page and to its workers.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

/// Where weighed visits lie on the server, each in a folder of its own.
pub(crate) const FOLDER: &str = "weighed";

/// A file sent in answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Path below the page's folder; empty for the page itself.
    pub file: String,
    /// Bytes as they were sent, compressed, headers included.
    pub bytes: u64,
}

/// All that was sent, with the visit that it was for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scales(Arc<Mutex<Vec<(String, Sent)>>>);

impl Scales {
    /// Weighs what `router` answers.
    pub(crate) fn under(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), weigh))
    }

    /// What was sent for one visit so far, in order.
    pub(crate) fn sent(&self, visit: &str) -> Vec<Sent> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .filter(|(of, _)| of == visit)
            .map(|(_, sent)| sent.clone())
            .collect()
    }

    fn add(&self, path: &str, bytes: u64) {
        let mut parts = path.splitn(4, '/').skip(2);
        let (visit, file) = (parts.next(), parts.next());
        let sent = Sent {
            file: file.unwrap_or_default().into(),
            bytes,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((visit.unwrap_or_default().into(), sent));
    }
}

async fn weigh(State(scales): State<Scales>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (head, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // A line of its own each: `HTTP/1.1 200 OK`, the headers with `: `, and one that is empty.
    let headers: usize = head
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    scales.add(&path, (body.len() + headers + 19) as u64);
    Response::from_parts(head, Body::from(body))
}
