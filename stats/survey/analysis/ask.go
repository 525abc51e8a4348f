package analysis

import (
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// Ask is one thing asked. Which fields it takes depends on its Kind.
type Ask struct {
	Kind string // Required; one of Kinds
	Text string // as it was written, for the report
	// Variables: what is estimated; the two of independence and correlation.
	Variables []string
	// Level of a proportion, a comparison, a trend or a logit outcome.
	Level    string
	HasLevel bool
	// Denominator of a ratio.
	Denominator string
	// At are the shares of quantiles. Default 0.25, 0.5, 0.75.
	At []float64
	// Of and Against are the two groups of a comparison.
	Of, Against []Group
	// Measure of a comparison: ratio, difference or odds. Default ratio.
	Measure string
	// Over is the column of the groups of a trend or of a test.
	Over string
	// Method of a proportion's interval or of a test. Default: the options'.
	Method string
	// DF of intervals; 0: the options'. See Options.DF.
	DF float64
	// Formula of a model; Categorical are columns of numbers that are categories
	// in it, Reference the level that others are compared with, by column.
	Formula     *survey.Formula
	Categorical []string
	Reference   map[string]string
	Variance    survey.ModelVariance // Default Linearised
	// Model is what wald, margins and effects are asked of (see AskAfter), and
	// Uncertainty what the standard error of an average counts.
	Model       *Ask
	Uncertainty survey.Uncertainty // Default OfCoefficients
	// Expression of a contrast, and the names of estimates that it uses.
	Expression string
	Parts      []string

	notes []string // made with the answer
}

// ParseAsk reads what follows a flag of `waymark analyse`, such as "api00,api99"
// for mean or "sch.wide=Yes" for proportion. Names with signs in them stand in
// `backticks`, levels in "quotes".
// Flag is what it was written behind, for messages.
func ParseAsk(kind, flag, text string) (Ask, error) {
	k := kindOf(kind)
	if k == nil || k.parse == nil {
		return Ask{}, fault.New(fault.Usage, fault.Place{Field: flag}, "there is no such estimate", "waymark analyse --help lists them")
	}
	a := Ask{Kind: kind, Text: "--" + flag + " " + quoted(text)}
	if err := k.parse(&a, text); err != nil {
		return Ask{}, err
	}
	return a, nil
}

// quoted quotes what a shell would split.
func quoted(text string) string {
	if strings.ContainsAny(text, " \t\"'`~|&;<>()*$=") {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}

// wrong is the fault of a text that a flag does not take.
func (a *Ask) wrong(message, remedy string) error {
	return fault.New(fault.Usage, fault.Place{}, a.Text+": "+message, remedy)
}

// split cuts a text at a separator outside quotes, backticks and brackets, and
// trims the parts. An empty text has one empty part.
func split(text, separator string) []string {
	var parts []string
	quote, depth, start := byte(0), 0, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '`' || c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth <= 0 && strings.HasPrefix(text[i:], separator):
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + len(separator)
			i = start - 1
		}
	}
	return append(parts, strings.TrimSpace(text[start:]))
}

// bare takes the quotes or backticks from around a name.
func bare(text string) string {
	text = strings.TrimSpace(text)
	if n := len(text); n >= 2 && text[0] == text[n-1] && strings.IndexByte("`\"'", text[0]) >= 0 && strings.IndexByte(text[1:n-1], text[0]) < 0 {
		return text[1 : n-1]
	}
	return text
}

// Names reads a list of columns: "stype, `wide name`".
func Names(text string) []string {
	var out []string
	for _, part := range split(text, ",") {
		if part = bare(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// parseVariables reads columns.
func parseVariables(a *Ask, text string) error {
	if a.Variables = Names(text); len(a.Variables) == 0 {
		return a.wrong("a column is needed", "such as --"+a.Kind+" COLUMN")
	}
	return nil
}

// parseCharacteristic reads COLUMN or COLUMN=LEVEL.
func (a *Ask) parseCharacteristic(text string) error {
	parts := split(text, "=")
	if len(parts) == 3 && parts[1] == "" { // COLUMN==LEVEL
		parts = []string{parts[0], parts[2]}
	}
	if len(parts) > 2 || bare(parts[0]) == "" {
		return a.wrong("COLUMN=LEVEL is needed", `such as --proportion sch.wide=Yes; quote levels with signs in them`)
	}
	a.Variables = []string{bare(parts[0])}
	if len(parts) == 2 {
		a.Level, a.HasLevel = bare(parts[1]), true
	}
	return nil
}

func parseProportion(a *Ask, text string) error {
	return a.parseCharacteristic(text)
}

// parseRatio reads NUMERATOR/DENOMINATOR.
func parseRatio(a *Ask, text string) error {
	parts := split(text, "/")
	if spaced := split(text, " / "); len(spaced) == 2 {
		parts = spaced
	}
	if len(parts) != 2 || bare(parts[0]) == "" || bare(parts[1]) == "" {
		return a.wrong("NUMERATOR/DENOMINATOR is needed", "such as --ratio api.stu/enroll; put names with / in them in `backticks`")
	}
	a.Variables, a.Denominator = []string{bare(parts[0])}, bare(parts[1])
	return nil
}

// parseQuantile reads COLUMN or COLUMN:0.25,0.5.
func parseQuantile(a *Ask, text string) error {
	parts := split(text, ":")
	a.Variables = Names(strings.Join(parts[:max(1, len(parts)-1)], ":"))
	if len(a.Variables) == 0 {
		return a.wrong("a column is needed", "such as --quantile api00:0.25,0.5,0.75")
	}
	if len(parts) == 1 {
		return nil
	}
	for _, part := range split(parts[len(parts)-1], ",") {
		p, err := strconv.ParseFloat(part, 64)
		if err != nil || !(p > 0 && p < 1) {
			return a.wrong(strconv.Quote(part)+" is not a share between 0 and 1", "such as --quantile api00:0.25,0.5,0.75")
		}
		a.At = append(a.At, p)
	}
	return nil
}

// parsePair reads A~B.
func parsePair(a *Ask, text string) error {
	parts := split(text, "~")
	if len(parts) != 2 || bare(parts[0]) == "" || bare(parts[1]) == "" {
		return a.wrong("A~B is needed", "such as "+strings.Fields(a.Text)[0]+" sch.wide~stype")
	}
	a.Variables = []string{bare(parts[0]), bare(parts[1])}
	return nil
}

// parseTrend reads COLUMN=LEVEL~ORDERED.
func parseTrend(a *Ask, text string) error {
	parts := split(text, "~")
	if len(parts) != 2 || bare(parts[1]) == "" {
		return a.wrong("COLUMN=LEVEL~ORDERED is needed", "such as --trend held=yes~band")
	}
	a.Over = bare(parts[1])
	return a.parseCharacteristic(parts[0])
}

// parseCompare reads [MEASURE] VARIABLE[=LEVEL]: GROUP vs GROUP, with groups
// such as stype=E or stype=E,awards=Yes.
func parseCompare(a *Ask, text string) error {
	const remedy = `such as --compare "sch.wide=Yes: stype=H vs stype=E", with ratio, difference or odds in front`
	what, groups, ok := strings.Cut(text, ": ")
	arms := split(groups, " vs ")
	if !ok || len(arms) != 2 {
		return a.wrong("VARIABLE: GROUP vs GROUP is needed", remedy)
	}
	a.Measure = "ratio"
	if word, rest, found := strings.Cut(strings.TrimSpace(what), " "); found {
		a.Measure, what = word, rest
	}
	if _, known := measures[a.Measure]; !known {
		return a.wrong("there is no measure "+strconv.Quote(a.Measure), remedy)
	}
	if err := a.parseCharacteristic(what); err != nil {
		return err
	}
	for i, arm := range arms {
		var out []Group
		for _, part := range split(arm, ",") {
			pair := split(part, "=")
			if len(pair) == 3 && pair[1] == "" {
				pair = []string{pair[0], pair[2]}
			}
			if len(pair) != 2 || bare(pair[0]) == "" {
				return a.wrong("a group is COLUMN=LEVEL", remedy)
			}
			out = append(out, Group{bare(pair[0]), bare(pair[1])})
		}
		if i == 0 {
			a.Of = out
		} else {
			a.Against = out
		}
	}
	same := len(a.Of) == len(a.Against)
	for i := range min(len(a.Of), len(a.Against)) {
		same = same && a.Of[i].Column == a.Against[i].Column
	}
	if !same {
		return a.wrong("the two groups name different columns", "name the same columns in the same order on both sides of vs")
	}
	return nil
}
