//! A file server for `dist/` with the headers the page is meant to be served with.

use std::io::ErrorKind;
use std::net::{IpAddr, TcpListener};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::site;

/// What the page may do: load its own files and compile WebAssembly. No inline script, no other host. Course material
/// may put it in a frame. Browsers ask for it with what runs by itself, documents and workers, and with nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors *";

/// Headers of every answer. A file is asked for again each time, so that a rebuilt page shows at once.
const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];

/// Builds the page and serves it until the process ends.
///
/// # Errors
/// If the port cannot be had or the page cannot be built.
pub fn serve(host: IpAddr, port: u16) -> Result<()> {
    // The port first: nobody wants to learn that it is taken after a long build.
    let listener = listen(host, port)?;
    let address = listener.local_addr()?;
    let dist = site::build()?;
    println!(
        "Serving {} at http://{address}/ (stop with Ctrl-C)",
        dist.display()
    );
    tokio::runtime::Runtime::new()?.block_on(answer(listener, files("/", &dist)))
}

/// Opens the port.
///
/// # Errors
/// If it is taken, not allowed, or no address of this machine.
pub fn listen(host: IpAddr, port: u16) -> Result<TcpListener> {
    let listener = TcpListener::bind((host, port)).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("port {port} is taken; choose another with --port (0 for any free one)")
        }
        ErrorKind::PermissionDenied => {
            anyhow!("port {port} needs special rights; choose one from 1024 to 65535 with --port")
        }
        ErrorKind::AddrNotAvailable => {
            anyhow!("{host} is no address of this machine; choose another with --host")
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {host}, port {port}")),
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The files of `folder` under `path` (`/` or, say, `/course/lab`), compressed for those who accept it.
pub fn files(path: &str, folder: &Path) -> Router {
    let folder = ServeDir::new(folder).not_found_service(axum::routing::any(|| async {
        (StatusCode::NOT_FOUND, "no such file\n")
    }));
    let mut router = if path == "/" {
        Router::new().fallback_service(folder)
    } else {
        Router::new().nest_service(path, folder)
    };
    router = router
        .layer(CompressionLayer::new().quality(CompressionLevel::Best))
        .layer(middleware::from_fn(restricted));
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    router
}

/// The answer, with what it may do where it is a document or a worker.
async fn restricted(request: Request, next: Next) -> Response {
    let is_worker = request.uri().path().ends_with("worker.js");
    let mut response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_document = kind.is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    if is_document || is_worker {
        let policy = HeaderValue::from_static(POLICY);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        let silent = HeaderValue::from_static("no-referrer");
        headers.insert(header::REFERRER_POLICY, silent);
    }
    response
}

/// Answers requests from `router` until the listener fails.
///
/// # Errors
/// If the listener fails.
pub async fn answer(listener: TcpListener, router: Router) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    axum::serve(listener, router)
        .await
        .context("the server stopped")
}
