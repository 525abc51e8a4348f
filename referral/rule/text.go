package rule

// Text is a text by language code. English ("en") is always there.
type Text map[string]string

// In returns the text in a language, or in English where there is none, with
// the language that it is in.
func (t Text) In(language string) (text, in string) {
	if s, ok := t[language]; ok {
		return s, language
	}
	return t["en"], "en"
}

// String returns the English text.
func (t Text) String() string { return t["en"] }
