package instrument

import (
	"strconv"
	"strings"
	"unicode"
)

// maxDraftName bounds the characters of a drafted name.
const maxDraftName = 60

// draftName makes a question's name, or an id, from any text: letters, digits,
// "_", "." and "-" stay, all else becomes "_". The name is new among taken,
// whatever its letter case, and is added to it.
func draftName(text string, taken map[string]bool) string {
	var b strings.Builder
	gap := false
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) && unicode.IsDigit(r) || unicode.IsMark(r) && n > 0 || r == '_' || r == '.' || r == '-' {
			if gap && n > 0 {
				b.WriteByte('_')
				n++
			}
			gap = false
			b.WriteRune(r)
			n++
		} else {
			gap = true
		}
		if n >= maxDraftName {
			break
		}
	}
	name := strings.TrimRight(b.String(), ".-_")
	if name == "" {
		name = "question"
	}
	if first := []rune(name)[0]; !unicode.IsLetter(first) && first != '_' {
		name = "q_" + strings.TrimLeft(name, ".-")
	}
	stem := name
	for i := 2; taken[strings.ToLower(name)]; i++ {
		name = stem + "_" + strconv.Itoa(i)
	}
	taken[strings.ToLower(name)] = true
	return name
}

// draftCode makes a choice's code from a value: the value itself, if it can be
// a code.
func draftCode(value string, taken map[string]bool) string {
	safe := value != "" && len(value) <= maxDraftName
	for _, r := range value {
		safe = safe && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("_.-+", r))
	}
	if safe && !taken[strings.ToLower(value)] {
		taken[strings.ToLower(value)] = true
		return value
	}
	return draftName(value, taken)
}

// splitWords takes a name apart into lower-case words: "finalWeight_2" is
// final, weight, 2.
func splitWords(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = nil
		}
	}
	var before rune
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsDigit(r) != unicode.IsDigit(before) || unicode.IsUpper(r) && unicode.IsLower(before):
			end()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		before = r
	}
	end()
	return words
}
