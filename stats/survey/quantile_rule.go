package survey

import (
	"math"
	"slices"
	"sort"
)

// QuantileRule says which value is the quantile at p, given the values x_1 to
// x_n of a domain in order, their weights w_k, cumulated weights C_k and the sum
// W. The names are R's.
type QuantileRule uint8

// The rules. Values before the first and after the last are those. For
// Shah-Vaish and from HF4 on, where equal values have unequal weights their
// order in the table matters, as in R.
const (
	// RuleMath is the smallest value with C_k >= p W: the inverse of the
	// distribution function.
	RuleMath QuantileRule = iota
	// RuleSchool is RuleMath, but halfway to the next value if C_k = p W.
	RuleSchool
	// RuleShahVaish is the largest value with (S_k + 1/2 - v_k/2)/(n+1) <= p, v
	// the weights scaled to a mean of 1 and S their cumulated sum. Source: Shah
	// and Vaish (2006).
	RuleShahVaish
	RuleHF1 // the same as RuleMath; this and the next as in Hyndman and Fan (1996)
	RuleHF2 // the same as RuleSchool
	// RuleHF3 is RuleMath on the different values, but the next one if C_k = p W
	// with k odd.
	RuleHF3
	// The rest draw a line through the points (p_k, x_k).
	RuleHF4 // p_k = C_k/W
	RuleHF5 // p_k = (C_k - w_k/2)/W
	RuleHF6 // p_k = C_k/(W + w_n)
	RuleHF7 // p_k = C_(k-1)/C_(n-1)
	RuleHF8 // p_k = (C_(k-1)/3 + 2 C_k/3)/(W + w_n/3)
	RuleHF9 // p_k = (3 C_(k-1)/8 + 5 C_k/8)/(W + w_n/4)
)

var ruleNames = [...]string{"math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"}

// String returns the rule's name in R.
func (r QuantileRule) String() string {
	if int(r) < len(ruleNames) {
		return ruleNames[r]
	}
	return "unknown"
}

// distribution is the values of a domain in order, with cumulated weights.
type distribution struct {
	value, upTo []float64
	// distinct has the different values, made where the rule needs them.
	distinct *distribution
}

// tie is how close to p W, as a share of W, cumulated weights are equal to it.
const tie = 1e-12

// quantile is the value at p, from 0 to 1, by a rule; NaN without values.
func (s *distribution) quantile(rule QuantileRule, p float64) float64 {
	n := len(s.value)
	if n == 0 {
		return math.NaN()
	}
	sum := s.upTo[n-1]
	last := s.upTo[n-1] - s.before(n-1) // weight of the last value
	switch rule {
	case RuleMath, RuleHF1:
		k, _ := s.reach(p)
		return s.value[k]
	case RuleSchool, RuleHF2:
		k, exact := s.reach(p)
		if exact {
			return (s.value[k] + s.value[min(k+1, n-1)]) / 2
		}
		return s.value[k]
	case RuleHF3:
		if s.distinct == nil {
			s.distinct = s.merge()
		}
		k, exact := s.distinct.reach(p)
		if exact && k%2 == 0 { // the first is 0 here and 1 in the rule
			k = min(k+1, len(s.distinct.value)-1)
		}
		return s.distinct.value[k]
	case RuleShahVaish:
		mean := sum / float64(n)
		k := sort.Search(n, func(k int) bool { return ((s.before(k)+s.upTo[k])/(2*mean)+0.5)/float64(n+1) > p })
		return s.value[max(k-1, 0)]
	case RuleHF4:
		return s.along(p, func(k int) float64 { return s.upTo[k] / sum })
	case RuleHF5:
		return s.along(p, func(k int) float64 { return (s.before(k) + s.upTo[k]) / 2 / sum })
	case RuleHF6:
		return s.along(p, func(k int) float64 { return s.upTo[k] / (sum + last) })
	case RuleHF7:
		if n == 1 {
			return s.value[0]
		}
		return s.along(p, func(k int) float64 { return s.before(k) / s.before(n-1) })
	case RuleHF8:
		return s.along(p, func(k int) float64 { return (s.before(k) + 2*s.upTo[k]) / 3 / (sum + last/3) })
	default:
		return s.along(p, func(k int) float64 { return (3*s.before(k) + 5*s.upTo[k]) / 8 / (sum + last/4) })
	}
}

// before is the weight of the values before k.
func (s *distribution) before(k int) float64 {
	if k == 0 {
		return 0
	}
	return s.upTo[k-1]
}

// reach is the first place whose cumulated weight reaches a share p, and
// whether it is equal to it. A tie but for rounding is a tie.
func (s *distribution) reach(p float64) (k int, exact bool) {
	n := len(s.upTo)
	sum := s.upTo[n-1]
	k, _ = slices.BinarySearch(s.upTo, (p-tie)*sum)
	k = min(k, n-1)
	return k, math.Abs(s.upTo[k]-p*sum) <= tie*sum
}

// along draws a line through the points (share(k), value[k]); share rises.
func (s *distribution) along(p float64, share func(k int) float64) float64 {
	n := len(s.value)
	k := sort.Search(n, func(k int) bool { return share(k) >= p })
	switch k {
	case 0:
		return s.value[0]
	case n:
		return s.value[n-1]
	}
	lo, hi := share(k-1), share(k)
	if s.value[k-1] == s.value[k] {
		return s.value[k]
	}
	return s.value[k-1] + (s.value[k]-s.value[k-1])*(p-lo)/(hi-lo)
}

// merge puts equal values together.
func (s *distribution) merge() *distribution {
	out := &distribution{}
	for k, x := range s.value {
		if n := len(out.value); n > 0 && out.value[n-1] == x {
			out.upTo[n-1] = s.upTo[k]
			continue
		}
		out.value, out.upTo = append(out.value, x), append(out.upTo, s.upTo[k])
	}
	return out
}
