package enginetest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/forms/fill"
	"waymark/forms/xform"
	"waymark/forms/xlsform"
	"waymark/forms/xlsform/workbook"
	"waymark/forms/xpath"
	"waymark/monitoring/instrument"
)

// documents is how many documents of each form are filled on both sides.
const documents = 5

func TestSameAsEngine(t *testing.T) {
	e := start(t)
	for name, form := range forms(t) {
		t.Run(name, func(t *testing.T) {
			dice := fill.NewRandom(form, fill.RandomOptions{Seed: 11, Start: time.Now().Truncate(time.Second), Blank: 0.2})
			for i := range documents {
				filled, err := dice.Document(i)
				if err != nil {
					t.Fatalf("document %d: %v", i, err)
				}
				all := steps(filled)
				if done := compare(t, e, form, all, i); done != len(all) {
					t.Errorf("document %d: %d of %d answers could be given again", i, done, len(all))
				}
				compare(t, e, form, partly(all, i), i) // required answers are missing: the same ones
			}
		})
	}
}

// forms are the real ones, and our questionnaires.
func forms(t *testing.T) map[string]*xform.Form {
	t.Helper()
	shared := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(shared); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs the shared data")
	}
	all := map[string]*xform.Form{}
	files, err := filepath.Glob(filepath.Join(shared, "*", "*.xlsx"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%d forms found: %v", len(files), err)
	}
	for _, file := range files {
		book, err := workbook.ReadFile(file)
		all[filepath.Base(file)] = compiled(t, book, err)
	}
	for _, id := range instrument.Builtin() {
		book, err := instrument.XLSForm(id)
		all[id] = compiled(t, book, err)
	}
	data, err := os.ReadFile(filepath.Join(shared, "htcds", "htcds_xlsform.xml"))
	if err != nil {
		t.Fatal(err)
	}
	all["htcds_xlsform.xml"] = parsed(t, data)
	return all
}

func compiled(t *testing.T, book *workbook.Workbook, err error) *xform.Form {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	result, err := xlsform.Compile(book, xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, result.XForm)
}

func parsed(t *testing.T, data []byte) *xform.Form {
	t.Helper()
	form, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// steps are what a person does to come to a document: the answers in reading
// order, with the instances that they need.
func steps(s *xform.Session) []step {
	var list []step
	var visit func(n *xpath.Node)
	visit = func(n *xpath.Node) {
		d := s.Form().Nodes[n.Slot]
		if d.Repeat && d.Control != nil && d.Control.Count == "" && !strings.HasSuffix(s.Path(n), "[1]") {
			path := s.Path(n)
			list = append(list, step{Path: path[:strings.LastIndex(path, "[")], Add: 1})
		}
		if asked(d) && n.Value != "" && !n.Irrelevant {
			list = append(list, step{Path: s.Path(n), Value: n.Value})
		}
		for _, c := range n.Children {
			visit(c)
		}
	}
	visit(s.Document().Children[0])
	return list
}

// partly leaves out about a third of the answers.
func partly(all []step, number int) []step {
	var some []step
	for i, st := range all {
		if st.Add > 0 || (i+number)%3 != 0 {
			some = append(some, st)
		}
	}
	return some
}

// asked tells whether a person answers a node by hand. Files are left out.
func asked(d *xform.Definition) bool {
	return d.Leaf && d.Control != nil && d.Control.Tag != "upload" && d.Calculate == "" && d.ReadOnly == ""
}

// replay fills a new document by the steps, and returns those that a person
// could take: a question may have gone with an answer that was left out, or a
// choice no longer be offered.
func replay(t *testing.T, form *xform.Form, list []step) (*xform.Session, []step) {
	t.Helper()
	s, err := form.NewSession(xform.SessionOptions{Properties: map[string]string{
		"deviceid": "device", "username": "user", "email": "mail", "phonenumber": "000",
	}})
	if err != nil {
		t.Fatal(err)
	}
	var taken []step
	for _, st := range list {
		nodes := s.Find(st.Path)
		if len(nodes) == 0 || nodes[0].Irrelevant {
			continue
		}
		if st.Add > 0 {
			if _, err := s.AddRepeat(nodes[0].Parent, form.Nodes[nodes[0].Slot]); err != nil {
				t.Fatal(err)
			}
			taken = append(taken, st)
			continue
		}
		if len(nodes) != 1 {
			t.Fatalf("%d nodes at %s", len(nodes), st.Path)
		}
		if !offered(s, nodes[0], st.Value) {
			continue
		}
		if err := s.Set(nodes[0], st.Value); err != nil {
			t.Fatal(err)
		}
		taken = append(taken, st)
	}
	return s, taken
}

// offered tells whether all choices of an answer are there to be taken.
func offered(s *xform.Session, n *xpath.Node, value string) bool {
	tag := s.Form().Nodes[n.Slot].Control.Tag
	if tag != "select1" && tag != "select" && tag != "odk:rank" {
		return true
	}
	var values []string
	for _, c := range s.Choices(n) {
		values = append(values, c.Value)
	}
	for _, v := range strings.Fields(value) {
		if !slices.Contains(values, v) {
			return false
		}
	}
	return true
}

// compare fills a document on both sides and returns how many steps were taken.
func compare(t *testing.T, e *engine, form *xform.Form, list []step, number int) int {
	t.Helper()
	s, list := replay(t, form, list)
	got, err := e.fill(request{XForm: string(form.Bytes), Steps: list})
	if err != nil {
		t.Fatal(err)
	}
	if got.Error != "" {
		t.Fatalf("document %d: the engine: %s", number, got.Error)
	}
	for _, r := range got.Refused {
		t.Errorf("document %d: the engine refuses %s: %s", number, r.Path, r.Why)
	}
	theirs := map[string]int{}
	for i, n := range got.Nodes {
		theirs[n.Path] = i
	}
	leaves := 0
	for _, ours := range s.Snapshot() {
		path := strings.ReplaceAll(ours.Path, "[1]", "")
		i, ok := theirs[path]
		if !ok {
			t.Errorf("document %d: the engine has no %s", number, path)
			continue
		}
		n := got.Nodes[i]
		delete(theirs, path)
		node := s.Find(ours.Path)[0]
		if ours.Relevant != n.Relevant {
			t.Errorf("document %d: %s: relevant is %v here, %v there", number, path, ours.Relevant, n.Relevant)
		}
		if ours.Group || n.Value == nil {
			continue
		}
		leaves++
		if ours.Relevant && ours.Required != n.Required {
			t.Errorf("document %d: %s: required is %v here, %v there", number, path, ours.Required, n.Required)
		}
		if ours.Relevant && !passing(form, ours.Path) && !alike(form.Nodes[node.Slot].Type, ours.Value, *n.Value) {
			t.Errorf("document %d: %s: the value is %q here, %q there", number, path, ours.Value, *n.Value)
		}
		if n.Choices != nil && ours.Relevant {
			var offered []string
			for _, c := range s.Choices(node) {
				offered = append(offered, c.Value)
			}
			if set := form.Nodes[node.Slot].Control.Itemset; set != nil && strings.HasPrefix(set.Nodeset, "randomize(") && !strings.Contains(set.Nodeset, ",") {
				slices.Sort(offered)
				slices.Sort(n.Choices)
			}
			if !slices.Equal(offered, n.Choices) {
				t.Errorf("document %d: %s: choices are %v here, %v there", number, path, offered, n.Choices)
			}
		}
	}
	for path := range theirs {
		t.Errorf("document %d: we have no %s", number, path)
	}
	if ours := broken(s); !slices.Equal(ours, slices.Sorted(slices.Values(got.Violations))) {
		t.Errorf("document %d: rules are broken at %v here, %v there", number, ours, got.Violations)
	}
	if leaves == 0 {
		t.Error("no values were compared")
	}
	ours, err := flat(s.XML())
	if err != nil {
		t.Fatal(err)
	}
	other, err := flat([]byte(got.XML))
	if err != nil {
		t.Fatal(err)
	}
	for i := range max(len(ours), len(other)) {
		a, b := at(ours, i), at(other, i)
		if a.path != b.path || !passing(form, a.path) && !alike(typeOf(form, a.path), a.value, b.value) {
			t.Errorf("document %d: element %d of the document is %v here, %v there", number, i, a, b)
			break
		}
	}
	return len(list)
}

// broken lists where a document breaks a rule that the engine has too.
func broken(s *xform.Session) []string {
	var paths []string
	for _, p := range s.Validate() {
		if p.Kind == xform.Required || p.Kind == xform.Constraint {
			paths = append(paths, strings.ReplaceAll(p.Path, "[1]", ""))
		}
	}
	slices.Sort(paths)
	return paths
}
