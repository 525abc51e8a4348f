package quality

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"waymark/monitoring/instrument"
)

// digitRules look for numbers that were rounded or guessed.
var digitRules = []Rule{
	{
		ID: "digits.whipple", Title: "Ages ending in 0 or 5",
		Why:    "People who do not know their age, or enumerators who guess it, prefer round ages. Age groups then hold the wrong people.",
		Method: "Whipple's index: ages 23 to 62 ending in 0 or 5, as a percentage of a fifth of all ages 23 to 62. 100 is none, 500 means that every age is round. Bands: under 105 highly accurate, 105 to 109.9 fairly accurate, 110 to 124.9 approximate, 125 to 174.9 rough, from 175 very rough.",
		Citation: instrument.Citation{Authority: "United Nations",
			Source: "Demographic Yearbook, technical notes on age reporting: Whipple's index and its bands", Date: "1988"},
		Thresholds: []Threshold{
			{Name: "index", Default: 125, Unit: "index, 100 to 500", Meaning: "from this on it is a finding (inclusive)"},
			{Name: "people", Default: 200, Unit: "people", Meaning: "fewer people aged 23 to 62 are not judged"},
		},
		Needs: []instrument.Role{instrument.RoleAge},
		check: whippleFinding,
	},
	{
		ID: "digits.myers", Title: "Preference for any last digit of age",
		Why:    "Some last digits of age are preferred or avoided, not only 0 and 5.",
		Method: "Myers' blended index over ages 20 to 79: 0 if all last digits are equally frequent, 90 if all ages end in the same one. It is half the sum of the absolute deviations of the blended percentages from 10. The limit of 10 is the project's own; Myers gave none.",
		Citation: instrument.Citation{Authority: "Myers",
			Source: "Errors and bias in the reporting of ages in census data, Transactions of the Actuarial Society of America 41, 395-415", Date: "1940"},
		Thresholds: []Threshold{
			{Name: "index", Default: 10, Unit: "index, 0 to 90", Meaning: "from this on it is a finding (inclusive)"},
			{Name: "people", Default: 500, Unit: "people", Meaning: "fewer people aged 20 to 79 are not judged"},
		},
		Needs: []instrument.Role{instrument.RoleAge},
		check: myersFinding,
	},
	{
		ID: "digits.minutes", Title: "Round interview lengths",
		Why:    "Times taken by the phone have every last digit equally often. Lengths that end in 0 or 5 were typed in.",
		Method: "Chi-squared test of the last digit of the whole minutes of interviews of 10 minutes and more, with 9 degrees of freedom.",
		Citation: instrument.Citation{Authority: "Pearson",
			Source: "On the criterion that a given system of deviations can be reasonably supposed to have arisen from random sampling, Philosophical Magazine 50, 157-175; the share is the project's own", Date: "1900"},
		Thresholds: []Threshold{
			{Name: "level", Default: 0.001, Unit: "p", Meaning: "a p value under this, with the share, is a finding"},
			{Name: "share", Default: 0.3, Unit: "share", Meaning: "minutes ending in 0 or 5, of which one expects a fifth (inclusive)"},
			{Name: "interviews", Default: 100, Unit: "interviews", Meaning: "fewer are not judged"},
		},
		Needs: []instrument.Role{instrument.RoleStart, instrument.RoleEnd},
		check: roundMinutes,
	},
}

// ages counts people by whole years, 0 to 120.
func (r *round) ages() [121]int {
	var counts [121]int
	for row, age := range r.age.Values {
		if present(r.age, row) && age >= 0 && age <= 120 && age == math.Trunc(age) {
			counts[int(age)]++
		}
	}
	return counts
}

// whipple is Whipple's index of counts by whole years, and the people aged 23
// to 62 that it rests on.
//
//	100 · Σ(25, 30 ... 60) / (1/5 · Σ(23 ... 62))
//
// It is NaN without people. Source: United Nations, Demographic Yearbook 1988,
// technical notes.
func whipple(counts [121]int) (index float64, people int) {
	round := 0
	for age := 23; age <= 62; age++ {
		people += counts[age]
		if age%5 == 0 {
			round += counts[age]
		}
	}
	return 500 * float64(round) / float64(people), people
}

// whippleBand is the United Nations' word for an index.
func whippleBand(index float64) string {
	switch {
	case index < 105:
		return "highly accurate"
	case index < 110:
		return "fairly accurate"
	case index < 125:
		return "approximate"
	case index < 175:
		return "rough"
	}
	return "very rough"
}

// myers is Myers' blended index of counts by whole years over ages from to
// from+10·decades-1, and the people that it rests on; from is a multiple of
// 10. For the last digit d, with S the people of ages from+d, from+10+d ...
// and T the same without from+d:
//
//	blended(d) = (d+1)·S(d) + (9-d)·T(d);  index = ½ Σ |100·blended(d)/Σ blended - 10|
//
// The check takes ages 20 to 79, not 10 to 89: people under 14 are not
// interviewed, and a decade cut short would look like a preference. The
// blending takes it that hardly anyone is as old as the upper end; were all ages
// equally frequent, the index would be 2.3 rather than 0. It is NaN without
// people. Source: Myers (1940); Shryock and Siegel (1976), The Methods
// and Materials of Demography, chapter 8.
func myers(counts [121]int, from, decades int) (index float64, people int) {
	var blended [10]float64
	sum := 0.0
	for d := range blended {
		for age := from + d; age < from+10*decades; age += 10 {
			people += counts[age]
			weight := 10
			if age < from+10 {
				weight = d + 1
			}
			blended[d] += float64(weight * counts[age])
		}
		sum += blended[d]
	}
	for _, b := range blended {
		index += math.Abs(100*b/sum-10) / 2
	}
	return index, people
}

func whippleFinding(r *round, o *outcome) {
	index, people := whipple(r.ages())
	if people < int(r.limit("digits.whipple.people")) {
		o.skip(fmt.Sprintf("only %s aged 23 to 62", count(people, "person", "people")))
		return
	}
	o.note(fmt.Sprintf("Whipple's index is %.0f (%s), over %s people", index, whippleBand(index), thousands(people)))
	if index >= r.limit("digits.whipple.index") {
		o.add(Finding{Severity: Warning, Subject: r.age.Name(), Total: people,
			Message: fmt.Sprintf("Round ages are too frequent: Whipple's index is %.0f, which the United Nations call %s", index, whippleBand(index)),
			Remedy:  "Use wide age groups in the brief; ask for the year of birth in the next round. The table of enumerators shows who rounds most."}, nil)
	}
}

func myersFinding(r *round, o *outcome) {
	index, people := myers(r.ages(), 20, 6)
	if people < int(r.limit("digits.myers.people")) {
		o.skip(fmt.Sprintf("only %s aged 20 to 79", count(people, "person", "people")))
		return
	}
	o.note(fmt.Sprintf("Myers' blended index is %.1f, over %s people", index, thousands(people)))
	if index >= r.limit("digits.myers.index") {
		o.add(Finding{Severity: Note, Subject: r.age.Name(), Total: people,
			Message: fmt.Sprintf("Some last digits of age are preferred: Myers' blended index is %.1f on a scale from 0 to 90", index),
			Remedy:  "Use age groups, not single years, in the brief."}, nil)
	}
}

func roundMinutes(r *round, o *outcome) {
	var digits [10]float64
	n := 0.0
	for row, minutes := range r.minutes {
		if r.eligible[row] && minutes >= 10 {
			digits[int(minutes)%10]++
			n++
		}
	}
	if n < r.limit("digits.minutes.interviews") {
		o.skip(fmt.Sprintf("only %s of 10 minutes and more", count(int(n), "interview", "interviews")))
		return
	}
	chi := 0.0
	for _, k := range digits {
		chi += (k - n/10) * (k - n/10) / (n / 10)
	}
	p := distuv.ChiSquared{K: 9}.Survival(chi)
	share := (digits[0] + digits[5]) / n
	if p < r.limit("digits.minutes.level") && share >= r.limit("digits.minutes.share") {
		o.add(Finding{Severity: Warning, Subject: r.inst.Roles[instrument.RoleEnd], Total: int(n),
			Message: fmt.Sprintf("%s of interview lengths end in 0 or 5 minutes, where one expects 20%% (chi-squared %.0f, %s)", percent(share), chi, probability(p)),
			Remedy:  "Let the phone take start and end; do not let people type them."}, nil)
	}
}
