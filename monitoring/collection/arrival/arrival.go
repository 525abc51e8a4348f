// Package arrival looks at submissions as they arrive: it opens encrypted ones,
// reads point, route and day from the answers, checks the rules of the form and
// those of waymark check that judge one interview by itself, and finds
// near-duplicates. Run does so for all that wait; Round is the check of a whole
// round.
//
// It knows forms, instruments and the values of collection; it must not know
// pages, protocols or how the store keeps things. Nothing that it says holds an
// answer.
package arrival

import (
	"context"
	"io"
	"log/slog"
	"sync"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/instrument"
	"waymark/monitoring/quality"
)

// Opener opens a submission that a phone encrypted. private is the form's
// private key (PKCS #8), files opens what came with the manifest, by name. keep
// gets each plain file; nothing that it got counts before the Opener has
// returned without an error. It returns the plain document.
type Opener func(private, manifest []byte, files func(name string) (io.ReadCloser, error), keep func(name string, size int64, plain io.Reader) error) ([]byte, error)

// Options of a checker.
type Options struct {
	// Open opens encrypted submissions. Default: none can be opened.
	Open Opener
	// Token is a keyed digest under a round's key, at least 8 bytes long. Default:
	// none, and near-duplicates are not looked for.
	Token func(round ids.ID, value []byte) ([]byte, error)
	// Files holds the lists that forms look up in, and takes the files of
	// encrypted submissions. Default: none, and what reads a list is not judged.
	Files collection.Files
	// Instrument finds a questionnaire by the id that a round names. Default:
	// the built-in ones.
	Instrument func(id string) (*instrument.Instrument, error)
	// Thresholds replaces those of package quality by name. Default: its own.
	Thresholds map[string]float64
	// Language of the form's own messages. Default: the form's.
	Language string
	// Log gets what went wrong inside, without answers. Default: nothing.
	Log *slog.Logger
}

// maxFindings bounds what is said of one submission.
const maxFindings = 100

// Checker checks submissions. It may be used by many goroutines.
type Checker struct {
	opt Options

	mu    sync.Mutex
	plans map[planKey]*planned
	used  int64
}

// New makes a checker. It fails if a threshold's name is not known.
func New(opt Options) (*Checker, error) {
	if opt.Instrument == nil {
		opt.Instrument = builtin
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	empty := &instrument.Instrument{}
	if _, err := quality.NewLikeness(empty, opt.Thresholds); err != nil {
		return nil, err
	}
	return &Checker{opt: opt, plans: map[planKey]*planned{}}, nil
}

// builtin loads a built-in instrument; a name that is none is no path.
func builtin(id string) (*instrument.Instrument, error) {
	for _, b := range instrument.Builtin() {
		if b == id {
			return instrument.Load(id)
		}
	}
	return nil, fault.New(fault.NotFound, fault.Place{}, "there is no built-in instrument of this name", "choose another for the round")
}

// Subject is a submission with what it is judged by.
type Subject struct {
	collection.Unchecked
	Version *collection.Version // that it was filled with. Required.
	Round   *collection.Round   // Required
	Points  []*collection.Point // of the round
	// Enumerator whose phone sent it, or nil.
	Enumerator *collection.FieldEnumerator
	// Draft says that it is a test, which is not compared with others.
	Draft bool
}

// Check looks at one submission. It does not fail: what cannot be done is a
// finding.
func (c *Checker) Check(ctx context.Context, s *Subject) collection.Checked {
	return c.examine(ctx, s).Checked
}

// examined is what was found, with what near-duplicates are compared by.
type examined struct {
	collection.Checked
	portrait *quality.Portrait
	round    ids.ID
}

func (c *Checker) examine(ctx context.Context, s *Subject) *examined {
	e := &examined{round: s.Round.ID}
	e.Submission, e.Revision = s.Unchecked.Submission.ID, s.Unchecked.Revision.Number
	e.Day = s.Unchecked.Submission.Received.UTC().Format(dayLayout)
	x := &examination{Checker: c, s: s, examined: e, document: s.Unchecked.Revision.XML}
	p, err := c.plan(ctx, s)
	if err != nil {
		x.say(collection.Finding{Rule: "arrival.form", Severity: collection.SeverityError,
			Message: "The version of the form that this was filled with cannot be read", Remedy: "Look at the form's versions; the answers are kept as they came."})
		return e
	}
	x.plan = p
	if !x.opened(ctx) {
		return e
	}
	x.rules()
	x.answers()
	x.bound()
	return e
}

// say adds a finding.
func (e *examined) say(f collection.Finding) { e.Findings = append(e.Findings, f) }

// bound keeps the gravest findings where there are too many.
func (x *examination) bound() {
	more := len(x.Findings) - maxFindings
	if more <= 0 {
		return
	}
	kept := make([]collection.Finding, 0, maxFindings+1)
	for _, severity := range []collection.Severity{collection.SeverityError, collection.SeverityWarning, collection.SeverityNote} {
		for _, f := range x.Findings {
			if f.Severity == severity && len(kept) < maxFindings {
				kept = append(kept, f)
			}
		}
	}
	x.Findings = append(kept, collection.Finding{Rule: "arrival.more", Severity: collection.SeverityNote,
		Message: "More was found than is listed here", Remedy: "Mend what is listed, and it is checked again."})
}
