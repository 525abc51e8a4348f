package preview

import (
	"strings"

	"waymark/forms/outline"
)

// item makes the view of an item and of what is in it; nil for what is listed
// apart or holds nothing to see.
func (c *composer) item(i *outline.Item, level int) *itemView {
	if i.AboutRecord() {
		return nil
	}
	v := &itemView{Anchor: i.Anchor, Level: min(level, 6), Name: i.Name(), Type: outline.TypeWords(i.Type)}
	switch i.Kind {
	case outline.Question:
		v.Kind = "question"
		if i.Type != "note" {
			c.number++
			v.Number = c.number
		}
	case outline.Quiet:
		v.Kind = "quiet"
	case outline.Repeat:
		v.Kind = "repeat"
	default:
		v.Kind = "group"
	}
	v.Label = c.text(i.Label(), i)
	if i.Control != nil {
		v.Hint = c.text(i.Control.Hint, i)
		v.Guidance = c.text(i.Control.Guidance, i)
		v.Media = c.media(i.Label())
		v.Notes = appearanceNotes(i)
	}
	c.rules(i, v)
	if i.Kind == outline.Question {
		v.Sketch = c.sketch(i)
	}
	for _, child := range i.Children {
		if cv := c.item(child, level+1); cv != nil {
			v.Items = append(v.Items, cv)
		}
	}
	if i.Control == nil && i.Kind != outline.Quiet && len(v.Items) == 0 {
		return nil
	}
	return v
}

// icons of the media forms.
var icons = map[string]string{"image": "camera", "big-image": "camera", "audio": "sound", "video": "film"}

func (c *composer) media(t xformText) []mediumView {
	if t.ID == "" {
		return nil
	}
	var views []mediumView
	for _, kind := range []string{"image", "big-image", "audio", "video"} {
		files := c.name(func(l int) string {
			for _, m := range c.o.Media(t, l) {
				if m.Kind == kind {
					return m.File
				}
			}
			return ""
		})
		if files != nil {
			views = append(views, mediumView{icons[kind], files})
		}
	}
	return views
}

// appearanceNotes says in words what an appearance changes for the person who
// answers. Source: ODK XForms specification, section Appearances.
func appearanceNotes(i *outline.Item) []string {
	var notes []string
	for _, word := range strings.Fields(i.Control.Appearance) {
		if note := appearances[word]; note != "" {
			notes = append(notes, note)
		}
		if strings.HasPrefix(word, "ex:") || strings.HasPrefix(word, "intent:") {
			notes = append(notes, "answered in another app")
		}
	}
	if i.Control.Attrs["intent"] != "" {
		notes = append(notes, "answered in another app")
	}
	return notes
}

var appearances = map[string]string{
	"field-list": "shown together on one screen", "table-list": "shown as a table on one screen",
	"signature": "a signature", "draw": "a drawing", "annotate": "a picture to draw on",
	"minimal": "choices in a drop-down list", "autocomplete": "choices found by typing", "quick": "goes on when answered", "quickcompact": "goes on when answered",
	"map": "choices on a map", "image-map": "choices on a picture", "likert": "choices on a scale", "label": "heads a table", "list-nolabel": "row of a table", "list": "row of a table",
	"placement-map": "the place may be moved on the map", "maps": "shown on a map", "new": "a new picture only", "new-front": "the front camera", "front": "the front camera",
	"month-year": "month and year only", "year": "year only", "ethiopian": "Ethiopian calendar", "islamic": "Islamic calendar", "persian": "Persian calendar", "nepali": "Nepali calendar", "coptic": "Coptic calendar", "bikram-sambat": "Nepali calendar", "buddhist": "Buddhist calendar", "myanmar": "Myanmar calendar",
	"printer": "prints a label", "hidden-answer": "the answer stays hidden", "masked": "the answer stays hidden", "counter": "counted with plus and minus", "bearing": "a compass bearing", "thousands-sep": "thousands set apart",
	"picker": "picked from a list", "rating": "stars", "vertical": "upright", "numbers": "digits only", "url": "opens a page",
}

// recorded makes the line of a value about the record or the device.
func (c *composer) recorded(i *outline.Item) recorded {
	v := &itemView{}
	c.rules(i, v)
	name := i.Name()
	if d := i.Definition; d.Attribute || d.Parent != nil && d.Parent.Parent != nil && d.Parent.Parent.Parent != nil { // of an entity
		name = d.Parent.Name + " " + name
	}
	return recorded{Anchor: i.Anchor, Name: name, What: outline.TypeWords(i.Type), Rules: v.Rules}
}
