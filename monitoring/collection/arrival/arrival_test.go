package arrival

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/audit"
)

// What is found in each interview as it arrives is what waymark check finds in
// the whole round, by the rules that judge one interview by itself.
func TestArrivalFindsWhatTheCheckOfTheRoundFinds(t *testing.T) {
	f := exampleRound(t, 1000, true)
	c := f.checker(t)
	f.checkAll(t, c)
	report, err := c.Round(t.Context(), f, audit.Actor{Kind: audit.System, Via: "job"}, testRound, 0, quality.Options{MaxRows: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	if report.Interviews != len(f.submissions) || report.Left != 0 {
		t.Fatalf("%d interviews of %d", report.Interviews, len(f.submissions))
	}
	type mark struct {
		rule, subject string
		submission    ids.ID
	}
	scope := map[string]quality.Scope{}
	for _, rule := range quality.Rules() {
		scope[rule.ID] = rule.Scope
	}
	want, got := map[mark]quality.Severity{}, map[mark]quality.Severity{}
	for _, finding := range report.Findings {
		if scope[finding.Rule] != quality.EachInterview || strings.Contains(finding.Message, "unusually") {
			continue // unusual is what differs from the round's own lengths
		}
		if finding.Total != len(finding.Rows) {
			t.Fatalf("%s lists %d of %d rows", finding.Rule, len(finding.Rows), finding.Total)
		}
		severity := finding.Severity
		if finding.Rule == "straight.empty" {
			severity = quality.Note // depends on how many there are
		}
		for _, row := range finding.Rows {
			want[mark{finding.Rule, finding.Subject, report.Submission(row)}] = severity
		}
	}
	rules := map[string]int{}
	for id, checked := range f.checked {
		for _, finding := range checked.Findings {
			rule, ok := strings.CutPrefix(finding.Rule, "quality.")
			if !ok || strings.HasPrefix(rule, "duplicate.") {
				continue
			}
			rules[rule]++
			got[mark{rule, finding.Question, id}] = quality.Severity(finding.Severity)
		}
	}
	for m, s := range want {
		if got[m] != s {
			t.Errorf("%v: %q on arrival, %q in the round", m, got[m], s)
		}
	}
	for m := range got {
		if _, ok := want[m]; !ok {
			t.Errorf("%v is found on arrival only", m)
		}
	}
	t.Logf("%d findings agree, by rule %v", len(got), rules)
	for _, rule := range []string{"length.short", "codes.unknown", "contradiction.departure", "contradiction.place_without_yes", "clock.night"} {
		if rules[rule] == 0 {
			t.Errorf("nothing was found by %s: the round tests nothing", rule)
		}
	}
}

// Near-duplicates are found through marks and confirmed by the answers: every
// pair of the whole round's rule, and no other.
func TestNearDuplicatesAreThoseOfTheRound(t *testing.T) {
	f := exampleRound(t, 1000, true)
	// Copies with no, one, two, three and four answers changed: on both sides of
	// the threshold.
	planted := 0
	for id := ids.ID(1010); id < 1900; id += 9 {
		copied := string(f.revisions[id].XML)
		if !strings.Contains(copied, "<stop_reason>") {
			continue
		}
		for _, question := range []string{"education", "cost", "reason", "marital_status"}[:planted%5] {
			from := strings.Index(copied, "<"+question+">") + len(question) + 2
			to := from + strings.IndexByte(copied[from:], '<')
			copied = copied[:from] + map[bool]string{true: "refused", false: "dk"}[copied[from:to] != "refused"] + copied[to:]
		}
		f.add([]byte(strings.Replace(copied, "<instanceID>uuid:", "<instanceID>uuid:copy-", 1)), f.submissions[id].Received.Add(time.Hour))
		planted++
	}
	c := f.checker(t)
	f.checkAll(t, c)
	report, err := c.Round(t.Context(), f, audit.Actor{Kind: audit.System, Via: "job"}, testRound, 0, quality.Options{MaxRows: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	later := map[ids.ID][]ids.ID{} // the later one of each pair: the earlier ones
	pairs := 0
	for _, finding := range report.Findings {
		if finding.Rule != "duplicate.near" {
			continue
		}
		for _, line := range finding.Details {
			var a, b int
			if _, err := fmt.Sscanf(line, "rows %d and %d:", &a, &b); err != nil {
				continue
			}
			pairs++
			x, y := report.Submission(a), report.Submission(b)
			later[max(x, y)] = append(later[max(x, y)], min(x, y))
		}
	}
	shared, hits := 0, 0
	for id, checked := range f.checked {
		if len(checked.Marks) > 0 {
			shared++
		}
		switch {
		case checked.Similar == 0 && later[id] != nil:
			t.Errorf("%d is like %v, which was not found on arrival", id, later[id])
		case checked.Similar != 0 && !slices.Contains(later[id], checked.Similar):
			if !slices.ContainsFunc(checked.Findings, func(f collection.Finding) bool { return f.Rule == "quality.duplicate.answers" }) {
				t.Errorf("%d is said to be like %d, which the check of the round does not say", id, checked.Similar)
			}
		case checked.Similar != 0:
			hits++
		}
	}
	if pairs < planted/5 || hits < planted/5 {
		t.Errorf("only %d pairs in the round, %d found on arrival, of %d copies: the test tests little", pairs, hits, planted)
	}
	t.Logf("%d pairs in the round's check; %d later ones found on arrival (recall 100%%, precision 100%%); %d submissions with marks; %d answers read for comparison", pairs, hits, shared, f.read)
	if f.read > len(f.submissions)/4 {
		t.Errorf("%d answers were read to compare: marks do not tell enough apart", f.read)
	}
}

func TestFacetsAreCodesAndDatesOnly(t *testing.T) {
	f := exampleRound(t, 100, false)
	f.rounds[testRound].Routes = []collection.Route{{Code: "EMR"}, {Code: "CMR"}}
	c := f.checker(t)
	f.checkAll(t, c)
	for id, checked := range f.checked {
		text := string(f.revisions[id].XML)
		if !strings.Contains(text, "<point>"+checked.Point+"</point>") || !strings.Contains(text, "<interview_date>"+checked.Day+"</interview_date>") ||
			strings.Contains(text, "<route>") && !strings.Contains(text, "<route>"+checked.Route+"</route>") {
			t.Errorf("facets %q %q %q of %s", checked.Point, checked.Route, checked.Day, text)
		}
	}
	received := time.Date(2016, 9, 1, 10, 0, 0, 0, time.UTC)
	for _, odd := range []string{"Anna Example", "emr-p01 ", "<b>emr-p01</b>", "99", strings.Repeat("x", 300)} {
		x := strings.NewReplacer("<point>emr-p01</point>", "<point>"+strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(odd)+"</point>", "<route>EMR</route>", "<route>"+odd+"</route>",
			"<interview_date>2016-08-20</interview_date>", "<interview_date>"+odd+"</interview_date>").Replace(`<data id="fms-2016" version="2016.2"><start>2016-08-20T10:00:00.000+02:00</start><end>2016-08-20T10:30:00.000+02:00</end><intro><interview_date>2016-08-20</interview_date><point>emr-p01</point><consent>yes</consent><previous>no</previous><route>EMR</route></intro></data>`)
		id := f.add([]byte(x), received)
		checked := c.Check(t.Context(), f.subject(id))
		if checked.Point != "" && checked.Point != "emr-p01" || checked.Route != "" || checked.Day != "2016-08-20" {
			t.Errorf("%q: point %q, route %q, day %q", odd, checked.Point, checked.Route, checked.Day)
		}
		for _, finding := range checked.Findings {
			if strings.Contains(finding.Message+finding.Remedy+finding.Question, odd) {
				t.Errorf("a finding holds an answer: %+v", finding)
			}
		}
	}
}

func (f *fake) subject(id ids.ID) *Subject {
	return &Subject{Unchecked: collection.Unchecked{Submission: f.submissions[id], Revision: f.revisions[id], Files: f.attached[id]},
		Version: f.versions[testVersion], Round: f.rounds[testRound], Points: f.points[testRound]}
}

func TestTheRoundsOwnSettingIsCompared(t *testing.T) {
	f := exampleRound(t, 60, false)
	lat, lon := 60.0, 20.0
	point := &collection.Point{ID: 5, Code: "cmr-p01", Route: "EMR", Lat: &lat, Lon: &lon}
	f.points[testRound] = []*collection.Point{point}
	f.rounds[testRound].From, f.rounds[testRound].To = "2010-01-01", "2010-02-01"
	c := f.checker(t)
	found := map[string]bool{}
	for id := range f.submissions {
		s := f.subject(id)
		s.Enumerator = &collection.FieldEnumerator{Code: "E999", Points: []ids.ID{6}}
		for _, finding := range c.Check(t.Context(), s).Findings {
			found[finding.Rule] = true
		}
	}
	for _, rule := range []string{"arrival.outside", "arrival.point", "arrival.route", "arrival.enumerator", "arrival.elsewhere", "arrival.far"} {
		if !found[rule] {
			t.Errorf("%s found nothing: %v", rule, found)
		}
	}
}

// No finding holds an answer: every answer of a document is a word of its own.
func TestFindingsHoldNoAnswers(t *testing.T) {
	f := exampleRound(t, 60, false)
	c := f.checker(t)
	for id := range f.submissions {
		x := string(f.revisions[id].XML)
		var b strings.Builder
		n := 0
		for part := range strings.SplitSeq(x, "</") { // the text before each end tag
			if i := strings.LastIndexByte(part, '>'); i >= 0 && i < len(part)-1 && !strings.Contains(part[i+1:], "<") {
				n++
				part = part[:i+1] + fmt.Sprintf("canary%d", n)
			}
			b.WriteString(part + "</")
		}
		f.revisions[id].XML = []byte(strings.TrimSuffix(b.String(), "</"))
		checked := c.Check(t.Context(), f.subject(id))
		if len(checked.Findings) < 5 {
			t.Errorf("only %d findings", len(checked.Findings))
		}
		if s := fmt.Sprintf("%+v %q %q %q", checked.Findings, checked.Point, checked.Route, checked.Day); strings.Contains(s, "canary") {
			t.Errorf("an answer got out: %s", s)
		}
	}
}

func TestAFormWithoutAnInstrumentIsChecked(t *testing.T) {
	f := exampleRound(t, 200, true)
	f.rounds[testRound].Instrument = ""
	c := f.checker(t)
	f.checkAll(t, c)
	rules, points := map[string]int{}, 0
	for _, checked := range f.checked {
		for _, finding := range checked.Findings {
			rules[finding.Rule]++
		}
		if checked.Point != "" && checked.Day != "" {
			points++
		}
	}
	if points != len(f.checked) || rules["quality.length.short"] == 0 || rules["quality.codes.unknown"] == 0 || rules["form.choice"] == 0 {
		t.Errorf("%d of %d with a point, rules %v", points, len(f.checked), rules)
	}
	f.rounds[testRound].Instrument = "of-nobody" // said in the log; the form's own rules hold
	if checked := f.checker(t).Check(t.Context(), f.subject(1000)); checked.Point == "" {
		t.Error("an instrument that is not there stops the check")
	}
}

func TestEncryptedSubmissionsAreOpened(t *testing.T) {
	f := exampleRound(t, 60, false)
	inside := f.revisions[1000].XML
	manifest := []byte(`<?xml version="1.0"?><!-- x --><data xmlns="http://opendatakit.org/submissions" id="fms-2016" version="2016.2" encrypted = "yes"><encryptedXmlFile>submission.xml.enc</encryptedXmlFile></data>`)
	f.revisions[1000].XML = manifest
	f.files["a"], f.files["b"] = "sealed", "sealed medium"
	f.attached[1000] = []collection.Attachment{{Name: "submission.xml.enc", Address: "a"}, {Name: "audit.csv.enc", Address: "b"}}
	open := func(private, m []byte, files func(string) (io.ReadCloser, error), keep func(string, int64, io.Reader) error) ([]byte, error) {
		if string(private) != "key" || !bytes.Equal(m, manifest) {
			return nil, fault.New(fault.Invalid, fault.Place{}, "another key", "")
		}
		r, err := files("audit.csv.enc")
		if err != nil {
			return nil, err
		}
		if err := keep("audit.csv", 13, r); err != nil {
			return nil, err
		}
		return inside, r.Close()
	}
	c, err := New(Options{Token: token, Files: f, Open: open})
	if err != nil {
		t.Fatal(err)
	}
	checked := c.Check(t.Context(), f.subject(1000))
	if !checked.Unreadable || len(checked.Findings) != 1 || checked.Findings[0].Rule != "arrival.encrypted" || checked.Opened != nil {
		t.Errorf("without a key: %+v", checked)
	}
	f.versions[testVersion].PrivateKey = []byte("key")
	checked = c.Check(t.Context(), f.subject(1000))
	if checked.Unreadable || !bytes.Equal(checked.Opened, inside) || checked.Point == "" || len(checked.Marks) == 0 {
		t.Errorf("with the key: unreadable %v, %+v", checked.Unreadable, checked.Findings)
	}
	if len(checked.Files) != 1 || checked.Files[0].Name != "audit.csv" || checked.Files[0].Type != "text/plain" || f.files[checked.Files[0].Address] != "sealed medium" {
		t.Errorf("files %+v", checked.Files)
	}
	delete(f.files, "b")
	if checked = c.Check(t.Context(), f.subject(1000)); !checked.Unreadable || !strings.Contains(checked.Findings[0].Remedy, "has not arrived") {
		t.Errorf("with a file missing: %+v", checked.Findings)
	}
	if encrypted([]byte("")) || encrypted([]byte("<data>encrypted=\"yes\"</data>")) || encrypted([]byte("<!-- <a encrypted=\"yes\"> --><data/>")) {
		t.Error("a plain document is taken for encrypted")
	}
}

// A first revision that says it corrects something is one that another person
// sent, or that came encrypted.
func TestCorrectionsByOthersAreSeen(t *testing.T) {
	f := exampleRound(t, 60, false)
	plain := f.revisions[1000].XML
	corrects := bytes.Replace(plain, []byte("</meta>"), []byte("<deprecatedID>uuid:canary</deprecatedID></meta>"), 1)
	if bytes.Equal(corrects, plain) {
		t.Fatalf("the document has no meta: %s", plain)
	}
	c := f.checker(t)
	said := func(xml []byte, revision int) (found collection.Finding) {
		f.revisions[1000].XML, f.revisions[1000].Number = xml, revision
		for _, found := range c.Check(t.Context(), f.subject(1000)).Findings {
			if found.Rule == "arrival.correction" {
				return found
			}
		}
		return found
	}
	got := said(corrects, 1)
	if got.Severity != collection.SeverityError || !strings.Contains(got.Message, "another person") || strings.Contains(got.Message+got.Remedy, "canary") {
		t.Errorf("another's correction: %+v", got)
	}
	if got := said(plain, 1); got.Rule != "" {
		t.Errorf("an interview: %+v", got)
	}
	if got := said(corrects, 2); got.Rule != "" {
		t.Errorf("a correction that was taken: %+v", got)
	}
}

func TestRunSurvivesCrashesRefusalsAndFailures(t *testing.T) {
	f := exampleRound(t, 60, false)
	c := f.checker(t)
	// A digest that panics stands for a document that crashes the check.
	var crash atomic.Bool
	c.opt.Token = func(round ids.ID, value []byte) ([]byte, error) {
		if bytes.HasPrefix(value, []byte("all")) && crash.CompareAndSwap(false, true) {
			panic("boom")
		}
		return token(round, value)
	}
	refused := 0
	f.refuse = func(results []collection.Checked) error {
		for _, r := range results {
			if r.Submission == 1005 && refused < 2 {
				refused++
				return errors.New("refused")
			}
		}
		return nil
	}
	f.checkAll(t, c)
	crashed := 0
	for _, checked := range f.checked {
		if slices.ContainsFunc(checked.Findings, func(f collection.Finding) bool { return f.Rule == "arrival.crash" }) {
			crashed++
		}
	}
	if crashed != 1 || refused != 2 {
		t.Errorf("%d marked as crashed, %d refusals", crashed, refused)
	}
}

// The loop sleeps until it is woken, and does not spin while the store fails.
func TestRunSleepsAndWakes(t *testing.T) {
	f := exampleRound(t, 60, false)
	c := f.checker(t)
	f.fail = errors.New("the store is away")
	wake := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	var batches int
	checkedAll := make(chan struct{})
	go func() {
		ended <- Run(ctx, f, c, RunOptions{Wake: wake, Poll: time.Hour, Batch: 7, Checked: func([]ids.ID) {
			if batches++; f.done() {
				close(checkedAll)
			}
		}})
	}()
	for range 50 {
		wake <- struct{}{}
		f.mu.Lock()
		calls := f.calls
		f.mu.Unlock()
		if calls > 3 {
			t.Fatalf("the store was asked %d times while it failed", calls)
		}
		select {
		case <-wake: // nobody takes it while the loop backs off
		default:
		}
	}
	f.mu.Lock()
	f.fail = nil
	f.mu.Unlock()
	<-checkedAll
	if batches != (len(f.submissions)+6)/7 {
		t.Errorf("%d batches for %d submissions", batches, len(f.submissions))
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A store that does not let go must not make the loop spin.
func TestRunDoesNotSpinOnAStoreThatKeepsHandingOut(t *testing.T) {
	f := exampleRound(t, 60, false)
	c := f.checker(t)
	l := &loop{store: f, Checker: c, run: RunOptions{Batch: 4, Workers: 2}}
	for turn := range 4 {
		n, err := l.batch(t.Context())
		clear(f.checked)
		if turn < 2 && (err != nil || n != 4) || turn >= 2 && !errors.Is(err, errAgain) {
			t.Errorf("turn %d: %d, %v", turn, n, err)
		}
	}
}

func TestThresholdsAreChecked(t *testing.T) {
	if _, err := New(Options{Thresholds: map[string]float64{"no.such": 1}}); err == nil {
		t.Error("an unknown threshold was taken")
	}
}

// Goal: under 2 ms. No peer checks a submission on the server.
func BenchmarkCheck(b *testing.B) {
	f := exampleRound(b, 500, true)
	c := f.checker(b)
	var subjects []*Subject
	for id := range f.submissions {
		subjects = append(subjects, f.subject(id))
	}
	c.Check(b.Context(), subjects[0])
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		c.Check(b.Context(), subjects[i%len(subjects)])
		i++
	}
}

func BenchmarkRound(b *testing.B) {
	f := exampleRound(b, 2000, true)
	c := f.checker(b)
	for b.Loop() {
		if _, err := c.Round(b.Context(), f, audit.Actor{Kind: audit.System, Via: "job"}, testRound, 0, quality.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(f.submissions)), "interviews/op")
}
