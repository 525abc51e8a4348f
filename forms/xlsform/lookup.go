package xlsform

import "strings"

// nextLookup finds the first path into another instance at or after from:
// instance('name') and the steps that follow, up to white space outside of
// predicates. The word instance in a sentence is none.
func nextLookup(text string, from int) (start, end int, ok bool) {
	const call = "instance("
	for {
		i := strings.Index(text[from:], call)
		if i < 0 {
			return 0, 0, false
		}
		start = from + i
		from = start + len(call)
		if start > 0 && (isName(text[start-1:start]) || strings.IndexByte("-.0123456789:", text[start-1]) >= 0) {
			continue
		}
		end := quoteEnd(text, from)
		if end <= from || !strings.HasPrefix(text[end:], ")/") {
			continue
		}
		return start, stepsEnd(text, end+2), true
	}
}

// quoteEnd returns the index after a quoted literal that begins at i, or i if
// none does.
func quoteEnd(text string, i int) int {
	if i >= len(text) || text[i] != '\'' && text[i] != '"' {
		return i
	}
	shut := strings.IndexByte(text[i+1:], text[i])
	if shut < 0 {
		return i
	}
	return i + shut + 2
}

// stepsEnd returns where the steps of a path end that go on at i: at white
// space or punctuation outside of predicates. A full stop after a name ends a
// sentence, not a name.
func stepsEnd(text string, i int) int {
	brackets, parens := 0, 0
	for ; i < len(text); i++ {
		b := text[i]
		switch {
		case brackets > 0 && (b == '\'' || b == '"'):
			if end := quoteEnd(text, i); end > i {
				i = end - 1
			}
		case b == '[':
			brackets++
		case b == ']' && brackets > 0:
			if brackets--; brackets == 0 && (i+1 >= len(text) || text[i+1] != '/' && text[i+1] != '[') {
				return i + 1
			}
		case brackets > 0:
		case b == '(':
			parens++
		case b == ')' && parens > 0:
			parens--
		case strings.IndexByte(" \t\n\r,;!?'\"<>=+|])", b) >= 0:
			return fullStop(text, i)
		}
	}
	return fullStop(text, i)
}

// fullStop returns the end of a path less the full stops and colons of a
// sentence.
func fullStop(text string, end int) int {
	trimmed := end
	for trimmed > 0 && (text[trimmed-1] == '.' || text[trimmed-1] == ':') {
		trimmed--
	}
	if trimmed > 0 && text[trimmed-1] == '/' {
		return end // a step to the node itself or its parent
	}
	return trimmed
}
