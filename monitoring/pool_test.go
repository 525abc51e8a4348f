package monitoring

import (
	"context"
	"slices"
	"strings"
	"testing"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// readText reads a small CSV by an instrument.
func readText(t *testing.T, name, text string, in *instrument.Instrument) *Round {
	t.Helper()
	r, err := ReadRoundFrom(context.Background(), strings.NewReader(text), int64(len(text)), name, in, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	rows2016 = "route,previous,consent,age,unpaid_work,forced_work,job_offer,marriage_offer,held\n" +
		"CMR,no,yes,20,no,no,yes,no,no\nCMR,no,yes,30,yes,no,no,no,no\nEMR,no,yes,40,no,no,no,no,no\n"
	rows2017 = "route,previous,consent,age,unpaid_work,forced_work,marriage_offer,held,physical_violence\n" +
		"WMR,no,yes,20,no,yes,no,no,yes\nCMR,no,no,30,,,,,\n"
)

func TestPoolingCountsOnlyWhatBothFormsAsk(t *testing.T) {
	a := readText(t, "a.csv", rows2016, builtin(t, "fms-2016"))
	b := readText(t, "b.csv", rows2017, builtin(t, "fms-2017"))
	r, err := Pool([]*Round{a, b})
	if err != nil {
		t.Fatal(err)
	}
	if r.Table.Rows() != 5 || r.Instrument.ID != "fms-2016+fms-2017" || r.Pooling["en"] == "" || r.Pooling["ar"] == "" {
		t.Errorf("pooled: %d rows of %s, said as %q", r.Table.Rows(), r.Instrument.ID, r.Pooling["en"])
	}
	for _, gone := range []string{"at_least_one", "at_least_two", "job_offer", "physical_violence", "family_only"} {
		if r.Instrument.Indicator(gone) != nil {
			t.Errorf("%s means something else in each form and is still there", gone)
		}
	}
	done := map[string]*table.CategoryColumn{}
	for i := range r.Instrument.Indicators {
		ind := &r.Instrument.Indicators[i]
		if c := indicatorColumn(r.Table, ind, done); c != nil {
			done[ind.ID] = c
		}
	}
	// The first person said yes only to the offer of work, which the form of
	// 2017 does not ask: pooled, that is no experience.
	if got := letters(done["at_least_1_of_4_common"]); got != "nyny." {
		t.Errorf("at least one of the common items: %s, want nyny.", got)
	}
	if c := r.Table.Category("route"); c.Text(3) != "WMR" || !slices.ContainsFunc(c.Levels, func(l table.Level) bool { return l.Code == "EMR" }) {
		t.Errorf("routes: %q in row 3", c.Text(3))
	}
}

func TestPoolRefusesTheSameFileTwiceAndKeepsOneInstrument(t *testing.T) {
	in := builtin(t, "fms-2016")
	a := readText(t, "a.csv", rows2016, in)
	if _, err := Pool([]*Round{a, readText(t, "copy.csv", rows2016, in)}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("one file given twice: %v", err)
	}
	other := readText(t, "b.csv", strings.Replace(rows2016, "CMR", "WMR", 1), in)
	r, err := Pool([]*Round{a, other})
	if err != nil || r.Instrument != in || r.Pooling != nil || r.Table.Rows() != 6 {
		t.Errorf("two rounds of one form: %v, %v", r, err)
	}
}

func TestSyntheticFilesSaySoWhateverTheirName(t *testing.T) {
	in := builtin(t, "fms-2016")
	text := "route,consent,enumerator_note\nCMR,yes,synthetic example record\n"
	if !readText(t, "interviews.csv", text, in).Synthetic || readText(t, "interviews.csv", rows2016, in).Synthetic || !readText(t, "Synthetic-round.csv", rows2016, in).Synthetic {
		t.Error("a synthetic file is not known as one, or a real one is taken for it")
	}
}
