package rule

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the golden files of this package")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from what is now; read the difference, then run with -update\n%s", path, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwas %s\nnow %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines were, %d are", len(w), len(g))
}

func pathways(t testing.TB) map[string]*Pathway {
	t.Helper()
	all, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 {
		t.Fatalf("%d built-in pathways", len(all))
	}
	return all
}

func uk(t testing.TB) *Pathway { return pathways(t)["uk"] }

// files are the files of a built-in pathway, to be changed by a test.
func files(t testing.TB, id string) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	names, err := fs.Glob(builtin, "pathway/"+id+"/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files of %s: %v", id, err)
	}
	for _, name := range names {
		data, err := builtin.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	return m
}

func TestBuiltinPathwaysComeBackFromTheirBundle(t *testing.T) {
	for id, p := range pathways(t) {
		again, err := Parse(p.Bundle())
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if again.Version != p.Version || again.ID != p.ID || !bytes.Equal(again.Bundle(), p.Bundle()) {
			t.Errorf("%s: the bundle reads as %s %s", id, again.ID, again.Version)
		}
	}
}

func TestVersionFollowsTheFiles(t *testing.T) {
	m := files(t, "it")
	first, err := Load(m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(first.Version, "0.1+") || len(first.Version) != len("0.1+")+12 {
		t.Errorf("version %s", first.Version)
	}
	windows := fstest.MapFS{}
	for name, f := range m {
		windows[name] = &fstest.MapFile{Data: bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))}
	}
	same, err := Load(windows)
	if err != nil {
		t.Fatal(err)
	}
	if same.Version != first.Version {
		t.Error("line ends change the version")
	}
	m["advice.yaml"].Data = append(m["advice.yaml"].Data, "# a remark\n"...)
	other, err := Load(m)
	if err != nil {
		t.Fatal(err)
	}
	if other.Version == first.Version {
		t.Error("two different folders have one version")
	}
	bundle := first.Bundle()
	bundle[0] ^= 1
	if !bytes.Equal(first.Bundle(), same.Bundle()) {
		t.Error("who changes a bundle changes the pathway")
	}
}

func TestALocalFolderMayReplaceTheBuiltin(t *testing.T) {
	dir := t.TempDir()
	for name, f := range files(t, "uk") {
		data := bytes.Replace(f.Data, []byte("count: 120\n"), []byte("count: 30\n"), 1)
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != "uk" || p.Version == uk(t).Version {
		t.Errorf("%s %s", p.ID, p.Version)
	}
	for _, c := range p.Clocks {
		if c.ID == "concern-seen" && c.Count != 30 {
			t.Errorf("the local count is %d", c.Count)
		}
	}
	if _, err := Load(os.DirFS(t.TempDir())); err == nil {
		t.Error("an empty folder is a pathway")
	}
}

// TestRulesAndTheirCitations keeps the list of all rules, so that a change of
// what is verified, in force or cited is seen in review.
func TestRulesAndTheirCitations(t *testing.T) {
	for id, p := range pathways(t) {
		var b strings.Builder
		for _, r := range p.Rules() {
			if r.Cite.Authority == "" || r.Cite.Section == "" {
				t.Errorf("%s: the rule %s cites nothing", id, r.ID)
			}
			mark := func(d Date, none string) string {
				if d.IsZero() {
					return none
				}
				return d.String()
			}
			nations := "all"
			if len(r.Nations) > 0 {
				nations = strings.Join(r.Nations, "+")
			}
			fmt.Fprintf(&b, "%-40s %-16s from %-10s until %-10s %-12s %-30s %s\n", r.ID, r.Cite.Authority,
				mark(r.From, "unknown"), mark(r.Until, "-"), mark(r.Verified, "NOT VERIFIED"), nations, r.Cite.Section)
		}
		for _, o := range p.Organisations {
			fmt.Fprintf(&b, "%-40s kind %-28s may refer %-5t must notify %t\n", o.ID, o.Kind, o.Refer, o.Notify)
		}
		golden(t, id+".txt", b.String())
	}
}

func TestNothingUncertainIsVerified(t *testing.T) {
	p := uk(t)
	if len(p.Unverified()) == 0 || len(p.Unverified()) == len(p.Rules()) {
		t.Fatalf("%d of %d rules are not verified", len(p.Unverified()), len(p.Rules()))
	}
	for _, r := range p.Rules() {
		if r.Doubt != "" && !r.Verified.IsZero() && !strings.HasPrefix(r.Doubt, "Only ") {
			t.Errorf("%s is verified and in doubt", r.ID)
		}
	}
	for _, r := range pathways(t)["it"].Rules() {
		if !r.Verified.IsZero() {
			t.Errorf("the illustrative rule %s is verified", r.ID)
		}
	}
	if !pathways(t)["it"].Illustrative || p.Illustrative {
		t.Error("only Italy is illustrative")
	}
}

func TestEveryTextIsInEveryLanguage(t *testing.T) {
	for id, p := range pathways(t) {
		for _, f := range []*Form{p.Concern, p.Referral} {
			for _, q := range f.Questions() {
				for _, language := range p.Languages {
					if q.Text[language] == "" {
						t.Errorf("%s: %s has no text in %s", id, q.ID, language)
					}
					for _, o := range q.Options {
						if o.Text[language] == "" {
							t.Errorf("%s: the option %s of %s has no text in %s", id, o.Value, q.ID, language)
						}
					}
				}
			}
		}
	}
}

func TestIndicatorsSayWhatElseTheyMayMean(t *testing.T) {
	p := uk(t)
	themes := map[string]int{}
	for _, i := range p.Indicators {
		themes[i.Theme]++
		if len(strings.Fields(i.Also.String())) < 3 || len(strings.Fields(i.Explain.String())) < 3 {
			t.Errorf("%s is not explained", i.ID)
		}
		for _, text := range []Text{i.Text, i.Explain, i.Also} {
			if words := len(strings.Fields(text.String())); words > 25 {
				t.Errorf("%s: a sentence of %d words", i.ID, words)
			}
		}
	}
	for _, theme := range p.Themes {
		if themes[theme.ID] < 5 {
			t.Errorf("%d indicators of %s", themes[theme.ID], theme.ID)
		}
	}
}

func TestWhoMayReferAndWhoMustNotify(t *testing.T) {
	p := uk(t)
	for _, c := range []struct {
		who, nation   string
		refer, notify bool
	}{
		{"police", "england-wales", true, true},
		{"police", "scotland", true, false},
		{"police", "northern-ireland", true, false},
		{"british-transport-police", "england-wales", true, true},
		{"national-crime-agency", "england-wales", true, true},
		{"national-crime-agency", "scotland", true, false},
		{"local-authority", "england-wales", true, true},
		{"local-authority", "scotland", true, false},
		{"health-social-care-trust", "northern-ireland", true, false},
		{"health-social-care-trust", "england-wales", false, false},
		{"labour-abuse-authority", "england-wales", true, true},
		{"border-force", "england-wales", true, false},
		{"immigration-enforcement", "scotland", true, false},
		{"asylum-unit", "england-wales", true, false},
		{"salvation-army", "england-wales", true, false},
		{"charity-first-responder", "england-wales", true, false},
		{"tara", "england-wales", false, false},
		{"fire-and-rescue", "england-wales", false, false},
		{"trading-standards", "england-wales", false, false},
		{"health", "scotland", false, false},
		{"nobody", "england-wales", false, false},
		{"", "england-wales", false, false},
	} {
		if p.MayRefer(c.who, c.nation) != c.refer || p.MustNotify(c.who, c.nation) != c.notify {
			t.Errorf("%s in %s: may refer %t, must notify %t", c.who, c.nation, !c.refer, !c.notify)
		}
	}
	for _, o := range p.Organisations {
		if o.Notify && !slices.Equal(o.Nations, []string{"england-wales"}) {
			t.Errorf("%s must notify outside England and Wales", o.ID)
		}
	}
}
