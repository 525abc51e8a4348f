package page

import (
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Rule is a condition on a field.
type Rule func(*rules)

type rules struct {
	required bool
	max      int
	low      float64
	high     float64
	lines    bool
	suffixes []string
}

// Required says that the field must be filled in.
func Required(r *rules) { r.required = true }

// Max is the most characters of a text. Default 200.
func Max(n int) Rule { return func(r *rules) { r.max = n } }

// Lines lets a text have line ends.
func Lines(r *rules) { r.lines = true }

// Between are the least and the greatest of a number, inclusive. Default none.
func Between(low, high float64) Rule { return func(r *rules) { r.low, r.high = low, high } }

// Ends are the endings that a file's name may have: ".xlsx", ".csv".
func Ends(suffixes ...string) Rule { return func(r *rules) { r.suffixes = suffixes } }

func with(list []Rule) rules {
	r := rules{max: 200, low: math.Inf(-1), high: math.Inf(1)}
	for _, one := range list {
		one(&r)
	}
	return r
}

func (f *Form) label(name string) string {
	key := f.prefix + "." + name
	if i := strings.LastIndexByte(key, '-'); !f.words.Has(key) && i > 0 && f.words.Has(key[:i]) {
		// One of a list, such as "due-3": the words of "due" with its number.
		if n, err := strconv.Atoi(key[i+1:]); err == nil {
			return f.words.Text(key[:i], "n", n)
		}
	}
	return f.words.Text(key)
}

// Text reads a text: trimmed, in Unicode's NFC, with no control characters, at most
// Max characters. "" if it is empty or wrong.
func (f *Form) Text(name string, list ...Rule) string {
	r := with(list)
	v := f.values.Get(name)
	if !utf8.ValidString(v) {
		f.Wrong(name, "page.form.characters", "label", f.label(name))
		return ""
	}
	v = strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(v, "\r\n", "\n")))
	if strings.ContainsFunc(v, func(c rune) bool { return unicode.IsControl(c) && !(r.lines && (c == '\n' || c == '\t')) }) {
		f.Wrong(name, "page.form.characters", "label", f.label(name))
		return ""
	}
	if v == "" {
		if r.required {
			f.Wrong(name, "page.form.required", "label", f.label(name))
		}
		return ""
	}
	if utf8.RuneCountInString(v) > r.max {
		f.Wrong(name, "page.form.long", "label", f.label(name), "max", r.max)
		return ""
	}
	return v
}

// Secret reads a password or a code: as typed, at most Max characters.
func (f *Form) Secret(name string, list ...Rule) string {
	r := with(list)
	v := f.values.Get(name)
	switch {
	case v == "" && r.required:
		f.Wrong(name, "page.form.required", "label", f.label(name))
	case !utf8.ValidString(v):
		f.Wrong(name, "page.form.characters", "label", f.label(name))
	case utf8.RuneCountInString(v) > r.max:
		f.Wrong(name, "page.form.long", "label", f.label(name), "max", r.max)
	default:
		return v
	}
	return ""
}

// Whole reads a whole number; ok is false if there is none or it is wrong.
func (f *Form) Whole(name string, list ...Rule) (n int, ok bool) {
	x, ok := f.number(name, true, list)
	return int(x), ok
}

// Decimal reads a number; ok is false if there is none or it is wrong. A comma may
// stand for the point.
func (f *Form) Decimal(name string, list ...Rule) (x float64, ok bool) {
	return f.number(name, false, list)
}

func (f *Form) number(name string, whole bool, list []Rule) (float64, bool) {
	r := with(list)
	v := strings.TrimSpace(f.values.Get(name))
	if v == "" {
		if r.required {
			f.Wrong(name, "page.form.required", "label", f.label(name))
		}
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.Replace(strings.ReplaceAll(v, "\u2212", "-"), ",", ".", 1), 64)
	switch {
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0) || len(v) > 30:
		f.Wrong(name, "page.form.number", "label", f.label(name))
	case whole && (x != math.Trunc(x) || strings.ContainsAny(v, ".,eExXpP") || math.Abs(x) > 1<<53):
		f.Wrong(name, "page.form.whole", "label", f.label(name))
	case x < r.low && math.IsInf(r.high, 1):
		f.Wrong(name, "page.form.least", "label", f.label(name), "low", f.words.Decimal(r.low, decimalsOf(r.low)))
	case x > r.high && math.IsInf(r.low, -1):
		f.Wrong(name, "page.form.most", "label", f.label(name), "high", f.words.Decimal(r.high, decimalsOf(r.high)))
	case x < r.low || x > r.high:
		f.Wrong(name, "page.form.between", "label", f.label(name), "low", f.words.Decimal(r.low, decimalsOf(r.low)), "high", f.words.Decimal(r.high, decimalsOf(r.high)))
	default:
		return x, true
	}
	return 0, false
}

func decimalsOf(x float64) int {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if i := strings.IndexByte(s, '.'); i >= 0 {
		return len(s) - i - 1
	}
	return 0
}

// Date reads a civil date from three fields (NAME-day, NAME-month, NAME-year) or one
// ("2016-10-06"), and returns it as "2016-10-06"; "" if there is none or it is wrong.
func (f *Form) Date(name string, list ...Rule) string {
	r := with(list)
	v := strings.TrimSpace(f.values.Get(name))
	if v == "" {
		parts := []string{f.values.Get(name + "-year"), f.values.Get(name + "-month"), f.values.Get(name + "-day")}
		for i, p := range parts {
			parts[i] = strings.TrimSpace(p)
		}
		if strings.Join(parts, "") != "" {
			if len(parts[1]) == 1 {
				parts[1] = "0" + parts[1]
			}
			if len(parts[2]) == 1 {
				parts[2] = "0" + parts[2]
			}
			v = strings.Join(parts, "-")
		}
	}
	if v == "" {
		if r.required {
			f.Wrong(name, "page.form.required", "label", f.label(name))
		}
		return ""
	}
	t, err := time.Parse(time.DateOnly, v)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		f.Wrong(name, "page.form.date", "label", f.label(name))
		return ""
	}
	return v
}

// Choice reads one of the values that may be chosen; "" if none was or it is another.
func (f *Form) Choice(name string, of []string, list ...Rule) string {
	r := with(list)
	v := f.values.Get(name)
	if v == "" && !r.required {
		return ""
	}
	if v == "" || !slices.Contains(of, v) {
		f.Wrong(name, "page.form.choose", "label", f.label(name))
		return ""
	}
	return v
}

// ChoiceMany reads those of the values that were chosen, each once, in their order.
func (f *Form) ChoiceMany(name string, of []string, list ...Rule) []string {
	r := with(list)
	var chosen []string
	for _, v := range f.values[name] {
		if !slices.Contains(of, v) {
			f.Wrong(name, "page.form.choose", "label", f.label(name))
			return nil
		}
	}
	for _, v := range of {
		if slices.Contains(f.values[name], v) {
			chosen = append(chosen, v)
		}
	}
	if len(chosen) == 0 && r.required {
		f.Wrong(name, "page.form.choose", "label", f.label(name))
	}
	return chosen
}

// Checked says whether a single checkbox is set.
func (f *Form) Checked(name string, list ...Rule) bool {
	r := with(list)
	v := f.values.Get(name)
	if v == "" && r.required {
		f.Wrong(name, "page.form.required", "label", f.label(name))
	}
	return v != ""
}

// File returns the file of a form that ReadUpload read, or nil if none was chosen or
// its name has another ending.
func (f *Form) File(name string, list ...Rule) *Upload {
	r := with(list)
	chosen := f.files[name]
	if len(chosen) == 0 || chosen[0].Name == "" {
		if r.required {
			f.Wrong(name, "page.form.file", "label", f.label(name))
		}
		return nil
	}
	u := chosen[0]
	if len(r.suffixes) > 0 && !slices.Contains(r.suffixes, strings.ToLower(path.Ext(u.Name))) {
		f.Wrong(name, "page.form.ending", "label", f.label(name), "endings", f.words.Join(r.suffixes...))
		return nil
	}
	return u
}

// Files returns all files of a field that takes several, in their order.
func (f *Form) Files(name string) []*Upload {
	var named []*Upload
	for _, u := range f.files[name] {
		if u.Name != "" {
			named = append(named, u)
		}
	}
	return named
}
