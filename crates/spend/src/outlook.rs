//! What is still to come: forecasts of the sums, and the day on which money ends.
