// Package storedtest holds deliveries from the outbox of the real store, on both
// engines, to what a fake store could be wrong about. Tests only.
//
// It knows nothing of papers and pages.
package storedtest
