package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// Pooling says over which items rounds of two instruments may be counted
// together. "At least one" of five items and "at least one" of four are not
// one measure: pooled, both rounds are counted over the items common to both.
type Pooling struct {
	A, B string // ids
	// Items are the own-experience questions that are comparable in both and
	// that the counts of both instruments take in, in the order of the first.
	Items []string
	// OnlyA and OnlyB are own-experience items left out of a pooled count.
	OnlyA, OnlyB []string
	first        *Instrument
}

// Common returns the items common to two instruments.
func Common(a, b *Instrument) *Pooling {
	p := &Pooling{A: a.ID, B: b.ID, first: a}
	x, y := counted(a), counted(b)
	for _, id := range x {
		if slices.Contains(y, id) && compare(a, b, id).Verdict == Comparable {
			p.Items = append(p.Items, id)
		}
	}
	p.OnlyA, p.OnlyB = without(x, p.Items), without(y, p.Items)
	return p
}

// counted lists the own-experience indicators on one question that the
// instrument counts together; all of them, if it counts none.
func counted(in *Instrument) []string {
	var all, taken []string
	for _, i := range in.Indicators {
		if i.Experience == Own && i.Question != "" {
			all = append(all, i.ID)
		}
	}
	for _, id := range all {
		for _, i := range in.Indicators {
			if i.Experience == Own && slices.Contains(i.Of, id) {
				taken = append(taken, id)
				break
			}
		}
	}
	if len(taken) == 0 {
		return all
	}
	return taken
}

// Sentence says in words what may be pooled, in English, French or Arabic.
func (p *Pooling) Sentence(lang string) string {
	labels := func(ids []string, joiner string) string {
		words := make([]string, len(ids))
		for i, id := range ids {
			words[i] = p.first.Label(id, lang)
		}
		return strings.Join(words, joiner)
	}
	n := len(p.Items)
	switch lang {
	case "fr":
		if n == 0 {
			return fmt.Sprintf("%s et %s n'ont aucune question en commun sur l'expérience propre : leurs cycles ne peuvent pas être réunis.", p.A, p.B)
		}
		return fmt.Sprintf("Les cycles de %s et de %s ne peuvent être réunis que sur leurs questions communes (%d) : %s. « Au moins une » compte alors ces questions seules, dans les deux.", p.A, p.B, n, labels(p.Items, " ; "))
	case "ar":
		if n == 0 {
			return fmt.Sprintf("لا توجد أسئلة مشتركة بين %s و%s عن التجربة الشخصية، فلا يجوز جمع جولاتهما.", p.A, p.B)
		}
		return fmt.Sprintf("لا يجوز جمع جولات %s و%s إلا على الأسئلة المشتركة بينهما (%d): %s. وعندئذ تُحسب «واحدة على الأقل» من هذه الأسئلة وحدها في كليهما.", p.A, p.B, n, labels(p.Items, "؛ "))
	}
	if n == 0 {
		return fmt.Sprintf("%s and %s have no own-experience question in common: their rounds cannot be pooled.", p.A, p.B)
	}
	return fmt.Sprintf("Rounds of %s and %s may be pooled only over the items common to both (%d): %s. \"At least one\" then counts these items alone, in both.", p.A, p.B, n, labels(p.Items, "; "))
}

// AtLeast makes the indicator that counts the common items of both
// instruments: yes if at least n of them are. It returns nil unless n is from
// 1 to the number of common items.
func (p *Pooling) AtLeast(n int) *Indicator {
	if n < 1 || n > len(p.Items) {
		return nil
	}
	k := len(p.Items)
	return &Indicator{
		ID: fmt.Sprintf("at_least_%d_of_%d_common", n, k), Experience: Own, Of: slices.Clone(p.Items), AtLeast: n,
		Label: Text{
			"en": fmt.Sprintf("At least %d of the %d common items", n, k),
			"fr": fmt.Sprintf("Au moins %d des %d questions communes", n, k),
			"ar": fmt.Sprintf("%d على الأقل من الأسئلة المشتركة (%d)", n, k),
		},
		Sentence: Text{
			"en": fmt.Sprintf("had at least %d of the %d experiences that both forms ask about", n, k),
			"fr": fmt.Sprintf("ont vécu au moins %d des %d expériences sur lesquelles portent les deux formulaires", n, k),
			"ar": fmt.Sprintf("مروا بما لا يقل عن %d من التجارب التي تسأل عنها الاستمارتان (%d)", n, k),
		},
		Citation: Citation{Authority: p.first.Citation.Authority, Date: p.first.Citation.Date,
			Source: fmt.Sprintf("%s, restricted to the items common to %s and %s", p.first.Citation.Source, p.A, p.B)},
	}
}
