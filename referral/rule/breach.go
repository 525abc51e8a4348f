package rule

import (
	"errors"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// Breach is the rule that an answer breaks. It is the Cause of the fault that
// says so in English, for pages that say it in another language.
type Breach struct {
	// Code is a key of Breaches.
	Code string
	// Values fill the variables of the sentence: numbers and codes, never the answer.
	Values map[string]string
}

// Error implements error.
func (b *Breach) Error() string { return "breach of " + b.Code }

// BreachOf returns the rule behind a fault, or nil.
func BreachOf(f *fault.Fault) *Breach {
	var b *Breach
	if errors.As(f.Cause, &b) {
		return b
	}
	return nil
}

// Sentence is a breach in English, with {variables}.
type Sentence struct{ Message, Remedy string }

// Breaches are all rules that an answer can break.
var Breaches = map[string]Sentence{
	"required":  {"this needs an answer", ""},
	"one":       {"this takes one answer", "choose one"},
	"several":   {"this takes at most {most} answers", "take some away"},
	"twice":     {"the same answer is there twice", "leave one"},
	"option":    {"this is not one of the answers", "choose one of those shown"},
	"exclusive": {"one of these answers stands alone", "choose it alone, or only the others"},
	"long":      {"this is longer than {most} characters", "shorten it"},
	"line":      {"this takes one line", "leave out the line breaks"},
	"control":   {"this holds a character that cannot be shown", "type it again instead of pasting it"},
	"date":      {"this is no day of the calendar", "write day, month and year, such as 27 3 2026"},
	"month":     {"this is no month of the calendar", "write month and year, such as 3 2026"},
	"early":     {"this is before 1900", "check the year"},
	"future":    {"this is after today", "check the day, month and year"},
	"number":    {"this is no whole number from {least} to {most}", "write it in digits"},
	"phone":     {"this is no telephone number", "write it with digits and spaces, such as +44 20 7946 0000"},
	"email":     {"this is no e-mail address", "write it as name@example.org"},
	"country":   {"this is no country of the list", "choose one of those shown"},
	"language":  {"this is no language of the list", "choose one of those shown"},
	"file":      {"this is no file that was uploaded here", "upload it again"},
	"unknown":   {"the form has no such question", "load the page again"},
}

func breach(question, code string, values ...string) *fault.Fault {
	b := &Breach{Code: code}
	s := Breaches[code]
	if len(values) > 0 {
		b.Values = map[string]string{}
		pairs := make([]string, len(values))
		for i := 0; i+1 < len(values); i += 2 {
			b.Values[values[i]] = values[i+1]
			pairs[i], pairs[i+1] = "{"+values[i]+"}", values[i+1]
		}
		r := strings.NewReplacer(pairs...)
		s.Message, s.Remedy = r.Replace(s.Message), r.Replace(s.Remedy)
	}
	return fault.Wrap(fault.Invalid, fault.Place{Field: question}, s.Message, s.Remedy, b)
}

func itoa(n int) string { return strconv.Itoa(n) }
