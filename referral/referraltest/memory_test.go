package referraltest

import (
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

func begin(w *World, digest string) ids.ID {
	return w.Make(&referral.Change{New: true, Row: true,
		Matter: referral.Matter{Network: Harbour, Kind: referral.Concern, State: referral.Begun, Agency: w.Council.ID},
		Put:    []*referral.Part{{Kind: referral.PartAnswers, Body: []byte(`{"form":"concern"}`)}},
		Codes:  map[referral.CodeKind][]byte{referral.Resume: []byte(digest)}}, nil)
}

func TestAChangeAgainstAnOldStateClashesAndChangesNothing(t *testing.T) {
	w := NewWorld(t, nil)
	id := begin(w, "one")
	first, second := w.Whole(id), w.Whole(id)
	first.Parts[0].Body = []byte(`{"form":"first"}`)
	w.Make(&referral.Change{Matter: first.Matter, Put: []*referral.Part{first.Parts[0]}}, nil)
	second.Parts[0].Body = []byte(`{"form":"second"}`)
	_, err := w.Do(ctx, &referral.Change{Matter: second.Matter, Put: []*referral.Part{second.Parts[0], {Kind: referral.PartNote, Body: []byte(`{}`)}}})
	if fault.KindOf(err) != fault.Conflict {
		t.Fatalf("an old part gave %v", err)
	}
	f := w.Whole(id)
	if len(f.Parts) != 1 || string(f.Parts[0].Body) != `{"form":"first"}` {
		t.Errorf("the refused change left something behind: %d parts", len(f.Parts))
	}
	row := f.Matter
	w.Make(&referral.Change{Matter: row, Row: true}, nil)
	if _, err := w.Do(ctx, &referral.Change{Matter: row, Row: true}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an old row gave %v", err)
	}
}

func TestCodesOpenOneMatterUntilTheyAreReplaced(t *testing.T) {
	w := NewWorld(t, nil)
	id := begin(w, "one")
	if m, err := w.MatterByCode(ctx, referral.Resume, []byte("one")); err != nil || m.ID != id {
		t.Fatalf("the code found %v, %v", m, err)
	}
	w.Make(&referral.Change{Matter: *w.Row(id), Row: true, Codes: map[referral.CodeKind][]byte{referral.Resume: {}, referral.Receipt: []byte("two")}}, nil)
	if _, err := w.MatterByCode(ctx, referral.Resume, []byte("one")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the old code gave %v", err)
	}
	if _, err := w.MatterByCode(ctx, referral.Receipt, []byte("two")); err != nil {
		t.Errorf("the new code gave %v", err)
	}
}

func TestWhatWasErasedCannotBeRead(t *testing.T) {
	w := NewWorld(t, nil)
	id := begin(w, "one")
	w.must(w.Erase(ctx, w.by(), id))
	w.must(w.Erase(ctx, w.by(), id))
	if _, err := w.Open(ctx, w.by(), id, "case.read"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("opening gave %v", err)
	}
	if _, err := w.Do(ctx, &referral.Change{Matter: *w.Row(id), Row: true}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("changing gave %v", err)
	}
	if m := w.Row(id); m.State != referral.Erased || m.Print == "" || m.ErasedAt.IsZero() {
		t.Errorf("the proof is %+v", m)
	}
}

func TestAMessageIsLentToOneAtATime(t *testing.T) {
	w := NewWorld(t, nil)
	id := begin(w, "one")
	w.Make(&referral.Change{Matter: *w.Row(id), Row: true, Send: &referral.Message{Key: "k", Body: []byte("b")}}, nil)
	lent, _ := w.Claim(ctx, w.at, time.Minute, 10)
	if again, _ := w.Claim(ctx, w.at, time.Minute, 10); len(lent) != 1 || len(again) != 0 {
		t.Fatalf("lent %d, then %d", len(lent), len(again))
	}
	if late, _ := w.Claim(ctx, w.at.Add(2*time.Minute), time.Minute, 10); len(late) != 1 || late[0].Tries != 2 {
		t.Fatalf("after the lease %v", late)
	}
	c := &referral.Change{Matter: *w.Row(id), Row: true, Entries: []audit.Entry{{Actor: w.by(), Action: "case.hand-over"}}}
	w.must(w.Settle(ctx, lent[0].ID, referral.Delivered, "ok", time.Time{}, c))
	w.must(w.Settle(ctx, lent[0].ID, referral.Delivered, "ok", time.Time{}, c))
	history, _ := w.MatterHistory(ctx, id)
	n := 0
	for _, e := range history {
		if e.Action == "case.hand-over" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("delivered %d times", n)
	}
}

func TestPagesOfAListFollowEachOther(t *testing.T) {
	w := NewWorld(t, nil)
	for i := range 5 {
		begin(w, strings.Repeat("x", i+1))
	}
	var seen []ids.ID
	f := referral.Filter{Network: Harbour, Kind: referral.Concern, Limit: 2}
	for {
		p, err := w.ListMatters(ctx, f)
		w.must(err)
		for _, m := range p.Matters {
			seen = append(seen, m.ID)
		}
		if f.After = p.Next; f.After == "" {
			break
		}
	}
	if len(seen) != 5 || seen[0] < seen[4] {
		t.Errorf("the pages hold %v", seen)
	}
	if n, _ := w.CountMatters(ctx, referral.Filter{Network: Upland, Kind: referral.Concern}); len(n) != 0 {
		t.Errorf("another network counts %v", n)
	}
}
