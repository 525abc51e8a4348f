// Package compare says what changed between two versions of a form, for the
// data: what breaks columns and codes, what changes the meaning of an answer,
// and what is wording only.
//
// It knows outlines of forms; it must not know answers, so it says what old
// data may hold, not what they do hold.
package compare

import (
	"cmp"
	"slices"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

// Level says what a change does to data that were collected before it.
type Level uint8

// The levels, the gravest last.
const (
	// Wording changes what people read, not what is stored or meant.
	Wording Level = iota
	// Adds makes new columns, which old records lack.
	Adds
	// Meaning keeps columns and codes, but old and new answers do not say the
	// same: who is asked, what may be answered, how a value is calculated.
	Meaning
	// Breaks changes columns, types or codes, so that old and new data no longer
	// fit together as they are.
	Breaks
)

var levelNames = [...]string{"wording", "adds", "meaning", "breaking"}

// String returns the level's name: wording, adds, meaning, breaking.
func (l Level) String() string { return levelNames[l] }

// MarshalText writes the name, for JSON.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Change is one change.
type Change struct {
	Level Level  `json:"level"`
	Kind  string `json:"kind"` // added, removed, renamed, moved, type, choices, relevance, ...
	// Path is the node's path in the new form, Was in the old one where it
	// differs. Both are empty for the form itself.
	Path string `json:"path,omitempty"`
	Was  string `json:"was,omitempty"`
	// Label names the question or group for a person.
	Label string `json:"label,omitempty"`
	// What says the change in a few words.
	What string `json:"what"`
	// Old and New are the two sides, in words; OldCode and NewCode are their
	// expressions where they have any.
	Old     string `json:"old,omitempty"`
	New     string `json:"new,omitempty"`
	OldCode string `json:"old_code,omitempty"`
	NewCode string `json:"new_code,omitempty"`
	// Names are the questions that the change is about besides Path.
	Names []string `json:"names,omitempty"`
	order int
}

// Side names one of the two forms.
type Side struct {
	Title     string   `json:"title"`
	ID        string   `json:"id"`
	Version   string   `json:"version"`
	Languages []string `json:"languages"`
}

// Report is all changes, the gravest first and then in the order of the form.
type Report struct {
	Old      Side           `json:"old"`
	New      Side           `json:"new"`
	Counts   map[string]int `json:"counts"`
	Warnings []string       `json:"warnings"`
	Changes  []Change       `json:"changes"`
}

// Count returns how many changes are of a level.
func (r *Report) Count(l Level) int { return r.Counts[l.String()] }

// Forms compares two versions of a form. Labels and the words for logic are in
// the language given by name or code, as each form has it; empty is the new
// form's default language.
func Forms(old, new *xform.Form, language string) (*Report, error) {
	c := &comparison{old: outline.Of(old), new: outline.Of(new),
		toNew: map[*outline.Item]*outline.Item{}, toOld: map[*outline.Item]*outline.Item{}, lists: map[[2]*outline.List]*listChange{}}
	n, err := c.new.Language(language)
	if err != nil {
		return nil, err
	}
	c.newLang, c.oldLang = n, old.Default
	if n >= 0 {
		if at, err := c.old.Language(new.Languages[n]); err == nil {
			c.oldLang = at
		} else if tag := c.new.Languages()[n].Tag; tag != "" {
			if at, err := c.old.Language(tag); err == nil {
				c.oldLang = at
			}
		}
	}
	c.order = map[*outline.Item]int{}
	for i := range c.new.All() {
		c.order[i] = len(c.order)
	}
	c.match()
	c.form()
	c.structure()
	for i := range c.new.All() {
		if was := c.toOld[i]; was != nil {
			c.item(was, i)
		}
	}
	c.reportLists()
	r := &Report{Old: side(old), New: side(new), Counts: map[string]int{}, Warnings: []string{}, Changes: c.changes}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(a.order, b.order))
	})
	for _, name := range levelNames {
		r.Counts[name] = 0
	}
	for _, ch := range r.Changes {
		r.Counts[ch.Level.String()]++
	}
	r.warn()
	if r.Changes == nil {
		r.Changes = []Change{}
	}
	return r, nil
}

func side(f *xform.Form) Side {
	return Side{Title: f.Title, ID: f.ID, Version: f.Version, Languages: append([]string{}, f.Languages...)}
}

// warn says what a person should know beside the changes.
func (r *Report) warn() {
	if len(r.Changes) == 0 || r.Old.ID != r.New.ID {
		return
	}
	if r.Old.Version == r.New.Version {
		what := "both have the version " + r.New.Version
		if r.New.Version == "" {
			what = "neither has a version"
		}
		r.Warnings = append(r.Warnings, "the forms differ, but "+what+": phones that have the old one will not fetch the new one, and records do not tell which they were made with")
	} else if r.New.Version < r.Old.Version && len(r.New.Version) == len(r.Old.Version) {
		r.Warnings = append(r.Warnings, "the new version "+r.New.Version+" sorts before the old version "+r.Old.Version)
	}
}

// comparison is the work on one pair of forms.
type comparison struct {
	old, new         *outline.Outline
	oldLang, newLang int
	// toNew and toOld are the pairs of items that are the same in both.
	toNew, toOld map[*outline.Item]*outline.Item
	renamed      map[*outline.Item]bool // by the new item
	order        map[*outline.Item]int
	changes      []Change
	lists        map[[2]*outline.List]*listChange
	listOrder    []*listChange
}

// add notes a change of an item; either side may be nil.
func (c *comparison) add(ch Change, was, is *outline.Item) {
	if is != nil {
		ch.Path, ch.Label, ch.order = is.Path(), c.new.Name(is, c.newLang), c.order[is]+1
		if ch.Path == "" {
			ch.Path = "(group without a node)"
		}
	}
	if was != nil {
		if ch.Was = was.Path(); is == nil {
			ch.Path, ch.Was, ch.Label = was.Path(), "", c.old.Name(was, c.oldLang)
		} else if ch.Was == ch.Path {
			ch.Was = ""
		}
	}
	if ch.Label == ch.Name() {
		ch.Label = ""
	}
	c.changes = append(c.changes, ch)
}
