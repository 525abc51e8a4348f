// Package handover makes of a checked referral what leaves the house: papers to read,
// as HTML and PDF in the order of the national form, a form for machines, the record
// of consent, and what to do next. It also brings a package to an authority's service
// from an outbox, once.
//
// A paper holds what the package holds and nothing else: it never sees the answers of
// the draft. The package knows no pages of the server and no database; how a service is
// reached is for whoever implements Sender.
package handover
