package demo

import (
	"strings"
	"testing"
	"time"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/audit"
)

// TestTheExampleIsThereOnceAndSaysThatItIsSynthetic fills an empty network twice.
func TestTheExampleIsThereOnceAndSaysThatItIsSynthetic(t *testing.T) {
	ctx := t.Context()
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	store := referraltest.NewMemory(func() time.Time { return referraltest.Now })
	o := Options{Store: store, Rules: all["uk"], Network: 77, By: audit.Actor{Kind: audit.System, Via: "command"}, Now: referraltest.Now, Digest: func(s string) []byte { return []byte(s) }}
	if err := Fill(ctx, o); err != nil {
		t.Fatal(err)
	}
	old, err := NewLink(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	token, err := NewLink(ctx, o)
	if err != nil || token == old {
		t.Fatalf("a second link: %v", err)
	}
	if _, err := store.LinkByToken(ctx, []byte(old)); err == nil {
		t.Error("an older link of the example still works")
	}
	if l, err := store.LinkByToken(ctx, []byte(token)); err != nil || !strings.Contains(l.Name, "synthetic") {
		t.Errorf("the link is %+v, %v", l, err)
	}
	want := map[referral.Kind]map[referral.State]int{
		referral.Concern: {referral.Received: 2, referral.Asked: 1, referral.Decided: 1},
		referral.Case:    {referral.Draft: 1, referral.Sent: 3},
	}
	for kind, states := range want {
		n, err := store.CountMatters(ctx, referral.Filter{Network: 77, Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		for s, count := range states {
			if n[s] != count {
				t.Errorf("%d %ss are %s, not %d", n[s], kind, s, count)
			}
		}
	}
	outcomes := map[string]bool{}
	list, err := store.ListMatters(ctx, referral.Filter{Network: 77, Kind: referral.Case})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list.Matters {
		outcomes[m.Outcome] = true
	}
	for _, o := range []string{"nrm", "nrm-child", "notify"} {
		if !outcomes[o] {
			t.Errorf("no case shows %s", o)
		}
	}
	if err := Fill(ctx, o); err != nil {
		t.Errorf("a second time: %v", err)
	}
	agencies, err := store.Agencies(ctx, 77)
	if err != nil || len(agencies) != 3 {
		t.Errorf("%d agencies, %v", len(agencies), err)
	}
	for _, a := range agencies {
		if !strings.Contains(a.Name, "synthetic") {
			t.Errorf("%q does not say that it is made up", a.Name)
		}
	}
}
