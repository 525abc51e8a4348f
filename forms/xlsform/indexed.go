package xlsform

import "strings"

const indexedRepeat = "indexed-repeat("

// relativeInIndexed tells whether a reference may become a relative path as
// far as indexed-repeat(question, repeat, index, ...) is concerned: questions
// and repeats (the 1st, 2nd, 4th and 6th argument) stay absolute, indexes and
// what is outside may be relative. Source: ODK XForms specification, function
// indexed-repeat; where two calls stand in one expression, as pyxform does.
func relativeInIndexed(text string, ref reference) bool {
	if !strings.Contains(text, indexedRepeat) {
		return true
	}
	calls := indexedCalls(text)
	for i := 0; i < len(calls); i++ {
		call := calls[i]
		if ref.end > call.end {
			// What follows the last call is free; a call after it is decided by
			// the one after that.
			if i++; i >= len(calls) {
				return true
			}
			continue
		}
		if ref.end < call.start || ref.start > call.end {
			return true
		}
		place := none
		for n, argument := range strings.Split(text[call.start+len(indexedRepeat):call.end-1], ",") {
			if strings.Contains(argument, "${"+ref.name+"}") {
				place = int32(n)
			}
		}
		switch place {
		case none, 0, 1, 3, 5:
			return false
		}
		return true
	}
	return false
}

type callSpan struct{ start, end int }

// indexedCalls finds the calls of indexed-repeat, each up to its first closing
// parenthesis.
func indexedCalls(text string) []callSpan {
	var calls []callSpan
	for from := 0; ; {
		i := strings.Index(text[from:], indexedRepeat)
		if i < 0 {
			return calls
		}
		start := from + i
		from = start + len(indexedRepeat)
		shut := strings.IndexByte(text[from:], ')')
		if shut < 1 {
			if shut < 0 {
				return calls
			}
			continue
		}
		from += shut + 1
		calls = append(calls, callSpan{start, from})
	}
}
