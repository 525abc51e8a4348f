package waymark

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// law says which of our packages a package may import: a line "a < b" lets b
// (and what is below it by prefix) import a. A package imports nothing of ours
// unless a line here lets it. The form follows the standard library's own
// dependency test.
const law = `
internal/durable, internal/fault, internal/ids, internal/lang, internal/pattern, internal/xmltext < *
stats/table/dta, stats/table/sav < stats/table
stats/table < stats/survey
stats/table, stats/survey < stats/impute
stats/table < stats/survey/condition
stats/table, stats/survey, stats/survey/condition, stats/impute < stats/survey/analysis
stats/table, stats/survey, stats/survey/analysis < stats/survey/spec, stats/survey/analysis/listing
stats/table < monitoring/instrument
stats/table, stats/survey, monitoring/instrument < monitoring
stats/table, monitoring/instrument < monitoring/quality
stats/table, monitoring/instrument < monitoring/example
stats/table, stats/survey, monitoring/instrument, monitoring, monitoring/brief/figure < monitoring/brief
monitoring/brief/figure/atlas < monitoring/brief/figure
monitoring/brief/figure/atlas < monitoring/brief/figure/atlas/generate
stats/table, monitoring/instrument, monitoring/example < bench/generate
stats/table, stats/survey < bench/tables, bench/logistic
forms/xpath < forms/xform
forms/xlsform/workbook < forms/xlsform/definition
forms/xpath, forms/xlsform/workbook, forms/xlsform/definition < forms/xlsform
forms/xpath, forms/xform < forms/outline
forms/outline < forms/preview, forms/codebook, forms/compare
forms/xpath, forms/xform, forms/xlsform, forms/xlsform/workbook, forms/fill, monitoring/instrument < forms/enginetest
forms/xpath, forms/xform < forms/preview, forms/codebook, forms/compare, forms/fill
forms/xpath, forms/xform, forms/xlsform, forms/xlsform/workbook, forms/xlsform/definition < forms/lint
forms/xpath, forms/xform, forms/outline < forms/record
forms/xlsform/workbook < monitoring/instrument
trust/access, trust/audit, trust/vault < trust/account
trust/access, trust/audit, trust/account < trust/account/accounttest
trust/account/accounttest < trust/account, web/signin, web/people
web/assets < web/signin, web/people
trust/vault < trust/vault/transit
trust/audit < monitoring/collection
referral/rule < referral/clock
trust/audit, referral/rule, referral/clock < referral
trust/audit, referral, referral/rule, referral/referraltest < referral/handover
trust/audit, referral, referral/rule, referral/handover < referral/handover/handovertest
referral/handover, referral/handover/handovertest < web/refer
referral, referral/rule, referral/handover, referral/handover/handovertest, referral/handover/post, store/storetest, trust/access, trust/account, web/matter, web/page, web/page/pagetest, web/refer < web/refer/storedtest
referral/handover/handovertest, referral/handover < referral/handover, referral/handover/storedtest, referral/handover/post
store, store/storetest, referral, referral/handover/handovertest < referral/handover/storedtest
referral < store, store/storetest, store/backup
referral/referraltest < store, store/storetest
referral/referraltest < referral, referral/demo
referral/demo < web/casework
referral, referral/rule, trust/audit < referral/demo
referral, trust/access, trust/account, trust/account/accounttest, trust/audit, monitoring/collection < referral/referraltest
referral, referral/rule, referral/clock, referral/referraltest, trust/access, trust/account, trust/audit, monitoring/collection, web/page, web/page/pagetest, web/assets, web/webtest < web/matter
web/matter, referral, referral/rule, referral/clock, referral/referraltest, trust/access, trust/account, trust/audit, monitoring/collection, web/page, web/page/pagetest, web/assets, web/webtest < web/concern, web/desk, web/casework, web/refer
web, web/page, web/page/pagetest, web/webtest, web/matter, web/concern, web/desk, web/refer, referral, referral/rule, store, store/storetest, monitoring/collection, trust/access, trust/account, trust/audit, forms/openrosa < web/desk/walktest
monitoring/collection, trust/audit < monitoring/collection/collectiontest
monitoring/collection, forms/xpath, forms/xform, forms/xlsform, forms/xlsform/workbook, forms/xlsform/definition, forms/lint, forms/compare, forms/outline, monitoring/instrument < monitoring/collection/draft
monitoring/collection, forms/xpath, forms/xform, forms/outline, forms/lint, monitoring/instrument < monitoring/collection/record
monitoring/collection, trust/audit, forms/xpath, forms/xform, forms/outline, forms/record, forms/xlsform, forms/xlsform/workbook, monitoring/instrument, monitoring/quality, stats/table < monitoring/collection/arrival
monitoring/collection, trust/audit, forms/xform, forms/xlsform, monitoring/collection/draft, monitoring/example, monitoring/instrument, stats/table < monitoring/collection/demo
monitoring/collection/record < monitoring/collection/arrival, monitoring/collection/export
monitoring/collection, trust/audit, forms/xpath, forms/xform, forms/outline, forms/record, monitoring/instrument, stats/table < monitoring/collection/export
trust/access, trust/account, trust/audit, trust/vault, monitoring/collection < store, store/storetest, store/file
referral < store, store/storetest, store/backup
store, store/file < store/storetest
store/file < store
store/file/filetest < store, store/file
store/storetest < store
store, store/file, store/storetest, monitoring/collection, trust/account, trust/audit, trust/vault < store/backup
monitoring/collection, trust/audit, forms/xform, forms/xpath, forms/openrosa/sealed < forms/openrosa
forms/openrosa/sealed/sealtest < forms/openrosa/sealed, forms/openrosa
forms/openrosa/phonetest < forms/openrosa, web, web/webtest
forms/openrosa, forms/openrosa/phonetest, monitoring/collection, store, store/storetest < forms/openrosa/protocoltest
web/assets, trust/access, trust/account, trust/audit, trust/vault, monitoring/collection < web/page
web/page, trust/access, trust/account, monitoring/collection < web/page/pagetest
web/page/pagetest, web/webtest < web/page
web/page, web/page/pagetest, web/assets, web/webtest, trust/access, trust/account, trust/audit, trust/vault, monitoring/collection, monitoring/collection/collectiontest < web/home, web/signin, web/people, web/programme, web/form, web/enumerator, web/retention, web/review, web/audit, web/system
web/page, web/page/pagetest, web/assets, web/webtest, web/home, trust/access, trust/account, monitoring/collection < web
web/page, web/page/pagetest, web/assets, trust/access < web/fill
web, web/page, web/page/pagetest, web/webtest, web/fill, trust/access, trust/account, forms/openrosa, forms/openrosa/sealed, forms/xform, forms/xlsform, monitoring/collection, monitoring/instrument, store, store/storetest < web/fill/filltest
monitoring/instrument, monitoring/brief/figure < web/programme
web, web/page, web/page/pagetest, web/webtest, web/programme, web/form, web/enumerator, web/fill, web/retention, trust/access, trust/account, trust/audit, forms/openrosa, forms/openrosa/phonetest, forms/openrosa/sealed, store, store/storetest < web/setuptest
forms/xform, monitoring/collection/record, monitoring/instrument, monitoring/quality, monitoring/brief/figure < web/review
web/review, web/page, web/page/pagetest, store, store/storetest, monitoring/collection, trust/access, trust/account, trust/audit < web/review/storedtest
monitoring/collection/draft, monitoring/instrument, forms/preview, forms/compare, forms/lint, forms/xform < web/form
`

// edges may import what opens the network or a database.
var edges = []string{"cmd/waymark", "store", "forms/openrosa", "web", "trust/vault/transit", "referral/handover/post"}

// barred from everything that is not an edge.
var barred = []string{"net/http", "database/sql"}

func allowed() map[string]map[string]bool {
	may := map[string]map[string]bool{}
	for line := range strings.Lines(law) {
		lower, upper, ok := strings.Cut(strings.TrimSpace(line), " < ")
		if !ok {
			continue
		}
		for _, u := range strings.Split(upper, ", ") {
			if may[u] == nil {
				may[u] = map[string]bool{}
			}
			for _, l := range strings.Split(lower, ", ") {
				may[u][l] = true
			}
		}
	}
	return may
}

func TestImportLaw(t *testing.T) {
	may := allowed()
	seen := 0
	eachPackage(t, func(dir string, files []string) {
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range f.Imports {
				path := strings.Trim(spec.Path.Value, `"`)
				ours, isOurs := strings.CutPrefix(path, "waymark/")
				switch {
				case !isOurs:
					for _, b := range barred {
						if path == b && !hasAny(dir, edges) {
							t.Errorf("%s imports %s, which only the edges may: %v", file, path, edges)
						}
					}
				case dir == "cmd/waymark":
				case strings.HasSuffix(file, "_test.go"):
					// A test may use what its package may, and the example round.
					if !may[dir][ours] && !may["*"][ours] && ours != dir && ours != "monitoring/example" && ours != "monitoring/collection/demo" {
						t.Errorf("%s imports %s: add a line to the law or move the code", file, ours)
					}
				case !may[dir][ours] && !may["*"][ours]:
					t.Errorf("%s imports %s: add a line to the law or move the code", file, ours)
				}
				seen++
			}
		}
	})
	if seen < 50 {
		t.Fatalf("only %d imports were looked at", seen)
	}
}

func TestEveryPackageHasItsComment(t *testing.T) {
	eachPackage(t, func(dir string, files []string) {
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if f.Doc != nil && (strings.HasPrefix(f.Doc.Text(), "Package ") || strings.HasPrefix(f.Doc.Text(), "Command ")) {
				return
			}
		}
		t.Errorf("%s has no package comment that says what it holds and what it must not know", dir)
	})
}

// TestArchitectureNamesEveryRoom: the page that newcomers read must not fall behind. The
// rows of "bench" and of what only tests use stand for several folders.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	page, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]int{}
	for line := range strings.Lines(string(page)) {
		if rest, ok := strings.CutPrefix(line, "| `"); ok {
			name, _, _ := strings.Cut(rest, "`")
			rooms[name]++
		}
	}
	for name, rows := range rooms {
		if rows > 1 {
			t.Errorf("docs/architecture.md has %d rows for %s", rows, name)
		}
	}
	eachPackage(t, func(dir string, _ []string) {
		if rooms[dir] == 0 && !strings.HasPrefix(dir, "bench/") && !strings.HasSuffix(dir, "test") {
			t.Errorf("docs/architecture.md has no row for %s: say what it holds and what it must not know", dir)
		}
	})
}

func TestRootStaysReadable(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	folders := 0
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "out" && e.Name() != "bin" {
			folders++
		}
	}
	if folders > 16 {
		t.Errorf("%d folders at the root; sixteen is the most", folders)
	}
}

// eachPackage calls do for every folder of tracked Go files, relative to the root.
func eachPackage(t *testing.T, do func(dir string, files []string)) {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.go").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v (the test needs a git checkout)", err)
	}
	byDir := map[string][]string{}
	var order []string
	for _, file := range strings.Fields(string(out)) {
		dir := filepath.ToSlash(filepath.Dir(file))
		if dir == "." {
			continue
		}
		if byDir[dir] == nil {
			order = append(order, dir)
		}
		byDir[dir] = append(byDir[dir], file)
	}
	for _, dir := range order {
		do(dir, byDir[dir])
	}
}

func hasAny(dir string, prefixes []string) bool {
	for _, p := range prefixes {
		if dir == p || strings.HasPrefix(dir, p+"/") {
			return true
		}
	}
	return false
}
