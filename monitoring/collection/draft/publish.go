package draft

import (
	"fmt"

	"waymark/forms/compare"
	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
)

// Ready says everything for which a draft must not be published yet: rules that
// find errors, files that are missing, a version name that was used before. nil
// means that phones may have it. published are the form's versions so far.
func Ready(v *collection.Version, published []*collection.Version) error {
	if v == nil || len(v.XForm) == 0 {
		return fault.New(fault.NotFound, fault.Place{}, "there is no draft", "upload the form first")
	}
	faults := fault.NewList(maxFaults)
	form, err := xform.Parse(v.XForm)
	if err != nil {
		faults.Add(faultsOf(err)...)
		return faults
	}
	if hash(v.XForm) != v.Hash {
		faults.Addf(fault.Internal, fault.Place{}, "upload the form again", "the form does not agree with its checksum")
	}
	if v.Source != nil {
		// What the source was found to have is not kept; it is looked at again.
		d, _ := Make(v.Source, v.SourceName, Options{FormID: form.ID, PublicKey: form.Submission["base64RsaPublicKey"]})
		for _, f := range d.Findings {
			if f.Severity == lint.Error {
				at := f.Place
				at.File = v.SourceName
				faults.Add(fault.New(fault.Invalid, at, f.Message, f.Remedy))
			}
		}
	}
	for _, old := range published {
		if old.ID != v.ID && !old.Published.IsZero() && old.Version == form.Version {
			faults.Addf(fault.Conflict, fault.Place{Field: "version"}, "write a later one in the settings, and upload the form again",
				"the version %q was published before", form.Version)
			break
		}
	}
	have := map[string]bool{}
	for _, f := range v.Files {
		have[f.Name] = f.Address != ""
	}
	missing := 0
	for _, n := range needs(form, nil) {
		if have[n.Name] {
			continue
		}
		missing++
		what := "the form"
		if len(n.Uses) > 0 && n.Uses[0].Label != "" {
			what = fmt.Sprintf("the question “%s”", n.Uses[0].Label)
		}
		faults.Addf(fault.NotFound, fault.Place{Field: n.Name}, "add it to the draft", "the file %s is missing, which %s uses", n.Name, what)
	}
	return faults.Err()
}

// NeedsOf lists the files that a version needs, with the questions that use
// them.
func NeedsOf(v *collection.Version) ([]Need, error) {
	form, err := xform.Parse(v.XForm)
	if err != nil {
		return nil, err
	}
	return needs(form, nil), nil
}

// Compare says what a new version changes for the data: what breaks columns and
// codes, what changes the meaning of answers, what adds columns, what is wording.
// Labels are in the new form's default language.
func Compare(old, new *collection.Version) (*compare.Report, error) {
	a, err := xform.Parse(old.XForm)
	if err != nil {
		return nil, err
	}
	b, err := xform.Parse(new.XForm)
	if err != nil {
		return nil, err
	}
	return compare.Forms(a, b, "")
}

// Breaking counts the changes after which old and new answers do not fit
// together, or do not say the same.
func Breaking(r *compare.Report) int { return r.Count(compare.Breaks) + r.Count(compare.Meaning) }
