// Carries a precompiled header (cmake/Lamplighter.cmake).
