package survey

import (
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// level returns the index of the level asked for: 1 (true) of a boolean, -1
// where there is none.
func (r *Request) level() int {
	if r.Statistic != Proportion {
		return -1
	}
	return levelIndex(r.Variable, r.Level)
}

func levelIndex(col table.Column, code string) int {
	switch c := col.(type) {
	case *table.CategoryColumn:
		return c.Index(code)
	case *table.BoolColumn:
		if code == "false" {
			return 0
		}
		return 1
	}
	return -1
}

// asker checks one request and says which one it was.
type asker struct {
	p    *program
	what string
	ok   bool
}

func (p *program) asker(kind string, i int) *asker {
	return &asker{p: p, what: fmt.Sprintf("%s %d", kind, i+1), ok: true}
}

func (a *asker) refuse(field, remedy, format string, args ...any) {
	a.ok = false
	a.p.faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, a.what+": "+format, args...)
}

// length checks that a column is of the design's length.
func (a *asker) length(name string, n int) {
	if n != a.p.d.rows {
		a.refuse(name, "use columns of the design's table", "the column has %d rows and the design has %d", n, a.p.d.rows)
	}
}

// groups checks By, Over and Where.
func (a *asker) groups(where []bool, columns ...*table.CategoryColumn) {
	for _, c := range columns {
		if c == nil {
			a.refuse("", "name a category column", "a grouping column is missing")
			continue
		}
		a.length(c.Name(), c.Len())
	}
	if where != nil {
		a.length("where", len(where))
	}
}

// confidence checks a level of confidence.
func (a *asker) confidence(c, df float64) {
	if !(c == 0 || c > 0 && c < 1) {
		a.refuse("", "use a share such as 0.95", "the confidence %v is not between 0 and 1", c)
	}
	if df < 0 || math.IsNaN(df) {
		a.refuse("", "use a positive number", "the degrees of freedom %v cannot be used", df)
	}
}

// proportion checks a variable that has a level and returns the level's index.
func (a *asker) proportion(col table.Column, code string) int {
	switch c := col.(type) {
	case nil:
		a.refuse("", "name a column", "there is no variable")
		return -1
	case *table.CategoryColumn:
		a.length(c.Name(), c.Len())
		if c.Index(code) < 0 {
			a.refuse(c.Name(), "use a code of the column", "there is no level %q", code)
		}
	case *table.BoolColumn:
		a.length(c.Name(), c.Len())
		if code != "" && code != "true" && code != "false" {
			a.refuse(c.Name(), "use true or false", "there is no level %q", code)
		}
	default:
		a.refuse(c.Name(), "use a category or a yes/no column", "a proportion cannot be taken of a %s column", c.Kind())
		return -1
	}
	return levelIndex(col, code)
}

// number checks a number column.
func (a *asker) number(col table.Column) {
	c, ok := col.(*table.NumberColumn)
	switch {
	case col == nil || ok && c == nil:
		a.refuse("", "name a column", "there is no variable")
	case !ok:
		a.refuse(col.Name(), "use a number column", "this cannot be estimated of a %s column", col.Kind())
	default:
		a.length(c.Name(), c.Len())
	}
}

func (p *program) checkRequest(i int, r *Request) bool {
	a := p.asker("estimate", i)
	a.groups(r.Where, r.By...)
	a.confidence(r.Confidence, r.DF)
	switch r.Statistic {
	case Mean, Total:
		a.number(r.Variable)
	case Ratio:
		a.number(r.Variable)
		if r.Denominator == nil {
			a.refuse("", "name a number column", "the ratio has no denominator")
		} else {
			a.length(r.Denominator.Name(), r.Denominator.Len())
		}
	case Proportion:
		a.proportion(r.Variable, r.Level)
	case Share:
		if c, ok := r.Variable.(*table.BoolColumn); ok {
			a.length(c.Name(), c.Len())
		} else if c, ok := r.Variable.(*table.CategoryColumn); ok {
			a.length(c.Name(), c.Len())
		} else {
			a.refuse("", "use a category or a yes/no column", "shares need a category column")
		}
	default:
		a.refuse("", "choose mean, total, proportion, share or ratio", "there is no such statistic")
	}
	if r.Denominator != nil && r.Statistic != Ratio {
		a.refuse(r.Denominator.Name(), "leave the denominator out", "only a ratio has a denominator")
	}
	if r.Interval > ClopperPearson {
		a.refuse("", "choose a listed method", "there is no such interval method")
	}
	return a.ok
}

func (p *program) checkComparison(i int, r *ComparisonRequest) (int, bool) {
	a := p.asker("comparison", i)
	a.groups(r.Where, r.By...)
	a.groups(nil, r.Over...)
	a.confidence(r.Confidence, r.DF)
	level := -1
	if _, ok := r.Variable.(*table.NumberColumn); ok && r.Measure != OddsRatio {
		a.number(r.Variable)
	} else {
		level = a.proportion(r.Variable, r.Level)
	}
	if r.Measure < RiskRatio || r.Measure > OddsRatio {
		a.refuse("", "choose a risk ratio, risk difference or odds ratio", "there is no such measure")
	}
	if len(r.Over) == 0 || len(r.Of) != len(r.Over) || len(r.Against) != len(r.Over) {
		a.refuse("", "give one level of each grouping column for either group", "the two groups are not told apart")
		return level, false
	}
	same := true
	for k, c := range r.Over {
		for _, code := range []string{r.Of[k], r.Against[k]} {
			if c != nil && c.Index(code) < 0 {
				a.refuse(c.Name(), "use a code of the column", "there is no level %q", code)
			}
		}
		same = same && r.Of[k] == r.Against[k]
	}
	if same {
		a.refuse("", "choose two different groups", "a group is compared with itself")
	}
	return level, a.ok
}

func (p *program) checkTrend(i int, r *TrendRequest) (int, bool) {
	a := p.asker("trend", i)
	a.groups(r.Where, r.By...)
	a.groups(nil, r.Over)
	a.confidence(r.Confidence, 0)
	level := a.proportion(r.Variable, r.Level)
	if r.Over != nil && r.Scores != nil && len(r.Scores) != len(r.Over.Levels) {
		a.refuse(r.Over.Name(), "give one score for each level", "there are %d scores for %d levels", len(r.Scores), len(r.Over.Levels))
	}
	for _, s := range r.Scores {
		if math.IsInf(s, 0) {
			a.refuse("", "scores must be finite", "a score is infinite")
		}
	}
	return level, a.ok
}

func (p *program) checkIndependence(i int, r *IndependenceRequest) bool {
	a := p.asker("independence", i)
	a.groups(r.Where, r.By...)
	a.groups(nil, r.Columns)
	switch c := r.Rows.(type) {
	case *table.CategoryColumn:
		a.length(c.Name(), c.Len())
	case *table.BoolColumn:
		a.length(c.Name(), c.Len())
	default:
		a.refuse("", "use a category or a yes/no column", "the rows of the table need a category column")
	}
	if r.Method > Saddlepoint {
		a.refuse("", "choose a listed form", "there is no such form of the test")
	}
	return a.ok
}
