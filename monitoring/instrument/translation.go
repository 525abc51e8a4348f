package instrument

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// TextStatus says who stands behind a text of a questionnaire.
type TextStatus string

// The statuses. Only Reviewed says that a person who speaks the language has
// read the text; a team asks in a language when all of its texts are Reviewed.
const (
	TextSource      TextStatus = "source"       // in the language that the form was written in
	TextNeedsReview TextStatus = "needs review" // translated, not yet read by a speaker
	TextReviewed    TextStatus = "reviewed"     // read, and mended where needed, by a speaker
	TextMissing     TextStatus = "missing"      // the form has the text in other languages, not in this one
)

// translatedColumns are the columns of each sheet that hold texts for people.
// Source: XLSForm reference, "Multiple language support".
var translatedColumns = map[string][]string{
	"survey":  {"label", "hint", "guidance_hint", "constraint_message", "required_message"},
	"choices": {"label"},
}

// Translation is one text of a questionnaire in one language, with its status.
type Translation struct {
	Sheet    string // survey, choices, or instrument for the texts of instrument.yaml
	Name     string // of the row; of a choice "list/name"; in instrument.yaml "indicator/held"
	Column   string // label, hint, sentence, ...
	Language string // BCP 47: en, prs
	Text     string // empty if Status is TextMissing
	Status   TextStatus
	// CheckedByRole is the role of who has read it, such as "native speaker,
	// protection officer": never a name. Date is the day, as 2006-01-02. Both
	// are required with TextReviewed and empty with TextNeedsReview.
	CheckedByRole, Date string
}

// hash is the first 12 hexadecimal digits of the text's SHA-256: enough to see
// that a text has changed since it was read.
func (t Translation) hash() string {
	sum := sha256.Sum256([]byte(t.Text))
	return hex.EncodeToString(sum[:])[:12]
}

// key tells one text in one language from every other.
func (t Translation) key() string {
	return strings.Join([]string{t.Sheet, t.Name, t.Column, t.Language}, "\x00")
}

// Translations lists every text of an instrument in every language, in the
// order of the sheets and of instrument.yaml, with the status that translations.csv records. A text
// that the record does not know, or that has changed since, needs review.
//
// The second result is what is odd about the record: lines that point to no
// text. The error is for what cannot be read.
func Translations(idOrFolder string) ([]Translation, []*fault.Fault, error) {
	src, err := open(idOrFolder)
	if err != nil {
		return nil, nil, err
	}
	in, err := src.parse()
	if err != nil {
		return nil, nil, err
	}
	faults := fault.NewList(maxFaults)
	survey, choices, settings := src.readSheets(faults)
	first := "en"
	if len(in.Languages) > 0 {
		first = in.Languages[0]
	}
	if settings != nil && len(settings.rows) > 0 {
		if name := settings.cell(settings.rows[0], "default_language"); name != "" {
			first = languageCode(name)
		}
	}
	list := slices.Concat(survey.translations("survey", in.Languages, first), choices.translations("choices", in.Languages, first), in.definitionTexts(first))
	stale := fault.NewList(maxFaults)
	if data, ok := src.files[translationsFile]; ok {
		src.applyRecord(data, list, first, faults, stale)
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	return list, stale.Faults, nil
}

// translations lists the texts of a sheet, with the status that they have
// without a record.
func (s *sheet) translations(name string, languages []string, first string) []Translation {
	if s == nil {
		return nil
	}
	var list []Translation
	for _, row := range s.rows {
		stem := s.cell(row, "name")
		if name == "choices" {
			stem = s.cell(row, "list_name") + "/" + stem
		}
		for _, column := range translatedColumns[name] {
			texts := s.texts(row, column, first)
			if len(texts) == 0 || stem == "" {
				continue
			}
			for _, language := range languages {
				t := Translation{Sheet: name, Name: stem, Column: column, Language: language, Text: texts[language], Status: TextNeedsReview}
				switch {
				case t.Text == "":
					t.Status = TextMissing
				case language == first:
					t.Status = TextSource
				}
				list = append(list, t)
			}
		}
	}
	return list
}

// Coverage counts the texts of one language by status.
type Coverage struct {
	Language                               string
	Texts                                  int // all of the below
	Source, NeedsReview, Reviewed, Missing int
}

// Word says in few words how far a language is: "source", "reviewed", "needs
// review" or "incomplete"; the weakest text decides.
func (c Coverage) Word() string {
	switch {
	case c.Missing > 0:
		return "incomplete"
	case c.NeedsReview > 0:
		return string(TextNeedsReview)
	case c.Reviewed > 0:
		return string(TextReviewed)
	}
	return string(TextSource)
}

// Coverages counts texts by language, in the order in which the languages
// first appear.
func Coverages(list []Translation) []Coverage {
	var all []Coverage
	for _, t := range list {
		i := slices.IndexFunc(all, func(c Coverage) bool { return c.Language == t.Language })
		if i < 0 {
			i = len(all)
			all = append(all, Coverage{Language: t.Language})
		}
		c := &all[i]
		c.Texts++
		switch t.Status {
		case TextSource:
			c.Source++
		case TextReviewed:
			c.Reviewed++
		case TextMissing:
			c.Missing++
		default:
			c.NeedsReview++
		}
	}
	return all
}
