package instrument

import (
	"strings"

	"golang.org/x/text/language"
)

// languageNames are names of languages as authors of forms write them, in
// lower case, with their BCP 47 code. It covers languages that flow monitoring
// has been asked in; any other is written with its code: "Hausa (ha)".
var languageNames = map[string]string{
	"amharic": "am", "arabic": "ar", "العربية": "ar", "عربي": "ar", "bambara": "bm",
	"bengali": "bn", "bangla": "bn", "dari": "prs", "english": "en", "farsi": "fa",
	"persian": "fa", "فارسی": "fa", "french": "fr", "français": "fr", "francais": "fr",
	"german": "de", "greek": "el", "hausa": "ha", "italian": "it", "italiano": "it",
	"kurdish": "ku", "pashto": "ps", "portuguese": "pt", "português": "pt",
	"russian": "ru", "somali": "so", "spanish": "es", "español": "es", "swahili": "sw",
	"tigrinya": "ti", "turkish": "tr", "türkçe": "tr", "ukrainian": "uk", "urdu": "ur",
	"wolof": "wo",
}

// languageCode returns the BCP 47 code of a language as an XLSForm header or
// setting names it: "English (en)", "French", "fr". What is not known is kept,
// in lower case, so that no translation is lost.
func languageCode(name string) string {
	name = strings.TrimSpace(name)
	if open := strings.LastIndexByte(name, '('); open >= 0 && strings.HasSuffix(name, ")") {
		if tag, err := language.Parse(strings.TrimSpace(name[open+1 : len(name)-1])); err == nil {
			return tag.String()
		}
	}
	lower := strings.ToLower(name)
	if code, ok := languageNames[lower]; ok {
		return code
	}
	if tag, err := language.Parse(name); err == nil && len(name) <= 11 {
		return tag.String()
	}
	return lower
}

// languageColumn is a column of texts: in the default language unless its
// header names one.
type languageColumn struct {
	index int
	named bool
	code  string // if named
}

// readLanguages notes which columns hold which text in which language.
func (s *sheet) readLanguages() {
	s.translated = map[string][]languageColumn{}
	for i, h := range s.header {
		name, lang, named := strings.Cut(h, "::")
		column := languageColumn{index: i, named: named}
		if named {
			column.code = languageCode(lang)
		}
		s.translated[name] = append(s.translated[name], column)
	}
}

// texts collects a translated column of a row: "label", "label::English (en)".
// A bare column is in the default language.
func (s *sheet) texts(row sheetRow, column, defaultLanguage string) Text {
	var t Text
	for _, h := range s.translated[column] {
		if h.index >= len(row.cells) || row.cells[h.index] == "" {
			continue
		}
		code := defaultLanguage
		if h.named {
			code = h.code
		}
		if t == nil {
			t = Text{}
		}
		if t[code] == "" || h.named {
			t[code] = row.cells[h.index]
		}
	}
	return t
}

// languages lists the languages of the labels of a sheet, in column order.
func (s *sheet) languages(defaultLanguage string) []string {
	var codes []string
	seen := map[string]bool{}
	for _, h := range s.header {
		name, lang, translated := strings.Cut(h, "::")
		if name != "label" {
			continue
		}
		code := defaultLanguage
		if translated {
			code = languageCode(lang)
		}
		if !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	return codes
}
