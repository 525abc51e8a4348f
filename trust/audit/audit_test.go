package audit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// day is a day of the fixed universe.
var day = time.Date(2026, 10, 6, 9, 0, 0, 0, time.UTC)

// entry is the n-th synthetic entry.
func entry(n int) Entry {
	return Entry{At: day.Add(time.Duration(n) * time.Second), Actor: Actor{Kind: Account, ID: ids.ID(1000 + n%3), Via: "web"},
		Action: "submission.read", Programme: 7, Subject: fmt.Sprintf("submission:%v", ids.ID(5000+n)),
		Detail: map[string]string{"revision": fmt.Sprint(n), "from": "received", "to": "approved"}}
}

// logOf is a log of n entries.
type logOf struct {
	tree   Tree
	texts  [][]byte
	signer *Signer
}

func newLog(t testing.TB, n int) *logOf {
	t.Helper()
	secret, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	l := &logOf{}
	if l.signer, err = NewSigner(secret); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		texts, err := l.tree.Append(entry(i))
		if err != nil {
			t.Fatal(err)
		}
		l.texts = append(l.texts, texts...)
	}
	return l
}

// at is the signed checkpoint that the log had at a size.
func (l *logOf) at(size int) []byte {
	var t Tree
	for _, text := range l.texts[:size] {
		t.Grow(tlog.RecordHash(text))
	}
	signed, err := l.signer.Checkpoint(t.Size(), t.Root())
	if err != nil {
		panic(err)
	}
	return signed
}

func (l *logOf) export() []byte {
	var b bytes.Buffer
	e := NewExporter(&b, l.signer.Origin())
	for _, text := range l.texts {
		e.Entry(text)
	}
	if err := e.Close(l.at(len(l.texts))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestTreeIsThatOfTheStandard(t *testing.T) {
	l := newLog(t, 0)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range at {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for n := range 300 {
		want, err := tlog.TreeHash(int64(n), reader)
		if err != nil || want != l.tree.Root() {
			t.Fatalf("the root of %d entries is %v, x/mod/sumdb/tlog says %v, %v", n, l.tree.Root(), want, err)
		}
		kept, err := RestoreTree(l.tree.Size(), l.tree.Frontier())
		if err != nil || kept.Root() != want || kept.Size() != int64(n) {
			t.Fatalf("the tree of %d entries is another after it was kept: %v", n, err)
		}
		texts, err := kept.Append(entry(n))
		if err != nil {
			t.Fatal(err)
		}
		hashes, err := tlog.StoredHashes(int64(n), texts[0], reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		l.tree = *kept
	}
}

func TestAppendIsAllOrNothing(t *testing.T) {
	l := newLog(t, 3)
	root := l.tree.Root()
	grown := l.tree.Clone()
	if _, err := grown.Append(entry(3), Entry{}); err == nil {
		t.Fatal("an empty entry was added")
	}
	if grown.Size() != 3 || grown.Root() != root {
		t.Error("a part was added")
	}
	if _, err := grown.Append(entry(3), entry(4)); err != nil || grown.Size() != 5 || l.tree.Size() != 3 || l.tree.Root() != root {
		t.Errorf("a clone must grow alone: %v", err)
	}
	for _, size := range []int64{-1, 4, 7} {
		if _, err := RestoreTree(size, l.tree.Frontier()[:32]); size != 4 && err == nil {
			t.Errorf("32 bytes passed for the frontier of %d entries", size)
		}
	}
}

func TestEncodedIsOneText(t *testing.T) {
	e := entry(1)
	e.At = e.At.Add(1500 * time.Microsecond).In(time.FixedZone("", 3600))
	got, err := Encode(e)
	want := `{"at":"2026-10-06T09:00:01.001Z","actor":{"kind":"account","id":"00000000000z9","via":"web"},"action":"submission.read",` +
		`"programme":"0000000000007","subject":"submission:00000000004w9","detail":{"from":"received","revision":"1","to":"approved"}}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s, %v", got, want, err)
	}
	back, err := Decode(got)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Encode(back); err != nil || !bytes.Equal(again, got) {
		t.Errorf("%s became %s, %v", got, again, err)
	}
}

func TestNoFreeTextGetsIn(t *testing.T) {
	for name, spoil := range map[string]func(*Entry){
		"no time":              func(e *Entry) { e.At = time.Time{} },
		"no kind":              func(e *Entry) { e.Actor.Kind = "" },
		"account without ID":   func(e *Entry) { e.Actor.ID = 0 },
		"system with ID":       func(e *Entry) { e.Actor.Kind = System },
		"no way":               func(e *Entry) { e.Actor.Via = "" },
		"no action":            func(e *Entry) { e.Action = "" },
		"words as action":      func(e *Entry) { e.Action = "read an answer" },
		"a name as subject":    func(e *Entry) { e.Subject = "person:Synthetic Name" },
		"a subject of no kind": func(e *Entry) { e.Subject = "0c5" },
		"a long subject":       func(e *Entry) { e.Subject = "file:" + strings.Repeat("a", 97) },
		"words":                func(e *Entry) { e.Detail["reason"] = "she said so" },
		"an e-mail address":    func(e *Entry) { e.Detail["to"] = "synthetic@example.org" },
		"another script":       func(e *Entry) { e.Detail["to"] = "اسم" },
		"a line":               func(e *Entry) { e.Detail["to"] = "a\nb" },
		"a long value":         func(e *Entry) { e.Detail["to"] = strings.Repeat("a", 129) },
		"a key of words":       func(e *Entry) { e.Detail["the name"] = "a" },
		"many details": func(e *Entry) {
			for i := range 20 {
				e.Detail[fmt.Sprintf("k%d", i)] = "a"
			}
		},
	} {
		e := entry(1)
		spoil(&e)
		text, err := Encode(e)
		if fault.KindOf(err) != fault.Internal || text != nil || err == nil {
			t.Errorf("%s was let in: %s, %v", name, text, err)
		}
		if err != nil && (strings.Contains(err.Error(), "she said") || strings.Contains(err.Error(), "example.org")) {
			t.Errorf("%s: the error repeats it: %v", name, err)
		}
	}
}

func TestCodesAreAlwaysLetIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := entry(1)
		e.Detail["version"] = Code(rapid.String().Draw(t, "version"))
		text, err := Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Decode(text); err != nil || back.Detail["version"] != e.Detail["version"] {
			t.Fatalf("%v, %v", back, err)
		}
	})
	if got := Code("2016 v1.2/é"); got != "2016_v1.2/_" {
		t.Errorf("got %q", got)
	}
}

func TestSignerNeedsBothHalves(t *testing.T) {
	a, _ := NewKey()
	b, _ := NewKey()
	private, _, _ := strings.Cut(string(a), "\n")
	_, public, _ := strings.Cut(string(b), "\n")
	for _, secret := range []string{"", private, private + "\n" + public, "x\n" + public} {
		if _, err := NewSigner([]byte(secret)); err == nil || strings.Contains(err.Error(), private) {
			t.Errorf("%v", err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	var t Tree
	e := entry(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Append(e); err != nil {
			b.Fatal(err)
		}
	}
}
