package definition

import "strings"

// smartQuotes are what word processors make of quotes; expressions need the
// plain ones.
var smartQuotes = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`)

// plainText undoes smart quotes and, if fold is set, turns every run of spaces
// into one. It returns s itself where there is nothing to do.
func plainText(s string, fold bool) string {
	// All four begin with the same two bytes.
	if at := strings.IndexByte(s, 0xe2); at >= 0 && strings.Contains(s[at:], "\xe2\x80") {
		s = smartQuotes.Replace(s)
	}
	if !fold || !strings.Contains(s, "  ") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' || i == 0 || s[i-1] != ' ' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// set puts a text of a column of its own (label, hint). A column without a
// language that comes first is under the default language as soon as another
// one has a language; one that comes last takes the place of all before it.
func (t *Text) set(language, text, byDefault string) {
	if language == "" {
		*t = Text{Plain: text}
		return
	}
	t.setIn(language, text, byDefault)
}

// setNested puts a text of a column that belongs to a set of columns (media,
// messages), where the order of columns does not matter.
func (t *Text) setNested(language, text, byDefault string) {
	switch {
	case language != "":
		t.setIn(language, text, byDefault)
	case len(t.ByLanguage) == 0:
		t.Plain = text
	default:
		if _, there := t.In(byDefault); !there {
			t.ByLanguage = append(t.ByLanguage, Translation{byDefault, text})
		}
	}
}

func (t *Text) setIn(language, text, byDefault string) {
	if t.Plain != "" {
		if language != byDefault {
			t.ByLanguage = append(t.ByLanguage, Translation{byDefault, t.Plain})
		}
		t.Plain = ""
	}
	for i := range t.ByLanguage {
		if t.ByLanguage[i].Language == language {
			t.ByLanguage[i].Text = text
			return
		}
	}
	t.ByLanguage = append(t.ByLanguage, Translation{language, text})
}

// setMedium puts one file name of one kind.
func setMedium(media []Medium, kind, language, file, byDefault string) []Medium {
	for i := range media {
		if media[i].Kind == kind {
			media[i].File.setNested(language, file, byDefault)
			return media
		}
	}
	m := Medium{Kind: kind}
	m.File.setNested(language, file, byDefault)
	return append(media, m)
}
