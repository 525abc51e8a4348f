// Package storetest holds what a store must do, once, for every engine, and
// starts the private PostgreSQL that tests need.
//
// It is for tests alone: nothing that ships may import it. It must not know
// which engine it looks at.
package storetest
