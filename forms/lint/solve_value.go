package lint

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// domain is the kind of value that a claim is about.
type domain uint8

const (
	texts   domain = iota // any text, or blank
	several               // choices in a row, or blank
	integer               // a whole number, or blank
	decimal               // any number, or blank
	wholes                // a whole number, never blank
	numbers               // any number, never blank
)

// domainOf is the kind of answer that a question takes. Answers whose type says
// nothing certain, such as calculations, are any text, which may be a number.
func domainOf(r *row) domain {
	switch r.Type {
	case "select_multiple", "rank":
		return several
	case "integer":
		return integer
	case "decimal", "range", "date":
		return decimal
	}
	return texts
}

// closedList are the names of the choices that an answer must be one of, or
// nil if it may be something else too.
func (q *questionnaire) closedList(r *row) []string {
	list := q.listOf(r)
	if list == nil || r.OrOther || r.Type == "rank" || len(list.Choices) > maxTerms {
		return nil
	}
	names := make([]string, len(list.Choices))
	for i := range list.Choices {
		names[i] = list.Choices[i].Name
	}
	return names
}

// The most choices whose every combination is tried. With more, the claims
// count as such that can be met.
const maxChoices = 8

// met tells whether all claims of a term can be met at once. answered is the
// key of a value that is known not to be blank, or empty.
func met(t term, answered string) bool {
	for i, c := range t {
		if slices.ContainsFunc(t[:i], func(d claim) bool { return d.key == c.key }) {
			continue // tried with the first of its key
		}
		var claims []claim
		for _, d := range t[i:] {
			if d.key == c.key {
				claims = append(claims, d)
			}
		}
		if !metByOne(claims, c.key == answered) {
			return false
		}
	}
	return true
}

// metByOne tells whether one value meets all claims, by trying blank, every
// value that the claims name, and values beside and between them.
func metByOne(claims []claim, answered bool) bool {
	candidates, all := candidates(claims)
	if !all {
		return true
	}
	if kind := claims[0].domain; !answered && kind != wholes && kind != numbers {
		candidates = append(candidates, "")
	}
	return slices.ContainsFunc(candidates, func(value string) bool {
		return !slices.ContainsFunc(claims, func(c claim) bool { return !c.metBy(value) })
	})
}

// candidates are values, none of them blank, of which one meets the claims if
// any does. all is false if there would be too many.
func candidates(claims []claim) (values []string, all bool) {
	kind, closed := claims[0].domain, claims[0].closed
	var marks []float64
	var named []string
	for _, c := range claims {
		if n := c.c.value(); !math.IsNaN(n) {
			marks = append(marks, n)
		}
		if c.c.text != "" && !slices.Contains(named, c.c.text) {
			named = append(named, c.c.text)
		}
	}
	others := closed
	if closed == nil {
		others = []string{"\x00"} // a text that no claim names
	}
	switch kind {
	case texts:
		values = slices.Concat(named, others)
	case several:
		if len(named) > maxChoices {
			return nil, false
		}
		// One choice that no claim names stands for all such.
		choices := slices.Clone(named)
		if i := slices.IndexFunc(others, func(o string) bool { return !slices.Contains(named, o) }); i >= 0 {
			choices = append(choices, others[i])
		}
		values = slices.Concat(named, combinations(choices))
	}
	if kind != several && closed == nil {
		for _, n := range around(marks, kind == integer || kind == wholes) {
			values = append(values, strconv.FormatFloat(n, 'f', -1, 64))
		}
	}
	return values, true
}

// around are the marks, and numbers below, between and above them.
func around(marks []float64, whole bool) []float64 {
	marks = append(marks, 0)
	slices.Sort(marks)
	var all []float64
	for i, n := range marks {
		if whole {
			all = append(all, math.Floor(n)-1, math.Floor(n), math.Ceil(n), math.Ceil(n)+1)
			continue
		}
		all = append(all, n-1, n, n+1)
		if i > 0 {
			all = append(all, (marks[i-1]+n)/2)
		}
	}
	return all
}

// combinations joins every set of names but the empty one.
func combinations(names []string) []string {
	var all []string
	for set := 1; set < 1<<len(names); set++ {
		var chosen []string
		for i, n := range names {
			if set&(1<<i) != 0 {
				chosen = append(chosen, n)
			}
		}
		all = append(all, strings.Join(chosen, " "))
	}
	return all
}

// metBy tells whether a value meets the claim, as JavaRosa compares: with a
// number as numbers, with text as text, by order as numbers; no comparison of
// order holds for what is no number.
func (c claim) metBy(value string) bool {
	switch c.op {
	case "has":
		return slices.Contains(strings.Fields(value), c.c.text)
	case "hasnt":
		return !slices.Contains(strings.Fields(value), c.c.text)
	case "=":
		return c.equals(value)
	case "!=":
		return !c.equals(value)
	}
	op := c.op
	if c.blankToo {
		op = opposite[op]
	}
	v, n, holds := numberOf(value), c.c.value(), false
	switch op {
	case "<":
		holds = v < n
	case "<=":
		holds = v <= n
	case ">":
		holds = v > n
	case ">=":
		holds = v >= n
	}
	return holds != c.blankToo
}

// equals compares as numbers if either side is one by its type.
func (c claim) equals(value string) bool {
	if c.c.isNum || value != "" && c.c.text != "" && (c.domain == integer || c.domain == decimal || c.domain == wholes || c.domain == numbers) {
		return numberOf(value) == c.c.value()
	}
	return value == c.c.text
}

// value is the constant as a number, or NaN.
func (c constant) value() float64 {
	if c.isNum {
		return c.number
	}
	return numberOf(c.text)
}

// numberOf reads a number as JavaRosa does: digits, points and a minus only.
func numberOf(text string) float64 {
	text = strings.TrimSpace(text)
	if strings.Trim(text, "-.0123456789") != "" {
		return math.NaN()
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// daysOf reads a date as days since 1970.
func daysOf(text string) (float64, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, false
	}
	return float64(t.Unix() / 86400), true
}
