package lint

import (
	"regexp"
	"strconv"
	"strings"

	"waymark/internal/pattern"
)

var defaultType = Rule{
	ID: "default-type", Severity: Warning,
	Finds:  "a default that is no value of its question's type, such as a date that a spreadsheet wrote with a time",
	Why:    "a phone drops it, so the question begins blank and nobody knows why",
	Source: "ODK XForms specification, Data types; JavaRosa XFormAnswerDataParser",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			value := strings.TrimSpace(r.Default)
			kind, known := defaultKinds[r.Type]
			if value == "" || r.DynamicDefault || !known || kind.written().MatchString(value) {
				continue
			}
			remedy := "write " + kind.example
			if day, clock, ok := strings.Cut(value, " "); ok && r.Type == "date" && clock == "00:00:00" && kind.written().MatchString(day) {
				remedy = "format the cell as text and write " + day
			} else if n, err := strconv.ParseFloat(value, 64); err == nil && r.Type == "integer" && n == float64(int64(n)) {
				remedy = "write " + strconv.FormatInt(int64(n), 10)
			}
			report(q.at(r, "default"), remedy, "the default %q of %q is not %s", value, r.Name, kind.name)
		}
	},
}

// defaultKind is how values of a type are written.
type defaultKind struct {
	name, example string
	written       func() *regexp.Regexp
}

const zone = `(Z|[+-]\d\d(:?\d\d)?)?`

var defaultKinds = map[string]defaultKind{
	"integer":  {"a whole number", "a whole number such as 5", pattern.Of(`^[+-]?\d+$`)},
	"int":      {"a whole number", "a whole number such as 5", pattern.Of(`^[+-]?\d+$`)},
	"decimal":  {"a number", "a number with a full stop, such as 1.5", pattern.Of(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)},
	"date":     {"a date", "a date as 2016-10-06, or today()", pattern.Of(`^\d{4}-\d{1,2}-\d{1,2}$`)},
	"dateTime": {"a date with a time", "a time as 2016-10-06T14:30:00.000+02:00, or now()", pattern.Of(`^\d{4}-\d{1,2}-\d{1,2}(T\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?` + zone + `)?$`)},
	"time":     {"a time", "a time as 14:30:00", pattern.Of(`^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?` + zone + `$`)},
}
