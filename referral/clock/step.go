package clock

import (
	"strconv"
	"strings"
)

// Step is one step of how a reading came about, for pages to put into words.
type Step struct {
	Code string // a key of Steps
	Args map[string]string
}

// Steps are the sentences of all steps in English, with {variables}: names of
// events and rules, days as YYYY-MM-DD, numbers.
var Steps = map[string]string{
	"start":    "starts with {event} on {date}",
	"version":  "on {date} the version {rule} was in force",
	"waiting":  "waits for {events}",
	"setting":  "the local policy sets {count}",
	"open":     "has no number of days",
	"unknown":  "cannot be counted: the bank holidays are not known",
	"count":    "{count} {unit}, counted {dayOne} of the first day, end on {date}",
	"weekends": "{count} days of weekends do not count",
	"holidays": "{count} bank holidays do not count: {dates}",
	"paused":   "{count} days of pauses do not count",
	"awaited":  "runs on until {events}",
	"later":    "{event} on {date} is later and counts",
	"met":      "{event} on {date}",
	"ended":    "ended by {event} on {date}",
}

// String is the step in English.
func (s Step) String() string {
	text := Steps[s.Code]
	for name, value := range s.Args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func (r *Reading) step(code string, args ...string) {
	s := Step{Code: code}
	if len(args) > 0 {
		s.Args = map[string]string{}
		for i := 0; i+1 < len(args); i += 2 {
			s.Args[args[i]] = args[i+1]
		}
	}
	r.Steps = append(r.Steps, s)
}

func itoa(n int) string { return strconv.Itoa(n) }

func join(s []string) string { return strings.Join(s, ", ") }
