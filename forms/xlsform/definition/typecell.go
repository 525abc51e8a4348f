package definition

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// selectCommands are the spellings of the types that a list follows.
var selectCommands = map[string]string{
	"add select one prompt using":      "select_one",
	"add select multiple prompt using": "select_multiple",
	"select all that apply from":       "select_multiple",
	"select one from":                  "select_one",
	"select1":                          "select_one",
	"select_one":                       "select_one",
	"select one":                       "select_one",
	"select_multiple":                  "select_multiple",
	"select all that apply":            "select_multiple",
	"select_one_external":              "select_one_external",
	"select_one_from_file":             "select_one",
	"select_multiple_from_file":        "select_multiple",
	"select one from file":             "select_one",
	"select multiple from file":        "select_multiple",
	"rank":                             "rank",
}

// fromFile are the commands whose list must be a file.
var fromFile = set("select_one_from_file", "select_multiple_from_file", "select one from file", "select multiple from file")

// selectCell is a type such as "select_one yes_no or_other", taken apart.
type selectCell struct {
	command string // as written
	kind    string // select_one, select_multiple, rank, select_one_external
	list    string
	other   bool
}

// parseSelect takes a select's type apart; ok is false for any other type.
func parseSelect(s string) (selectCell, bool) {
	for _, suffix := range [...]string{" or specify other", " or_other", " or other"} {
		if cut, found := strings.CutSuffix(s, suffix); found {
			if c, ok := parseSelectList(cut); ok {
				c.other = true
				return c, true
			}
		}
	}
	return parseSelectList(s)
}

func parseSelectList(s string) (selectCell, bool) {
	at := strings.LastIndexByte(s, ' ')
	if at <= 0 || at == len(s)-1 || strings.IndexFunc(s[at:], unicode.IsSpace) != strings.LastIndexFunc(s[at:], unicode.IsSpace) {
		return selectCell{}, false
	}
	kind, ok := selectCommands[s[:at]]
	return selectCell{command: s[:at], kind: kind, list: s[at+1:]}, ok
}

// controlKinds are the words after begin and end.
var controlKinds = map[string]string{
	"group": "group", "lgroup": "repeat", "repeat": "repeat", "loop": "loop", "looped group": "repeat",
}

// parseEnd reads "end group", "end_repeat" and the like.
func parseEnd(s string) (kind string, ok bool) {
	rest, ok := afterWord(s, "end")
	if !ok {
		return "", false
	}
	kind, ok = controlKinds[rest]
	return kind, ok
}

// afterWord returns what follows a word and one underscore or white space of
// any kind, such as a line break.
func afterWord(s, word string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(s, word)
	if !ok {
		return "", false
	}
	gap, width := utf8.DecodeRuneInString(rest)
	return rest[width:], gap == '_' || unicode.IsSpace(gap)
}

// parseBegin reads "begin group", "begin loop over LIST" and the like.
func parseBegin(s string) (kind, list string, ok bool) {
	rest, ok := afterWord(s, "begin")
	if !ok {
		return "", "", false
	}
	if kind, ok = controlKinds[rest]; ok {
		return kind, "", true
	}
	at := strings.LastIndexByte(rest, ' ')
	if at < 0 || at == len(rest)-1 {
		return "", "", false
	}
	before := rest[:at]
	if kind, ok = controlKinds[before]; !ok {
		kind, ok = controlKinds[strings.TrimSuffix(before, " over")]
	}
	return kind, rest[at+1:], ok
}

// parseOSM reads "osm LIST".
func parseOSM(s string) (list string, ok bool) {
	rest, ok := strings.CutPrefix(s, "osm ")
	if !ok || rest == "" || rest[0] == ' ' {
		return "", false
	}
	list, _, _ = strings.Cut(rest, " ")
	return list, true
}
