// Package fault is the one kind of error that a person sees: what is wrong,
// where it is, and how to mend it.
//
// It knows nothing of the rest of the program, and everything may import it.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of trouble a Fault is. It decides the exit code and, on
// the server, the HTTP status.
type Kind uint8

// The kinds of fault.
const (
	Internal    Kind = iota // the program is at fault
	Invalid                 // the input is at fault
	NotFound                // something named is not there
	Conflict                // the change meets another change
	Denied                  // the person may not do this
	Unavailable             // something outside is not answering, or a limit was reached
	Usage                   // the command was called in a way that it does not have
)

var kindNames = [...]string{"internal", "invalid", "not found", "conflict", "denied", "unavailable", "usage"}

// String returns the kind in lower-case words.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Place is where a fault is. A zero field is not known or does not apply.
// Row and Column count from 1; row 1 of a file with a header is the header.
type Place struct {
	File   string
	Sheet  string
	Row    int
	Column int
	Field  string
}

// String renders the place as "file, sheet S, row R, column C (field)".
func (p Place) String() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Sheet != "" {
		parts = append(parts, fmt.Sprintf("sheet %q", p.Sheet))
	}
	if p.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column > 0 {
		parts = append(parts, fmt.Sprintf("column %d", p.Column))
	}
	if p.Field != "" {
		parts = append(parts, fmt.Sprintf("%q", p.Field))
	}
	return strings.Join(parts, ", ")
}

// Fault is an error for a person. Message is one sentence without a full stop.
// Remedy, if set, says what to do about it. Neither may hold an answer that
// could identify someone.
type Fault struct {
	Kind    Kind
	Place   Place
	Message string
	Remedy  string
	Cause   error
}

// Error renders "place: message (remedy)".
func (f *Fault) Error() string {
	var b strings.Builder
	if at := f.Place.String(); at != "" {
		b.WriteString(at)
		b.WriteString(": ")
	}
	b.WriteString(f.Message)
	if f.Remedy != "" {
		b.WriteString(" (")
		b.WriteString(f.Remedy)
		b.WriteString(")")
	}
	return b.String()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// New makes a fault with a message and a remedy, which may be empty.
func New(kind Kind, at Place, message, remedy string) *Fault {
	return &Fault{Kind: kind, Place: at, Message: message, Remedy: remedy}
}

// Wrap makes a fault around a cause.
func Wrap(kind Kind, at Place, message, remedy string, cause error) *Fault {
	return &Fault{Kind: kind, Place: at, Message: message, Remedy: remedy, Cause: cause}
}

// List is several faults at once. It is an error if it is not empty; use Err.
type List struct {
	Faults []*Fault
	// Dropped counts the faults beyond the bound.
	Dropped int
	max     int
}

// NewList returns a list that keeps at most max faults and counts the rest.
func NewList(max int) *List { return &List{max: max} }

// Add appends faults, or counts them if the list is full.
func (l *List) Add(faults ...*Fault) {
	for _, f := range faults {
		if l.max > 0 && len(l.Faults) >= l.max {
			l.Dropped++
			continue
		}
		l.Faults = append(l.Faults, f)
	}
}

// Addf appends one fault built from a format.
func (l *List) Addf(kind Kind, at Place, remedy, format string, args ...any) {
	l.Add(New(kind, at, fmt.Sprintf(format, args...), remedy))
}

// Merge appends another list's faults and its count of dropped ones.
func (l *List) Merge(o *List) {
	if o == nil {
		return
	}
	l.Add(o.Faults...)
	l.Dropped += o.Dropped
}

// Len counts all faults, kept or dropped.
func (l *List) Len() int { return len(l.Faults) + l.Dropped }

// Err returns the list as an error, or nil if it is empty.
func (l *List) Err() error {
	if l == nil || l.Len() == 0 {
		return nil
	}
	return l
}

// Error renders one fault a line.
func (l *List) Error() string {
	lines := make([]string, 0, len(l.Faults)+1)
	for _, f := range l.Faults {
		lines = append(lines, f.Error())
	}
	if l.Dropped > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", l.Dropped))
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the kept faults, for errors.As and errors.Is.
func (l *List) Unwrap() []error {
	errs := make([]error, len(l.Faults))
	for i, f := range l.Faults {
		errs[i] = f
	}
	return errs
}

// KindOf returns the kind of the first fault in err's tree, or Internal.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// ExitCode maps an error to the exit code of the command line: 0 for nil, 2
// for a wrong call, 1 for everything else.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case KindOf(err) == Usage:
		return 2
	default:
		return 1
	}
}

// InFile names the file in every fault of err's tree that does not say one,
// and returns err.
func InFile(err error, file string) error {
	var list *List
	if errors.As(err, &list) {
		list.InFile(file)
		return err
	}
	var f *Fault
	if errors.As(err, &f) && f.Place.File == "" {
		f.Place.File = file
	}
	return err
}

// InFile names the file in every fault that does not say one.
func (l *List) InFile(file string) {
	if l == nil {
		return
	}
	for _, f := range l.Faults {
		if f.Place.File == "" {
			f.Place.File = file
		}
	}
}
