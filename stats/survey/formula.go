package survey

import (
	"slices"
	"strings"
	"unicode"
)

// Formula is a model in R's notation, made by ParseFormula.
type Formula struct {
	// Outcome is the column left of the tilde; empty if nothing stands there.
	Outcome string
	// Level of a categorical outcome, written outcome=level, if HasLevel.
	Level    string
	HasLevel bool
	// Intercept says whether the model has a constant. Default true.
	Intercept bool
	// Terms by degree, then in the order written, without the constant.
	Terms []FormulaTerm
}

// FormulaTerm is a main effect or an interaction.
type FormulaTerm struct {
	Factors []FormulaFactor // in the order in which the formula first names them
}

// FormulaFactor is a column, or a number made from columns.
type FormulaFactor struct {
	Column string // empty if Expr is set
	// Categorical is set by factor(x): numbers are then categories.
	Categorical bool
	// Expr is set by I(...), log(...), exp(...), sqrt(...) and abs(...).
	Expr *Arithmetic
}

// Label is the term as R writes it, such as "a:factor(b)".
func (t FormulaTerm) Label() string {
	parts := make([]string, len(t.Factors))
	for i, f := range t.Factors {
		parts[i] = f.Label()
	}
	return strings.Join(parts, ":")
}

// Label is the factor as R writes it.
func (f FormulaFactor) Label() string {
	switch {
	case f.Expr != nil:
		return f.Expr.String()
	case f.Categorical:
		return "factor(" + quoteName(f.Column) + ")"
	}
	return quoteName(f.Column)
}

// Factors returns the different factors of the terms, in order.
func (f *Formula) Factors() []FormulaFactor {
	var out []FormulaFactor
	seen := map[string]bool{}
	for _, t := range f.Terms {
		for _, x := range t.Factors {
			if l := x.Label(); !seen[l] {
				seen[l] = true
				out = append(out, x)
			}
		}
	}
	return out
}

// Columns returns the names of all columns that the right side needs, in order.
func (f *Formula) Columns() []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, x := range f.Factors() {
		if x.Expr != nil {
			x.Expr.columns(add)
		} else {
			add(x.Column)
		}
	}
	return out
}

// String writes the formula so that ParseFormula reads it back.
func (f *Formula) String() string {
	var b strings.Builder
	if f.Outcome != "" {
		b.WriteString(quoteName(f.Outcome))
		if f.HasLevel {
			b.WriteString("=" + quoteLevel(f.Level))
		}
		b.WriteByte(' ')
	}
	b.WriteString("~ ")
	for i, t := range f.Terms {
		if i > 0 {
			b.WriteString(" + ")
		}
		b.WriteString(t.Label())
	}
	switch {
	case len(f.Terms) == 0 && f.Intercept:
		b.WriteString("1")
	case len(f.Terms) == 0:
		b.WriteString("0")
	case !f.Intercept:
		b.WriteString(" - 1")
	}
	return b.String()
}

// quoteName writes a name, in backquotes if it is not a plain one.
func quoteName(name string) string {
	if plainName(name) {
		return name
	}
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

// plainName says whether a name needs no backquotes: letters, digits, dots and
// underscores, beginning with a letter or with a dot and no digit after it.
func plainName(name string) bool {
	for i, r := range name {
		switch {
		case unicode.IsLetter(r):
		case r == '.':
		case i > 0 && (r == '_' || unicode.IsDigit(r)) && !(i == 1 && name[0] == '.' && unicode.IsDigit(r)):
		default:
			return false
		}
	}
	return name != "" && name != "."
}

// quoteLevel writes a level, quoted unless it is a plain word.
func quoteLevel(level string) string {
	for _, r := range level {
		if !levelRune(r) {
			return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(level) + `"`
		}
	}
	if level == "" {
		return `""`
	}
	return level
}

// levelRune says whether a level may hold r without quotes.
func levelRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_' || r == '-'
}
