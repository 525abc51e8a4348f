package outline

import (
	"strings"

	"golang.org/x/text/language"

	"waymark/internal/fault"
)

// Language is one language of a form.
type Language struct {
	// Name is as the form writes it: "French (fr)".
	Name string
	// Tag is the BCP 47 code, or "" if the name does not tell it.
	Tag string
	// RTL tells that it is written from right to left.
	RTL bool
}

// Dir is the value of HTML's dir attribute.
func (l Language) Dir() string {
	if l.RTL {
		return "rtl"
	}
	return "ltr"
}

// Languages returns the languages of the form, in its order; a form without
// translations has one, without a name.
func (o *Outline) Languages() []Language {
	if len(o.Form.Languages) == 0 {
		return []Language{{}}
	}
	var all []Language
	for _, name := range o.Form.Languages {
		all = append(all, languageOf(name))
	}
	return all
}

// named are the codes of languages that forms name without one.
var named = map[string]string{
	"english": "en", "french": "fr", "français": "fr", "francais": "fr", "spanish": "es", "español": "es", "portuguese": "pt", "italian": "it", "german": "de",
	"arabic": "ar", "dari": "prs", "farsi": "fa", "persian": "fa", "pashto": "ps", "urdu": "ur", "hebrew": "he", "kurdish (sorani)": "ckb", "sorani": "ckb", "kurdish": "ku",
	"tigrinya": "ti", "amharic": "am", "somali": "so", "swahili": "sw", "hausa": "ha", "bengali": "bn", "bangla": "bn", "hindi": "hi", "nepali": "ne",
	"russian": "ru", "ukrainian": "uk", "turkish": "tr", "greek": "el", "burmese": "my", "thai": "th", "vietnamese": "vi", "khmer": "km", "indonesian": "id", "chinese": "zh",
}

func languageOf(name string) Language {
	l := Language{Name: name}
	code := ""
	if open := strings.LastIndexByte(name, '('); open >= 0 {
		code = strings.TrimSuffix(strings.TrimSpace(name[open+1:]), ")")
	}
	low := strings.ToLower(strings.TrimSpace(name))
	for _, try := range []string{code, named[low], named[strings.TrimSpace(strings.ToLower(strings.SplitN(name, "(", 2)[0]))], low} {
		if try == "" || len(try) > 3 && !strings.ContainsAny(try, "-_") {
			continue
		}
		if tag, err := language.Parse(try); err == nil {
			l.Tag = tag.String()
			l.RTL = rightToLeft(tag)
			return l
		}
	}
	return l
}

// rightToLeft tells whether a language is written from right to left: by the
// script that its tag names, else by the one that it usually has. Languages
// whose usual script x/text does not know are named here.
func rightToLeft(tag language.Tag) bool {
	switch script, sure := tag.Script(); script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return true
	case "Zzzz":
	default:
		if sure == language.Exact || sure == language.High {
			return false
		}
	}
	switch base, _ := tag.Base(); base.String() {
	case "ar", "fa", "prs", "ps", "pbt", "pbu", "pst", "ur", "he", "ckb", "sd", "ug", "dv", "yi", "ks", "bal", "haz", "aeb", "apc", "acm", "arz", "ary", "ayl", "apd", "ajp", "azb", "bqi", "glk", "lrc", "mzn", "pnb", "skr", "syr", "arc", "nqo":
		return true
	}
	return false
}

// Language finds a language of the form by name or code. An empty text is the
// default language. It fails if there is none, and says which there are.
func (o *Outline) Language(wanted string) (int, error) {
	if wanted == "" {
		return o.Form.Default, nil
	}
	low := strings.ToLower(wanted)
	best := -2
	for n, l := range o.Languages() {
		switch {
		case strings.EqualFold(l.Name, wanted), l.Tag != "" && strings.ToLower(l.Tag) == low:
			best = n
		case best == -2 && l.Name != "" && strings.HasPrefix(strings.ToLower(l.Name), low):
			best = n
		default:
			continue
		}
		if strings.EqualFold(l.Name, wanted) {
			break
		}
	}
	if best >= 0 {
		return min(best, len(o.Form.Languages)-1), nil
	}
	remedy := "the form has one language; leave --lang out"
	if len(o.Form.Languages) > 0 {
		remedy = "the form has " + strings.Join(o.Form.Languages, ", ")
	}
	return 0, fault.New(fault.NotFound, fault.Place{}, "the form has no language \""+wanted+"\"", remedy)
}
