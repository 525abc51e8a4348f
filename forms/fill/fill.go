// Package fill answers a form: by asking in a terminal, from a table of
// answers, or at random.
//
// It knows forms and answers; it must not know where the documents that it
// makes are kept or sent.
package fill
