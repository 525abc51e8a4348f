package quality

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// The tests' own instrument: small, with every part that a rule asks for.
func testInstrument() *instrument.Instrument {
	yesNo := []instrument.Choice{{Name: "yes"}, {Name: "no"},
		{Name: "dk", Missing: table.DontKnow}, {Name: "refused", Missing: table.Refused}}
	cite := instrument.Citation{Authority: "test", Source: "test", Date: "2026-11"}
	en := func(s string) instrument.Text { return instrument.Text{"en": s} }
	lo, hi, below := 0.0, 110.0, 14.0
	in := &instrument.Instrument{
		ID: "test-round", Title: en("Test round"), Version: "1", Date: "2026-11", Citation: cite, Languages: []string{"en"},
		Lists: map[string][]instrument.Choice{
			"route": {{Name: "EMR"}, {Name: "CMR"}}, "yes_no": yesNo, "sex": {{Name: "female"}, {Name: "male"}},
			"band": {{Name: "under_2_weeks"}, {Name: "2_weeks_3_months"}, {Name: "3_6_months"}, {Name: "6_12_months"}, {Name: "over_12_months"}},
		},
		Roles: map[instrument.Role]string{
			instrument.RoleID: "_uuid", instrument.RoleDate: "interview_date", instrument.RoleStart: "start", instrument.RoleEnd: "end",
			instrument.RoleEnumerator: "enumerator", instrument.RolePoint: "point", instrument.RoleLocation: "point_location",
			instrument.RoleRoute: "route", instrument.RolePrevious: "previous", instrument.RoleConsent: "consent",
			instrument.RoleAge: "age", instrument.RoleSex: "sex", instrument.RoleDeparture: "departure_date", instrument.RoleTransit: "transit_time",
		},
		Exclusions: []instrument.Exclusion{
			{ID: "repeat", Label: en("Took part before"), Question: "previous", Levels: []string{"yes"}, Missing: "keep", Citation: cite},
			{ID: "consent", Label: en("No consent"), Question: "consent", Levels: []string{"no"}, Missing: "exclude", Citation: cite},
			{ID: "age", Label: en("Under 14"), Question: "age", Below: &below, Missing: "exclude", Citation: cite},
		},
	}
	q := func(name, kind, list string, k table.Kind) *instrument.Question {
		in.Questions = append(in.Questions, instrument.Question{Name: name, Type: kind, List: list, Kind: k, Label: en(name)})
		return &in.Questions[len(in.Questions)-1]
	}
	q("start", "start", "", table.Time)
	q("end", "end", "", table.Time)
	q("interview_date", "date", "", table.Date)
	q("enumerator", "text", "", table.Text)
	q("point", "select_one", "point", table.Category)
	q("point_location", "geopoint", "", table.Text).Identifying = true
	q("route", "select_one", "route", table.Category)
	q("previous", "select_one", "yes_no", table.Category)
	q("consent", "select_one", "yes_no", table.Category)
	age := q("age", "integer", "", table.Number)
	age.Min, age.Max = &lo, &hi
	q("sex", "select_one", "sex", table.Category)
	for i := range profileQuestions {
		q(fmt.Sprintf("profile_%d", i), "select_one", "profile", table.Category)
	}
	q("departure_date", "date", "", table.Date)
	q("transit_time", "select_one", "band", table.Category)
	q("transit_countries", "select_multiple", "country", table.Set)
	for _, item := range items {
		q(item, "select_one", "yes_no", table.Category)
		q(item+"_where", "select_one", "country", table.Category).Relevant = "${" + item + "} = 'yes'"
		in.Indicators = append(in.Indicators, instrument.Indicator{ID: item, Label: en(item), Experience: instrument.Own,
			Question: item, Yes: []string{"yes"}, Place: item + "_where", Citation: cite})
	}
	q("family_any", "select_one", "yes_no", table.Category).Relevant = "none"
	q("note", "text", "", table.Text).Identifying = true
	in.Indicators = append(in.Indicators,
		instrument.Indicator{ID: "at_least_one", Label: en("At least one"), Experience: instrument.Own, Of: items, AtLeast: 1, Citation: cite},
		instrument.Indicator{ID: "family_only", Label: en("Family only"), Experience: instrument.Family, Question: "family_any",
			Yes: []string{"yes"}, UnlessAny: items, Citation: cite})
	return in
}

var items = []string{"unpaid_work", "forced_work", "job_offer", "held"}

const profileQuestions = 10

// interview is one row of the tests' synthetic round, as texts and instants.
type interview struct {
	cell                   map[string]string
	start, end, submission time.Time
}

func (v interview) set(name, value string) { v.cell[name] = value }

// sample is a synthetic round of clean interviews that tests spoil.
type sample struct {
	rows           []interview
	drop           []string // columns left out
	unknownColumns []string
	in             *instrument.Instrument
}

// newSample makes a clean round: 12 enumerators at 6 points on 2 routes, 8
// interviews a day each, over 10 days.
func newSample() *sample { return newSampleOf(12, 10, 8) }

func newSampleOf(enumerators, days, perDay int) *sample {
	return newSampleSeed(enumerators, days, perDay, 8)
}

func newSampleSeed(enumerators, days, perDay int, seed uint64) *sample {
	rng := rand.New(rand.NewPCG(20261122, seed))
	s := &sample{in: testInstrument()}
	id := 0
	for e := range enumerators {
		p := e % 6
		for d := range days {
			begin := time.Date(2016, 7, 1+d, 8, 0, 0, 0, time.FixedZone("", 2*3600))
			for range perDay {
				id++
				minutes := 25 * math.Exp(0.25*max(-2, min(2, rng.NormFloat64())))
				v := interview{cell: map[string]string{}, start: begin}
				v.end = begin.Add(time.Duration(minutes * float64(time.Minute)))
				v.submission = v.end.Add(2 * time.Hour)
				begin = v.end.Add(time.Duration(5+rng.IntN(10)) * time.Minute)
				v.fill(rng, e, p, id)
				s.rows = append(s.rows, v)
			}
		}
	}
	return s
}

func (v interview) fill(rng *rand.Rand, enumerator, point, id int) {
	set := v.set
	set("_uuid", fmt.Sprintf("uuid-%06d", id))
	set("interview_date", v.start.Format(time.DateOnly))
	set("enumerator", fmt.Sprintf("E%02d", enumerator+1))
	set("point", fmt.Sprintf("p%02d", point+1))
	route, share := "EMR", 0.2
	if point%2 == 1 {
		route, share = "CMR", 0.6
	}
	set("route", route)
	set("point_location", fmt.Sprintf("%.4f %.4f 0 5", 36+0.3*float64(point)+0.01*rng.Float64(), 14+0.3*float64(point)+0.01*rng.Float64()))
	set("previous", "no")
	set("consent", "yes")
	set("age", strconv.Itoa(18+rng.IntN(45)))
	set("sex", []string{"female", "male"}[rng.IntN(2)])
	for i := range profileQuestions {
		set(fmt.Sprintf("profile_%d", i), string(rune('a'+rng.IntN(8))))
	}
	days := 3 + rng.IntN(500)
	set("departure_date", v.start.AddDate(0, 0, -days).Format(time.DateOnly))
	band := "over_12_months"
	for _, b := range []struct {
		days int
		code string
	}{{366, "6_12_months"}, {183, "3_6_months"}, {91, "2_weeks_3_months"}, {14, "under_2_weeks"}} {
		if days <= b.days {
			band = b.code
		}
	}
	set("transit_time", band)
	set("transit_countries", []string{"TUR", "TUR GRC", "LBY", "LBY DZA", "DZA"}[rng.IntN(5)])
	any := false
	for _, item := range items {
		if rng.Float64() < share/2 {
			any = true
			set(item, "yes")
			set(item+"_where", []string{"LBY", "DZA", "TUR"}[rng.IntN(3)])
		} else {
			set(item, "no")
		}
	}
	if !any {
		set("family_any", "no")
	}
	set("note", "synthetic test record")
}

// input types the rows as the reader would.
func (s *sample) input(t testing.TB) *Input {
	t.Helper()
	var columns []table.Column
	texts := func(name string) []string {
		out := make([]string, len(s.rows))
		for i, v := range s.rows {
			out[i] = v.cell[name]
		}
		return out
	}
	instants := func(name string, at func(interview) time.Time) {
		seconds, offsets, missing := make([]int64, len(s.rows)), make([]int16, len(s.rows)), make([]table.Missing, len(s.rows))
		for i, v := range s.rows {
			when := at(v)
			_, offset := when.Zone()
			seconds[i], offsets[i] = when.Unix(), int16(offset/60)
			if when.IsZero() {
				missing[i] = table.Blank
			}
		}
		columns = append(columns, table.NewTime(name, seconds, offsets, missing))
	}
	instants("start", func(v interview) time.Time { return v.start })
	instants("end", func(v interview) time.Time { return v.end })
	instants("_submission_time", func(v interview) time.Time { return v.submission })
	columns = append(columns, textColumn("_uuid", texts("_uuid")))
	for _, q := range s.in.Questions {
		switch q.Kind {
		case table.Text:
			columns = append(columns, textColumn(q.Name, texts(q.Name)))
		case table.Category:
			columns = append(columns, categoryColumn(q.Name, texts(q.Name)))
		case table.Number:
			columns = append(columns, numberColumn(q.Name, texts(q.Name)))
		case table.Date:
			columns = append(columns, dateColumn(q.Name, texts(q.Name)))
		case table.Set:
			columns = append(columns, setColumn(q.Name, texts(q.Name)))
		}
	}
	var kept []table.Column
	for _, c := range columns {
		if !strings.Contains(" "+strings.Join(s.drop, " ")+" ", " "+c.Name()+" ") {
			kept = append(kept, c)
		}
	}
	tab, err := table.New(kept...)
	if err != nil {
		t.Fatal(err)
	}
	return &Input{Table: tab, Instrument: s.in, Source: table.Source{Name: "round.csv", FirstRow: 2},
		Binding: s.binding(), Synthetic: true}
}

func (s *sample) binding() *instrument.Binding {
	return &instrument.Binding{Unknown: s.unknownColumns, Missing: s.drop, Columns: map[string][]string{"sex": {"profile/sex"}}}
}

func (s *sample) check(t testing.TB) *Report {
	t.Helper()
	rep, err := Check(context.Background(), s.input(t))
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func textColumn(name string, values []string) table.Column {
	var data []byte
	offsets, missing := []uint64{0}, make([]table.Missing, len(values))
	for i, v := range values {
		data = append(data, v...)
		offsets = append(offsets, uint64(len(data)))
		if v == "" {
			missing[i] = table.Blank
		}
	}
	return table.NewText(name, data, offsets, missing)
}

func categoryColumn(name string, values []string) table.Column {
	var levels []table.Level
	index := map[string]uint32{"": uint32(table.Blank), "refused": uint32(table.Refused), "dk": uint32(table.DontKnow), "?": uint32(table.Unreadable)}
	codes := make([]uint32, len(values))
	for i, v := range values {
		code, ok := index[v]
		if !ok {
			code = uint32(len(levels) + table.FirstLevel)
			index[v] = code
			levels = append(levels, table.Level{Code: v})
		}
		codes[i] = code
	}
	return table.NewCategory(name, levels, codes)
}

func numberColumn(name string, values []string) table.Column {
	numbers, missing := make([]float64, len(values)), make([]table.Missing, len(values))
	for i, v := range values {
		f, err := strconv.ParseFloat(v, 64)
		numbers[i] = f
		switch {
		case v == "":
			missing[i] = table.Blank
		case err != nil:
			missing[i] = table.Unreadable
		}
	}
	return table.NewNumber(name, numbers, missing)
}

func dateColumn(name string, values []string) table.Column {
	days, missing := make([]int32, len(values)), make([]table.Missing, len(values))
	for i, v := range values {
		when, err := time.Parse(time.DateOnly, v)
		switch {
		case v == "":
			missing[i] = table.Blank
		case err != nil:
			missing[i] = table.Unreadable
		default:
			days[i] = int32(when.Unix() / 86400)
		}
	}
	return table.NewDate(name, days, missing)
}

func setColumn(name string, values []string) table.Column {
	levels := []table.Level{{Code: "TUR"}, {Code: "GRC"}, {Code: "LBY"}, {Code: "DZA"}}
	bits, missing := make([]uint64, len(values)), make([]table.Missing, len(values))
	for i, v := range values {
		if v == "" {
			missing[i] = table.Blank
		}
		for _, code := range strings.Fields(v) {
			for l, level := range levels {
				if level.Code == code {
					bits[i] |= 1 << l
				}
			}
		}
	}
	return table.NewSet(name, levels, bits, missing)
}
