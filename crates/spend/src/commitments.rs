//! What is bought ahead: how much of it is used, what it covers and saves.
