// Package record reads one submission with its form: its answers by section with
// their labels, what changed between two revisions, what a pseudonymous reader
// does not see, and edits as a new document.
//
// It knows forms and documents; it must not know a database, a page, or who is
// asking.
package record
