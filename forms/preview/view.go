package preview

import (
	"html/template"
)

// page is what the template shows; all decisions are made before.
type page struct {
	Title, ID, Version string
	Style              template.CSS
	Languages          []languageView
	Facts              []fact
	Contents           []*entry
	Items              []*itemView
	Recorded           []recorded
	Program            string
}

type languageView struct {
	ID, Name, Tag, Dir string
	First              bool
	Missing            int // texts that the language lacks
}

type fact struct {
	Caption string
	Value   string
}

// entry is a line of the list of contents.
type entry struct {
	Anchor string
	Label  runs
	Count  int
	Under  []*entry
}

// run is a text in one language. Class is empty where it is the same in all.
type run struct {
	Class, Lang, Dir string
	HTML             template.HTML
	// Borrowed tells that the language lacks the text.
	Borrowed bool
}

type runs []run

// phrase is a piece of a sentence for the page.
type phrase struct {
	Text   string
	Anchor string // of the question that Runs name
	Runs   runs
	Quoted bool // Runs are a label, and stand in quotes
	Code   string
}

type sentence []phrase

// rule is one rule of a question: "Asked if" and the sentence.
type rule struct {
	Caption string
	Says    sentence
	Text    runs   // instead of Says: a message
	Code    string // the expression as the form has it
}

// itemView is a question, a group or a repeat.
type itemView struct {
	Kind     string // question, group, repeat, quiet
	Anchor   string
	Level    int // of the heading, 2 to 6
	Number   int // of the question, from 1; 0 for others
	Name     string
	Type     string
	Label    runs
	Hint     runs
	Guidance runs
	Media    []mediumView
	Required bool
	Notes    []string // "shown together on one screen"
	Sketch   *sketch
	Rules    []rule
	Code     []rule // the rules that have an expression
	Items    []*itemView
}

type mediumView struct {
	Icon string
	Runs runs
}

// sketch is the control as a drawing in HTML.
type sketch struct {
	Kind    string // box, area, choices, rank, range, map, upload, confirm
	Icon    string
	Words   string
	Mark    string // radio, check, rank: before each choice
	Across  bool
	Choices []choiceView
	Rest    []choiceView
	More    int    // how many are in Rest
	Beyond  int    // how many are not on the page at all
	Also    string // anchor of the question that lists the rest
	Source  string // file of the choices
	From    []phrase
	Ticks   []string
}

type choiceView struct {
	Value string
	Label runs
	Media []mediumView
}

// recorded is a value that nobody is asked for, about the record or device.
type recorded struct {
	Anchor, Name, What string
	Rules              []rule
}
