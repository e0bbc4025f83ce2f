//! Properties that hold whatever the input.
