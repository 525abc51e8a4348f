package rule

import "slices"

// Kind is what an answer is.
type Kind string

// The kinds of question.
const (
	Choice    Kind = "choice"    // one option
	Choices   Kind = "choices"   // any number of options
	TextLine  Kind = "text"      // one line
	Long      Kind = "long"      // many lines
	DateKind  Kind = "date"      // YYYY-MM-DD; also YYYY-MM and YYYY where the question is partial
	Month     Kind = "month"     // YYYY-MM
	Number    Kind = "number"    // a whole number
	Name      Kind = "name"      // of a person
	Phone     Kind = "phone"     //
	Email     Kind = "email"     //
	Country   Kind = "country"   // ISO 3166 code of two letters
	Countries Kind = "countries" // several of them
	Place     Kind = "place"     // an address or description of a place, in words
	Language  Kind = "language"  // BCP 47 tag
	Files     Kind = "files"     // identifiers of uploads
	Note      Kind = "note"      // a statement without an answer
)

// Kinds are all of them.
var Kinds = []Kind{Choice, Choices, TextLine, Long, DateKind, Month, Number, Name, Phone, Email, Country, Countries, Place, Language, Files, Note}

// FreeText says whether an answer of the kind can hold anything at all, and so
// anything that identifies a person.
func (k Kind) FreeText() bool {
	return slices.Contains([]Kind{TextLine, Long, Name, Phone, Email, Place, Files}, k)
}

// Several says whether a question of the kind may have several values.
func (k Kind) Several() bool { return k == Choices || k == Countries || k == Files }

func (k Kind) options() bool { return k == Choice || k == Choices }
