package table

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reasonWords are the words of value labels, folded and with plain
// apostrophes, by which a missing value says why there is none. A label is
// looked for in English and French.
var reasonWords = []struct {
	reason Missing
	words  []string
}{
	{Refused, []string{"refus", "prefer not", "prefers not", "declined", "decline to", "unwilling",
		"préfère ne pas", "prefere ne pas", "ne souhaite pas", "ne veut pas", "ne répond pas", "ne repond pas"}},
	{DontKnow, []string{"don't know", "dont know", "do not know", "doesn't know", "does not know", "not sure", "unsure", "can't remember", "cannot remember",
		"ne sait pas", "ne sais pas", "nsp", "ne se souvient pas"}},
	{NotApplicable, []string{"not applicable", "does not apply", "inapplicable", "n/a", "non applicable", "ne s'applique pas", "sans objet", "non concerné", "non concerne"}},
	{NotAsked, []string{"not asked", "skip", "not administered", "not in version", "filtered", "question non posée", "non posée", "non posee", "pas posée", "pas posee", "non demandé", "non demande"}},
	{Unreadable, []string{"unreadable", "illegible", "illisible"}},
}

// shortReasons are labels that say it as a whole and are too short to look for
// within others.
var shortReasons = map[string]Missing{
	"dk": DontKnow, "d.k.": DontKnow, "rf": Refused, "ref": Refused, "na": NotApplicable, "n.a.": NotApplicable, "inap": NotApplicable, "iap": NotApplicable,
}

// reasonOf is the reason that a missing value's label states: Blank if it
// states none, or more than one ("don't know/refused").
func reasonOf(label string) Missing {
	text := strings.ReplaceAll(fold(label), "\u2019", "'")
	if m, ok := shortReasons[text]; ok {
		return m
	}
	found := Blank
	for _, r := range reasonWords {
		for _, word := range r.words {
			if !hasWord(text, word) {
				continue
			}
			if found != Blank && found != r.reason {
				return Blank
			}
			found = r.reason
		}
	}
	return found
}

// hasWord says whether a text has a word in it, or its beginning.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		if before, _ := utf8.DecodeLastRuneInString(text[:from+i]); !unicode.IsLetter(before) {
			return true
		}
		from += i + len(word)
	}
}

// reasonAdder is a builder that can be told why there is no value.
type reasonAdder interface{ addReason(m Missing) }

func (b *numberBuilder) addReason(m Missing) { b.miss(m) }

func (b *timeBuilder) addReason(m Missing) { b.miss(m) }

func (b *dateBuilder) addReason(m Missing) {
	b.days = append(b.days, 0)
	b.reasons.missing(m)
}

func (b *textBuilder) addReason(m Missing) {
	b.reasons.missing(m)
	b.offsets = append(b.offsets, uint64(len(b.data)))
}

func (b *boolBuilder) addReason(m Missing) {
	b.values = append(b.values, false)
	b.reasons.missing(m)
}

func (b *setBuilder) addReason(m Missing) {
	for range b.width {
		b.bits = append(b.bits, 0)
	}
	b.reasons.missing(m)
}

func (b *categoryBuilder) addReason(m Missing) {
	switch b.width {
	case 1:
		b.codes8 = append(b.codes8, uint8(m))
	case 2:
		b.codes16 = append(b.codes16, uint16(m))
	default:
		b.codes32 = append(b.codes32, uint32(m))
	}
	b.rows++
}

// addReason adds a missing value to any builder.
func addReason(to cellAdder, m Missing) {
	if r, ok := to.(reasonAdder); ok {
		r.addReason(m)
	} else {
		to.add(nil)
	}
}
