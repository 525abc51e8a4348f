package quality

import (
	"math"
	"slices"
	"strings"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// answer is a question about the person, with its column: what duplicates are
// compared on and what must be empty after an exclusion.
type answer struct {
	question *instrument.Question
	position int // in the instrument
	column   table.Column
	module   bool // an indicator's question or its place
}

// frame are the roles that describe the interview, not the person.
var frame = []instrument.Role{
	instrument.RoleID, instrument.RoleDate, instrument.RoleStart, instrument.RoleEnd,
	instrument.RoleEnumerator, instrument.RolePoint, instrument.RoleLocation, instrument.RoleRoute,
	instrument.RoleWeights, instrument.RoleStrata, instrument.RoleCluster, instrument.RoleFPC,
}

// recorded are the question types that a person answers.
var recorded = []string{"select_one", "select_multiple", "integer", "decimal", "date", "range", "select_one_from_file",
	"select_multiple_from_file", "rank", "acknowledge"}

// newAnswers lists the questions about the person that the file has.
func (r *round) newAnswers() []answer {
	module := map[string]bool{}
	for _, ind := range r.inst.Indicators {
		if ind.Experience != instrument.Measure {
			module[ind.Question], module[ind.Place] = true, true
		}
	}
	var list []answer
	for _, i := range aboutPerson(r.inst) {
		q := &r.inst.Questions[i]
		if c := r.in.Table.Column(q.Name); c != nil && c.Kind() != table.Text && c.Kind() != table.Time {
			list = append(list, answer{question: q, position: i, column: c, module: module[q.Name]})
		}
	}
	return list
}

// aboutPerson are the places in the instrument of the questions about the
// person: closed questions, numbers and dates. Free text is left out.
func aboutPerson(inst *instrument.Instrument) []int {
	skip := map[string]bool{}
	for _, role := range frame {
		for _, name := range strings.Fields(inst.Roles[role]) { // a design may have several stages
			skip[name] = true
		}
	}
	for _, e := range inst.Exclusions {
		if e.Below == nil {
			skip[e.Question] = true // previous, consent: about taking part
		}
	}
	var list []int
	for i := range inst.Questions {
		if q := &inst.Questions[i]; !skip[q.Name] && slices.Contains(recorded, q.Type) {
			list = append(list, i)
		}
	}
	return list
}

// values returns a function from a row to a number that is equal for equal
// answers; 0 stands for every missing one.
func (a answer) values() func(row int) uint64 {
	switch c := a.column.(type) {
	case *table.CategoryColumn:
		if c.Codes8 != nil {
			return func(row int) uint64 {
				if v := c.Codes8[row]; v >= table.FirstLevel {
					return uint64(v)
				}
				return 0
			}
		}
		return func(row int) uint64 { return uint64(c.Level(row) + 1) }
	case *table.NumberColumn:
		return func(row int) uint64 {
			if !present(c, row) {
				return 0
			}
			return math.Float64bits(c.Values[row]+0) | 1
		}
	case *table.DateColumn:
		return func(row int) uint64 {
			if !present(c, row) {
				return 0
			}
			return uint64(int64(c.Days[row])+1<<33) | 1<<40
		}
	case *table.BoolColumn:
		return func(row int) uint64 {
			switch {
			case !present(c, row):
				return 0
			case c.Values[row]:
				return 2
			}
			return 1
		}
	case *table.SetColumn:
		return func(row int) uint64 {
			if !present(c, row) {
				return 0
			}
			h := uint64(1)
			for _, w := range c.Bits[row*c.Words : (row+1)*c.Words] {
				h = mix(h, w)
			}
			return h | 1
		}
	}
	return func(int) uint64 { return 0 }
}

// mix folds a value into a hash: multiply and xor-shift, as in splitmix64.
func mix(h, v uint64) uint64 {
	h ^= v + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// newEligible says which interviews no exclusion leaves out.
func (r *round) newEligible() []bool {
	eligible := make([]bool, r.n)
	for row := range eligible {
		eligible[row] = true
	}
	for _, e := range r.inst.Exclusions {
		excluded, missing := r.exclusion(e)
		if excluded == nil {
			continue
		}
		for row := range eligible {
			if excluded(row) || e.Missing == "exclude" && missing(row) {
				eligible[row] = false
			}
		}
	}
	return eligible
}

// exclusion returns whether a row's answer excludes, and whether it is
// missing; nil if the file lacks the question.
func (r *round) exclusion(e instrument.Exclusion) (excluded, missing func(row int) bool) {
	c := r.in.Table.Column(e.Question)
	if c == nil {
		return nil, nil
	}
	// Refused and don't-know codes may be listed as levels that exclude; they
	// arrive as missing answers, and Missing decides on them.
	missing = func(row int) bool { return !present(c, row) }
	if number, ok := c.(*table.NumberColumn); ok && e.Below != nil {
		below := *e.Below
		return func(row int) bool { return present(c, row) && number.Values[row] < below }, missing
	}
	yes := states(c, e.Levels)
	return func(row int) bool { return yes(row) > 0 }, missing
}

// states returns a function from a row to 1 (one of the levels), 0 (another
// answer) or -1 (missing).
func states(c table.Column, levels []string) func(row int) int8 {
	switch c := c.(type) {
	case *table.CategoryColumn:
		state := make([]int8, table.FirstLevel+len(c.Levels))
		for i := range state {
			switch {
			case i < table.FirstLevel:
				state[i] = -1
			case slices.Contains(levels, c.Levels[i-table.FirstLevel].Code):
				state[i] = 1
			}
		}
		return func(row int) int8 { return state[c.Code(row)] }
	case *table.BoolColumn:
		yes := slices.Contains(levels, "true") || slices.Contains(levels, "yes") || slices.Contains(levels, "1")
		return func(row int) int8 {
			switch {
			case !present(c, row):
				return -1
			case c.Values[row] == yes:
				return 1
			}
			return 0
		}
	}
	return func(row int) int8 {
		switch {
		case !present(c, row):
			return -1
		case slices.Contains(levels, c.Text(row)):
			return 1
		}
		return 0
	}
}
