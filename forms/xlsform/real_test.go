package xlsform

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/forms/xlsform/workbook"
)

// compiledReal compiles a real form twice and holds the two to the same bytes.
func compiledReal(t *testing.T, parts ...string) *Result {
	t.Helper()
	data := sharedForm(t, parts...)
	var first *Result
	for range 2 {
		book, err := workbook.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		file := parts[len(parts)-1]
		book.Stem = strings.TrimSuffix(file, filepath.Ext(file))
		result, err := Compile(book, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first.XForm, result.XForm) {
			t.Fatal("the same workbook gave two different documents")
		}
		first = result
	}
	return first
}

// Counts of pyxform 4.5.0 on the same workbooks.
func TestRealForms(t *testing.T) {
	for _, test := range []struct {
		file                                                  string
		binds, controls, groups, repeats, instances, itextIDs int
	}{
		{"all-question-types-v2024091201-3.xlsx", 85, 86, 11, 0, 8, 13},
		{"socio-economic-survey-v20240515.xlsx", 18, 17, 5, 1, 31, 257},
	} {
		t.Run(test.file, func(t *testing.T) {
			root := parse(t, compiledReal(t, "xlsforms", test.file).XForm)
			controls := 0
			for _, tag := range []string{"input", "select1", "select", "rank", "upload", "trigger", "range"} {
				controls += len(root.all(tag))
			}
			ids := map[string]bool{}
			for _, text := range root.all("text") {
				ids[text.attrs["id"]] = true
			}
			got := []int{len(root.all("bind")), controls, len(root.all("group")), len(root.all("repeat")), len(root.all("instance")), len(ids)}
			want := []int{test.binds, test.controls, test.groups, test.repeats, test.instances, test.itextIDs}
			if !slices.Equal(got, want) {
				t.Errorf("binds, controls, groups, repeats, instances, texts: got %v, want %v", got, want)
			}
			checkReferences(t, root)
		})
	}
}

// checkReferences holds every bind and control to a node of the answers, and
// every use of the itext to a text in every language.
func checkReferences(t *testing.T, root *read) {
	t.Helper()
	nodes := map[string]bool{}
	var walk func(e *read, path string)
	walk = func(e *read, path string) {
		path += "/" + e.name
		nodes[path] = true
		for a := range e.attrs {
			nodes[path+"/@"+a] = true
		}
		for _, k := range e.kids {
			walk(k, path)
		}
	}
	walk(root.first("instance").kids[0], "")
	texts := map[string]int{}
	for _, text := range root.all("text") {
		texts[text.attrs["id"]]++
	}
	languages := len(root.all("translation"))
	var check func(e *read)
	check = func(e *read) {
		for _, key := range []string{"nodeset", "ref"} {
			if path := e.attrs[key]; strings.HasPrefix(path, "/") && !nodes[path] {
				t.Errorf("%s refers to %s, which is no node", e.name, path)
			}
		}
		for _, value := range e.attrs {
			if id, ok := strings.CutPrefix(value, "jr:itext('"); ok {
				if n := texts[strings.TrimSuffix(id, "')")]; n != languages {
					t.Errorf("%s is in %d of %d languages", value, n, languages)
				}
			}
		}
		for _, k := range e.kids {
			check(k)
		}
	}
	check(root)
}

// What IOM published and what we make of the workbook that it came from differ
// in one thing: the compiler of the time wrote choices into the questions, and
// ours writes each list once, for the questions to look up.
func TestPublishedForm(t *testing.T) {
	ours := parse(t, compiledReal(t, "htcds", "htcds_xlsform.xlsx").XForm)
	theirs := parse(t, sharedForm(t, "htcds", "htcds_xlsform.xml"))
	lists := map[string][]string{}
	for _, instance := range ours.all("instance")[1:] {
		for _, item := range instance.all("item") {
			lists[instance.attrs["id"]] = append(lists[instance.attrs["id"]], item.first("name").text+"="+item.first("label").text)
		}
	}
	// describe renders what a form asks, one line a node, bind or question.
	describe := func(root *read) []string {
		var lines []string
		var answers func(e *read, path string)
		answers = func(e *read, path string) {
			path += "/" + e.name
			lines = append(lines, path+" "+strings.TrimSpace(e.text)+fmt.Sprint(sorted(e.attrs)))
			for _, k := range e.kids {
				answers(k, path)
			}
		}
		answers(root.first("instance").kids[0], "")
		for _, bind := range root.all("bind") {
			lines = append(lines, fmt.Sprint("bind ", sorted(bind.attrs)))
		}
		for _, question := range root.first("body").kids {
			line := fmt.Sprint(question.name, sorted(question.attrs), " ")
			for _, k := range question.kids {
				switch k.name {
				case "label", "hint":
					line += k.name + ": " + k.text + " "
				case "itemset":
					id, _, _ := strings.Cut(strings.TrimPrefix(k.attrs["nodeset"], "instance('"), "'")
					line += strings.Join(lists[id], "; ")
				case "item":
					line += k.first("value").text + "=" + k.first("label").text + "; "
				}
			}
			lines = append(lines, strings.TrimSuffix(line, "; "))
		}
		return lines
	}
	a, b := describe(theirs), describe(ours)
	if len(a) < 100 {
		t.Fatalf("the published form has only %d things to compare", len(a))
	}
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || strings.Join(strings.Fields(a[i]), " ") != strings.Join(strings.Fields(b[i]), " ") {
			t.Fatalf("published: %s\nours:      %s", at(a, i), at(b, i))
		}
	}
	if theirs.first("title").text != ours.first("title").text {
		t.Errorf("titles differ: %q, %q", theirs.first("title").text, ours.first("title").text)
	}
}

func sorted(attrs map[string]string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(attrs)) {
		out = append(out, key+"="+attrs[key])
	}
	return out
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "nothing"
}
