package monitoring

import (
	"testing"

	"waymark/monitoring/instrument"
)

func TestGuardedHidesWhatWouldTellAMaskedCount(t *testing.T) {
	cmr, emr := Group{{"route", "CMR"}}, Group{{"route", "EMR"}}
	a := &Analysis{
		Instrument: &instrument.Instrument{Roles: map[instrument.Role]string{instrument.RoleRoute: "route"}},
		Findings: []Finding{
			{ID: "held", Section: SectionIndicator, N: 50, Base: 100},
			{ID: "held", Section: SectionIndicator, Group: cmr, N: 45, Base: 50},
			{ID: "held", Section: SectionIndicator, Group: emr, N: 5, Base: 50, MaskN: true},
			{ID: "ratio.held", Section: SectionCompare, Of: cmr, Against: emr, N: 45, Base: 100},
			{ID: "unpaid", Section: SectionIndicator, N: 50, Base: 100},
			{ID: "unpaid", Section: SectionIndicator, Group: cmr, N: 30, Base: 50},
			{ID: "ratio.unpaid", Section: SectionCompare, Of: cmr, Against: emr, N: 30, Base: 100},
			{ID: "held", Section: SectionWeighted, N: 50, Base: 100},
		},
	}
	want := []string{NotShownMask, "", "", NotShownMask, "", "", "", ""}
	got := Guarded(a)
	for i, w := range want {
		if got.Findings[i].NotShown != w {
			t.Errorf("finding %d, %s %v: %q, want %q", i, got.Findings[i].ID, got.Findings[i].Group, got.Findings[i].NotShown, w)
		}
		if a.Findings[i].NotShown != "" {
			t.Errorf("finding %d of the analysis given was changed", i)
		}
	}
	if again := Guarded(got); again.Findings[0].NotShown != NotShownMask || again.Findings[1].NotShown != "" {
		t.Error("guarding twice changes more")
	}
}
