package handover

import (
	"bytes"
	_ "embed"
	"html/template"
	"time"
)

// Paper is something to print, to keep or to hand over. The same paper has the same
// bytes.
type Paper struct {
	// Title is neutral: no paper's title, metadata or name tells of a person.
	Title string
	// Notice says what it is, in a sentence or two.
	Notice string
	// Facts stand above everything: who sends it, under which rules.
	Facts    []Fact
	Sections []Section
	// Foot is on every page beside its number.
	Foot string
	Made time.Time
}

// Fact is one line of the head.
type Fact struct{ Label, Value string }

// Section is answers or steps under one heading.
type Section struct {
	Title string
	Items []Item
}

// Item is one question with its answer, or one step.
type Item struct {
	Label string
	// Values are paragraphs; none is shown as not answered unless Plain.
	Values []string
	// Typed says that the values are words that somebody typed, in any language.
	Typed bool
	// Plain is a statement that has no answer.
	Plain bool
	// Source says where a step comes from, with what is not certain about it.
	Source string
}

// unanswered stands where an answer could be.
const unanswered = "Not answered"

//go:embed paper.html.tmpl
var paperText string

var paperTemplate = template.Must(template.New("paper").Parse(paperText))

// HTML returns one page that needs nothing else: no script, no picture, no request.
func (p *Paper) HTML() []byte {
	var b bytes.Buffer
	if err := paperTemplate.Execute(&b, p); err != nil {
		panic("handover: a paper cannot be written: " + err.Error()) // it is texts alone
	}
	return b.Bytes()
}

// Unanswered is what the page says where there is no answer.
func (p *Paper) Unanswered() string { return unanswered }
