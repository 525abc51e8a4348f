package workbook

import "strings"

// arenaChunk is the size of the chunks that short texts are kept in.
const arenaChunk = 32 << 10

// arena keeps many short texts in few pieces of memory.
type arena struct {
	chunk strings.Builder
}

// keep returns a copy of b as a string.
func (a *arena) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > arenaChunk/8 {
		return string(b)
	}
	if a.chunk.Cap()-a.chunk.Len() < len(b) {
		a.chunk.Reset()
		a.chunk.Grow(arenaChunk)
	}
	start := a.chunk.Len()
	a.chunk.Write(b)
	return a.chunk.String()[start:]
}
