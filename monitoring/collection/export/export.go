// Package export writes the answers of a round's form as CSV, XLSX, Stata or SPSS: one row a
// submission, a further table for each repeat, the columns of all versions put
// together, under names that waymark brief and waymark check read back. It
// streams: memory does not grow with the number of submissions, but for Stata and
// SPSS, whose columns are kept.
//
// It knows forms and the values of collection; it must not know who may export
// what. A pseudonymous export leaves out what may identify a person; see
// pseudonym.go for the rules.
package export

import (
	"context"
	"io"
	"strings"
	"time"

	"waymark/forms/record"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	own "waymark/monitoring/collection/record"
	"waymark/monitoring/instrument"
	"waymark/trust/audit"
)

// Format of an export.
type Format string

// The formats.
const (
	// CSV is one file, or a zip of files if the form has repeats.
	CSV Format = "csv"
	// XLSX is one workbook, with a sheet for each repeat.
	XLSX Format = "xlsx"
	// Stata and SPSS are one file, or a zip of files if the form has repeats:
	// codes with labels, questions as variable labels, select-multiple both whole
	// and as a column of 0 and 1 for each choice.
	Stata Format = "dta"
	SPSS  Format = "sav"
)

// Options of an export.
type Options struct {
	Format Format // Required
	// Split adds a column of 0 and 1 for each choice of a select-multiple.
	// Default: one column with the codes.
	Split bool
	// Labels is the language, as the form writes it, in which answers to selects
	// and the header are written as labels; "default" is the form's own. Default:
	// codes and names. In Stata and SPSS, which keep both, it is the language of
	// the labels, by default the form's own.
	Labels string
	// Groups puts the names of groups before all columns, as ODK Central does.
	// Default: only where a name is there twice.
	Groups bool
	// Pseudonymous leaves out what may identify a person, and puts pseudonyms in
	// the place of identifiers. Default: everything.
	Pseudonymous bool
	// Token is a keyed digest under the round's key, for pseudonyms. Required if
	// Pseudonymous.
	Token func(round ids.ID, value []byte) ([]byte, error)
	// Instrument of the round, whose marking of identifying questions is obeyed.
	// Default: none, and names, labels and types decide alone.
	Instrument *instrument.Instrument
	// Progress, if set, is called about every thousand submissions with how many
	// were read, and at the end.
	Progress func(done int)
}

// Store is what an export needs of the store.
type Store interface {
	Form(ctx context.Context, id ids.ID) (*collection.Form, error)
	Version(ctx context.Context, id ids.ID) (*collection.Version, error)
	ListVersions(ctx context.Context, form ids.ID) ([]*collection.Version, error)
	ListEnumerators(ctx context.Context, round ids.ID) ([]*collection.FieldEnumerator, error)
	EachAnswers(ctx context.Context, by audit.Actor, purpose string, f collection.Filter, use func(*collection.Submission, *collection.Revision) error) error
}

// Summary is what was written.
type Summary struct {
	Rows int // submissions
	// Left counts submissions that cannot be read: encrypted or damaged.
	Left int
	// Tables are the names of the repeats' tables.
	Tables []string
	// LeftOut are the questions that a pseudonymous export leaves out.
	LeftOut []string
}

// Name is a file name for an export: the form's id, its ending, and whether it
// is pseudonymous.
func Name(formID string, opt Options, zipped bool) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, formID)
	if opt.Pseudonymous {
		name += "-pseudonymous"
	}
	switch {
	case opt.Format == XLSX:
		return name + ".xlsx"
	case zipped:
		return name + ".zip"
	case opt.Format.typed():
		return name + opt.Format.ending()
	}
	return name + ".csv"
}

// Export is one export, prepared: its columns are known and nothing is written.
type Export struct {
	store  Store
	by     audit.Actor
	filter collection.Filter
	opt    Options
	// language of labels, "" for the form's own.
	language string
	form     *collection.Form
	layouts  map[ids.ID]*record.Layout
	names    map[ids.ID]string // version names
	people   map[ids.ID]string // enumerators' codes
	merged   *record.Merged
	tables   []*sheet
	leftOut  []string
}

// Prepare reads the versions of the filter's form, which is required, and lays
// the columns out.
func Prepare(ctx context.Context, store Store, by audit.Actor, filter collection.Filter, opt Options) (*Export, error) {
	switch {
	case filter.Round == 0 || filter.Form == 0:
		return nil, fault.New(fault.Invalid, fault.Place{}, "an export is of one form of a round", "choose the form")
	case opt.Format != CSV && opt.Format != XLSX && !opt.Format.typed():
		return nil, fault.New(fault.Invalid, fault.Place{Field: "format"}, "there is no such format", "choose csv, xlsx, dta or sav")
	case opt.Pseudonymous && opt.Token == nil:
		return nil, fault.New(fault.Internal, fault.Place{}, "a pseudonymous export needs a key for its pseudonyms", "")
	}
	e := &Export{store: store, by: by, filter: filter, opt: opt, layouts: map[ids.ID]*record.Layout{}, names: map[ids.ID]string{}, people: map[ids.ID]string{}}
	e.language = opt.Labels
	if opt.Format.typed() { // codes and names are the data, labels stand beside them
		e.opt.Labels, e.opt.Split = "", true
	}
	var err error
	if e.form, err = store.Form(ctx, filter.Form); err != nil {
		return nil, err
	}
	if e.form.Round != filter.Round {
		return nil, fault.New(fault.NotFound, fault.Place{}, "the form is not in this round", "")
	}
	versions, err := store.ListVersions(ctx, filter.Form)
	if err != nil {
		return nil, err
	}
	var layouts []*record.Layout
	hidden := map[string]bool{}
	for _, v := range inOrder(versions, filter.Drafts) {
		whole, err := store.Version(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		f, err := xform.Parse(whole.XForm)
		if err != nil {
			return nil, err
		}
		l := record.Of(f)
		e.layouts[v.ID], e.names[v.ID] = l, v.Version
		layouts = append(layouts, l)
		if opt.Pseudonymous {
			for path := range own.Identifying(f, opt.Instrument) {
				hidden[belowRoot(path)] = true
			}
		}
	}
	if len(layouts) == 0 {
		return nil, fault.New(fault.NotFound, fault.Place{}, "the form was never published", "publish it first")
	}
	enumerators, err := store.ListEnumerators(ctx, filter.Round)
	if err != nil {
		return nil, err
	}
	for _, p := range enumerators {
		e.people[p.ID] = p.Code
	}
	e.merged = record.Merge(layouts...)
	e.layOut(hidden)
	return e, nil
}

// belowRoot is a path without its root element.
func belowRoot(path string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return rest
}

// inOrder are the versions that submissions may be of, oldest first.
func inOrder(versions []*collection.Version, drafts bool) []*collection.Version {
	var list []*collection.Version
	for _, v := range versions {
		if !v.Published.IsZero() || drafts {
			list = append(list, v)
		}
	}
	when := func(v *collection.Version) time.Time {
		if v.Published.IsZero() {
			return v.Created.Add(1 << 60) // drafts last
		}
		return v.Published
	}
	for i := range list { // few
		for j := i; j > 0 && when(list[j]).Before(when(list[j-1])); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// Zipped tells whether Write makes a zip of files.
func (e *Export) Zipped() bool { return e.opt.Format != XLSX && len(e.tables) > 1 }

// LeftOut are the questions that are left out, by their paths.
func (e *Export) LeftOut() []string { return e.leftOut }

// Write writes the export. Rows come as the store gives them, oldest first; the
// store writes one entry into the audit. What was written before an error is not
// an export.
func (e *Export) Write(ctx context.Context, w io.Writer) (*Summary, error) {
	sum := &Summary{LeftOut: e.leftOut}
	for _, t := range e.tables[1:] {
		sum.Tables = append(sum.Tables, t.name)
	}
	out, err := newOutput(w, e.opt.Format, e.tables)
	if err != nil {
		return nil, err
	}
	defer out.discard()
	r := newRower(e, out)
	last := 0
	err = e.store.EachAnswers(ctx, e.by, "export", e.filter, func(s *collection.Submission, rev *collection.Revision) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		l := e.layouts[rev.Version]
		if l == nil {
			l = e.layouts[s.Version]
		}
		if l == nil || s.Unreadable {
			sum.Left++
			return nil
		}
		rec, err := l.Read(rev.XML)
		if err != nil || rec.FormID == "" && rec.InstanceID == "" {
			sum.Left++
			return nil
		}
		sum.Rows++
		if e.opt.Progress != nil && sum.Rows-last >= 1000 {
			last = sum.Rows
			e.opt.Progress(sum.Rows)
		}
		return r.submission(s, rev, l, rec)
	})
	if err != nil {
		return nil, err
	}
	if err := out.close(); err != nil {
		return nil, err
	}
	if e.opt.Progress != nil {
		e.opt.Progress(sum.Rows)
	}
	return sum, nil
}
