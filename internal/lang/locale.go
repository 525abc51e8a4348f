package lang

import (
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"waymark/internal/fault"
)

// narrowSpace is U+202F, the narrow no-break space of French numbers.
const narrowSpace = "\u202f"

// Locale prints numbers, dates and lists in one language.
type Locale struct {
	Lang string
	RTL  bool

	thousands string
	decimal   string
	percent   string // after the number, with its space
	firstDay  string // the first of a month: "1", "1er"
	months    [12]string
	comma     string // between items of a list
	and       string // before the last item, with its spaces
}

// locales are the languages that can be printed. Separators, month names and
// list patterns follow Unicode CLDR; French numbers take U+202F in both
// places, and Arabic keeps Western digits with the separators that CLDR gives
// for them.
var locales = map[string]*Locale{
	"en": {
		Lang: "en", thousands: ",", decimal: ".", percent: "%", firstDay: "1",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July",
			"August", "September", "October", "November", "December"},
		comma: ", ", and: " and ",
	},
	"fr": {
		Lang: "fr", thousands: narrowSpace, decimal: ",", percent: narrowSpace + "%", firstDay: "1er",
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
			"août", "septembre", "octobre", "novembre", "décembre"},
		comma: ", ", and: " et ",
	},
	"ar": {
		Lang: "ar", RTL: true, thousands: ",", decimal: ".", percent: "%", firstDay: "1",
		months: [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو",
			"أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		comma: "، ", and: " و",
	},
}

// LocaleOf returns the locale of a language code, or a fault that names those
// there are.
func LocaleOf(lang string) (*Locale, error) {
	if l := locales[lang]; l != nil {
		return l, nil
	}
	known := make([]string, 0, len(locales))
	for k := range locales {
		known = append(known, k)
	}
	sort.Strings(known)
	return nil, fault.New(fault.NotFound, fault.Place{}, "numbers and dates cannot be written in the language "+strconv.Quote(lang),
		"choose one of "+strings.Join(known, ", "))
}

// Whole prints a whole number with separators of thousands.
func (l *Locale) Whole(n int) string { return l.Decimal(float64(n), 0) }

// Decimal prints a number with this many decimals, rounded half away from
// zero. NaN and infinities are an en dash: there is no number to print.
func (l *Locale) Decimal(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	scale := math.Pow10(decimals)
	if r := math.Round(math.Abs(x)*scale) / scale; !math.IsInf(r, 0) {
		x = math.Copysign(r, x)
	}
	digits := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(digits, ".")
	var b strings.Builder
	if x < 0 {
		b.WriteString("−")
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(l.thousands)
		}
		b.WriteRune(d)
	}
	if frac != "" {
		b.WriteString(l.decimal)
		b.WriteString(frac)
	}
	return b.String()
}

// Percent prints a share from 0 to 1 as a percentage with this many decimals.
func (l *Locale) Percent(share float64, decimals int) string {
	s := l.Decimal(100*share, decimals)
	if s == "–" {
		return s
	}
	return s + l.percent
}

// Date prints an ISO day ("2016-10-06") as "6 October 2016". What is not an
// ISO day is returned as it is.
func (l *Locale) Date(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = l.firstDay
	}
	return day + " " + l.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Month prints an ISO month ("2016-10") as "October 2016", and an ISO day in full.
func (l *Locale) Month(iso string) string {
	t, err := time.Parse("2006-01", iso)
	if err != nil {
		return l.Date(iso)
	}
	return l.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Join joins items as "a, b, c".
func (l *Locale) Join(items ...string) string { return strings.Join(items, l.comma) }

// List joins items as "a, b and c".
func (l *Locale) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], l.comma) + l.and + items[last]
}
