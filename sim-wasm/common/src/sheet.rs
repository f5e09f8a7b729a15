//! A canvas at device resolution.

use plotters_canvas::CanvasBackend;
use sim_core::error::in_range;
use sim_core::figure::Figure;
use sim_core::plot::{self, Layout, Theme};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::failure::Failure;

/// Longest side of a canvas, CSS pixels, and most device pixels in one: browsers refuse more.
const LONGEST: f64 = 8192.0;
const FINEST: f64 = 4.0;

/// How a drawing is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Width, CSS pixels.
    pub width: f64,
    /// Height, CSS pixels.
    pub height: f64,
    /// Device pixels in a CSS pixel.
    ratio: f64,
    /// On a dark ground.
    dark: bool,
}

impl View {
    /// Checks what the page says of itself.
    ///
    /// # Errors
    /// Names the size that is out of range.
    pub fn new(width: f64, height: f64, ratio: f64, dark: bool) -> Result<Self, Failure> {
        Ok(Self {
            width: in_range("width", width, 1.0, LONGEST)?,
            height: in_range("height", height, 1.0, LONGEST)?,
            ratio: in_range("ratio", ratio, 0.1, 64.0)?.min(FINEST),
            dark,
        })
    }

    /// The colours for this ground.
    pub fn theme(&self) -> Theme {
        if self.dark {
            Theme::dark()
        } else {
            Theme::light()
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 1 and 32 768"
    )]
    fn device(&self, length: f64) -> u32 {
        (length * self.ratio).round().max(1.0) as u32
    }
}

/// A canvas and its context.
#[derive(Debug)]
pub struct Sheet {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Sheet {
    /// The sheet of a canvas.
    ///
    /// # Errors
    /// If the canvas was already taken for another kind of drawing.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, Failure> {
        let context = canvas
            .get_context("2d")?
            .and_then(|context| context.dyn_into().ok());
        let context = context.ok_or_else(|| Failure("this canvas has no 2d context".into()))?;
        Ok(Self { canvas, context })
    }

    /// An empty canvas of the view's size, in CSS pixels.
    ///
    /// # Errors
    /// What the browser says.
    pub fn clear(&self, view: &View) -> Result<&CanvasRenderingContext2d, Failure> {
        let (width, height) = (view.device(view.width), view.device(view.height));
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        let context = &self.context;
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        context.scale(
            f64::from(width) / view.width,
            f64::from(height) / view.height,
        )?;
        Ok(context)
    }

    /// Draws a figure and says where everything went.
    ///
    /// # Errors
    /// What the browser says.
    pub fn draw(&self, figure: &Figure, view: &View) -> Result<Layout, Failure> {
        self.clear(view)?;
        let surface = plot::Surface::new(view.width, view.height, view.ratio);
        let scale = 1.0 / f64::from(surface.fine());
        self.context
            .set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)?;
        self.context.set_line_cap("round");
        self.context.set_line_join("round");
        let mut backend = CanvasBackend::with_canvas_object(self.canvas.clone())
            .ok_or_else(|| Failure("this canvas has no 2d context".into()))?;
        plot::draw(figure, &mut backend, &surface, &view.theme())
            .map_err(|error| Failure(error.to_string()))
    }
}
