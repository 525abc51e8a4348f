package instrument

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"time"

	"waymark/internal/fault"
)

// recordColumns are the columns of translations.csv. All are required.
var recordColumns = []string{"sheet", "name", "column", "language", "hash", "status", "checked_by_role", "date"}

// applyRecord reads translations.csv and gives each text its recorded status,
// if the text is still the one that was recorded.
func (src *source) applyRecord(data []byte, list []Translation, first string, faults, stale *fault.List) {
	record := readCSV(src.at(translationsFile), data, faults)
	for _, need := range recordColumns {
		if _, ok := record.index[need]; !ok {
			at := record.at
			at.Row = 1
			faults.Addf(fault.Invalid, at, "its columns are "+strings.Join(recordColumns, ", "), "the record of translations has no column %q", need)
			return
		}
	}
	index := make(map[string]int, len(list))
	for i, t := range list {
		index[t.key()] = i
	}
	seen := make(map[string]int, len(record.rows))
	for _, row := range record.rows {
		line := Translation{Sheet: record.cell(row, "sheet"), Name: record.cell(row, "name"), Column: record.cell(row, "column"),
			Language: record.cell(row, "language"), Status: TextStatus(record.cell(row, "status")),
			CheckedByRole: record.cell(row, "checked_by_role"), Date: record.cell(row, "date")}
		if at, twice := seen[line.key()]; twice {
			faults.Addf(fault.Invalid, record.place(row.number, "name"), "keep one of them", "the text already has its line in row %d", at)
			continue
		}
		seen[line.key()] = row.number
		if !record.statusHolds(row, line, first, faults) {
			continue
		}
		i, ok := index[line.key()]
		if !ok {
			stale.Addf(fault.NotFound, record.place(row.number, "name"), "remove the line", "the form has no %s of %q in %s in the sheet %s", line.Column, line.Name, line.Language, line.Sheet)
			continue
		}
		t := &list[i]
		if t.Status == TextMissing || t.hash() != record.cell(row, "hash") {
			continue // changed since: what was said of the old text is not said of this one
		}
		t.Status = line.Status
		if line.Status == TextReviewed {
			t.CheckedByRole, t.Date = line.CheckedByRole, line.Date
		}
	}
}

// statusHolds checks that a line says one of the statuses, and says it whole.
func (s *sheet) statusHolds(row sheetRow, line Translation, first string, faults *fault.List) bool {
	switch line.Status {
	case TextSource:
		if line.Language != first {
			faults.Addf(fault.Invalid, s.place(row.number, "status"), "write needs review or reviewed", "only texts in %s, the language of the form, are its source", first)
			return false
		}
	case TextNeedsReview:
	case TextReviewed:
		if _, err := time.Parse(time.DateOnly, line.Date); err != nil {
			faults.Addf(fault.Invalid, s.place(row.number, "date"), "write it as 2026-01-31", "a reviewed text has no day of its review")
			return false
		}
		if line.CheckedByRole == "" {
			faults.Addf(fault.Invalid, s.place(row.number, "checked_by_role"), "write a role, such as native speaker; never a name", "a reviewed text does not say who read it")
			return false
		}
	default:
		words := []string{string(TextSource), string(TextNeedsReview), string(TextReviewed)}
		remedy := "use one of: " + strings.Join(words, ", ")
		if near := fault.Nearest(string(line.Status), words); near != "" {
			remedy = "did you mean " + near + "?"
		}
		faults.Addf(fault.Invalid, s.place(row.number, "status"), remedy, "%q is not a status of a text", string(line.Status))
		return false
	}
	return true
}

// WriteTranslations writes translations.csv anew from what Translations
// returned: a line for each text, without those that pointed to nothing, and
// with "needs review" where a text has changed. Missing texts have no line.
func WriteTranslations(w io.Writer, list []Translation) error {
	out := csv.NewWriter(w)
	rows := [][]string{slices.Clone(recordColumns)}
	for _, t := range list {
		if t.Status != TextMissing {
			rows = append(rows, []string{t.Sheet, t.Name, t.Column, t.Language, t.hash(), string(t.Status), t.CheckedByRole, t.Date})
		}
	}
	return out.WriteAll(rows)
}

// WriteTranslationTexts writes every text with its status as CSV, for a person
// who reads them: sheet, name, column, language, text, status, checked_by_role,
// date.
func WriteTranslationTexts(w io.Writer, list []Translation) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"sheet", "name", "column", "language", "text", "status", "checked_by_role", "date"}); err != nil {
		return err
	}
	for _, t := range list {
		if err := out.Write([]string{t.Sheet, t.Name, t.Column, t.Language, t.Text, string(t.Status), t.CheckedByRole, t.Date}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
