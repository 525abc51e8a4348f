package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

func outbox(t *testing.T, n *Network) {
	ctx := context.Background()
	id := n.Case(n.Council.ID)
	send := func(key string) ids.ID {
		m := &referral.Message{Package: 7, Key: key, Body: []byte("package " + key)}
		n.do(&referral.Change{Matter: *n.row(id), Row: true, Send: m})
		return m.ID
	}
	claim := func(at time.Time) []*referral.Message {
		t.Helper()
		lent, err := n.Claim(ctx, at, time.Minute, 10)
		must(t, err)
		return lent
	}
	first := send("one")
	lent := claim(Noon)
	if len(lent) != 1 || lent[0].ID != first || lent[0].Key != "one" || lent[0].Package != 7 || lent[0].Tries != 1 || string(lent[0].Body) != "package one" || lent[0].Matter != id {
		t.Fatalf("lent %+v", lent)
	}
	if again := claim(Noon.Add(30 * time.Second)); len(again) != 0 {
		t.Errorf("lent twice: %+v", again)
	}
	if again := claim(Noon.Add(2 * time.Minute)); len(again) != 1 || again[0].Tries != 2 {
		t.Errorf("after the lease %+v", again)
	}
	must(t, n.Settle(ctx, first, referral.Waiting, "timeout", Noon.Add(time.Hour), nil))
	if early := claim(Noon.Add(10 * time.Minute)); len(early) != 0 {
		t.Errorf("lent before its time: %+v", early)
	}
	if late := claim(Noon.Add(2 * time.Hour)); len(late) != 1 || late[0].Code != "timeout" {
		t.Errorf("lent %+v", late)
	}
	c := &referral.Change{Matter: *n.row(id), Row: true, Put: []*referral.Part{{Kind: referral.PartHandover, Body: []byte(`{"how":"service"}`)}}, Entries: []audit.Entry{{Actor: Officer, Action: "case.hand-over"}}}
	c.Matter.State = referral.Sent
	for range 3 {
		must(t, n.Settle(ctx, first, referral.Delivered, "accepted", time.Time{}, c))
	}
	f := n.file(id)
	if f.State != referral.Sent || len(f.Parts) != 1 {
		t.Errorf("delivered into %+v with %d parts", f.Matter, len(f.Parts))
	}
	kind(t, "refused after it was delivered", n.Settle(ctx, first, referral.Refused, "x", time.Time{}, nil), fault.Conflict)
	kind(t, "no such message", n.Settle(ctx, 99, referral.Refused, "x", time.Time{}, nil), fault.NotFound)
	// A change that clashes leaves the message as it was.
	second := send("two")
	old := *n.row(id)
	n.do(&referral.Change{Matter: old, Row: true})
	kind(t, "delivered with an old row", n.Settle(ctx, second, referral.Delivered, "accepted", time.Time{}, &referral.Change{Matter: old, Row: true}), fault.Conflict)
	if lent := claim(Noon.Add(3 * time.Hour)); len(lent) != 1 || lent[0].ID != second {
		t.Errorf("lent %+v", lent)
	}
	third := send("three")
	n.do(&referral.Change{Matter: *n.row(id), Row: true, Recall: true})
	if lent := claim(Noon.Add(9 * time.Hour)); len(lent) != 0 {
		t.Errorf("what was taken back is lent: %+v", lent)
	}
	all, err := n.Messages(ctx, id)
	must(t, err)
	states := map[ids.ID]referral.MessageState{}
	for _, m := range all {
		states[m.ID] = m.State
		if m.Body != nil {
			t.Error("a list shows a body")
		}
	}
	if len(all) != 3 || states[first] != referral.Delivered || states[second] != referral.Recalled || states[third] != referral.Recalled {
		t.Errorf("messages are %v", states)
	}
}

func documents(t *testing.T, n *Network) {
	ctx := context.Background()
	id, other := n.Case(n.Council.ID), n.Case(n.Council.ID)
	content := bytes.Repeat([]byte("synthetic page "), 20_000)
	ref, size, err := n.PutContent(ctx, id, bytes.NewReader(content), 1<<20)
	must(t, err)
	if ref == "" || size != int64(len(content)) {
		t.Errorf("put %q of %d bytes", ref, size)
	}
	r, err := n.Content(ctx, id, ref)
	must(t, err)
	back, err := io.ReadAll(r)
	must(t, errors.Join(err, r.Close()))
	if !bytes.Equal(back, content) {
		t.Errorf("%d bytes came back", len(back))
	}
	_, err = n.Content(ctx, other, ref)
	kind(t, "another matter's file", err, fault.NotFound)
	_, _, err = n.PutContent(ctx, id, bytes.NewReader(content), 100)
	kind(t, "a file that is too large", err, fault.Invalid)
	_, _, err = n.PutContent(ctx, 99, strings.NewReader("x"), 100)
	kind(t, "a file of no matter", err, fault.NotFound)
	must(t, n.Erase(ctx, Officer, id))
	_, err = n.Content(ctx, id, ref)
	kind(t, "a file that was erased", err, fault.NotFound)
	_, _, err = n.PutContent(ctx, id, strings.NewReader("x"), 100)
	kind(t, "a file for what was erased", err, fault.NotFound)
}

func erasure(t *testing.T, n *Network) {
	ctx := context.Background()
	id := n.Case(n.Council.ID, `{"text":"secret"}`)
	row := *n.row(id)
	row.KeepUntil, row.Due = Noon, Noon
	n.do(&referral.Change{Matter: row, Row: true, Send: &referral.Message{Key: "k", Body: []byte("b")}, Codes: map[referral.CodeKind][]byte{referral.Receipt: []byte("digest")}})
	print := n.row(id).Print
	if due, err := n.Expired(ctx, Noon.Add(-time.Second), 10); err != nil || len(due) != 0 {
		t.Errorf("expired before its time: %v, %v", due, err)
	}
	if due, err := n.Expired(ctx, Noon, 10); err != nil || len(due) != 1 || due[0].ID != id {
		t.Errorf("expired: %v, %v", due, err)
	}
	for range 2 {
		must(t, n.Erase(ctx, Coordinator, id))
	}
	m := n.row(id)
	if m.State != referral.Erased || m.ErasedAt.IsZero() || m.Print == "" || !m.KeepUntil.IsZero() {
		t.Errorf("the proof is %+v, the key was %s", m, print)
	}
	_, err := n.Open(ctx, Officer, id, "case.read")
	kind(t, "opening what was erased", err, fault.NotFound)
	_, err = n.Do(ctx, &referral.Change{Matter: *m, Row: true})
	kind(t, "changing what was erased", err, fault.NotFound)
	_, err = n.MatterByCode(ctx, referral.Receipt, []byte("digest"))
	kind(t, "a code of what was erased", err, fault.NotFound)
	messages, _ := n.Messages(ctx, id)
	lent, _ := n.Claim(ctx, Noon.AddDate(1, 0, 0), time.Minute, 10)
	due, _ := n.Expired(ctx, Noon.AddDate(9, 0, 0), 10)
	if len(messages)+len(lent)+len(due) != 0 {
		t.Errorf("left: %v, %v, %v", messages, lent, due)
	}
	kind(t, "erasing what is not there", n.Erase(ctx, Officer, 99), fault.NotFound)
	history, err := n.MatterHistory(ctx, id)
	must(t, err)
	gone := 0
	for _, e := range history {
		if e.Action == audit.KeyDestroyed && e.Actor == Coordinator {
			gone++
		}
	}
	if gone != 1 {
		t.Errorf("the audit says %d times that it was erased", gone)
	}
	counted, _ := n.CountMatters(ctx, referral.Filter{Network: n.Home, Kind: referral.Case})
	if len(counted) != 1 || counted[referral.Erased] != 1 {
		t.Errorf("counted %v", counted)
	}
}

func matterHistory(t *testing.T, n *Network) {
	ctx := context.Background()
	id := n.Case(n.Council.ID, `{"text":"secret"}`)
	n.Case(n.Council.ID)
	n.do(&referral.Change{Matter: *n.row(id), Row: true, Entries: []audit.Entry{{Actor: Officer, Action: "case.assign", Detail: map[string]string{"to": "0000000000016"}}}})
	n.file(id)
	history, err := n.MatterHistory(ctx, id)
	must(t, err)
	if len(history) != 2 || history[0].Action != "case.assign" || history[1].Action != "case.read" || history[1].Actor != Officer || history[0].Programme != n.Home ||
		history[0].Subject != "case:"+id.String() || history[0].At.IsZero() {
		t.Errorf("the history is %+v", history)
	}
	_, err = n.MatterHistory(ctx, 99)
	kind(t, "the history of nothing", err, fault.NotFound)
	told := 0
	must(t, n.RotateKeys(ctx, Officer, func(done, all int) { told++ }))
	n.file(id)
}
