package compare

import (
	"strings"

	"waymark/forms/outline"
)

// form compares what the forms say of themselves.
func (c *comparison) form() {
	a, b := c.old.Form, c.new.Form
	if a.ID != b.ID {
		c.add(Change{Level: Breaks, Kind: "id", What: "the form's id changed: servers and phones take it for another form", Old: a.ID, New: b.ID}, nil, nil)
	}
	if a.Title != b.Title {
		c.add(Change{Level: Wording, Kind: "title", What: "title changed", Old: orNothing(a.Title), New: orNothing(b.Title)}, nil, nil)
	}
	old, new := a.Submission["base64RsaPublicKey"] != "", b.Submission["base64RsaPublicKey"] != ""
	if old != new {
		words := map[bool]string{true: "encrypted on the device", false: "not encrypted"}
		c.add(Change{Level: Meaning, Kind: "encryption", What: "encryption of answers changed", Old: words[old], New: words[new]}, nil, nil)
	}
	var gone, come []string
	kept := map[int]bool{}
	added := map[int]bool{}
	for m, n := range c.shared() {
		kept[m], added[n] = true, true
	}
	for m, l := range a.Languages {
		if !kept[m] {
			gone = append(gone, l)
		}
	}
	for n, l := range b.Languages {
		if !added[n] {
			come = append(come, l)
		}
	}
	if len(gone) > 0 && !onlyDefault(gone) {
		c.add(Change{Level: Wording, Kind: "languages", What: "languages removed: " + strings.Join(gone, ", ")}, nil, nil)
	}
	if len(come) > 0 && !onlyDefault(come) {
		c.add(Change{Level: Wording, Kind: "languages", What: "languages added: " + strings.Join(come, ", ")}, nil, nil)
	}
	if x, y := defaultOf(c.old), defaultOf(c.new); x != y {
		c.add(Change{Level: Wording, Kind: "languages", What: "the language shown first changed", Old: orNothing(x), New: orNothing(y)}, nil, nil)
	}
}

// onlyDefault tells whether the only language is the one without a name that a
// form without translations has.
func onlyDefault(languages []string) bool { return len(languages) == 1 && languages[0] == "default" }

func defaultOf(o *outline.Outline) string {
	if n := o.Form.Default; n >= 0 && n < len(o.Form.Languages) {
		return o.Form.Languages[n]
	}
	return ""
}
