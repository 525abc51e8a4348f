package preview

import (
	"strconv"
	"strings"

	"waymark/forms/outline"
)

// shownChoices are shown at once; a list that is one or two longer is shown
// whole. mostChoices bounds what a page holds of one list.
const (
	shownChoices = 12
	mostChoices  = 500
)

// sketch draws the control of a question; nil for a note.
func (c *composer) sketch(i *outline.Item) *sketch {
	s := &sketch{Kind: "box"}
	appearance := " " + i.Control.Appearance + " "
	switch i.Type {
	case "note":
		return nil
	case "select_one", "select_multiple", "rank":
		s.Kind, s.Mark = "choices", map[string]string{"select_one": "radio", "select_multiple": "check", "rank": "rank"}[i.Type]
		s.Across = strings.Contains(appearance, " likert ") || strings.Contains(appearance, " columns") || strings.Contains(appearance, " horizontal")
		c.choices(i, s)
	case "text":
		s.Words = "text"
		if i.Control.Attrs["rows"] != "" || strings.Contains(appearance, " multiline ") {
			s.Kind = "area"
		}
	case "geopoint", "geotrace", "geoshape":
		s.Kind, s.Icon, s.Words = "map", i.Type, outline.TypeWords(i.Type)
	case "image", "audio", "video", "file", "osm", "binary":
		s.Kind, s.Words = "upload", outline.TypeWords(i.Type)
		s.Icon = map[string]string{"image": "camera", "audio": "sound", "video": "film"}[i.Type]
		if s.Icon == "" {
			s.Icon = "file"
		}
	case "barcode":
		s.Kind, s.Icon, s.Words = "upload", "barcode", "barcode"
	case "acknowledge":
		s.Kind, s.Words = "confirm", "OK"
	case "range":
		s.Kind, s.Ticks = "range", ticks(i.Control.Attrs)
	default:
		s.Icon, s.Words = map[string]string{"date": "day", "dateTime": "day", "time": "clock"}[i.Type], outline.TypeWords(i.Type)
	}
	return s
}

// choices fills in the list: twelve at once, the rest folded, and a list that
// another question shows whole by a link to it.
func (c *composer) choices(i *outline.Item, s *sketch) {
	l := i.List
	if l == nil {
		s.Source = "another place"
		return
	}
	s.Source = l.Source
	if l.Repeated != nil {
		s.From = c.says(outline.Sentence{{Item: l.Repeated}})
	}
	for n := range l.Choices {
		if n == mostChoices {
			s.Beyond = len(l.Choices) - mostChoices
			break
		}
		if n == shownChoices && len(l.Choices) > shownChoices+2 && c.shown[l] != "" {
			break
		}
		choice := &l.Choices[n]
		v := choiceView{Value: choice.Value, Label: c.text(choice.Label, nil), Media: c.media(choice.Label)}
		if n >= shownChoices && len(l.Choices) > shownChoices+2 {
			s.Rest = append(s.Rest, v)
		} else {
			s.Choices = append(s.Choices, v)
		}
	}
	if len(l.Choices) > shownChoices+2 {
		s.More = len(l.Choices) - shownChoices
		if s.Also = c.shown[l]; s.Also == "" {
			c.shown[l] = i.Anchor
		}
	}
}

// ticks are the marks of a scale, at most eleven of them.
func ticks(attrs map[string]string) []string {
	start, err1 := strconv.ParseFloat(attrs["start"], 64)
	end, err2 := strconv.ParseFloat(attrs["end"], 64)
	step, err3 := strconv.ParseFloat(attrs["step"], 64)
	if err1 != nil || err2 != nil {
		return nil
	}
	if err3 != nil || step == 0 || (end-start)/step > 10 || (end-start)/step < 0 {
		step = (end - start) / 4
	}
	if step == 0 {
		return []string{attrs["start"]}
	}
	var marks []string
	for n := 0; n <= int((end-start)/step+0.001); n++ {
		marks = append(marks, strconv.FormatFloat(start+float64(n)*step, 'f', -1, 64))
	}
	return marks
}
