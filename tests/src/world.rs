//! The surroundings of all tests: a server for `dist/`, a driver for browsers.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::any;
use fantoccini::Client;
use tokio::runtime::Runtime;
use xtask::{server, toolchain};

use crate::visit::{self, Scales, Sent};

/// Where the page lies on the server: deep, as on a course's site, so that an absolute address shows.
pub const HOME: &str = "/course/week-3/lab";

/// Something that fails on the way to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong; also where the faulty page lies on the server.
    pub name: &'static str,
    /// The file that is not what it should be.
    file: &'static str,
    /// What comes instead: a media type and a text, or nothing at all.
    instead: Option<(&'static str, &'static str)>,
}

/// The faults a reader may meet before the simulator runs.
pub const NO_SIMULATOR: [Fault; 4] = [
    Fault {
        name: "no-main-script",
        file: "main.js",
        instead: None,
    },
    Fault {
        name: "no-bindings",
        file: "wasm/first.js",
        instead: None,
    },
    Fault {
        name: "no-wasm",
        file: "wasm/first_bg.wasm",
        instead: None,
    },
    Fault {
        name: "broken-wasm",
        file: "wasm/first_bg.wasm",
        instead: Some(("application/wasm", "nonsense")),
    },
];

/// The faults that leave theory without simulation.
pub const NO_WORKER: [Fault; 5] = [
    Fault {
        name: "no-worker",
        file: "worker.js",
        instead: None,
    },
    Fault {
        name: "crashing-worker",
        file: "worker.js",
        instead: Some((
            "text/javascript",
            "throw new Error('this worker always crashes')",
        )),
    },
    Fault {
        name: "no-engine",
        file: "wasm/station_bg.wasm",
        instead: None,
    },
    Fault {
        name: "no-engine-bindings",
        file: "wasm/station.js",
        instead: None,
    },
    Fault {
        name: "broken-engine",
        file: "wasm/station_bg.wasm",
        instead: Some(("application/wasm", "nonsense")),
    },
];

/// The faults that the first exhibit does not notice: exhibits further down keep their text.
pub const NO_REST: [Fault; 2] = [
    Fault {
        name: "no-rest",
        file: "wasm/rest_bg.wasm",
        instead: None,
    },
    Fault {
        name: "broken-rest",
        file: "wasm/rest_bg.wasm",
        instead: Some(("application/wasm", "nonsense")),
    },
];

/// The fault that leaves exhibits of networks with theory, and without an animation.
pub const NO_NETWORK: Fault = Fault {
    name: "no-network",
    file: "wasm/network_bg.wasm",
    instead: None,
};

/// Workers that hear everything and never answer: the page lives on theory, and nothing is simulated.
pub const SILENT_WORKER: Fault = Fault {
    name: "silent-worker",
    file: "worker.js",
    instead: Some(("text/javascript", "onmessage = () => {};")),
};

/// The running server and driver. Both end with it.
#[derive(Debug)]
pub struct World {
    /// Runs the server and the conversations with browsers.
    pub(crate) runtime: Runtime,
    /// Address of the driver.
    pub(crate) driver: String,
    /// Path of the browser.
    pub(crate) chromium: String,
    axe: PathBuf,
    site: SocketAddr,
    scales: Scales,
    visits: AtomicU32,
    /// Windows that nobody uses.
    windows: Mutex<Vec<Client>>,
    process: Child,
}

/// A page whose bytes are counted, for one browser.
#[derive(Debug)]
pub struct Visit<'a> {
    world: &'a World,
    name: String,
}

impl Visit<'_> {
    /// Address of the page, with `/` at its end.
    pub fn page(&self) -> String {
        format!(
            "http://{}/{}/{}/",
            self.world.site,
            visit::FOLDER,
            self.name
        )
    }

    /// What the server sent so far, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.world.scales.sent(&self.name)
    }
}

impl World {
    /// Serves `dist/` and starts a driver, each on a free port.
    ///
    /// # Errors
    /// If the page is not built, or the browser or its driver is missing.
    pub fn start() -> Result<Self> {
        let dist = xtask::dist();
        if !dist.join("index.html").is_file() {
            bail!(
                "{} holds no page: run `cargo xtask build` first",
                dist.display()
            );
        }
        let chromium = toolchain::chromium()?.to_string_lossy().into_owned();
        let axe = toolchain::axe()?;
        let runtime = Runtime::new()?;
        let listener = server::listen(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)?;
        let site = listener.local_addr()?;
        let mut router = server::files(HOME, &dist);
        let faults = NO_SIMULATOR.iter().chain(&NO_WORKER).chain(&NO_REST);
        for fault in faults.chain([&NO_NETWORK, &SILENT_WORKER]) {
            router = router
                .merge(faulty(fault))
                .merge(server::files(&format!("/{}", fault.name), &dist));
        }
        let scales = Scales::default();
        let weighed = server::files(&format!("/{}/{{visit}}", visit::FOLDER), &dist);
        router = router.merge(scales.under(weighed));
        runtime.spawn(server::answer(listener, router));
        let (process, driver) = driver()?;
        Ok(Self {
            runtime,
            driver,
            chromium,
            axe,
            site,
            scales,
            visits: AtomicU32::new(0),
            windows: Mutex::default(),
            process,
        })
    }

    /// Address of the page, with `/` at its end.
    pub fn page(&self) -> String {
        format!("http://{}{HOME}/", self.site)
    }

    /// A page by itself, whose bytes are counted.
    pub fn visit(&self) -> Visit<'_> {
        let number = self.visits.fetch_add(1, Ordering::Relaxed);
        Visit {
            world: self,
            name: number.to_string(),
        }
    }

    /// A window that somebody left, if there is one.
    pub(crate) fn left_window(&self) -> Option<Client> {
        self.windows().pop()
    }

    /// Leaves a window to whoever needs one next.
    pub(crate) fn leave_window(&self, window: Client) {
        self.windows().push(window);
    }

    fn windows(&self) -> MutexGuard<'_, Vec<Client>> {
        // A list is whole after any push or pop, whatever became of who did it.
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The script that examines accessibility.
    pub fn axe(&self) -> &Path {
        &self.axe
    }

    /// Address of the page with a fault.
    pub fn faulty_page(&self, fault: &Fault) -> String {
        format!("http://{}/{}/", self.site, fault.name)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let windows = std::mem::take(&mut *self.windows());
        for window in windows {
            // One that is gone already needs no closing.
            let _ = self.runtime.block_on(window.close());
        }
        // It may have ended by itself; all that matters is that it is gone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn faulty(fault: &Fault) -> Router {
    let instead = fault.instead;
    let answer = any(move || async move {
        match instead {
            Some((kind, text)) => (StatusCode::OK, [(header::CONTENT_TYPE, kind)], text),
            None => (
                StatusCode::NOT_FOUND,
                [(header::CONTENT_TYPE, "text/plain")],
                "gone",
            ),
        }
    });
    Router::new().route(&format!("/{}/{}", fault.name, fault.file), answer)
}

/// Starts a driver and returns it with its address, once it says that it listens.
fn driver() -> Result<(Child, String)> {
    let program = toolchain::chromedriver()?;
    let mut process = Command::new(&program)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let output = process.stdout.take().context("the driver has no output")?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next().transpose()? {
        if let Some(port) = line.split("successfully on port ").nth(1) {
            let port = port.trim_end_matches('.').to_owned();
            // What it goes on to say is read, so that it never waits for a reader.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((process, format!("http://127.0.0.1:{port}")));
        }
    }
    bail!("{} ended before it listened", program.display())
}
