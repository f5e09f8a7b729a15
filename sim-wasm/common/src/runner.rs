//! What a worker gets to run errands with: the same door in every module that has an engine. A macro, for what JavaScript sees
//! cannot be generic.

/// Exports a class `Runner` that runs errands of an [`Engine`](crate::Engine).
#[macro_export]
macro_rules! runner {
    ($engine:ty, $about:literal) => {
        #[doc = $about]
        #[wasm_bindgen::prelude::wasm_bindgen]
        #[derive(Debug, Default)]
        pub struct Runner($crate::Errands<$engine>);

        #[wasm_bindgen::prelude::wasm_bindgen]
        impl Runner {
            /// An idle runner.
            #[wasm_bindgen::prelude::wasm_bindgen(constructor)]
            pub fn new() -> Self {
                Self::default()
            }

            /// See [`Errands::start`]($crate::Errands::start).
            ///
            /// # Errors
            /// What is wrong with what is to be simulated, or with the numbers.
            pub fn start(
                &mut self,
                packed: &[u8],
                seed: f64,
                first: f64,
                last: f64,
            ) -> Result<(), $crate::Failure> {
                self.0.start(packed, seed, first, last)
            }

            /// See [`Errands::step`]($crate::Errands::step).
            pub fn step(&mut self, requests: f64) -> bool {
                self.0.step(requests)
            }

            /// See [`Errands::finish`]($crate::Errands::finish).
            ///
            /// # Errors
            /// If there is no errand.
            pub fn finish(&mut self) -> Result<Vec<u8>, $crate::Failure> {
                self.0.finish()
            }
        }
    };
}
