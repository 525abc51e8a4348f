package audit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// Bounds of an entry. They keep free text out: what has spaces, letters beyond
// ASCII or an @ cannot be a name, an address or an answer that slipped in.
const (
	maxDetails = 16  // pairs
	maxValue   = 128 // bytes of a value
	// maxLeaf bounds an encoded entry, in bytes.
	maxLeaf = 4 << 10
)

// The forms are small and the check runs thousands of times a second.
var (
	codeForm    = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)*$`)
	subjectForm = regexp.MustCompile(`^[a-z][a-z-]{0,31}:[a-z0-9-]{1,96}$`)
)

// layout of a time in an encoded entry: UTC, always three digits of a second.
const layout = "2006-01-02T15:04:05.000Z"

// encoded is the layout of an entry in the tree: these fields, in this order.
type encoded struct {
	At        string            `json:"at"`
	Actor     Actor             `json:"actor"`
	Action    string            `json:"action"`
	Programme ids.ID            `json:"programme,omitempty"`
	Subject   string            `json:"subject,omitempty"`
	Detail    map[string]string `json:"detail,omitempty"`
}

// Encode renders an entry as the one text that stands for it in the tree: JSON
// without spaces, fields in a fixed order, detail by key. An entry that could
// hold free text is a fault of kind Internal, since our own code made it.
func Encode(e Entry) ([]byte, error) {
	if err := e.valid(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(encoded{e.At.UTC().Format(layout), e.Actor, e.Action, e.Programme, e.Subject, e.Detail})
	if err == nil && len(data) > maxLeaf {
		err = bad("size", "the entry is too large")
	}
	return data, err
}

// Decode reads what Encode wrote.
func Decode(leaf []byte) (Entry, error) {
	var e encoded
	if err := json.Unmarshal(leaf, &e); err != nil {
		return Entry{}, err
	}
	at, err := time.Parse(layout, e.At)
	return Entry{at, e.Actor, e.Action, e.Programme, e.Subject, e.Detail}, err
}

func (e *Entry) valid() error {
	if y := e.At.UTC().Year(); y < 2000 || y > 9999 {
		return bad("at", "the time is not set")
	}
	switch e.Actor.Kind {
	case Account, Enumerator, System, Visitor:
	default:
		return bad("actor", "there is no such kind of actor")
	}
	if (e.Actor.Kind == Account || e.Actor.Kind == Enumerator) != (e.Actor.ID != 0) || e.Actor.ID < 0 || e.Programme < 0 {
		return bad("actor", "accounts and enumerators have an ID, and only they")
	}
	if !code(e.Actor.Via, 32) {
		return bad("via", "the way is no code")
	}
	if !code(e.Action, 64) {
		return bad("action", "the action is no code")
	}
	if e.Subject != "" && !subjectForm.MatchString(e.Subject) {
		return bad("subject", "the subject is not kind:id")
	}
	if len(e.Detail) > maxDetails {
		return bad("detail", "there are too many details")
	}
	for k, v := range e.Detail {
		if !code(k, 32) {
			return bad("detail", "a key is no code")
		}
		if len(v) > maxValue || strings.IndexFunc(v, loose) >= 0 {
			return bad("detail", fmt.Sprintf("the value of %q could be free text", k))
		}
	}
	return nil
}

func code(s string, max int) bool { return len(s) <= max && codeForm.MatchString(s) }

// loose says that a character is not of the kind that codes are made of.
func loose(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._:,/+-", r)
}

// Code makes a detail's value of a name that people chose for a thing of the
// system, such as the version of a form: what does not belong in a code becomes
// "_" and what is too long is cut. It is not for names of people.
func Code(s string) string {
	s = strings.Map(func(r rune) rune {
		if loose(r) {
			return '_'
		}
		return r
	}, s)
	return s[:min(len(s), maxValue)]
}

func bad(field, message string) error {
	return fault.New(fault.Internal, fault.Place{Field: field}, "an audit entry was refused: "+message, "")
}
