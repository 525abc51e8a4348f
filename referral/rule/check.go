package rule

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/internal/pattern"
)

// The bounds of answers where a question sets none.
const (
	lineMax      = 200    // signs
	longMax      = 4000   // signs
	severalMax   = 20     // values
	numberMax    = 999999 // inclusive
	countriesMax = 10
)

var (
	emailForm    = pattern.Of(`^[^\s@<>(),;:"\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,63}$`)
	phoneForm    = pattern.Of(`^\+?[0-9 ()./-]{5,30}(?:\s?(?:ext|x)\.?\s?[0-9]{1,6})?$`)
	languageForm = pattern.Of(`^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$`)
	fileForm     = pattern.Of(`^[A-Za-z0-9_-]{1,64}$`)
)

// Check reports everything wrong with the answers, one fault a question with
// the question's id as Place.Field: required ones missing, values that the
// question does not take, questions that the form does not have. Answers to
// questions that are not asked are not looked at; Prune takes them away.
func (f *Form) Check(a Answers, today Date) error {
	faults := fault.NewList(200)
	for _, q := range f.Asked(a) {
		if one := q.breach(a[q.ID], today); one != nil {
			faults.Add(one)
		}
	}
	var unknown []string
	for id := range a {
		if f.byID[id] == nil {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	for range unknown { // its name came from outside and is not repeated
		faults.Add(breach("", "unknown"))
	}
	return faults.Err()
}

// Check reports what is wrong with the values of one question, or nil. It does
// not know whether the question is asked.
func (q *Question) Check(values []string, today Date) error {
	if one := q.breach(values, today); one != nil {
		return one
	}
	return nil
}

func (q *Question) breach(values []string, today Date) *fault.Fault {
	if q.Kind == Note {
		return nil
	}
	if !answered(values) {
		if q.Required {
			return breach(q.ID, "required")
		}
		return nil
	}
	if most := q.most(); len(values) > most {
		if most == 1 {
			return breach(q.ID, "one")
		}
		return breach(q.ID, "several", "most", itoa(most))
	}
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			return breach(q.ID, "twice")
		}
		if one := q.value(v, today); one != nil {
			return one
		}
		if o := q.Option(v); o != nil && o.Exclusive && len(values) > 1 {
			return breach(q.ID, "exclusive")
		}
	}
	return nil
}

// most is how many values the question takes.
func (q *Question) most() int {
	switch {
	case !q.Kind.Several():
		return 1
	case q.Kind == Choices:
		return len(q.Options)
	case q.Max > 0:
		return q.Max
	case q.Kind == Countries:
		return countriesMax
	}
	return severalMax
}

// length is how many signs a text may have.
func (q *Question) length() int {
	switch {
	case q.Max > 0 && !q.Kind.Several():
		return q.Max
	case q.Kind == Long || q.Kind == Place:
		return longMax
	}
	return lineMax
}

func (q *Question) value(v string, today Date) *fault.Fault {
	if v == "" {
		return breach(q.ID, "option")
	}
	if utf8.RuneCountInString(v) > q.length() {
		return breach(q.ID, "long", "most", itoa(q.length()))
	}
	if code := shown(v, q.Kind == Long || q.Kind == Place); code != "" {
		return breach(q.ID, code)
	}
	bad := func(ok bool, code string) *fault.Fault {
		if ok {
			return nil
		}
		return breach(q.ID, code)
	}
	switch q.Kind {
	case Choice, Choices:
		return bad(q.Option(v) != nil, "option")
	case DateKind, Month:
		return q.day(v, today)
	case Number:
		least, most := 0, numberMax
		if q.Least != nil {
			least = *q.Least
		}
		if q.Most != nil {
			most = *q.Most
		}
		if n, err := strconv.Atoi(v); err != nil || n < least || n > most {
			return breach(q.ID, "number", "least", itoa(least), "most", itoa(most))
		}
	case Phone:
		return bad(phoneForm().MatchString(v) && strings.ContainsFunc(v, unicode.IsDigit), "phone")
	case Email:
		return bad(len(v) <= 254 && emailForm().MatchString(v), "email")
	case Country, Countries:
		return bad(IsCountry(v), "country")
	case Language:
		return bad(languageForm().MatchString(v), "language")
	case Files:
		return bad(fileForm().MatchString(v), "file")
	}
	return nil
}

// day checks a date or month: a real one, from 1900, and not in the future
// where the question says so. A month or year is in the future if it begins
// after today.
func (q *Question) day(v string, today Date) *fault.Fault {
	full := v
	switch {
	case q.Kind == Month && len(v) == len("2006-01"):
		full = v + "-01"
	case q.Kind == Month:
		full = ""
	case q.Partial && len(v) == len("2006"):
		full = v + "-01-01"
	case q.Partial && len(v) == len("2006-01"):
		full = v + "-01"
	}
	d, err := ParseDate(full)
	switch {
	case err != nil && q.Kind == Month:
		return breach(q.ID, "month")
	case err != nil:
		return breach(q.ID, "date")
	case d.Year < 1900:
		return breach(q.ID, "early")
	case q.NotFuture && d.After(today):
		return breach(q.ID, "future")
	}
	return nil
}

// shown returns the breach of a text that cannot be shown as it is: control
// characters, and those that turn the direction of what follows.
func shown(v string, lines bool) string {
	if !utf8.ValidString(v) {
		return "control"
	}
	for _, r := range v {
		switch {
		case r == '\n' || r == '\r':
			if !lines {
				return "line"
			}
		case r == '\t' && lines:
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return "control"
		}
	}
	return ""
}
