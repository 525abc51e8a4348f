package fill

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

func table(t *testing.T, csv string) (*Answers, error) {
	t.Helper()
	return ReadAnswers(parsed(t), []byte(csv))
}

func TestAnswers(t *testing.T) {
	a, err := table(t, "KEY,agree,/data/age,group-town,child[1]/name,child[2]/name,child[2]/age\n"+
		"uuid:1,Oui,44,\"Port, old\",Ana,Ben,4\nuuid:2,no,,,,,\n")
	if err != nil {
		t.Fatal(err)
	}
	if a.Len() != 2 {
		t.Fatalf("%d rows", a.Len())
	}
	opt := xform.SessionOptions{Now: func() time.Time { return start }, Language: "French (fr)"}
	s, err := a.Document(0, opt)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/data/agree": "yes", "/data/age": "44", "/data/group/town": "Port, old", "/data/child[1]/name": "Ana", "/data/child[2]/age": "4",
	} {
		if got := value(t, s, path); got != want {
			t.Errorf("%s is %q, not %q", path, got, want)
		}
	}
	if s, err = a.Document(1, opt); err != nil || strings.Contains(string(s.XML()), "<age") {
		t.Errorf("%v: %s", err, s.XML())
	}
}

func TestAnswersFaults(t *testing.T) {
	_, err := table(t, "agreed,age,town,group/town\nyes,1,x,y\n")
	expect(t, err, `row 1, column 1, "agreed"`, `did you mean "agree"`, `row 1, column 2, "age"`, "2 questions have this name", "column 3 is for the same question")
	if _, err = table(t, ""); err == nil {
		t.Error("an empty table is read")
	}
	if _, err = table(t, "agree\n\"yes"); err == nil {
		t.Error("an open quote is read")
	}
}

// Every fault of a row is told, with its place, and without the answer.
func TestDocumentFaults(t *testing.T) {
	a, err := table(t, "agree,/data/age,town,child[1]/name,child[1]/age\nyes,12,Harbour,,secret\nno,30,,,\n")
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Document(0, xform.SessionOptions{})
	expect(t, err, `row 2, column 2, "/data/age": Adults only`, `"/data/child[1]/name"`, `row 2, column 5, "child[1]/age"`)
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("an answer is in the fault: %v", err)
	}
	_, err = a.Document(1, xform.SessionOptions{})
	expect(t, err, `row 3, column 2, "/data/age"`, "not asked in this document")
}

func expect(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no fault")
	}
	var list *fault.List
	if !errors.As(err, &list) {
		t.Errorf("no list of faults: %T", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%q is not in:\n%v", p, err)
		}
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte("agree,child[2]/name\nyes,Ana\n"))
	f.Add([]byte("child[999999999999999999999]/name\nx\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ReadAnswers(parsed(t), data)
		if err != nil {
			return
		}
		for i := range min(3, a.Len()) {
			_, _ = a.Document(i, xform.SessionOptions{})
		}
	})
}
