package record

import (
	"waymark/monitoring/collection"
)

// Record is one submission laid out for reading.
type Record struct {
	// Name is the record's own name (instanceName), for full readers only.
	Name string
	// Lang and Dir are of the form's texts: a BCP 47 code or "", "ltr" or "rtl".
	Lang, Dir string
	// Sections come in reading order; a question after a group starts a new one.
	Sections []*Section
	// Extra are values that the form does not know, for full readers only.
	Extra []*Answer
	// Findings are all of them in the order of gravity, with where they belong.
	Findings []Placed
	// Answered of Asked questions have an answer; Hidden counts the answers that
	// this reader does not see; Cut the answers beyond MaxAnswers.
	Answered, Asked, Hidden, Cut int
}

// MaxAnswers is how many answers of one submission are laid out, inclusive.
const MaxAnswers = 10_000

// Section is a stretch of questions: of a group, of one instance of a repeat, or
// of the form itself.
type Section struct {
	// Anchor is unique in the record: letters, digits, dots and hyphens.
	Anchor string
	// Label is of the group or repeat; "" for questions outside one, and for what
	// follows after a group inside.
	Label string
	// Level counts groups around, from 1.
	Level int
	// Number of Of is the instance of a repeat, from 1; 0 for a group.
	Number, Of int
	// Record tells that the section is about the record and the device.
	Record  bool
	Answers []*Answer
}

// Answer is one question with what was answered.
type Answer struct {
	// Path has positions in repeats.
	Path   string
	Anchor string
	Name   string
	Label  string
	// Type is a type of forms/outline: text, select_one, geopoint, ...
	Type string
	// Value is as it was sent; "" if it is Hidden.
	Value string
	// Codes are what was picked in a select or a rank.
	Codes []Code
	// File is the file that the answer names, as far as it has arrived.
	File *collection.Attachment
	// Blank tells that there is no answer; Asked that the form asks for one under
	// the other answers.
	Blank, Asked bool
	// Quiet tells that nobody was asked: it was calculated or recorded.
	Quiet bool
	// Hidden says why this reader does not see the value, "" if it is shown.
	Hidden   Reason
	Findings []collection.Finding

	raw string // for comparison, also where it is hidden
}

// Code is one choice that was picked.
type Code struct {
	Value, Label string
	// Unknown tells that the form does not offer it.
	Unknown bool
}

// Placed is a finding with the question that it is about. Anchor and Label are ""
// where it is about the whole, or about a question that is not laid out.
type Placed struct {
	collection.Finding
	Anchor, Label string
}

// Unfit is the reason for a value that is not what its question asks for.
const Unfit Reason = "unfit"
