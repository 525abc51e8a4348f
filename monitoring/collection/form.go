package collection

import (
	"slices"
	"strconv"

	"waymark/internal/fault"
)

// formMoves are the states that a person may put a form into. A draft becomes
// open by being published.
var formMoves = map[FormState][]FormState{
	FormOpen:    {FormClosing, FormClosed},
	FormClosing: {FormOpen, FormClosed},
	FormClosed:  {FormOpen},
}

// Moves lists the states that a person may put the form into.
func (f *Form) Moves() []FormState { return formMoves[f.State] }

// Move sets the state, or says that it cannot be reached from the present one.
func (f *Form) Move(to FormState) error {
	if !slices.Contains(f.Moves(), to) {
		return breach(fault.Conflict, fault.Place{Field: "state"}, "state")
	}
	f.State = to
	return nil
}

// Missing lists the files that a version needs and does not have.
func (v *Version) Missing() []string {
	var names []string
	for _, f := range v.Files {
		if f.Address == "" {
			names = append(names, f.Name)
		}
	}
	return names
}

// CheckPublish says everything that keeps a draft from being published. errors is
// how many the check of the questionnaire found; published are the form's
// versions.
func CheckPublish(draft *Version, errors int, published []*Version) error {
	if draft == nil {
		return breach(fault.Conflict, fault.Place{}, "form.none")
	}
	b := newBreaches()
	if errors > 0 {
		b.field("errors", "form.errors")
	}
	if n := len(draft.Missing()); n > 0 {
		b.field("files", "form.files", "count", strconv.Itoa(n))
	}
	for _, v := range published {
		if !v.Published.IsZero() && v.ID != draft.ID && v.Version == draft.Version {
			b.field("version", "form.version", "version", draft.Version)
			break
		}
	}
	return b.err()
}

// NeededFile returns the file of a draft by its name, or says that the form needs
// none of this name.
func (v *Version) NeededFile(name string) (*FormFile, error) {
	for i := range v.Files {
		if v.Files[i].Name == name {
			return &v.Files[i], nil
		}
	}
	return nil, breach(fault.Invalid, fault.Place{Field: "file"}, "form.file.name")
}
