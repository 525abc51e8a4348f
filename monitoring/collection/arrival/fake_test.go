package arrival

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/demo"
	"waymark/trust/audit"

	"waymark/forms/xlsform"
	"waymark/forms/xlsform/workbook"
	"waymark/monitoring/instrument"
)

// fake is a store in memory with what the loop and the check of a round need.
type fake struct {
	mu          sync.Mutex
	rounds      map[ids.ID]*collection.Round
	points      map[ids.ID][]*collection.Point
	versions    map[ids.ID]*collection.Version
	enumerators map[ids.ID]*collection.FieldEnumerator
	submissions map[ids.ID]*collection.Submission
	revisions   map[ids.ID]*collection.Revision
	attached    map[ids.ID][]collection.Attachment
	checked     map[ids.ID]collection.Checked
	marks       map[int64][]ids.ID
	files       map[string]string
	read        int // audit entries of answers that were read
	refuse      func([]collection.Checked) error
	fail        error
	calls       int
}

func newFake() *fake {
	return &fake{rounds: map[ids.ID]*collection.Round{}, points: map[ids.ID][]*collection.Point{}, versions: map[ids.ID]*collection.Version{},
		enumerators: map[ids.ID]*collection.FieldEnumerator{}, submissions: map[ids.ID]*collection.Submission{}, revisions: map[ids.ID]*collection.Revision{},
		attached: map[ids.ID][]collection.Attachment{}, checked: map[ids.ID]collection.Checked{}, marks: map[int64][]ids.ID{}, files: map[string]string{}}
}

func (f *fake) Round(_ context.Context, id ids.ID) (*collection.Round, error) {
	return f.rounds[id], nil
}

func (f *fake) ListPoints(_ context.Context, round ids.ID) ([]*collection.Point, error) {
	return f.points[round], nil
}

func (f *fake) Version(_ context.Context, id ids.ID) (*collection.Version, error) {
	if v := f.versions[id]; v != nil {
		return v, nil
	}
	return nil, fault.New(fault.NotFound, fault.Place{}, "no such version", "")
}

func (f *fake) ListForms(_ context.Context, round ids.ID) ([]*collection.Form, error) {
	var list []*collection.Form
	seen := map[ids.ID]bool{}
	for _, v := range f.versions {
		if !seen[v.Form] {
			seen[v.Form] = true
			list = append(list, &collection.Form{ID: v.Form, Round: round})
		}
	}
	return list, nil
}

func (f *fake) ListVersions(_ context.Context, form ids.ID) ([]*collection.Version, error) {
	var list []*collection.Version
	for _, v := range f.versions {
		if v.Form == form {
			list = append(list, v)
		}
	}
	return list, nil
}

func (f *fake) FieldEnumerator(_ context.Context, id ids.ID) (*collection.FieldEnumerator, error) {
	return f.enumerators[id], nil
}

func (f *fake) Submission(_ context.Context, id ids.ID) (*collection.Submission, error) {
	return f.submissions[id], nil
}

func (f *fake) ReadAnswers(_ context.Context, by audit.Actor, id ids.ID, _ int) (*collection.Revision, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if by.Kind != audit.System {
		return nil, fault.New(fault.Denied, fault.Place{}, "not the system", "")
	}
	f.read++
	return f.revisions[id], nil
}

func (f *fake) EachAnswers(_ context.Context, _ audit.Actor, _ string, filter collection.Filter, use func(*collection.Submission, *collection.Revision) error) error {
	for _, id := range slices.Sorted(maps.Keys(f.submissions)) {
		s := f.submissions[id]
		if s.Round != filter.Round || filter.Form != 0 && s.Form != filter.Form {
			continue
		}
		if err := use(s, f.revisions[id]); err != nil {
			return err
		}
	}
	return nil
}

func (f *fake) Unchecked(_ context.Context, limit int, _ time.Duration) ([]collection.Unchecked, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.fail != nil {
		return nil, f.fail
	}
	var list []collection.Unchecked
	for _, id := range slices.Sorted(maps.Keys(f.submissions)) {
		if _, done := f.checked[id]; !done && len(list) < limit {
			list = append(list, collection.Unchecked{Submission: f.submissions[id], Revision: f.revisions[id], Files: f.attached[id]})
		}
	}
	return list, nil
}

func (f *fake) SetChecked(_ context.Context, results []collection.Checked) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		if err := f.refuse(results); err != nil {
			return err
		}
	}
	for _, c := range results {
		f.checked[c.Submission] = c
		for _, m := range c.Marks {
			f.marks[m] = append(f.marks[m], c.Submission)
		}
		if c.Opened != nil {
			f.revisions[c.Submission].XML = c.Opened
		}
	}
	return nil
}

func (f *fake) Resemble(_ context.Context, _, except ids.ID, marks []int64, atLeast, limit int) ([]collection.Resemblance, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	shared := map[ids.ID]int{}
	for _, m := range marks {
		for _, id := range f.marks[m] {
			if id != except {
				shared[id]++
			}
		}
	}
	var list []collection.Resemblance
	for _, id := range slices.Sorted(maps.Keys(shared)) {
		if shared[id] >= atLeast && len(list) < limit {
			list = append(list, collection.Resemblance{Submission: id, Shared: shared[id]})
		}
	}
	return list, nil
}

func (f *fake) OpenFile(_ context.Context, _ ids.ID, address string) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, ok := f.files[address]
	if !ok {
		return nil, fault.New(fault.NotFound, fault.Place{}, "no such file", "")
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

func (f *fake) PutFile(_ context.Context, _ ids.ID, r io.Reader, limit int64) (string, int64, string, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit))
	f.mu.Lock()
	defer f.mu.Unlock()
	address := fmt.Sprintf("file-%d", len(f.files))
	f.files[address] = string(content)
	return address, int64(len(content)), "", err
}

// done waits until nothing is unchecked.
func (f *fake) done() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.checked) == len(f.submissions)
}

// token digests under a key of the test.
func token(round ids.ID, value []byte) ([]byte, error) {
	h := hmac.New(sha256.New, []byte("a key of "+round.String()))
	h.Write(value)
	return h.Sum(nil), nil
}

// Identifiers of the tests, far below those of submissions.
const (
	testRound ids.ID = iota + 1
	testForm
	testVersion
)

var xforms sync.Map

// compiled is the XForm of a built-in questionnaire.
func compiled(t testing.TB, id string) []byte {
	t.Helper()
	if x, ok := xforms.Load(id); ok {
		return x.([]byte)
	}
	book, err := instrument.XLSForm(id)
	if err != nil {
		t.Fatal(err)
	}
	x := compileBook(t, book)
	xforms.Store(id, x)
	return x
}

func compileBook(t testing.TB, book *workbook.Workbook) []byte {
	t.Helper()
	c, err := xlsform.Compile(book, xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c.XForm
}

// exampleRound is a store with n interviews of the example round in it.
func exampleRound(t testing.TB, n int, plant bool) *fake {
	t.Helper()
	f := newFake()
	f.rounds[testRound] = &collection.Round{ID: testRound, Name: "synthetic round", Instrument: demo.Instrument, State: collection.Open}
	f.addVersion(t, compiled(t, demo.Instrument))
	f.fill(t, n, plant)
	return f
}

func (f *fake) addVersion(t testing.TB, x []byte) {
	f.versions[testVersion] = &collection.Version{ID: testVersion, Form: testForm, Version: "1", XForm: x, Hash: "h", Published: time.Unix(1, 0)}
}

func (f *fake) fill(t testing.TB, n int, plant bool) {
	t.Helper()
	err := demo.Interviews(n, 2016, plant, func(i *demo.Interview) error {
		f.add(i.XML, i.Sent)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fake) add(document []byte, received time.Time) ids.ID {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := ids.ID(1000 + len(f.submissions))
	f.submissions[id] = &collection.Submission{ID: id, Round: testRound, Form: testForm, Version: testVersion, Received: received, State: collection.Received, Complete: true, Revision: 1}
	f.revisions[id] = &collection.Revision{Submission: id, Number: 1, Version: testVersion, XML: document, At: received}
	return id
}

func (f *fake) checker(t testing.TB) *Checker {
	t.Helper()
	c, err := New(Options{Token: token, Files: f})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// checkAll runs the loop until everything is checked.
func (f *fake) checkAll(t testing.TB, c *Checker) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := Run(ctx, f, c, RunOptions{Poll: time.Hour, Checked: func([]ids.ID) {
		if f.done() {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !f.done() {
		t.Fatalf("%d of %d are checked", len(f.checked), len(f.submissions))
	}
}
