package figure

import (
	"strings"
	"unicode"
)

// How much wider than in DejaVu Sans a reader's system font is allowed to be
// before text could touch its neighbour. They are ratios.
const (
	slack       = 1.05
	arabicSlack = 1.12 // Arabic letters differ more from font to font
)

// ellipsis ends a text that was cut short.
const ellipsis = "…"

// textWidth returns the room that a line of text needs, in user units.
func textWidth(text string, size float64, isBold bool) float64 {
	text = clean(text)
	face, sum := weight(isBold), 0.0
	for _, r := range text {
		if r >= 0x0600 && r < 0x0700 {
			return joinedWidth(text, isBold) * size * arabicSlack
		}
		sum += face.advance(r)
	}
	return sum * size * slack
}

// joinedWidth returns the width of Arabic text at size 1 with its letters
// joined, which its separate letters do not tell.
func joinedWidth(text string, isBold bool) float64 {
	s := scribes.Get().(*scribe)
	defer scribes.Put(s)
	return s.shape(text, isBold, true).width
}

// clean makes text safe to draw on one line: characters that XML forbids become
// U+FFFD, and line breaks and tabs become spaces.
func clean(text string) string {
	ok := true
	for _, r := range text {
		if r < ' ' || r == unicode.ReplacementChar || r == 0xFFFE || r == 0xFFFF || r == 0x2028 || r == 0x2029 || (r >= 0x7F && r < 0xA0) {
			ok = false
			break
		}
	}
	if ok {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == 0x2028 || r == 0x2029:
			return ' '
		case r < ' ' || r == 0xFFFE || r == 0xFFFF || (r >= 0x7F && r < 0xA0):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// wrap breaks text into at most maxLines lines that are no wider than width.
// Words that are too long are broken, and what does not fit ends in an ellipsis.
// There is always at least one line.
func wrap(text string, size float64, isBold bool, width float64, maxLines int) []string {
	words := strings.Fields(clean(text))
	var lines []string
	line := ""
	for len(words) > 0 {
		next := words[0]
		if line != "" {
			next = line + " " + words[0]
		}
		if textWidth(next, size, isBold) <= width {
			line, words = next, words[1:]
			continue
		}
		if line == "" { // one word wider than the room
			head, tail := splitWord(words[0], size, isBold, width)
			line, words[0] = head, tail
			if tail == "" {
				words = words[1:]
				continue
			}
		}
		if len(lines) == maxLines-1 {
			return append(lines, shorten(line+" "+strings.Join(words, " "), size, isBold, width))
		}
		lines, line = append(lines, line), ""
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// splitWord cuts a word so that its head fits, taking at least one letter with
// its marks. Arabic letters count as they stand alone, which is wider.
func splitWord(word string, size float64, isBold bool, width float64) (head, tail string) {
	face, sum, first := weight(isBold), 0.0, true
	for at, r := range word {
		sum += face.advance(r) * size * arabicSlack
		if sum > width && !first && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return word[:at], word[at:]
		}
		first = false
	}
	return word, ""
}

// shorten returns text, cut with an ellipsis if it is wider than width. Where not
// even the ellipsis fits it returns nothing.
func shorten(text string, size float64, isBold bool, width float64) string {
	text = clean(text)
	if textWidth(text, size, isBold) <= width {
		return text
	}
	room := width - textWidth(ellipsis, size, isBold)
	if room <= 0 {
		return ""
	}
	head, _ := splitWord(text, size, isBold, room)
	if textWidth(head, size, isBold) > room {
		return ellipsis
	}
	return strings.TrimRightFunc(head, unicode.IsSpace) + ellipsis
}

// column returns the width of a column of labels: the widest line when each is
// wrapped to at most three lines within most.
func column(size, most float64, labels []string) float64 {
	width := 0.0
	for _, label := range labels {
		for _, line := range wrap(label, size, false, most, 3) {
			width = max(width, textWidth(line, size, false))
		}
	}
	return min(width, most)
}
