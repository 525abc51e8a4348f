package instrument

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"waymark/internal/fault"
)

// DraftOptions says how to draft an instrument.
type DraftOptions struct {
	// ID of the new instrument. Default: made from the name of the file.
	ID string
	// Date of the draft, as 2016-10-11. Required: it is cited as the date of
	// what was guessed.
	Date string
	// Sheet of a workbook of data. Default: the first with a header.
	Sheet string
}

// Drafted is an instrument that was guessed from a file, for a person to edit.
// It loads as it is.
type Drafted struct {
	ID    string
	Files []DraftedFile // survey.csv, choices.csv, settings.csv, instrument.yaml
	// Guesses say what was decided and why, one sentence each.
	Guesses []string
}

// DraftedFile is one file of a drafted folder.
type DraftedFile struct {
	Name string
	Data []byte
}

// Draft makes an instrument from a file of data (CSV, XLSX, Parquet, Stata, SPSS)
// or from an XLSForm workbook. It decides types and codes from the values, and the
// columns of the design from their names and their values together; each guess
// says why in instrument.yaml.
func Draft(ctx context.Context, path string, opt DraftOptions) (*Drafted, error) {
	if !citationDate().MatchString(opt.Date) {
		return nil, fault.New(fault.Internal, fault.Place{}, fmt.Sprintf("the date of the draft is %q", opt.Date), "give it as 2016-10-11")
	}
	base := filepath.Base(path)
	id := opt.ID
	if id == "" {
		id = draftName(strings.TrimSuffix(base, filepath.Ext(base)), map[string]bool{})
	} else if !identifier().MatchString(id) {
		return nil, fault.New(fault.Usage, fault.Place{Field: id}, "an id has letters, digits, _ . and -", "give another id")
	}
	d := &draft{id: id, source: base, date: opt.Date, names: map[string]bool{}}
	form, err := isForm(path)
	if err != nil {
		return nil, err
	}
	if form && opt.Sheet == "" {
		err = d.fromForm(path)
	} else {
		err = d.fromData(ctx, path, opt.Sheet)
	}
	if err != nil {
		return nil, err
	}
	if d.roleOf(RoleConsent) != "" {
		d.guess("no rule leaves out people who did not consent (%s): write it under exclusions", d.roleOf(RoleConsent))
	}
	out := &Drafted{ID: id, Files: []DraftedFile{{surveyFile, d.survey}, {choicesFile, d.choices}, {settingsFile, d.settings}, {definition, d.definition()}}, Guesses: d.guesses}
	// What was drafted must load; anything else is a fault of this package.
	src := &source{name: id, stem: id, files: map[string][]byte{}}
	for _, f := range out.Files {
		src.files[f.Name] = f.Data
	}
	if _, err := src.parse(); err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{File: base}, "the draft does not load: "+err.Error(), "please report it, with the header of the file", err)
	}
	return out, nil
}

// Archive writes the draft as a txtar archive, which Load reads too.
func (d *Drafted) Archive() []byte {
	a := &txtar.Archive{Comment: []byte("Drafted instrument " + d.ID + ": edit it, then use it as --instrument with this file or with its folder.\n")}
	for _, f := range d.Files {
		a.Files = append(a.Files, txtar.File{Name: d.ID + "/" + f.Name, Data: f.Data})
	}
	return txtar.Format(a)
}

// WriteFolder writes the draft as a folder, all or nothing. The folder must
// not be there yet, or be empty.
func (d *Drafted) WriteFolder(dir string) error {
	at := fault.Place{File: dir}
	cannot := func(err error) error {
		return fault.Wrap(fault.Unavailable, at, "the folder cannot be written", "check the path and the rights", err)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return fault.New(fault.Conflict, at, "the folder is not empty, and nothing in it is overwritten", "give a new folder")
	case err == nil, errors.Is(err, os.ErrNotExist):
	default:
		return fault.Wrap(fault.Conflict, at, "this is not a folder that can be written to", "give a new folder", err)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return cannot(err)
	}
	temp, err := os.MkdirTemp(parent, ".waymark-draft-")
	if err != nil {
		return cannot(err)
	}
	defer os.RemoveAll(temp) // gone after the rename
	if err := os.Chmod(temp, 0o755); err != nil {
		return cannot(err)
	}
	for _, f := range d.Files {
		if err := os.WriteFile(filepath.Join(temp, f.Name), f.Data, 0o644); err != nil {
			return cannot(err)
		}
	}
	if entries != nil || err == nil {
		_ = os.Remove(dir) // an empty folder; the rename says if it is still there
	}
	if err := os.Rename(temp, dir); err != nil {
		return cannot(err)
	}
	return nil
}

// draft collects what an instrument is made of.
type draft struct {
	id, source, date string
	names            map[string]bool // taken names of questions, in lower case
	questions        []*draftQuestion
	survey           []byte
	choices          []byte
	settings         []byte
	languages        []string
	skipped          []string // columns that are no question, with the reason
	lists            map[string]string
	roles            []draftRole
	guesses          []string
	remarks          []string // for the author to check, in instrument.yaml
	fromWorkbook     bool
}

// draftRole is a guessed role, with its reason.
type draftRole struct {
	role Role
	name string
	why  string
}

// guess adds a sentence to the guesses.
func (d *draft) guess(format string, args ...any) {
	d.guesses = append(d.guesses, fmt.Sprintf(format, args...))
}

// roleOf returns the question with a role, or "".
func (d *draft) roleOf(r Role) string {
	for _, known := range d.roles {
		if known.role == r {
			return known.name
		}
	}
	return ""
}

// role takes a guessed role, if nothing has it yet.
func (d *draft) role(r Role, name, why string) bool {
	if d.roleOf(r) != "" {
		return false
	}
	d.roles = append(d.roles, draftRole{r, name, why})
	d.guess("role %s: %s, because %s", r, name, why)
	return true
}
