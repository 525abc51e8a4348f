// Package storedtest holds the pages of a referral against the real store, on both
// engines, from the first question to the authority's service: what a fake could be
// wrong about. Tests only.
//
// It knows the pages by their addresses alone.
package storedtest
