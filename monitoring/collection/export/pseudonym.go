package export

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"waymark/forms/record"
)

// A pseudonymous export holds coded answers, numbers and dates, and nothing else.
// Left out is, deny first:
//
//   - what the round's instrument marks as identifying;
//   - every text, barcode, position, file, recording, log and device number;
//   - times of day, which tell when someone was at a landing point;
//   - choices that are not in the form itself: a list in a file may be one of
//     people, and the answers of a repeat are typed text;
//   - numbers, dates and calculations whose name or label asks for something
//     personal (telephone, passport, date of birth), in the words of
//     forms/lint, unless the instrument knows them and does not mark them;
//   - whatever is calculated from one of these.
//
// An answer that is no code of its list, no number or no date is left blank: it
// may have been typed. Identifiers of submissions and enumerators become
// pseudonyms under the round's key: the same for the same one in every export of
// the round, and nothing without the key. The time of arrival becomes a day.
//
// It is not anonymous: few people share all of age, nationality and point.

// coded tells whether a question's answers are codes, numbers or dates.
func coded(c *record.Column) bool {
	switch c.Type {
	case "select_one", "select_multiple", "rank":
		return len(c.Choices) > 0 && !c.File
	case "integer", "decimal", "range", "date", "today", "acknowledge":
		return true
	}
	return false
}

// plain is an answer if it is what its column says, else "".
func plain(c *column, cell string) string {
	switch {
	case c.kind == number:
		if _, ok := numeral(cell); ok {
			return cell
		}
		return ""
	case c.kind == day:
		if _, ok := civil(cell); ok {
			return cell
		}
		return ""
	case c.source.Type == "acknowledge":
		if cell == "OK" {
			return cell
		}
		return ""
	}
	return cell // a code: see Export.code
}

// numeral reads a number that a spreadsheet shows alike: at most 15 digits, no
// exponent.
func numeral(cell string) (float64, bool) {
	if cell == "" || len(cell) > 17 || strings.ContainsFunc(cell, func(r rune) bool { return (r < '0' || r > '9') && r != '-' && r != '.' }) {
		return 0, false
	}
	if digits := strings.Trim(cell, "-"); len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		return 0, false // leading zeros are a code
	}
	v, err := strconv.ParseFloat(cell, 64)
	return v, err == nil
}

// civil reads a date.
func civil(cell string) (time.Time, bool) {
	if len(cell) != len(time.DateOnly) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, cell)
	return t, err == nil
}

// pseudonym is what stands for an identifier in this round.
func (e *Export) pseudonym(kind, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	token, err := e.opt.Token(e.filter.Round, []byte("export "+kind+"\x00"+value))
	if err != nil {
		return "", err
	}
	return kind + "-" + hex.EncodeToString(token[:min(len(token), 8)]), nil
}
