package quality

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/monitoring/instrument"
)

// nearWindow is how many following interviews one interview is compared with
// where many share a key. Groups that large are straight-lining, which has
// rules of its own.
const nearWindow = 64

// nearPairs is how many pairs are gathered before the search stops: a file
// with more has a fault of another kind.
const nearPairs = 100_000

// nearRule finds pairs that differ in very few answers.
//
// It finds every such pair, not most of them, without comparing all: if two
// interviews differ in at most d answers, and the questions are dealt into d+1
// hands, at least one hand is the same in both. So only interviews of one
// enumerator, point and day that agree on a whole hand are compared. The cost
// is a sort of the rows for each hand, whatever the number of interviews.
var nearRule = Rule{
	ID: "duplicate.near", Title: "Nearly the same answers",
	Why: "Two interviews by one enumerator at one point and day that agree almost everywhere may be one person entered twice, or answers filled in from the last form. Families who travel together also answer alike.",
	Method: "Interviews of one enumerator, point and day are compared on all answers about the person. The share is the questions answered alike over the questions that either answered. " +
		"All pairs over the threshold are found, except that in groups of more than 64 that agree on many answers each is compared with the next 64 only. Copies across days are not sought here.",
	Citation: instrument.Citation{Authority: "Kuriakose and Robbins", Source: "Don't get duped: fraud through duplication in public opinion surveys, Statistical Journal of the IAOS 32(3), 283-291; they use 85% over a whole file, which Pew Research Center (2016) found to flag honest interviews too", Date: "2016"},
	Thresholds: []Threshold{
		{Name: "share", Default: 0.95, Unit: "share", Meaning: "answers alike, of those that either gave (inclusive)"},
		{Name: "answers", Default: 12, Unit: "answers", Meaning: "interviews with fewer answers are not compared"},
	},
	check: nearDuplicates,
}

// pair is two rows with the number of answers alike and compared.
type pair struct {
	a, b        int32
	alike, over int
}

func nearDuplicates(r *round, o *outcome) {
	share, least := r.limit("duplicate.near.share"), int32(r.limit("duplicate.near.answers"))
	switch {
	case r.enumerator == nil && r.point == nil:
		o.skip("no role enumerator or point in the file")
		return
	case len(r.answers) < int(least):
		o.skip(fmt.Sprintf("the file has %s about the person, fewer than %d", count(len(r.answers), "closed question", "closed questions"), least))
		return
	}
	block, whole, rows := r.blocks(least)
	hands := handsOf(share, len(r.answers))
	values := make([]func(int) uint64, len(r.answers))
	for i, a := range r.answers {
		values[i] = a.values()
	}
	found := map[[2]int32]pair{}
	cutShort := 0
	key := make([]uint64, r.n)
	for hand := range hands {
		for _, row := range rows {
			key[row] = block[row]
		}
		for i := hand; i < len(values); i += hands {
			value := values[i]
			for _, row := range rows {
				key[row] = mix(key[row], value(int(row)))
			}
		}
		order := slices.Clone(rows)
		slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(key[a], key[b]), cmp.Compare(a, b)) })
		for i, a := range order {
			if i%8192 == 0 && o.ctx.Err() != nil {
				return
			}
			for j := i + 1; j < len(order) && key[order[j]] == key[a]; j++ {
				if j-i > nearWindow {
					cutShort++
					break
				}
				b := order[j]
				if whole[a] == whole[b] {
					continue // alike in everything: a finding of duplicate.answers
				}
				p := compareAnswers(values, a, b)
				if p.alike < p.over && p.over >= int(least) && float64(p.alike) >= share*float64(p.over)-1e-9 {
					found[[2]int32{a, b}] = p
				}
			}
			if len(found) >= nearPairs {
				break
			}
		}
	}
	r.addNear(o, found)
	if len(found) >= nearPairs {
		o.note(fmt.Sprintf("the search stopped at %s pairs", thousands(nearPairs)))
	}
	if cutShort > 0 {
		o.note(fmt.Sprintf("%s in large groups that agree on many answers, and so compared with the next %d only",
			count(cutShort, "interview was", "interviews were"), nearWindow))
	}
}

// blocks hashes enumerator, point and day of each row, and its answers, and
// lists the rows that have them and enough answers.
func (r *round) blocks(least int32) (block, whole []uint64, rows []int32) {
	whole, answered := r.prints()
	block = make([]uint64, r.n)
	for row := range block {
		if answered[row] < least || r.day[row] == noDay {
			continue
		}
		h, known := mix(7, uint64(int64(r.day[row]))), true
		for _, k := range []*keys{r.enumerator, r.point} {
			if k != nil {
				known = known && k.code[row] >= 0
				h = mix(h, uint64(int64(k.code[row])))
			}
		}
		if known {
			block[row] = h
			rows = append(rows, int32(row))
		}
	}
	return block, whole, rows
}

// compareAnswers counts the questions that two rows answered alike and those
// that at least one answered.
func compareAnswers(values []func(int) uint64, a, b int32) pair {
	p := pair{a: a, b: b}
	for _, value := range values {
		x, y := value(int(a)), value(int(b))
		if x|y == 0 {
			continue
		}
		p.over++
		if x == y {
			p.alike++
		}
	}
	return p
}

func (r *round) addNear(o *outcome, found map[[2]int32]pair) {
	pairs := make([]pair, 0, len(found))
	for _, p := range found {
		pairs = append(pairs, p)
	}
	if len(pairs) == 0 {
		return
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b)) })
	var rows []int32
	var details []string
	for _, p := range pairs {
		rows = append(rows, p.a, p.b)
		if len(details) < o.max {
			line := fmt.Sprintf("rows %d and %d: %d of %d answers alike", o.fileRow(p.a), o.fileRow(p.b), p.alike, p.over)
			if r.enumerator != nil {
				line += ", enumerator " + r.enumerator.names[r.enumerator.code[p.a]]
			}
			details = append(details, line)
		}
	}
	o.add(Finding{Severity: Warning, Details: details,
		Message: fmt.Sprintf("%s of one enumerator, point and day %s nearly alike (at least %s of the answers)",
			count(len(pairs), "pair of interviews", "pairs of interviews"), verb(len(pairs), "is", "are"), percent(r.limit("duplicate.near.share"))),
		Remedy: "Ask the enumerator whether these were two people. Members of one family may well answer alike."}, sorted(rows))
}
