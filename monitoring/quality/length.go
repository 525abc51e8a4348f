package quality

import (
	"fmt"
	"math"

	"waymark/monitoring/instrument"
)

// lengthRules look at how long interviews took.
var lengthRules = []Rule{
	{
		ID: "length.short", Title: "Interviews that are too short", Scope: EachInterview,
		Why:    "Nobody can read every question aloud and hear the answers in so little time.",
		Method: "Only interviews that no exclusion leaves out. Two limits: a fixed one, and one from the round itself, by modified z values of the logarithm of the minutes, because lengths are skewed.",
		Citation: instrument.Citation{Authority: "Iglewicz and Hoaglin",
			Source: "How to Detect and Handle Outliers, ASQC Quality Press, volume 16 (the limit of 3.5); the fixed minimum is the project's own: set it from your pilot", Date: "1993"},
		Thresholds: []Threshold{
			{Name: "minutes", Default: 5, Unit: "minutes", Meaning: "an interview under this is too short in any round"},
			{Name: "z", Default: 3.5, Unit: "modified z", Meaning: "further below the round's median than this is too short"},
		},
		Needs: []instrument.Role{instrument.RoleStart, instrument.RoleEnd},
		check: shortInterviews,
	},
	{
		ID: "length.long", Title: "Interviews that are too long", Scope: EachInterview,
		Why:    "A form left open, several interviews on one form, or answers entered later from paper.",
		Method: "Only interviews that no exclusion leaves out; modified z values of the logarithm of the minutes, and a fixed limit.",
		Citation: instrument.Citation{Authority: "Iglewicz and Hoaglin",
			Source: "How to Detect and Handle Outliers, ASQC Quality Press, volume 16 (the limit of 3.5); the fixed maximum is the project's own: set it from your pilot", Date: "1993"},
		Thresholds: []Threshold{
			{Name: "minutes", Default: 180, Unit: "minutes", Meaning: "an interview over this is too long in any round"},
			{Name: "z", Default: 3.5, Unit: "modified z", Meaning: "further above the round's median than this is too long"},
		},
		Needs: []instrument.Role{instrument.RoleStart, instrument.RoleEnd},
		check: longInterviews,
	},
}

// robustLength returns the round's median length in minutes and the length at
// which the logarithm of the minutes has a modified z value of z, with
//
//	modified z = 0.6745 (x - median) / MAD
//
// the robust counterpart of a z value; NaN where the MAD is 0 or there are
// fewer than 20 lengths. Source: Iglewicz and Hoaglin (1993).
func (r *round) robustLength(z float64) (m, limit float64) {
	var logs []float64
	for row, minutes := range r.minutes {
		if r.eligible[row] && minutes > 0 {
			logs = append(logs, math.Log(minutes))
		}
	}
	if len(logs) < 20 {
		return math.NaN(), math.NaN()
	}
	centre, mad := medianMAD(logs)
	if mad == 0 {
		return math.Exp(centre), math.NaN()
	}
	return math.Exp(centre), math.Exp(centre + z*mad/0.6745)
}

func shortInterviews(r *round, o *outcome) {
	fixed := r.limit("length.short.minutes")
	m, robust := r.robustLength(-r.limit("length.short.z"))
	var tooShort, unusual []int32
	for row, minutes := range r.minutes {
		switch {
		case !r.eligible[row]:
		case minutes < fixed:
			tooShort = append(tooShort, int32(row))
		case minutes < robust:
			unusual = append(unusual, int32(row))
		}
	}
	subject := r.inst.Roles[instrument.RoleStart]
	if len(tooShort) > 0 {
		o.add(Finding{Severity: Warning, Subject: subject,
			Message: fmt.Sprintf("%s took under %g minutes%s", count(len(tooShort), "interview", "interviews"), fixed, against(m)),
			Remedy:  "Call back where that is possible, listen to recordings if there are any, and speak with the enumerators."}, tooShort)
	}
	if len(unusual) > 0 {
		o.add(Finding{Severity: Warning, Subject: subject,
			Message: fmt.Sprintf("%s %s unusually short, under %.0f minutes%s", count(len(unusual), "interview", "interviews"),
				verb(len(unusual), "was", "were"), robust, against(m)),
			Remedy: "Look at who held them, and when."}, unusual)
	}
	noteLength(o, m, robust)
}

func longInterviews(r *round, o *outcome) {
	fixed := r.limit("length.long.minutes")
	m, robust := r.robustLength(r.limit("length.long.z"))
	var tooLong, unusual []int32
	for row, minutes := range r.minutes {
		switch {
		case !r.eligible[row]:
		case minutes > fixed:
			tooLong = append(tooLong, int32(row))
		case minutes > robust:
			unusual = append(unusual, int32(row))
		}
	}
	subject := r.inst.Roles[instrument.RoleEnd]
	if len(tooLong) > 0 {
		o.add(Finding{Severity: Warning, Subject: subject,
			Message: fmt.Sprintf("%s took over %g minutes%s", count(len(tooLong), "interview", "interviews"), fixed, against(m)),
			Remedy:  "Find out whether forms were left open or filled in later; close each form when the interview ends."}, tooLong)
	}
	if len(unusual) > 0 {
		o.add(Finding{Severity: Note, Subject: subject,
			Message: fmt.Sprintf("%s unusually long, over %.0f minutes%s", count(len(unusual), "interview was", "interviews were"), robust, against(m)),
			Remedy:  "Nothing to mend by itself; look at who held them, and when."}, unusual)
	}
	noteLength(o, m, robust)
}

// against adds the round's median to a sentence.
func against(m float64) string {
	if math.IsNaN(m) {
		return ""
	}
	return fmt.Sprintf("; the round's median is %.0f", m)
}

func noteLength(o *outcome, m, robust float64) {
	if math.IsNaN(m) || math.IsNaN(robust) {
		o.note("the round's own limit was not used: too few lengths, or more than half of them are the same")
	}
}
