package collection

import (
	"errors"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// Breach is the rule that an input breaks. It is the Cause of the fault that
// says so in English, for pages that say it in another language.
type Breach struct {
	// Code is a key of Breaches.
	Code string
	// Values fill the variables of the sentence. They hold codes, names of
	// columns, dates and numbers, never what identifies a person.
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

// Sentence is a rule in English, with {variables}.
type Sentence struct{ Message, Remedy string }

// Breaches are all rules that an input of this package can break.
var Breaches = map[string]Sentence{
	"missing":           {"this is needed", ""},
	"long":              {"this is longer than {most} characters", "shorten it"},
	"control":           {"this holds a character that cannot be shown", "type it again instead of pasting it"},
	"code":              {"a code holds letters, digits, hyphens, dots and underscores, and starts with a letter or digit", "write it as the questionnaire does, without spaces"},
	"date":              {"this is no day of the calendar", "write year, month and day: 2016-10-06"},
	"date.order":        {"the last day is before the first", "exchange the two or mend one"},
	"duplicate":         {"this stands in row {row} already", "give each its own"},
	"duplicate.case":    {"this differs from row {row} only in capital letters", "give each its own"},
	"taken":             {"another one has this code", "choose another code"},
	"many":              {"there are more than {most}", "divide them between rounds"},
	"instrument":        {"there is no such questionnaire", "choose one of the list"},
	"route.unknown":     {"the round has no route with this code", "add the route first, or leave this empty"},
	"route.used":        {"points lie on the route {route}", "change those points first"},
	"latitude":          {"a latitude is a number from -90 to 90", "write degrees with a decimal point: 35.7796"},
	"longitude":         {"a longitude is a number from -180 to 180", "write degrees with a decimal point: -5.8137"},
	"position.half":     {"a position needs both latitude and longitude", "fill in both, or neither"},
	"position.zero":     {"0, 0 is a place in the ocean", "leave both empty if the position is not known"},
	"period.outside":    {"the period is not within the round's dates, {from} to {to}", "change the period, or the round's dates"},
	"period.overlap":    {"the period shares days with the one in row {row}", "end one before the next begins"},
	"target":            {"a target is a whole number from 0 to {most}", ""},
	"target.point":      {"the round has no such point", "load the page again"},
	"target.period":     {"the round has no such period", "load the page again"},
	"point.unknown":     {"the round has no point {point}", "add the point first, or leave this empty"},
	"table.empty":       {"there is nothing in the list", "write one line for each"},
	"table.large":       {"the list is larger than {most} kB", "divide it"},
	"table.encoding":    {"the file is not in UTF-8", "save it as “CSV UTF-8”"},
	"table.quote":       {"a quotation mark is not closed, or stands inside a value", "put the whole value in quotation marks, and double those inside"},
	"table.column":      {"there is no column “{column}”", "name the columns in the first line"},
	"table.twice":       {"there are two columns “{column}”", "leave one"},
	"table.cells":       {"the row has more values than columns", "put values with commas in quotation marks"},
	"state":             {"this cannot be done in its present state", "load the page again"},
	"round.open":        {"the round still takes submissions", "close the round first"},
	"retain.past":       {"the day has passed", "choose a day from tomorrow on"},
	"retain.early":      {"the day is not after the round's last day, {to}", "choose a later day"},
	"deletion.pending":  {"a proposal waits for a decision already", "decide that one first"},
	"deletion.own":      {"who proposed a deletion may not approve it", "ask another person"},
	"deletion.decided":  {"this proposal has been decided", "load the page again"},
	"form.errors":       {"the questionnaire has errors", "mend them and upload it again"},
	"form.files":        {"{count} files that the form needs are missing", "upload them"},
	"form.version":      {"the version “{version}” was published before", "change the version in the form's settings and upload it again"},
	"form.none":         {"there is no draft to publish", "upload one"},
	"form.file.name":    {"the form needs no file of this name", "name it exactly as the form does"},
	"enumerator.points": {"there is no such point", "load the page again"},
}

// breaches collects faults.
type breaches struct{ list *fault.List }

// mostBreaches are reported at once.
const mostBreaches = 200

func newBreaches() *breaches { return &breaches{fault.NewList(mostBreaches)} }

// add adds the fault of a code at a place; pairs are names and values.
func (b *breaches) add(at fault.Place, code string, pairs ...string) {
	b.list.Add(breach(fault.Invalid, at, code, pairs...))
}

func (b *breaches) field(field, code string, pairs ...string) {
	b.add(fault.Place{Field: field}, code, pairs...)
}

func (b *breaches) err() error { return b.list.Err() }

// byRow orders the faults of a list by their rows.
func (b *breaches) byRow() error {
	slices.SortStableFunc(b.list.Faults, func(x, y *fault.Fault) int { return x.Place.Row - y.Place.Row })
	return b.list.Err()
}

// breach makes one fault.
func breach(kind fault.Kind, at fault.Place, code string, pairs ...string) *fault.Fault {
	s, ok := Breaches[code]
	if !ok {
		panic("collection: no sentence for breach " + code)
	}
	values := make(map[string]string, len(pairs)/2)
	var fill []string
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
		fill = append(fill, "{"+pairs[i]+"}", pairs[i+1])
	}
	r := strings.NewReplacer(fill...)
	return fault.Wrap(kind, at, r.Replace(s.Message), r.Replace(s.Remedy), &Breach{Code: code, Values: values})
}

// NewBreach makes the fault of a rule that a caller found broken; field may be
// "". pairs are names and values of the sentence's variables.
func NewBreach(kind fault.Kind, field, code string, pairs ...string) *fault.Fault {
	return breach(kind, fault.Place{Field: field}, code, pairs...)
}
