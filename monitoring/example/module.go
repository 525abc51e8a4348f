package example

import (
	"fmt"
	"slices"

	"waymark/internal/fault"
)

// patterns are the answers left out by people whose five answers are unclear:
// bit i stands for own[i]. They are used in turn; the first and the fifth
// leave out the whole module.
var patterns = [...]uint8{0b11111, 0b10000, 0b00001, 0b00010, 0b11111, 0b00100, 0b01000, 0b10010}

// together says which experiences often come together, by their place in own.
// The numbers steer the random exchange in mix; they are assumed.
var together = [5][5]int{
	0: {1: 2, 4: 1},
	1: {0: 2, 4: 1},
	4: {0: 1, 1: 1},
}

// module gives the people of one route their answers on the five experiences,
// on organs and on the family, each with its exact number of yes.
func (m *maker) module(route string, ps []person) error {
	f, n := m.figures, len(ps)
	var yes, no, rest []*person
	for i := range ps {
		switch p := &ps[i]; p.state {
		case some:
			yes = append(yes, p)
		case none:
			no = append(no, p)
		default:
			p.silent = patterns[len(rest)%len(patterns)]
			rest = append(rest, p)
		}
	}

	lone := portion(f.of("missing.item", route), n)
	var want [5]int
	for i, q := range own {
		base := n - lone
		for _, p := range rest {
			base -= int(p.silent >> i & 1)
		}
		want[i] = min(len(yes), portion(f.of(coded[q].name, route), base))
	}
	if err := m.deal(route, yes, want); err != nil {
		return err
	}
	m.mix(yes)

	// Leave one other answer out for a few people with a yes.
	shuffle(m.dice, yes)
	next := 0
	for i := range own {
		for left := lone; left > 0; left-- {
			for next < len(yes) && (yes[next].yes>>i&1 == 1 || yes[next].silent != 0) {
				next++
			}
			if next == len(yes) {
				return fault.New(fault.Internal, fault.Place{File: marginsFile, Field: "missing.item"}, "too many answers to leave out", "lower the figure")
			}
			yes[next].silent |= 1 << i
			next++
		}
		next = 0
	}

	shuffle(m.dice, no)
	quiet := portion(f.of("missing.family_any", route), len(no))
	asked := n - len(rest) - quiet
	for i, p := range no[quiet:] {
		p.family = i < portion(f.of("family_only", route), asked)
	}
	for _, p := range no[:quiet] {
		p.familyOut = true
	}
	m.organs(route, yes, append(no, rest...), n)
	return nil
}

// deal gives everyone in ps a number of experiences, more to longer journeys,
// and then the experiences: want[i] people get own[i].
func (m *maker) deal(route string, ps []*person, want [5]int) error {
	weights := m.wheels.route("experiences", route).weights
	many := split(len(ps), weights)
	// Make the numbers of experiences add up to the experiences wanted.
	left := sum(want[:])
	for k, n := range many {
		left -= (k + 1) * n
	}
	for ; left > 0 && many[0] > 0; left-- {
		many[0], many[1] = many[0]-1, many[1]+1
	}
	for ; left < 0 && sum(many[1:]) > 0; left++ {
		k := 1
		for many[k] == 0 {
			k++
		}
		many[k], many[k-1] = many[k]-1, many[k-1]+1
	}

	// Longer journeys rank higher; an unknown length counts as the middle.
	ranks := make([]int, len(ps))
	for i, p := range ps {
		band := p.band
		if band == noBand {
			band = bands / 2
		}
		ranks[i] = 70*band + m.dice.below(600)
	}
	most := order(ranks)
	slices.Reverse(most)

	// The people with most experiences choose first, each what is wanted most:
	// that always comes out where it can (Gale and Ryser).
	next := 0
	for k := len(many); k > 0; k-- {
		for range many[k-1] {
			p := ps[most[next]]
			next++
			for range k {
				best := -1
				for i := range want {
					if p.yes>>i&1 == 0 && (best < 0 || want[i] > want[best]) {
						best = i
					}
				}
				p.yes |= 1 << best
				want[best]--
			}
		}
	}
	if want != [5]int{} {
		return fault.New(fault.Internal, fault.Place{File: marginsFile, Field: "experiences"},
			fmt.Sprintf("the shares of the five experiences do not fit their number on route %s", route), "change the margins so that they agree")
	}
	return nil
}

// mix exchanges experiences between two people at random, so that the greedy
// order of deal leaves no trace. Each exchange keeps how many experiences a
// person has and how many people have an experience; it is likelier if it
// brings close experiences together.
func (m *maker) mix(ps []*person) {
	if len(ps) < 2 {
		return
	}
	for range 24 * len(ps) {
		a, b := ps[m.dice.below(len(ps))], ps[m.dice.below(len(ps))]
		onlyA, onlyB := a.yes&^b.yes, b.yes&^a.yes
		i, j := m.dice.below(5), m.dice.below(5)
		if onlyA>>i&1 == 0 || onlyB>>j&1 == 0 {
			continue
		}
		change := uint8(1<<i | 1<<j)
		gain := bond(a.yes^change) + bond(b.yes^change) - bond(a.yes) - bond(b.yes)
		if gain >= 0 || m.dice.below(1<<-gain) == 0 {
			a.yes ^= change
			b.yes ^= change
		}
	}
}

// bond sums the closeness of all pairs in a set of experiences.
func bond(yes uint8) int {
	t := 0
	for i := range 5 {
		for j := range i {
			if yes>>i&1 == 1 && yes>>j&1 == 1 {
				t += together[i][j]
			}
		}
	}
	return t
}

// organs gives the answers on offers of cash for organs. Four in five of the
// yes go to people with an experience of their own, more to longer journeys.
func (m *maker) organs(route string, yes, others []*person, n int) {
	quiet := portion(m.figures.of("missing.organs_awareness", route), n)
	want := portion(m.figures.of("organs_awareness", route), n-quiet)
	first := min(len(yes), want*4/5)
	for _, group := range []struct {
		of   []*person
		want int
	}{{yes, first}, {others, want - first}} {
		for left := min(group.want, len(group.of)); left > 0; {
			p := group.of[m.dice.below(len(group.of))]
			// The longest journeys are taken three times as readily as the shortest.
			if p.organs == 0 && m.dice.below(bands+1) <= 1+max(p.band, 0) {
				p.organs = 1
				left--
			}
		}
	}
	everyone := append(yes[:len(yes):len(yes)], others...)
	shuffle(m.dice, everyone)
	for _, p := range everyone {
		if quiet > 0 && p.organs == 0 {
			p.organs = -1
			quiet--
		}
	}
}
