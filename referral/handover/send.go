package handover

import (
	"context"
	"errors"
)

// Sender brings a package to an authority's service. The service must take a key once:
// the same key with the same body again is answered with the receipt of the first time.
type Sender interface {
	// Send returns the service's receipt. It fails with a *Failure: final if the
	// service will not take the package, or temporary.
	Send(ctx context.Context, key string, body []byte) (receipt string, err error)
}

// Code is what an attempt came to. It is all that is kept and logged: a service's own
// words could repeat what was sent.
type Code string

// The codes. Final says which of them nobody tries again.
const (
	Unreachable Code = "unreachable" // no answer, or none in time
	Busy        Code = "busy"        // it asks to be left alone for a while
	Trouble     Code = "trouble"     // its own fault
	Forbidden   Code = "forbidden"   // it does not let this server in: its settings must be mended
	Unlike      Code = "unlike"      // an answer that it should not give
	Restricted  Code = "restricted"  // the person asked that nothing more be done
	Malformed   Code = "malformed"   // it cannot read the package
	Unwanted    Code = "unwanted"    // it does not take such a referral
	TooLarge    Code = "too-large"
	KeyTaken    Code = "key-taken" // the key came with another body before
	TakenBack   Code = "taken-back"
)

// Codes are all of them, for the words of pages.
var Codes = []Code{Unreachable, Busy, Trouble, Forbidden, Unlike, Restricted, Malformed, Unwanted, TooLarge, KeyTaken, TakenBack}

// Final says that trying again is of no use.
func (c Code) Final() bool {
	return c == Malformed || c == Unwanted || c == TooLarge || c == KeyTaken
}

// Failure is why a package was not taken. It holds nothing of the package.
type Failure struct{ Code Code }

// Error implements error.
func (f *Failure) Error() string { return "the service did not take it: " + string(f.Code) }

// codeOf is the code of an error of a Sender. What is no Failure is the line's.
func codeOf(err error) Code {
	var f *Failure
	if errors.As(err, &f) {
		return f.Code
	}
	return Unreachable
}

// mostReceipt bounds what is kept of a service's receipt, in bytes.
const mostReceipt = 200

// plain is a receipt that can be shown: printable ASCII, short.
func plain(receipt string) string {
	b := []byte(receipt)
	kept := b[:0:0]
	for _, c := range b {
		if c > ' ' && c < 0x7f {
			kept = append(kept, c)
		}
	}
	return string(kept[:min(len(kept), mostReceipt)])
}
