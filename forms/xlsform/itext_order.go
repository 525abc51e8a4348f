package xlsform

// textOrder is the order of the sayings within one language where languages
// differ in what they have: first those with words in it, then those with only
// files, then those that only other languages have, as these have them.
type textOrder struct {
	*compiler
	// all are the sayings as the languages have them, one after the other, each
	// at its first place.
	all  []int32
	out  []int32
	seen []bool
}

// newTextOrder returns the order, or nil if every language has everything and
// the sayings are in order as they are.
func (c *compiler) newTextOrder() *textOrder {
	for i := range c.texts.sayings {
		if !c.texts.sayings[i].whole {
			o := &textOrder{compiler: c, seen: make([]bool, len(c.texts.sayings))}
			for l := range int32(len(c.texts.languages)) {
				o.own(l)
			}
			o.all, o.out = o.out, nil
			return o
		}
	}
	return nil
}

// of returns the sayings in the order of a language, until the next call.
func (o *textOrder) of(language int32) []int32 {
	o.out = o.out[:0]
	clear(o.seen)
	o.own(language)
	for _, i := range o.all {
		if !o.seen[i] {
			o.out = append(o.out, i)
		}
	}
	return o.out
}

// own appends the sayings not yet seen that have a form in a language.
func (o *textOrder) own(language int32) {
	for _, filesOnly := range [...]bool{false, true} {
		for i := range o.texts.sayings {
			if o.seen[i] {
				continue
			}
			s := &o.texts.sayings[i]
			if s.whole {
				o.out, o.seen[i] = append(o.out, int32(i)), true
				continue
			}
			any, words := false, s.node == none // the files of choices come with their words
			for k := 0; ; k++ {
				f, ok := o.formOf(s, k)
				if !ok {
					break
				}
				if _, ok := o.texts.in(f.text, language); ok {
					any, words = true, words || isWords(f.kind)
				}
			}
			if any && words != filesOnly {
				o.out, o.seen[i] = append(o.out, int32(i)), true
			}
		}
	}
}
