package handover

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"waymark/referral/rule"
)

// worded are the values of a question in words. Papers are for an authority and in
// English, as the national form is; what was typed stays as it was typed.
func worded(q *rule.Question, files map[string]File, values []string) []string {
	var words []string
	for _, v := range values {
		switch q.Kind {
		case rule.Choice, rule.Choices:
			v = option(q, v)
		case rule.Country, rule.Countries:
			v = country(v)
		case rule.Language:
			v = tongue(v)
		case rule.DateKind, rule.Month:
			v = day(v)
		case rule.Files:
			f := files[v]
			v = f.Title + " (" + f.Type + ", SHA-256 " + f.SHA256 + ")"
		}
		words = append(words, v)
	}
	return words
}

// option is the text of a value. One that was made coarser on the way out is no option
// any more but the region of some: the word itself then.
func option(q *rule.Question, value string) string {
	if o := q.Option(value); o != nil {
		return o.Text.String()
	}
	return capital(strings.ReplaceAll(value, "-", " "))
}

var (
	regions = display.English.Regions()
	tongues = display.English.Languages()
)

// own are the names that differ from those of the list of the CLDR, or are not in it.
var own = map[string]string{"XK": "Kosovo", "bfi": "British Sign Language", "sgn": "Another sign language", "rom": "Romani", "kmr": "Kurmanji (Northern Kurdish)"}

func country(code string) string {
	if name := own[code]; name != "" {
		return name
	}
	if r, err := language.ParseRegion(code); err == nil {
		if name := regions.Name(r); name != "" {
			return name
		}
	}
	return code
}

func tongue(code string) string {
	if name := own[code]; name != "" {
		return name
	}
	if t, err := language.Parse(code); err == nil {
		if name := tongues.Name(t); name != "" {
			return name
		}
	}
	return code
}

// day is a date in words: a day, a month or a year, as much as is known.
func day(iso string) string {
	for _, f := range [][2]string{{time.DateOnly, "2 January 2006"}, {"2006-01", "January 2006"}} {
		if t, err := time.Parse(f[0], iso); err == nil {
			return t.Format(f[1])
		}
	}
	return iso
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
