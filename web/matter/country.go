package matter

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"waymark/referral/rule"
	"waymark/web/page"
)

// CountryName is the name of a code of rule.CountryCodes in the page's language.
func CountryName(r *page.Request, code string) string {
	if key := "matter.country." + strings.ToLower(code); r.Words().Has(key) {
		return r.Text(key)
	}
	if !rule.IsCountry(code) {
		return code
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(r.Lang)).Name(region); name != "" {
		return name
	}
	return code
}

// tongues are the languages that are offered, by code of BCP 47: those that people
// referred in Europe speak, and others by a code that is typed.
const tongues = "aa af am ar arc ay az bal be bg bm bn bo br bs ca ceb ckb cs cy da de dv dyu ee el en es et eu fa ff fi fil fon fr ga gn gu ha haz he hi hr ht hu hy id ig ilo it ja ka kab kk km kmr kn ko kok kri ky lg ln lo lt lua lv mg mk ml mn mr ms mt my ne nl no ny om pa pap pl prs ps pt qu ro rom ru rw sd si sk sl sn so sq sr ss st sv sw ta te tg th ti tig tk tl tn tr ts ug uk umb ur uz ve vi wo xh yo yue zh zu"

// LanguageName is the name of a language in the page's language.
func LanguageName(r *page.Request, code string) string {
	if key := "matter.language." + strings.ToLower(code); r.Words().Has(key) {
		return r.Text(key)
	}
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	if name := display.Languages(language.Make(r.Lang)).Name(tag); name != "" {
		return capital(name)
	}
	return code
}

func capital(s string) string {
	for i, c := range s {
		if i == 0 {
			return string(unicode.ToUpper(c)) + s[len(string(c)):]
		}
	}
	return s
}

// lists holds the choices of long lists by language: they take a while to sort.
var lists sync.Map

// Countries are the choices of a country.
func Countries(r *page.Request) []page.Option {
	return listed(r, "country", rule.CountryCodes, CountryName)
}

// Languages are the choices of a language. Sign languages are among them.
func Languages(r *page.Request) []page.Option {
	return listed(r, "language", func() []string { return append(strings.Fields(tongues), "bfi", "sgn") }, LanguageName)
}

func listed(r *page.Request, kind string, codes func() []string, name func(*page.Request, string) string) []page.Option {
	key := kind + " " + r.Lang
	if have, ok := lists.Load(key); ok {
		return have.([]page.Option)
	}
	var all []page.Option
	for _, c := range codes() {
		all = append(all, page.Option{Value: c, Text: name(r, c)})
	}
	slices.SortStableFunc(all, func(a, b page.Option) int { return strings.Compare(folded(a.Text), folded(b.Text)) })
	all = append([]page.Option{{Value: "", Text: r.Text("matter.choose")}}, all...)
	lists.Store(key, all)
	return all
}

// folded is a name without its accents, for sorting.
func folded(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFD.String(s))
}
