package instrument

import (
	"slices"
	"strings"

	"waymark/stats/table"
)

// rank says how surely a header names a question; a lower one is surer.
type rank int

// The ranks. Two columns of one rank that name one question are ambiguous.
const (
	rankName      rank = iota // its name as it is
	rankPath                  // its name after the names of its groups
	rankSame                  // its label, letter for letter
	rankFold                  // its name in other letter case
	rankOtherPath             // its name after an unknown path
	rankLabel                 // its label in any language
	rankPathLabel             // its label after a path
	rankNone
)

// claim is a question that a header may name: the whole answer (option -1),
// one option of a split select-multiple, or one part of a split position.
type claim struct {
	question int
	option   int // index in the list of choices
	part     string
	rank     rank
}

// lookup finds questions by what a header may call them.
type lookup struct {
	in     *Instrument
	exact  map[string]int
	folded map[string][]int
	same   map[string][]int           // by label as it is
	labels map[string][]int           // by labelKey
	groups map[string]map[string]bool // name of a group: keys of its labels
	lists  map[string]map[string]int  // list: code or label key: index of the choice, -1 if two have it
	silent map[string]bool            // names and label keys of notes, groups and repeats
	// What is longer than any name or label need not be looked up.
	longestName, longestLabel int
}

func newLookup(in *Instrument) *lookup {
	l := &lookup{in: in, exact: map[string]int{}, folded: map[string][]int{}, same: map[string][]int{}, labels: map[string][]int{},
		groups: map[string]map[string]bool{}, lists: map[string]map[string]int{}, silent: map[string]bool{}}
	for i := range in.Questions {
		q := &in.Questions[i]
		if q.Repeat != "" {
			continue
		}
		l.exact[q.Name] = i
		key := strings.ToLower(q.Name)
		l.longestName = max(l.longestName, len(key))
		l.folded[key] = append(l.folded[key], i)
		seen := map[string]bool{}
		for _, label := range q.Label {
			if !slices.Contains(l.same[label], i) {
				l.same[label] = append(l.same[label], i)
			}
			l.longestLabel = max(l.longestLabel, 2*len(label)+100) // room for markup
			if key := labelKey(label); key != "" && !seen[key] {
				seen[key] = true
				l.labels[key] = append(l.labels[key], i)
			}
		}
	}
	for name, label := range in.Silent {
		keys := map[string]bool{strings.ToLower(name): true}
		l.longestName = max(l.longestName, len(name))
		for _, s := range label {
			keys[labelKey(s)] = true
			l.longestLabel = max(l.longestLabel, 2*len(s)+100)
		}
		for key := range keys {
			l.silent[key] = true
		}
		l.groups[name] = keys
	}
	return l
}

// choices indexes a list by code and by label.
func (l *lookup) choices(list string) map[string]int {
	if m, ok := l.lists[list]; ok {
		return m
	}
	m := map[string]int{}
	choices := l.in.Lists[list]
	put := func(key string, i int) {
		if old, taken := m[key]; taken && old != i {
			m[key] = -1
		} else {
			m[key] = i
		}
	}
	for i, c := range choices {
		for _, label := range c.Label {
			put(labelKey(label), i)
		}
	}
	for i, c := range choices { // codes win over labels
		m[strings.ToLower(c.Name)] = i
	}
	l.lists[list] = m
	return m
}

// claims lists the questions that a header names most surely. Several claims
// have one rank, and then the header alone does not decide.
func (l *lookup) claims(header string) []claim {
	if best := l.whole(header); len(best) > 0 {
		return best
	}
	seps := separators(header)
	for i := len(seps) - 1; i >= 0; i-- {
		head, tail := header[:seps[i].start], header[seps[i].end:]
		var best []claim
		for _, c := range l.whole(head) {
			q := &l.in.Questions[c.question]
			if q.Kind == table.Set {
				for _, key := range []string{strings.ToLower(tail), labelKey(tail)} {
					if option, ok := l.choices(q.List)[key]; ok && option >= 0 {
						c.option = option
						best = append(best, c)
						break
					}
				}
			} else if part, ok := positionParts[strings.ToLower(tail)]; ok && q.Type == "geopoint" {
				c.part = part
				if part == "" {
					c.part = "-"
				}
				best = append(best, c)
			}
		}
		if len(best) > 0 {
			return best
		}
	}
	return l.koboPosition(header)
}

// koboPosition reads _<question>_latitude, KoboToolbox's part of a position.
func (l *lookup) koboPosition(header string) []claim {
	lower := strings.ToLower(header[strings.LastIndexByte(header, '/')+1:])
	if !strings.HasPrefix(lower, "_") {
		return nil
	}
	for suffix, part := range positionParts {
		name, ok := strings.CutSuffix(lower[1:], "_"+suffix)
		if !ok {
			continue
		}
		for _, i := range l.folded[name] {
			if l.in.Questions[i].Type == "geopoint" {
				if part == "" {
					part = "-"
				}
				return []claim{{question: i, option: -1, part: part, rank: rankFold}}
			}
		}
	}
	return nil
}

// whole finds the questions that a header names as a whole.
func (l *lookup) whole(header string) []claim {
	if i, ok := l.exact[header]; ok {
		return []claim{{question: i, option: -1, rank: rankName}}
	}
	best := rankNone
	var found []claim
	offer := func(i int, r rank) {
		if r > best {
			return
		}
		if r < best {
			best, found = r, found[:0]
		}
		for _, c := range found {
			if c.question == i {
				return
			}
		}
		found = append(found, claim{question: i, option: -1, rank: r})
	}
	for _, i := range l.same[header] {
		offer(i, rankSame)
	}
	for _, i := range l.byName(header) {
		offer(i, rankFold)
	}
	for _, i := range l.byLabel(header) {
		offer(i, rankLabel)
	}
	for _, s := range separators(header) {
		head, tail := header[:s.start], header[s.end:]
		for _, i := range l.byName(tail) {
			switch {
			case l.inGroup(head, i):
				offer(i, rankPath)
			case s.strong && !s.spaced(header):
				offer(i, rankOtherPath)
			}
		}
		if !s.strong {
			continue
		}
		for _, i := range l.byLabel(tail) {
			if l.inGroup(head, i) {
				offer(i, rankLabel)
			} else {
				offer(i, rankPathLabel)
			}
		}
	}
	return found
}

// byName lists the questions with a name, whatever its letter case.
func (l *lookup) byName(s string) []int {
	if len(s) > l.longestName {
		return nil
	}
	return l.folded[strings.ToLower(s)]
}

// byLabel lists the questions with a label, whatever its markup.
func (l *lookup) byLabel(s string) []int {
	if len(s) > l.longestLabel {
		return nil
	}
	return l.labels[labelKey(s)]
}

// isSilent says whether a text is the name or label of a note, group or repeat.
func (l *lookup) isSilent(s string) bool {
	return len(s) <= l.longestName && l.silent[strings.ToLower(s)] || len(s) <= l.longestLabel && l.silent[labelKey(s)]
}

// spaced says that spaces surround the sign, as in prose but not in paths.
func (s separator) spaced(header string) bool {
	return header[s.end-1] == ' ' || header[s.start] == ' '
}

// inGroup says whether a path ends with the innermost group of a question, by
// its name or by its label.
func (l *lookup) inGroup(path string, question int) bool {
	group := l.in.Questions[question].Group
	if group == "" {
		return false
	}
	last := group[strings.LastIndexByte(group, '/')+1:]
	keys := l.groups[last]
	is := func(s string) bool {
		return len(s) <= l.longestLabel && (keys[strings.ToLower(s)] || keys[labelKey(s)])
	}
	if is(path) {
		return true
	}
	for _, s := range separators(path) {
		if is(path[s.end:]) {
			return true
		}
	}
	return false
}
