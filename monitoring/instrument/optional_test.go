package instrument

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOptionalQuestions: a file may lack them without a remark, and nothing in
// the analysis may rely on them.
func TestOptionalQuestions(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	b := mustBind(t, in, "age", "sex")
	if slices.Contains(b.Missing, "transit_any") || !slices.Contains(b.Missing, "cost") {
		t.Errorf("missing: %v", b.Missing)
	}
	if b := mustBind(t, in, "age", "transit_any"); len(b.Columns["transit_any"]) != 1 {
		t.Error("an optional question is not read where it is there")
	}

	dir := copyBuiltin(t, "fms-2016")
	path := filepath.Join(dir, definition)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "optional: [eligible,", "optional: [age, eligble,", 1)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Load(dir)
	for _, says := range []string{`the question "age" is optional, but it is used: role age`, "did you mean eligible?"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
