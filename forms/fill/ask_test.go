package fill

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waymark/forms/xform"
)

func ask(t *testing.T, lines ...string) (*xform.Session, string, error) {
	t.Helper()
	var out strings.Builder
	s, err := Ask(parsed(t), xform.SessionOptions{Now: func() time.Time { return start }}, strings.NewReader(strings.Join(lines, "\n")), &out)
	return s, out.String(), err
}

func TestAsk(t *testing.T) {
	s, out, err := ask(t, "3", "1", "17", "?", "30", "Harbour", "Ana", "5", "y", "Ben", "", "n")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for path, want := range map[string]string{
		"/data/agree": "yes", "/data/age": "30", "/data/group/town": "Harbour", "/data/adults": "1",
		"/data/child[1]/name": "Ana", "/data/child[1]/age": "5", "/data/child[2]/name": "Ben", "/data/child[2]/age": "",
	} {
		if got := value(t, s, path); got != want {
			t.Errorf("%s is %q, not %q", path, got, want)
		}
	}
	for _, want := range []string{
		"Do you agree? *", " 1) Yes", `There is no choice "3"`, "Adults only", "must hold: . >= 18", "== Place ==", "== Child 2 ==",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q was not shown:\n%s", want, out)
		}
	}
}

// A refusal ends the interview: nothing else is asked.
func TestAskOnlyWhatIsRelevant(t *testing.T) {
	s, out, err := ask(t, "2")
	if err != nil || strings.Contains(out, "Your age") {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(s.XML()), "<age") {
		t.Errorf("the document has what was not asked: %s", s.XML())
	}
}

func TestAskBack(t *testing.T) {
	s, out, err := ask(t, "1", "30", "<", "31", "<", "<", "<", "2")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := value(t, s, "/data/agree"); got != "no" {
		t.Errorf("after going back the answer is %q\n%s", got, out)
	}
}

func TestAskStopped(t *testing.T) {
	for _, lines := range [][]string{{"1", "!"}, {"1"}} {
		if _, _, err := ask(t, lines...); !errors.Is(err, ErrStopped) {
			t.Errorf("%q: %v", lines, err)
		}
	}
}
