package instrument

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// shared finds a file of the reference data that lie beside the project. It
// skips where they are absent, and fails if CI=true.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is needed in CI: %v", path, err)
		}
		t.Skipf("%s is not beside the project", path)
	}
	return path
}

func mustDraft(t testing.TB, path string) (*Drafted, *Instrument) {
	t.Helper()
	d, err := Draft(context.Background(), path, DraftOptions{Date: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), d.ID)
	if err := d.WriteFolder(dir); err != nil {
		t.Fatal(err)
	}
	in, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d, in
}

// TestDraftDesign checks the guessed design of each file against the design
// that R's package survey is given for it in oracles/survey/make.R.
func TestDraftDesign(t *testing.T) {
	tests := []struct {
		file  string
		roles map[Role]string
	}{
		{"apistrat.csv", map[Role]string{RoleStrata: "stype", RoleWeights: "pw", RoleFPC: "fpc", RoleCluster: ""}},
		{"apisrs.csv", map[Role]string{RoleStrata: "", RoleWeights: "pw", RoleFPC: "fpc", RoleCluster: ""}},
		{"apiclus1.csv", map[Role]string{RoleStrata: "", RoleWeights: "pw", RoleFPC: "fpc", RoleCluster: "dnum"}},
		{"apiclus2.csv", map[Role]string{RoleStrata: "", RoleWeights: "pw", RoleFPC: "fpc1 fpc2", RoleCluster: "dnum snum"}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			d, in := mustDraft(t, shared(t, "oracles", "survey", tt.file))
			for role, want := range tt.roles {
				if got := in.Roles[role]; got != want {
					t.Errorf("role %s is %q, want %q\n%s", role, got, want, strings.Join(d.Guesses, "\n"))
				}
			}
		})
	}
}

func TestDraftOfSchools(t *testing.T) {
	path := shared(t, "oracles", "survey", "apistrat.csv")
	_, in := mustDraft(t, path)
	for name, kind := range map[string]table.Kind{"stype": table.Category, "sch.wide": table.Category, "awards": table.Category, "both": table.Category,
		"comp.imp": table.Category, "api00": table.Number, "pw": table.Number, "sname": table.Text, "dnum": table.Text} {
		if q := in.Question(name); q == nil || q.Kind != kind {
			t.Errorf("question %s: %+v, want kind %s", name, q, kind)
		}
	}
	if i := in.Indicator("sch.wide"); i == nil || i.Yes[0] != "Yes" || i.Citation.Authority != "drafted from the data file" {
		t.Errorf("indicator sch.wide: %+v", i)
	}
	if q := in.Question("sname"); !q.Identifying {
		t.Error("the names of schools are not marked")
	}
	res, err := table.Read(context.Background(), path, table.Options{Match: in.Match})
	if err != nil {
		t.Fatal(err)
	}
	// Counts as table(d$sch.wide) and table(d$stype) give them in R 4.2.2, with
	// d <- read.csv("apistrat.csv").
	for name, want := range map[string]map[string]int{"sch.wide": {"Yes": 152, "No": 48}, "stype": {"E": 100, "M": 50, "H": 50}} {
		got := map[string]int{}
		c := res.Table.Category(name)
		for row := range c.Len() {
			got[c.Text(row)]++
		}
		for level, n := range want {
			if got[level] != n {
				t.Errorf("%s = %s in %d rows, want %d", name, level, got[level], n)
			}
		}
	}
}

func TestDraftOfForms(t *testing.T) {
	for _, tt := range []struct {
		path      []string
		questions int
		languages string
	}{
		{[]string{"data", "xlsforms", "all-question-types-v2024091201-3.xlsx"}, 82, "en"},
		{[]string{"data", "xlsforms", "socio-economic-survey-v20240515.xlsx"}, 17, "en fr"},
		{[]string{"data", "htcds", "htcds_xlsform.xlsx"}, 34, "en"},
	} {
		t.Run(tt.path[len(tt.path)-1], func(t *testing.T) {
			path := shared(t, tt.path...)
			d, in := mustDraft(t, path)
			form, err := Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(in.Questions) != tt.questions || len(form.Questions) != tt.questions {
				t.Errorf("%d questions drafted, %d in the form, want %d", len(in.Questions), len(form.Questions), tt.questions)
			}
			if got := strings.Join(in.Languages, " "); got != tt.languages {
				t.Errorf("languages %q, want %q", got, tt.languages)
			}
			if diff := Diff(form, in); len(diff.Questions) > 0 {
				t.Errorf("questions changed: %+v", diff.Questions)
			}
			_ = d
		})
	}
}

// draftText drafts from a file with this content.
func draftText(t *testing.T, name, content string) (*Drafted, *Instrument) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return mustDraft(t, path)
}

func (d *Drafted) file(name string) string {
	for _, f := range d.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// TestDraftOfAnExport drafts from a synthetic export of a server.
func TestDraftOfAnExport(t *testing.T) {
	d, in := draftText(t, "round.csv", `start,profile/age,consent,gps,route_taken,routes,routes/A,routes/B,Any pain?,_uuid,_index
2016-07-01T10:00:00Z,-99,yes,45.1 7.2 0 5,AA BB,A B,1,1,Oui,u1,1
2016-07-01T11:00:00Z,20,no,45.1 7.3 0 5,AA,A,1,0,Non,u2,2
2016-07-02T10:00:00Z,31,yes,45.2 7.2 0 5,AA CC,B,0,1,Oui,u3,3
2016-07-02T11:00:00Z,45,yes,45.1 7.2 0 5,AA BB,A,1,0,Préfère ne pas répondre,u4,4
2016-07-03T10:00:00Z,31,no,45.2 7.2 0 5,AA CC,B,0,1,Oui,u5,5
2016-07-03T11:00:00Z,45,yes,45.1 7.2 0 5,AA,A,1,0,Préfère ne pas répondre,u6,6
`)
	for role, want := range map[Role]string{RoleID: ColumnID, RoleStart: "start", RoleAge: "age", RoleConsent: "consent", RoleLocation: "gps"} {
		if in.Roles[role] != want {
			t.Errorf("role %s is %q, want %q", role, in.Roles[role], want)
		}
	}
	if q := in.Question("gps"); q.Type != "geopoint" || !q.Identifying {
		t.Errorf("positions: %+v", q)
	}
	if in.Question("_index") != nil || in.Question("A") != nil {
		t.Error("a server's column or an option became a question")
	}
	if q := in.Question("Any_pain"); q == nil || q.Label["en"] != "Any pain?" {
		t.Errorf("the question behind %q is %+v", "Any pain?", q)
	}
	yaml := d.file(definition)
	for _, want := range []string{"age is -99 in 1 rows", "looks like consent", "exclusions: []", "_index (added by a server or a phone)"} {
		if !strings.Contains(strings.Join(strings.Fields(yaml), " "), want) {
			t.Errorf("the definition does not say %q:\n%s", want, yaml)
		}
	}
	if !strings.Contains(d.file(choicesFile), "Préfère ne pas répondre,refused") {
		t.Errorf("the reason is not marked:\n%s", d.file(choicesFile))
	}
}

// TestDraftDoesNotTakeAPersonsWeight: a column named weight whose values
// differ from row to row is not the sample's.
func TestDraftDoesNotTakeAPersonsWeight(t *testing.T) {
	d, in := draftText(t, "x.csv", "id,weight\na,61.5\nb,70.2\nc,55\nd,81.3\ne,64\nf,90.1\n")
	if in.Roles[RoleWeights] != "" || !strings.Contains(d.file(definition), "it may be a") {
		t.Errorf("weights: %q", in.Roles[RoleWeights])
	}
}

func TestWriteFolderRefuses(t *testing.T) {
	d, _ := draftText(t, "x.csv", "a\n1\n2\n")
	dir := t.TempDir()
	if err := d.WriteFolder(filepath.Join(dir, "deep", "new")); err != nil {
		t.Error(err)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := d.WriteFolder(empty); err != nil {
		t.Errorf("an empty folder is refused: %v", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{empty, file, dir} {
		if err := d.WriteFolder(path); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v", path, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".waymark-draft-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
