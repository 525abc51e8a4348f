package monitoring

import (
	"waymark/stats/survey"
	"waymark/stats/table"
)

// rareLevels is the number of levels above which a profile leaves out those
// that nobody has: a list of countries, not of answers.
const rareLevels = 12

// job is one request to the survey engine and what its estimates become.
type job struct {
	section   Section
	id        string // finding id: "held", "place.any", "profile.sex", "mean.age"
	statistic string
	variable  string // for findings that name a variable
	level     string // of a proportion of another level than yes
	cross     []string
	request   survey.Request
}

// statisticNames are the statistics as findings name them.
var statisticNames = map[survey.Statistic]string{
	survey.Mean: "mean", survey.Total: "total", survey.Proportion: "proportion", survey.Share: "share", survey.Ratio: "ratio",
}

// add appends a request in every cross that the file can divide by.
func (f *frame) add(jobs []job, j job, crosses [][]string) []job {
	j.statistic = statisticNames[j.request.Statistic]
	j.request.Confidence = f.plan.Confidence
	if j.request.Interval == survey.IntervalDefault && (j.request.Statistic == survey.Proportion || j.request.Statistic == survey.Share) {
		j.request.Interval = intervalMethods[f.plan.Interval]
	}
	for _, cross := range crosses {
		by, ok := f.by(cross)
		if !ok {
			continue
		}
		j.cross, j.request.By = cross, by
		jobs = append(jobs, j)
	}
	return jobs
}

// jobs are all requests of the plan, in the order of the brief.
func (f *frame) jobs() []job {
	var jobs []job
	for _, id := range f.plan.Indicators {
		if c := f.indicators[id]; c != nil {
			jobs = f.add(jobs, job{section: SectionIndicator, id: id, request: survey.Request{Statistic: survey.Proportion, Variable: c, Level: "yes"}}, f.plan.Groups)
		}
	}
	jobs = append(jobs, f.placeJobs()...)
	for _, name := range f.plan.Profile.Questions {
		if set, ok := f.round.Table.Column(name).(*table.SetColumn); ok {
			top := topLevels(set, f.include, f.plan.Profile.Top)
			for i, c := range memberColumns(set, top, f.workers) {
				jobs = f.add(jobs, job{section: SectionProfile, id: "profile." + name, variable: name, level: set.Levels[top[i]].Code,
					request: survey.Request{Statistic: survey.Proportion, Variable: c, Level: "yes"}}, f.plan.Profile.By)
			}
			continue
		}
		if c := f.groups[name]; c != nil {
			jobs = f.add(jobs, job{section: SectionProfile, id: "profile." + name, variable: name,
				request: survey.Request{Statistic: survey.Share, Variable: c, Occurring: len(c.Levels) > rareLevels}}, f.plan.Profile.By)
		}
	}
	for _, m := range f.plan.Measures {
		jobs = append(jobs, f.measureJobs(m)...)
	}
	return jobs
}

func (f *frame) measureJobs(m MeasurePlan) []job {
	r := survey.Request{Statistic: statistics[m.Statistic], Level: m.Level, Interval: intervalMethods[m.Interval]}
	switch r.Statistic {
	case survey.Share, survey.Proportion:
		c := groupColumn(f.round.Table, f.round.Instrument, m.Variable)
		if c == nil {
			f.lacks(m.Variable, "a measure")
			return nil
		}
		r.Variable = c
	default:
		c := f.round.Table.Number(m.Variable)
		if c == nil {
			f.lacks(m.Variable, "a measure")
			return nil
		}
		r.Variable = c
	}
	id := m.Statistic + "." + m.Variable
	if r.Statistic == survey.Ratio {
		if r.Denominator = f.round.Table.Number(m.Denominator); r.Denominator == nil {
			f.lacks(m.Denominator, "a measure")
			return nil
		}
		id += "." + m.Denominator
	}
	by := m.By
	if len(by) == 0 {
		by = [][]string{{}}
	}
	return f.add(nil, job{section: SectionMeasure, id: id, variable: m.Variable, level: m.Level, request: r}, by)
}
