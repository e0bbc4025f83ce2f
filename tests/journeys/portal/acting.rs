//! What people do through the portal.
