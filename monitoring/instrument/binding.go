package instrument

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Bounds of what is said about a header: notes kept, and unknown columns for
// which a question of a near name is looked for.
const (
	maxNotes       = 60
	maxSuggestions = 40
)

// Binding says how the columns of a file stand for the questions of an
// instrument.
type Binding struct {
	// Schema reads the file; its notes say what is odd about the header.
	Schema *table.Schema
	// Columns has, for each question that the file holds, the headers that
	// feed it, in the order of the file.
	Columns map[string][]string
	// Missing are the questions without a column, in the order of the
	// instrument. Their answers count as not asked. Questions in repeats, those
	// that are optional and what the phone fills in are not counted.
	Missing []string
	// Needed are those of Missing, and of what the phone fills in, that a
	// role, group, indicator or exclusion relies on.
	Needed []string
	// Unknown are the columns that are no question of the instrument, as the
	// file writes them. They are not read.
	Unknown []string
	// Skipped are columns of servers and phones, notes, and columns that
	// repeat what another column holds. They are not read.
	Skipped []string
}

// Match returns the schema of Bind, in the form that table.Options takes.
func (in *Instrument) Match(h table.Header) (*table.Schema, error) {
	b, err := in.Bind(h)
	if err != nil {
		return nil, err
	}
	return b.Schema, nil
}

// Bind says which columns of a file are which questions. A header may be the
// name of a question or its label in any language, after a path of groups with
// the signs / - . or :, in other letter case, with HTML or odd spaces; a
// select-multiple may be split into one 0/1 column an option, and a position
// into latitude and longitude (see Latitude). The server's id of the interview
// is read as ColumnID, the instant of arrival as ColumnSubmitted.
//
// Extra fields are read beside the questions, from columns that have their
// names: design columns that a plan names, for example.
//
// It fails if no column is a question, or if two columns are the same
// question, or one column may be several questions that the analysis needs.
func (in *Instrument) Bind(h table.Header, extra ...table.Field) (*Binding, error) {
	b := newBinder(in, h)
	b.server(ColumnID, table.Text, idColumns)
	b.server(ColumnSubmitted, table.Time, submittedColumns)
	b.extra(extra)
	for q := range in.Questions {
		b.question(q)
	}
	b.rest()
	b.absent()
	if err := b.faults.Err(); err != nil {
		return nil, err
	}
	return b.binding, nil
}

// column is what is known of one column of the file.
type column struct {
	header  string
	claims  []claim
	system  bool
	settled bool
}

// binder makes a binding.
type binder struct {
	in      *Instrument
	lookup  *lookup
	columns []column
	byLower map[string]int
	claimed map[int][]int // question: columns that may be it
	binding *Binding
	faults  *fault.List
	made    map[string]*dictionary
	isSplit map[string]bool // select-multiples read from a column an option
	dropped int             // notes beyond maxNotes
}

func newBinder(in *Instrument, h table.Header) *binder {
	s := &table.Schema{Targets: make([]table.Target, len(h.Names))}
	for i := range s.Targets {
		s.Targets[i] = table.Target{Field: -1, Option: -1}
	}
	b := &binder{in: in, lookup: newLookup(in), columns: make([]column, len(h.Names)), byLower: map[string]int{}, claimed: map[int][]int{}, made: map[string]*dictionary{}, isSplit: map[string]bool{},
		binding: &Binding{Schema: s, Columns: map[string][]string{}}, faults: fault.NewList(maxFaults)}
	for i := len(h.Names) - 1; i >= 0; i-- {
		b.byLower[strings.ToLower(cleanHeader(h.Names[i]))] = i
	}
	for i, name := range h.Names {
		c := column{header: cleanHeader(name)}
		c.claims = b.lookup.claims(c.header)
		c.system = serverColumn(c.header) || noteColumn(c.header)
		for _, k := range c.claims {
			b.claimed[k.question] = append(b.claimed[k.question], i)
		}
		b.columns[i] = c
	}
	return b
}

func (b *binder) place(i int) fault.Place {
	return fault.Place{Row: 1, Column: i + 1, Field: shortText(b.columns[i].header)}
}

// note adds a warning, up to a bound.
func (b *binder) note(kind fault.Kind, at fault.Place, remedy, format string, args ...any) {
	s := b.binding.Schema
	if len(s.Notes) >= maxNotes {
		b.dropped++
		return
	}
	s.Notes = append(s.Notes, fault.New(kind, at, fmt.Sprintf(format, args...), remedy))
}

// field adds a field and returns its index.
func (b *binder) field(f table.Field) int {
	s := b.binding.Schema
	s.Fields = append(s.Fields, f)
	return len(s.Fields) - 1
}

// feed sends a column to a field.
func (b *binder) feed(i, field, option int) {
	s := b.binding.Schema
	s.Targets[i] = table.Target{Field: field, Option: option}
	b.columns[i].settled = true
	name := s.Fields[field].Name
	b.binding.Columns[name] = append(b.binding.Columns[name], b.columns[i].header)
}

// skip leaves a column out without a word.
func (b *binder) skip(i int) {
	b.columns[i].settled = true
	b.binding.Skipped = append(b.binding.Skipped, b.columns[i].header)
}

// server binds the best of the columns that a server may use for one thing.
func (b *binder) server(name string, kind table.Kind, spellings []string) {
	if b.in.Question(name) != nil {
		return
	}
	field := -1
	for _, s := range spellings {
		i, ok := b.byLower[s]
		if !ok || b.columns[i].settled || len(b.columns[i].claims) > 0 && b.columns[i].claims[0].rank == rankName {
			continue
		}
		if field >= 0 {
			b.skip(i)
			continue
		}
		field = b.field(table.Field{Name: name, Kind: kind})
		b.feed(i, field, -1)
	}
}

// extra binds fields that are no questions by their names.
func (b *binder) extra(fields []table.Field) {
	for _, f := range fields {
		i, ok := b.byLower[strings.ToLower(f.Name)]
		if !ok || b.columns[i].settled || b.in.Question(f.Name) != nil {
			continue
		}
		if len(b.columns[i].claims) > 0 && b.columns[i].claims[0].rank <= rankFold {
			continue
		}
		b.feed(i, b.field(f), -1)
	}
}
