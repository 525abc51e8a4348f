package brief

import "strconv"

// renderWords are the words that renderers add of their own, in English. A
// Document carries them in its language in Words, under the same keys; a key
// that it lacks falls back to this list, so that a page never shows a bare key.
var renderWords = map[string]string{
	"contents":       "Contents",
	"skip":           "Skip to the text",
	"figure":         "Figure",
	"table":          "Table",
	"figure_data":    "Data behind this figure",
	"number_hint":    "Each number with a dotted line under it links to how it was made.",
	"languages":      "Languages",
	"language_name":  "English",
	"page":           "Page",
	"back":           "Back to the brief",
	"receipts_title": "How each number was made",
	"receipts_intro": "One entry for each number of the brief: what was counted, in which file, after which filters, by which method. The command in each entry makes the number again.",
	"all_numbers":    "For all numbers",
	"numbers":        "Numbers",
	"tables":         "Tables",
	"sheet":          "Sheet",
	"source":         "Source",
	"notes":          "Notes",
	"not_shown":      "Not shown",
	"annex_data":     "Data behind the figures",
}

// word returns one of the renderer's words in the document's language.
func (doc *Document) word(key string) string {
	if s := doc.Words[key]; s != "" {
		return s
	}
	return renderWords[key]
}

// RenderWordKeys returns, with their English text, the keys of Words that the
// renderers look up.
func RenderWordKeys() map[string]string {
	keys := make(map[string]string, len(renderWords))
	for k, v := range renderWords {
		keys[k] = v
	}
	return keys
}

// numbered is a label such as "Table 3".
func (doc *Document) numbered(key string, n int) string {
	return doc.word(key) + " " + strconv.Itoa(n)
}
