package page

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/internal/lang"
)

// Languages are those of the pages, in the order of the switch.
var Languages = []string{"en", "fr", "ar"}

// LanguageNames are what each language calls itself.
var LanguageNames = map[string]string{"en": "English", "fr": "Français", "ar": "العربية"}

// Words are the texts of the kit and of all areas in one language.
type Words struct {
	*lang.Locale
	zone *time.Location
	own  *lang.Catalogue
	area map[string]*lang.Catalogue
	// missed is told of each key or variable that is not there.
	missed func(error)
	warned sync.Map
}

// loadWords reads the catalogues of one language; areas without words have none.
func loadWords(code string, zone *time.Location, own fs.FS, areas []Area, missed func(error)) (*Words, error) {
	locale, err := lang.LocaleOf(code)
	if err != nil {
		return nil, err
	}
	w := &Words{Locale: locale, zone: zone, area: map[string]*lang.Catalogue{}, missed: missed}
	if w.own, err = lang.Load(own, "lang", code); err != nil {
		return nil, err
	}
	for _, a := range areas {
		c, err := lang.Load(a.Files, "lang", code)
		if err != nil {
			return nil, fault.InFile(err, a.Name+"/lang/"+code+".yaml")
		}
		w.area[a.Name] = c
	}
	return w, nil
}

// tongues are the words in every language. Reading catalogues takes a good part of
// the time that the server needs to start, so a language is read when the first page
// in it is asked for; English at once.
type tongues map[string]func() *Words

func newTongues(zone *time.Location, own fs.FS, areas []Area, missed func(code string, err error)) (tongues, error) {
	english, err := loadWords(Languages[0], zone, own, areas, func(err error) { missed(Languages[0], err) })
	if err != nil {
		return nil, err
	}
	t := tongues{Languages[0]: func() *Words { return english }}
	for _, code := range Languages[1:] {
		t[code] = sync.OnceValue(func() *Words {
			w, err := loadWords(code, zone, own, areas, func(err error) { missed(code, err) })
			if err != nil {
				// Tests hold every catalogue, so this is a program that was built wrong:
				// better a page in English than none.
				missed(code, err)
				return english
			}
			return w
		})
	}
	return t, nil
}

func (w *Words) catalogue(key string) *lang.Catalogue {
	head, _, _ := strings.Cut(key, ".")
	if c := w.area[head]; c != nil && c.Has(key) {
		return c
	}
	return w.own
}

// Has says whether there is a text with this key.
func (w *Words) Has(key string) bool { return w.catalogue(key).Has(key) }

// Text returns the text of a key. args are pairs of a variable's name and its
// value: a text, a whole number (which can choose the plural form), an ID, a time
// (shown as a date) or a Stringer. A key that is not there is shown in brackets
// and logged.
func (w *Words) Text(key string, args ...any) string {
	p, err := lang.NewPrinter(w.catalogue(key))
	if err != nil {
		return "[" + key + "]"
	}
	filled := make([]lang.Arg, 0, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		switch v := args[i+1].(type) {
		case int:
			filled = append(filled, p.Count(name, v))
		case int64:
			filled = append(filled, p.Count(name, int(v)))
		case ids.ID:
			filled = append(filled, lang.Text(name, v.String()))
		case time.Time:
			filled = append(filled, lang.Text(name, w.Day(v)))
		default:
			filled = append(filled, lang.Text(name, fmt.Sprint(v)))
		}
	}
	text := p.Text(key, filled...)
	if err := p.Err(); err != nil {
		if _, again := w.warned.LoadOrStore(key, true); !again && w.missed != nil {
			w.missed(err)
		}
	}
	return text
}

// Day prints the day of a time where the server is: "6 October 2016".
func (w *Words) Day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return w.Date(t.In(w.zone).Format(time.DateOnly))
}

// Clock prints the time of day: "14:05".
func (w *Words) Clock(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(w.zone).Format("15:04")
}

// Moment prints day and time of day: "6 October 2016, 14:05".
func (w *Words) Moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return w.Join(w.Day(t), w.Clock(t))
}
