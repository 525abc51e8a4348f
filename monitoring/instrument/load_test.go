package instrument

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xuri/excelize/v2"

	"waymark/internal/fault"
	"waymark/stats/table"
)

func TestBuiltin(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		if "TestBuiltin/"+in.ID != t.Name() {
			t.Errorf("the folder of %s has the id %s", t.Name(), in.ID)
		}
		if len(in.Indicators) < 8 || len(in.Exclusions) != 3 || len(in.Groups) != 13 || len(in.Roles) != 15 {
			t.Errorf("%d indicators, %d exclusions, %d groups, %d roles", len(in.Indicators), len(in.Exclusions), len(in.Groups), len(in.Roles))
		}
	})
}

// copyBuiltin writes a built-in instrument to a folder.
func copyBuiltin(t *testing.T, id string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), id)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{surveyFile, choicesFile, settingsFile, definition} {
		data, err := embedded.ReadFile(id + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestFolderArchiveAndBuiltinAreOne: the same files are the same instrument
// with the same sum, wherever they lie; other files in the folder do not count.
func TestFolderArchiveAndBuiltinAreOne(t *testing.T) {
	want := mustLoad(t, "fms-2016")
	dir := copyBuiltin(t, "fms-2016")
	if err := os.WriteFile(filepath.Join(dir, "README.txt"), []byte("notes"), 0o644); err != nil {
		t.Fatal(err)
	}
	a := &txtar.Archive{}
	for _, name := range []string{definition, surveyFile, choicesFile, settingsFile} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		a.Files = append(a.Files, txtar.File{Name: "x/" + name, Data: data})
	}
	archive := filepath.Join(t.TempDir(), "x.txtar")
	if err := os.WriteFile(archive, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, dir + "/", archive} {
		in, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if in.SHA256 != want.SHA256 || in.ID != want.ID || len(in.SHA256) != 64 {
			t.Errorf("%s: id %s, sum %s, want %s", path, in.ID, in.SHA256, want.SHA256)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, settingsFile), []byte("form_id,version\nfms-2016,2016.2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	in, err := Load(dir)
	if err != nil || in.SHA256 == want.SHA256 {
		t.Errorf("another version has the same sum, or fails: %v", err)
	}
}

// writeWorkbook writes an XLSForm.
func writeWorkbook(t *testing.T, path string, sheets map[string][][]any) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(name, "A"+string(rune('1'+i)), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbook(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "form.xlsx")
	writeWorkbook(t, path, map[string][][]any{
		"Survey":  {{"Type", "Name", "label", "label::French (fr)"}, {"select one yn or_other", "ok", "All well?", "Tout va bien ?"}, {"begin repeat", "kids", "Children"}, {"int", "kid_age", "Age"}, {"end repeat"}},
		"choices": {{"list name", "name", "label"}, {"yn", 1, "Yes"}, {"yn", 0, "No"}},
	})
	in, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if in.ID != "form" || !slices.Equal(in.Languages, []string{"en", "fr"}) || len(in.Roles) != 0 {
		t.Errorf("id %s, languages %v, roles %v", in.ID, in.Languages, in.Roles)
	}
	q := in.Question("ok")
	if q.Kind != table.Category || q.Label["fr"] != "Tout va bien ?" || len(in.Lists["yn"]) != 3 || in.Lists["yn"][0].Name != "1" {
		t.Errorf("%+v, %+v", q, in.Lists)
	}
	if in.Question("ok_other") == nil || in.Question("kid_age").Repeat != "kids" {
		t.Error("or_other makes a question, and a repeat is remembered")
	}
	if b := mustBind(t, in, "ok"); slices.Contains(b.Missing, "kid_age") {
		t.Error("questions of a repeat are not in the main file and not missing")
	}

	// With instrument.yaml beside it, then with form.yaml, which is nearer.
	yaml := "id: other\ncitation: {authority: A, source: S, date: '2016'}\n"
	if err := os.WriteFile(filepath.Join(dir, definition), []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	if in, err = Load(path); err != nil || in.ID != "other" {
		t.Errorf("instrument.yaml is not read: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "form.yaml"), []byte(strings.Replace(yaml, "other", "near", 1)+"roles: {age: ag}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err = Load(path); err == nil || !strings.Contains(err.Error(), "role age") {
		t.Errorf("form.yaml is not read: %v", err)
	}
}

func TestWorkbookFaultsNameTheSheet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "form.xlsx")
	writeWorkbook(t, path, map[string][][]any{"survey": {{"type", "name"}, {"select_one nothing", "a"}}})
	_, err := Load(path)
	if err == nil || !strings.Contains(err.Error(), `sheet "survey", row 2, column 1`) {
		t.Errorf("the fault does not name the sheet: %v", err)
	}
}

// TestLoadRefuses has what is no instrument.
func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, says string
		kind       fault.Kind
	}{
		{"fms-2015", "did you mean fms-2016?", fault.NotFound},
		{"no/such/folder", "there is no instrument of this name", fault.NotFound},
		{empty, "survey.csv: the file is missing", fault.Invalid},
		{write("data.csv", []byte("a,b\n1,2\n")), "waymark instrument init", fault.Invalid},
		{write("bomb.xlsx", []byte("PK\x03\x04 not a workbook")), "cannot be read as a workbook", fault.Invalid},
		{write("empty.txtar", nil), "survey.csv: the file is missing", fault.Invalid},
		{write("twice.txtar", []byte("-- a/survey.csv --\n-- b/survey.csv --\n")), "two files of this name", fault.Invalid},
		{write("big.txtar", bytes.Repeat([]byte{'\n'}, maxFileBytes+1)), "has at most", fault.Invalid},
	} {
		_, err := Load(tt.name)
		if err == nil || !strings.Contains(err.Error(), tt.says) || fault.KindOf(err) != tt.kind {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
}

// BenchmarkLoad measures what every command pays before it begins.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("fms-2016"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBind measures a header of the form's questions.
func BenchmarkBind(b *testing.B) {
	in := mustLoad(b, "fms-2016")
	var h table.Header
	for _, q := range in.Questions {
		h.Names = append(h.Names, q.Group+"/"+q.Name)
	}
	for b.Loop() {
		if _, err := in.Bind(h); err != nil {
			b.Fatal(err)
		}
	}
}
