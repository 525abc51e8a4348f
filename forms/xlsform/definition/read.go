package definition

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// Limits on what one form may hold. They are far above real questionnaires and
// keep a hostile workbook from filling memory or the stack.
const (
	maxFaults   = 200     // faults that are kept; the rest are counted
	maxWarnings = 1000    // warnings that are kept; the rest are counted
	maxDepth    = 500     // groups, repeats and loops inside one another
	maxColumns  = 1000    // headers of one sheet
	maxRows     = 100_000 // rows of the survey sheet
	maxElements = 100_000 // nodes of a form, once its loops are written out
)

// Options say what the workbook itself may leave open.
type Options struct {
	// Name is the name of the root node of the answers. Optional; the setting
	// "name" wins over it; "data" where neither is given.
	Name string
	// DefaultLanguage is the language of columns that name none. Optional; the
	// setting default_language wins over it; "default" where neither is given.
	DefaultLanguage string
}

// Read turns the sheets of a workbook into the form that they define.
//
// The error is a *fault.List of everything that is wrong, each fault with its
// sheet, row, column (from 1) and header, and what to write instead. The form
// is returned beside it as far as it could be read, for checks that want to
// look on; it must not be compiled.
//
// What is accepted, rejected and warned of follows pyxform 4.5.0, the reference
// compiler of the ODK world; the wording is ours.
func Read(book *workbook.Workbook, opts Options) (*Form, error) {
	r := &reader{
		book:   book,
		form:   &Form{},
		faults: fault.NewList(maxFaults),
		name:   opts.Name,
	}
	if r.name == "" {
		r.name = "data"
	} else if !isName(r.name) {
		r.faults.Addf(fault.Usage, fault.Place{}, nameRemedy, "the form's name (form_name) %q cannot name a node", r.name)
	}
	r.form.DefaultLanguage = opts.DefaultLanguage
	if r.form.DefaultLanguage == "" {
		r.form.DefaultLanguage = "default"
	}
	r.form.Warnings = append(r.form.Warnings, book.Warnings...)
	if r.hasSurvey() {
		r.read()
	}
	sortFaults(r.faults.Faults)
	if r.unsaid > 0 {
		r.form.Warnings = append(r.form.Warnings, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("there are %d more warnings", r.unsaid), "mend those above first"))
	}
	return r.form, r.faults.Err()
}

// reader holds what is known while a workbook is read.
type reader struct {
	book   *workbook.Workbook
	form   *Form
	faults *fault.List
	name   string // of the root node

	// clean tells that runs of spaces in the survey sheet are folded.
	clean    bool
	settings []setting
	survey   *columns
	choices  *columns
	lists    map[string]*List
	external map[string]*List
	osm      map[string]*List

	// rows are the rows of the survey sheet that count, in order.
	rows  []*row
	stack []frame
	loops []loop
	meta  []*Element
	// tableList is the list of the table-list group that is open: tableAsked
	// before its first select, empty outside.
	tableList string

	named        map[string]int  // names of questions, groups and repeats, with how often
	questions    map[string]bool // names of questions alone
	repeats      map[string]bool
	instances    map[string]bool // ids of secondary instances
	triggers     []mention
	geometries   []mention
	translations translations
	orOther      bool
	unsaid       int // warnings beyond the bound
}

// mention is a name, or a reference, that a row makes of something that may
// come later.
type mention struct {
	what string
	at   fault.Place
}

// read goes through the sheets in the order in which they depend on each other.
func (r *reader) read() {
	r.readSettings()
	r.readExternalChoices()
	r.readChoices()
	r.readOSM()
	r.readSurvey()
	r.checkOtherTranslated()
	r.checkTriggers()
	r.checkGeometries()
	r.flatten()
	r.addMeta()
	r.applyEntities()
	r.placeMeta()
	r.checkReferences()
	r.expandLoops()
	r.checkTree()
	r.markLists()
	r.checkLanguages()
}

// fault adds one fault.
func (r *reader) fault(at fault.Place, remedy, format string, args ...any) {
	if r.faults.Len() >= maxFaults {
		r.faults.Add(nil) // it is only counted
		return
	}
	r.faults.Addf(fault.Invalid, at, remedy, format, clipped(args)...)
}

// warn adds one warning.
func (r *reader) warn(at fault.Place, remedy, format string, args ...any) {
	if len(r.form.Warnings) >= maxWarnings {
		r.unsaid++
		return
	}
	r.form.Warnings = append(r.form.Warnings,
		fault.New(fault.Invalid, at, fmt.Sprintf(format, clipped(args)...), remedy))
}

// sheetOrder is the order in which faults are listed: as people fill the sheets.
var sheetOrder = map[string]int{"survey": 1, "choices": 2, "external_choices": 3, "entities": 4, "osm": 5, "settings": 6}

// sortFaults puts faults in the order of sheets and rows; those of one row stay
// as they were found.
func sortFaults(faults []*fault.Fault) {
	slices.SortStableFunc(faults, func(a, b *fault.Fault) int {
		if c := cmp.Compare(sheetOrder[a.Place.Sheet], sheetOrder[b.Place.Sheet]); c != 0 {
			return c
		}
		return cmp.Compare(a.Place.Row, b.Place.Row)
	})
}

// hasSurvey tells whether there is a survey sheet, and complains if not.
func (r *reader) hasSurvey() bool {
	s := r.book.Sheet("survey")
	if s != nil && (len(s.Rows) > 0 || hasHeader(s)) {
		return true
	}
	r.fault(fault.Place{Sheet: "survey"},
		r.sheetRemedy("survey", `name the sheet with the questions "survey" and give it a header row`), "there is no survey sheet")
	return false
}

func hasHeader(s *workbook.Sheet) bool {
	for _, h := range s.Header {
		if h != "" {
			return true
		}
	}
	return false
}

// sheetsLike names the sheets of the file that are likely misspellings of one
// that is looked for. Names that begin with "_" are meant to be ignored.
func (r *reader) sheetsLike(name string) []string {
	var like []string
	for _, n := range r.book.Names {
		if n != "" && n[0] != '_' && !sheetNames[n] && misspells(n, name) {
			like = append(like, n)
		}
	}
	return like
}

// sheetRemedy says which sheet to rename, or what else to do.
func (r *reader) sheetRemedy(name, otherwise string) string {
	like := r.sheetsLike(name)
	if len(like) == 0 {
		return otherwise
	}
	return fmt.Sprintf("rename the sheet %s to %q", quoted(like), name)
}

var sheetNames = map[string]bool{
	"survey": true, "choices": true, "settings": true,
	"external_choices": true, "osm": true, "entities": true,
}

// warnOfSheetLike warns of sheets that may be a misspelled one.
func (r *reader) warnOfSheetLike(name string) {
	if like := r.sheetsLike(name); len(like) > 0 {
		r.warn(fault.Place{Sheet: like[0]},
			fmt.Sprintf("rename it to %s, or put an underscore before its name if it is not meant", name),
			"there is no sheet %q, but one with a similar name: %s", name, quoted(like))
	}
}
