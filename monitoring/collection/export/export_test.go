package export

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/demo"
	"waymark/stats/table"
	"waymark/trust/audit"
)

// fake is a store of documents of one form.
type fake struct {
	versions  []*collection.Version
	documents [][]byte
	version   []int
	each      func(use func(*collection.Submission, *collection.Revision) error) error
	purpose   string
}

func (f *fake) Form(context.Context, ids.ID) (*collection.Form, error) {
	return &collection.Form{ID: 2, Round: 1, FormID: "fms-2016"}, nil
}

func (f *fake) Version(_ context.Context, id ids.ID) (*collection.Version, error) {
	return f.versions[id-10], nil
}

func (f *fake) ListVersions(context.Context, ids.ID) ([]*collection.Version, error) {
	return f.versions, nil
}

func (f *fake) ListEnumerators(context.Context, ids.ID) ([]*collection.FieldEnumerator, error) {
	return []*collection.FieldEnumerator{{ID: 7, Code: "E07"}}, nil
}

var received = time.Date(2016, 10, 6, 12, 30, 0, 0, time.UTC)

func (f *fake) EachAnswers(_ context.Context, _ audit.Actor, purpose string, _ collection.Filter, use func(*collection.Submission, *collection.Revision) error) error {
	f.purpose = purpose
	if f.each != nil {
		return f.each(use)
	}
	for i, d := range f.documents {
		v := 0
		if f.version != nil {
			v = f.version[i]
		}
		s := &collection.Submission{ID: ids.ID(1000 + i), Round: 1, Form: 2, Version: f.versions[v].ID, Received: received, Enumerator: 7, State: collection.Approved}
		if err := use(s, &collection.Revision{Submission: s.ID, Version: s.Version, XML: d}); err != nil {
			return err
		}
	}
	return nil
}

func (f *fake) add(t testing.TB, xform string) {
	t.Helper()
	n := len(f.versions)
	f.versions = append(f.versions, &collection.Version{ID: ids.ID(10 + n), Form: 2, Version: fmt.Sprint(n + 1), XForm: []byte(xform), Published: time.Unix(int64(n+1), 0)})
}

func token(_ ids.ID, value []byte) ([]byte, error) {
	h := hmac.New(sha256.New, []byte("key"))
	h.Write(value)
	return h.Sum(nil), nil
}

func (f *fake) write(t testing.TB, opt Options) ([]byte, *Summary) {
	t.Helper()
	e, err := Prepare(t.Context(), f, audit.Actor{}, collection.Filter{Round: 1, Form: 2}, opt)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	sum, err := e.Write(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), sum
}

const shell = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model><instance><data id="f" version="%s">%s<meta><instanceID/><instanceName/></meta></data></instance>%s<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head><h:body>%s</h:body></h:html>`

// trips is a form with a text, a number, a date, selects and a repeat.
func trips(version, more string) string {
	return fmt.Sprintf(shell, version, `<note_text/><age/><day/><sex/><means/><phone/><place/><trip jr:template=""><to/><kind/></trip>`+more,
		`<bind nodeset="/data/age" type="int"/><bind nodeset="/data/day" type="date"/><bind nodeset="/data/phone" type="int"/><bind nodeset="/data/place" type="geopoint"/>`,
		`<input ref="/data/note_text"><label>Note</label></input><input ref="/data/age"><label>Age</label></input><input ref="/data/day"><label>Day</label></input>
<select1 ref="/data/sex"><label>Sex</label><item><label>Female</label><value>f</value></item><item><label>Male</label><value>m</value></item></select1>
<select ref="/data/means"><label>Means</label><item><label>On foot</label><value>foot</value></item><item><label>Boat</label><value>boat</value></item></select>
<input ref="/data/phone"><label>Telephone number</label></input><input ref="/data/place"><label>Place</label></input>
<group ref="/data/trip"><label>Trip</label><repeat nodeset="/data/trip"><input ref="/data/trip/to"><label>To</label></input><select1 ref="/data/trip/kind"><label>Kind</label><item><label>Land</label><value>land</value></item></select1></repeat></group>`)
}

func document(id, note string) []byte {
	return []byte(`<data id="f" version="1"><note_text>` + escaped(note) + `</note_text><age>31</age><day>2016-10-06</day><sex>f</sex><means>foot boat</means><phone>44123456</phone><place>-33.9 18.4 0 5</place><trip><to>A</to><kind>land</kind></trip><trip><to>B</to><kind>typed</kind></trip><meta><instanceID>uuid:` + id + `</instanceID></meta></data>`)
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "\r", "&#13;", "\t", "&#9;").Replace(s)
}

// unzipped are the files of a zip as tables.
func unzipped(t *testing.T, data []byte) map[string][][]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), bom))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = rows
	}
	return all
}

func TestCSVWithRepeatsIsAZipOfTables(t *testing.T) {
	f := &fake{}
	f.add(t, trips("1", ""))
	f.documents = [][]byte{document("1", "plain"), document("2", "=1+1")}
	data, sum := f.write(t, Options{Format: CSV, Split: true})
	files := unzipped(t, data)
	main, trip := files["submissions.csv"], files["trip.csv"]
	if got := strings.Join(main[0], " "); got != "note_text age day sex means means/foot means/boat phone place meta/instanceName _id _uuid _submission_time _submitted_by _validation_status __version__ _index" {
		t.Errorf("header %s", got)
	}
	if got := strings.Join(main[2], "|"); got != "'=1+1|31|2016-10-06|f|foot boat|1|1|44123456|'-33.9 18.4 0 5||"+ids.ID(1001).String()+"|2|2016-10-06T12:30:00Z|E07|approved|1|2" {
		t.Errorf("row %s", got)
	}
	if got := fmt.Sprint(trip[0], trip[4]); got != "[to kind _index _parent_table_name _parent_index _submission__uuid] [B typed 4 submissions 2 2]" {
		t.Errorf("repeat %s", got)
	}
	if sum.Rows != 2 || sum.Left != 0 || !slices.Equal(sum.Tables, []string{"trip"}) || f.purpose != "export" {
		t.Errorf("summary %+v, purpose %q", sum, f.purpose)
	}
	data, _ = f.write(t, Options{Format: CSV, Labels: "default"})
	main = unzipped(t, data)["submissions.csv"]
	if got := strings.Join(main[0][:6], " ") + "|" + strings.Join(main[1][:6], " "); got != "Note Age Day Sex Means Telephone number|plain 31 2016-10-06 Female On foot; Boat 44123456" {
		t.Errorf("labels %s", got)
	}
}

// Labels are in the language asked for; where the form lacks it, in its own.
func TestLabelsInALanguage(t *testing.T) {
	f := &fake{}
	f.add(t, fmt.Sprintf(shell, "1", `<sex/>`, `<itext><translation lang="English (en)" default="true()"><text id="q"><value>Sex</value></text><text id="f"><value>Female</value></text></translation>`+
		`<translation lang="French (fr)"><text id="q"><value>Sexe</value></text><text id="f"><value>Femme</value></text></translation></itext>`,
		`<select1 ref="/data/sex"><label ref="jr:itext('q')"/><item><label ref="jr:itext('f')"/><value>f</value></item></select1>`))
	f.documents = [][]byte{[]byte(`<data id="f" version="1"><sex>f</sex><meta><instanceID>uuid:1</instanceID></meta></data>`)}
	for language, want := range map[string]string{"": "sex f", "default": "Sex Female", "English (en)": "Sex Female", "French (fr)": "Sexe Femme", "Italian (it)": "Sex Female"} {
		data, _ := f.write(t, Options{Format: CSV, Labels: language})
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), bom))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[0][0] + " " + rows[1][0]; got != want {
			t.Errorf("%q: %s", language, got)
		}
	}
}

func TestPseudonymousHoldsCodesNumbersAndDates(t *testing.T) {
	f := &fake{}
	f.add(t, trips("1", ""))
	d := document("1", "Secret Name")
	f.documents = [][]byte{d, []byte(strings.NewReplacer("<sex>f</sex>", "<sex>Secret Code</sex>", "<age>31</age>", "<age>Secret Age</age>", "<day>2016-10-06</day>", "<day>Secret Day</day>").Replace(string(d)))}
	data, sum := f.write(t, Options{Format: CSV, Pseudonymous: true, Token: token})
	files := unzipped(t, data)
	main := files["submissions.csv"]
	if got := strings.Join(main[0], " "); got != "age day sex means _uuid _submission_time _submitted_by __version__ _index" {
		t.Errorf("header %s", got)
	}
	if got := strings.Join(main[1], "|"); !strings.HasPrefix(got, "31|2016-10-06|f|foot boat|id-") || !strings.Contains(got, "|2016-10-06|enumerator-") || strings.Contains(got, "E07") {
		t.Errorf("row %s", got)
	}
	if got := strings.Join(main[2][:4], "|"); got != "|||foot boat" {
		t.Errorf("answers that are no codes: %s", got)
	}
	if main[1][4] != main[2][4] {
		t.Error("the same identifier has two pseudonyms")
	}
	if got := fmt.Sprint(files["trip.csv"][0], files["trip.csv"][2]); !strings.HasPrefix(got, "[kind _index _parent_table_name _parent_index _submission__uuid] [ 2 submissions 1 id-") {
		t.Errorf("repeat %s", got)
	}
	if bytes.Contains(data, []byte("Secret")) || !slices.Equal(sum.LeftOut, []string{"note_text", "phone", "place", "meta/instanceName", "trip/to"}) {
		t.Errorf("left out %q", sum.LeftOut)
	}
	for name, rows := range files {
		for _, secret := range []string{"Secret", "44123456", "33.9", "uuid:1"} {
			if strings.Contains(fmt.Sprint(rows), secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	if _, err := Prepare(t.Context(), f, audit.Actor{}, collection.Filter{Round: 1, Form: 2}, Options{Format: CSV, Pseudonymous: true}); err == nil {
		t.Error("pseudonyms were made without a key")
	}
}

// Every place that someone can type into is harmless in a spreadsheet.
func TestNoCellIsAFormula(t *testing.T) {
	f := &fake{}
	f.add(t, trips("1", ""))
	for _, evil := range []string{"=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "'=1", "=HYPERLINK(\"http://example.org\",\"x\")"} {
		d := strings.NewReplacer("plain", escaped(evil), "<sex>f</sex>", "<sex>=1</sex>", "<age>31</age>", "<age>=31</age>",
			"<day>2016-10-06</day>", "<day>=NOW()</day>", "<to>A</to>", "<to>@A</to>", "foot boat", "=foot", "uuid:1", "=id").Replace(string(document("1", "plain")))
		f.documents = append(f.documents, []byte(d))
	}
	data, _ := f.write(t, Options{Format: CSV, Split: true})
	for name, rows := range unzipped(t, data) {
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.IndexByte(formulaStarts, cell[0]) >= 0 {
					t.Errorf("%s: the cell %q is a formula", name, cell)
				}
			}
		}
	}
	data, _ = f.write(t, Options{Format: XLSX})
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := book.GetCellFormula(sheet, cell); formula != "" {
					t.Errorf("%s!%s is the formula %q", sheet, cell, formula)
				}
			}
		}
	}
}

func TestXLSXIsTyped(t *testing.T) {
	f := &fake{}
	f.add(t, trips("1", ""))
	f.documents = [][]byte{document("1", "a & b <c>\n\x7f"+strings.Repeat("é", 40_000)), document("2", "")}
	data, _ := f.write(t, Options{Format: XLSX})
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got := book.GetSheetList(); !slices.Equal(got, []string{"submissions", "trip"}) {
		t.Errorf("sheets %q", got)
	}
	rows, err := book.GetRows("submissions")
	if err != nil || len(rows) != 3 || rows[1][1] != "31" || rows[1][2] != "2016-10-06" || !strings.HasPrefix(rows[1][0], "a & b <c>\n") || rows[2][3] != "f" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if kind, _ := book.GetCellType("submissions", "B2"); kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		t.Errorf("the age is of type %v", kind)
	}
	if kind, _ := book.GetCellType("submissions", "A2"); kind != excelize.CellTypeInlineString {
		t.Errorf("the note is of type %v", kind)
	}
	trip, err := book.GetRows("trip")
	if err != nil || len(trip) != 5 || trip[4][4] != "2" {
		t.Errorf("trips %q, %v", trip, err)
	}
	// Our own reader reads it too.
	result, err := table.ReadFrom(t.Context(), bytes.NewReader(data), int64(len(data)), "e.xlsx", table.Options{})
	if err != nil || result.Table.Rows() != 2 || result.Table.Number("age") == nil {
		t.Errorf("our reader: %v", err)
	}
}

// Stata and SPSS have codes with labels and the questions as labels; our own
// reader gives the answers that the CSV has.
func TestStataAndSPSSHaveLabels(t *testing.T) {
	f := &fake{}
	f.add(t, trips("1", ""))
	f.documents = [][]byte{document("1", "plain"), document("2", "")}
	for _, format := range []Format{Stata, SPSS} {
		data, sum := f.write(t, Options{Format: format, Labels: "default"})
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil || len(z.File) != 2 || z.File[0].Name != "submissions."+string(format) || sum.Rows != 2 {
			t.Fatalf("%s: %v", format, err)
		}
		read := func(n int) *table.Result {
			file, err := z.File[n].Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := table.ReadFrom(t.Context(), bytes.NewReader(content), int64(len(content)), z.File[n].Name, table.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := read(0)
		var row []string
		for _, c := range r.Table.Columns() {
			row = append(row, c.Text(1))
		}
		if got := strings.Join(r.Source.Columns, " "); got != "note_text age day sex means means/foot means/boat phone place meta/instanceName _id _uuid _submission_time _submitted_by _validation_status __version__ _index" {
			t.Errorf("%s: columns %s", format, got)
		}
		if got := strings.Join(row, "|"); got != "|31|2016-10-06|f|foot boat|1|1|44123456|-33.9 18.4 0 5||"+ids.ID(1001).String()+"|2|2016-10-06T12:30:00Z|E07|approved|1|2" {
			t.Errorf("%s: row %s", format, got)
		}
		if r.Labels["sex"] != "Sex" || r.Labels["means/foot"] != "Means: On foot" {
			t.Errorf("%s: labels %q", format, r.Labels)
		}
		if c := r.Table.Category("sex"); c == nil || c.Levels[c.Level(1)] != (table.Level{Code: "f", Label: "Female"}) {
			t.Errorf("%s: the sex is %v", format, c)
		}
		if trip := read(1); trip.Table.Rows() != 4 || trip.Table.Column("_parent_index").Text(3) != "2" {
			t.Errorf("%s: %d trips", format, trip.Table.Rows())
		}
	}
}

func TestColumnsOfAllVersions(t *testing.T) {
	f := &fake{}
	f.add(t, trips("1", ""))
	f.add(t, strings.Replace(trips("2", "<added/>"), "<note_text/>", "", 1))
	f.versions[1].XForm = []byte(strings.ReplaceAll(string(f.versions[1].XForm), `<input ref="/data/note_text"><label>Note</label></input>`, ""))
	f.documents = [][]byte{document("1", "kept"), []byte(`<data id="f" version="2"><added>new</added><meta><instanceID>uuid:2</instanceID></meta></data>`), []byte("<data encrypted='yes'/>"), []byte("no xml")}
	f.version = []int{0, 1, 1, 1}
	data, sum := f.write(t, Options{Format: CSV})
	main := unzipped(t, data)["submissions.csv"]
	at := func(name string) int { return slices.Index(main[0], name) }
	if at("note_text") < 0 || at("added") < 0 || main[1][at("note_text")] != "kept" || main[2][at("added")] != "new" || main[2][at("__version__")] != "2" {
		t.Errorf("header %q, rows %q", main[0], main[1:])
	}
	if sum.Rows != 2 || sum.Left != 2 {
		t.Errorf("summary %+v", sum)
	}
}

// exampleStore streams interviews of the example round, over and over.
func exampleStore(t testing.TB, n int) *fake {
	t.Helper()
	f := &fake{}
	x, err := demo.XForm()
	if err != nil {
		t.Fatal(err)
	}
	f.add(t, string(x))
	var all [][]byte
	if err := demo.Interviews(500, 1, false, func(i *demo.Interview) error {
		all = append(all, i.XML)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	f.each = func(use func(*collection.Submission, *collection.Revision) error) error {
		for i := range n {
			s := &collection.Submission{ID: ids.ID(1000 + i), Version: 10, Received: received, Enumerator: 7, State: collection.Received}
			if err := use(s, &collection.Revision{Version: 10, XML: all[i%len(all)]}); err != nil {
				return err
			}
		}
		return nil
	}
	return f
}

// Memory does not grow with the number of submissions, and what is spooled to
// the disk is not readable.
func TestExportStreams(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if os.TempDir() != dir {
		dir = os.TempDir() // where the variable has another name
	}
	for _, format := range []Format{CSV, XLSX} {
		f := exampleStore(t, 6_000)
		var heap runtime.MemStats
		spooled := int64(0)
		e, err := Prepare(t.Context(), f, audit.Actor{}, collection.Filter{Round: 1, Form: 2}, Options{Format: format, Progress: func(done int) {
			if done < 5_000 {
				return
			}
			runtime.GC()
			runtime.ReadMemStats(&heap)
			files, err := filepath.Glob(filepath.Join(dir, "waymark-export-*"))
			if err != nil {
				t.Error(err)
			}
			for _, name := range files {
				content, err := os.ReadFile(name)
				if err != nil {
					continue // another test's
				}
				spooled = max(spooled, int64(len(content)))
				for _, plain := range []string{"bus_train", "Turkey", "1_7_days"} {
					if bytes.Contains(content, []byte(plain)) {
						t.Errorf("%s: %q stands in a temporary file", format, plain)
					}
				}
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		count := &counter{}
		sum, err := e.Write(t.Context(), count)
		if err != nil || sum.Rows != 6_000 || count.n == 0 {
			t.Fatalf("%+v, %v", sum, err)
		}
		if heap.HeapAlloc > 64<<20 {
			t.Errorf("%s: %d MiB are held", format, heap.HeapAlloc>>20)
		}
		if spooled == 0 {
			t.Errorf("%s: nothing was spooled, so that nothing was tested", format)
		}
		t.Logf("%s: %d KiB written, %d KiB held, %d KiB spooled", format, count.n>>10, heap.HeapAlloc>>10, spooled>>10)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "waymark-export-*")); len(left) > 0 && dir != os.TempDir() {
		t.Errorf("temporary files are left: %q", left)
	}
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) { c.n += int64(len(b)); return len(b), nil }

// KoboToolbox's exports of 132,000 submissions took over 30 minutes (kpi issue
// 1757), 73 rows a second.
func BenchmarkCSV(b *testing.B)  { benchmark(b, Options{Format: CSV}) }
func BenchmarkXLSX(b *testing.B) { benchmark(b, Options{Format: XLSX}) }
func BenchmarkPseudonymous(b *testing.B) {
	benchmark(b, Options{Format: CSV, Pseudonymous: true, Token: token})
}

func benchmark(b *testing.B, opt Options) {
	const n = 5000
	f := exampleStore(b, n)
	e, err := Prepare(b.Context(), f, audit.Actor{}, collection.Filter{Round: 1, Form: 2}, opt)
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	for b.Loop() {
		if _, err := e.Write(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
		rows += n
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
