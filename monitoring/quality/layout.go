package quality

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// textProfiles is how many enumerators or points a terminal table shows.
const textProfiles = 12

// pageProfiles is how many enumerators or points the page shows.
const pageProfiles = 200

// headlineMeasure is the index of the instrument's own measure (not one of the
// rules' shares), or -1.
func (r *Report) headlineMeasure() int {
	return slices.IndexFunc(r.Measures, func(m MeasureTitle) bool {
		return m.ID != "refusal" && m.ID != "missing" && m.ID != "short" && m.ID != "heaping"
	})
}

func headlineTitle(titles []MeasureTitle, i int) string {
	if i < 0 {
		return ""
	}
	return titles[i].Title
}

// mostInterviews returns the n profiles with most interviews, flagged ones
// first, in the order of their names.
func mostInterviews(list []Profile, n int) []Profile {
	s := slices.Clone(list)
	slices.SortStableFunc(s, func(a, b Profile) int {
		switch f, g := a.flagged(), b.flagged(); {
		case f && !g:
			return -1
		case g && !f:
			return 1
		}
		return cmp.Compare(b.Interviews, a.Interviews)
	})
	s = s[:min(n, len(s))]
	slices.SortFunc(s, func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) })
	return s
}

// Unchecked is why some rules were not checked.
type Unchecked struct {
	Reason string
	Titles []string // of the rules
}

// Unchecked gathers the rules that were not checked by reason, in the order of
// the rules.
func (r *Report) Unchecked() []Unchecked {
	var list []Unchecked
	for _, o := range r.Rules {
		if o.NotChecked == "" {
			continue
		}
		i := slices.IndexFunc(list, func(u Unchecked) bool { return u.Reason == o.NotChecked })
		if i < 0 {
			i = len(list)
			list = append(list, Unchecked{Reason: o.NotChecked})
		}
		list[i].Titles = append(list[i].Titles, o.Title)
	}
	return list
}

// flagged says whether any measure stands out.
func (p Profile) flagged() bool {
	return slices.ContainsFunc(p.Measures, func(m Measure) bool { return m.Flagged })
}

// longDay writes an ISO day as 6 October 2016.
func longDay(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("2 January 2006")
}

// padRight fills a text with spaces to n runes.
func padRight(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

// fullStop is what a sentence still lacks at its end.
func fullStop(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || s == "" {
		return ""
	}
	return "."
}
