package xpath

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sharedData is where the real forms are, beside the project.
const sharedData = "../../../shared/data"

func sharedFiles(t *testing.T, patterns ...string) []string {
	t.Helper()
	var files []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(sharedData, p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatalf("no real forms in %s", sharedData)
		}
		t.Skipf("no real forms in %s", sharedData)
	}
	return files
}

// survives parses an expression, prints it and parses it again.
func survives(t *testing.T, file, src string) *Expr {
	t.Helper()
	e, err := Parse(src)
	if err != nil {
		t.Errorf("%s: %s: %v", file, src, err)
		return nil
	}
	again, err := Parse(e.String())
	if err != nil || !sameTree(e.Root, again.Root) {
		t.Errorf("%s: %s does not survive printing: %v", file, src, err)
	}
	return e
}

func TestExpressionsOfRealXLSForms(t *testing.T) {
	columns := map[string]bool{"relevant": true, "relevance": true, "constraint": true, "calculation": true, "choice_filter": true, "repeat_count": true}
	count := 0
	for _, file := range sharedFiles(t, "xlsforms/*.xlsx", "htcds/*.xlsx") {
		book, err := excelize.OpenFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("survey")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			for i, cell := range row {
				if cell = strings.TrimSpace(cell); cell != "" && columns[strings.TrimSpace(rows[0][i])] {
					survives(t, filepath.Base(file), cell)
					count++
				}
			}
		}
	}
	if count < 5 {
		t.Errorf("only %d expressions were found", count)
	}
}

func TestExpressionsOfARealXForm(t *testing.T) {
	count := 0
	for _, file := range sharedFiles(t, "htcds/*.xml") {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(f)
		for {
			token, err := d.RawToken()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range start.Attr {
				switch a.Name.Local {
				case "relevant", "constraint", "calculate", "nodeset", "required", "readonly":
					if e := survives(t, filepath.Base(file), a.Value); e != nil {
						if _, err := e.Compile(Options{}); err != nil {
							t.Errorf("%s: %v", a.Value, err)
						}
						count++
					}
				}
			}
		}
		f.Close()
	}
	if count < 50 {
		t.Errorf("only %d expressions were found", count)
	}
}
