// Package storedtest holds the pages of submissions against the real store, on both
// engines: what a fake could be wrong about. Tests only.
//
// It knows the pages by their addresses alone.
package storedtest
