package workbook

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// shared returns a file of the shared data, which lie beside the project.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is absent: %v", name, err)
		}
		t.Skipf("%s lies outside the project and is absent", name)
	}
	return path
}

func TestColumnName(t *testing.T) {
	for column, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := ColumnName(column); got != want {
			t.Errorf("column %d is %s, not %s", column, got, want)
		}
	}
}

// dump renders a workbook for comparisons.
func dump(w *Workbook) string {
	out := fmt.Sprintf("%q\n", w.Names)
	for _, s := range w.Sheets {
		out += fmt.Sprintf("%s %q %q\n", s.Name, s.Title, s.Header)
		for _, r := range s.Rows {
			out += fmt.Sprintf("%d", r.Number)
			for _, c := range r.Cells {
				out += fmt.Sprintf(" %s=%q", ColumnName(c.Column), c.Text)
			}
			out += "\n"
		}
	}
	return out
}
