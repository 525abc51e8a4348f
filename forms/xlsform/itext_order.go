package xlsform

// textOrder is the order of the sayings within one language: first those with
// words in it, then those with only files, then those that only other
// languages have, in the order in which these have them.
type textOrder struct {
	simple  []int32 // if no language lacks anything
	partial bool
}

func (t *translations) order() *textOrder {
	o := &textOrder{simple: make([]int32, len(t.sayings))}
	for i := range t.sayings {
		o.simple[i] = int32(i)
		o.partial = o.partial || t.sayings[i].partial
	}
	for i := range t.sayings {
		s := &t.sayings[i]
		o.partial = o.partial || s.node != none && !isWords(t.values[s.from].form)
	}
	return o
}

func isWords(form string) bool { return form == long || form == guidance }

// of returns the sayings of a language in order.
func (o *textOrder) of(t *translations, language int32) []int32 {
	if !o.partial {
		return o.simple
	}
	out := make([]int32, 0, len(t.sayings))
	seen := make([]bool, len(t.sayings))
	out = t.own(out, seen, language)
	for l := range int32(len(t.languages)) {
		if len(out) == len(t.sayings) {
			break
		}
		if l != language {
			out = t.own(out, seen, l)
		}
	}
	return out
}

// own appends the sayings not yet seen that have a value in a language.
func (t *translations) own(out []int32, seen []bool, language int32) []int32 {
	for _, filesOnly := range [...]bool{false, true} {
		for i := range t.sayings {
			if seen[i] {
				continue
			}
			s := &t.sayings[i]
			values := t.values[s.from:s.to]
			any, words := false, s.node == none // the files of choices come with their words
			for k := range values {
				if values[k].language == language {
					any, words = true, words || isWords(values[k].form)
				}
			}
			if any && words != filesOnly {
				out, seen[i] = append(out, int32(i)), true
			}
		}
	}
	return out
}
