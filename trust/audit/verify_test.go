package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func lines(export []byte) [][]byte {
	all := bytes.SplitAfter(export, []byte("\n"))
	return all[:len(all)-1]
}

func verify(l *logOf, export []byte, at ...int) (*Report, error) {
	ev := Evidence{Keys: []string{l.signer.Key()}}
	for _, size := range at {
		ev.Checkpoints = append(ev.Checkpoints, Outside{fmt.Sprintf("of-%d", size), l.at(size)})
	}
	return Verify(bytes.NewReader(export), ev)
}

func TestAWholeExportIsVerified(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 8, 100} {
		l := newLog(t, n)
		r, err := verify(l, l.export(), n, n/2, 0)
		if err != nil {
			t.Fatalf("%d entries: %v", n, err)
		}
		if r.Entries != int64(n) || r.Root != l.tree.Root().String() || len(r.Outside) != 3 || r.Back != 0 || r.Origin != l.signer.Origin() {
			t.Errorf("%d entries: %+v", n, r)
		}
		if n > 0 && (!r.First.Equal(day) || !r.Last.Equal(day.Add(time.Duration(n-1)*time.Second))) {
			t.Errorf("%d entries from %v to %v", n, r.First, r.Last)
		}
	}
}

// tampering is one way to change an export. It returns what is left, which
// must not verify.
type tampering struct {
	name string
	do   func(t *rapid.T, l *logOf, export []byte) []byte
}

// rebuild writes an export of other texts as someone does who knows the format
// and holds the key that signs: numbers, hashes and the closing checkpoint fit.
func rebuild(l *logOf, texts [][]byte) []byte {
	forged := &logOf{texts: texts, signer: l.signer}
	return forged.export()
}

func pick(t *rapid.T, l *logOf, name string) int {
	return rapid.IntRange(0, len(l.texts)-1).Draw(t, name)
}

func without(texts [][]byte, i int) [][]byte {
	return append(append([][]byte{}, texts[:i]...), texts[i+1:]...)
}

// tamperings are blunt (of the file) and sharp (with everything recomputed).
var tamperings = []tampering{
	{"a byte changed", func(t *rapid.T, l *logOf, export []byte) []byte {
		at := rapid.IntRange(0, len(export)-1).Draw(t, "at")
		export[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		return export
	}},
	{"a byte removed", func(t *rapid.T, l *logOf, export []byte) []byte {
		at := rapid.IntRange(0, len(export)-1).Draw(t, "at")
		return append(export[:at:at], export[at+1:]...)
	}},
	{"a byte added", func(t *rapid.T, l *logOf, export []byte) []byte {
		at := rapid.IntRange(0, len(export)).Draw(t, "at")
		return append(append(export[:at:at], rapid.Byte().Draw(t, "byte")), export[at:]...)
	}},
	{"cut", func(t *rapid.T, l *logOf, export []byte) []byte {
		return export[:rapid.IntRange(0, len(export)-1).Draw(t, "at")]
	}},
	{"a line removed", func(t *rapid.T, l *logOf, export []byte) []byte {
		all := lines(export)
		return bytes.Join(without(all, rapid.IntRange(0, len(all)-1).Draw(t, "line")), nil)
	}},
	{"a line twice", func(t *rapid.T, l *logOf, export []byte) []byte {
		all := lines(export)
		at := rapid.IntRange(0, len(all)-1).Draw(t, "line")
		to := rapid.IntRange(0, len(all)-1).Draw(t, "to")
		return bytes.Join(append(append(append([][]byte{}, all[:to]...), all[at]), all[to:]...), nil)
	}},
	{"two lines swapped", func(t *rapid.T, l *logOf, export []byte) []byte {
		all := lines(export)
		a := rapid.IntRange(0, len(all)-2).Draw(t, "a")
		b := rapid.IntRange(a+1, len(all)-1).Draw(t, "b")
		all[a], all[b] = all[b], all[a]
		return bytes.Join(all, nil)
	}},
	{"cut, and closed by an older checkpoint", func(t *rapid.T, l *logOf, export []byte) []byte {
		n := pick(t, l, "n")
		return rebuild(l, l.texts[:n])
	}},
	{"an entry withheld", func(t *rapid.T, l *logOf, export []byte) []byte {
		all := lines(export)
		n := pick(t, l, "n")
		all[n+1] = entryLine(int64(n), tlog.RecordHash(l.texts[n]), nil)
		return bytes.Join(all, nil)
	}},
	{"an entry changed, all made to fit", func(t *rapid.T, l *logOf, export []byte) []byte {
		texts := append([][]byte{}, l.texts...)
		e, _ := Decode(texts[pick(t, l, "n")])
		e.Detail = map[string]string{"revision": "9999"}
		texts[pick(t, l, "into")], _ = Encode(e)
		return rebuild(l, texts)
	}},
	{"an entry removed, all made to fit", func(t *rapid.T, l *logOf, export []byte) []byte {
		return rebuild(l, without(l.texts, pick(t, l, "n")))
	}},
	{"two entries swapped, all made to fit", func(t *rapid.T, l *logOf, export []byte) []byte {
		texts := append([][]byte{}, l.texts...)
		a, b := pick(t, l, "a"), pick(t, l, "b")
		if a == b {
			b = (a + 1) % len(texts)
		}
		texts[a], texts[b] = texts[b], texts[a]
		return rebuild(l, texts)
	}},
	{"an entry removed and another put at the end", func(t *rapid.T, l *logOf, export []byte) []byte {
		extra, _ := Encode(entry(9999))
		return rebuild(l, append(without(l.texts, pick(t, l, "n")), extra))
	}},
}

// Promise 3: a change, a removal, another order or a cut is found offline
// against a checkpoint that was kept outside.
func TestEveryTamperingIsFound(t *testing.T) {
	l := newLog(t, 23)
	export := l.export()
	for _, how := range tamperings {
		t.Run(how.name, rapid.MakeCheck(func(t *rapid.T) {
			forged := how.do(t, l, bytes.Clone(export))
			if bytes.Equal(forged, export) {
				return // two equal lines were swapped, or the like
			}
			_, err := verify(l, forged, len(l.texts))
			var p *Problem
			if !errors.As(err, &p) {
				t.Fatalf("it was not found: %v", err)
			}
		}))
	}
}

// Without the key that signs, even an older checkpoint is enough for what lies
// behind it, since the closing checkpoint cannot be forged.
func TestSomeoneWithoutTheKeyIsFoundByTheClosingCheckpoint(t *testing.T) {
	l, thief := newLog(t, 12), newLog(t, 0)
	for n := range l.texts {
		e, _ := Decode(l.texts[n])
		e.Action = "home.view"
		texts := append([][]byte{}, l.texts...)
		texts[n], _ = Encode(e)
		for _, forged := range [][]byte{
			bytes.Replace(rebuild(l, texts), l.at2(texts), mustEnd(l.at(12)), 1),
			(&logOf{texts: texts, signer: thief.signer}).export(),
		} {
			if _, err := verify(l, forged, 1); err == nil {
				t.Errorf("entry %d was changed and nobody saw it", n)
			}
		}
	}
}

// at2 is the closing line over other texts.
func (l *logOf) at2(texts [][]byte) []byte {
	return mustEnd((&logOf{texts: texts, signer: l.signer}).at(len(texts)))
}

func mustEnd(signed []byte) []byte { return endLine(string(signed)) }

func TestWhatIsWrongIsSaidExactly(t *testing.T) {
	l, other := newLog(t, 10), newLog(t, 10)
	slices.Reverse(other.texts)
	good := l.export()
	key := l.signer.Key()
	change := func(n int, text string) []byte {
		all := lines(bytes.Clone(good))
		all[n+1] = bytes.Replace(all[n+1], []byte("submission.read"), []byte(text), 1)
		return bytes.Join(all, nil)
	}
	forgedEntry := func(n int) [][]byte {
		texts := append([][]byte{}, l.texts...)
		texts[n], _ = Encode(entry(500))
		return texts
	}
	drop := func(export []byte, from, to int) []byte {
		all := lines(export)
		return bytes.Join(append(append([][]byte{}, all[:from]...), all[to:]...), nil)
	}
	swapped := lines(bytes.Clone(good))
	swapped[3], swapped[6] = swapped[6], swapped[3]
	falseSignature := bytes.Replace(l.at(5), []byte("\n5\n"), []byte("\n6\n"), 1)
	cases := []struct {
		name        string
		export      []byte
		keys        []string
		checkpoints []Outside
		kind        ProblemKind
		first, last int64
		says        string
	}{
		{"changed", change(4, "submission.edit"), nil, nil, Changed, 4, 4, "entry 4 was changed"},
		{"changed with its hash, between checkpoints", rebuild(l, forgedEntry(6)), nil, []Outside{{"b", l.at(8)}, {"a", l.at(5)}}, Changed, 5, 7, "entries 5 to 7 are not those that checkpoint b"},
		{"changed with its hash, checkpoints around it", rebuild(l, forgedEntry(6)), nil, []Outside{{"a", l.at(6)}, {"b", l.at(7)}}, Changed, 6, 6, "entry 6 is not the one"},
		{"one removed", drop(good, 5, 6), nil, nil, Missing, 4, 4, "entry 4 is missing: entry 5 stands in its place"},
		{"three removed", drop(good, 5, 8), nil, nil, Missing, 4, 6, "entries 4 to 6 are missing"},
		{"swapped", bytes.Join(swapped, nil), nil, nil, Order, 2, 5, "entry 5 stands where entry 2 should, which is on line 7"},
		{"twice", bytes.Join(append(lines(bytes.Clone(good))[:4:4], lines(good)[3:]...), nil), nil, nil, Order, 2, 2, "entry 2 stands again"},
		{"cut at a line", drop(good, 8, 12), nil, nil, Truncated, 7, -1, "it ends behind entry 6"},
		{"cut, older end", rebuild(l, l.texts[:7]), nil, []Outside{{"c.note", l.at(10)}}, Truncated, 7, 9, "checkpoint c.note was signed over 10 entries, and the export ends behind entry 6"},
		{"cut to nothing", lines(good)[0], nil, []Outside{{"c.note", l.at(10)}}, Truncated, 0, 9, "ends behind its first line"},
		{"nothing", nil, nil, nil, Malformed, -1, -1, "no export"},
		{"something else", []byte("PK\x03\x04"), nil, nil, Malformed, -1, -1, "no export"},
		{"a later end", bytes.Join(append(lines(bytes.Clone(good))[:8:8], lines(good)[11]), nil), nil, nil, Truncated, 7, 9, "the log had 10 entries"},
		{"entries behind the end", bytes.Replace(good, mustEnd(l.at(10)), mustEnd(l.at(8)), 1), nil, nil, Changed, 8, 9, "entries from 8 on were added"},
		{"more behind the end", append(bytes.Clone(good), "{}\n"...), nil, nil, Malformed, -1, -1, "behind the checkpoint"},
		{"a checkpoint of another log", good, nil, []Outside{{"x", other.at(10)}}, Foreign, -1, -1, "checkpoint x: it is of another log"},
		{"another log with its key", good, []string{key, other.signer.Key()}, []Outside{{"x", other.at(9)}}, Changed, 0, 8, "or the log is another"},
		{"a false signature", good, nil, []Outside{{"x", falseSignature}}, Signature, -1, -1, "its signature is false"},
		{"no note", good, nil, []Outside{{"x", []byte("hello\n")}}, Malformed, -1, -1, "no signed note"},
		{"no key", good, []string{"hello"}, nil, Malformed, -1, -1, "key"},
		{"checkpoints that disagree", rebuild(l, forgedEntry(6)), nil, []Outside{{"new", (&logOf{texts: forgedEntry(6), signer: l.signer}).at(8)}, {"old", l.at(8)}}, Changed, -1, -1, "checkpoint old does not agree"},
		{"withheld", bytes.Replace(good, entryLine(3, tlog.RecordHash(l.texts[3]), l.texts[3]), entryLine(3, tlog.RecordHash(l.texts[3]), nil), 1), nil, nil, Withheld, 3, 3, "entry 3 is withheld"},
	}
	for _, c := range cases {
		if c.keys == nil {
			c.keys = []string{key}
		}
		_, err := Verify(bytes.NewReader(c.export), Evidence{Keys: c.keys, Checkpoints: c.checkpoints})
		var p *Problem
		if !errors.As(err, &p) {
			t.Errorf("%s: nothing was found: %v", c.name, err)
			continue
		}
		if p.Kind != c.kind || p.First != c.first || p.Last != c.last || !strings.Contains(p.Message, c.says) {
			t.Errorf("%s: got %s %d-%d %q, want %s %d-%d %q", c.name, p.Kind, p.First, p.Last, p.Message, c.kind, c.first, c.last, c.says)
		}
	}
}

func TestWithheldEntriesLeaveTheRestVerified(t *testing.T) {
	l := newLog(t, 9)
	var b bytes.Buffer
	e := NewExporter(&b, l.signer.Origin())
	for i, text := range l.texts {
		if i%3 == 0 {
			e.Withhold(tlog.RecordHash(text))
		} else {
			e.Entry(text)
		}
	}
	if err := e.Close(l.at(9)); err != nil {
		t.Fatal(err)
	}
	ev := Evidence{Keys: []string{l.signer.Key()}, Checkpoints: []Outside{{"c", l.at(9)}}, Partial: true}
	if r, err := Verify(&b, ev); err != nil || r.Withheld != 3 || r.Entries != 9 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAClockSetBackIsANoteOnly(t *testing.T) {
	l := newLog(t, 3)
	for _, back := range []time.Duration{500 * time.Millisecond, time.Hour, time.Minute} {
		e := entry(0)
		last, _ := Decode(l.texts[len(l.texts)-1])
		e.At = last.At.Add(-back)
		texts, err := l.tree.Append(e)
		if err != nil {
			t.Fatal(err)
		}
		l.texts = append(l.texts, texts...)
	}
	r, err := verify(l, l.export(), 6)
	if err != nil || r.Back != 2 || r.BackAt != 4 || r.BackBy != 3600_000 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTwoKeysOfALogWhoseKeyWasLost(t *testing.T) {
	old, now := newLog(t, 6), newLog(t, 0)
	now.texts = old.texts
	export := now.export()
	ev := Evidence{Keys: []string{old.signer.Key(), now.signer.Key()}, Checkpoints: []Outside{{"before", old.at(4)}}}
	if r, err := Verify(bytes.NewReader(export), ev); err != nil || len(r.Outside) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAFailingReaderIsNoProblemOfTheLog(t *testing.T) {
	l := newLog(t, 6)
	broken := errors.New("input/output error")
	_, err := Verify(io.MultiReader(bytes.NewReader(l.export()[:300]), &brokenReader{broken}), Evidence{Keys: []string{l.signer.Key()}})
	var p *Problem
	if !errors.Is(err, broken) || errors.As(err, &p) {
		t.Errorf("got %v", err)
	}
}

type brokenReader struct{ err error }

func (b *brokenReader) Read([]byte) (int, error) { return 0, b.err }

// The memory of a check does not grow with the log: an export of 20,000 entries
// (8 MB), written while it is read.
func TestVerifyIsBounded(t *testing.T) {
	l := newLog(t, 20000)
	in, out := io.Pipe()
	go func() {
		w := bufio.NewWriter(out)
		e := NewExporter(w, l.signer.Origin())
		for _, text := range l.texts {
			e.Entry(text)
		}
		e.Close(l.at(len(l.texts)))
		w.Flush()
		out.Close()
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := Verify(in, Evidence{Keys: []string{l.signer.Key()}})
	if err != nil || r.Entries != 20000 {
		t.Fatalf("%+v, %v", r, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 2<<20 {
		t.Errorf("the heap holds %d bytes more", grown)
	}
	// A line without end is not read to its end.
	endless := io.MultiReader(bytes.NewReader(headLine("waymark-audit-x")), endlessReader{})
	var p *Problem
	if _, err := Verify(endless, Evidence{Keys: []string{l.signer.Key()}}); !errors.As(err, &p) || p.Kind != Malformed {
		t.Errorf("an endless line: %v", err)
	}
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func FuzzVerify(f *testing.F) {
	l := newLog(f, 5)
	good := l.export()
	f.Add(good)
	f.Add(good[:len(good)/2])
	for _, line := range lines(good) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := verify(l, data, 5)
		if err == nil && !bytes.Equal(data, good) {
			t.Errorf("verified as %+v", r)
		}
		if _, e := Decode(data); e == nil && !json.Valid(data) {
			t.Error("an entry that is no JSON was read")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	l := newLog(b, 1000)
	export := l.export()
	b.SetBytes(int64(len(export)))
	for b.Loop() {
		if _, err := verify(l, export, 1000); err != nil {
			b.Fatal(err)
		}
	}
}
