package storetest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/trust/audit"
)

// Collect holds a store with its contents to what CollectFiles says.
func Collect(t *testing.T, place *Place) {
	ctx := context.Background()
	var days atomic.Int64 // that the store's clock is ahead
	place.Options.Now = func() time.Time { return time.Now().AddDate(0, 0, int(days.Load())) }
	db := place.Open(t)
	w := NewWorld(t, db)
	by := audit.Actor{Kind: audit.System, Via: "job"}
	put := func(content string) string {
		t.Helper()
		address, _, _, err := db.PutFile(ctx, w.Round.ID, strings.NewReader(content), 100)
		must(t, err)
		return address
	}
	arrive := func(instance, address string) {
		t.Helper()
		a := w.Arrival(instance)
		a.Names, a.Files = []string{"a.jpg"}, []collection.Attachment{{Name: "a.jpg", Type: "image/jpeg", Size: 1, Address: address, At: Noon}}
		w.Arrive(t, a)
	}
	opens := func(what, address string) {
		t.Helper()
		r, err := db.OpenFile(ctx, w.Round.ID, address)
		must(t, err)
		defer r.Close()
		if text, err := io.ReadAll(r); err != nil || string(text) != what {
			t.Errorf("%s is %q, %v", what, text, err)
		}
	}
	collect := func(want store.Collected) {
		t.Helper()
		if got, err := db.CollectFiles(ctx, by, 30*24*time.Hour); err != nil || got != want {
			t.Errorf("after %d days: %+v, %v; want %+v", days.Load(), got, err, want)
		}
	}

	named, cut, late, later := put("named"), put("cut"), put("late"), put("later")
	arrive("uuid:1", named)
	draft := &collection.Version{Form: w.Form.ID, Version: "2", Files: []collection.FormFile{{Name: "b.png", Address: put("draft")}}}
	must(t, db.PutDraft(ctx, Officer, draft, 0))
	collect(store.Collected{})
	days.Store(29)
	collect(store.Collected{})
	days.Store(31)
	collect(store.Collected{SetAside: 3})
	days.Store(0) // the storage has a clock of its own, which does not run ahead
	collect(store.Collected{})
	opens("named", named)
	opens("draft", draft.Files[0].Address)
	// Rows that were written since: by someone who found the content there.
	arrive("uuid:2", late)
	opens("late", late)
	arrive("uuid:3", later)
	collect(store.Collected{BroughtBack: 1})
	opens("later", later)
	must(t, db.DropDraft(ctx, Officer, w.Form.ID, draft.ID))
	days.Store(31)
	collect(store.Collected{SetAside: 1, Discarded: 1})
	if _, err := db.OpenFile(ctx, w.Round.ID, cut); fault.KindOf(err) != fault.NotFound {
		t.Errorf("what was cut off is still there: %v", err)
	}
	if again := put("cut"); again != cut {
		t.Error("the same content has another address")
	}
	opens("cut", cut)
	collect(store.Collected{SetAside: 1, Discarded: 1})
	for what, address := range map[string]string{"named": named, "late": late, "later": later} {
		opens(what, address)
	}
	log, err := db.Log(NewSigner(t)).ListEntries(ctx, audit.Filter{Actions: []string{audit.FilesCollected}})
	must(t, err)
	if len(log.Entries) != 4 || log.Entries[3].Detail["aside"] != "3" || log.Entries[3].Actor != by {
		t.Errorf("the audit: %+v", log.Entries)
	}
	// The storage of another database is left alone.
	for i := range 150 {
		put(fmt.Sprint("foreign ", i))
	}
	got, err := db.CollectFiles(ctx, by, 30*24*time.Hour)
	kind(t, "the storage of another", err, fault.Conflict)
	if got != (store.Collected{}) {
		t.Errorf("%+v were removed all the same", got)
	}
}
