package outline

import "strings"

// Piece is a part of a sentence about a form. One field is set.
type Piece struct {
	Text   string  // words of ours
	Item   *Item   // a question, group or repeat, called by its label
	Choice *Choice // a choice, called by its label
	Value  string  // a text that the form compares or makes, shown in quotes
	Name   string  // a column or a file, shown as it is written
	Code   string  // an expression that words were not found for
}

// Sentence is a rule of a form in words. It is kept in pieces, so that a page
// can link the questions and show their labels in every language.
type Sentence []Piece

// Whole tells whether everything could be said in words.
func (s Sentence) Whole() bool {
	for _, p := range s {
		if p.Code != "" {
			return false
		}
	}
	return true
}

// In writes the sentence with the labels of one language.
func (s Sentence) In(o *Outline, language int) string {
	return s.with(func(i *Item) string { return o.Name(i, language) }, func(c *Choice) string { return o.Called(c, language) })
}

// with writes the sentence with what item and choice call things.
func (s Sentence) with(item func(*Item) string, choice func(*Choice) string) string {
	var b strings.Builder
	for _, p := range s {
		switch {
		case p.Item != nil:
			b.WriteString("“" + item(p.Item) + "”")
		case p.Choice != nil:
			b.WriteString("“" + choice(p.Choice) + "”")
		case p.Value != "":
			b.WriteString("“" + p.Value + "”")
		default:
			b.WriteString(p.Text + p.Name + p.Code)
		}
	}
	return b.String()
}

// say makes a sentence of words, items, choices and sentences.
func say(parts ...any) Sentence {
	var s Sentence
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			s = s.text(p)
		case *Item:
			s = append(s, Piece{Item: p})
		case Piece:
			s = append(s, p)
		case Sentence:
			for _, piece := range p {
				if piece.Text != "" {
					s = s.text(piece.Text)
				} else {
					s = append(s, piece)
				}
			}
		}
	}
	return s
}

// text appends words, joined to the words before them.
func (s Sentence) text(words string) Sentence {
	if words == "" {
		return s
	}
	if n := len(s); n > 0 && s[n-1].Text != "" {
		s[n-1].Text += words
		return s
	}
	return append(s, Piece{Text: words})
}

// list joins sentences as "a, b and c" with the given last word.
func list(parts []Sentence, last string) Sentence {
	var s Sentence
	for n, p := range parts {
		switch {
		case n == 0:
		case n == len(parts)-1:
			s = say(s, " "+last+" ")
		default:
			s = say(s, ", ")
		}
		s = say(s, p)
	}
	return s
}

// same tells whether two sentences say the same.
func same(a, b Sentence) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// fill replaces $1, $2 ... in a template by sentences, and $* by all of them
// in a list that ends in "and".
func fill(template string, parts []Sentence) Sentence {
	var s Sentence
	for {
		at := strings.IndexByte(template, '$')
		if at < 0 || at+1 >= len(template) {
			return say(s, template)
		}
		s = say(s, template[:at])
		if which := template[at+1]; which == '*' {
			s = say(s, list(parts, "and"))
		} else if n := int(which - '1'); n >= 0 && n < len(parts) {
			s = say(s, parts[n])
		}
		template = template[at+2:]
	}
}
