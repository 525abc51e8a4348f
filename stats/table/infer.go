package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// inferRows reads the whole file once and makes a schema of what it saw.
//
// The rules, the first that holds deciding: no value: text; all true or false:
// boolean; all numbers, without a leading zero and within the exact range of
// float64: number, however few they are; all dates: date; all dates with a time
// of day: time; words that also occur together: set; few different values that
// repeat: category; else text. "Few" is up to 255 that occur twice on average,
// or up to 1024 that occur ten times. Empty cells and NA do not count.
func inferRows(ctx context.Context, f rowFile, opt Options, name string) (*Schema, []Inference, error) {
	var profiles []*profile
	var rep *report
	err := errAgain
	for errors.Is(err, errAgain) {
		rep = newReport(name, opt)
		profiles = nil
		err = f.scan(ctx, rep, func(h Header) ([]cellAdder, error) {
			adders := make([]cellAdder, len(h.Names))
			for i, n := range h.Names {
				p := newProfile(n)
				profiles = append(profiles, p)
				adders[i] = p
			}
			return adders, nil
		})
	}
	if err = rep.end(err); err != nil {
		return nil, nil, err
	}
	schema := &Schema{}
	var why []Inference
	for i, p := range profiles {
		field, reason := p.infer(rep)
		schema.Fields = append(schema.Fields, field)
		schema.Targets = append(schema.Targets, Target{Field: i, Option: -1})
		why = append(why, Inference{Column: p.name, Kind: field.Kind, Why: reason})
	}
	return schema, why, nil
}

func (p *profile) infer(rep *report) (Field, string) {
	p.sumUp()
	field := Field{Name: p.name, Kind: Text}
	numbers, days, instants := p.shapes[shapeNumber].count, p.shapes[shapeDay].count, p.shapes[shapeInstant].count
	distinct := len(p.levels())
	some := countOf(distinct, p.many)
	all, are, hold := "all "+plural(p.filled, "value", "values"), "are", "hold"
	if p.filled == 1 {
		all, are, hold = "the only value", "is", "holds"
	}
	var why string
	switch {
	case p.filled == 0:
		why = "the column holds no value"
	case p.shapes[shapeTruth].count == p.filled:
		field.Kind = Bool
		why = fmt.Sprintf("%s %s true or false", all, are)
	case numbers == p.filled && p.leadingZero == 0 && p.longWhole == 0:
		field.Kind = Number
		why = p.whyNumber(all, are, some)
	case days == p.filled:
		field.Kind = Date
		why = fmt.Sprintf("%s %s dates", all, are)
	case days+instants == p.filled && instants > 0:
		field.Kind = Time
		why = fmt.Sprintf("%s %s dates with a time of day", all, are)
	case p.isSet():
		field.Kind = Set
		field.Levels = p.optionLevels()
		why = fmt.Sprintf("%s %s words of %d codes, %s with more than one", all, are, len(field.Levels), plural(p.multi, "cell", "cells"))
	case p.isCategory(distinct):
		field.Kind = Category
		field.Levels = p.levels()
		why = fmt.Sprintf("%s %s one of %s", all, are, plural(distinct, "text", "different texts")) + p.whyNotNumber(rep)
	default:
		why = fmt.Sprintf("%s %s %s", all, hold, some) + p.whyNotNumber(rep)
		if p.filled > 1 {
			why += ", too many or too long for a category"
		}
	}
	absent := p.shapes[shapeAbsent].count
	if absent > 0 {
		why += fmt.Sprintf("; %s as blank", plural(absent, "NA counts", "NA count"))
	}
	if blank := p.rows - p.filled - absent; blank > 0 && p.filled > 0 {
		why += fmt.Sprintf("; %d blank", blank)
	}
	return field, why
}

func countOf(distinct int, many bool) string {
	if many {
		return fmt.Sprintf("more than %d different values", profileValues)
	}
	return plural(distinct, "value", "different values")
}

func (p *profile) whyNumber(all, are, some string) string {
	kind := "numbers"
	if p.whole == p.filled {
		kind = "whole numbers"
	}
	why := fmt.Sprintf("%s %s %s from %s to %s with %s", all, are, kind, number(p.low), number(p.high), some)
	if !p.many && len(p.values) <= 12 && p.filled >= 2*len(p.values) {
		why += "; if they are codes, say so in the questionnaire"
	}
	return why
}

// whyNotNumber explains what kept a column from being numbers or dates.
func (p *profile) whyNotNumber(rep *report) string {
	switch {
	case p.leadingZero > 0:
		return fmt.Sprintf("; %s with 0 and would lose it as numbers", plural(p.leadingZero, "begins", "begin"))
	case p.longWhole > 0:
		return fmt.Sprintf("; %s more than 15 digits and would lose some as numbers", plural(p.longWhole, "has", "have"))
	}
	most := shapeNumber
	for _, s := range []shape{shapeDay, shapeInstant} {
		if p.shapes[s].count > p.shapes[most].count {
			most = s
		}
	}
	n := p.shapes[most].count
	if 2*n <= p.filled {
		return ""
	}
	// The rows that differ are what someone wants to look at.
	var odd []int
	for s := range shapes {
		if s != most && s != shapeAbsent {
			odd = append(odd, p.shapes[s].first[:p.shapes[s].kept]...)
		}
	}
	slices.Sort(odd)
	where := ""
	if len(odd) > 0 && rep.firstRow > 0 {
		where = fmt.Sprintf(", for example in row %d", rep.row(odd[0]))
	}
	return fmt.Sprintf("; %d are %s, %d not%s", n, shapeNames[most], p.filled-n, where)
}

// isSet says whether the words of the cells are options: at least one cell in a
// hundred has several, each occurs five times on average, and at least half of
// them also occur alone - which tells "TUR GRC" from "New York".
func (p *profile) isSet() bool {
	if p.notSet || p.multi == 0 || 100*p.multi < p.filled || p.units < 5*len(p.options) || p.shapes[shapeNumber].count == p.filled {
		return false
	}
	alone := 0
	for _, o := range p.options {
		if o.alone > 0 {
			alone++
		}
	}
	return 2*alone >= len(p.options)
}

func (p *profile) optionLevels() []Level {
	codes := make([]string, 0, len(p.options))
	for c := range p.options {
		if !isNotAvailable([]byte(c)) {
			codes = append(codes, c)
		}
	}
	slices.Sort(codes)
	levels := make([]Level, len(codes))
	for i, c := range codes {
		levels[i] = Level{Code: c, Label: c}
	}
	return levels
}

func (p *profile) isCategory(distinct int) bool {
	if p.many || distinct == 0 || p.longest > categoryBytes {
		return false
	}
	for i := range p.values {
		if strings.ContainsAny(p.values[i].text, "\r\n") {
			return false
		}
	}
	return distinct <= 255 && p.filled >= 2*distinct || p.filled >= 10*distinct
}
