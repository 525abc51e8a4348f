package xpath

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// bigList is a synthetic list of n villages in districts.
func bigList(n int) *Node {
	root := &Node{Name: "root"}
	for i := range n {
		item := &Node{Name: "item", Parent: root}
		for _, cell := range [][2]string{{"name", fmt.Sprintf("v%d", i)}, {"label", fmt.Sprintf("Village %d", i)}, {"district", fmt.Sprintf("d%d", i/20)}, {"code", fmt.Sprint(i)}} {
			item.Children = append(item.Children, &Node{Name: cell[0], Value: cell[1], Parent: item})
		}
		root.Children = append(root.Children, item)
	}
	return root
}

// The index and reading through must find the same; the list is read through
// where the same condition is written so that no index fits.
func TestIndexAgreesWithReadingThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "1", "1.0", "01", "2", "x y", " 1"}), indexFrom, 3*indexFrom).Draw(t, "column")
		root := &Node{Name: "root"}
		for i, v := range values {
			item := &Node{Name: rapid.SampledFrom([]string{"item", "item", "item", "other"}).Draw(t, "name"), Parent: root}
			item.Children = []*Node{{Name: "k", Value: v, Parent: item}, {Name: "i", Value: fmt.Sprint(i % 7), Parent: item}}
			item.Attrs = []*Node{{Kind: Attribute, Name: "k", Value: v, Parent: item}}
			root.Children = append(root.Children, item)
		}
		needle := rapid.SampledFrom([]string{"'a'", "'1'", "1", "''", "2", "0.5", "0 div 0", "true()", "current()/../q", "/d/q", "/d/n", "concat('', /d/q)"}).Draw(t, "needle")
		column := rapid.SampledFrom([]string{"k", "./k", "@k"}).Draw(t, "side")
		rest := rapid.SampledFrom([]string{"", " and i > 2", " and i = 3", " and i"}).Draw(t, "rest")
		more := rapid.SampledFrom([]string{"", "[2]", "[i > 1][1]", "/i"}).Draw(t, "more")

		q := &Node{Name: "q", Value: rapid.SampledFrom(values).Draw(t, "answer")}
		n := &Node{Name: "n", Value: "1", Type: "int"}
		here := &Node{Name: "here"}
		d := &Node{Name: "d", Children: []*Node{q, n, here}}
		main := &Node{Kind: Document, Children: []*Node{d}}
		d.Parent, q.Parent, n.Parent, here.Parent = main, d, d, d

		c := &Context{Main: main, Node: here, Instance: func(string) *Node { return root }}
		indexed := compiled2(t, fmt.Sprintf("instance('l')/root/item[%s = %s%s]%s", column, needle, rest, more))
		through := compiled2(t, fmt.Sprintf("instance('l')/root/item[(%s = %s%s) or false()]%s", column, needle, rest, more))
		if indexed.code.path.steps[1].look == nil || through.code.path.steps[1].look != nil {
			t.Fatal("the wrong one has an index")
		}
		a, b := indexed.Nodes(c), through.Nodes(c)
		if c.Err != nil || len(a) != len(b) {
			t.Fatalf("%d and %d nodes, %v", len(a), len(b), c.Err)
		}
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("node %d differs", i)
			}
		}
	})
}

func compiled2(t *rapid.T, src string) *Program {
	e, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Compile(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestIndexIsSafeForManyGoroutines(t *testing.T) {
	root := bigList(2000)
	p := compiled(t, "instance('v')/root/item[name = current()/../q]/label")
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			doc := readTree(t, fmt.Sprintf("<d><q>v%d</q><here/></d>", g))
			c := &Context{Main: doc, Node: doc.Children[0].Children[1], Instance: func(string) *Node { return root }}
			for range 50 {
				if got, want := p.Text(c), fmt.Sprintf("Village %d", g); got != want || c.Err != nil {
					t.Errorf("got %q, want %q, %v", got, want, c.Err)
				}
			}
		}()
	}
	wg.Wait()
}

// A list that is dropped takes its index with it.
func TestIndexDoesNotKeepTheList(t *testing.T) {
	p := compiled(t, "instance('v')/root/item[name = 'v7']/label")
	gone := make(chan struct{})
	func() {
		root := bigList(100)
		runtime.AddCleanup(root, func(c chan struct{}) { close(c) }, gone)
		c := &Context{Node: &Node{}, Instance: func(string) *Node { return root }}
		if got := p.Text(c); got != "Village 7" {
			t.Errorf("got %q", got)
		}
	}()
	for range 10 {
		runtime.GC()
		select {
		case <-gone:
			return
		default:
			runtime.Gosched()
		}
	}
	<-gone // a hang here is the failure; the test's time limit tells
}

func TestRootOfAnInstanceMayHaveAnyName(t *testing.T) {
	c := world(t, "<d/>", "d", map[string]string{"x": "<places><item><a>1</a></item></places>"})
	check(t, c, []row{{"instance('x')/root/item/a", 1}, {"instance('x')//a", 1}, {"count(instance('x')/root)", 1}, {"instance('none')/root", fails{}}})
}

func TestCascade(t *testing.T) {
	root := bigList(200)
	c := &Context{Node: &Node{Name: "q", Value: "d3"}, Instance: func(string) *Node { return root }}
	p := compiled(t, "instance('v')/root/item[district = current() and not(contains(name, '7'))]")
	var names []string
	for _, n := range p.Nodes(c) {
		names = append(names, n.Child("name").Value)
	}
	if got := strings.Join(names, " "); got != strings.Join(namesWithout7(60, 80), " ") {
		t.Errorf("got %s", got)
	}
}

func namesWithout7(from, to int) (names []string) {
	for i := from; i < to; i++ {
		if name := fmt.Sprintf("v%d", i); !strings.Contains(name, "7") {
			names = append(names, name)
		}
	}
	return names
}
